"""Which answers are alike, so that they are marked one after the other."""

import itertools
import re
from collections.abc import Mapping

LONGEST = 50_000  # characters of an answer that are compared
ENOUGH = 0.5  # of the pairs of neighbouring words that two answers have between them, both have this share


def same(text: str) -> str:
    """What two answers have in common that differ in spaces, case and punctuation alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def groups(texts: Mapping[str, str]) -> list[list[str]]:
    """The keys of the texts in groups of like ones, large groups first; who is alike to one of a group belongs to it.

    Within a group each text follows the one that it is most like. The order depends on keys and texts alone.
    """
    pairs = {key: _pairs(text) for key, text in texts.items()}
    left = sorted(texts)
    found: list[list[str]] = []
    while left:
        group, at = [left.pop(0)], 0
        while at < len(group):
            near = [key for key in left if _share(pairs[group[at]], pairs[key]) >= ENOUGH]
            group += sorted(near, key=lambda key: (-_share(pairs[group[at]], pairs[key]), key))
            left = [key for key in left if key not in near]
            at += 1
        found.append(group)
    return sorted(found, key=lambda group: (-len(group), group[0]))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of neighbouring words, the ends included: one word alone makes two."""
    words = ["", *same(text[:LONGEST]).split(), ""]
    return frozenset(itertools.pairwise(words))


def _share(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other)
