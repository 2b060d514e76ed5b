"""What moved is told with its reason, and nothing is told of what did not move."""

import dataclasses

import pytest

from course.grading.verdict.model import Cause, CellVerdict, Grounds, Move, SubmissionVerdict, ending_for
from course.grading.verdict.moves import Score, compared
from tests.grading.notebooks import norms

BEFORE = Grounds("files", "text", "code", "chosen", {"a": "1", "b": "2"})


def verdict(grounds: Grounds | None = BEFORE, *, disturbed: bool = False, **earned: float) -> SubmissionVerdict:
    cells = tuple(CellVerdict(name, 3, score, ending_for(score, 3)) for name, score in earned.items())
    return SubmissionVerdict(
        "ada", "ps1", cells, (), "plain", 1, norms(), "norms", grounds=grounds, disturbed=disturbed
    )


def scores(**auto: float | None) -> dict[str, Score]:
    return {name: Score(points) for name, points in auto.items()}


@pytest.mark.parametrize(
    ("changes", "causes"),
    [
        ({"hand_in": "others"}, ("hand-in",)),
        ({"source": "other", "tests": {"a": "9", "b": "2"}}, ("test",)),
        ({"source": "other", "tests": {"a": "1", "b": "9"}}, ("source",)),
        ({"engine": "other"}, ("engine",)),
        ({"settings": "other"}, ("settings",)),
        ({"hand_in": "others", "engine": "other"}, ("hand-in", "engine")),
        ({}, ("nothing",)),
    ],
)
def test_the_reason_is_what_the_results_do_not_share(changes: dict[str, str], causes: tuple[Cause, ...]) -> None:
    now = compared(verdict(dataclasses.replace(BEFORE, **changes), a=1, b=3), verdict(a=3, b=3), scores(a=3, b=3))
    assert now.moved == (Move("a", 3, 1, causes),)
    assert now.again == tuple("source" if cause == "test" else cause for cause in causes)


def test_the_first_time_nothing_moves() -> None:
    for before in ({}, scores(a=None, b=None), scores(a=0, b=0)):  # the last of a notebook that was not handed in
        assert compared(verdict(a=1), None, before) == verdict(a=1)


def test_graded_again_without_another_result_moves_nothing() -> None:
    now = compared(verdict(a=1), verdict(a=1), scores(a=1))
    assert (now.again, now.moved) == (("nothing",), ())


def test_an_exercise_may_be_new_or_gone() -> None:
    grounds = dataclasses.replace(BEFORE, source="other", tests={"b": "2", "c": "3"})
    now = compared(verdict(grounds, b=2, c=1), verdict(a=3, b=2), scores(b=2, c=None))
    assert now.moved == (Move("c", None, 1, ("new",)), Move("a", 3, None, ("gone",)))


def test_what_is_not_known_of_the_last_result_is_not_made_up() -> None:
    for last in (None, verdict(None, a=3)):
        assert compared(verdict(a=1), last, scores(a=3)).moved == (Move("a", 3, 1, ("unknown",)),)


def test_a_fault_of_the_machine_is_a_reason() -> None:
    now = compared(verdict(a=3), verdict(disturbed=True, a=0), scores(a=0))
    assert now.moved == (Move("a", 0, 3, ("disturbed",)),)


def test_a_score_that_somebody_changed_in_the_gradebook_is_set_right_and_told() -> None:
    now = compared(verdict(a=3), verdict(a=3), {"a": Score(2, by_hand=1.5)})
    assert now.moved == (Move("a", 2, 3, ("gradebook",), 1.5),)


def test_a_run_that_was_killed_before_it_came_to_the_gradebook_has_left_its_reason() -> None:
    killed = dataclasses.replace(verdict(a=1), moved=(Move("a", 3, 1, ("test",)),))
    assert compared(verdict(a=1), killed, scores(a=3)).moved == (Move("a", 3, 1, ("test",)),)
