"""Names of files in one folder: each once, and which of them a graded notebook takes."""

import hashlib
import itertools
import os
from collections.abc import Iterable, Mapping


class Places:
    """The files and folders that are taken."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, place: str) -> str:
        """Take a place, with a number in its first part where a file or folder of that name is there already."""
        first, slash, rest = place.partition("/")
        stem, ending = (first, "") if slash else os.path.splitext(first)
        numbered = (f"{stem} ({number}){ending}{slash}{rest}" for number in itertools.count(2))
        free = next(one for one in itertools.chain([place], numbered) if self._is_free(one))
        self.files.add(free)
        self._folders.update(_above(free))
        return free

    def _is_free(self, place: str) -> bool:
        return place not in self.files and place not in self._folders and self.files.isdisjoint(_above(place))


def arranged(places: Iterable[str], notebooks: Mapping[str, str]) -> dict[str, str]:
    """Where each file of a hand-in goes for grading: its place here, by its place there.

    What lies in the folder of the notebooks comes to the top, and each notebook is called as the lesson's. Files whose
    places those take get a number.

    Args:
        notebooks: the place of each notebook that is graded, by its name in the lesson.
    """
    around = {os.path.dirname(place) for place in notebooks.values()}
    base = f"{around.pop()}/" if len(around) == 1 else ""
    base = "" if base == "/" else base
    taken = Places()
    found = {taken.add(f"{name}.ipynb"): place for name, place in notebooks.items()}
    rest = sorted(set(places) - set(notebooks.values()), key=lambda place: (not place.startswith(base), place))
    return found | {taken.add(place.removeprefix(base)): place for place in rest}


def digest(sums: Mapping[str, str]) -> str:
    """The same for the same files; `sums` has the digest of each by its place."""
    lines = (f"{place}\0{one}\n" for place, one in sorted(sums.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _above(place: str) -> list[str]:
    return [place[:at] for at, sign in enumerate(place) if sign == "/"]
