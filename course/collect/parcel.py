"""What lies in a folder or a zip file that a platform handed over, without what should not be read.

What it protects against: names that lead out of the place they are unpacked to, links and devices, files that unpack to
far more than they are, more files than any hand-in has, passwords, and broken archives. Each is refused by itself, with
a reason. It does not look into notebooks: nothing here runs or parses them.
"""

import contextlib
import io
import itertools
import os
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from course.grading.submission.choosing import is_kind
from course.grading.submission.parsing import MAX_BYTES
from course.grading.submission.walking import MAX_PATH, is_systems, walk
from course.grading.submission.zipped import BROKEN

MAX_LIST = 32 * 2**20  # bytes of an archive's list of its members, which takes some ten times that in memory
MAX_UNPACKED = 16 * 2**30  # bytes of a platform's archive
MAX_RATIO = 200  # of a member's size to what it takes up, if it is large
LARGE = 10 * 2**20  # bytes
ZIP = b"PK\x03\x04"
_TAIL = 70_000  # bytes at an archive's end: its comment, and where its list stands
_CHECKPOINTS = ".ipynb_checkpoints"  # the grader falls back on these
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_UNREAD = {b"7z\xbc\xaf\x27\x1c": "a 7z archive", b"Rar!": "a RAR archive", b"\x1f\x8b": "a gzip archive"}
_UNREAD |= {b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"\x28\xb5\x2f\xfd": "a zstd archive"}
_UNREAD_ENDINGS = {".tar": "a tar archive", ".7z": "a 7z archive", ".rar": "a RAR archive", ".tgz": "a gzip archive"}
_PROGRAMS: tuple[str, ...] = (
    *(".exe", ".dll", ".msi", ".scr", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".jar", ".lnk", ".url", ".webloc"),
    *(".app", ".dmg", ".pkg", ".deb", ".rpm", ".apk", ".iso", ".img", ".vhd", ".so", ".dylib", ".desktop"),
)
_PROGRAM_MARKS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")  # the first needs a zero after it


class Refused(Exception):
    """A file that is not read, and why; one that does no harm may be kept as it is."""

    def __init__(self, reason: str, *, may_be_kept: bool = False) -> None:
        super().__init__(reason)
        self.may_be_kept = may_be_kept


@dataclass(frozen=True)
class Refusal:
    """A file that was left out: where it lies, and why."""

    place: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """A file by its place in what was handed over; `read` gives what is in it, or raises Refused."""

    place: str
    size: int
    read: Callable[[], bytes] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return os.path.basename(self.place)


@dataclass
class Parcel:
    """One folder or file that the instructor names, and the files in it."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name or str(self.path)


def opened(path: Path) -> Parcel:
    """What lies in a folder, in a zip file, or is the one file there; Refused where nothing can be read."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise Refused("there is no such folder or file")
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    if kind := unread(path.name, head):
        raise Refused(f"is {kind}, which is not read: unpack it and name the folder, or make it a zip file")
    if head.startswith(ZIP) or path.suffix.casefold() == ".zip":
        parcel = Parcel(path)
        parcel.entries, parcel.refused = members(path, MAX_UNPACKED)
        return parcel
    return Parcel(path, [Entry(path.name, path.stat().st_size, _reader(path))])


def members(
    archive: Path | bytes, room: int, most: int | None = None, base: str = ""
) -> tuple[list[Entry], list[Refusal]]:
    """The files in a zip file, and those that are refused; Refused where it cannot be opened.

    Args:
        room: how many bytes they may unpack to.
        most: how many of them are taken, the notebooks first (default: all).
        base: what to put before their places.
    """
    try:
        file = io.BytesIO(archive) if isinstance(archive, bytes) else archive.open("rb")
        if _list_bytes(file) > MAX_LIST:
            raise Refused(f"is a zip file with a list of more than the {_size(MAX_LIST)} that are read")
        unzipped = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Refused(f"is a zip file that cannot be opened ({error}): ask for it again", may_be_kept=True) from None
    listed = [member for member in unzipped.infolist() if not member.is_dir()]
    entries: list[Entry] = []
    refused: list[Refusal] = []
    for member in sorted(listed, key=lambda one: not is_kind(one.filename)):
        name = spelt(member)
        place = base + name
        reason = _refusal(member, name)
        if not reason and len(entries) == most:
            reason = f"comes after the {most} files that are taken"
        if not reason and member.file_size > room:
            reason = f"unpacks to more than the {_size(room)} that are left for it"
        if reason:
            refused.append(Refusal(place, reason))
            continue
        room -= member.file_size
        entries.append(Entry(place, member.file_size, _member_reader(unzipped, member)))
    return entries, refused


def levels_around(parcel: Parcel) -> int:
    """How many folders lie around all files."""
    around = [entry.place.split("/")[:-1] for entry in parcel.entries]
    levels = zip(*around, strict=False) if len(around) > 1 else ()
    return len(list(itertools.takewhile(lambda level: len(set(level)) == 1, levels)))


def spelt(member: zipfile.ZipInfo) -> str:
    """A member's place in letters: as UTF-8 where it is that, else in the old alphabet in which all are letters."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        name = _decoded(name.encode("cp437"))
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def unread(name: str, head: bytes) -> str:
    """What kind of archive a file is that is not read; empty where it is none."""
    by_mark = next((kind for mark, kind in _UNREAD.items() if head.startswith(mark)), "")
    ending = os.path.splitext(name.casefold())[1]
    return by_mark or ("" if head.startswith(ZIP) else _UNREAD_ENDINGS.get(ending, ""))


def is_program(name: str, head: bytes) -> bool:
    """Whether a file is something to run or to install, which no hand-in needs."""
    return name.casefold().endswith(_PROGRAMS) or (head.startswith(_PROGRAM_MARKS) and b"\0" in head)


def safe(place: str) -> str:
    """A place all of whose parts can be names of files, whatever they were."""
    parts = [_safe_part(part) for part in place.split("/") if part not in ("", ".")]
    return "/".join(parts) or "_"


def limited(data: bytes) -> bytes:
    """The content of a file, if it is not too much; Refused where it is."""
    if len(data) > MAX_BYTES:
        raise Refused(f"has more than the {_size(MAX_BYTES)} that are read of a file")
    return data


def _folder(path: Path) -> Parcel:
    found = walk(path, is_kind)
    entries = [Entry(unicodedata.normalize("NFC", file.place), file.size, _reader(file.path)) for file in found.files]
    return Parcel(
        path, entries, [Refusal("", f"{count} files {reason}") for reason, count in sorted(found.left.items())]
    )


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise Refused(f"cannot be read: {error.strerror}") from None
        return limited(data)

    return read


def _member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(member) as file:
                return limited(file.read(MAX_BYTES + 1))
        except BROKEN as error:
            raise Refused(f"is damaged in its zip file ({error}): ask for it again") from None

    return read


def _list_bytes(file: BinaryIO) -> int:
    """How long an archive says that the list of its members is, before anybody reads it; 0 where it does not say."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    tail = file.read()
    found = 0
    for mark, offset, form in ((b"PK\x05\x06", 12, "<I"), (b"PK\x06\x06", 40, "<Q")):
        at = tail.rfind(mark)
        if at >= 0 and len(tail) >= at + offset + struct.calcsize(form):
            size = int(struct.unpack_from(form, tail, at + offset)[0])
            found = max(found, 0 if size == 0xFFFFFFFF else size)  # the other mark says it then
    return found


def _refusal(member: zipfile.ZipInfo, name: str) -> str:
    """Why a member is not taken; empty where it is."""
    if len(name.encode("utf-8", "replace")) > MAX_PATH:
        return "has too long a path"
    parts = name.split("/")
    mode = member.external_attr >> 16
    if any(is_systems(part) for part in parts if part != _CHECKPOINTS):
        return "is a file of an operating system or an editor"
    if name.startswith("/") or re.match(r"[A-Za-z]:/", name):
        return "has an absolute path"
    if ".." in parts:
        return "leads out of its folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link" if stat.S_ISLNK(mode) else "is a device or a pipe"
    if member.flag_bits & 0x1:
        return "needs a password"
    if member.compress_type not in _METHODS:
        return f"is compressed in a way that is not read (method {member.compress_type})"
    if member.file_size > MAX_BYTES:
        return f"has {_size(member.file_size)}, more than the {_size(MAX_BYTES)} that are read of a file"
    if member.file_size > LARGE and member.file_size > MAX_RATIO * max(1, member.compress_size):
        return f"unpacks to {member.file_size // max(1, member.compress_size)} times its size, as a zip bomb does"
    return ""


def _decoded(raw: bytes) -> str:
    """A name in an alphabet that is not told: UTF-8 if it can be, else that of DOS or Windows which makes it a word."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return min(_readings(raw), key=_oddities)


def _readings(raw: bytes) -> Iterator[str]:
    for alphabet in ("cp437", "cp850", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            yield raw.decode(alphabet)


def _oddities(name: str) -> int:
    """How many signs of a name are no letters of ours, or are capitals after small letters."""
    foreign = sum(not sign.isascii() and not unicodedata.name(sign, "").startswith("LATIN") for sign in name)
    return 2 * foreign + sum(second.isupper() and first.islower() for first, second in itertools.pairwise(name))


def _safe_part(part: str) -> str:
    shown = "".join("_" if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in part)
    if part == "..":
        return "_"
    while len(shown.encode("utf-8", "replace")) > 200:  # bytes that a name may have, with room for a number
        stem, ending = os.path.splitext(shown)
        shown = stem[:-1] + ending if stem and len(ending) < 20 else shown[:-1]
    return shown


def _size(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"
