"""Attacks on answers that are judged by the data in them: containers, tables, times, numbers and texts of other classes.

The student's side says what such an object holds, and of what kind it is. Whatever it says is data, the same at each
look, and agrees with nothing that it does not hold. All attempts are handed in together, as one notebook.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from nbformat import NotebookNode

from course.grading.boundary.codec import contents
from course.grading.system import tree
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.exam_fixture import Room, scores
from tests.grading.notebooks import answer, graded, locked, notebook

SETUP = "import numpy as np\nfrom datetime import datetime, timedelta, timezone, tzinfo"
# What a hostile student's side does with objects of its own: any kind, and any data, which may be other data each time.
LYING = """
import itertools, pandas as pd
from collections import UserDict, UserList, UserString, namedtuple
from course.grading.boundary.codec import contents
from course.grading.boundary.ends import candidate
class Lie:
    def __init__(self, kind, *parts): self.kind, self.parts = kind, iter(itertools.chain(parts, itertools.repeat(parts[-1])))
    def own(self): return 1
    def pop(self, *a): return 6
real_kind, real_taken = contents.kind_of, contents.taken
contents.kind_of = lambda v: v.kind if type(v) is Lie else real_kind(v)
candidate._OPERATIONS["content"] = lambda v: next(v.parts) if type(v) is Lie else real_taken(v)
class Agreeable:
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *a: True
    __sub__ = __rsub__ = __add__ = __mul__ = __abs__ = lambda *a: 0.0
    __float__ = lambda s: 6.0
    __int__ = __index__ = __hash__ = lambda s: 6
yes = Agreeable()
"""
PLAIN = "def f(x): return 3 * x"
IN_LIST, IN_DICT, IN_SET, TEXT = (
    f"def f(x): return {held}" for held in ("[3 * x]", "{3 * x: 1}", "{3 * x}", "str(3 * x)")
)
SORTED = "def f(x): return sorted(x)"
VECTOR = "x = np.array([0.0, 1.0, 2.0])\n"
BOOLS = "(f(1) == 3) + (f(2) == 6)"
MOMENT = "def f(): return datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))"
AT_ELEVEN = "assert f() == datetime(2024, 1, 1, 11, tzinfo=timezone.utc)"


@dataclass(frozen=True)
class Attempt:
    """An exercise by its test, an answer that is wrong, and one that is right."""

    test: str
    wrong: str
    right: str = PLAIN
    points: int = 1


def own(base: str, method: str, value: str = "6") -> str:
    """A class with a method of its own, so that it stays on the student's side, and one that is overridden."""
    return f"class A({base}):\n    def own(s): pass\n    def {method}(s, *a): return {value}\ndef f(x): return A()"


def lie(kind: str, *parts: str) -> str:
    return f"def f(*x): return Lie('{kind}', {', '.join(parts)})"


ATTEMPTS = {
    # Data that is other data at each look.
    "a list that is another at each fetch": Attempt("y = f([3, 1, 2])\nassert sorted(y) == [1, 2, 3]\nassert all(a <= b for a, b in zip(y, y[1:]))", lie("list", "[3, 1, 2]", "[]"), SORTED),
    "a list that is another when its length is known": Attempt("y = f([3, 1, 2])\nassert len(y) == 3\nassert y[0] <= y[1] <= y[2] and y[0] == 1", lie("list", "[3, 1, 2]", "[1, 2, 3]"), SORTED),
    "a dict that is another at each fetch": Attempt("y = f(2)\nassert set(y) == {6}\nassert y[6] == 1", lie("dict", "{6: 0}", "{6: 1}"), IN_DICT),
    "a table that is another at each fetch": Attempt("y = f(np.array([2, 1]))\nassert list(y) == [1, 2]\nassert y[0] < y[1]", lie("pandas.Series", "(('', np.array([2, 1])), ('range', range(2), None), None)", "(('', np.array([1, 2])), ('range', range(2), None), None)"), "def f(x): return np.sort(x)"),
    "two lists of which each waits for the other": Attempt("a, b = f(12)\nassert sum(a) * sum(b) == 12\nassert sum(a) + sum(b) == 7", "def f(x): return Lie('list', [12], [3]), Lie('list', [1], [4])", "def f(x): return [1, 2], [4]"),
    "a view of a dict that goes on changing": Attempt("y = f()\nassert len(y) == 2\nassert len(set(y)) == 2", "d = {1: 0}\ndef f():\n    return Lie('dict_keys', {1: 0, 2: 0}, {1: 0}) if not d else Lie('dict_values', [1, 1], [1, 2])", "def f(): return {1: 0, 2: 0}.keys()"),
    "a memory that is written while it is looked at": Attempt("y = f()\nassert bytes(y) != b'ab'\nassert sorted(bytes(y)) == [97, 98]", lie("memoryview", "b'ab'", "b'ba'"), "def f(): return b'ba'"),
    # Methods that a container's class overrides.
    "a dict of its own class that gives any key up": Attempt("assert f(2).pop(6) == 1", own("dict", "pop", "1"), IN_DICT),
    "a dict that sets as asked": Attempt("assert f(2).setdefault(6, 9) == 1", own("dict", "setdefault", "1"), IN_DICT),
    "a dict that gives any item up": Attempt("assert f(2).popitem() == (6, 1)", own("dict", "popitem", "(6, 1)"), IN_DICT),
    "a dict that gets as asked": Attempt("assert f(2).get(6) == 1", own("dict", "get", "1"), IN_DICT),
    "a dict whose items are as asked": Attempt("assert list(f(2).items()) == [(6, 1)]", own("dict", "items", "[(6, 1)]"), IN_DICT),
    "a dict of no key that has them all": Attempt("assert f(2)[6] == 1", "from collections import defaultdict\ndef f(x): return defaultdict(lambda: 1)", IN_DICT),
    "a list that gives up what it has not": Attempt("assert f(2).pop() == 6", own("list", "pop"), IN_LIST),
    "a list that loses what it has not": Attempt("y = f(2)\ny.remove(6)\nassert len(y) == 0", own("list", "remove"), IN_LIST),
    "a list of its own class that counts as asked": Attempt("assert f(2).count(6) == 1", own("list", "count", "1"), IN_LIST),
    "a list that finds as asked": Attempt("assert f(2).index(6) == 0", own("list", "index", "0"), IN_LIST),
    "a set that gives up what it has not": Attempt("assert f(2).pop() == 6", own("set", "pop"), IN_SET),
    "a set of its own class that lies within any other": Attempt("assert f(2).issubset({6}) and f(2)", own("set", "issubset", "True"), IN_SET),
    "a list of another kind than it is": Attempt("assert f(2).pop() == 6", lie("list", "[]"), IN_LIST),
    "a UserDict that gives any key up": Attempt("assert f(2).pop(6) == 1", own("UserDict", "pop", "1"), IN_DICT),
    "a UserList whose data is as asked": Attempt("y = f([3, 1, 2])\nassert sorted(y) == [1, 2, 3] and y[0] == 1", "class A(UserList):\n    seen = 0\n    def __init__(s): pass\n    @property\n    def data(s):\n        A.seen += 1\n        return [3, 1, 2][3 * (A.seen % 2):]\ndef f(x): return A()", SORTED),
    "a UserString that is what it is not": Attempt("assert f(2).upper() == '6'", own("UserString", "upper", "'6'").replace("A()", "A('5')"), TEXT),
    # Classes that lie.
    "an object whose class is list": Attempt("y = f(2)\nassert isinstance(y, list) and y == [6]", "class A(Agreeable):\n    __class__ = list\ndef f(x): return A()", IN_LIST),
    "a list with methods of its own that equals everything": Attempt("assert f(2) == [6]", own("list", "__eq__", "True"), IN_LIST),
    "a list whose metaclass lies": Attempt("y = f(2)\nassert isinstance(y, list) and y == [6]", "class M(type):\n    __instancecheck__ = __subclasscheck__ = __eq__ = lambda *a: True\n    __hash__ = type.__hash__\nclass A(list, metaclass=M):\n    def own(s): pass\ndef f(x): return A()", IN_LIST),
    "parts of another kind": Attempt("assert f(2) == {6}", lie("set", "[6, yes]"), IN_SET),
    "a table of parts that are no table": Attempt("assert list(f(2)) == [6]", lie("pandas.Series", "[6]"), IN_LIST),
    "a named tuple whose fields are properties": Attempt("y = f(6)\nassert y.low * y.high == 6 and y.low + y.high == 5", "class A(namedtuple('A', 'low high')):\n    seen = 0\n    @property\n    def low(s):\n        A.seen += 1\n        return 2 + 4 * (A.seen % 2)\ndef f(x): return A(6, 1)", "from collections import namedtuple\ndef f(x): return namedtuple('A', 'low high')(2, 3)"),
    "a text of its own": Attempt("assert f(2).strip() == '6'", own("str", "strip", "'6'"), TEXT),
    "a text that joins as asked": Attempt("assert f(2).join(['a', 'b']) == 'a6b'", own("str", "join", "'a6b'"), TEXT),
    "bytes of its own": Attempt("assert f(2).decode() == '6'", own("bytes", "decode", "'6'"), "def f(x): return b'%d' % (3 * x)"),
    "a number that rounds as asked": Attempt("assert round(f(2)) == 6", own("float", "__round__")),
    "a number with the sign that is asked": Attempt("assert -f(2) == -6 and f(2) > 0", own("int", "__neg__", "-6")),
    "a number whose text is as asked": Attempt("assert f'{f(2)}' == '6'", own("int", "__format__", "'6'")),
    # Items that lie.
    "a list of what equals everything": Attempt("assert f(2) == [6]", lie("list", "[yes]"), IN_LIST),
    "a list that holds what equals everything": Attempt("assert 6 in f(2)", lie("list", "[yes]"), IN_LIST),
    "a value that equals everything": Attempt("assert f(2)[6] == 1", lie("dict", "{6: yes}"), IN_DICT),
    "the greatest of what is greater than everything": Attempt("assert max(f(2)) >= 6", lie("list", "[yes, 0]"), IN_LIST),
    "an array of what equals everything": Attempt(VECTOR + "assert (f(x) == 3 * x).all()", "def f(x): return np.array([yes] * 3, object)"),
    "an array of what differs from nothing": Attempt(VECTOR + "assert np.abs(f(x) - 3 * x).max() < 1e-6", "def f(x): return np.array([yes] * 3, object)"),
    "an array without axes of what equals everything": Attempt("assert f(2) == 6", "def f(x): return np.array(yes, object)"),
    "an array of floats as asked": Attempt(VECTOR + "assert np.allclose(np.array(f(x), float), 3 * x)", "def f(x): return np.array([yes] * 3, object)"),
    "a column of what equals everything": Attempt("assert (f(2) == 6).all()", lie("pandas.Series", "(('', [yes]), ('range', range(1), None), None)"), "def f(x): return np.array([3 * x])"),
    "a list within itself": Attempt("y = f(2)\nassert y == [6]", "class A(list):\n    def own(s): pass\ndef f(x):\n    a = A()\n    a.append(a)\n    return a", IN_LIST),
    "two lists within each other": Attempt("a, b = f(2)\nassert a == b", "class A(list):\n    def own(s): pass\ndef f(x):\n    a = A()\n    b = A([a])\n    a.append(b)\n    return a, b", "def f(x): return [x], [x]"),
    # What agrees with anything since it is not there.
    "a mask over everything": Attempt(VECTOR + "np.testing.assert_allclose(f(x), 3 * x)", "def f(x): return np.ma.masked_all(3)"),
    "a mask over all that is not nought": Attempt(VECTOR + "assert np.allclose(f(x), 3 * x)", "def f(x): return np.ma.masked_not_equal(x, 0)"),
    "a mask in a difference": Attempt(VECTOR + "assert abs(f(x) - 3 * x).max() < 1e-6", "def f(x): return np.ma.masked_not_equal(x, 0)"),
    "a mask over whole numbers": Attempt("x = np.arange(3)\nassert (f(x) == 3 * x).all()", "def f(x): return np.ma.masked_not_equal(x, 0)"),
    "a mask over texts": Attempt("assert (f() == np.array(['a', 'b'])).all()", "def f(): return np.ma.array(['a', 'x'], mask=[False, True])", "def f(): return np.array(['a', 'b'])"),
    "what is masked in place of a number": Attempt("np.testing.assert_array_equal(f(2), 6)", "def f(x): return np.ma.masked"),
    "a mask in a list": Attempt("np.testing.assert_allclose(f(2)[0], [6.0])", "def f(x): return [np.ma.masked_all(1)]", "def f(x): return [np.array([3.0 * x])]"),
    "what pandas marks as not there": Attempt(VECTOR + "assert (f(x) == 3 * x).all()", "def f(x): return pd.array([pd.NA] * 3, dtype='Int64')"),
    "a column of what is not there": Attempt(VECTOR + "assert (f(x) == 3 * x).all()", "def f(x): return pd.Series([pd.NA] * 3, dtype='Float64')"),
    "truths that are not there": Attempt(VECTOR + "assert (f(x) == (x > 0)).all()", "def f(x): return pd.array([pd.NA] * 3, dtype='boolean')", "def f(x): return x > 0"),
    "texts that are not there": Attempt("assert (f() == np.array(['a', 'b'])).all()", "def f(): return pd.array([pd.NA] * 2, dtype='string')", "def f(): return np.array(['a', 'b'])"),
    "what is not there in a difference": Attempt(VECTOR + "assert (abs(f(x) - 3 * x) < 1e-6).all()", "def f(x): return pd.Series([pd.NA] * 3, dtype='Int64')"),
    "nan in a column": Attempt(VECTOR + "assert abs(f(x) - 3 * x).max() < 1e-6", "def f(x): return pd.Series([0, float('nan'), float('nan')])"),
    "nan in an index": Attempt(VECTOR + "assert np.max(np.abs(f(x) - 3 * x)) < 1e-6", "def f(x): return pd.Index([0, float('nan'), float('nan')])"),
    "nan in a table": Attempt("x = np.array([[0.0], [1.0]])\nassert np.max(np.abs(f(x) - 3 * x)) < 1e-6", "def f(x): return pd.DataFrame([[0.0], [float('nan')]])"),
    "None where a number is not there": Attempt(VECTOR + "assert (f(x) == 3 * x).all()", lie("pandas.IntegerArray", "('Int64', [None, None, None])")),
    # What is no number at the end of a test.
    "a column for a number": Attempt(BOOLS, "def f(x): return pd.Series([x, x])", points=2),
    "a table for a number": Attempt(BOOLS, "def f(x): return pd.DataFrame([[x, x]])", points=2),
    "an index for a number": Attempt(BOOLS, "def f(x): return pd.Index([x, x])", points=2),
    "an array of pandas' for a number": Attempt(BOOLS, "def f(x): return pd.array([x, x])", points=2),
    "an array of objects for a number": Attempt(BOOLS, "def f(x): return np.array([x, x], object)", points=2),
    "a column in a difference": Attempt("f(1) - 2", "def f(x): return pd.Series([9, 9])"),
    "a column by itself": Attempt("f(1)", "def f(x): return pd.Series([9, 9])", "def f(x): return 1"),
    # Times.
    "a zone with the offset of long ago": Attempt(AT_ELEVEN, "class Z(tzinfo):  # as pytz has it\n    zone = 'Europe/Berlin'\n    def utcoffset(s, t): return timedelta(minutes=53)\n    def tzname(s, t): return 'LMT'\ndef f(): return datetime(2024, 1, 1, 12, tzinfo=Z())", MOMENT),
    "a zone with another offset each time": Attempt(AT_ELEVEN, "class Z(tzinfo):\n    seen = 0\n    def utcoffset(s, t):\n        Z.seen += 1\n        return timedelta(hours=4 + Z.seen)\ndef f(): return datetime(2024, 1, 1, 12, tzinfo=Z())", MOMENT),
    "a zone that calls itself by another's name": Attempt(AT_ELEVEN, "class Z(tzinfo):\n    zone = 'Europe/Berlin'\n    def utcoffset(s, t): return timedelta(0)\ndef f(): return datetime(2024, 1, 1, 12, tzinfo=Z())", MOMENT),
    "a zone that equals everything": Attempt("assert f().tzinfo == timezone(timedelta(hours=1))", "class Z(Agreeable, tzinfo):\n    def utcoffset(s, t): return timedelta(hours=2)\ndef f(): return datetime(2024, 1, 1, 12, tzinfo=Z())", MOMENT),
    "a moment that equals everything": Attempt(AT_ELEVEN, "class D(Agreeable, datetime): pass\ndef f(): return D(2020, 1, 1)", MOMENT),
    "a moment that is none": Attempt("assert f() == np.datetime64('2024-01-01')", "def f(): return pd.NaT", "def f(): return np.datetime64('2024-01-01')"),
    "a span that equals everything": Attempt("assert f() == timedelta(1)", "class D(timedelta):\n    __eq__ = lambda s, o: True\ndef f(): return D(2)", "def f(): return timedelta(1)"),
}  # fmt: skip


LISTS_IN_LISTS = "class A(list):\n    def own(s): pass\ndef f(x):\n    a = A([1])\n    for _ in range(60): a = A([a, a])\n    return a"
# What would take for ever, or more memory than there is, to be looked at.
ENDLESS = {
    "a text of lists in lists": Attempt("assert str(f(2)) == '[6]'", LISTS_IN_LISTS, IN_LIST),
    "a comparison of lists in lists": Attempt("assert f(2) == f(2)", LISTS_IN_LISTS, IN_LIST),
    "data without end": Attempt("assert f(2) == [6]", "class A(UserList):\n    def __init__(s): s.data = itertools.count()\ndef f(x): return A()", IN_LIST),
    "a table repeated at will": Attempt("assert list(f(2)) == [6]", lie("pandas.DataFrame", "([('', np.array(5))] * 1000, ('range', range(1000), None), ('range', range(10**7), None))"), IN_LIST),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded_at_once(room: Room) -> tuple[SubmissionVerdict, SubmissionVerdict]:
    """The verdicts on all wrong answers and on all right ones; each exercise has a name of its own for its function."""
    source, wrong, right = _of([*ATTEMPTS.values()])
    limits = {"submission_s": 300.0, "memory_mb": 3000.0}
    return room.grade_other(source, wrong, **limits), room.grade_other(source, right, **limits)


def _of(attempts: list[Attempt]) -> tuple[NotebookNode, dict[str, str], dict[str, str]]:
    """A course's notebook of these exercises, the wrong answers and the right ones."""
    cells = [locked("setup", SETUP)]
    for number, attempt in enumerate(attempts):
        cells.append(answer(f"a{number}", _named(attempt.right, number)))
        cells.append(graded(f"a{number}_tests", attempt.test.replace("f(", f"f{number}("), points=attempt.points))
    wrong, right = (
        {f"a{number}": _named(getattr(attempt, kind), number) for number, attempt in enumerate(attempts)}
        for kind in ("wrong", "right")
    )
    wrong["a0"] = LYING + wrong["a0"]
    return notebook(*cells), wrong, right


def _named(text: str, number: int) -> str:
    return text.replace("def f(", f"def f{number}(")


@pytest.mark.parametrize("name", ATTEMPTS)
def test_data_agrees_with_nothing_that_it_does_not_hold(
    graded_at_once: tuple[SubmissionVerdict, SubmissionVerdict], name: str
) -> None:
    number = [*ATTEMPTS].index(name)
    wrong, right = (scores(verdict)[f"a{number}"] for verdict in graded_at_once)
    assert f"a{number}" not in {one.grade_id for one in graded_at_once[0].answers}  # it was tried
    assert (wrong, right) == (0, ATTEMPTS[name].points)


def test_what_a_hand_in_holds_costs_nobody_but_itself(room: Room) -> None:
    honest = Attempt("assert f(2) == 6", PLAIN)
    source, wrong, _ = _of([*ENDLESS.values(), honest])
    limits = {"test_s": 1.0, "call_s": 1.0, "grace_s": 0.5, "memory_mb": 1500.0, "submission_s": 120.0}
    got = scores(room.grade_other(source, wrong, **limits))
    assert [*got.values()] == [0] * len(ENDLESS) + [1]
    assert tree.descendants(room.engines("namespaces").forkserver.pid) == ()


BOMBS: dict[str, tuple[str, object]] = {
    "one value for ten million rows": ("pandas.Series", (("", np.array(5)), ("range", range(10**7), None), None)),
    "one row for ten million": ("pandas.Series", (("", np.array([5])), ("range", range(10**7), None), None)),
    "columns of one value": ("pandas.DataFrame", ([("", np.array(5))] * 9, ("range", range(9), None), ("range", range(10**7), None))),
    "keys in a list": ("dict", [(k * (2**61 - 1), 0) for k in range(9)]),
    "members in a list": ("set", [k * (2**61 - 1) for k in range(9)]),
    "a chain of lists": ("ChainMap", [[(1, 2)]]),
    "a text for a list": ("UserList", "abc"),
    "a list for a text": ("UserString", [6]),
    "numbers of no kind": ("array", ("O", b"12345678")),
    "a row that is a table": ("pandas.Index", ("values", ("", np.zeros((2, 2))), None)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_parts_that_would_grow_or_take_long_make_nothing(name: str) -> None:
    with pytest.raises(TypeError, match="cannot be read"):
        contents.made(*BOMBS[name])


def test_no_file_is_read_for_the_name_of_a_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("dateutil.tz.gettz", asked.append)
    for zone in ("dateutil//etc/localtime", "dateutil/UTC", "/etc/localtime", "../../etc/localtime"):
        with pytest.raises(TypeError, match="cannot be read"):
            contents.made("pandas.Index", ("values", (f"datetime64[ns, {zone}]", []), None))
    assert asked == []
    assert str(contents.made("pandas.Index", ("values", ("datetime64[ns, UTC]", []), None)).tz) == "UTC"


def test_a_course_that_deals_in_masks_and_tables_gets_them_as_they_are(room: Room) -> None:
    masked, missing = "np.ma.array([1.0, 2.0], mask=[False, True])", "pd.Series([1, None], dtype='Int64')"
    source = notebook(
        locked("setup", "import numpy as np\nimport pandas as pd"),
        answer("a", f"def f(): return {masked}"),
        graded("a_tests", "assert np.ma.is_masked(f()) and f().filled(0).tolist() == [1, 0]"),
        answer("b", f"def g(): return {missing}"),
        graded("b_tests", "assert g().isna().tolist() == [False, True] and str(g().dtype) == 'Int64'"),
    )
    answers = {"a": f"def f(): return {masked}", "b": f"def g(): return {missing}"}
    assert scores(room.grade_other(source, answers)) == {"a": 1, "b": 1}
