"""Networks that a test makes for their shapes: to fill millions of weights takes longer than all else it does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_LARGE = 10_000  # numbers of a tensor; smaller ones are drawn as ever
_DRAWS = ("normal_", "uniform_")  # how the names end of what fills a tensor: kaiming_uniform_, trunc_normal_, ...


@contextmanager
def unfilled(on: str = "cpu") -> Iterator[None]:
    """Leave large weights as their memory was, whoever makes them and however; ``on="meta"`` gives none any numbers.

    For use within a function of `checks.on_student_side`, and for the network that it is compared with.
    """
    if on == "meta":
        with torch.device(on), _Sparing(0):
            yield
    else:
        with _Sparing(_LARGE):
            yield


class _Sparing(TorchFunctionMode):
    """Hands back tensors of more numbers than `most` that are to be filled at random."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if func.__name__.endswith(_DRAWS):
            filled = args[0] if args else named.get("tensor")
            if isinstance(filled, torch.Tensor) and filled.numel() > self._most:
                return filled
        return func(*args, **named)
