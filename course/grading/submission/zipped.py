"""The notebooks in a zip file that somebody sent, each found as if the zip file were a folder."""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from course.grading.submission.parsing import MAX_BYTES, Unreadable
from course.grading.submission.walking import Found, is_systems

MAX_ZIPPED = 100_000  # members of a zip file that is opened
MAX_OTHERS = 20  # members that are looked into though they are not called notebooks
MAX_INNER = 3  # zip files in a zip file
MAX_INNER_BYTES = 20 * 2**20  # of one of these
_TEXTS = (".py", ".json", ".txt", ".md")
_MEMBER = b"PK\x01\x02"  # before each in a zip file's list
# What zipfile and what it unpacks with raise for bytes that somebody made up.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, KeyError),
    *(NotImplementedError, RuntimeError, OverflowError, MemoryError),
)


@dataclass(frozen=True)
class Member(Found):
    """A file in a zip file; `inside` is its name there, after that of the zip file within which it lies, if any."""

    inside: tuple[str, ...] = ()

    def content(self, most: int) -> bytes:
        try:
            archive = _archive(self.path, self.changed_s)
            for name in self.inside[:-1]:
                archive = zipfile.ZipFile(io.BytesIO(archive.read(name)))
            with archive.open(self.inside[-1]) as opened:
                return opened.read(most)
        except BROKEN as error:
            raise Unreadable(f"it is in a zip file that cannot be opened ({error})") from None


@dataclass(frozen=True)
class Sealed(Found):
    """A zip file with nothing in it that may be graded, and the reason."""

    reason: str = ""

    def content(self, most: int) -> bytes:
        raise Unreadable(self.reason)


def sealed(file: Found, reason: str) -> Sealed:
    """A zip file in place of what could not be found in it."""
    return Sealed(file.place, file.path, file.size, file.changed_s, f"{reason}: hand the notebook in by itself")


def is_zip(file: Found) -> bool:
    """Whether a file is a zip file, whatever it is called."""
    try:
        return file.content(4) == b"PK\x03\x04"
    except OSError:
        return False


def members(file: Found, may_be_notebook: Callable[[str], bool]) -> list[Found]:
    """The files in a zip file, and in zip files in it, that may be notebooks; Unreadable where it cannot be opened."""
    if file.size > MAX_BYTES:
        raise Unreadable(f"it is a zip file of more than the {MAX_BYTES / 2**20:.0f} MB that are read")
    try:
        if file.content(MAX_BYTES).count(_MEMBER) > MAX_ZIPPED:
            raise Unreadable(f"it is a zip file that holds more than {MAX_ZIPPED} files")
        archive = _archive(file.path, file.changed_s)
        listed = archive.infolist()
        found = _found(file, listed, may_be_notebook)
        inner = [one for one in listed if _is_usable(one) and one.filename.casefold().endswith(".zip")]
        for member in [one for one in inner if one.file_size <= MAX_INNER_BYTES][:MAX_INNER]:
            with zipfile.ZipFile(io.BytesIO(archive.read(member))) as within:
                found += _found(file, within.infolist()[:MAX_ZIPPED], may_be_notebook, (member.filename,))
    except BROKEN as error:
        raise Unreadable(f"it is a zip file that cannot be opened ({error})") from None
    if not found and any(member.flag_bits & 1 for member in listed):
        raise Unreadable("it is a zip file with a password")
    return found


def _found(
    file: Found, listed: list[zipfile.ZipInfo], may_be_notebook: Callable[[str], bool], way: tuple[str, ...] = ()
) -> list[Found]:
    usable = [member for member in listed if _is_usable(member)]
    named = [member for member in usable if may_be_notebook(_name(member))]
    others = [one for one in usable if one not in named and _name(one).casefold().endswith(_TEXTS)]
    base = "/".join((file.place, *way))
    return [
        Member(f"{base}/{one.filename}", file.path, one.file_size, file.changed_s, (*way, one.filename))
        for one in (*named, *others[:MAX_OTHERS])
        if not _name(one).casefold().endswith(".zip")
    ]


def _is_usable(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a file that nobody's system put there, can be read, and is no larger than a notebook."""
    if member.is_dir() or any(map(is_systems, member.filename.split("/"))):
        return False
    return member.file_size <= MAX_BYTES and not member.flag_bits & 1


def _name(member: zipfile.ZipInfo) -> str:
    return os.path.basename(member.filename)


@lru_cache(maxsize=2)  # its list is read once, not for each of its members
def _archive(path: Path, changed_s: float) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)
