"""What nbgrader would store of an assignment: made from source/ by the course's own generate_assignment steps.

The gradebook is brought in line with it at once, whether or not there are submissions: new cells get empty grades in
each of them, changed ones are changed, and cells that are gone go with their grades unless a person has marked them.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import insert
from sqlalchemy.orm import Session

from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.grading.gradebook.database import transaction
from course.grading.plan.source import is_one_of, read_source, run_steps, steps

Row = dict[str, Any]
_LEAVING = ("SaveCells", "ClearHiddenTests")  # with the first of these, the steps that matter here are over


@dataclass(frozen=True)
class Stored:
    """One notebook as nbgrader stores it: the kernelspec, and rows by grade_id for each kind of cell."""

    kernelspec: str
    grades: Mapping[str, Row]
    solutions: Mapping[str, Row]
    tasks: Mapping[str, Row]
    sources: Mapping[str, Row]


def ensure_assignment(folder: CourseFolder, lesson: str) -> None:
    """Bring the gradebook up to date with the lesson's source; CourseError when that cannot be.

    Nothing is written when nothing has changed. The whole lesson is one transaction.
    """
    notebooks = stored_notebooks(folder, lesson)
    with transaction(folder, prepare=True) as db:
        assignment = db.query(Assignment).filter(Assignment.name == lesson).one_or_none()
        if assignment is None:
            assignment = Assignment(name=lesson, course_id=folder.coursedir().course_id)
            db.add(assignment)
        known = {notebook.name: notebook for notebook in assignment.notebooks}
        for name, stored in notebooks.items():
            _update(db, assignment, known.get(name), name, stored)
        for name in known.keys() - notebooks.keys():
            _remove_notebook(db, known[name], lesson)


def stored_notebooks(folder: CourseFolder, lesson: str) -> dict[str, Stored]:
    """The lesson's notebooks by name, as nbgrader's SaveCells would store them; CourseError when one is at fault."""
    return {path.stem: _stored(folder, lesson, path) for path in notebooks_of(folder, lesson)}


def _stored(folder: CourseFolder, lesson: str, path: Path) -> Stored:
    notebook = read_source(path)
    before = itertools.takewhile(lambda step: not is_one_of(step, _LEAVING), steps(folder, notebook))
    return _rows(run_steps(folder, lesson, path, notebook, before))


def _rows(notebook: NotebookNode) -> Stored:
    cells = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if _is_kept(cell)}
    return Stored(
        kernelspec=json.dumps(notebook.metadata.get("kernelspec", {})),
        grades={name: _graded(cell) for name, cell in cells.items() if is_grade(cell)},
        solutions={name: {} for name, cell in cells.items() if is_solution(cell)},
        tasks={name: _graded(cell) for name, cell in cells.items() if is_task(cell)},
        sources={name: _source(cell) for name, cell in cells.items()},
    )


def _is_kept(cell: NotebookNode) -> bool:
    return bool(is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell))


def _graded(cell: NotebookNode) -> Row:
    return {"max_score": float(cell.metadata["nbgrader"]["points"]), "cell_type": cell.cell_type}


def _source(cell: NotebookNode) -> Row:
    return {
        "cell_type": cell.cell_type,
        "locked": bool(is_locked(cell)),
        "source": cell.source,
        "checksum": cell.metadata["nbgrader"].get("checksum"),
    }


def _update(db: Session, assignment: Assignment, notebook: Notebook | None, name: str, stored: Stored) -> None:
    if notebook is None:
        notebook = Notebook(name=name, assignment=assignment)
        db.add(notebook)
        for submission in assignment.submissions:
            db.add(SubmittedNotebook(notebook=notebook, assignment=submission))
    if notebook.kernelspec != stored.kernelspec:
        notebook.kernelspec = stored.kernelspec
    kinds = (
        (GradeCell, notebook.grade_cells, stored.grades),
        (SolutionCell, notebook.solution_cells, stored.solutions),
        (TaskCell, notebook.task_cells, stored.tasks),
        (SourceCell, notebook.source_cells, stored.sources),
    )
    for kind, old, new in kinds:
        if [cell.name for cell in old] != list(new) and not notebook.submissions:
            _replace(db, notebook, kind, old, new)
        else:
            _merge(db, notebook, kind, old, new)
    db.flush()
    for submitted in notebook.submissions:
        add_missing_rows(db, submitted)


def _replace(db: Session, notebook: Notebook, kind: type, old: list[Any], new: Mapping[str, Row]) -> None:
    """Store the cells in their new order, under their old ids."""
    ids = {cell.name: cell.id for cell in old}
    for cell in list(old):
        db.delete(cell)
    db.flush()
    db.expire(notebook)
    for name, row in new.items():
        db.add(kind(name=name, notebook=notebook, **row, **({"id": ids[name]} if name in ids else {})))
        db.flush()


def _merge(db: Session, notebook: Notebook, kind: type, old: list[Any], new: Mapping[str, Row]) -> None:
    known = {cell.name: cell for cell in old}
    for name, row in new.items():
        if name not in known:
            db.add(kind(name=name, notebook=notebook, **row))
            db.flush()
            continue
        for key, value in row.items():
            if getattr(known[name], key) != value:
                setattr(known[name], key, value)
    if gone := known.keys() - new.keys():
        for name in gone:
            _remove_cell(db, known[name])
        db.flush()
        db.expire(notebook)  # or it goes on naming them, and submissions would get grades for them


def add_missing_rows(db: Session, submitted: SubmittedNotebook, *, is_new: bool = False) -> None:
    """Give a submission that the database has a grade or comment for each cell of its notebook that has none yet."""
    notebook = submitted.notebook
    for kind, cells in ((Grade, notebook.grade_cells), (Comment, notebook.solution_cells)):
        known = set() if is_new else {row for (row,) in db.query(kind.cell_id).filter_by(notebook_id=submitted.id)}
        missing = [cell.id for cell in [*cells, *notebook.task_cells] if cell.id not in known]
        if missing:  # all at once, without an object for each
            db.execute(insert(kind), [{"cell_id": cell, "notebook_id": submitted.id} for cell in missing])
    db.expire(submitted, ["grades", "comments"])


def _remove_cell(db: Session, cell: BaseCell | SourceCell) -> None:
    """Delete a cell with its grades and comments; CourseError when a person has marked it."""
    if not isinstance(cell, SourceCell):
        for grade in db.query(Grade).filter(Grade.cell_id == cell.id):
            _refuse_if_marked(cell, grade.manual_score, grade.extra_credit)
            db.delete(grade)
        for comment in db.query(Comment).filter(Comment.cell_id == cell.id):
            _refuse_if_marked(cell, comment.manual_comment)
            db.delete(comment)
        db.flush()
    db.delete(cell)


def _refuse_if_marked(cell: BaseCell, *marks: object) -> None:
    if any(mark is not None for mark in marks):
        raise CourseError(
            f"cell {cell.name!r} is gone from the source of {cell.notebook.name}, but a person has marked answers to "
            "it: put the cell back, or delete these marks in formgrader first"
        )


def _remove_notebook(db: Session, notebook: Notebook, lesson: str) -> None:
    for cell in [*notebook._base_cells, *notebook.source_cells]:
        _remove_cell(db, cell)
    for submitted in notebook.submissions:
        db.delete(submitted)
    db.flush()
    db.expire(notebook)
    db.delete(notebook)


def new_submission(db: Session, assignment: Assignment, student_id: str) -> SubmittedAssignment:
    """A student's submission with all its rows empty."""
    submission = SubmittedAssignment(assignment=assignment, student_id=student_id)
    db.add(submission)
    with db.no_autoflush:
        submitted = [SubmittedNotebook(notebook=notebook, assignment=submission) for notebook in assignment.notebooks]
        db.add_all(submitted)
        db.flush()
        for one in submitted:
            add_missing_rows(db, one, is_new=True)
    return submission
