"""Values cross by copy as exact built-in types; whatever else arrives is refused, in time and without cost."""

import contextlib
import socket
import struct
import time
from collections import namedtuple

import hypothesis.strategies as st
import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings

from course.grading.boundary.codec.arrays import build_array, build_tensor
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.transport.wire import (
    CandidateDied,
    CandidateHung,
    TooLarge,
    Wire,
    WireLimits,
    WireViolation,
)

LIMITS = WireLimits()


def refuse(writer, value):
    raise TypeError(f"{type(value).__name__} is not data")


def cross(value, limits=LIMITS):
    writer = Writer(limits, refuse, {})
    writer.value(value)
    here, there = socket.socketpair()
    with here, there:
        here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        Wire(here, limits).send(writer.tokens, None)
        reader = Reader(Wire(there, limits).receive(time.monotonic() + 5), limits, {})
    result = reader.value()
    reader.end()
    return result


def read(*tokens, limits=LIMITS):
    reader = Reader(list(tokens), limits, {})
    value = reader.value()
    reader.end()
    return value


def received(data, limits=LIMITS, wait_s=0.2, close=True):
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data)
        if close:
            here.shutdown(socket.SHUT_WR)
        return Wire(there, limits).receive(time.monotonic() + wait_s)


Plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.just(...),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(Plain)
def test_plain_data_comes_back_equal_and_of_the_same_types(value):
    assert repr(cross(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**63),
        2**64,
        -(2**200),
        range(2**70, 2**70 + 9, 3),
        slice(None, 4, -1),
        slice("a", 2.0),
        {1, 2},
        {(1, "a"): [2]},
        torch.Size([2, 3]),
        torch.float32,
        torch.bfloat16,
        torch.device("cpu"),
        "\ud800",
        float("inf"),
        b"\x00\xff",
        np.dtype("float32"),
        {None: 1, True: 2},
        {torch.float32: 1},
        frozenset({1.5}),
        [],
        (),
        {},
        set(),
    ],
    ids=repr,
)
def test_every_built_in_kind_comes_back_as_itself(value):
    back = cross(value)
    assert back == value
    assert type(back) is type(value)


def test_nan_comes_back_as_nan():
    assert np.isnan(cross(float("nan")))


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(-3), np.bool_(True), np.complex64(1j), np.str_("ab")])
def test_numpy_scalars_keep_their_dtype(value):
    back = cross(value)
    assert back == value
    assert back.dtype == value.dtype


class Loud(int):
    def __index__(self):
        raise AssertionError("asked")

    __eq__ = __int__ = __index__
    __hash__ = int.__hash__


class Soft(float):
    def __float__(self):
        return 99.0


class Word(str):
    def __str__(self):
        return "lie"


class Items(list):
    def __iter__(self):
        return iter([9])


class Mapping(dict):
    def items(self):
        return [("lie", 1)]


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Loud(3), 3),
        (Soft(1.5), 1.5),
        (Word("a"), "a"),
        (Items([1, 2]), [1, 2]),
        (Mapping(a=2), {"a": 2}),
    ],
    ids=["int", "float", "str", "list", "dict"],
)
def test_subclasses_become_their_exact_base_without_being_asked(value, plain):
    back = cross(value)
    assert back == plain
    assert type(back) is type(plain)


def test_a_named_tuple_keeps_its_field_names():
    back = cross(Point(1, [2]))
    assert (back.x, back.y) == (1, [2])
    assert tuple(back) == (1, [2])


def test_the_two_results_of_torch_max_keep_their_names():
    back = cross([torch.return_types.max((1, 2))])[0]
    assert (back.values, back.indices) == (1, 2)


def test_a_list_that_contains_itself_is_refused_clearly():
    cycle: list = []
    cycle.append(cycle)
    with pytest.raises(ValueError, match="contains itself"):
        cross(cycle)


def test_the_same_list_twice_is_no_cycle():
    inner = [1]
    assert cross([inner, inner]) == [[1], [1]]


def nest(depth):
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [nest(200), list(range(60)), range(2, 2**70, 3), "x" * 2000, b"x" * 2000, 1 << 800],
    ids=["depth", "parts", "range", "text", "bytes", "int"],
)
def test_a_value_above_a_cap_is_refused_before_anything_is_sent(value):
    with pytest.raises(TooLarge):
        cross(value, WireLimits(frame_bytes=1000, nodes=50, depth=20, int_bytes=64))


@pytest.mark.parametrize(
    "tokens",
    [
        ("nonsense",),
        ("list", 3, 1),
        ("list", -1),
        ("list", 1 << 60),
        ("list", True, 1),
        ("list", 2.0, 1, 1),
        ("str", 3),
        ("int", 5),
        ("complex", 1, 2),
        ("dict", 1, "list", 0, 1),
        ("set", 1, "dict", 0),
        ("range", 1, 2, 0),
        ("range", 0, 1 << 60, 1),
        ("range", 1, 2, "str", "a"),
        ("dtype", "__class__"),
        ("dtype", "Tensor"),
        ("device", "cpu:x"),
        ("device", "nowhere"),
        ("Size", 1, 1 << 63),
        ("scalar", "|O", b"12345678"),
        ("scalar", "<f8", b"1234"),
        ("scalar", "<M8[x]", b"12345678"),
        ("npdtype", "O"),
        ("record", "P", 1, "__class__", "tuple", 1, 1),
        ("record", "P", 1, "if", "tuple", 1, 1),
        ("record", "P", 2, "a", "a", "tuple", 2, 1, 1),
        ("record", "P", 1, "a", "list", 1, 1),
        ("record", "a b", 0, "tuple", 0),
        ("list", 0, 5),
        ("tuple",),
        (),
        ("record", "P", 1, "a", "tuple", 2, 1, 1),
        ("scalar", "<U1", b"\xff\xff\xff\x7f"),
    ],
    ids=repr,
)
def test_tokens_that_no_honest_end_sends_are_refused(tokens):
    with pytest.raises(WireViolation):
        read(*tokens)


def test_deep_nesting_is_refused_by_the_reader_too():
    with pytest.raises(WireViolation):
        read(*["list", 1] * 5000, None)


def test_keys_that_share_a_hash_cannot_slow_the_reader_down():
    keys = [k * (2**61 - 1) for k in range(1, 5000)]
    tokens = [token for key in keys for token in ("int", key.to_bytes(16, "little"), None)]
    with pytest.raises(WireViolation, match="hash"):
        read("dict", len(keys), *tokens)


def test_kinds_of_named_tuples_are_counted():
    kinds = [("record", f"P{number}", 1, "a", "tuple", 1, 1) for number in range(300)]
    with pytest.raises(WireViolation, match="kinds"):
        read("list", 300, *(token for kind in kinds for token in kind))


@pytest.mark.parametrize(
    ("name", "shape", "payload"),
    [
        ("float32", (2,), b"1234"),
        ("float32", (-1, -1), b"1234"),
        ("float32", (1 << 62, 1 << 62), b""),
        ("object", (1,), b"1"),
        ("qint8", (1,), b"1"),
        ("float32", (0, 1 << 50), b""),
        ("float32", (1,) * 65, b"1234"),
        (None, (), b""),
        ("float32", (1,), "1234"),
    ],
    ids=repr,
)
def test_a_tensor_whose_claims_do_not_fit_is_refused(name, shape, payload):
    with pytest.raises(WireViolation):
        build_tensor(name, shape, payload)


@pytest.mark.parametrize(
    "name", ["|O", "O8", "<V4", "<f3", "<U", "<f8,<f8", "f8", "<m8[2]", "|S0", "<U999999999999", "", 4]
)
def test_an_array_of_another_than_the_known_dtypes_is_refused(name):
    with pytest.raises(WireViolation):
        build_array(name, (), b"12345678")


def test_a_boolean_is_made_from_its_byte_so_that_it_is_never_both():
    assert build_tensor("bool", (2,), b"\x02\x00").tolist() == [True, False]
    assert build_tensor("bool", (2,), b"\x02\x00").view(torch.uint8).tolist() == [1, 0]
    assert build_array("|b1", (2,), b"\x02\x00").view(np.uint8).tolist() == [1, 0]


def frame(body, count=1):
    return struct.pack(">II", len(body), count) + body


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 8,
        frame(b"\xc1"),
        frame(b"\x93\x01\x02\x03"),
        frame(b"\xdd\x7f\xff\xff\xff"),
        frame(b"\x81\x01\x02"),
        frame(b"\x90"),
        frame(b"\x01\x02"),
        frame(b"\x01", 2),
        frame(b"\xd6\xff\0\0\0\0"),
        frame(b"\xcc"),
        frame(b"\xa1\xff"),
        frame(b"\xc6\xff\xff\xff\xff"),
        frame(b"\xdb\xff\xff\xff\xff"),
    ],
    ids=repr,
)
def test_garbage_on_the_wire_is_a_violation(data):
    with pytest.raises(WireViolation):
        received(data)


def test_headers_that_claim_much_cost_nothing():
    start = time.perf_counter()
    with pytest.raises(WireViolation):
        received(frame(b"\xdd\x00\xff\xff\xff" * 1000, 1000))
    assert time.perf_counter() - start < 0.5


def test_a_frame_of_too_many_tokens_is_refused():
    with pytest.raises(WireViolation):
        received(frame(b"\x01" * 100, 100), WireLimits(nodes=50))


def test_a_closed_end_is_a_dead_candidate():
    for data in (b"", b"\0\0", struct.pack(">II", 10, 1) + b"12"):
        with pytest.raises(CandidateDied):
            received(data)


def test_silence_and_a_slow_trickle_end_at_the_deadline():
    for data in (b"", b"\0\0", struct.pack(">II", 10, 1) + b"12"):
        start = time.perf_counter()
        with pytest.raises(CandidateHung):
            received(data, close=False)
        assert time.perf_counter() - start < 1


def test_a_reader_that_does_not_read_cannot_hold_the_sender_up():
    here, there = socket.socketpair()
    with here, there, pytest.raises(CandidateHung):
        Wire(here, LIMITS).send([b"x" * 10_000_000], time.monotonic() + 0.1)


def test_an_interrupt_while_waiting_loses_no_bytes():
    here, there = socket.socketpair()

    class Stop(BaseException):
        pass

    pauses = [Stop(), None, None]

    def pause():
        if error := pauses.pop(0):
            raise error
        return contextlib.nullcontext()

    with here, there:
        body = msgpack.packb("hello")
        here.sendall(frame(body)[:6])
        wire = Wire(there, LIMITS, pause)
        with pytest.raises(Stop):
            wire.receive(None)
        here.sendall(frame(body)[6:])
        assert wire.receive(None) == ["hello"]
