"""What was found in a course's notebook, kept for the next command: to read it all takes a quarter of a second."""

import contextlib
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_origin, get_type_hints

from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import cached
from course.grading.plan.exam import OF_THE_TEXT, Exam
from course.grading.plan.imports import origin_of, packages
from course.grading.plan.ownership import Needs, Plan, Statement
from course.grading.version import engine_hash, installed_hash

KIND = "plans"
_MADE = {name: get_origin(hint) or hint for name, hint in get_type_hints(Needs).items()}


def recall(folder: CourseFolder, exam: Exam) -> bool:
    """Let an exam know what was found in its notebook before; whether that is still the same.

    What it was told here runs in examiners, so that only what this course has sealed is believed.
    """
    key = _key(exam)
    data = cached.known(cached.place(folder, KIND, exam.lesson, exam.name), key)
    if data is None or not hmac.compare_digest(str(data.pop("seal", "")), _seal(folder, data)):
        return False
    if data["packages"] != {name: origin_of(name) for name in data["packages"]}:
        return False
    found = {"plan": _plan(data["plan"]), "tests_use_checks": data["tests_use_checks"]}
    found |= {name: tuple(data[name]) for name in ("modules", "gaps")}
    if data["doubtful"] is not None:
        found["doubtful"] = frozenset(data["doubtful"])
    vars(exam).update(found)
    return True


def keep(folder: CourseFolder, exam: Exam) -> None:
    """Keep what an exam has found in its notebook, once it is known which tests are graded apart."""
    doubtful = sorted(exam.doubtful) if exam.tells_apart and not exam.together else None
    about = {name: getattr(exam, name) for name in OF_THE_TEXT if name != "plan"}
    data = {"packages": packages(exam.source), **about, "plan": _plain(exam.plan), "doubtful": doubtful}
    key = _key(exam)
    with contextlib.suppress(OSError, CourseError):  # without a secret it cannot be sealed; whoever draws is told why
        sealed = data | {"seal": _seal(folder, {"key": key, **data})}
        cached.keep(cached.place(folder, KIND, exam.lesson, exam.name), key, sealed)


def _seal(folder: CourseFolder, data: Mapping[str, Any]) -> str:
    return folder.seal(b"plan\0" + json.dumps(data, sort_keys=True).encode())


def _key(exam: Exam) -> str:
    """A hash of all that is read of the notebook, and of what reads it; where packages lie is looked up."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in exam.files.items()}
    books = [None if book is None else [book.metadata, *map(_read, book.cells)] for book in (exam.source, exam.release)]
    about = [books, sorted(files.items()), exam.tells_apart, engine_hash(), installed_hash()]
    return hashlib.sha256(json.dumps(about, default=repr).encode()).hexdigest()


def _read(cell: NotebookNode) -> list[Any]:
    """What is read of a cell; a number that it has may be another one each time the file is read."""
    return [cell.cell_type, cell.source, cell.metadata]


def _plain(plan: Plan) -> dict[str, Any]:
    """A plan as JSON has it."""
    rests_on = {name: sorted(statements) for name, statements in plan.rests_on.items()}
    every = sorted({statement for statements in rests_on.values() for statement in statements})
    return {
        "tests": [{name: _listed(part) for name, part in vars(needs).items()} for needs in plan.tests.values()],
        "follows": sorted(plan.follows),
        "statements": [asdict(statement) for statement in every],
        "rests_on": {name: [every.index(one) for one in statements] for name, statements in rests_on.items()},
    }


def _listed(part: object) -> object:
    return sorted(part) if isinstance(part, frozenset) else part


def _plan(data: Mapping[str, Any]) -> Plan:
    """The plan that `_plain` made plain."""
    tests = [Needs(**{name: _MADE[name](part) for name, part in needs.items()}) for needs in data["tests"]]
    every = [Statement(**statement) for statement in data["statements"]]
    rests_on = {name: frozenset(every[one] for one in places) for name, places in data["rests_on"].items()}
    return Plan({needs.grade_id: needs for needs in tests}, frozenset(data["follows"]), rests_on)
