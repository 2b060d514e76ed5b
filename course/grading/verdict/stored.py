"""A verdict as a file of its own, NAME.verdict.json beside the graded notebook: what was found, without what was shown.

It is sealed with the course's secret over its own text and the notebook's, so that a file which somebody handed in, or
which is older than the notebook, is never taken for it. `docs/grading.md` has its fields.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from nbformat.v4 import new_notebook, new_output

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.verdict.model import (
    CAUSES,
    ENDINGS,
    BrokenAnswer,
    CellVerdict,
    Grounds,
    Move,
    Raised,
    SubmissionVerdict,
)
from course.grading.verdict.reading import check_from
from course.results import CellReport

SCHEMA = "clozegrad verdict"
VERSION = 4
# The first one says of a test without checks neither what it printed nor what it raised, the second of no cell whether
# it was run, the third not what it rests on.
_READABLE = (1, 2, 3, VERSION)
ENDING = ".verdict.json"
_ASCII = json.JSONEncoder().encode
AS_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode
_LONGEST = 2_000  # characters of an error that is kept
_LONGEST_PRINTED = 20_000


def beside(notebook: Path) -> Path:
    """Where the verdict on a graded notebook is kept."""
    return notebook.with_name(notebook.stem + ENDING)


def text_of(folder: CourseFolder, verdict: SubmissionVerdict, notebook: str) -> str:
    """The file's text; `notebook` is the text of the graded notebook that it goes with."""
    data = data_of(verdict)
    return by_lines({**data, "seal": _seal(folder, data, notebook.encode())})


def by_lines(data: Mapping[str, Any], encode: Callable[[Any], str] = _ASCII) -> str:
    """JSON with a line for each value, and for each item of a list; indented it would take ten times as long."""

    def by_items(value: Any) -> str:
        if not isinstance(value, list) or not value:
            return encode(value)
        return "[\n" + ",\n".join(map(encode, value)) + "\n]"

    return "{\n" + ",\n".join(f"{encode(name)}: {by_items(value)}" for name, value in data.items()) + "\n}\n"


def data_of(verdict: SubmissionVerdict) -> dict[str, Any]:
    """The verdict as JSON can hold it."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "student": verdict.student,
        "lesson": verdict.lesson,
        "notebook": verdict.name,
        "engine": _engine(),
        "isolation": verdict.jail,
        "grounds": asdict(verdict.grounds) if verdict.grounds else None,
        "disturbed": verdict.disturbed,
        "moved": [asdict(move) for move in verdict.moved],
        "seconds": round(verdict.seconds, 3),
        "points": verdict.points,
        "max_points": verdict.max_points,
        "repairs": list(verdict.repairs),
        "together": list(verdict.together),
        "not_run": list(verdict.not_run),
        "cells": [_cell_data(cell) for cell in verdict.cells],
        "answers": [
            {"grade_id": one.grade_id, "error": one.error[:_LONGEST], "message": one.message[:_LONGEST]}
            for one in verdict.answers
        ],
    }


def read(path: Path) -> SubmissionVerdict:
    """The verdict in a file; CourseError, which names the file, for one that is damaged or of a later version.

    Its notebook is empty: what was shown stands in the notebook alone.
    """
    return _verdict(path, _loaded(path))


def read_beside(folder: CourseFolder, notebook: Path) -> SubmissionVerdict | None:
    """The verdict that this course gave on exactly this graded notebook; None where there is no such file.

    Raises CourseError, which names the file, for one that is damaged.
    """
    path = beside(notebook)
    if not path.is_file():
        return None
    data = _loaded(path)
    verdict = _verdict(path, data)
    seal = data.pop("seal", None)
    return verdict if seal == _seal(folder, data, notebook.read_bytes()) else None


def _cell_data(cell: CellVerdict) -> dict[str, Any]:
    report = cell.report
    return {
        "grade_id": cell.grade_id,
        "points": cell.points,
        "earned": cell.earned,
        "ending": cell.ending,
        "message": cell.message,
        "seconds": round(cell.seconds, 3),
        "raised": asdict(cell.raised) if cell.raised else None,
        "printed": "" if report else cell.printed[:_LONGEST_PRINTED],  # each check has its own
        "exercise": report.exercise if report else None,
        "checks": [{**vars(check), "passed": check.passed} for check in report.checks] if report else None,
    }


def _loaded(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise _damaged(path, f"it is not a {SCHEMA}")
    if data.get("version") not in _READABLE:
        raise _damaged(path, f"it has version {data.get('version')!r}, and this clozegrad reads {VERSION}")
    return data


def verdict_of(data: Mapping[str, Any]) -> SubmissionVerdict:
    """The verdict that `data_of` made plain.

    KeyError, TypeError, ValueError, OverflowError or AttributeError where it is none.
    """
    cells = tuple(_cell(entry) for entry in data["cells"])
    answers = [BrokenAnswer(str(one["grade_id"]), str(one["error"]), str(one["message"])) for one in data["answers"]]
    return SubmissionVerdict(
        student=str(data["student"]),
        lesson=str(data["lesson"]),
        cells=cells,
        repairs=tuple(map(str, data["repairs"])),
        jail=str(data["isolation"]),
        seconds=float(data["seconds"]),
        notebook=new_notebook(),
        notebook_name=str(data["notebook"]),
        together=tuple(map(str, data.get("together", ()))),
        answers=tuple(answers),
        not_run=tuple(map(str, data.get("not_run", ()))),
        grounds=_grounds(data.get("grounds")),
        disturbed=bool(data.get("disturbed", False)),
        moved=tuple(map(_move, data.get("moved", ()))),
    )


def _verdict(path: Path, data: Mapping[str, Any]) -> SubmissionVerdict:
    try:
        return verdict_of(data)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def _grounds(entry: Mapping[str, Any] | None) -> Grounds | None:
    if entry is None:
        return None
    hashes = {part: str(entry[part]) for part in ("hand_in", "source", "engine", "settings")}
    return Grounds(**hashes, tests={str(name): str(test) for name, test in entry["tests"].items()})


def _move(entry: Mapping[str, Any]) -> Move:
    before, after, by_hand = (
        None if entry[part] is None else float(entry[part]) for part in ("before", "after", "by_hand")
    )
    causes = tuple(cause for cause in CAUSES if cause in entry["causes"])
    return Move(str(entry["grade_id"]), before, after, causes, by_hand)


def _cell(entry: Mapping[str, Any]) -> CellVerdict:
    ending = entry["ending"]
    if ending not in ENDINGS:
        raise ValueError(f"{ending!r} is not an ending")
    points, checks = float(entry["points"]), entry["checks"]
    report = None
    if checks is not None:
        report = CellReport(str(entry["exercise"]), points, tuple(map(check_from, checks)))
    earned = None if entry["earned"] is None else float(entry["earned"])
    raised, printed = entry.get("raised"), str(entry.get("printed", ""))
    return CellVerdict(
        grade_id=str(entry["grade_id"]),
        points=points,
        earned=earned,
        ending=ending,
        report=report,
        message=str(entry["message"]),
        outputs=(new_output("stream", name="stdout", text=printed),) if printed else (),
        seconds=float(entry["seconds"]),
        raised=None if raised is None else Raised(str(raised["error"]), str(raised["message"]), str(raised["line"])),
    )


def _seal(folder: CourseFolder, data: Mapping[str, Any], notebook: bytes) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    return folder.seal(b"verdict\0" + hashlib.sha256(notebook).digest() + text)


@cache
def _engine() -> str:
    try:
        return f"clozegrad {importlib.metadata.version('clozegrad')}"
    except importlib.metadata.PackageNotFoundError:
        return "clozegrad"


def _damaged(path: Path, reason: str) -> CourseError:
    return CourseError(f"{path} is damaged ({reason}): delete it, or grade that lesson again")
