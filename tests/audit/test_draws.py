"""Verdicts under many draws: a test that lets chance decide is named with its seeds."""

from pathlib import Path

import pytest

from course.audit.draws import Draws, draws
from course.audit.run import Wanted, audit, chosen_kinds
from course.audit.trials import Trial, trials
from course.authoring.lesson import read
from course.errors import CourseError
from tests.audit.test_audit import ENOUGH, course_with
from tests.conftest import LESSON, TINY

pytestmark = pytest.mark.usefixtures("untraced")

# Below zero in one draw and above it in another: loses the sign by chance only.
BY_CHANCE = LESSON.replace("rng.integer(-900_000_000, -100_000_000)", "rng.choice([-3, 5])")


def drawn(tmp_path: Path, text: str, seeds: int) -> list[Draws]:
    path = course_with(tmp_path, text).lessons / TINY
    todo: list[Trial] = trials(read(path), with_mutants=False, only="twice")
    return list(draws(path, [trial for trial in todo if trial.kind in ("right", "wrong")], seeds, 1))


def test_a_verdict_that_depends_on_the_draw_is_named_with_its_seeds(tmp_path: Path) -> None:
    found = {each.trial.description: each for each in drawn(tmp_path, BY_CHANCE, 30)}
    assert found["by a sum"].steady
    assert len(found["by a sum"].ran) == 30
    assert len(found["loses the sign"].ran) == 20
    odd = found["loses the sign"]
    assert 0 < len(odd.passed) < 20
    assert "wrong `loses the sign` at lessons/01_tiny/lesson.py:" in odd.complaint()
    assert f" passes under {len(odd.passed)} of 20 seeds ({odd.passed[0]}" in odd.complaint()


def test_a_verdict_that_does_not_is_steady(tmp_path: Path) -> None:
    assert [each.complaint() for each in drawn(tmp_path, LESSON, 12)] == ["", ""]


def test_what_one_run_leaves_behind_does_not_decide_the_next(tmp_path: Path) -> None:
    spoiling = """
# %% right="twice: counts its runs in a module"
import math
math.runs = getattr(math, "runs", 0) + 1
def twice(number):
    return 2 * number if math.runs == 1 else None
"""
    assert all(
        each.steady and each.passed for each in drawn(tmp_path, LESSON + spoiling, 5) if each.trial.kind == "right"
    )


def test_an_answer_that_ends_its_process_or_fills_memory_loses_under_every_seed(tmp_path: Path) -> None:
    ends = {"exits": "import os; os._exit(0)", "leaves": "raise SystemExit", "grows": "[0] * 10**12"}
    cells = (f'# %% wrong="twice: {name}"\ndef twice(number):\n    {body}\n' for name, body in ends.items())
    found = [each for each in drawn(tmp_path, "\n".join([LESSON, *cells]), 3) if each.trial.description in ends]
    assert [(each.passed, each.steady) for each in found] == [([], True)] * 3


def test_the_audit_complains_of_it_without_the_engine_if_asked(tmp_path: Path) -> None:
    folder = course_with(tmp_path, BY_CHANCE + ENOUGH)
    wanted = Wanted(chosen_kinds(["seeds"]), exercise="twice", jobs=1, seeds=30)
    found = audit(folder, TINY, wanted)
    assert [text for text in found.complaints() if "seeds (" in text and "loses the sign" in text]
    assert found.exercises[0].outcomes == ()
    assert found.data()["exercises"][0]["seeds"] == {"good": 6, "of": 7}


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(CourseError, match="no such kind of trial; known are solution"):
        chosen_kinds(["mutants"])
