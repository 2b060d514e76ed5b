"""Anki's own library as the oracle: what it makes of a package. It is AGPL, so nothing but tests imports it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

collections = pytest.importorskip("anki.collection")


@dataclass(frozen=True)
class Log:
    """How many notes of an import were new, updated, the same as before, or in conflict."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@contextmanager
def collection(folder: Path, *, fsrs: bool = True) -> Iterator[Any]:
    """An empty collection of Anki's, with FSRS on as in a fresh profile of today or off as in an old one."""
    folder.mkdir(parents=True, exist_ok=True)
    col = collections.Collection(str(folder / "collection.anki2"))
    col.set_config("fsrs", fsrs)
    try:
        yield col
    finally:
        col.close()


def take_in(col: Any, path: Path, *, with_progress: bool = False) -> Log:
    """Import a package; ``with_progress`` is the box that is off by default."""
    options = collections.ImportAnkiPackageOptions(with_scheduling=with_progress)
    request = collections.ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = col.import_anki_package(request).log
    return Log(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))


def notes(col: Any) -> dict[str, Any]:
    """The notes by the name of their card: the end of the last field."""
    found = [col.get_note(number) for number in col.find_notes("")]
    return {note.fields[-1].split(" · ")[-1]: note for note in found}
