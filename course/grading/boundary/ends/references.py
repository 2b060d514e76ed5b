"""What the examiner holds of a student's object that is not data: a handle that can be used, never believed.

A reference can be called, indexed, iterated, measured, entered, and its attributes read and set; what comes back is
data or again a reference. It cannot be compared, tested for truth, hashed, asked for its class or calculated with: each
would let the student's object decide a verdict, and `reference - expected` would even tell it the answer first. For the
same reason it has none of the methods by which torch, numpy, pandas and Python's own types compare, search and
calculate (`eq`, `allclose`, `sub`, `all`, `count`), unless the course's own code defines one of that name: then the
test means that one, and believes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

_READABLE = frozenset({"__name__", "__qualname__", "__doc__", "__annotations__", "__version__"})
_OWN = ("_ipython_", "_repr_", "_reference_")


class Asker(Protocol):
    """What a reference needs of the examiner's end."""

    members: frozenset[str]  # methods and attributes that the course's own code defines

    def ask(self, op: str, *args: Any) -> Any:
        """The candidate's answer."""

    def iterate(self, target: Any) -> Iterator[Any]:
        """The items of a student's object, drawn one by one."""

    def release(self, handle: int, reference: Reference) -> None:
        """Nobody holds the reference any more."""


class Reference:
    """A student's object, as the examiner has it."""

    __array_ufunc__ = None  # numpy leaves arithmetic to this class, which refuses it
    __slots__ = ("__weakref__", "_reference_end", "_reference_handle", "_reference_type")

    def __init__(self, end: Asker, handle: int, kind: str) -> None:
        object.__setattr__(self, "_reference_end", end)
        object.__setattr__(self, "_reference_handle", handle)
        object.__setattr__(self, "_reference_type", kind)

    @property
    def student_type(self) -> str:
        """The name of the object's class over there, for messages only."""
        return str(self._reference_type)

    @property
    def __class__(self) -> Any:
        raise TypeError(_refusal(self, "be asked for its class"))

    @__class__.setter
    def __class__(self, value: Any) -> NoReturn:
        raise TypeError(_refusal(self, "be given a class"))

    def __del__(self) -> None:
        self._reference_end.release(self._reference_handle, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._reference_end.ask("call", self, args, tuple(kwargs), tuple(kwargs.values()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_OWN) or (name.startswith("__") and name not in _READABLE):
            raise AttributeError(f"{name} of a student's object cannot be read from a test")
        if name.rstrip("_") in _JUDGING and name not in self._reference_end.members:
            raise TypeError(_refusal(self, f"be asked for its {name}()"))
        return self._reference_end.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith(_OWN) or name.startswith("__"):
            raise AttributeError(f"{name} of a student's object cannot be set from a test")
        self._reference_end.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        raise TypeError(_refusal(self, "lose an attribute"))

    def __dir__(self) -> list[str]:
        return [str(name) for name in self._reference_end.ask("dir", self)]

    def __getitem__(self, key: Any) -> Any:
        return self._reference_end.ask("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._reference_end.ask("set item", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._reference_end.ask("delete item", self, key)

    def __len__(self) -> int:
        length = self._reference_end.ask("len", self)
        if type(length) is not int or not 0 <= length <= 100_000_000:
            raise TypeError(f"the length of a student's {self.student_type} is not a sensible number")
        return length

    def __iter__(self) -> Iterator[Any]:
        return self._reference_end.iterate(self)

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
        return _exact(self, float, self._reference_end.ask("float", self))

    def __int__(self) -> int:
        return _exact(self, int, self._reference_end.ask("int", self))

    def __complex__(self) -> complex:
        return _exact(self, complex, self._reference_end.ask("complex", self))

    def __str__(self) -> str:
        return _exact(self, str, self._reference_end.ask("str", self))

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


_JUDGING = frozenset({
    "eq", "ne", "lt", "le", "gt", "ge", "equal", "equals", "not_equal", "greater", "greater_equal", "less",
    "less_equal", "allclose", "isclose", "array_equal", "array_equiv", "isin", "all", "any", "logical_and",
    "logical_or", "logical_xor", "logical_not", "is_nonzero", "sub", "subtract", "rsub", "mul", "multiply",
    "div", "divide", "true_divide", "truediv", "floordiv", "floor_divide", "mod", "remainder", "fmod", "pow",
    "float_power", "matmul", "mm", "bmm", "mv", "dot", "vdot", "inner", "outer", "dist", "lerp", "abs",
    "absolute", "neg", "negative", "sign", "clamp", "clip", "round", "isnan", "isfinite", "isinf", "isposinf",
    "isneginf", "maximum", "minimum", "issubset", "issuperset", "isdisjoint", "symmetric_difference",
    "difference", "intersection", "startswith", "endswith", "compare", "assert_close",
    "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable",
    "isspace", "istitle", "isupper", "is_integer", "count", "index", "rindex", "find", "rfind",
})  # fmt: skip
_COMPARING = ("eq", "ne", "lt", "le", "gt", "ge")
_CALCULATING = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "xor", "or"),
)
_ALONE = ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil", "index")
_REFUSED = {
    **{f"__{name}__": "be compared" for name in _COMPARING},
    **{f"__{form}{name}__": "be calculated with" for name in _CALCULATING for form in ("", "r", "i")},
    **{f"__{name}__": "be calculated with" for name in _ALONE},
    "__bool__": "be tested for truth",
}
for _name, _what in _REFUSED.items():
    setattr(Reference, _name, _refuse(_name, _what))
setattr(Reference, "__doc__", property(lambda self: self._reference_end.ask("get", self, "__doc__")))  # noqa: B010
