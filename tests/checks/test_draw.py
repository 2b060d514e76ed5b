"""Random test data: unforeseeable, repeatable at a regrade, and guarded against changes in place."""

from typing import Any

import pytest
import torch

from course import checks


def draws(exercise: str = "norm") -> list[Any]:
    checks.begin(exercise, points=1)
    first, second = checks.rng(), checks.rng()
    return [first.tensor(4).tolist(), first.uniform(0, 1), second.integer(0, 10**9), second.words(3)]


def test_a_regrade_draws_the_same_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOZEGRAD_SEED", "secret of Ada")
    assert draws() == draws()


def test_another_student_exercise_or_generator_draws_other_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOZEGRAD_SEED", "secret of Ada")
    mine, other_exercise = draws(), draws("angle")
    monkeypatch.setenv("CLOZEGRAD_SEED", "secret of Bob")
    assert all(a != b for a, b in zip(mine, other_exercise, strict=True))
    assert all(a != b for a, b in zip(mine, draws(), strict=True))
    first, second = checks.rng(), checks.rng()
    assert first.uniform() != second.uniform()


def test_without_a_seed_every_run_differs() -> None:
    torch.manual_seed(0)
    before = draws()
    torch.manual_seed(0)
    assert draws() != before


def test_a_given_seed_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    here = checks.rng(3).tensor(2).tolist()
    monkeypatch.setenv("CLOZEGRAD_SEED", "secret")
    assert checks.rng(3).tensor(2).tolist() == here
    assert checks.rng(4).tensor(2).tolist() != here


def test_the_global_generator_is_left_alone_and_has_no_say() -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    rng = checks.rng(1)
    first = [rng.tensor(3), rng.integers(3, low=0, high=9), rng.permutation(5), rng.uniform(), rng.choice("abc")]
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(1)
    assert torch.equal(checks.rng(1).tensor(3), first[0])


def test_default_dtype_and_device_have_no_say() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):
            x = checks.rng(1).tensor(3)
    finally:
        torch.set_default_dtype(torch.float32)
    assert (x.dtype, x.device.type) == (torch.float32, "cpu")
    assert torch.equal(x, checks.rng(1).tensor(3))


def test_draws_keep_their_promises() -> None:
    rng = checks.rng(0)
    x = rng.tensor(200, 3, low=-2, high=5, dtype=torch.float64)
    assert x.shape == (200, 3)
    assert x.dtype == torch.float64
    assert -2 <= x.min() < -1
    assert 4 < x.max() <= 5
    assert rng.tensor().shape == ()
    assert rng.tensor(2, requires_grad=True).requires_grad
    assert abs(float(rng.tensor(10_000).std()) - 1) < 0.05
    n = rng.integers(500, low=2, high=4)
    assert n.dtype == torch.int64
    assert set(n.tolist()) == {2, 3, 4}
    assert sorted(rng.permutation(9).tolist()) == list(range(9))
    assert {rng.integer(1, 2) for _ in range(50)} == {1, 2}
    assert {rng.choice([1, 2]) for _ in range(50)} == {1, 2}
    assert len(set(rng.words(10))) == 10
    with pytest.raises(ValueError, match="at least one"):
        rng.choice([])
    with pytest.raises(ValueError, match="words"):
        rng.words(1000)


def spoil_data(x: torch.Tensor) -> None:
    x.data = torch.zeros(7)


CHANGES = {
    "mul_": lambda x: x.mul_(2),
    "nan": lambda x: x.fill_(float("nan")),
    "zeros": lambda x: x.zero_(),
    "one place": lambda x: x.__setitem__(0, 9.0),
    "through numpy": lambda x: x.numpy().fill(0),
    "through a view": lambda x: x[2:].zero_(),
    "through data": spoil_data,
    "resize": lambda x: x.resize_(2),
    "unsqueeze": lambda x: x.unsqueeze_(0),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_input_changed_in_place_fails_the_check_that_compares_with_it_afterwards(change: Any) -> None:
    def double(x: torch.Tensor) -> torch.Tensor:
        change(x)
        return x * 2

    checks.begin("double", points=2)
    x = checks.rng().tensor(5)
    with checks.check("doubles"):
        got = double(x)
        checks.close(got, x * 2)
    with checks.check("on its own merit"):
        checks.shape(x, 5)
        checks.true(bool((x.abs() > 0).all()), "the numbers are back")
    assert checks.score() == 1.0
    assert "changed its input in place" in checks.report().checks[0].message


def test_a_leaf_that_requires_grad_is_guarded_too() -> None:
    checks.begin("step", points=1)
    w = checks.rng().tensor(3, requires_grad=True)
    with checks.check("one step"):
        with torch.no_grad():
            w -= 1
    assert checks.score() == 0.0


def test_gradients_flags_and_mutable_inputs_are_free_to_change() -> None:
    checks.begin("fine", points=1)
    with checks.check("may change"):
        rng = checks.rng()
        rng.tensor(3, requires_grad=True).sum().backward()
        rng.tensor(3).requires_grad_()
        rng.tensor(3, mutable=True).zero_()
        rng.integers(3, low=1, high=2, mutable=True).zero_()
        rng.permutation(3, mutable=True).zero_()
    assert checks.score() == 1.0


def test_a_change_is_reported_beside_another_failure() -> None:
    checks.begin("both", points=1)
    with checks.check("both"):
        checks.rng().tensor(3).zero_()
        raise ValueError("x")
    checks.score()
    assert checks.report().checks[0].message.startswith("ValueError: x\nyour code changed its input")


def test_no_two_inputs_of_a_cell_share_an_identity() -> None:
    checks.begin("cached", points=1)
    known: dict[int, float] = {}

    def total(x: torch.Tensor) -> float:
        return known.setdefault(id(x), float(x.sum()))

    with checks.check("a cache by id() never meets the same id again"):
        for _ in range(50):
            x = checks.rng().tensor(4)
            checks.close(total(x), x.sum())
            del x
    assert checks.score() == 1.0
    assert len(known) == 50
