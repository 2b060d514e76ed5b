"""Laws of chance: whether many results could have come from the law that an exercise promises.

Every bound is wide enough that right code fails once in more than a hundred thousand gradings.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course.checks.fault import CheckFailed
from course.checks.plain import Array, NotNumbers, numbers
from course.checks.promises.calls import leaves
from course.promises import Promise

CALLS = {"": (2, 2), "shuffle": (150,), "normal": (40,), "uniform": (40,), "chance": (600,)}  # the last if need be
SIGMAS = 5.0


def draws(promise: Promise) -> tuple[int, ...]:
    """How many results the law needs, in portions: after each of them `is_shown` may say that it is enough."""
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
    share = 1 / count
    _even(places, len(rows), share, "some items end up in some places too often or too rarely")
    _even(following + np.eye(count) * len(rows) * share, len(rows), share, "some items too often follow one another")


def _even(counts: Array, calls: int, share: float, fault: str) -> None:
    allowed = SIGMAS * math.sqrt(calls * share * (1 - share)) + 2
    if np.abs(counts - calls * share).max() > allowed:
        raise CheckFailed(f"not all orders are equally likely: {fault}")


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
    error = math.sqrt(probability * (1 - probability) / len(values))
    share = float(values.mean())
    if abs(share - probability) > SIGMAS * error + 1e-9:
        raise CheckFailed(f"it happens in {share:.0%} of {len(values)} calls")
