"""Which of the test's own values the student's code has changed is known after each call, with how they were."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from course.grading.boundary import CandidateClient
from course.grading.boundary.replicas.table import Overwritten
from tests.grading.boundary.pair import examinee

STUDENT = """
import numpy as np, torch
kept = []
def zero(x): x.zero_() if isinstance(x, torch.Tensor) else x.fill(0)
def data(x): x.data.fill_(0)
def through_numpy(x): x.numpy()[...] = 0
def reshape(x): x.data = torch.zeros(7)
def replace(x): x[:] = []
def clear(x): x.clear()
def inner(x): x[0].zero_()
def nested(x): x["a"][0] = 9
def reverse(x): x.reverse()
def add(x): x.add(3)
def view(x): x[1:].zero_()
def keep(x): kept.append(x)
def later(): kept[0].zero_()
def nothing(x): return x
def and_back(x):
    x += 1
    x -= 1
def probe(f, x):
    x[0] = 7.0
    f(x)
    x[0] = 0.5
def backward(x): (x ** 2).sum().backward()
def needs(x): x.requires_grad_()
def draw(generator): return torch.rand(3, generator=generator)
def raises(x):
    x.zero_()
    raise ValueError("no")
own = torch.ones(3)
def mine(): return own
def change_mine(x): x.zero_()
"""


class Noting(CandidateClient):
    """An end that remembers what was overwritten."""

    found: list[Overwritten]

    def overwritten(self, changed: list[Overwritten]) -> None:
        self.found = [*getattr(self, "found", []), *changed]


@pytest.fixture(scope="module")
def student() -> Iterator[Noting]:
    with examinee(STUDENT) as end:
        end.__class__ = Noting
        yield end  # type: ignore[misc]


CHANGED: dict[str, tuple[str, Callable[[], Any]]] = {
    "a tensor set to zero": ("zero", lambda: torch.ones(3)),
    "a tensor with a gradient": ("data", lambda: torch.ones(3, requires_grad=True)),
    "a tensor inside a graph": ("zero", lambda: torch.ones(3, requires_grad=True) * 2),
    "a tensor through numpy": ("through_numpy", lambda: torch.ones(3)),
    "a tensor of another shape": ("reshape", lambda: torch.ones(3)),
    "a large tensor": ("zero", lambda: torch.ones(2_000_000)),
    "whole numbers": ("zero", lambda: torch.arange(3)),
    "a view": ("view", lambda: torch.ones(9)[2:6]),
    "an array": ("zero", lambda: np.ones(3)),
    "a list emptied": ("replace", lambda: [1.5, 2.5]),
    "a list reversed": ("reverse", lambda: [1.5, 2.5]),
    "a dict emptied": ("clear", lambda: {"a": 1}),
    "a set": ("add", lambda: {1}),
    "a tensor in a list": ("inner", lambda: [torch.ones(2)]),
    "a list in a dict": ("nested", lambda: {"a": [1]}),
}


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.tolist() if isinstance(value, torch.Tensor | np.ndarray) else value


@pytest.mark.parametrize("name", CHANGED)
def test_a_value_that_was_changed_is_found_and_can_be_put_back(student: Noting, name: str) -> None:
    function, make = CHANGED[name]
    value, student.found = make(), []
    before = plain(make())
    student.name(function)(value)
    assert plain(value) != before
    assert student.found
    for one in student.found:
        one.restore()
    assert plain(value) == before
    assert plain(student.name("nothing")(value)) == before


UNCHANGED: dict[str, tuple[str, Callable[[], Any]]] = {
    "nothing done": ("nothing", lambda: torch.ones(3)),
    "changed and set back": ("and_back", lambda: torch.ones(3)),
    "a gradient": ("backward", lambda: torch.ones(3, requires_grad=True)),
    "a gradient asked for": ("needs", lambda: torch.ones(3)),
    "numbers drawn": ("draw", lambda: torch.Generator()),
    "a list of floats left alone": ("nothing", lambda: [0.1, float("nan")]),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_is_as_it_was_is_not_found(student: Noting, name: str) -> None:
    function, make = UNCHANGED[name]
    student.found = []
    student.name(function)(make())
    assert student.found == []


def test_a_change_that_is_undone_before_the_call_ends_is_none_though_a_callback_saw_it(student: Noting) -> None:
    student.found, seen = [], []
    x = torch.full((2,), 0.5)
    student.name("probe")(lambda y: seen.append(y.tolist()), x)
    assert seen == [[7.0, 0.5]]
    assert student.found == []


def test_a_change_in_a_later_call_and_one_before_an_error_are_found(student: Noting) -> None:
    student.found = []
    x, y = torch.ones(2), torch.ones(2)
    student.name("keep")(x)
    student.name("later")()
    with pytest.raises(ValueError):
        student.name("raises")(y)
    assert [one.value is value for one, value in zip(student.found, (x, y), strict=True)] == [True, True]


def test_what_is_the_students_own_may_change(student: Noting) -> None:
    student.found = []
    own = student.name("mine")()
    student.name("change_mine")(own)
    assert own.tolist() == [0, 0, 0]
    assert student.found == []


def test_what_the_test_itself_changes_is_not_the_students_doing(student: Noting) -> None:
    student.found = []
    x = torch.ones(2)
    student.name("nothing")(x)
    x.zero_()
    student.name("nothing")(x)
    assert student.found == []
