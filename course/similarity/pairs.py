"""Pairs of students by what they have in common that few others have.

What half of the class wrote says nothing: a short exercise has one natural answer. So a fingerprint counts the more,
the fewer students have it, and not at all beyond a twentieth of the class.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copydetect import compare_files

from course.similarity.prints import Prints

RARE = 0.05  # of the class
FEWEST = 15.0  # rare fingerprints in one exercise, for it to count
LISTED, LISTED_ALONE = 60.0, 80.0  # in several exercises together, in a single one


@dataclass(frozen=True)
class Common:
    """What two answers to one exercise have in common: how much of it is rare, and where it stands in either."""

    exercise: str
    rare: float
    left: str
    right: str
    left_marks: tuple[tuple[int, int], ...]
    right_marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pair:
    """Two students: `rare` counts what few others have in common with them; `share`, of the smaller work, all of it."""

    students: tuple[str, str]
    rare: float
    share: float
    exercises: tuple[str, ...]


def pairs(prints: Mapping[str, Prints], most: int) -> list[Pair]:
    """The pairs with most in common, the most first; none where nobody has more than chance would give."""
    rare = {students: named for students, found in _rare(prints).items() if _is_much(named := _counted(found))}
    first = sorted(rare, key=lambda students: (-sum(rare[students].values()), students))[:most]
    return [
        Pair(
            students,
            sum(rare[students].values()),
            _share(prints[students[0]], prints[students[1]]),
            tuple(sorted(rare[students], key=lambda name: -rare[students][name])),
        )
        for students in first
    ]


def common(prints: Mapping[str, Prints], pair: Pair, exercise: str) -> Common:
    """One exercise of a pair, with what stands in both marked."""
    left, right = (prints[student][exercise] for student in pair.students)
    _, _, (left_slices, right_slices) = compare_files(left, right)
    rare = float(len(left.hashes & right.hashes))
    return Common(exercise, rare, left.raw_code, right.raw_code, _marks(left_slices), _marks(right_slices))


def _rare(prints: Mapping[str, Prints]) -> dict[tuple[str, str], Counter[str]]:
    """For each pair with anything rare in common, the weights of it by exercise."""
    owners: dict[tuple[str, int], list[str]] = defaultdict(list)
    for student in sorted(prints):
        for exercise, print_ in prints[student].items():
            for number in print_.hashes:
                owners[exercise, number].append(student)
    limit = max(2, math.floor(RARE * len(prints)))
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (exercise, _), students in owners.items():
        if 2 <= len(students) <= limit:
            weight = _weight(len(students), len(prints))
            for two in itertools.combinations(students, 2):
                found[two][exercise] += weight  # type: ignore[assignment]
    return found


def _weight(count: int, size: int) -> float:
    """1 for what two of a class have, less for what more have: their inverse frequency."""
    return 1.0 if count <= 2 else math.log(size / count) / math.log(size / 2)


def _counted(found: Counter[str]) -> dict[str, float]:
    return {name: weight for name, weight in found.items() if weight >= FEWEST}


def _is_much(named: Mapping[str, float]) -> bool:
    return sum(named.values()) >= (LISTED if len(named) > 1 else LISTED_ALONE)


def _share(left: Prints, right: Prints) -> float:
    """What part of the smaller work stands in the other one too."""
    both = sum(len(left[name].hashes & right[name].hashes) for name in left.keys() & right.keys())
    least = min(sum(len(print_.hashes) for print_ in prints.values()) for prints in (left, right))
    return both / least if least else 0.0


def _marks(slices: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(end)) for start, end in zip(*slices, strict=True)) if len(slices) else ()
