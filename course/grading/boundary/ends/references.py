"""What the examiner holds of a student's object that is not data: a handle that can be used, never believed.

A reference can be called, indexed, iterated, measured, entered, and its attributes read and set; what comes back is
data or again a reference. It cannot be compared, tested for truth, hashed, asked for its class or calculated with: each
would let the student's object decide a verdict, and `reference - expected` would even tell it the answer first. For the
same reason it has none of the methods of tensors, arrays and Python's own types (`eq`, `sub`, `norm`, `count`, `get`):
a test that calls one means a value of such a type, and that would have crossed as data. Two kinds of method remain:
those that the course's own code defines, which are believed, and a few that neither compare nor calculate (`_PLAIN`).
Looked at twice in a row, it has to tell the same (`told`). Objects that hold data, such as a list of a class of the
student's or a table of pandas', are judged by that data (`contained`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol

import numpy as np
import torch

from course.grading.boundary.codec import everyday, scientific  # noqa: F401  they add their types to WRITERS
from course.grading.boundary.codec.encoder import WRITERS
from course.grading.boundary.ends.told import NotTheSame, Stamp, Told, digest

_READABLE = frozenset({"__name__", "__qualname__", "__doc__", "__annotations__", "__version__"})
_OWN = ("_ipython_", "_repr_", "_reference_")


class Asker(Protocol):
    """What a reference needs of the examiner's end."""

    members: frozenset[str]  # methods and attributes that the course's own code defines
    gaps: frozenset[str]  # whether the course's own code deals in masks, and in tables
    acts: int  # how often something was done that may change what objects over there tell
    steps: int  # how many items loops over objects over there have drawn

    def ask(self, op: str, *args: Any) -> Any:
        """The candidate's answer."""

    def look(self, op: str, *args: Any) -> Any:
        """The candidate's answer to a question that changes nothing."""

    def iterate(self, source: Any) -> Iterator[Any]:
        """The items of a student's iterator, drawn one by one."""

    def release(self, handle: int, reference: Reference) -> None:
        """Nobody holds the reference any more."""


class Reference:
    """A student's object, as the examiner has it."""

    __array_ufunc__: Any = None  # numpy leaves arithmetic to this class, which refuses it
    __slots__ = (
        "__weakref__",
        "_reference_end",
        "_reference_handle",
        "_reference_told",
        "_reference_type",
    )

    def __init__(self, end: Asker, handle: int, kind: str) -> None:
        object.__setattr__(self, "_reference_end", end)
        object.__setattr__(self, "_reference_handle", handle)
        object.__setattr__(self, "_reference_type", kind)
        object.__setattr__(self, "_reference_told", Told())

    @property
    def student_type(self) -> str:
        """The name of the object's class over there, for messages only."""
        return str(self._reference_type)

    @property
    def __class__(self) -> Any:
        return self._reference_class()

    @__class__.setter
    def __class__(self, value: Any) -> NoReturn:
        raise TypeError(_refusal(self, "be given a class"))

    def _reference_class(self) -> Any:
        """The class that the object passes for in a test."""
        raise TypeError(_refusal(self, "be asked for its class"))

    def __del__(self) -> None:
        self._reference_end.release(self._reference_handle, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._reference_end.ask("call", self, args, tuple(kwargs), tuple(kwargs.values()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_OWN) or (name.startswith("__") and name not in _READABLE):
            raise AttributeError(f"{name} of a student's object cannot be read from a test")
        value = _looked(self, "get", name)
        if issubclass(type(value), Reference):  # a method may change the object, or decide a verdict
            self._reference_told.length = None
            if name in _JUDGING and name not in self._reference_end.members:
                raise TypeError(_refusal(self, f"be asked for its {name}()"))
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith(_OWN) or name.startswith("__"):
            raise AttributeError(f"{name} of a student's object cannot be set from a test")
        self._reference_end.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        raise TypeError(_refusal(self, "lose an attribute"))

    def __dir__(self) -> list[str]:
        return [str(name) for name in _looked(self, "dir")]

    def __getitem__(self, key: Any) -> Any:
        return _looked(self, "item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._reference_end.ask("set item", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._reference_end.ask("delete item", self, key)

    def __len__(self) -> int:
        length = _looked(self, "len")
        if type(length) is not int or not 0 <= length <= 100_000_000:
            raise TypeError(f"the length of a student's {self.student_type} is not a sensible number")
        told = _told(self)
        _check_sizes(self, length, told.count(_loop_stamp(self)))
        told.length = length
        return length

    def __iter__(self) -> Iterator[Any]:
        return _items(self, _told(self).length)

    def __next__(self) -> Any:
        going, item = _pair(self._reference_end.ask("next", self))
        if not going:
            raise StopIteration
        return item

    def __contains__(self, value: Any) -> bool:
        """Decided here, item by item, so that the student's object never hears what is looked for."""
        return any(
            item is value or (type(item) is not Reference and type(value) is not Reference and _agree(item, value))
            for item in self
        )

    def __enter__(self) -> Any:
        return self._reference_end.ask("enter", self)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        """The student's `__exit__` may swallow the student's own exceptions, and no failed check."""
        from course.grading.boundary.ends.studenterror import StudentError

        swallowed = self._reference_end.ask("exit", self, error is not None)
        return swallowed is True and issubclass(kind or type(None), StudentError)

    def __float__(self) -> float:
        return _exact(self, float, _looked(self, "float"))

    def __int__(self) -> int:
        return _exact(self, int, _looked(self, "int"))

    def __complex__(self) -> complex:
        return _exact(self, complex, _looked(self, "complex"))

    def __str__(self) -> str:
        return _exact(self, str, _looked(self, "str"))

    def __repr__(self) -> str:
        return f"<student's object of type {self.student_type}>"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Any:
        return self._reference_end.ask("copy", self)

    def __deepcopy__(self, memo: Any) -> Any:
        return self._reference_end.ask("deepcopy", self)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(_refusal(self, "be pickled"))

    def __hash__(self) -> int:
        raise TypeError(_refusal(self, "be a dict key or a set member"))


def _told(reference: Reference) -> Told:
    """What it has told, without a length from before a step in a loop over another object."""
    told: Told = reference._reference_told
    others = reference._reference_end.steps - told.steps
    if others != told.others:
        told.length, told.others = None, others
    return told


def _check_sizes(reference: Reference, length: int | None, count: int | None) -> None:
    """Raise TypeError when the items end before the length."""
    if length is not None and count is not None and count < length:
        kind = reference.student_type
        raise TypeError(f"a student's {kind} says that its length is {length}, but it gave only {count} items")


def _looked(reference: Reference, op: str, *args: Any) -> Any:
    """What the object tells, and told before if nothing was done since."""
    end = reference._reference_end
    value = end.look(op, reference, *args)
    if (question := digest((op, *args))) is None:  # with an object in it, which may have changed
        return value
    with _the_same(reference, str(args[0]) if op == "get" else op):
        return reference._reference_told.answer(
            question, value, (end.acts, end.steps), issubclass(type(value), Reference)
        )


def _items(reference: Reference, length: int | None) -> Iterator[Any]:
    """The items of the object, as many as its length if the test was told it before; `list` asks for it later."""
    end, began, count = reference._reference_end, _loop_stamp(reference), 0
    for item in end.iterate(end.look("iterator", reference)):
        reference._reference_told.steps += 1
        if _loop_stamp(reference) == began:
            with _the_same(reference, "its items"):
                item = reference._reference_told.item(count, item, began, issubclass(type(item), Reference))
        count += 1
        yield item
    if _loop_stamp(reference) == began:
        with _the_same(reference, "its items"):
            reference._reference_told.end(count, began)
    _check_sizes(reference, length, count)
    _told(reference).length = length


def _loop_stamp(reference: Reference) -> Stamp:
    return reference._reference_end.acts, _told(reference).others


@contextmanager
def _the_same(reference: Reference, what: str) -> Iterator[None]:
    try:
        yield
    except NotTheSame:
        raise TypeError(
            f"a student's object of type {reference.student_type}, asked for {what} again, told something else: "
            "return plain data (a number, text, list, tensor)"
        ) from None


def _pair(answer: Any) -> tuple[bool, Any]:
    if type(answer) is not tuple or len(answer) != 2:
        raise TypeError("a student's iterator gave no item")
    return answer[0] is True, answer[1]


def _agree(item: Any, value: Any) -> bool:
    try:
        return bool(item == value)
    except (ValueError, RuntimeError):  # arrays and tensors of many elements
        return False


def _exact(reference: Reference, kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(_refusal(reference, f"be taken as {kind.__name__}"))
    return value


def _refusal(reference: Reference, what: str) -> str:
    return (
        f"a student's object of type {reference.student_type} cannot {what} in a test: compare plain data "
        "(a number, text, list, tensor) that it returns or holds, or work with it "
        "on the student's side by checks.on_student_side"
    )


def _refuse(name: str, what: str) -> Callable[..., NoReturn]:
    def method(self: Reference, *_: Any) -> NoReturn:
        raise TypeError(_refusal(self, what))

    method.__name__ = name
    return method


_COMPARING = ("eq", "ne", "lt", "le", "gt", "ge")
_CALCULATING = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "xor", "or"),
)
_ALONE = ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil", "index")
# Methods of the types that cross as data, of pandas' operators, and of what libraries call a comparison.
_KNOWN = (*WRITERS, torch.Tensor, np.ndarray, np.generic)
_METHODS = {name for kind in _KNOWN for name in dir(kind) if name[0] != "_" and callable(getattr(kind, name, None))}
_OPERATORS = {f"{form}{name}" for name in (*_COMPARING, *_CALCULATING, *_ALONE) for form in ("", "r")}
_COMPARISONS = {"equals", "isin", "array_equal", "array_equiv", "assert_close"}
_PLAIN = {
    *("to", "type", "float", "double", "half", "bfloat16", "cpu", "cuda", "requires_grad_"),  # of modules
    *("keys", "values", "items", "append", "extend", "copy"),  # of containers of objects
    *("item", "tolist", "numpy", "size", "title"),  # of tables and figures
}
_JUDGING = (_METHODS | _OPERATORS | _COMPARISONS) - _PLAIN
_REFUSED = {
    **{f"__{name}__": "be compared" for name in _COMPARING},
    **{f"__{form}{name}__": "be calculated with" for name in _CALCULATING for form in ("", "r", "i")},
    **{f"__{name}__": "be calculated with" for name in _ALONE},
    "__bool__": "be tested for truth",
}
for _name, _what in _REFUSED.items():
    setattr(Reference, _name, _refuse(_name, _what))
setattr(Reference, "__doc__", property(lambda self: self._reference_end.ask("get", self, "__doc__")))  # noqa: B010
