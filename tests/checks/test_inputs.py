"""A test's inputs must come back as they were, also those that it made of what it drew; in one kernel too."""

import sys
from typing import Any

import numpy as np
import pytest
import torch

from course import checks
from course.checks.across import notice
from course.checks.watching import Kept

pytestmark = pytest.mark.usefixtures("untraced")

STUDENT = """
import torch
state = torch.ones(2)
def zero(x): x.zero_(); return x
def empty(items): items.clear()
def empty_first(pair): pair[0].clear()
def pad(table): table["new"] = 1
def fill(array): array[:] = 0
def outer(x): return zero(x)
def through(items): items[0].zero_()
def own(): return torch.ones(2)
def step(params):
    with torch.no_grad():
        for p in params: p -= 1
def flips(x):
    x.requires_grad_()
    x.data.zero_()
def sums(x): return x.clone().mul_(2).sum()
def backward(x): (x * x).sum().backward()
def fails(x): x.zero_(); raise ValueError("no")
def words(*texts, **more): texts[0].clear()
class Layer(torch.nn.Module):
    def forward(self, x): return x.mul_(0)
def each(x):
    for i in range(2):
        x[i] = 0
        yield i
"""
TEST = """
from course import checks
checks.begin("t", points=1)
rng = checks.rng(1)
with checks.check("label"):
    {body}
"""
CAUGHT = {
    "a tensor made of a drawn one": "zero(rng.tensor(3) * 2)",
    "a view of one": "zero((rng.tensor(4) + 1).view(2, 2))",
    "a tensor handed on by another function": "outer(torch.ones(3))",
    "a tensor in a list": "through([torch.ones(2)])",
    "an array": "import numpy; fill(numpy.ones(3))",
    "a tensor of a module of the notebook": "Layer()(torch.ones(2))",
    "a tensor, before an error": "x = torch.ones(2)\n    try: fails(x)\n    except ValueError: pass",
    "a tensor made to want a gradient": "flips(torch.ones(2))",
}
ALLOWED = {
    "nothing": "sums(torch.ones(2))",
    "a gradient": "backward(torch.ones(2, requires_grad=True))",
    "a drawn tensor that may change": "zero(rng.tensor(3, mutable=True))",
    "a view of one that may change": "zero(rng.tensor(4, mutable=True).view(2, 2))",
    "a list that may change": "empty(checks.mutable([1]))",
    "what lies in a list that may change": "through(checks.mutable([torch.ones(2)]))",
    "a tensor that wants a gradient": "step([torch.ones(2, requires_grad=True)])",
    "parameters": "step([torch.nn.Parameter(torch.ones(2))])",
    "the notebook's own": "zero(state)",
    "what the notebook's function returned": "zero(own())",
    "a change by the test": "x = torch.ones(2)\n    sums(x)\n    x.zero_()",
    "a helper of the test": "helper = lambda x: x.zero_()\n    helper(torch.ones(2))",
}


def run(body: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(STUDENT, "<answer>", "exec"), namespace)
    exec(compile(TEST.format(body=body), "<test>", "exec"), namespace)
    return checks.report().checks[0]


@pytest.mark.parametrize("name", CAUGHT)
def test_an_input_that_the_notebooks_function_changed_fails_its_check(name: str) -> None:
    result = run(CAUGHT[name])
    assert "changed its input in place" in result.message


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_change_fails_nothing(name: str) -> None:
    assert run(ALLOWED[name]).message == ""


def test_the_input_is_put_back_so_that_the_next_check_stands_on_its_own() -> None:
    body = (
        "x = rng.tensor(3) + 9\n    zero(x)\nwith checks.check('next'):\n    checks.true(bool((x > 1).all()), 'gone')"
    )
    first = run(body)
    assert first.message
    assert checks.report().checks[1].message == ""


PUT_BACK = {
    "a list": "x = [1, 2]\n    empty(x)",
    "a list among many arguments": "x = [1, 2]\n    words(x, [3])",
    "a list as a keyword": "x = [1, 2]\n    empty(items=x)",
    "a list in a tuple": "x = [1, 2]\n    empty_first((x,))",
}


@pytest.mark.parametrize("name", PUT_BACK)
def test_a_list_that_is_taken_apart_is_put_back_and_no_mistake(name: str) -> None:
    result = run(PUT_BACK[name] + "\n    checks.equal(x, [1, 2])")
    assert result.message == ""
    result = run(PUT_BACK[name] + "\n    checks.equal(x, [])")
    assert "checks.mutable" in result.message


def test_a_dict_and_a_set_are_put_back_too() -> None:
    body = "x, y = {1: 2}, {3}\n    pad(x)\n    empty(y)\n    checks.equal((x, y), ({1: 2}, {3}))"
    assert run(body).message == ""


def test_watching_ends_with_the_check() -> None:
    run("sums(torch.ones(2))")
    assert sys.gettrace() is None


def test_a_test_cell_without_checks_may_mean_the_change() -> None:
    checks.cell._now[0] = checks.cell.Cell()
    x = torch.zeros(2)
    notice([Kept(x, torch.ones(2))])
    assert x.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("value", "before"),
    [
        (torch.zeros(2), torch.ones(2)),
        (torch.zeros(2), torch.zeros(3)),
        (np.zeros(2), np.ones(2)),
        ([1], []),
        ({"a": 1}, {}),
        ({1}, set()),
        ([0.5], [0.25]),
    ],
    ids=repr,
)
def test_a_kept_value_is_known_to_differ_and_is_put_back(value: Any, before: Any) -> None:
    kept = Kept(value, before)
    assert kept.changed()
    kept.restore()
    assert not kept.changed()
