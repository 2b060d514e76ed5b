"""An answer of another class than the test's author thought of: what holds of it in one kernel holds across the boundary."""

import array
import collections
import contextlib
import types
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import checks
from course.checks import plain
from course.grading.boundary import CandidateClient, Reference, StudentError
from course.grading.boundary.codec.contents import KINDS, made
from course.grading.boundary.ends import contained
from tests.grading.boundary.pair import examinee

STUDENT = """
import array, types
from collections import *
import numpy as np, pandas
class Stack(list):
    def push(self, x): self.append(x)
    def top(self): return self[-1]
class Table(dict):
    def __missing__(self, key): return 0
    def in_all(self): return sum(self.values())
class Lying(list):
    def push(self, x): self.append(x)
    def __eq__(self, other): return True
    def __len__(self): return 3
class First(list):
    def push(self, x): self.append(x)
    def pop(self): return super().pop(0)
class Odd(UserList):
    def __init__(self): self.data = lambda: 1
def same(x): return x
def drop(t): t.drop(columns="a", inplace=True)
"""
NUMBERS = [
    "[1, 2, 3]", "(1, 2, 3)", "range(1, 4)", "deque([1, 2, 3])", "UserList([1, 2, 3])", "np.array([1, 2, 3])", "Stack([1, 2, 3])",
    "np.array([1, 2, 3], object)", "pandas.Series([1, 2, 3])", "pandas.Index([1, 2, 3])", "pandas.array([1, 2, 3])", "{1: 0, 2: 0, 3: 0}.keys()",
    "{0: 1, 1: 2, 2: 3}.values()", "array.array('i', [1, 2, 3])", "memoryview(bytes([1, 2, 3]))", "np.array([1, 2, 3]).flat", "{1, 2, 3}",
    "(i for i in (1, 2, 3))", "map(int, '123')", "pandas.Series([1, 2, 3], dtype='Int64')", "pandas.DataFrame({'a': [1, 2, 3]})['a']",
]  # fmt: skip
OF_NUMBERS = [
    "a == [1, 2, 3]", "[1, 2, 3] == a", "a != [1]", "list(a) == [1, 2, 3]", "sorted(a) == [1, 2, 3]", "len(a) == 3", "a[0] == 1", "2 in a",
    "9 not in a", "sum(a) == 6", "max(a) == 3", "a[1:] == [2, 3]", "list(a[1:]) == [2, 3]", "np.allclose(a, [1, 2, 3])", "np.mean(a) == 2",
    "np.array_equal(a, [1, 2, 3])", "(a == np.array([1, 2, 3])).all()", "isinstance(a, list)", "isinstance(a, collections.abc.Iterable)", "bool(a)",
    "isinstance(a, collections.abc.Sequence)", "a.index(2) == 1", "a.tolist() == [1, 2, 3]", "a + [4] == [1, 2, 3, 4]", "[0] + a == [0, 1, 2, 3]",
    "a * 2 == [1, 2, 3, 1, 2, 3]", "str(a) == '[1, 2, 3]'", "Counter(a) == {1: 1, 2: 1, 3: 1}", "a == {1, 2, 3}", "a & {1} == {1}", "a.sum() == 6",
    "{1, 2} <= a", "a > [1, 2]", "[a] == [[1, 2, 3]]", "list(reversed(a)) == [3, 2, 1]", "all(type(v) is int for v in a)", "a.shape == (3,)",
    "pandas.testing.assert_series_equal(a, pandas.Series([1, 2, 3])) is None", "np.sqrt(a)[0] == 1", "list(map(str, a)) == ['1', '2', '3']",
]  # fmt: skip
PAIRS = [
    "{'a': 1, 'b': 2}", "UserDict(a=1, b=2)", "OrderedDict(a=1, b=2)", "defaultdict(int, a=1, b=2)", "Counter(a=1, b=2)", "Table(a=1, b=2)",
    "types.MappingProxyType({'a': 1, 'b': 2})", "ChainMap({'a': 1}, {'b': 2})", "pandas.Series({'a': 1, 'b': 2})", "{'a': 1, 'b': 2}.items()",
]  # fmt: skip
OF_PAIRS = [
    "a == {'a': 1, 'b': 2}", "{'a': 1, 'b': 2} == a", "a['a'] == 1", "a.get('z', 0) == 0", "'a' in a", "len(a) == 2", "dict(a) == {'a': 1, 'b': 2}",
    "a.keys() == {'a', 'b'}", "sorted(a.items()) == [('a', 1), ('b', 2)]", "sum(a.values()) == 3", "isinstance(a, dict)", "{**a} == {'a': 1, 'b': 2}",
    "isinstance(a, collections.abc.Mapping)", "max(a, key=a.get) == 'b'", "a | {'c': 3} == {'a': 1, 'b': 2, 'c': 3}", "bool(a)", "a['z'] == 0",
    "a.most_common(1) == [('b', 2)]", "a.copy() == {'a': 1, 'b': 2}", "list(a) == ['a', 'b']", "('a', 1) in a", "hasattr(a, 'items')",
]  # fmt: skip
TEXTS = [
    "'abc'",
    "UserString('abc')",
    "np.str_('abc')",
    "np.array('abc')",
    "['a', 'b', 'c']",
    "pandas.Series(['abc'])[0]",
]
OF_TEXTS = [
    "a == 'abc'",
    "a.upper() == 'ABC'",
    "'b' in a",
    "a + 'd' == 'abcd'",
    "a[::-1] == 'cba'",
    "len(a) == 3",
    "a < 'b'",
    "f'{a}' == 'abc'",
]
ALL = [
    (a, t)
    for answers, tests in ((NUMBERS, OF_NUMBERS), (PAIRS, OF_PAIRS), (TEXTS, OF_TEXTS))
    for a in answers
    for t in tests
]
GIVES_MORE = {("defaultdict(int, a=1, b=2)", "a['z'] == 0")}
HERE: dict[str, Any] = {}
exec(STUDENT, HERE)
NAMES = {
    "np": np, "pandas": pandas, "collections": collections, "types": types, "array": array, "Counter": Counter, "OrderedDict": OrderedDict,
    "ChainMap": ChainMap, "UserDict": UserDict, "UserList": UserList, "UserString": UserString, "defaultdict": defaultdict, "deque": deque,
}  # fmt: skip


@pytest.fixture(scope="module")
def student() -> Iterator[CandidateClient]:
    with examinee(STUDENT + "".join(f"\ndef answer_{n}(): return {a}" for n, (a, _) in enumerate(ALL))) as end:
        yield end


def _holds(test: str, answer: Any) -> bool:
    try:
        return bool(eval(test, {**NAMES, "a": answer}))
    except Exception:
        return False


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(ALL) - 1))
def test_what_holds_of_an_answer_in_one_kernel_holds_across_the_boundary(student: CandidateClient, place: int) -> None:
    answer, test = ALL[place]
    if _holds(test, eval(answer, HERE)):
        assert _holds(test, student.name(f"answer_{place}")()), f"{test} for {answer}"


def test_a_container_of_the_students_is_changed_where_it_lives_and_judged_by_what_it_holds_then(
    student: CandidateClient,
) -> None:
    stack = student.name("Stack")([1])
    stack.push(2)
    assert stack == [1, 2]
    stack.append(3)
    stack[0] = 9
    assert (stack.top(), list(stack), stack.pop(), len(stack)) == (3, [9, 2, 3], 3, 2)
    assert student.name("same")(stack) is stack
    table = student.name("Table")(a=1)
    assert (table.in_all(), table["b"], table == {"a": 1}) == (1, 0, True)


def test_checks_judge_a_container_of_the_students_by_what_it_holds(
    student: CandidateClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "held", contained.plain)
    checks.equal(student.name("Stack")([1, 2]), [1, 2])
    checks.equal({"a": [student.name("Stack")(["x"])]}, {"a": [["x"]]})
    checks.close(student.name("Stack")([1.0, 2.0]), [1, 2])
    checks.equal(student.name("Table")(a=1), {"a": 1})
    checks.unordered(student.name("Stack")([2, 1]), [1, 2])
    with pytest.raises(checks.CheckFailed, match="differ"):
        checks.equal(student.name("Stack")([1, 3]), [1, 2])


def test_a_method_of_the_course_that_changes_a_container_is_believed(student: CandidateClient) -> None:
    own = student.name("First")([1, 2]).pop()
    student.members = frozenset({"pop"})
    believed = student.name("First")([1, 2]).pop()
    student.members = frozenset()
    assert (own, believed) == (2, 1)


def test_a_table_that_the_student_changes_in_place_is_another_afterwards(student: CandidateClient) -> None:
    table = student.there_source(
        "def make():\n    import pandas\n    return pandas.DataFrame({'a': [1], 'b': ['x']})", "make"
    )
    before = table.copy()
    assert table.equals(before)
    student.name("drop")(table)
    assert list(table.columns) == ["b"]
    assert not table.equals(before)


def test_a_table_comes_with_its_index_its_dtypes_and_what_is_missing(student: CandidateClient) -> None:
    source = """
def make():
    import pandas
    moments = pandas.to_datetime(["2024-01-01", None]).tz_localize("Europe/Berlin")
    table = pandas.DataFrame({"a": pandas.array([1, None], "Int64"), "b": [1.5, 2], "c": ["x", None], "d": moments, "e": pandas.Categorical(["u", "v"])})
    return table.set_index(["b", "c"])
"""
    space: dict[str, Any] = {}
    exec(source, space)
    pandas.testing.assert_frame_equal(student.there_source(source, "make"), space["make"]())


def test_a_container_that_answers_pythons_questions_in_its_own_way_is_not_judged(student: CandidateClient) -> None:
    lying = student.name("Lying")([1])
    assert type(lying) is Reference
    with pytest.raises(TypeError, match="cannot be compared"):
        lying == [5]  # noqa: B015


def test_a_container_whose_parts_are_no_data_is_an_error_of_that_look(student: CandidateClient) -> None:
    odd = student.name("Odd")()
    with pytest.raises((TypeError, StudentError)):
        odd == [1]  # noqa: B015
    assert student.name("same")(1) == 1


def test_an_iterator_that_has_ended_gives_nothing_more(student: CandidateClient) -> None:
    numbers = student.there_source("def make():\n    return (n for n in (1, 2))", "make")
    assert (list(numbers), bool(numbers), numbers == [1, 2]) == ([1, 2], True, False)
    with pytest.raises(StopIteration):
        next(numbers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "parts",
    [None, 3, "x", [[]], [1, 2], ("B", b"x"), ("O", b"x"), ({}, [1]), (("Int64", [1]), 2, 3), ((9, 9), [1])],
    ids=repr,
)
def test_parts_that_no_honest_object_has_make_a_container_or_a_type_error(kind: str, parts: Any) -> None:
    with contextlib.suppress(TypeError):
        made(kind, parts)
