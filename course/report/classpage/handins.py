"""A graded class as the page reads it: what each student has for each exercise, and what they wrote there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.grading.gradebook.saved import students_graded
from course.grading.gradebook.scores import Cell, Score, scores
from course.grading.verdict import stored
from course.grading.verdict.model import BrokenAnswer, CellVerdict, SubmissionVerdict, ending_for
from course.grading.verdict.reading import broken_answers, verdicts_in
from course.report.table import title

UNKNOWN = "not known"  # the isolation of what nbgrader's own kernel graded


@dataclass(frozen=True)
class Answered:
    """One exercise of one student.

    Attributes:
        cell: the verdict, with the points that a person gave where somebody did.
        answer: the text of the answer cells that it judges.
        answer_ids: the grade_ids of these cells.
        broken: the first line of the error that ended the answer; empty where it ran.
        is_code: whether it is code, and no written answer.
    """

    notebook: str
    cell: CellVerdict
    answer: str = ""
    answer_ids: tuple[str, ...] = ()
    broken: str = ""
    is_code: bool = True

    @property
    def is_blank(self) -> bool:
        return self.cell.ending == "blank"

    @property
    def is_waiting(self) -> bool:
        """Whether a person has yet to score it."""
        return self.cell.earned is None


@dataclass(frozen=True)
class HandIn:
    """What one student has for a lesson, by exercise in the order of the lesson."""

    student: str
    exercises: Mapping[str, Answered]
    repairs: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    jail: str = UNKNOWN
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """The points so far, before any penalty for lateness."""
        return sum(one.cell.earned or 0.0 for one in self.exercises.values())

    @property
    def is_read(self) -> bool:
        """Whether it could be graded at all: an empty file says nothing of the exercises."""
        return any(one.cell.ending != "could not run" for one in self.exercises.values())

    @property
    def max_points(self) -> float:
        return sum(one.cell.points for one in self.exercises.values())


def hand_ins(folder: CourseFolder, lesson: str) -> tuple[HandIn, ...]:
    """Every graded hand-in of a lesson; CourseError when there is none, or for one that cannot be read.

    Of the notebooks beside each other, those count that the lesson has: another may be one that was handed in.
    """
    students = students_graded(folder, lesson)
    by_hand = {scored.student: scored.scores for scored in scores(folder, lesson)}
    names = [path.name for path in notebooks_of(folder, lesson)]
    return tuple(_hand_in(folder, lesson, student, names, by_hand.get(student, {})) for student in students)


def _hand_in(
    folder: CourseFolder, lesson: str, student: str, names: Sequence[str], scored: Mapping[Cell, Score]
) -> HandIn:
    paths = [path for name in names if (path := folder.autograded / student / lesson / name).is_file()]
    if not paths:
        raise CourseError(f"no graded notebook in {folder.autograded / student / lesson}: run `course grade {lesson}`")
    verdicts, exercises = [], {}
    for path in paths:
        cells = _cells(path, lesson)
        verdict = stored.read_beside(folder, path) or _told_by(path, lesson, student)
        verdicts.append(verdict)
        for answered in _answered(verdict, cells, scored):
            name = title(answered.cell.grade_id)
            exercises[name if len(names) == 1 else f"{path.stem}/{name}"] = answered
    return HandIn(
        student,
        exercises,
        tuple(note for verdict in verdicts for note in verdict.repairs),
        tuple(name for verdict in verdicts for name in verdict.together),
        verdicts[0].jail,
        sum(verdict.seconds for verdict in verdicts),
    )


def _answered(verdict: SubmissionVerdict, cells: list[Any], scored: Mapping[Cell, Score]) -> Iterator[Answered]:
    texts = dict(_answers(cells))
    errors = {one.grade_id: _first_line(one) for one in verdict.answers}
    for cell in verdict.cells:
        by_hand = scored[key].by_hand if (key := (verdict.name, cell.grade_id)) in scored else None
        if by_hand is not None:
            cell = replace(cell, earned=by_hand, ending=ending_for(by_hand, cell.points))
        sources, is_code = texts.get(cell.grade_id, ({}, True))
        broken = next((errors[name] for name in sources if name in errors), "")
        yield Answered(verdict.name, cell, "\n\n".join(sources.values()), tuple(sources), broken, is_code)


def _answers(cells: list[Any]) -> Iterator[tuple[str, tuple[dict[str, str], bool]]]:
    """The answer cells that each graded cell judges (those since the one before it), and whether they are code."""
    sources: dict[str, str] = {}
    is_code = True
    for cell in cells:
        meta = cell.get("metadata", {}).get("nbgrader") or {}
        if meta.get("solution"):
            source = cell.get("source", "")
            sources[str(meta["grade_id"])] = source if isinstance(source, str) else "".join(source)
            is_code = cell["cell_type"] == "code"
        if meta.get("grade"):
            yield str(meta["grade_id"]), (sources, is_code)
            sources = {}


def _cells(path: Path, lesson: str) -> list[Any]:
    """The cells of a graded notebook, which this course wrote and therefore need not be validated again."""
    try:
        return list(json.loads(path.read_bytes())["cells"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} cannot be read ({error}): run `course grade {lesson}` again") from error


def _told_by(path: Path, lesson: str, student: str) -> SubmissionVerdict:
    """What the outputs of a notebook say that nbgrader's own kernel graded."""
    notebook = nbformat.read(path, as_version=4)
    cells, broken = verdicts_in(notebook), broken_answers(notebook)
    seconds = sum(cell.seconds for cell in cells)
    return SubmissionVerdict(student, lesson, cells, (), UNKNOWN, seconds, notebook, path.stem, answers=broken)


def _first_line(broken: BrokenAnswer) -> str:
    return f"{broken.error}: {broken.message}".split("\n")[0].removesuffix(": ")
