"""The raw numbers inside a value, read without running any method that the value's own class defines.

It protects comparisons from subclasses that lie (`__eq__`, `__float__`, `__torch_function__`, `__array__`,
`__class__`): the class is looked up in the real method resolution order, and the data is read by functions of the base
class, bound here at import. It does not protect a process that shares an interpreter with hostile code: only the engine
does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[Any]]
PYTHON = "python"
MAX_DEPTH = 16
_OF_LIBRARIES = ("Integer", "Rational", "Half", "One", "Zero", "Float", "mpf")  # sympy's and mpmath's numbers

_detach = torch._C.TensorBase.detach
_as_subclass = torch._C.TensorBase.as_subclass
_cpu = torch._C.TensorBase.cpu
_to = torch._C.TensorBase.to
_clone = torch._C.TensorBase.clone
_numpy = torch._C.TensorBase.numpy
_mro = type.__dict__["__mro__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_class_name = type.__dict__["__name__"].__get__
_item = np.generic.item
_wide_in_numpy = {torch.float32: np.float64, torch.float64: np.float64, torch.int64: np.int64, torch.bool: np.bool_}
_coarsest_first = ("bfloat16", "float16", "float32", "complex64")


def _itself(value: Any) -> Any:
    return value


held: Callable[[Any], Any] = _itself  # the engine's examiner assigns another: what a container of the student's holds


class NotNumbers(Exception):
    """The value is not made of numbers; the text says what it is."""


@dataclass(frozen=True)
class Numbers:
    """Numbers copied out of a value, and the dtype ("python" for Python's own types) and device type they had there."""

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
    def is_complex(self) -> bool:
        return self.array.dtype.kind == "c"

    @property
    def is_float(self) -> bool:
        return self.array.dtype.kind in "fc"


def has_class(value: object, *classes: type) -> bool:
    """Whether one of the classes is a real base of the value's type, whatever its `__class__` claims."""
    bases = _mro(type(value))
    for known in classes:  # by identity: a class's own `__eq__` is not asked
        for base in bases:
            if base is known:
                return True
    return False


def numbers(value: Any, depth: int = 0) -> Numbers:
    """The numbers in a tensor, array, number, or (nested) list of these; raises NotNumbers for anything else."""
    if depth > MAX_DEPTH:
        raise NotNumbers("lists nested too deeply")
    value = held(value)
    if type(value) in (float, int, complex):  # what most values are, and the last that the rest would come to
        return _from_number(value)
    if has_class(value, torch.Tensor):
        return _from_tensor(bare_tensor(value))
    if has_class(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
        raise NotNumbers("a numpy array with masked numbers")
    if has_class(value, np.ndarray):
        return _from_array(np.ndarray.view(value, np.ndarray))
    if has_class(value, np.generic):
        return _from_array(np.array(_item(value), dtype=_numpy_dtype(value)))
    if type(value) is bool:
        return Numbers(np.array(value), PYTHON)
    if has_class(value, int, float, complex):
        return _from_number(value)
    if type(value) in (Fraction, Decimal) or kind_name(value) in _OF_LIBRARIES:
        return _from_exact(value)
    if has_class(value, list, tuple, range):
        return _from_items(items(value), depth)
    raise NotNumbers(kind(value))


def items(value: Any) -> list[Any]:
    """The items of a list, tuple or range, whatever its subclass would iterate over."""
    base: Any = next(base for base in (list, tuple, range) if has_class(value, base))
    return list(base.__iter__(value))


def bare_tensor(value: Any) -> torch.Tensor:
    """The tensor under any subclass, still in its autograd graph; raises NotNumbers for one without data of its own."""
    if any(_overrides_dispatch(cls) for cls in _mro(type(value))):
        raise NotNumbers(f"a tensor of the special class {kind_name(value)}, which holds no data of its own")
    if type(value) is torch.Tensor:
        return value
    with torch._C.DisableTorchFunction():
        return _as_subclass(value, torch.Tensor)


def kind(value: Any) -> str:
    """A few words for what a value is: "None", "a str", "a tensor of dtype bool", "an object of type Dog"."""
    if value is None:
        return "None"
    if has_class(value, torch.Tensor):
        dtype: Any = torch._C.TensorBase.dtype
        return f"a tensor of dtype {str(dtype.__get__(value)).removeprefix('torch.')}"
    if has_class(value, np.ndarray):
        return f"a numpy array of dtype {np.ndarray.view(value, np.ndarray).dtype}"
    name = kind_name(value)
    if type(value).__module__ == "builtins":
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"an object of type {name}"


def kind_name(value: Any) -> str:
    """The name of the value's class, or of the student's class when the value is a reference to a student's object."""
    try:
        name = object.__getattribute__(value, "student_type")
    except Exception:
        name = None
    return name if type(name) is str else str(_class_name(type(value)))


def _overrides_dispatch(cls: type) -> bool:
    found = _namespace(cls).get("__torch_dispatch__")
    return found is not None and found is not torch._C._disabled_torch_dispatch_impl


def _numpy_dtype(value: Any) -> np.dtype[Any]:
    dtype: Any = np.generic.dtype
    return dtype.__get__(value)


def _from_tensor(tensor: torch.Tensor) -> Numbers:
    name, device = str(tensor.dtype).removeprefix("torch."), tensor.device.type
    if device == "meta":
        raise NotNumbers("a tensor on the meta device, which holds no data")
    with torch._C.DisableTorchFunction():
        wide_type = _wide_in_numpy.get(tensor.dtype)
        if wide_type and device == "cpu" and tensor.layout is torch.strided and not tensor.is_neg():  # nearly all
            return Numbers(np.array(_numpy(_detach(tensor)), dtype=wide_type), name, device)
    with torch._C.DisableTorchFunction(), torch.no_grad():
        data = _cpu(_detach(tensor))
        if data.is_quantized:
            data = data.dequantize()
        if data.layout != torch.strided:
            data = data.to_dense()
        wide = _to(data.resolve_conj().resolve_neg(), _wide(data.dtype))
        # An own copy: what the student still holds can no longer change it.
        own = _clone(wide) if wide.data_ptr() == data.data_ptr() else wide
        return Numbers(_numpy(own), name, device)


def _wide(dtype: torch.dtype) -> torch.dtype:
    if dtype.is_complex:
        return torch.complex128
    if dtype.is_floating_point:
        return torch.float64
    return dtype if dtype in (torch.bool, getattr(torch, "uint64", None)) else torch.int64


def _from_array(array: Array) -> Numbers:
    wide = {"f": np.float64, "c": np.complex128, "i": np.int64, "u": np.uint64, "b": np.bool_}.get(array.dtype.kind)
    if wide is None:
        raise NotNumbers(f"a numpy array of dtype {array.dtype}")
    return Numbers(np.array(array, dtype=wide), str(array.dtype))


def _from_number(value: Any) -> Numbers:
    if has_class(value, float):
        return Numbers(np.array(float.__float__(value), dtype=np.float64), PYTHON)
    if has_class(value, complex):
        return Numbers(np.array(complex.__complex__(value), dtype=np.complex128), PYTHON)
    whole = int.__int__(value)
    if not -(2**63) <= whole < 2**63:
        raise NotNumbers("an integer beyond 64 bits")
    return Numbers(np.array(whole, dtype=np.int64), PYTHON)


def _from_exact(value: Any) -> Numbers:
    """A Fraction, a Decimal, or a number of sympy or mpmath; raises NotNumbers for one that only has such a name."""
    sympy: Any = sys.modules.get("sympy")
    mpmath: Any = sys.modules.get("mpmath")
    fractions = (sympy.Rational,) if sympy else ()
    others = (*((sympy.Float,) if sympy else ()), *((mpmath.mpf,) if mpmath else ()))
    if type(value) not in (Fraction, Decimal) and not has_class(value, *fractions, *others):
        raise NotNumbers(kind(value))
    if has_class(value, *fractions) and value.q == 1:
        return _from_number(int(value.p))
    try:
        return Numbers(np.array(float(value), dtype=np.float64), PYTHON)
    except (OverflowError, ValueError):
        raise NotNumbers(f"{kind(value)} beyond what a float holds") from None


def _from_items(parts: list[Any], depth: int) -> Numbers:
    kinds = set(map(type, parts))
    if kinds <= {float}:
        return Numbers(np.array(parts, dtype=np.float64), PYTHON)
    if kinds <= {int} and min(parts) >= -(2**63) and max(parts) < 2**63:
        return Numbers(np.array(parts, dtype=np.int64), PYTHON)
    inner = [numbers(part, depth + 1) for part in parts]
    if other := next((part for part in inner if part.shape != inner[0].shape), None):
        raise NotNumbers(f"a list whose items differ in shape ({inner[0].shape} and {other.shape})")
    if len({part.is_bool for part in inner}) > 1:
        raise NotNumbers("a list that mixes bool and numbers")
    names = {part.dtype for part in inner} - {PYTHON}
    dtype = next((name for name in _coarsest_first if name in names), min(names, default=PYTHON))
    device = next((part.device for part in inner if part.device != "cpu"), "cpu")
    return Numbers(np.stack([part.array for part in inner]), dtype, device)
