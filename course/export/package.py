"""clozegrad itself, as other machines get it: what pip needs of a checkout, and a wheel, which needs nothing more."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course.errors import CourseError

PACKAGE = Path(__file__).parents[1]
MADE = (1980, 1, 1, 0, 0, 0)  # when all that is packed was changed: the same files make the same bytes
_PROJECT = "pyproject.toml"
_BESIDE = (_PROJECT, "README.md", "LICENSE")  # what pip needs besides the package
_MADE_S = "315532800"  # the same time, in seconds
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def checkout() -> Iterator[tuple[str, bytes]]:
    """The files of the checkout that runs, by name; CourseError when it is none."""
    if missing := [name for name in _BESIDE if not (PACKAGE.parent / name).is_file()]:
        raise CourseError(f"{PACKAGE.parent} has no {missing[0]}: export from a checkout of clozegrad")
    yield from below(PACKAGE, "course")
    for name in _BESIDE:
        yield name, (PACKAGE.parent / name).read_bytes()


def below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, which is to be called so, by name."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & {*parts}:
            yield "/".join((name, *parts)), path.read_bytes()


def wheel() -> tuple[str, bytes]:
    """The checkout as a wheel, its name and its bytes; CourseError when none can be built.

    A hash of the code ends its version, so that pip installs a newer one over an older one.
    """
    files = dict(checkout())
    whole = hashlib.sha256(b"".join(name.encode() + b"\0" + data + b"\0" for name, data in files.items()))
    mark = f"+h{whole.hexdigest()[:8]}".encode()
    files[_PROJECT] = re.sub(rb'^(version = "[^"]+)', rb"\1" + mark, files[_PROJECT], flags=re.MULTILINE)
    with tempfile.TemporaryDirectory(prefix="clozegrad-") as place:
        for name, data in files.items():
            path = Path(place, "checkout", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        built = _built(Path(place, "checkout"), Path(place, "wheel"))
        return built.name, built.read_bytes()


def _built(checkout: Path, out: Path) -> Path:
    out.mkdir()
    environment = os.environ | {"SOURCE_DATE_EPOCH": _MADE_S}
    command = [sys.executable, "-c", _BUILD, str(out)]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise CourseError(f"setuptools could not build a wheel of {PACKAGE.parent} ({why}): pip install -U setuptools")
    (wheel,) = out.glob("*.whl")
    return wheel
