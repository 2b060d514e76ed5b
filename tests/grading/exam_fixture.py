"""An exam room: a course folder on disk, an engine for it, and one call that grades a student's answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.folder import CourseFolder
from course.grading.engine import Engine
from course.grading.limits import limits_of
from course.grading.plan.exam import Exam
from course.grading.plan.imports import uses_checks
from course.grading.submission.files import HandIn
from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from tests.grading.notebooks import answer, filled, graded, locked, notebook, raw, released

ROOT = Path(__file__).parents[2]
LESSON = "01_room"
LIMITS = {
    "cell_s": 6.0,
    "call_s": 3.0,
    "test_s": 30.0,
    "submission_s": 60.0,
    "grace_s": 1.0,
    "memory_mb": 1300.0,
    "restarts": 6,
}
HIDDEN = 31.4159  # stands in the hidden tests only; whoever shows it has read them


def source() -> NotebookNode:
    """A lesson of four exercises: a function, a value, a module and an optimiser."""
    made = notebook(
        locked("setup_1", "import torch\nfrom torch import nn\nfrom course import checks"),
        answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
        graded(
            "double_tests",
            'checks.begin("double", points=3)\n'
            'with checks.check("twice one is two", points=1):\n    checks.close(double(torch.tensor([1.0])), [2.0])\n'
            "### BEGIN HIDDEN TESTS\nchecks.hidden()\nrng = checks.rng()\n"
            f'with checks.check("a secret number", points=1):\n    checks.close(double(torch.tensor([{HIDDEN}])), [{2 * HIDDEN}])\n'
            'with checks.check("any vector", points=1):\n    x = rng.tensor(6)\n    checks.close(double(x), 2 * x)\n'
            "### END HIDDEN TESTS\nchecks.score()",
            points=3,
        ),
        answer("field", "### BEGIN SOLUTION\nfield = 112\n### END SOLUTION"),
        graded(
            "field_tests",
            'checks.begin("field", points=1)\n'
            "### BEGIN HIDDEN TESTS\nchecks.hidden()\n"
            'with checks.check("three convolutions and two pools"):\n    checks.equal(field, 112)\n'
            "### END HIDDEN TESTS\nchecks.score()",
            points=1,
        ),
        answer("Tiny", "### BEGIN SOLUTION\nclass Tiny(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
               "        self.weight = nn.Parameter(torch.zeros(n))\n    def forward(self, x):\n"
               "        return x @ self.weight\n### END SOLUTION"),
        graded(
            "Tiny_tests",
            'checks.begin("Tiny", points=2)\n'
            "### BEGIN HIDDEN TESTS\nchecks.hidden()\n"
            'with checks.check("as many weights as inputs"):\n'
            "    checks.equal(sum(p.numel() for p in Tiny(5).parameters()), 5)\n"
            'with checks.check("learns"):\n'
            "    net, x = Tiny(3), checks.rng().tensor(4, 3)\n    net(x).sum().backward()\n"
            "    checks.close(next(iter(net.parameters())).grad, x.sum(0))\n"
            "### END HIDDEN TESTS\nchecks.score()",
            points=2,
        ),
        answer("step", "def step(params, lr):\n    ### BEGIN SOLUTION\n    with torch.no_grad():\n"
               "        for p in params:\n            p -= lr * p.grad\n    ### END SOLUTION"),
        graded(
            "step_tests",
            'checks.begin("step", points=1)\n'
            "### BEGIN HIDDEN TESTS\nchecks.hidden()\n"
            'with checks.check("moves against the gradient"):\n'
            "    w = checks.rng().tensor(3, requires_grad=True, mutable=True)\n    before = w.detach().clone()\n"
            "    (w ** 2).sum().backward()\n    step([w], 0.1)\n    checks.close(w, 0.8 * before)\n"
            "### END HIDDEN TESTS\nchecks.score()",
            points=1,
        ),
    )  # fmt: skip
    made.metadata["clozegrad"] = LIMITS
    return made


ANSWERS = {
    "double": "def double(x):\n    return x + x",
    "field": "field = 100 + 12",
    "Tiny": "class Tiny(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
    "        self.w = nn.Parameter(torch.zeros(n))\n    def forward(self, x):\n        return (x * self.w).sum(-1)",
    "step": "def step(params, lr):\n    for p in params:\n        p.data.sub_(lr * p.grad)",
}


@dataclass(frozen=True)
class Room:
    """A built course with an engine that is warm."""

    folder: CourseFolder
    engines: Callable[[str], Engine]

    def release(self) -> NotebookNode:
        """What students open."""
        return nbformat.read(self.folder.release / LESSON / f"{LESSON}.ipynb", as_version=4)

    def grade(
        self,
        answers: Mapping[str, str],
        student: str = "ann",
        isolation: str = "namespaces",
        files: Mapping[str, bytes] | None = None,
    ) -> SubmissionVerdict:
        """The verdict on the released notebook with these answers in it."""
        return self.grade_raw(raw(filled(self.release(), answers)), student, isolation, files)

    def grade_raw(
        self, text: bytes, student: str = "ann", isolation: str = "namespaces", files: Mapping[str, bytes] | None = None
    ) -> SubmissionVerdict:
        """The verdict on a file as handed in."""
        place = self.folder.submitted / student / LESSON
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for name, content in (files or {}).items():
            (place / name).write_bytes(content)
        path = place / f"{LESSON}.ipynb"
        path.write_bytes(text)
        engine = self.engines(isolation)
        return engine.grade_one(HandIn(student, engine.exams[0], path, place))

    def grade_other(
        self,
        source: NotebookNode,
        answers: Mapping[str, str],
        isolation: str = "namespaces",
        together: Iterable[str] = (),
        **limits: float,
    ) -> SubmissionVerdict:
        """The verdict on answers to another lesson's notebook, in the engine that is warm; its limits by name."""
        place = self.folder.submitted / "ann" / "other"
        place.mkdir(parents=True, exist_ok=True)
        path = place / "other.ipynb"
        path.write_bytes(raw(filled(released(source), answers)))
        chosen = replace(limits_of(source, path, {}, plain_tests=not uses_checks(source)), **limits)
        exam = Exam("other", "other", source, released(source), {}, chosen).graded(together)
        return self.engines(isolation).grade_one(HandIn("ann", exam, path, place))


def furnish(root: Path) -> CourseFolder:
    """A course folder with the lesson's source and release."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for name, made in (("source", source()), ("release", released(source()))):
        (root / name / LESSON).mkdir(parents=True)
        nbformat.write(made, root / name / LESSON / f"{LESSON}.ipynb")
    return CourseFolder(root)


def scores(verdict: SubmissionVerdict) -> dict[str, float | None]:
    """Points by exercise."""
    return {cell.grade_id.removesuffix("_tests"): cell.earned for cell in verdict.cells}


def cell(verdict: SubmissionVerdict, exercise: str) -> CellVerdict:
    """The verdict on one exercise's tests."""
    return next(one for one in verdict.cells if one.grade_id == f"{exercise}_tests")
