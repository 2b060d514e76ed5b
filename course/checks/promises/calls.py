"""Calls of the student's code that a test cell names as examples, and what is done to their inputs and results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from course.checks.across import collect
from course.checks.compare import close
from course.checks.exact import equal
from course.checks.fault import CheckFailed
from course.checks.plain import NotNumbers, has_class, items, kind, kind_name, numbers

Change = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Example:
    """One call of the student's code: what is called with what, and what is known about it.

    Attributes:
        function: what is called, with the arguments in their order.
        arguments: the values by the names that the promises use; the student may name parameters otherwise.
        size: which of the sizes of `any-size` this is.
        of: which of the answer's functions it calls, where a promise names some.
        right: the right result, or a function of the test's own that finds it from the same arguments.
        leaves: tensors that the call reads besides its arguments, such as parameters.
    """

    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    size: str = ""
    of: str = ""
    right: Any = None
    leaves: Mapping[str, torch.Tensor] = field(default_factory=dict)

    def __call__(self) -> Any:
        """The result of the call; of a generator all that it gives out."""
        result = self.function(*self.arguments.values())
        return collect(result) if kind_name(result) == "generator" else result

    def having(self, **arguments: Any) -> Example:
        """The same call with other values for some arguments."""
        return replace(self, arguments={**self.arguments, **arguments})

    def mapped(self, change: Change) -> Example:
        """The same call with a change made to each float tensor in its arguments."""
        return self.having(**{name: mapped(value, change) for name, value in self.arguments.items()})

    def compare(self, got: Any, what: str = "") -> None:
        """Raise CheckFailed unless the result is the right one, where a right one is known."""
        if self.right is None:
            return
        known = self.right(*self.arguments.values()) if callable(self.right) else self.right
        alike(got, known, what=what)


def example(
    function: Callable[..., Any],
    arguments: Mapping[str, Any] | None = None,
    *,
    size: str = "",
    of: str = "",
    right: Any = None,
    leaves: Mapping[str, torch.Tensor] | None = None,
) -> Example:
    """One call of the student's code for `checks.promises` (see Example)."""
    return Example(function, dict(arguments or {}), size, of, right, dict(leaves or {}))


def mapped(value: Any, change: Change) -> Any:
    """The value with a change made to each float tensor in it."""
    if has_class(value, torch.Tensor):
        return change(value) if value.is_floating_point() else value
    if type(value) in (list, tuple):
        return type(value)(mapped(item, change) for item in value)
    if type(value) is dict:
        return {key: mapped(item, change) for key, item in value.items()}
    return value


def leaves(value: Any) -> Iterator[Any]:
    """The values in a result, containers left out."""
    if type(value) in (list, tuple) or has_class(value, tuple, list):
        for item in items(value):
            yield from leaves(item)
    elif type(value) is dict:
        for item in value.values():
            yield from leaves(item)
    else:
        yield value


def tensors(value: Any) -> list[torch.Tensor]:
    """The tensors in a result."""
    return [leaf for leaf in leaves(value) if has_class(leaf, torch.Tensor)]


def alike(got: Any, known: Any, *, what: str = "", rtol: float | None = None, atol: float | None = None) -> None:
    """Raise CheckFailed unless two results agree: numbers about, and anything else exactly."""
    nested = has_class(known, tuple, list) and has_class(got, tuple, list)
    if nested and any(not _is_scalar(item) for item in items(known)):
        mine, theirs = items(got), items(known)
        if len(mine) != len(theirs):
            raise CheckFailed(f"{what}: " * bool(what) + f"expected {len(theirs)} items, got {len(mine)}")
        for one, other in zip(mine, theirs, strict=True):
            alike(one, other, what=what, rtol=rtol, atol=atol)
        return
    try:
        exact = numbers(known).is_bool
    except NotNumbers:
        exact = True
    if exact:
        equal(got, known, what=what)
    else:
        close(got, known, what=what, rtol=rtol, atol=atol)


def _is_scalar(value: Any) -> bool:
    return type(value) in (int, float, bool)


def kept(value: Any) -> Any:
    """A copy of what an argument holds, to be compared with `changed`."""
    if has_class(value, torch.Tensor):
        return value.detach().clone()
    if has_class(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(kept(item) for item in value)
    if type(value) is dict:
        return {key: kept(item) for key, item in value.items()}
    if type(value) is set:
        return set(value)
    return value


def changed(value: Any, before: Any) -> bool:
    """Whether an argument no longer holds what it held."""
    if has_class(value, torch.Tensor):
        now = value.detach()
        same_form = now.shape == before.shape and now.dtype == before.dtype
        return not (same_form and torch.equal(torch.nan_to_num(now), torch.nan_to_num(before)))
    if has_class(value, np.ndarray):
        return not (value.dtype == before.dtype and np.array_equal(value, before))
    if type(value) in (list, tuple):
        pairs = zip(value, before, strict=False)
        return len(value) != len(before) or any(changed(now, then) for now, then in pairs)
    if type(value) is dict:
        return list(value) != list(before) or any(changed(value[key], before[key]) for key in before)
    if type(value) in (set, int, float, str, bool):
        return bool(value != before)
    return value is not before


def not_contiguous(tensor: torch.Tensor) -> torch.Tensor:
    """The same numbers in another order in memory."""
    if tensor.dim() > 1:
        return tensor.mT.contiguous().mT
    return torch.stack([tensor, tensor], -1)[..., 0] if tensor.dim() else tensor


def described(value: Any) -> str:
    """A few words for what a result is."""
    return kind(value)
