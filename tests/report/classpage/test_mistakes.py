"""Who made the same mistake, and who did not."""

import pytest

from course.report.classpage.mistakes import clusters, messages, normalised, plain, wrong_values
from tests.report.classpage.classes import class_of, ended, hand_in, right, wrong


def test_the_same_words_about_other_numbers_are_the_same_mistake() -> None:
    found = clusters(
        class_of(3, lambda number: (wrong(message=f"expected 4, got {number}.5e-3", answer=f"x={number}"),))
    )
    assert [(len(one.members), one.answers, one.signs) for one in found] == [(3, 3, ("large: expected #, got #",))]


def test_other_words_are_another_mistake() -> None:
    one, other = wrong(message="expected 4, got 3"), wrong(message="expected shape (3,), got (3, 1)", answer="y = 2")
    hand_ins = [hand_in("a", one), hand_in("b", one), hand_in("c", other), hand_in("d", other)]
    assert sorted(found.students for found in clusters(hand_ins)) == [("a", "b"), ("c", "d")]


def test_the_same_answer_stays_together_whatever_chance_made_of_it() -> None:
    usual, seldom = (
        wrong(answer="def f(x):\n    return x"),
        wrong(message="it never ends", answer="def f(y): return y  # why"),
    )
    (found,) = clusters([hand_in("a", usual), hand_in("b", usual), hand_in("c", seldom)])
    assert (found.students, found.answers) == (("a", "b", "c"), 1)


def test_what_is_right_blank_unread_or_alone_is_in_no_cluster() -> None:
    empty = ended("could not run", message="it is empty")
    pairs = [right(), ended("blank"), empty, ended("manual")]
    hand_ins = [hand_in(f"{number}{twice}", one) for number, one in enumerate(pairs) for twice in "ab"]
    assert clusters([*hand_ins, hand_in("alone", wrong())]) == ()


def test_a_cluster_keeps_its_name_when_others_join_it() -> None:
    few, many = clusters(class_of(2, lambda _: (wrong(),))), clusters(class_of(9, lambda _: (wrong(),)))
    assert few[0].id == many[0].id
    assert few[0].id.startswith("norm-")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "def f(a, b):\n    '''Adds.'''\n    c = a + b\n    return c",
            "def f(x, y):\n    'sum'\n    s = x+y # so\n    return s",
            True,
        ),
        ("def f(a):\n    return a", "def g(a):\n    return a", False),
        ("def f(a):\n    return a + 1", "def f(a):\n    return a + 2", False),
        ("f = lambda a: a", "f = lambda b: b", True),
        ("x = ____ + 1", "x =  ____ + 1", True),
        ("def f(:", "def f(:  ", True),
    ],
)
def test_answers_are_compared_without_comments_layout_and_inner_names(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


@pytest.mark.parametrize("answer", ["x = " + "-" * 19_000 + "1", "(" * 15_000, "x" * 10**6, "\0", "\ud800"])
def test_no_answer_is_too_strange_to_be_compared(answer: str) -> None:
    assert normalised(answer) == normalised(answer)


def test_numbers_go_from_a_message_and_shapes_keep_their_axes() -> None:
    assert plain("expected shape (3,), got (3, 1)\nmore") == "expected shape (#,), got (#, #)"
    assert plain("differ most at [12, 0]: got -1.5e-07 of float32") == "differ most at […]: got # of float32"


def test_frequent_messages_and_values_are_counted_by_check() -> None:
    hand_ins = [*class_of(3, lambda _: (wrong(),)), hand_in("x", wrong(message="expected 4, got 9"))]
    assert [(one.check, one.text, one.count) for one in messages(hand_ins, 5)] == [("large", "expected #, got #", 4)]
    assert [(one.text, one.count) for one in wrong_values(hand_ins, 5)] == [("3", 3)]
