"""What was found in a course's notebook, kept for the next command: to read it all takes a quarter of a second."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_origin, get_type_hints

from course.folder import CourseFolder
from course.grading import cached
from course.grading.plan.exam import OF_THE_TEXT, Exam
from course.grading.plan.imports import origin_of, packages
from course.grading.plan.ownership import Needs, Plan, Statement
from course.grading.version import engine_hash, installed_hash

KIND = "plans"
_MADE = {name: get_origin(hint) or hint for name, hint in get_type_hints(Needs).items()}


def recall(folder: CourseFolder, exam: Exam) -> bool:
    """Let an exam know what was found in its notebook before; whether that is still the same."""
    data = cached.known(cached.place(folder, KIND, exam.lesson, exam.name), _key(exam))
    try:
        if data is None or data["packages"] != {name: origin_of(name) for name in data["packages"]}:
            return False
        found = {"plan": _plan(data["plan"]), "tests_use_checks": bool(data["tests_use_checks"])}
        found |= {name: tuple(map(str, data[name])) for name in ("modules", "gaps")}
        if data["doubtful"] is not None:
            found["doubtful"] = frozenset(map(str, data["doubtful"]))
    except (LookupError, TypeError, ValueError, AttributeError):
        return False
    vars(exam).update(found)
    return True


def keep(folder: CourseFolder, exam: Exam) -> None:
    """Keep what an exam has found in its notebook, once it is known which tests are graded apart."""
    doubtful = sorted(exam.doubtful) if exam.tells_apart and not exam.together else None
    about = {name: getattr(exam, name) for name in OF_THE_TEXT if name != "plan"}
    data = {"packages": packages(exam.source), **about, "plan": _plain(exam.plan), "doubtful": doubtful}
    cached.keep(cached.place(folder, KIND, exam.lesson, exam.name), _key(exam), data)


def _key(exam: Exam) -> str:
    """A hash of all that is read of the notebook, and of what reads it; where packages lie is looked up."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in exam.files.items()}
    about = [exam.source, exam.release, sorted(files.items()), exam.tells_apart, engine_hash(), installed_hash()]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


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
