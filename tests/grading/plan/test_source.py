"""Which of nbgrader's steps a source goes through before it is graded and stored."""

from pathlib import Path

import nbgrader.preprocessors
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.converters import GenerateAssignment

from course.grading.plan.source import NBGRADERS, is_one_of, steps
from tests.grading.notebooks import answer, make_course, notebook

ADDS = """
from nbgrader.preprocessors import LockCells
class Locks(LockCells): pass
c.GenerateAssignment.preprocessors = ["nbgrader.preprocessors.IncludeHeaderFooter", Locks]
"""


def names(root: Path, cell: str, config: str = "") -> list[str]:
    folder = make_course(root, config=config)
    return [step.__name__ for step in steps(folder, notebook(answer("a", cell)))]


def test_nbgraders_own_steps_are_those_that_it_takes_until_it_saves() -> None:
    taken = [step.__name__ for step in GenerateAssignment().preprocessors]
    assert list(NBGRADERS) == taken[: taken.index("SaveCells")]
    assert [getattr(nbgrader.preprocessors, name).__name__ for name in NBGRADERS] == list(NBGRADERS)


def test_tests_are_made_only_where_a_line_asks_for_it(tmp_path: Path) -> None:
    made = list(NBGRADERS)
    assert names(tmp_path / "asks", "### AUTOTEST double(2)") == made
    made.remove("InstantiateTests")
    assert names(tmp_path / "does_not", "double = 2") == made


@pytest.mark.parametrize("mark", ["MAKE", "AUTOTEST"])
def test_the_mark_of_such_a_line_is_the_courses(mark: str, tmp_path: Path) -> None:
    config = "c.InstantiateTests.autotest_delimiter = 'MAKE'\n"
    assert ("InstantiateTests" in names(tmp_path, f"### {mark} double(2)", config)) == (mark == "MAKE")


def test_a_course_that_chooses_its_steps_has_those_and_what_is_made_of_one_is_one(tmp_path: Path) -> None:
    folder = make_course(tmp_path, config=ADDS)
    chosen = steps(folder, new_notebook(cells=[new_code_cell("1")]))
    assert [step.__name__ for step in chosen] == ["IncludeHeaderFooter", "Locks"]
    assert [is_one_of(step, ("LockCells", "SaveCells")) for step in chosen] == [False, True]
