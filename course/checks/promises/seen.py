"""What of a call can only be seen in the process of the student's code: its traces, its operations, many draws.

These functions run there, through `checks.on_student_side`. A student who attacks can deceive them, as anything that
runs beside the student's code; what decides over numbers is compared on the other side.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

MOST_ITEMS = 10_000
_ANY_STATE = 20_011  # a seed that no student's code sets
LIBRARIES = ("numpy", "scipy", "torch", "torchvision", "sklearn")
# What else counts as the operation of that name; a name that is not here stands for itself.
FAMILIES = {
    "autograd": ("backward", "grad"),
    "batch_norm": ("native_batch_norm", "cudnn_batch_norm", "instance_norm", "group_norm", "layer_norm"),
    "cholesky": ("cholesky_ex",),
    "conv": (
        *("convolution", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
        *("convolve", "correlate", "convolve2d", "correlate2d", "fftconvolve", "mkldnn_convolution"),
    ),
    "cross_entropy": ("log_softmax", "softmax", "nll_loss", "logsumexp", "nll_loss_forward"),
    "det": ("slogdet", "logdet"),
    "eig": ("eigh", "eigvals", "eigvalsh", "eig_banded", "lobpcg"),
    "inv": ("inverse", "pinv", "solve", "lstsq", "inv_ex", "solve_ex", "pinverse", "tensorinv", "tensorsolve"),
    "lstsq": ("pinv", "solve", "inv", "inverse", "lstsq"),
    "lu": ("lu_factor", "lu_factor_ex", "lu_unpack", "lu_solve", "lu_with_info"),
    "matrix_power": (),
    "norm": ("vector_norm", "matrix_norm", "renorm", "normalize", "cdist", "pdist", "dist"),
    "pooling": (
        *("max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d"),
        *("max_pool2d_with_indices", "max_pool1d_with_indices", "lp_pool2d"),
    ),
    "percentile": ("nanpercentile", "scoreatpercentile"),
    "qr": ("geqrf", "orgqr", "householder_product", "svd", "orth"),
    "quantile": ("nanquantile",),
    "softmax": ("log_softmax", "softmin", "logsumexp", "cross_entropy"),
    "solve": (
        "solve_ex",
        "inv",
        "inverse",
        "inv_ex",
        "pinv",
        "lstsq",
        "solve_triangular",
        "lu_solve",
        "cholesky_solve",
    ),
    "svd": ("svdvals", "svd_lowrank", "pca_lowrank", "eigh"),
}


def finished(result: Any) -> Any:
    """What a generator gives out, as a list; anything else as it is."""
    return list(islice(result, MOST_ITEMS)) if hasattr(result, "__next__") else result


def many(function: Callable[..., Any], arguments: tuple[Any, ...], count: int) -> list[Any]:
    """The results of so many calls."""
    return [finished(function(*arguments)) for _ in range(count)]


def traces(function: Callable[..., Any], arguments: tuple[Any, ...], may_draw: bool) -> list[str]:
    """In words, what is not after a call as it was before, from two states that differ in all that can."""
    found: dict[str, None] = {}
    modules = [module for value in (function, *arguments) for module in _modules(value)]
    generators = _generators()
    default = torch.get_default_dtype()
    try:
        for grad, dtype in ((True, torch.float32), (False, torch.float64)):
            with torch.set_grad_enabled(grad):
                _seed(_ANY_STATE)
                torch.set_default_dtype(dtype)
                before = {**_state(modules), **({} if may_draw else _generators())}
                finished(function(*arguments))
                after = {**_state(modules), **_generators()}
                found |= {name: None for name in before if before[name] != after[name]}
    finally:  # a call that raises leaves no trace of this trial either
        torch.set_default_dtype(default)
        _set_generators(generators)
    return list(found)


def seeds(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[list[str], list[Any]]:
    """The global generators that a call seeds itself, with a number or from the clock; and what the calls gave."""
    before = _generators()
    results: list[Any] = []

    def end(start: int) -> tuple[dict[str, Any], dict[str, Any], bool]:
        _seed(start)
        began = _streams()
        results.append(finished(function(*arguments)))
        return _generators(), _streams(), _streams() != began

    try:
        (first, one, is_other), (second, _, _) = end(11), end(12)
        found = [name for name in before if first[name] == second[name]]  # the same, wherever it stood
        if is_other:  # seeded, or drawn from much: three times from one start, since code with a memory may draw more
            streams = [one, end(11)[1], end(11)[1]]
            found += [name for name in before if len({stream[name] for stream in streams}) == 3]
    finally:
        _set_generators(before)
    return found, results


def operations(function: Callable[..., Any], arguments: tuple[Any, ...], unwanted: tuple[str, ...]) -> list[str]:
    """Which of the unwanted library operations the call uses, whatever spelling leads to them."""
    wanted = {name: word for word in unwanted for name in (_plain(word), *map(_plain, FAMILIES.get(word, ())))}
    found: dict[str, None] = {}

    def note(name: str) -> None:
        if (plain := _plain(name)) in wanted:
            found[plain] = None

    before = sys.getprofile()
    sys.setprofile(
        lambda frame, event, _: note(frame.f_code.co_name) if event == "call" and _of_library(frame) else None
    )
    try:
        with _Functions(note), _Dispatched(note):
            finished(function(*arguments))
    finally:
        sys.setprofile(before)
    return list(found)


class _Functions(TorchFunctionMode):
    """Sees torch's functions by the names under which they are called."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._note(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))


class _Dispatched(TorchDispatchMode):
    """Sees the operations at the dispatcher, where F.conv2d and nn.Conv2d are the same."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing here is ever compiled, and to say so torch would import its compiler, which takes seconds."""
        return False

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._note(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


def _plain(name: str) -> str:
    """A name without the dressing of torch's internal ones: `_linalg_det` is det."""
    name = name.strip("_").removeprefix("aten::").removeprefix("linalg_").removeprefix("linalg.")
    return name.removesuffix("_ex").removesuffix("_forward").strip("_")


def _of_library(frame: FrameType) -> bool:
    module = frame.f_globals.get("__name__")
    return type(module) is str and module.partition(".")[0] in LIBRARIES and module != "torch.overrides"


def _modules(value: Any) -> Iterator[torch.nn.Module]:
    owner = getattr(value, "__self__", value)
    if isinstance(owner, torch.nn.Module):
        yield from owner.modules()


def _state(modules: list[torch.nn.Module]) -> dict[str, Any]:
    return {
        "gradient mode": torch.is_grad_enabled(),
        "the default dtype": torch.get_default_dtype(),
        "training mode": [module.training for module in modules],
    }


def _generators() -> dict[str, Any]:
    """The states of the global generators, in a form that can be compared."""
    kind, keys, *rest = np.random.get_state(legacy=True)
    return {
        "torch's generator": torch.get_rng_state().numpy().tobytes(),
        "numpy's generator": (kind, np.asarray(keys).tobytes(), *rest),
        "Python's random": random.getstate(),
    }


def _streams() -> dict[str, Any]:
    """What drawing a few numbers leaves as it is in each generator, and seeding does not."""
    _, keys, *_ = np.random.get_state(legacy=True)
    return {
        "torch's generator": torch.initial_seed(),
        "numpy's generator": np.asarray(keys).tobytes(),
        "Python's random": random.getstate()[1][:-1],
    }


def _set_generators(states: dict[str, Any]) -> None:
    torch.set_rng_state(torch.frombuffer(bytearray(states["torch's generator"]), dtype=torch.uint8))
    kind, keys, *rest = states["numpy's generator"]
    np.random.set_state((kind, np.frombuffer(keys, dtype=np.uint32), *rest))
    random.setstate(states["Python's random"])


def _seed(number: int) -> None:
    torch.default_generator.manual_seed(number)  # not torch.manual_seed: it keeps a stack for each GPU that may come
    np.random.seed(number)
    random.seed(number)
