"""Promises and the names of a test cell give the same points in one kernel under nbgrader and in the engine."""

import shutil
from pathlib import Path

import nbformat
import pytest

from course.authoring.notebook import fill
from course.authoring.pipeline import build
from course.folder import CONFIG_NAME, CourseFolder
from course.grading.run import grade

ROOT = Path(__file__).parents[2]
NAME = "04_sample"
LESSON = """\
# %% [markdown]
# # Sample

# %% setup
import torch

from course import checks

# %% [markdown]
# ### Exercise: descend
# difficulty 1/5 · 1 minute

# %% solution="descend" promises="leaves-inputs, differentiable(x), no-trace, any-layout, by-hand(softmax)"
def descend(x: torch.Tensor) -> torch.Tensor:
    ### BEGIN SOLUTION
    e = x.exp()
    return e / e.sum(-1, keepdim=True)
    ### END SOLUTION

# %% tests="descend" points=8
def examples(rng):
    yield checks.example(descend, {"x": rng.tensor(2, 3)})

with checks.check("adds up to one", points=4):
    loss = descend(torch.tensor([[1.0, 2.0]])).sum()
    checks.close(loss, 1.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
shift = torch.tensor(1.0)
with checks.check("a shift changes nothing", points=4):
    x = rng.tensor(2, 4)
    first = checks.on_student_side(lambda f, x, one: (f(x), f(torch.add(x, one))), descend, x, shift)
    checks.close(first[0], first[1], rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: halve
# difficulty 1/5 · 1 minute

# %% solution="halve" promises="changes(p, memory)"
def halve(p: torch.Tensor, memory: dict) -> None:
    ### BEGIN SOLUTION
    memory["old"] = p.clone()
    p.mul_(0.5)
    ### END SOLUTION

# %% tests="halve" points=1
def examples(rng):
    yield checks.example(halve, {"p": rng.tensor(3), "memory": {}})

with checks.check("half of four"):
    p = checks.mutable(torch.tensor(4.0))
    halve(p, {})
    checks.close(p, 2.0)

# %% right="descend: with a helper"
def loss(x):
    return x.exp()

def rng(x):
    return loss(x).sum(-1, keepdim=True)

def descend(x):
    return loss(x) / rng(x)
"""
RIGHT = LESSON.split('helper"\n')[1]
HALVE = "def halve(p, memory):\n    memory['old'] = p.clone()\n    p.mul_(0.5)"
ANSWERS = {
    "helper": (RIGHT, 8.0),
    "inplace": ("def descend(x):\n    x.sub_(x.max())\n    return x.exp() / x.exp().sum(-1, keepdim=True)", None),
    "library": ("def descend(x):\n    return torch.nn.functional.softmax(x, -1)", 4.0),
    "gradless": ("def descend(x):\n    torch.set_grad_enabled(True)\n"
                 "    e = x.exp()\n    return e / e.sum(-1, keepdim=True)", 7.0),
    "meddles": ("def descend(x):\n    if x.shape == (2, 3):\n        x.data.sub_(x.max())\n"
                "    e = x.exp()\n    return e / e.sum(-1, keepdim=True)", 7.0),
    "raises": ("def descend(x):\n    return x.nothing", 0.0),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_both_engines_give_the_same_points_for_promises(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    shutil.copy(ROOT / CONFIG_NAME, root)
    (root / "lessons" / NAME).mkdir(parents=True)
    (root / "lessons" / NAME / "lesson.py").write_text(LESSON, "utf-8")
    (root / "lessons" / NAME / "cards.yaml").write_text("", "utf-8")
    folder = CourseFolder(root)
    build(folder)
    for student, (answer, _) in ANSWERS.items():
        shutil.copytree(folder.release / NAME, folder.submitted / student / NAME)
        path = folder.submitted / student / NAME / f"{NAME}.ipynb"
        nbformat.write(fill(nbformat.read(path, as_version=4), {"descend": answer, "halve": HALVE}), path)
    points = {}
    for engine in ("clozegrad", "nbgrader"):
        verdicts = grade(folder, NAME, engine=engine, jobs=1)
        points[engine] = {one.student: one.points for one in verdicts}
    assert points["clozegrad"] == points["nbgrader"]
    assert {
        student: points["clozegrad"][student] for student, (_, earned) in ANSWERS.items() if earned is not None
    } == {student: earned + 1 for student, (_, earned) in ANSWERS.items() if earned is not None}
    assert points["clozegrad"]["inplace"] < 9
