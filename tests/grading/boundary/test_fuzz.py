"""Whatever crosses: it ends in time, the test gets data or an error and nothing else, and no neighbour is touched.

`make fuzz` tries many times as many examples (the profile `fuzz` of tests/conftest.py).
"""

import socket
import struct
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given

from course.grading.boundary import CandidateClient, CandidateEnded, Reference, StudentError, WireLimits
from course.grading.boundary.codec.decoder import READERS, Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.codec.everyday import StudentsPath
from course.grading.boundary.transport.wire import TOKENS, Wire

LIMITS = WireLimits()
IN_TIME_S = 5.0
TAGS = sorted({*READERS, "replica", "tensor", "array", "reference", "mine", "students path"})
WORDS = [*TAGS, "float32", "int64", "bool", "<f8", "|b1", "<U2", "cpu", "RED", "Color", "a", "1.5", "NaN", "int", "ms"]
Scalar = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=3)
    | st.binary(max_size=16)
    | st.sampled_from([b"\0" * 8, b"\xff" * 4, b"\1" * 5056])
)
Key = (
    st.text(max_size=3)
    | st.integers()
    | st.fractions()
    | st.dates()
    | st.decimals(allow_nan=False, places=3)
    | st.booleans()
)
Leaf = (
    Key
    | st.none()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.binary(max_size=9)
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.builds(lambda n: np.float32(n), st.integers(-9, 9))
)
Plain = st.recursive(
    Leaf,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(Key, inner, max_size=3)
        | st.sets(Key, max_size=3)
        | st.builds(deque, st.lists(inner, max_size=3))
        | st.builds(OrderedDict, st.lists(st.tuples(Key, inner), max_size=3))
        | st.builds(Counter, st.lists(Key, max_size=4))
    ),
    max_leaves=12,
)


def tokens_of(value: Any) -> list[Any]:
    writer = Writer(LIMITS, lambda writer, other: writer.put(None), {})
    writer.value(value)
    return writer.tokens


@st.composite
def edited(draw: st.DrawFn) -> list[Any]:
    """The tokens of an honest value, with a few of them changed, left out, doubled or put in."""
    tokens = list(draw(st.builds(tokens_of, Plain)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(tokens)))
        tokens[place : place + draw(st.integers(0, 2))] = draw(st.lists(Scalar, max_size=2))
    return tokens


Anything = edited() | st.lists(Scalar, max_size=25)
News = st.just([-1, 0, 0, 0, 0]) | st.lists(st.integers(-2, 6) | Scalar, max_size=12)
EXACT = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice, type(None), type(...))


class Line:
    """An examiner's end whose candidate is a script of bytes."""

    def __init__(self) -> None:
        here, self.there = socket.socketpair()
        self.there.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        self.wire = Wire(self.there, LIMITS)
        self.examinee = CandidateClient(here, limits=LIMITS, call_deadline_s=1)

    def asks(self, given: Any) -> Any:
        """What comes of a call with that value, once the script is over."""
        self.there.shutdown(socket.SHUT_WR)
        start = time.monotonic()
        try:
            return self.examinee.ask("call", given, len)
        except (CandidateEnded, StudentError) as error:
            return error
        finally:
            assert time.monotonic() - start < IN_TIME_S
            self.examinee.close()
            self.there.close()


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Line]:
    line = Line()
    yield line
    line.examinee.close()
    line.there.close()


def assert_unharmed(neighbour: Line, secret: list[int]) -> None:
    number = neighbour.examinee._number + 1
    neighbour.wire.send([1, number, "list", 2, 1, "str", "a", -1, 0, 0, 0, 0, ""], time.monotonic() + 5)
    assert neighbour.examinee.name("x") == [1, "a"]
    neighbour.there.recv(1 << 20)
    assert secret == [31, 41]


def assert_is_data(value: Any) -> None:
    kind = type(value)
    assert not kind.__module__.startswith("__main__")
    if kind in (list, tuple, set, frozenset, deque):
        for item in value:
            assert_is_data(item)
    elif kind in (dict, OrderedDict):
        assert_is_data([part for pair in value.items() for part in pair])
    else:
        known = (
            kind in EXACT or kind in (Reference, StudentsPath, torch.Tensor, np.ndarray) or isinstance(value, Exception)
        )
        assert known or kind.__module__.split(".")[0] in (
            *(
                "fractions",
                "decimal",
                "datetime",
                "collections",
                "pathlib",
                "numpy",
                "torch",
                "enum",
                "builtins",
                "sympy",
            ),
            *("course", "pandas"),  # what is made here: named tuples and enumerations
        )


@given(Anything, News)
def test_an_answer_of_any_tokens_is_data_or_an_error(neighbour: Line, tokens: list[Any], news: list[Any]) -> None:
    line, secret, given_ = Line(), [31, 41], [1.5, torch.ones(2), {"a": np.ones(1)}]
    line.wire.send([1, 1, *tokens, *news, ""], time.monotonic() + 5)
    assert_is_data(line.asks(given_))
    assert_unharmed(neighbour, secret)


@given(st.sampled_from(["call", "get", "item", "len", "iterator", "next", "gradient", "there", "name"]), Anything, News)
def test_a_request_of_any_tokens_does_nothing_that_was_not_opened(
    neighbour: Line, op: str, tokens: list[Any], news: list[Any]
) -> None:
    line, secret = Line(), [31, 41]
    line.wire.send([0, 1, op, True, *tokens, *news, ""], time.monotonic() + 5)
    line.wire.send([1, 1, None, -1, 0, 0, 0, 0, ""], time.monotonic() + 5)
    assert_is_data(line.asks([1, 2]))
    assert_unharmed(neighbour, secret)


@given(st.lists(Scalar, min_size=1, max_size=12))
def test_a_message_of_any_tokens_ends_in_data_or_an_error(neighbour: Line, tokens: list[Any]) -> None:
    line, secret = Line(), [31, 41]
    line.wire.send(tokens, time.monotonic() + 5)
    assert_is_data(line.asks(3))
    assert_unharmed(neighbour, secret)


@given(
    st.binary(max_size=60)
    | st.builds(lambda body, n: struct.pack(">II", len(body), n) + body, st.binary(max_size=60), st.integers(0, 9))
)
def test_any_bytes_end_in_an_error(neighbour: Line, data: bytes) -> None:
    line, secret = Line(), [31, 41]
    line.there.sendall(data)
    assert isinstance(line.asks(3), CandidateEnded | StudentError)
    assert_unharmed(neighbour, secret)


@given(Plain)
def test_what_the_test_sends_arrives_as_it_was(value: Any) -> None:
    tokens = tokens_of(value)
    assert all(type(token) in TOKENS for token in tokens)
    reader = Reader(tokens, LIMITS, {})
    back = reader.value()
    reader.end()
    assert type(back) is type(value)
    assert repr(back) == repr(value) or back == value
