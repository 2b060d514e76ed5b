"""What a student's object tells a test that looks at it more than once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from course.grading.boundary import CandidateClient
from tests.grading.boundary.pair import examinee

CHANGING = """
import random, torch
class Liar(list):
    n = 0
    def own(self): pass
    def told(self):
        self.n += 1
        return self.n
    def __len__(self): return 3 + self.told()
    def __getitem__(self, key): return self.told()
    def __iter__(self): return iter(range(self.told()))
    def __int__(self): return self.told()
    def __float__(self): return float(self.told())
    def __complex__(self): return complex(self.told())
    def __str__(self): return str(self.told())
    @property
    def value(self): return self.told()
    @property
    def tensor(self): return torch.full((2,), float(self.told()))
    @property
    def nested(self): return {"a": [self.told(), None]}
    @property
    def part(self): return Part(self.told())
class Part:
    def __init__(self, n): self.n = n
def liar(): return Liar()
class Mover:
    def __init__(self): self.q = torch.zeros(2)
    @property
    def r(self):
        self.q += 1
        return 5
def mover(): return Mover()
class Counter:
    n = 0
    def __init__(self, size): self.size = size
    def tick(self): self.n += 1
    def __len__(self): return self.n
    def __iter__(self): return iter(range(self.n))
    def __getitem__(self, key): return self.n * key
    def __float__(self): return float(self.n)
    @property
    def sum(self): return float(self.size.sum())
counter = Counter(torch.ones(2))
def tick(): counter.tick()
def ticks(times):
    for _ in range(times):
        counter.tick()
        yield counter.n
def touch(c): c.tick()
class Parts(list):
    def own(self): pass
def parts(): return Parts([Part(1), torch.ones(2), {"a": float("nan")}, Part(2)])
def endless():
    n = 0
    while True:
        n += 1
        yield n
"""
LOOKS: dict[str, Callable[[Any], object]] = {
    "an attribute": lambda y: y.value,
    "a tensor": lambda y: y.tensor,
    "a container": lambda y: y.nested,
    "an item": lambda y: y[1],
    "a slice": lambda y: y[1:],
    "its length": len,
    "its items": list,
    "an int": int,
    "a float": float,
    "a complex number": complex,
    "its text": str,
}


@pytest.fixture(scope="module")
def student() -> Iterator[CandidateClient]:
    with examinee(CHANGING) as end:
        yield end


@pytest.mark.parametrize("name", LOOKS)
def test_what_tells_something_else_when_it_is_asked_again_is_refused(student: CandidateClient, name: str) -> None:
    look, liar = LOOKS[name], student.name("liar")()
    look(liar)
    with pytest.raises(TypeError, match="told something else: return plain data"):
        look(liar)


def test_a_part_that_is_another_object_each_time_stays_the_first(student: CandidateClient) -> None:
    liar = student.name("liar")()
    assert [liar.part.n for _ in range(3)] == [1, 1, 1]


def test_a_tensor_that_changes_as_another_is_looked_at_is_put_back(student: CandidateClient) -> None:
    mover = student.name("mover")()
    q = mover.q
    with pytest.raises(TypeError, match="changed a tensor or array while the test only looked"):
        mover.r  # noqa: B018
    assert q.tolist() == [0, 0]
    assert mover.q.tolist() == [0, 0]


def all_looks(counter: Any) -> tuple[object, ...]:
    return len(counter), list(counter), counter[2], float(counter), counter.n


def test_whatever_is_done_may_change_what_an_object_tells(student: CandidateClient) -> None:
    counter = student.name("counter")
    done: list[Callable[[], object]] = [
        counter.tick,
        student.name("tick"),
        lambda: student.name("touch")(counter),
        lambda: setattr(counter, "n", counter.n + 1),
        lambda: student.there(lambda one: one.tick(), counter),
        lambda: next(student.name("ticks")(1)),
    ]
    for act in done:
        before = counter.n
        assert all_looks(counter) == all_looks(counter)
        act()
        n = before + 1
        assert all_looks(counter) == (n, list(range(n)), 2 * n, float(n), n)


def test_a_loop_over_one_object_may_change_what_another_tells(student: CandidateClient) -> None:
    counter = student.name("counter")
    for n in student.name("ticks")(3):
        assert all_looks(counter) == (n, list(range(n)), 2 * n, float(n), n)


def test_a_tensor_that_the_test_has_changed_may_change_what_an_object_tells(student: CandidateClient) -> None:
    counter = student.name("counter")
    assert counter.sum == 2
    counter.size.mul_(3)
    assert counter.sum == 6
    counter.size.div_(3)


def test_what_stays_the_same_can_be_looked_at_again_and_again(student: CandidateClient) -> None:
    parts = student.name("parts")()
    assert [list(map(type, parts)) for _ in range(3)] == [list(map(type, parts))] * 3
    assert parts[0].n == parts[0].n == next(iter(parts)).n == 1
    assert [[one.n for one in (parts[0], parts[3])] for _ in range(2)] == [[1, 2], [1, 2]]
    assert torch.equal(parts[1], parts[1])


def test_loops_that_end_early_and_loops_in_loops_are_loops_over_the_same_items(student: CandidateClient) -> None:
    parts = student.name("parts")()
    for one in parts:
        assert next(iter(parts)).n == 1
        if type(one) is dict:
            break
    assert len([1 for _ in parts for _ in parts]) == 16
    numbers = student.name("endless")()
    assert [n for n, _ in zip(numbers, range(3), strict=False)] == [1, 2, 3]


def test_an_iterator_that_a_test_goes_through_twice_is_refused(student: CandidateClient) -> None:
    numbers = student.name("ticks")(2)
    list(numbers)
    with pytest.raises(TypeError, match="asked for its items again"):
        list(numbers)
