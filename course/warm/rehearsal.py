"""A grading of nothing, in a folder of its own: what libraries make at first use is then there for every command.

nbformat compiles its schema, SQLAlchemy its classes, typer its options. The notebook is the one below, none of it runs,
and the folder is gone afterwards.
"""

import io
import tempfile
from pathlib import Path

import nbformat
import typer
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console

from course import cli
from course.folder import CONFIG_NAME, CourseFolder
from course.grading import jail
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.limits import Limits
from course.grading.plan.exam import exams_of
from course.grading.submission.files import handed_in
from course.grading.verdict.marking import mark
from course.report import progress, table

_LESSON, _STUDENT = "ps1", "nobody"
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "rehearsal"
c.GenerateAssignment.preprocessors = ["nbgrader.preprocessors.IncludeHeaderFooter"]  # a choice brings the converters
"""


def rehearse() -> None:
    """Go through all of a grading but the run itself; whatever fails here fails a command with a better message."""
    isolation = jail.find_isolation().name
    with tempfile.TemporaryDirectory(prefix="clozegrad-") as place:
        root = Path(place).resolve()
        for part in ("source", "release", f"submitted/{_STUDENT}"):
            (root / part / _LESSON).mkdir(parents=True)
            nbformat.write(_notebook(), root / part / _LESSON / "notebook.ipynb")
        (root / CONFIG_NAME).write_text(_CONFIG)
        folder = CourseFolder(root)
        exams = exams_of(folder, _LESSON)
        for _ in range(2):  # the second time takes the other branches: the gradebook knows the lesson and the student
            ensure_assignment(folder, _LESSON)
            with progress.bar(1, _nowhere()) as advance:
                for hand_in in handed_in(folder, exams, [_STUDENT]):
                    hand_in.exam.make_plan()
                    hand_in.files()
                    jail.plan_for(isolation, folder.root, {}, Limits())
                    verdict = mark(_STUDENT, hand_in.exam, hand_in.repaired(), {}, isolation, 0.0)
                    table.print_table([save(folder, verdict)], _nowhere())
                    advance(_STUDENT)
    command = typer.main.get_command(cli.app)
    command.make_context("course", ["grade", _LESSON])
    command.commands["grade"].make_context("grade", [_LESSON])  # type: ignore[attr-defined]


def _nowhere() -> Console:
    return Console(file=io.StringIO(), width=120)


def _notebook() -> NotebookNode:
    flags = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
    about = ({"grade_id": "a", "solution": True}, {"grade_id": "t", "grade": True, "locked": True, "points": 1})
    cells = [
        new_code_cell(text, id=meta["grade_id"], metadata={"nbgrader": flags | meta})
        for text, meta in zip(("x = 1", "assert x == 1"), about, strict=True)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})
