"""What grades, as hashes: the engine's own code, and the Python and packages that it runs with."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
# Packages and modules of which grading imports nothing: a change in them changes no result. A test holds this.
ELSEWHERE = frozenset(
    "audit authoring cards cli collect commands demo desk doctor entry export guarded marking report review serving "  # noqa: SIM905
    "similarity warm".split()
)
_COPIES = "setuptools/_vendor"  # it puts them last on the path when it is imported, after what is installed
_OWN = ("clozegrad-", "clozegrad.")
_PACKAGES = (".dist-info", ".egg-info")  # folders whose names say what is installed, and in which version


@cache
def engine_hash() -> str:
    """A hash of all code of the course's that takes part in grading, on either side."""
    whole = hashlib.sha256()
    for path in code():
        whole.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def code() -> list[Path]:
    """The files of that code."""
    found = {path: path.relative_to(_ROOT).parts[0].removesuffix(".py") for path in _ROOT.rglob("*.py")}
    return sorted(path for path, part in found.items() if part not in ELSEWHERE)


@cache
def installed_hash() -> str:
    """A hash of Python's version and of the names and versions of all packages that can be imported."""
    return hashlib.sha256("\0".join([sys.version, *installed()]).encode("utf-8", "surrogatepass")).hexdigest()


def installed() -> list[str]:
    """The folders that say which packages are installed, in which versions.

    Our own package is none of them: its code is hashed as it is, and a checkout says otherwise that it is there.
    """
    folders = [folder for folder in sys.path if not folder.endswith(_COPIES)]
    names = {name for folder in folders for name in _names(folder) if name.endswith(_PACKAGES)}
    return sorted(name for name in names if not name.startswith(_OWN))


def _names(folder: str) -> Iterator[str]:
    try:
        yield from os.listdir(folder or ".")
    except OSError:  # a zip file, or not there
        return
