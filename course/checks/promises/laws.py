"""Laws of chance: whether many results could have come from the law that an exercise promises.

Every bound is wide enough that right code fails once in more than a hundred thousand gradings, however many items
there are: of single counts by theorem 1 of Hoeffding (1963), of numbers drawn by Massart's constant (1990) in the
inequality of Dvoretzky, Kiefer and Wolfowitz, of whole tables with room to spare (in 246,000 simulated gradings of
right shuffles, of 2 to 20 items, the largest came to 5.1 of the 6.5 that are allowed).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course.checks.fault import CheckFailed
from course.checks.plain import Array, NotNumbers, numbers
from course.checks.promises.calls import leaves
from course.promises import Promise

CALLS = {"": 4, "shuffle": 150, "normal": 40, "uniform": 40, "chance": 600}
RARE = 1e-6  # how often at most a count of right code goes too far
SIGMAS = 6.5  # for the sum over a table of counts, made normal by the cube root of Wilson and Hilferty (1931)


def draws(promise: Promise) -> int:
    """How many results the law needs."""
    return CALLS[promise.arguments[0] if promise.arguments else ""]


def is_shown(promise: Promise, results: list[Any]) -> bool:
    """Whether more results could change nothing: where no law is named, two that differ are random."""
    return not promise.arguments and not _are_same([_flat(result) for result in results])


def check_law(promise: Promise, results: list[Any]) -> None:
    """Raise CheckFailed when the results could not have come from the promised law."""
    law, *given = promise.arguments or ("",)
    rows = [_flat(result) for result in results]
    if law == "shuffle":
        _shuffled(rows)
        return
    if law != "chance" and _are_same(rows):
        raise CheckFailed("several calls with the same inputs gave the same result: nothing new is drawn")
    parameters = [float(number) for number in given]
    values = np.sort(np.concatenate(rows))
    if law == "normal":
        mean, deviation = parameters
        _distributed(values, np.array([0.5 * math.erfc((mean - v) / (deviation * math.sqrt(2))) for v in values]))
    elif law == "uniform":
        low, high = parameters
        if values[0] < low or values[-1] > high:
            raise CheckFailed(f"a number lies outside {low:g} to {high:g}")
        _distributed(values, (values - low) / (high - low))
    elif law == "chance":
        _happens(values, parameters[0])


def _flat(result: Any) -> Array:
    """All numbers of a result in a row."""
    try:
        parts = [numbers(leaf).array.reshape(-1).astype(np.float64) for leaf in leaves(result)]
    except NotNumbers as error:
        raise CheckFailed(f"expected numbers, got {error}") from None
    if not parts:
        raise CheckFailed("expected numbers, got none")
    return np.concatenate(parts)


def _are_same(rows: list[Array]) -> bool:
    return all(np.array_equal(row, rows[0]) for row in rows)


def _shuffled(rows: list[Array]) -> None:
    """Each item stands as often in each place, and as often behind each other one."""
    items = np.sort(rows[0])
    count = len(items)
    if len(np.unique(items)) < count:
        raise ValueError("a shuffle can only be recognised by distinct items: draw an example without equal numbers")
    if any(len(row) != count or not np.array_equal(np.sort(row), items) for row in rows):
        raise CheckFailed("a shuffle keeps every item once and changes only the order")
    ranks = np.array([np.searchsorted(items, row) for row in rows])
    places = np.zeros((count, count))
    following = np.zeros((count, count))
    for row in ranks:
        places[row, np.arange(count)] += 1
        following[row[:-1], row[1:]] += 1
    if count > 1:
        calls, share = len(rows), 1 / count
        own = np.eye(count) * calls * share  # no item follows itself: as if that were as often as expected
        _even(places, calls, 1 - share, "some items end up in some places too often or too rarely")
        _even(following + own, calls, 1.0, "some items too often follow one another")


def _even(counts: Array, calls: int, scale: float, fault: str) -> None:
    """Neither a single count nor all of them together may lie too far from an equal share.

    Pearson's sum has (n - 1)^2 degrees of freedom for n items: scaled by (n - 1) / n where it counts places (Anderson,
    1959), as it is where it counts neighbours.
    """
    share, freedom = 1 / len(counts), (len(counts) - 1) ** 2
    spread = scale * float(((counts - calls * share) ** 2).sum()) / (calls * share)
    unit = 2 / (9 * freedom)
    is_uneven = ((spread / freedom) ** (1 / 3) - (1 - unit)) / math.sqrt(unit) > SIGMAS
    if is_uneven or _is_off(counts, calls, share, looks=2 * counts.size):  # at two tables of this size
        raise CheckFailed(f"not all orders are equally likely: {fault}")


def _is_off(counts: Array, calls: int, share: float, looks: int) -> bool:
    """Whether one of so many counts lies so far from its share of the calls that chance hardly ever brings it there.

    Hoeffding: q of the calls or more (or fewer) come with a probability of at most exp(-calls * KL(q, share)).
    """
    found = counts / calls
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(found > 0, found * np.log(found / share), 0.0)
        below = np.where(found < 1, (1 - found) * np.log((1 - found) / (1 - share)), 0.0)
    return bool(calls * (above + below).max() > math.log(2 * looks / RARE))


def _distributed(values: Array, below: Array) -> None:
    """Kolmogorov and Smirnov's distance between the numbers drawn and the share that the law puts below each."""
    count = len(values)
    steps = np.arange(count + 1) / count
    distance = max(float(np.abs(below - steps[1:]).max()), float(np.abs(below - steps[:-1]).max()))
    if distance > 2.5 / math.sqrt(count):
        raise CheckFailed(
            f"the numbers drawn do not follow the promised distribution: their mean is {values.mean():.3g}, "
            f"their standard deviation {values.std():.3g}"
        )


def _happens(values: Array, probability: float) -> None:
    if not np.isin(values, (0, 1)).all():
        raise CheckFailed("what happens by chance is True or False, 1 or 0")
    if _is_off(np.array(values.sum()), len(values), probability, looks=1):
        raise CheckFailed(f"it happens in {values.mean():.0%} of {len(values)} calls")
