"""The laws of chance: how often right code is refused, computed and not drawn."""

import math

import numpy as np
import pytest

from course.checks.fault import CheckFailed
from course.checks.promises import laws
from course.promises import parse


def refused(calls: int, share: float, looks: int) -> float:
    """The probability that one count of right code is too far off."""
    counts = [x for x in range(calls + 1) if laws._is_off(np.array(x), calls, share, looks)]
    return math.fsum(math.comb(calls, x) * share**x * (1 - share) ** (calls - x) for x in counts)


@pytest.mark.parametrize("items", [2, 3, 5, 7, 12, 20, 50])
def test_a_right_shuffle_is_hardly_ever_refused_for_one_of_its_counts(items: int) -> None:
    calls = laws.CALLS["shuffle"]
    looks = 2 * items**2
    assert looks * refused(calls, 1 / items, looks) <= laws.RARE


@pytest.mark.parametrize("probability", [0.01, 0.1, 0.3, 0.5, 0.95])
def test_a_right_chance_is_hardly_ever_refused_and_one_that_is_far_off_is(probability: float) -> None:
    calls = laws.CALLS["chance"]
    assert refused(calls, probability, 1) <= laws.RARE
    gap = 10 * math.sqrt(probability * (1 - probability) / calls)
    far = probability + gap if probability < 0.5 else probability - gap
    assert laws._is_off(np.array(round(calls * far)), calls, probability, 1)


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_what_is_certain_happens_always(probability: float) -> None:
    (promise,) = parse(f"random(chance, {probability})")
    laws.check_law(promise, [probability] * 600)
    with pytest.raises(CheckFailed, match="it happens in"):
        laws.check_law(promise, [probability] * 599 + [1 - probability])


@pytest.mark.parametrize("items", [2, 3, 7, 20])
def test_right_shuffles_pass(items: int) -> None:
    (promise,) = parse("random(shuffle)")
    for seed in range(200):
        rng = np.random.default_rng(seed)
        laws.check_law(promise, [rng.permutation(items) for _ in range(laws.CALLS["shuffle"])])


@pytest.mark.parametrize("items", [3, 7, 20])
def test_lopsided_shuffles_do_not(items: int) -> None:
    (promise,) = parse("random(shuffle)")
    rng, half = np.random.default_rng(0), items // 2
    for wrong in (
        lambda: np.roll(np.arange(items), rng.integers(items)),
        lambda: np.concatenate([[0], 1 + rng.permutation(items - 1)]),
        lambda: np.concatenate([rng.permutation(half), half + rng.permutation(items - half)]),
    ):
        with pytest.raises(CheckFailed, match="not all orders are equally likely"):
            laws.check_law(promise, [wrong() for _ in range(laws.CALLS["shuffle"])])
