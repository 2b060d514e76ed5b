"""What crosses between the commanding process and a worker: bytes of plain data, in which nothing is ever run.

msgpack around JSON, as a course's notebooks and students' own are. What a worker answers is believed only as far as it
can be a verdict on what was asked.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import msgpack
import nbformat
from nbformat import NotebookNode, from_dict
from nbgrader.utils import is_grade

from course.errors import CourseError
from course.grading.jail import view
from course.grading.limits import Limits
from course.grading.plan.exam import Exam
from course.grading.submission.repair import Repaired
from course.grading.verdict import stored
from course.grading.verdict.model import SubmissionVerdict

_ROOM_MB = 100  # beside the files that cells wrote
_NO_VERDICT = (
    *(KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError),
    *(CourseError, nbformat.ValidationError),
)


class Garbage(Exception):
    """What a worker sent is no answer to what it was asked, and why."""


@dataclass(frozen=True)
class Task:
    """One hand-in, read and repaired.

    Attributes:
        run: the command that asks, by a random name.
        grader: the hash of the code and packages that have to grade it.
        jail: the name of the jail to use.
        gpu: whether to show it a GPU.
        exam: which of the lesson's notebooks it answers.
        together: the tests, by grade_id, that run in the student's process.
        seed: what its tests draw from.
        notebook: the repaired notebook, as JSON; `notes` and `shown` belong to it.
        files: what else was handed in.
    """

    run: str
    grader: str
    jail: str
    gpu: bool
    exam: int
    together: Sequence[str]
    student: str
    seed: str
    notebook: str
    notes: Sequence[str]
    shown: str
    files: Mapping[str, bytes]

    @property
    def repaired(self) -> Repaired:
        """The notebook made whole, as far as grading needs it."""
        return Repaired(from_dict(json.loads(self.notebook)), tuple(self.notes), shown=json.loads(self.shown))


def pack_exams(exams: Iterable[Exam]) -> bytes:
    """The notebooks of a lesson as the course wrote them: hidden tests, solutions, files."""
    return _packed([_exam_data(exam) for exam in exams])


def exams_in(raw: bytes) -> list[Exam]:
    """The exams that `pack_exams` packed."""
    return [
        Exam(
            **one
            | {
                "source": from_dict(json.loads(one["source"])),
                "release": None if one["release"] is None else from_dict(json.loads(one["release"])),
                "limits": Limits(**one["limits"]),
            }
        )
        for one in _unpacked(raw)
    ]


def pack_task(task: Task) -> bytes:
    return _packed({field.name: getattr(task, field.name) for field in fields(Task)})


def task_in(raw: bytes) -> Task:
    return Task(**_unpacked(raw))


def task_parts(repaired: Repaired) -> dict[str, Any]:
    """A repaired notebook as the parts of a task."""
    shown = {name: list(outputs) for name, outputs in repaired.shown.items()}
    return {"notebook": json.dumps(repaired.notebook), "notes": list(repaired.notes), "shown": json.dumps(shown)}


def pack_verdict(by: str, verdict: SubmissionVerdict) -> bytes:
    """What the worker of this address found."""
    texts = {"verdict": json.dumps(stored.data_of(verdict)), "notebook": json.dumps(verdict.notebook)}
    return _packed({"by": by, **texts, "files": dict(verdict.files)})


def pack_refusal(by: str, reason: str) -> bytes:
    """Why the worker of this address can grade nothing of this command's."""
    return _packed({"by": by, "refused": reason})


def pack_failure(by: str, reason: str) -> bytes:
    """Why the worker of this address has no verdict on this hand-in."""
    return _packed({"by": by, "failed": reason})


@dataclass(frozen=True)
class Answer:
    """What a worker sent back: a verdict; or why it grades nothing at all; or why it failed this time."""

    by: str
    verdict: SubmissionVerdict | None
    refused: str = ""
    failed: str = ""


def answer_in(raw: object, student: str, exam: Exam) -> Answer:
    """A worker's answer about this hand-in; Garbage when it cannot be one."""
    try:
        if not isinstance(raw, bytes):
            raise TypeError(f"it is of type {type(raw).__name__}")
        data = _unpacked(raw)
        if "refused" in data or "failed" in data:
            return Answer(str(data["by"]), None, str(data.get("refused", "")), str(data.get("failed", "")))
        verdict = stored.verdict_of(json.loads(data["verdict"]))
        notebook = from_dict(json.loads(data["notebook"]))
        _check(verdict, notebook, student, exam)
        files = _checked_files(data["files"], exam)
        return Answer(str(data["by"]), replace(verdict, notebook=notebook, files=files, grounds=None, moved=()))
    except _NO_VERDICT as error:
        raise Garbage(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}") from error
    except (msgpack.UnpackException, msgpack.ExtraData) as error:
        raise Garbage("it is not msgpack") from error


def _check(verdict: SubmissionVerdict, notebook: NotebookNode, student: str, exam: Exam) -> None:
    """ValueError when a verdict is on another hand-in, on other cells, or on cells of other points."""
    if (verdict.student, verdict.lesson, verdict.name) != (student, exam.lesson, exam.name):
        raise ValueError("it is on another hand-in")
    nbformat.validate(notebook)
    for kept in (notebook, stored.data_of(verdict)):
        json.dumps(kept, ensure_ascii=False, allow_nan=False).encode()  # ValueError for what no file can hold
    wanted = {cell.metadata["nbgrader"]["grade_id"]: _points(cell) for cell in exam.source.cells if is_grade(cell)}
    found = [(cell.grade_id, cell.points) for cell in verdict.cells]
    if dict(found) != wanted or len(found) != len(wanted):
        raise ValueError("it is on other cells than the lesson's")
    shown = [cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if is_grade(cell)]
    if sorted(shown) != sorted(wanted):
        raise ValueError("its notebook has other cells than the lesson's")


def _points(cell: NotebookNode) -> float:
    return float(cell.metadata["nbgrader"]["points"])


def _checked_files(files: Mapping[str, bytes], exam: Exam) -> dict[str, bytes]:
    """What the cells wrote; CourseError or ValueError for a place outside, or for more than a jail has room for."""
    if any(type(data) is not bytes for data in files.values()):
        raise TypeError("a file is no bytes")
    found = {view.relative(name).as_posix(): data for name, data in files.items()}
    if sum(map(len, found.values())) > (exam.limits.file_mb + _ROOM_MB) * 2**20:
        raise ValueError("its files are larger than a jail")
    return found


def _exam_data(exam: Exam) -> dict[str, Any]:
    return {
        "lesson": exam.lesson,
        "name": exam.name,
        "source": json.dumps(exam.source),
        "release": None if exam.release is None else json.dumps(exam.release),
        "files": dict(exam.files),
        "limits": asdict(exam.limits),
        "tells_apart": exam.tells_apart,
        "all_cells": exam.all_cells,
    }


def _packed(data: object) -> bytes:
    return bytes(msgpack.packb(data, unicode_errors="surrogatepass"))


def _unpacked(raw: bytes) -> Any:
    return msgpack.unpackb(raw, unicode_errors="surrogatepass")
