"""The generators begin as fresh ones would with the same seed, and cells that count go on whatever runs between them."""

import hashlib
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from course.grading.process.chance import Chance, Start


@pytest.fixture(autouse=True)
def as_before() -> Any:
    before = random.getstate(), np.random.get_state(), torch.get_rng_state()
    yield
    random.setstate(before[0])
    np.random.set_state(before[1])
    torch.set_rng_state(before[2])


def drawn() -> tuple[float, ...]:
    """A number from each generator, and what a normal draw keeps for the next one."""
    return random.random(), random.gauss(0, 1), np.random.rand(), np.random.randn(), float(torch.rand(1))


def run(chance: Chance, cells: Sequence[tuple[str, Start]]) -> list[tuple[float, ...]]:
    """What each cell draws."""
    found = []
    for seed, start in cells:
        with chance.started(seed, start):
            found.append(drawn())
    return found


def test_a_test_begins_with_what_fresh_generators_give() -> None:
    drawn()
    Chance().begin("any seed")
    digest = hashlib.sha256(b"any seed").digest()
    numbers, table = random.Random(digest), np.random.RandomState(list(digest))
    tensors = torch.Generator().manual_seed(int.from_bytes(digest[:7], "little"))
    fresh = numbers.random(), numbers.gauss(0, 1), table.rand(), table.randn(), float(torch.rand(1, generator=tensors))
    assert drawn() == fresh


def test_seeding_functions_that_were_replaced_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Chance().begin("a")
    first = drawn()
    for owner, name in ((random, "seed"), (np.random, "seed"), (torch, "manual_seed")):
        monkeypatch.setattr(owner, name, lambda *_: pytest.fail("watched"))
    Chance().begin("a")
    assert drawn() == first


BETWEEN: dict[str, list[tuple[str, Start]]] = {
    "nothing": [],
    "a demonstration": [("", "here")],
    "two demonstrations": [("", "here"), ("", "here")],
    "a test": [("test", "test")],
    "a test and a demonstration": [("test", "test"), ("", "here")],
}


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
def test_cells_that_count_go_on_whatever_runs_between(between: list[tuple[str, Start]]) -> None:
    cells: list[tuple[str, Start]] = [("mine", "last")] * 3
    alone = run(Chance(), cells)
    assert len(set(alone)) == 3
    mixed = [cells[0], *between, cells[1], *between, cells[2]]
    found = run(Chance(), mixed)
    step = len(between) + 1
    assert found[::step] == alone


def test_cells_that_count_go_on_after_draws_of_both_sides() -> None:
    cells: list[tuple[str, Start]] = [("mine", "last"), ("both", "draw"), ("both", "last draw"), ("mine", "last")]
    alone = run(Chance(), cells)
    mixed = run(Chance(), [one for cell in cells for one in (cell, ("", "here"), ("test", "test"))])
    assert mixed[::3] == alone
    assert len(set(alone)) == 4


def test_calls_of_a_test_do_not_move_the_cells_after_it() -> None:
    chance = Chance()
    first = run(chance, [("mine", "last")])
    chance.begin("test")
    drawn()
    assert first + run(chance, [("mine", "last")]) == run(Chance(), [("mine", "last")] * 2)


def test_what_is_drawn_in_a_block_that_keeps_them_moves_nothing() -> None:
    chance = Chance()
    chance.begin("a")
    after = drawn(), drawn()
    chance.begin("a")
    first = drawn()
    with chance.kept(), chance.drawing("both", follows=False):
        drawn()
    assert (first, drawn()) == after
