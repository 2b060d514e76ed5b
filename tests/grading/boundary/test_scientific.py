"""Numbers of sympy and mpmath and pandas' times keep their kind across the boundary; no false one is made of bytes."""

from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from importlib import import_module
from typing import Any

import pandas
import pytest
import sympy

from course import checks
from course.grading.boundary import CandidateClient, Reference
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.transport.wire import WireLimits, WireViolation
from tests.grading.boundary.pair import examinee

STUDENT = """
def same(x): return x
def kind(x): return type(x).__name__
"""
mpmath = import_module("mpmath")  # it comes with sympy


@pytest.fixture(scope="module")
def student() -> Iterator[CandidateClient]:
    with examinee(STUDENT) as end:
        yield end


VALUES: list[Any] = [
    sympy.Integer(7), sympy.Rational(1, 3), sympy.Float(6), sympy.Float("-0.1", 50), sympy.Float(0),
    mpmath.mpf(6), mpmath.mpf("-0.1"), mpmath.mpf(0), pandas.Timestamp("2024-02-29 10:00"),
    pandas.Timestamp("2024-02-29 10:00", tz=UTC), pandas.Timestamp("2024-07-01 10:00", tz="Europe/Berlin"),
    pandas.Timestamp("2024-01-01", tz=timezone(timedelta(hours=2))), pandas.Timedelta("3h"), pandas.Timedelta(-5, "ns"),
    {pandas.Timestamp("2024-01-01", tz="UTC"): [pandas.Timestamp("2024-01-02")], pandas.Timedelta(1): 1},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_itself_and_of_its_own_class(student: CandidateClient, value: Any) -> None:
    back = student.name("same")(value)
    assert back == value
    assert type(back) is type(value)
    assert repr(back) == repr(value)
    assert student.name("kind")(value) == type(value).__name__


@pytest.mark.parametrize("value", [pandas.NaT, pandas.NA], ids=str)
def test_a_mark_for_what_is_missing_is_itself(student: CandidateClient, value: Any) -> None:
    assert student.name("same")(value) is value
    assert student.name("same")({"a": [value]})["a"][0] is value


def test_a_set_may_hold_a_moment_that_is_missing(student: CandidateClient) -> None:
    assert student.name("same")({pandas.NaT}) == {pandas.NaT}


@pytest.mark.parametrize("value", [sympy.Float(2) ** 20_000, mpmath.mpf("inf"), mpmath.mpf("nan")], ids=str)
def test_a_number_beyond_the_caps_or_without_a_mantissa_is_not_rebuilt(student: CandidateClient, value: Any) -> None:
    module, text = type(value).__module__.partition(".")[0], str(value)
    source = f"def make(text):\n    import sympy, mpmath\n    return {module}.{type(value).__name__}(text)"
    assert type(student.there_source(source, "make", (text,))) is Reference


@pytest.mark.parametrize(
    ("got", "expected"), [(sympy.Integer(7), 7), (sympy.Float(6), 6.0), (mpmath.mpf(6), 6.0)], ids=repr
)
def test_checks_take_such_a_number_for_the_number_that_it_is(student: CandidateClient, got: Any, expected: Any) -> None:
    checks.close(student.name("same")(got), expected)
    checks.equal(student.name("same")(got), expected)
    with pytest.raises(checks.CheckFailed):
        checks.close(student.name("same")(got), expected + 1)


FALSE: list[tuple[Any, ...]] = [
    ("sympy", 1, 0), ("sympy", "str", "a", 1), ("Timestamp", "Y", 1, False), ("Timestamp", "s", -(1 << 63), False),
    ("Timestamp", "s", 1, True, "", "", 1 << 60), ("Timedelta", "Y", 1), ("Timedelta", "s", -(1 << 63)), ("Float", 1, 0, 0),
    ("Float", 1, 1 << 40, 53), ("Float", 1, 0, 1 << 40), ("mpf", "int", b"\1" * 600, 0, 53), ("mpf", 1.0, 0, 53), ("mpf", 1, -20_000, 53),
]  # fmt: skip


@pytest.mark.parametrize("tokens", FALSE, ids=repr)
def test_tokens_of_no_such_value_are_refused(tokens: tuple[Any, ...]) -> None:
    reader = Reader(list(tokens), WireLimits(), {})
    with pytest.raises(WireViolation):
        reader.value()
