"""Random generators as replicas: torch's on the CPU, and numpy's.

The state of a generator is checked before it is taken over: torch reads past its memory when told a false position.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.replicas.registry import ReplicaType, Sync, register
from course.grading.boundary.transport.wire import WireViolation

_WORDS = 624  # of the Mersenne twister behind torch.Generator
_PCG_BITS = 128


def _state_of(value: torch.Generator) -> bytes:
    return value.get_state().numpy().tobytes()


def _write_generator(writer: Writer, value: torch.Generator) -> None:
    """Write where a torch generator stands."""
    if value.device.type != "cpu":
        raise TypeError("a generator on the GPU cannot cross; make one on the CPU")
    writer.payload(_state_of(value))


def _set_generator(reader: Reader, value: torch.Generator) -> torch.Generator:
    """Set a generator to what _write_generator wrote."""
    state = reader.token(bytes)
    if len(state) != len(_state_of(value)):
        raise WireViolation("a generator's state of the wrong size")
    words = np.frombuffer(state[16 : 24 + 8 * _WORDS], np.uint64)
    left, seeded = (int(n) for n in np.frombuffer(state[8:16], np.int32))
    position = int(words[0])
    if not (1 <= left <= _WORDS and seeded in (0, 1) and position + left <= _WORDS + 1 and int(words.max()) < 1 << 32):
        raise WireViolation("a generator state that no generator can have")
    value.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
    return value


def _state_of_pcg(value: np.random.Generator) -> tuple[int, ...]:
    state: Any = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise TypeError("of numpy's generators only np.random.default_rng(...) can cross")
    return state["state"]["state"], state["state"]["inc"], state["has_uint32"], state["uinteger"]


def _write_pcg(writer: Writer, value: np.random.Generator) -> None:
    """Write where a numpy generator stands."""
    for part in _state_of_pcg(value):
        writer.big_int(int(part))


def _set_pcg(reader: Reader, value: np.random.Generator) -> np.random.Generator:
    """Set a generator to what _write_pcg wrote."""
    state, inc, has, uinteger = parts = [reader.value() for _ in range(4)]
    if any(type(part) is not int for part in parts) or not (0 <= state < 1 << _PCG_BITS and 0 <= inc < 1 << _PCG_BITS):
        raise WireViolation("a generator's state that is not four numbers")
    if not (inc % 2 and has in (0, 1) and 0 <= uinteger < 1 << 32):
        raise WireViolation("a generator state that no generator can have")
    inner = {"state": state, "inc": inc}
    value.bit_generator.state = {"bit_generator": "PCG64", "state": inner, "has_uint32": has, "uinteger": uinteger}
    return value


register(
    ReplicaType(
        torch.Generator,
        "generator",
        _write_generator,
        lambda reader: _set_generator(reader, torch.Generator()),
        Sync(_state_of, lambda writer, value, *_: _write_generator(writer, value), _set_generator),
        flat=True,
    )
)
register(
    ReplicaType(
        np.random.Generator,
        "pcg",
        _write_pcg,
        lambda reader: _set_pcg(reader, np.random.default_rng()),
        Sync(_state_of_pcg, lambda writer, value, *_: _write_pcg(writer, value), _set_pcg, weak=False),
        flat=True,
    )
)
