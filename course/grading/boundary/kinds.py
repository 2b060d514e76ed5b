"""The kinds of mutable values that are kept alike on both sides: tensors, arrays, containers, random generators.

The state of a generator is checked before it is taken over: torch reads past its memory when told a false position.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from course.grading.boundary import blocks
from course.grading.boundary.decoder import Reader, check_keys
from course.grading.boundary.encoder import Writer, is_key
from course.grading.boundary.wire import WireViolation

_WORDS = 624  # of the Mersenne twister behind torch.Generator
_PCG_BITS = 128


@dataclass(frozen=True)
class Kind:
    """How one kind of value is kept alike."""

    look: Callable[[Any], Any]
    write_change: Callable[[Writer, Any, Any, Any], None]
    read_change: Callable[[Reader, Any], object]
    same: Callable[[Any, Any], bool] = lambda look, seen: bool(look == seen)
    quick: Callable[[Any, Any], Callable[[Any], bool] | None] | None = None  # a fast test for a lasting look
    weak: bool = True  # whether Python allows weak references to it


def _same_items(look: Any, seen: Any) -> bool:
    return len(look) == len(seen) and all(new is old for new, old in zip(look, seen, strict=True))


def write_list(writer: Writer, value: list[Any]) -> None:
    """Writes a list's items."""
    writer.put(list.__len__(value))
    writer.values(list.__iter__(value))


def _read_list_change(reader: Reader, value: list[Any]) -> None:
    value[:] = reader.values()


def _look_at_dict(value: dict[Any, Any]) -> tuple[Any, ...]:
    return tuple(part for item in dict.items(value) for part in item)


def write_dict(writer: Writer, value: dict[Any, Any]) -> None:
    """Writes a dict's keys and values; raises TypeError when a key is not plain data."""
    if not all(map(is_key, dict.keys(value))):
        raise TypeError("a dict with keys that are not plain data cannot cross; use names or numbers as keys")
    writer.put(dict.__len__(value))
    writer.values(_look_at_dict(value))


def read_dict(reader: Reader) -> dict[Any, Any]:
    """A new dict from what write_dict wrote."""
    pairs = [(reader.value(), reader.value()) for _ in range(reader.count())]
    check_keys([key for key, _ in pairs])
    return dict(pairs)


def _read_dict_change(reader: Reader, value: dict[Any, Any]) -> None:
    new = read_dict(reader)
    value.clear()
    value.update(new)


def write_set(writer: Writer, value: set[Any]) -> None:
    """Writes a set's members; raises TypeError when one is not plain data."""
    if not all(map(is_key, value)):
        raise TypeError("a set with members that are not plain data cannot cross; put them in a list")
    writer.put(len(value))
    writer.values(value)


def read_set(reader: Reader) -> set[Any]:
    """A new set from what write_set wrote."""
    members = reader.values()
    check_keys(members)
    return set(members)


def _read_set_change(reader: Reader, value: set[Any]) -> None:
    new = read_set(reader)
    value.clear()
    value.update(new)


def _look_at_generator(value: torch.Generator) -> bytes:
    return value.get_state().numpy().tobytes()


def write_generator(writer: Writer, value: torch.Generator) -> None:
    """Writes where a torch generator stands."""
    if value.device.type != "cpu":
        raise TypeError("a generator on the GPU cannot cross; make one on the CPU")
    writer.payload(_look_at_generator(value))


def read_generator(reader: Reader, value: torch.Generator) -> torch.Generator:
    """Sets a generator to what write_generator wrote."""
    state = reader.token(bytes)
    if len(state) != len(_look_at_generator(value)):
        raise WireViolation("a generator's state of the wrong size")
    words = np.frombuffer(state[16 : 24 + 8 * _WORDS], np.uint64)
    left, seeded = (int(n) for n in np.frombuffer(state[8:16], np.int32))
    position = int(words[0])
    if not (1 <= left <= _WORDS and seeded in (0, 1) and position + left <= _WORDS + 1 and int(words.max()) < 1 << 32):
        raise WireViolation("a generator's state that no generator reaches")
    value.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
    return value


def _look_at_pcg(value: np.random.Generator) -> tuple[int, ...]:
    state: Any = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise TypeError("of numpy's generators only np.random.default_rng(...) can cross")
    return state["state"]["state"], state["state"]["inc"], state["has_uint32"], state["uinteger"]


def write_pcg(writer: Writer, value: np.random.Generator) -> None:
    """Writes where a numpy generator stands."""
    for part in _look_at_pcg(value):
        writer.big_int(int(part))


def read_pcg(reader: Reader, value: np.random.Generator) -> np.random.Generator:
    """Sets a generator to what write_pcg wrote."""
    state, inc, has, uinteger = parts = [reader.value() for _ in range(4)]
    if any(type(part) is not int for part in parts) or not (0 <= state < 1 << _PCG_BITS and 0 <= inc < 1 << _PCG_BITS):
        raise WireViolation("a generator's state that is not four numbers")
    if not (inc % 2 and has in (0, 1) and 0 <= uinteger < 1 << 32):
        raise WireViolation("a generator's state that no generator reaches")
    inner = {"state": state, "inc": inc}
    value.bit_generator.state = {"bit_generator": "PCG64", "state": inner, "has_uint32": has, "uinteger": uinteger}
    return value


KINDS: dict[type, Kind] = {
    torch.Tensor: Kind(
        blocks.look_at_tensor,
        blocks.write_tensor_change,
        blocks.read_tensor_change,
        blocks.same_tensor,
        blocks.quick_look_at_tensor,
    ),
    np.ndarray: Kind(blocks.look_at_array, blocks.write_array_change, blocks.read_array_change),
    list: Kind(tuple, lambda writer, value, *_: write_list(writer, value), _read_list_change, _same_items, weak=False),
    dict: Kind(
        _look_at_dict, lambda writer, value, *_: write_dict(writer, value), _read_dict_change, _same_items, weak=False
    ),
    set: Kind(frozenset, lambda writer, value, *_: write_set(writer, value), _read_set_change, weak=False),
    torch.Generator: Kind(_look_at_generator, lambda writer, value, *_: write_generator(writer, value), read_generator),
    np.random.Generator: Kind(_look_at_pcg, lambda writer, value, *_: write_pcg(writer, value), read_pcg, weak=False),
}
