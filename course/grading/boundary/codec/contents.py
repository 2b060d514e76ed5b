"""What the student's containers hold, as plain data: lists and dicts of another class than Python's own, tables, views.

Such an object stays on the student's side, since a test may change it there, or ask it for a method of its own. Where a
test judges it, the data that it holds then is taken, and a container is made of it here, of a class that stands in this
module. No class of the student's is ever made, and nothing that one of them defines takes part in a comparison.
"""

from __future__ import annotations

import array
import importlib
import itertools
import re
import types
from collections import ChainMap, OrderedDict, UserDict, UserList, UserString
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

_KEPT = {"__class__", "__init__", "__new__", "__doc__", "__module__", "__dict__", "__weakref__", "__repr__", "__str__"}
_DTYPE = re.compile(  # a zone called dateutil/... would be read from a file of that name
    r"U?Int(8|16|32|64)|Float(32|64)|boolean|category|str(ing)?"
    r"|datetime64\[(s|ms|us|ns), (?!dateutil)[A-Za-z][\w/+:-]{1,60}\]",
    re.ASCII,
)
_LENGTHENING = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem"}
    | {"add", "discard", "intersection_update", "difference_update", "symmetric_difference_update"}
)
_FILLING = frozenset({"insert", "pop", "update", "sort", "fill", "put", "resize", "itemset", "setfield", "partition"})


@dataclass(frozen=True)
class Kind:
    """A class of containers.

    Args:
        take: the parts of such an object, as plain data.
        make: a new one of these parts; may raise anything for parts that no honest object has.
        of: the class of the parts; keys are checked as such where they cross.
        changing: the methods that change it; all others judge what it holds.
    """

    take: Callable[[Any], Any]
    make: Callable[[Any], Any]
    of: type
    changing: frozenset[str] = _LENGTHENING


def kind_of(value: Any) -> str:
    """The name of the kind that the object is of; empty for all others."""
    kind = type(value)
    exact = "" if kind in (list, tuple, dict, set) else _EXACT.get(kind)
    if exact is not None:
        return exact if kind is not np.ndarray or value.dtype.kind == "O" else ""
    if kind.__module__.partition(".")[0] == "pandas":
        return f"pandas.{kind.__name__}" if f"pandas.{kind.__name__}" in KINDS else ""
    for base in _BASES:
        if issubclass(kind, base):
            return "" if _is_another(kind, base) else base.__name__
    return ""


def _is_another(kind: type, base: type) -> bool:
    """Whether a class answers Python's own questions (its length, an item, equality) otherwise than its base."""
    own = {name for cls in kind.__mro__[: kind.__mro__.index(base)] for name in vars(cls)}
    return any(name.startswith("__") and name in vars(base) and name not in _KEPT for name in own)


def taken(value: Any) -> Any:
    """The parts of an object that has a kind."""
    return KINDS[kind_of(value)].take(value)


def passing_of(value: Any) -> str:
    """The name of the class of one of Python's own iterators; empty for all others."""
    return next((name for name, kind in PASSING.items() if kind is type(value)), "")


def _objects(value: Any) -> Any:
    return tuple(map(int, value.shape)), np.ndarray.tolist(value.reshape(-1))


def _make_objects(parts: Any) -> Any:
    shape, items = parts
    made = np.empty(len(items), object)
    for place, item in enumerate(items):
        made[place] = item
    return made.reshape(shape)


def _make_numbers(parts: Any) -> Any:
    code, data = parts
    made = array.array(code if code in tuple("bBhHiIlLqQfd") else "?")
    made.frombytes(data)
    return made


def _make_chain(maps: Any) -> Any:
    if any(type(one) is not dict for one in maps):
        raise TypeError("a chain of other things than dicts")
    return ChainMap(*maps)


# Tables.
def _column(values: Any) -> Any:
    """The values of a column or an index, with the name of a dtype that is none of numpy's."""
    dtype = str(values.dtype) if _DTYPE.fullmatch(str(values.dtype)) else ""
    own = bool(dtype) or not isinstance(values.dtype, np.dtype) or values.dtype.kind == "O"
    plain = values.to_numpy(object if own else None)
    return dtype, (plain.tolist() if plain.dtype.kind == "O" else np.array(plain))


def _make_column(parts: Any) -> Any:
    """An index or column, of a dtype whose name pandas knows."""
    dtype, values = parts
    if type(values) not in (list, np.ndarray) or not (dtype == "" or _DTYPE.fullmatch(dtype)):
        raise TypeError("a column that is none")
    if np.ndim(np.empty(0) if type(values) is list else values) != 1:
        raise TypeError("a column that is not a row of values")
    return _pandas().array(values, dtype=dtype) if dtype else values if type(values) is np.ndarray else _series(values)


def _series(values: Any) -> Any:
    return _pandas().Series(values, dtype=object).array


def _index(value: Any) -> Any:
    if type(value).__name__ == "MultiIndex":
        return "levels", [tuple(row) for row in value], list(value.names)
    if type(value).__name__ == "RangeIndex":
        return "range", range(value.start, value.stop, value.step), value.name
    return "values", _column(value), value.name


def _make_index(parts: Any) -> Any:
    how, values, name = parts
    pandas = _pandas()
    if how == "levels":
        return pandas.MultiIndex.from_tuples(values, names=name)
    if how == "range":
        return pandas.RangeIndex(values, name=name)
    return pandas.Index(_make_column(values), name=name)


def _frame(value: Any) -> Any:
    columns = [_column(value.iloc[:, place]) for place in range(value.shape[1])]
    return columns, _index(value.columns), _index(value.index)


def _make_frame(parts: Any) -> Any:
    columns, names, index = parts
    rows = _make_index(index)
    values = [_as_long(_make_column(column), rows) for column in columns]
    made = _pandas().DataFrame(dict(enumerate(values)), index=rows)
    made.columns = _make_index(names)
    return made


def _make_series(parts: Any) -> Any:
    values, index, name = parts
    rows = _make_index(index)
    return _pandas().Series(_as_long(_make_column(values), rows), index=rows, name=name)


def _as_long(column: Any, index: Any) -> Any:
    """The column; TypeError unless it is as long as its index: a shorter one could be repeated at will."""
    if len(column) != len(index):
        raise TypeError("a column that is not as long as its index")
    return column


def _pandas() -> Any:
    return importlib.import_module("pandas")


_TABLE = partial(Kind, of=tuple, changing=_FILLING)
KINDS: dict[str, Kind] = {
    "list": Kind(lambda value: list(list.__iter__(value)), list, list),
    "tuple": Kind(lambda value: list(tuple.__iter__(value)), tuple, list),
    "dict": Kind(lambda value: dict(dict.items(value)), dict, dict),
    "set": Kind(lambda value: set(set.__iter__(value)), set, set),
    "UserDict": Kind(lambda value: dict(value.data), UserDict, dict),
    "UserList": Kind(lambda value: list(value.data), UserList, list),
    "UserString": Kind(lambda value: str(value.data), UserString, str),
    "ChainMap": Kind(lambda value: [dict(one) for one in value.maps], _make_chain, list),
    "mappingproxy": Kind(dict, types.MappingProxyType, dict),
    "dict_keys": Kind(dict.fromkeys, lambda parts: parts.keys(), dict),
    "odict_keys": Kind(dict.fromkeys, lambda parts: OrderedDict(parts).keys(), dict),
    "dict_values": Kind(list, lambda values: dict(enumerate(values)).values(), list),
    "odict_values": Kind(list, lambda values: OrderedDict(enumerate(values)).values(), list),
    "dict_items": Kind(dict, lambda parts: parts.items(), dict),
    "odict_items": Kind(dict, lambda parts: OrderedDict(parts).items(), dict),
    "array": Kind(lambda value: (value.typecode, value.tobytes()), _make_numbers, tuple),
    "memoryview": Kind(bytes, lambda data: memoryview(bytes(data)), bytes),
    "flatiter": Kind(lambda value: np.array(value), lambda data: np.array(data).flat, np.ndarray),
    "ndarray": Kind(_objects, _make_objects, tuple, _FILLING),
    "pandas.Series": _TABLE(lambda value: (_column(value), _index(value.index), value.name), _make_series),
    "pandas.DataFrame": _TABLE(_frame, _make_frame),
    **{
        f"pandas.{name}": _TABLE(_index, _make_index)
        for name in ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "TimedeltaIndex", "CategoricalIndex")
    },
    **{
        f"pandas.{name}": _TABLE(_column, _make_column)
        for name in ("IntegerArray", "FloatingArray", "BooleanArray", "StringArray", "Categorical")
    },
}
_EMPTY: tuple[Any, ...] = ({}, OrderedDict(), [], (), {}.values(), {}.items(), set(), range(0), "", b"")
_EXACT: dict[type, str] = {
    types.MappingProxyType: "mappingproxy",
    ChainMap: "ChainMap",
    memoryview: "memoryview",
    np.flatiter: "flatiter",
    np.ndarray: "ndarray",
    **{type(view): type(view).__name__ for one in _EMPTY[:2] for view in (one.keys(), one.values(), one.items())},
}
_BASES = (list, tuple, dict, set, UserDict, UserList, UserString, array.array)
_ITERATORS: tuple[Any, ...] = (
    *(types.GeneratorType, map, filter, zip, enumerate, reversed),
    *(type(iter(one)) for one in _EMPTY),
    *(type(reversed(one)) for one in _EMPTY if hasattr(one, "__reversed__")),
    *(kind for name, kind in vars(itertools).items() if isinstance(kind, type) and not name.startswith("_")),
)
PASSING: dict[str, type] = {kind.__name__: kind for kind in _ITERATORS}


def made(kind: str, parts: Any) -> Any:
    """A container of that kind made of plain data; raises TypeError where that is not possible."""
    try:
        if type(parts) is not KINDS[kind].of:
            raise TypeError("parts that are not of this kind")
        return KINDS[kind].make(parts)
    except Exception as error:
        raise TypeError(
            f"a student's {kind.removeprefix('pandas.')} that cannot be read ({type(error).__name__})"
        ) from None


def class_of(kind: str) -> Any:
    """The class of what `made` makes of that kind."""
    home, _, name = kind.rpartition(".")
    if home:
        pandas = _pandas()
        return getattr(pandas, name, None) or getattr(pandas.arrays, name)
    return _CLASSES[kind]


_CLASSES = {base.__name__: base for base in _BASES} | {name: kind for kind, name in _EXACT.items()}
