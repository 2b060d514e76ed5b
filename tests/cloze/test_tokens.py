"""When two answers are the same, and when they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cloze.tokens import Place, is_unfilled, place, same

CALL = place("f(", ")")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("dim = 1", "dim=1"),
        (" lr\n", "lr"),
        ("'a'", '"a"'),
        ('"it\'s"', r"'it\'s'"),
        ('"""a"""', "'a'"),
        ("u'a'", "'a'"),
        ("r'a'", "'a'"),
        ("1e-3", "0.001"),
        ("1_000", "1000"),
        ("0x10", "16"),
        (".5", "0.50"),
        ("1.", "1.0"),
        ("f(a, b,)", "f(a, b)"),
        ("f(a,)", "f(a)"),
        ("[1, 2,]", "[1,2]"),
        ("(1, 2,)", "(1, 2)"),
        ("SGD(p, momentum=0.9, lr=0.1)", "SGD(p, lr=0.1, momentum=.9)"),
        ("def f(a, b=1,):", "def f(a, b=1):"),
        ("lr  # the step", "lr"),
        ("[ :,", "[:,"),
        (")  +  (", ") + ("),
        ("learning   rate", "learning rate"),
        ("don't  stop", "don't stop"),
        ("größe", "gro\u0308ße".replace("o\u0308", "ö")),
        ("ﬁt", "fit"),
        ("_", "_"),
    ],
)
def test_these_are_the_same(typed: str, wanted: str) -> None:
    assert same(typed, wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1", "1.0"),
        ("1", "True"),
        ("1j", "1.0"),
        ("1e999", "2e999"),
        ("a", "A"),
        ("ab", "a b"),
        ("returnx", "return x"),
        ("'a b'", "'ab'"),
        ("b'a'", "'a'"),
        (r"r'\n'", r"'\n'"),
        ("(a,)", "(a)"),
        ("x[a,]", "x[a]"),
        ("f(b, a)", "f(a, b)"),
        ("f(**b, a=1)", "f(a=1, **b)"),
        ("def f(b=1, a=2):", "def f(a=2, b=1):"),
        ("{b: 1, a: 2}", "{a: 2, b: 1}"),
        ("a == b", "a = b"),
        ("# lr", "lr"),
        ("lr", "# lr"),
        ("sum, mean", "sum"),
        ("sum or mean", "sum"),
        ("sum\nmean", "sum"),
        ("", "lr"),
        ("“a”", "'a'"),
        ("dont stop", "don't stop"),
    ],
)
def test_these_are_not_the_same(typed: str, wanted: str) -> None:
    assert not same(typed, wanted)


def test_keywords_may_change_places_where_the_blank_is_all_of_a_call() -> None:
    assert same("b=1, a=2", "a=2, b=1", CALL)
    assert same("x, b=1, a=2,", "x, a=2, b=1", CALL)
    assert not same("b=1, a=2", "a=2, b=1", place("f(x, ", ")"))
    assert not same("b=1, a=2", "a=2, b=1", place("def f(", ")"))
    assert not same("b, a", "a, b", CALL)


@pytest.mark.parametrize(("before", "after", "may"), [("f(", ")", True), ("f(x, ", ")", True), ("x = [", "]", True),
    ("x = (", ")", False), ("x[", "]", False), ("x[0, ", "]", True), ("x = ", "", False), ("def f(", "):", True)])  # fmt: skip
def test_a_comma_at_the_end_of_a_blank_depends_on_the_bracket(before: str, after: str, may: bool) -> None:
    assert same("a,", "a", place(before, after)) is may


def test_part_of_a_name_or_number_is_compared_as_text() -> None:
    assert same("2d", "2d", place("nn.Conv", "(3)"))
    assert not same("1e0", "1.0", place("x = 2", ""))


@pytest.mark.parametrize("text", ["", "  \n", "_", "____", " ______ "])
def test_nothing_typed_is_unfilled(text: str) -> None:
    assert is_unfilled(text)


@pytest.mark.parametrize("typed", ["(" * 3000, "[" * 50_000, '"' * 1999, "'''" + "\\" * 1900, "9" * 1900, "a" * 1_000_000,
    "1e" + "9" * 1900, "f(" * 900 + ")" * 900, "{(" * 60 + "x", "\\\n" * 900, "\0", "\ud800"])  # fmt: skip
def test_no_text_is_too_odd_to_be_compared(typed: str) -> None:
    assert not same(typed, "f(x)")
    assert not same(typed, "f(x)", CALL)


@given(st.text(max_size=30), st.sampled_from([Place(), Place(glued=True), CALL]))
def test_every_text_is_the_same_as_itself(text: str, where: Place) -> None:
    assert same(text, text, where)


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_does_not_matter_which_of_the_two_was_typed(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)
