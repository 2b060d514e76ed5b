"""Students' objects that hold data: they live on the student's side, and a test judges what they hold.

A list of a class of the student's, a UserDict, a view of a dict, a pandas table: each is a reference that the test can
hand back, change and ask for methods of the student's own. Whatever judges it (a comparison, its truth, its items, a
method of its kind) is worked out here, on a container of Python's, numpy's or pandas' own that is made of the data that
the object held at that moment. So no code of the student's takes part, as if the data itself had been returned. A
method that changes it does so over there, and what it answers is worked out here as well.
"""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from course.grading.boundary.codec.contents import KINDS, PASSING, class_of, made
from course.grading.boundary.codec.gaps import without_gaps
from course.grading.boundary.ends.references import _CALCULATING, _COMPARING, _READABLE, Asker, Reference
from course.grading.gaps import TABLES

_ALONE: dict[str, Callable[[Any], Any]] = {
    "__bool__": bool,
    "__hash__": hash,
    "__len__": len,
    "__iter__": iter,
    "__reversed__": reversed,
    "__str__": str,
    "__repr__": repr,
    "__dir__": dir,
    "__float__": float,
    "__int__": int,
    "__complex__": complex,
    "__index__": operator.index,
    **{f"__{name}__": getattr(operator, name) for name in ("neg", "pos", "abs", "invert")},
    **{f"__{name}__": getattr(math, name) for name in ("floor", "ceil", "trunc")},
}


class Contained(Reference):
    """A student's container."""

    __slots__ = ("_reference_content", "_reference_kind", "_reference_stamp")

    def __init__(self, end: Asker, handle: int, name: str, kind: str) -> None:
        super().__init__(end, handle, name)
        object.__setattr__(self, "_reference_kind", kind)
        object.__setattr__(self, "_reference_stamp", None)

    def _reference_class(self) -> Any:
        return class_of(self._reference_kind)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("_ipython_", "_repr_", "_reference_")):
            raise AttributeError(name)
        if name in KINDS[self._reference_kind].changing:
            if name in self._reference_end.members:
                return self._reference_end.ask("get", self, name)
            return partial(_changed, self, name)
        if hasattr(held := content(self), name) and name not in _READABLE:
            return getattr(held, name)
        return super().__getattr__(name)

    def __getitem__(self, key: Any) -> Any:
        try:
            return content(self)[plain(key)]
        except KeyError:
            if self._reference_kind != "dict":
                raise
            return super().__getitem__(key)  # a class of the student's may know what to do

    def __contains__(self, value: Any) -> bool:
        return plain(value) in content(self)

    def __round__(self, *digits: Any) -> Any:
        return round(content(self), *digits)

    def __format__(self, spec: str) -> str:
        return format(content(self), spec)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(content(self), dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **more: Any) -> Any:
        return getattr(ufunc, method)(*map(plain, inputs), **more)

    __call__ = __next__ = __enter__ = __exit__ = None  # type: ignore[assignment]


class Passing(Reference):
    """One of Python's own iterators on the student's side: its items come from there, one by one, and end once."""

    __slots__ = ("_reference_kind", "_reference_over")

    def __init__(self, end: Asker, handle: int, name: str, kind: str) -> None:
        super().__init__(end, handle, name)
        object.__setattr__(self, "_reference_kind", kind)
        object.__setattr__(self, "_reference_over", False)

    def _reference_class(self) -> Any:
        return PASSING[self._reference_kind]

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __iter__(self) -> Iterator[Any]:
        if self._reference_over:
            raise TypeError(f"a student's {self.student_type} that has come to its end was asked for its items again")
        return self._until_its_end()

    def _until_its_end(self) -> Iterator[Any]:
        yield from self._reference_end.iterate(self)
        object.__setattr__(self, "_reference_over", True)

    def __next__(self) -> Any:
        if self._reference_over:
            raise StopIteration
        try:
            return super().__next__()
        except StopIteration:
            object.__setattr__(self, "_reference_over", True)
            raise

    def __len__(self) -> int:
        raise TypeError(f"object of type {self.student_type!r} has no len()")


def plain(value: Any) -> Any:
    """The content of a student's container; anything else as it is."""
    return content(value) if issubclass(type(value), Contained) else value


def content(value: Contained) -> Any:
    """What the student's container holds, asked anew once anything was done that may have changed it."""
    end = value._reference_end
    if value._reference_stamp != (stamp := (end.acts, end.steps)):
        held = made(value._reference_kind, end.look("content", value))
        is_table = value._reference_kind.startswith("pandas.") and TABLES not in end.gaps
        object.__setattr__(value, "_reference_content", without_gaps(held) if is_table else held)
        object.__setattr__(value, "_reference_stamp", stamp)
    return value._reference_content


def _changed(container: Contained, name: str, *args: Any, **kwargs: Any) -> Any:
    """Change the student's container, and answer what a method of that name of Python's own answers."""
    held = copy.copy(content(container))
    container._reference_end.ask("get", container, name)(*args, **kwargs)
    try:
        return getattr(held, name)(*map(plain, args), **kwargs)
    except TypeError:
        if name == "sort":  # of objects of the student's, which are compared over there
            return None
        raise


def _alone(work: Callable[[Any], Any]) -> Callable[[Contained], Any]:
    return lambda self: work(content(self))


def _left(work: Callable[[Any, Any], Any]) -> Callable[[Contained, Any], Any]:
    return lambda self, other: work(content(self), plain(other))


def _right(work: Callable[[Any, Any], Any]) -> Callable[[Contained, Any], Any]:
    return lambda self, other: work(plain(other), content(self))


def _operator(name: str) -> Callable[[Any, Any], Any]:
    return divmod if name == "divmod" else getattr(operator, f"{name}_" if name in ("and", "or") else name)


for _name, _work in _ALONE.items():
    setattr(Contained, _name, _alone(_work))
for _name in _COMPARING:
    setattr(Contained, f"__{_name}__", _left(_operator(_name)))
for _name in _CALCULATING:
    setattr(Contained, f"__{_name}__", _left(_operator(_name)))
    setattr(Contained, f"__i{_name}__", _left(_operator(_name)))
    setattr(Contained, f"__r{_name}__", _right(_operator(_name)))
