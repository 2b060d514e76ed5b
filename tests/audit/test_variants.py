"""Spoilers break what the solution promises, and keepers do what it does: seen by calling them."""

from pathlib import Path
from typing import Any

import pytest
import torch

from course.audit import rewriting
from course.audit.variants import keepers, spoilers
from course.authoring.lesson import Exercise, read
from tests.audit.test_audit import course_with
from tests.conftest import TINY

LESSON = """\
# %% [markdown]
# # Scales

# %% setup
import torch
from course import checks

# %% [markdown]
# ### Exercise: scale
# difficulty 1/5 · 1 minutes

# %% solution="scale" promises="leaves-inputs, differentiable(x), any-float, no-trace, by-hand(softmax)"
def scale(x, rate=3.0):
    ### BEGIN SOLUTION
    result = 0
    for _ in range(2):
        result = result + rate * x / 2
    return result
    ### END SOLUTION


# %% tests="scale" points=2
def examples(rng):
    yield checks.example(scale, x=rng.tensor(3))


with checks.check("twice"):
    checks.close(scale(torch.tensor([1.0, -1.0]), 2.0), [2.0, -2.0])
### BEGIN HIDDEN TESTS
with checks.check("four times"):
    checks.close(scale(torch.tensor([1.0, -1.0]), 4.0), [4.0, -4.0])
### END HIDDEN TESTS
"""
SPOILT = {
    "scale changes its inputs",
    "scale detaches",
    "scale halves gradients",
    "scale returns float32",
    "scale returns float64",
    "scale leaves no grad",
    "scale leaves doubles",
    "scale returns columns",
    "scale returns vectors",
    "scale keeps first and last",
    "scale returns absolute",
    "scale takes absolute",
    "scale calls the library's softmax",
    "rate of scale is always 3.0, its default",
    "rate of scale is always 2.0, as in the public test",
    "scale returns what the public test expects",
}


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    folder = course_with(tmp_path_factory.mktemp("scales"), LESSON)
    return read(folder.lessons / TINY).exercises[0]


@pytest.fixture(autouse=True)
def _as_before() -> Any:
    yield
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)


def made(source: str) -> Any:
    names: dict[str, Any] = {"torch": torch}
    exec(source, names)
    return names["scale"]


def given() -> torch.Tensor:
    return torch.tensor([1.0, -1.0, 5.0], requires_grad=True)


def told(scale: Any) -> list[Any]:
    """All that a test could see of a call: numbers, gradient, dtypes, the input and the state afterwards."""
    x = given()
    result = scale(x, 4.0)
    state = [torch.is_grad_enabled(), torch.get_default_dtype()]
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    slope = torch.autograd.grad(result.sum(), x)[0].tolist() if result.requires_grad else None
    double = scale(given().detach().double(), 4.0)
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    return [result.tolist(), slope, result.dtype, double.dtype, x.tolist(), state, scale(given()).tolist()]


def test_every_promise_and_every_parameter_has_its_spoiler(exercise: Exercise) -> None:
    assert {what for what, _ in spoilers(exercise)} == SPOILT


# The first changes no number; the second changes numbers without axes, and here are none.
@pytest.mark.parametrize("what", sorted(SPOILT - {"scale calls the library's softmax", "scale returns vectors"}))
def test_a_spoiler_can_be_told_from_the_reference(exercise: Exercise, what: str) -> None:
    right = told(made(exercise.solution.source))
    assert told(made(dict(spoilers(exercise))[what])) != right


def test_the_librarys_call_changes_no_number(exercise: Exercise) -> None:
    source = dict(spoilers(exercise))["scale calls the library's softmax"]
    assert "torch.softmax" in source
    assert told(made(source)) == told(made(exercise.solution.source))


def test_keepers_are_written_otherwise_and_do_the_same(exercise: Exercise) -> None:
    found = dict(keepers(exercise))
    assert {*found} == {
        "other local names", "bodies in inner functions", "progress bars", "calls by keyword", "prints", "is an object",
        "computes in doubles", "runs twice", "other containers", "returns tensors",
    }  # fmt: skip
    for what, source in found.items():
        assert told(made(source)) == told(made(exercise.solution.source)), what


@pytest.mark.parametrize(
    ("promised", "asked_for"),
    [
        ("leaves-inputs", set()),
        ("tensor", {"returns lists", "returns rows", "returns arrays"}),
        ("tensors", {"returns lists", "returns rows", "returns arrays"}),
        ("numbers", {"returns tensors"}),
        ("any-float", {"returns float32", "returns float64"}),
    ],
)
def test_each_form_of_a_result_is_asked_for_by_a_promise_or_accepted(
    tmp_path: Path, promised: str, asked_for: set[str]
) -> None:
    text = LESSON.replace("leaves-inputs, differentiable(x), any-float, no-trace, by-hand(softmax)", promised)
    exercise = read(course_with(tmp_path, text).lessons / TINY).exercises[0]
    refused = {what.removeprefix("scale ") for what, _ in spoilers(exercise)}
    kept = {what for what, _ in keepers(exercise)}
    assert asked_for <= refused
    assert not kept & refused
    if promised == "leaves-inputs":
        assert {"returns lists", "returns rows", "returns arrays", "returns tensors", "returns float64"} <= kept


def test_other_containers_hold_the_same(tmp_path: Path) -> None:
    text = LESSON.replace("    return result\n", '    return [1.5, (True, {"a": 1, "b": 2})]\n')
    found = dict(keepers(read(course_with(tmp_path, text).lessons / TINY).exercises[0]))
    got = made(found["other containers"])(given())
    assert [type(got), type(got[1]), type(got[1][0]), list(got[1][1])] == [tuple, list, torch.Tensor, ["b", "a"]]
    assert [got[0], got[1][0].item()] == [1.5, True]


def test_a_form_around_a_class_reaches_its_methods(tmp_path: Path) -> None:
    text = LESSON.replace("def scale(x, rate=3.0):", "class scale:\n  def forward(self, x, rate=3.0):")
    text = text.replace("scale(torch", "scale().forward(torch").replace(
        "checks.example(scale,", "checks.example(scale(),"
    )
    found = dict(spoilers(read(course_with(tmp_path, text).lessons / TINY).exercises[0]))
    assert "rate of scale.forward is always 2.0, as in the public test" in found
    assert made(found["scale returns absolute"])().forward(torch.tensor([-1.0])).tolist() == [3.0]


@pytest.mark.parametrize(
    ("rewrite", "before", "after"),
    [
        (rewriting.rotated_only, "order = torch.randperm(9)", "torch.arange(n).roll"),
        (rewriting.renamed, "def f(x):\n    y = x\n    return y", "my_y = x"),
        (
            rewriting.gradients_emptied_elsewhere,
            "for x in xs:\n    opt.zero_grad()\n    loss(x).backward()\n    opt.step()",
            "opt.step()\n    opt.zero_grad()",
        ),
        (rewriting.with_progress, "def f(x):\n    for y in x:\n        g(y)", "for y in tqdm(x):"),
        (rewriting.nested, "def f(x):\n    x = x + 1\n    return x", "def inner(x=x):"),
    ],
)
def test_a_source_is_rewritten(rewrite: Any, before: str, after: str) -> None:
    assert after in rewrite(before)
    assert rewrite("a = 1") == "a = 1"
