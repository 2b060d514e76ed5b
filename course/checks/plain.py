"""The raw numbers inside a value, read without running any method that the value's own class defines.

It protects comparisons from subclasses that lie (`__eq__`, `__float__`, `__torch_function__`, `__array__`, `__class__`): the
class is looked up in the real method resolution order, and the data is read by the base class's own functions, bound here
at import. It does not protect a process that shares an interpreter with hostile code: only the grading engine does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[Any]]
PYTHON = "python"
MAX_DEPTH = 16

_detach = torch._C.TensorBase.detach
_as_subclass = torch._C.TensorBase.as_subclass
_cpu = torch._C.TensorBase.cpu
_to = torch._C.TensorBase.to
_clone = torch._C.TensorBase.clone
_numpy = torch._C.TensorBase.numpy
_mro = type.__dict__["__mro__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_reduced = ("float16", "bfloat16", "float32")


class NotNumbers(Exception):
    """The value is not made of numbers; the text says what it is."""


@dataclass(frozen=True)
class Numbers:
    """Numbers copied out of a value: `dtype` names the type they had ("python" for Python's own), `device` where they lay."""

    array: Array
    dtype: str
    device: str = "cpu"

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    @property
    def is_bool(self) -> bool:
        return self.array.dtype.kind == "b"

    @property
    def is_float(self) -> bool:
        return self.array.dtype.kind in "fc"


def has_class(value: object, *classes: type) -> bool:
    """Whether one of the classes is a real base of the value's type, whatever its `__class__` claims."""
    return any(base in classes for base in _mro(type(value)))


def numbers(value: object, depth: int = 0) -> Numbers:
    """The numbers in a tensor, array, number, or (nested) list of these; raises NotNumbers for anything else."""
    if depth > MAX_DEPTH:
        raise NotNumbers("lists nested too deeply")
    if has_class(value, torch.Tensor):
        return _from_tensor(bare_tensor(value))
    if has_class(value, np.ndarray):
        return _from_array(np.ndarray.view(value, np.ndarray))  # type: ignore[arg-type]
    if has_class(value, np.generic):
        return _from_array(np.array(value))
    if type(value) is bool:
        return Numbers(np.array(value), PYTHON)
    if has_class(value, int, float, complex):
        return _from_number(value)
    if has_class(value, list, tuple):
        return _from_items(list(_items(value)), depth)
    if type(value) is range:
        return _from_items(list(value), depth)
    raise NotNumbers(kind(value))


def bare_tensor(value: object) -> torch.Tensor:
    """The tensor under any subclass, still in its autograd graph; raises NotNumbers for one that holds no data of its own."""
    lazy = [c for c in _mro(type(value))[:-3] if _overrides_dispatch(c)]
    if lazy:
        raise NotNumbers(f"a tensor of the special class {kind_name(value)}, which holds no data of its own")
    with torch._C.DisableTorchFunction():
        if type(value) in (torch.Tensor, torch.nn.Parameter):
            return value  # type: ignore[return-value]
        return _as_subclass(value, torch.Tensor)  # type: ignore[arg-type, no-any-return]


def kind(value: object) -> str:
    """A few words for what a value is: "None", "a str", "a tensor of dtype bool", "an object of type Dog"."""
    if value is None:
        return "None"
    if has_class(value, torch.Tensor):
        return f"a tensor of dtype {str(torch._C.TensorBase.dtype.__get__(value)).removeprefix('torch.')}"
    if has_class(value, np.ndarray):
        return f"a numpy array of dtype {np.ndarray.dtype.__get__(value)}"  # type: ignore[attr-defined]
    name = kind_name(value)
    if type(value).__module__ == "builtins":
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"an object of type {name}"


def kind_name(value: object) -> str:
    """The name of the value's class, or of the student's class when the value is a reference to the student's object."""
    try:
        name = object.__getattribute__(value, "student_type")
    except Exception:
        name = None
    if type(name) is str:
        return name
    return str(type.__dict__["__name__"].__get__(type(value)))


def _overrides_dispatch(cls: type) -> bool:
    return cls is not torch.nn.Parameter and "__torch_dispatch__" in _namespace(cls)


def _from_tensor(tensor: torch.Tensor) -> Numbers:
    name, device = str(tensor.dtype).removeprefix("torch."), tensor.device.type
    if device == "meta":
        raise NotNumbers("a tensor on the meta device, which holds no data")
    with torch._C.DisableTorchFunction(), torch.no_grad():
        data = _cpu(_detach(tensor))
        if data.is_quantized:
            data = data.dequantize()
        if data.layout != torch.strided:
            data = data.to_dense()
        wide = _wide(data.dtype)
        # An own copy: what the student still holds can no longer change it.
        return Numbers(_numpy(_clone(_to(data, wide)).resolve_conj().resolve_neg()), name, device)


def _wide(dtype: torch.dtype) -> torch.dtype:
    if dtype.is_complex:
        return torch.complex128
    if dtype.is_floating_point:
        return torch.float64
    return dtype if dtype in (torch.bool, torch.uint64) else torch.int64


def _from_array(array: Array) -> Numbers:
    wide = {"f": np.float64, "c": np.complex128, "i": np.int64, "u": np.uint64, "b": np.bool_}.get(array.dtype.kind)
    if wide is None:
        raise NotNumbers(f"a numpy array of dtype {array.dtype}")
    return Numbers(np.array(array, dtype=wide), str(array.dtype))


def _from_number(value: object) -> Numbers:
    if has_class(value, int):
        whole = int.__int__(value)  # type: ignore[arg-type]
        if not -(2**63) <= whole < 2**63:
            raise NotNumbers("an integer beyond 64 bits")
        return Numbers(np.array(whole, dtype=np.int64), PYTHON)
    if has_class(value, float):
        return Numbers(np.array(float.__float__(value), dtype=np.float64), PYTHON)  # type: ignore[arg-type]
    return Numbers(np.array(complex.__complex__(value)), PYTHON)  # type: ignore[arg-type]


def _items(value: object) -> Iterable[object]:
    base = list if has_class(value, list) else tuple
    return base.__iter__(value)  # type: ignore[arg-type]


def _from_items(items: list[object], depth: int) -> Numbers:
    if not items:
        return Numbers(np.zeros(0), PYTHON)
    if all(type(item) is float for item in items):
        return Numbers(np.array(items, dtype=np.float64), PYTHON)
    parts = [numbers(item, depth + 1) for item in items]
    if len({part.shape for part in parts}) > 1:
        raise NotNumbers(f"a list whose items have different shapes ({parts[0].shape}, ...)")
    if any(part.is_bool for part in parts) and not all(part.is_bool for part in parts):
        raise NotNumbers("a list that mixes bool and numbers")
    coarsest = next((name for name in _reduced if any(p.dtype == name for p in parts)), parts[0].dtype)
    device = next((p.device for p in parts if p.device != "cpu"), "cpu")
    return Numbers(np.stack([part.array for part in parts]), coarsest, device)


__all__ = ["NotNumbers", "Numbers", "bare_tensor", "has_class", "kind", "kind_name", "numbers"]
