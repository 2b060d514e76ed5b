"""Everyday values keep their kind on the way to the test and to the student's code, and no false one is made of bytes."""

import enum
import random
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from course import checks
from course.grading.boundary import CandidateClient, Reference
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.everyday import StudentsPath, read_member
from course.grading.boundary.transport.wire import WireLimits, WireViolation
from tests.grading.boundary.pair import examinee

STUDENT = """
import datetime, enum, fractions, pathlib, collections
from collections import *
class Color(enum.Enum):
    RED = 1
    GREEN = "g"
class Level(enum.IntEnum):
    LOW = 1
def same(x): return x
def kind(x): return type(x).__name__
def copied(x): return x.copy()
def red(): return Color.RED
def shade(c): return c is Color.GREEN
def level(): return Level.LOW
def home(): return pathlib.Path("data") / "x.txt"
def write(): pathlib.Path("/tmp/of-the-boundary-tests.txt").write_text("hello"); return pathlib.Path("/tmp/of-the-boundary-tests.txt")
def groups():
    d = defaultdict(lambda: 7); d["a"] = 1
    return d
def count(c): c["a"] += 1; c.update("ab")
def append_x(b): b.extend(b"x")
def made(): return bytearray(b"ab")
def push(d): d.appendleft(0)
def move(d): d.move_to_end("a")
def grow(d): d["new"].append(1)
class Bits(enum.Flag):
    ONE = 1
def bits(): return {Bits.ONE: 1}
class Day(datetime.date): pass
def days(): return [{Day(2024, 1, 1)}, {fractions.Fraction(1, 3 ** 9999): 1}]
class OwnZone(datetime.tzinfo):
    def utcoffset(self, moment): return datetime.timedelta(hours=3)
    def tzname(self, moment): return "Moscow"
    def dst(self, moment): return None
def moment(): return datetime.datetime(2024, 1, 1, tzinfo=OwnZone())
class Rate(enum.Enum):
    HALF = same
    FULL = [1]
def rate(): return Rate.FULL
"""
Point = namedtuple("Point", "x y")


@pytest.fixture(scope="module")
def student() -> Iterator[CandidateClient]:
    with examinee(STUDENT) as end:
        yield end


VALUES: list[Any] = [
    Fraction(-7, 2), Decimal("1.50"), Decimal("-1E+20"), Decimal("Infinity"), 1 + 2j,
    date(2024, 2, 29), datetime(2024, 2, 29, 13, 5, 7, 9), datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=-5))),
    datetime(2024, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")), datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=-5), "EST")),
    datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1), time(1, 2, tzinfo=UTC), time(1, 2, tzinfo=ZoneInfo("Asia/Tokyo")),
    {datetime(2024, 1, 1, tzinfo=UTC)}, time(1, 2, 3, 4), timedelta(days=-1, microseconds=5), PurePosixPath("a/b.txt"),
    Counter("abca"), Counter(a=-1), OrderedDict(b=1, a=2), defaultdict(int, a=1), defaultdict(list, a=[1]), deque([1, 2], 3),
    deque(), Counter(), Point(1, Fraction(1, 2)), np.float32(1.5), {Fraction(1, 2): 1, date(2024, 1, 1): 2}, {Decimal(1)},
    [Fraction(1, 2), (date(2024, 1, 1),)], OrderedDict(), defaultdict(None, a=1),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_itself_and_of_its_own_class(student: CandidateClient, value: Any) -> None:
    back = student.name("same")(value)
    assert back == value
    assert type(back).__name__ == type(value).__name__
    assert repr(back) == repr(value)
    assert student.name("kind")(value) == type(value).__name__
    if not isinstance(value, Point):
        assert type(back) is type(value)


def test_an_array_keeps_its_mask(student: CandidateClient) -> None:
    array = np.ma.MaskedArray([[1.0, 2.0], [3.0, 4.0]], mask=[[0, 1], [0, 0]])
    back = student.name("same")(array)
    assert type(back) is np.ma.MaskedArray
    assert back.tolist() == array.tolist()
    assert student.name("same")(np.ma.masked) is np.ma.masked


def test_a_bytearray_is_changed_in_place_and_comes_back_as_one(student: CandidateClient) -> None:
    given = bytearray(b"abc")
    assert student.name("same")(given) is given
    student.name("append_x")(given)
    assert given == b"abcx"
    assert type(student.name("made")()) is bytearray


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (np.array([None, 1]), "an array of dtype object"),
        (
            np.array([(1, 2.0)], dtype=[("a", "i8"), ("b", "f8")]),
            r"an array of dtype \[\('a', '<i8'\), \('b', '<f8'\)\]",
        ),
        (random.Random(1), "an object of type random.Random"),
        (memoryview(b""), "an object of type memoryview"),
        ([1, {"a": random.Random(1)}], "an object of type random.Random"),
    ],
    ids=["objects", "fields", "a generator", "a view", "a generator within"],
)
def test_what_cannot_be_handed_over_is_named(student: CandidateClient, value: Any, named: str) -> None:
    with pytest.raises(TypeError, match=f"^{named} cannot be handed to the student's code as it is: pass plain data"):
        student.name("same")(value)


def test_a_zone_of_the_students_own_making_is_one_with_its_offset_and_name(student: CandidateClient) -> None:
    moment = student.name("moment")()
    assert moment == datetime(2023, 12, 31, 21, tzinfo=UTC)
    assert moment.tzname() == "Moscow"


def test_a_key_that_is_no_data_leaves_its_container_on_the_students_side(student: CandidateClient) -> None:
    assert type(student.name("bits")()) is Reference
    days, long = student.name("days")()
    assert (type(days), type(long)) == (Reference, Reference)


ARRAYS: list[Any] = [
    np.array(True), np.array(False), np.array(3), np.array(2.5), np.array(1j), np.array("x"), np.array(b"x"), np.array(3, np.int8),
    np.array(3, np.float16), np.array(np.datetime64("2024-01-01")), np.array(np.timedelta64(3, "h")), np.array([], bool), np.array([]),
    np.zeros((0, 3)), np.zeros((2, 0), bool), np.array([], "U3"), np.array([], "M8[D]"), np.array(["2024-01-01", "NaT"], "M8[ns]"),
    np.array([1, 2], "m8[25s]"), np.array([True, False]), np.longdouble(2), np.array([1, 2], ">i4"), np.array(["ab", "c"]),
]  # fmt: skip


@pytest.mark.parametrize("value", ARRAYS, ids=repr)
def test_an_array_of_any_size_and_dtype_comes_back_as_one(student: CandidateClient, value: Any) -> None:
    given = value.copy()
    back = student.name("same")([given])[0]
    made = student.name("copied")(given)
    for one in (back, made):
        assert (type(one), one.dtype, one.shape) == (type(value), value.dtype, value.shape)
        assert repr(one) == repr(value)


@pytest.mark.parametrize(
    "value",
    [np.datetime64("2024-01-01"), np.datetime64("NaT"), np.timedelta64(3, "D"), np.bool_(True), np.str_("x")],
    ids=repr,
)
def test_a_scalar_of_numpys_comes_back_as_one(student: CandidateClient, value: Any) -> None:
    assert repr(student.name("copied")(value)) == repr(value)


def test_a_matrix_stays_one(student: CandidateClient) -> None:
    back = student.name("same")(np.matrix([[1, 2], [3, 4]]))
    assert type(back) is np.matrix
    assert (back * back).tolist() == [[7, 10], [15, 22]]


def test_a_mapping_keeps_its_order_its_factory_and_its_length(student: CandidateClient) -> None:
    made = OrderedDict(a=1, b=2)
    made.move_to_end("a")
    assert list(student.name("same")(made)) == ["b", "a"]
    assert student.name("same")(defaultdict(list))["x"] == []
    assert student.name("same")(deque([1, 2], 2)).maxlen == 2
    groups = student.name("groups")()  # its factory is the student's, and no code of theirs runs here
    assert (groups, groups.default_factory) == ({"a": 1}, None)


def test_a_container_that_the_student_changes_is_changed_here(student: CandidateClient) -> None:
    counter, ends, order, groups = Counter("a"), deque([1], 2), OrderedDict(a=1, b=2), defaultdict(list)
    student.name("count")(counter)
    student.name("push")(ends)
    student.name("move")(order)
    student.name("grow")(groups)
    assert counter == Counter(a=3, b=1)
    assert ends == deque([0, 1], 2)
    assert list(order) == ["b", "a"]
    assert groups == {"new": [1]}


def test_a_member_of_the_students_enumeration_is_a_member_here_and_itself(student: CandidateClient) -> None:
    red, color = student.name("red")(), student.name("Color")
    assert isinstance(red, enum.Enum)
    assert (red.name, red.value, type(red).__name__) == ("RED", 1, "Color")
    assert red is color.RED is color["RED"] is color(1)
    assert red != color.GREEN
    assert [one.name for one in color] == ["RED", "GREEN"]
    assert {red: 1}[color.RED] == 1
    assert student.name("shade")(color.GREEN) is True
    assert student.name("level")() == 1


def test_a_member_of_the_courses_own_enumeration_is_that_one(student: CandidateClient) -> None:
    Color = enum.Enum("Color", {"RED": 1, "GREEN": "g"})
    before = student.readers["member"]
    student.readers["member"] = partial(read_member, {"Color": Color}.get)
    try:
        assert student.name("red")() is Color.RED
        assert student.name("shade")(Color.GREEN) is True
    finally:
        student.readers["member"] = before


def test_an_enumeration_of_what_is_no_plain_data_stays_a_reference(student: CandidateClient) -> None:
    assert type(student.name("rate")()) is Reference


def test_a_path_of_the_students_is_data_and_its_file_is_theirs(student: CandidateClient) -> None:
    path = student.name("home")()
    assert path == Path("data/x.txt")
    assert (path.name, path.suffix, path.parts, str(path)) == ("x.txt", ".txt", ("data", "x.txt"), "data/x.txt")
    assert path.parent / "y" == Path("data/y")
    assert path.exists() is False
    written = student.name("write")()
    assert written.read_text() == "hello"
    assert student.name("same")(written) == written
    assert student.name("kind")(written) == "PosixPath"
    assert type(written) is StudentsPath
    written.unlink()
    assert student.name("kind")(Path("a")) == "PosixPath"


@pytest.mark.parametrize(
    ("got", "expected"),
    [(Fraction(7, 2), 3.5), (Decimal("0.1"), 0.1), ([Fraction(1, 2), Decimal(1)], [0.5, 1.0])],
    ids=repr,
)
def test_checks_take_such_a_number_for_the_number_that_it_is(student: CandidateClient, got: Any, expected: Any) -> None:
    checks.close(student.name("same")(got), expected)
    checks.equal(student.name("same")(got), expected)
    with pytest.raises(checks.CheckFailed):
        checks.close(student.name("same")(got), np.asarray(expected) + 1)


def test_checks_do_not_look_behind_a_mask() -> None:
    with pytest.raises(checks.CheckFailed, match="masked"):
        checks.close(np.ma.MaskedArray([1.0], mask=[True]), [1.0])
    checks.close(np.ma.MaskedArray([1.0], mask=[False]), [1.0])


FALSE: list[tuple[Any, ...]] = [
    ("Fraction", 1, 0), ("Fraction", 1, -2), ("Fraction", 1.0, 2), ("Fraction", True, 2), ("Fraction", "int", b"\1" * 600, 1),
    ("Decimal", "x"), ("Decimal", "1E999999"), ("Decimal", "1" * 2000), ("Decimal", 3), ("Decimal", "1_0"), ("Decimal", "\u0661"),
    ("Decimal", "1E99999"), ("date", 0), ("date", 1 << 62), ("datetime", 2024, 13, 1, 0, 0, 0, 0, 0, False),
    ("datetime", 2024, 1, 1, 0, 0, 0, 0, 0, True, "", "", 1 << 62), ("datetime", 2024, 1, 1, 0, 0, 0, 0, 0, "str", "UTC"),
    ("datetime", 2024, 1, 1, 0, 0, 0, 0, 0, True, "../../etc/passwd", "", 1 << 62), ("time", 1, 0, 0, 0, 0, True, "", "x" * 1000, 0),
    ("time", 1, 0, 0, 0, 0, True, "UTC", "", 1.5), ("time", 25, 0, 0, 0, 0, False), ("timedelta", 1 << 62, 0, 0),
    ("Counter", 0), ("Counter", 1, 5), ("Counter", 2, None, 1), ("Counter", 3, None, "list", 0, 1), ("OrderedDict", 2, None, 1),
    ("defaultdict", 1, "list", 0), ("deque", 0), ("deque", 2, 0, 1), ("deque", 1, -1), ("deque", 1, 1 << 40), ("deque", 1, True),
    ("masked", "<f8", 1, 2, b"12345678", b"\0"), ("masked", "|O", 0, b"12345678", b"\0"), ("masked", "<f8", 0, b"12345678", b""),
    ("path", 3), ("path", "a\0b"), ("path", "x" * 10_000),
    ("member", "C", "A", 0), ("member", "C", "B", 1, "A", 1), ("member", "C", "A", 2, "A", "A", 1, 2), ("member", "C", "mro", 1, "mro", 1),
    ("member", "__x", "A", 1, "A", 1), ("member", "C", "__a", 1, "__a", 1), ("member", "C", "A", 1, "A", "list", 0),
    ("bytearray", 3), ("set", 1, "Decimal", "sNaN"), ("matrix", "<f8", 1, 1, b"12345678"),
]  # fmt: skip


@pytest.mark.parametrize("tokens", FALSE, ids=repr)
def test_tokens_of_no_such_value_are_refused(tokens: tuple[Any, ...]) -> None:
    reader = Reader(list(tokens), WireLimits(), {})
    with pytest.raises(WireViolation):
        reader.value()


ZONES = """
from datetime import *
class Z(tzinfo):
    zone = "Europe/Berlin"
    def __init__(self, minutes): self.minutes = minutes
    def utcoffset(self, moment): return timedelta(minutes=self.minutes)
def at(minutes): return datetime(2024, 1, 1, 12, tzinfo=Z(minutes))
"""


def test_a_zone_of_its_own_class_needs_no_name_and_is_anothers_only_with_its_offset() -> None:
    with examinee(ZONES) as student:
        berlin, long_ago = student.name("at")(60), student.name("at")(53)
    assert berlin == datetime(2024, 1, 1, 11, tzinfo=UTC)
    assert str(berlin.tzinfo) == "Europe/Berlin"
    assert long_ago == datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(minutes=53)))
