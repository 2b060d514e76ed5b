"""Packages (.apkg, .colpkg): a zip of a database and media in one of three layouts, read without trusting it.

Nothing is unpacked under a name of the archive's; whatever is read is counted while it streams, so that what the
archive declares about itself is never believed. Only the pictures and sounds that notes mention are read. A list of
media that is missing or damaged costs the pictures, not the notes.
"""

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import unquote

import zstandard

from course.cards.deck import Skipped
from course.cards.reading import collection, wire
from course.cards.reading.limits import Limits
from course.cards.reading.media import kept
from course.cards.reading.notes import Row
from course.errors import CourseError

_LAYOUTS = ("collection.anki21b", "collection.anki21", "collection.anki2")  # the newest first
_CHUNK = 1 << 18
_WINDOW = 1 << 27  # of zstd: what its command takes without being asked
_AGAIN = "export the deck from Anki again"
_DAMAGED = (zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, OSError, RuntimeError, ValueError)


@dataclass
class Package:
    """An open package; use it in a `with` statement."""

    path: Path
    limits: Limits
    unpacked: int = 0
    notices: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """The package, its contents list checked; CourseError when it is not a zip that can be trusted."""
        try:
            self._zip = zipfile.ZipFile(self.path)
        except (*_DAMAGED, NotImplementedError) as error:
            raise CourseError(f"{self.path}: the package is damaged ({error}); {_AGAIN}") from None
        try:
            self._members = self._checked()
        except CourseError:
            self._zip.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def inner(self) -> str:
        """The one package that this zip holds instead of a collection; empty when it holds a collection or neither."""
        packages = [name for name in self._members if name.lower().endswith((".apkg", ".colpkg"))]
        if self._layout or not packages:
            return ""
        if len(packages) > 1:
            names = ", ".join(sorted(packages)[:5])
            raise CourseError(f"{self.path}: the zip holds {len(packages)} packages ({names}); unpack it and name one")
        return packages[0]

    def copy(self, name: str, target: Path) -> None:
        """Write a member to a file, counted as all that is unpacked."""
        with target.open("xb") as out:
            for chunk in self._stream(name, self.limits.package_bytes, zstd=False):
                out.write(chunk)

    def rows(self) -> list[Row | Skipped]:
        """The notes, from the newest layout that the package holds."""
        layout = self._layout
        if not layout:
            raise CourseError(f"{self.path}: no deck: the zip holds no collection; {self._way_out()}")
        with tempfile.TemporaryDirectory(prefix="deck-") as folder:
            database = Path(folder).resolve() / "collection"
            with database.open("xb") as out:
                for chunk in self._stream(layout, self.limits.collection_bytes, zstd=self._is_newest):
                    out.write(chunk)
            try:
                found = list(collection.rows(database, self.limits))
            except collection.CollectionError as error:
                raise CourseError(f"{self.path}: {layout} is damaged ({error}); {_AGAIN}") from None
        if layout.endswith(_LAYOUTS[2]) and collection.is_dummy(found):
            raise CourseError(f"{self.path}: the package contains only the notice for old programs; {_AGAIN}")
        return found

    def media(self, wanted: Set[str]) -> dict[str, bytes]:
        """The pictures and sounds of these names (as `media.kept` has them), as far as the package has them."""
        if not wanted:
            return {}
        members: dict[str, str] = {}
        listed = [(member, name) for member, name in self._listed() if member in self._members]
        for form in (lambda name: name, kept, lambda name: kept(unquote(name))):  # what a note says to the letter first
            for member, name in listed:
                if form(name) in wanted:
                    members.setdefault(form(name), member)
        return {
            name: b"".join(self._stream(member, self.limits.media_bytes, zstd=self._is_newest))
            for name, member in members.items()
        }

    @property
    def _layout(self) -> str:
        """The member that holds the notes; empty when there is none."""
        return next((self._root + name for name in _LAYOUTS if self._root + name in self._members), "")

    @property
    def _is_newest(self) -> bool:
        return self._layout.endswith(_LAYOUTS[0])

    @property
    def _root(self) -> str:
        """The folder that holds all of it, when somebody has packed the folder of a package instead of its files."""
        folders = {name.rpartition("/")[0] for name in self._members if name.rpartition("/")[2] in _LAYOUTS}
        return f"{folders.pop()}/" if len(folders) == 1 and "" not in folders else ""

    def _way_out(self) -> str:
        texts = [name for name in self._members if name.lower().endswith((".txt", ".csv", ".tsv"))]
        if len(texts) == 1:
            return f"if {texts[0]} in it is the deck, unpack it and name that file"
        return "export the deck from Anki as .apkg"

    def _listed(self) -> list[tuple[str, str]]:
        """Each member that is a medium and its name; nothing, and a notice, when there is no list to be read."""
        name = f"{self._root}media"
        if name not in self._members:
            self.notices.append(f"the package has no list of its media, so no picture is shown; {_AGAIN} to have them")
            return []
        raw = b"".join(self._stream(name, self.limits.media_bytes, zstd=self._is_newest))
        try:
            return [(self._root + member, name) for member, name in _names(raw, self._is_newest)]
        except (ValueError, TypeError, RecursionError) as error:
            said = str(error)[:100]
            self.notices.append(f"its list of media is damaged ({said}), so no picture is shown; {_AGAIN} to have them")
            return []

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        """The members by name, once nothing about them is suspicious."""
        members = self._zip.infolist()
        if len(members) > self.limits.members:
            raise CourseError(f"{self.path}: the zip holds {len(members):,} files, more than {self.limits.members:,}")
        declared = sum(member.file_size for member in members)
        if declared > self.limits.package_bytes:
            raise CourseError(f"{self.path}: unpacked it would take {declared >> 20:,} MB; export a part of the deck")
        for member in members:
            if wrong := self._suspicion(member):
                raise CourseError(f"{self.path}: {_shown(member.filename)} in the zip {wrong}; {_AGAIN}")
        if len({member.filename for member in members}) < len(members):
            raise CourseError(f"{self.path}: the zip contains two files with the same name; {_AGAIN}")
        return {member.filename: member for member in members if not member.filename.startswith("__MACOSX/")}

    def _suspicion(self, member: zipfile.ZipInfo) -> str:
        name = member.orig_filename
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            return "is a path out of it"
        if member.external_attr >> 16 & 0o170000 == 0o120000:
            return "is a link"
        if member.flag_bits & 1:
            return "is encrypted"
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return "is packed in a way that Anki does not use"
        if self._is_bomb(member.file_size, member.compress_size):
            return "would unpack to far more than any deck"
        return ""

    def _is_bomb(self, unpacked: int, packed: int) -> bool:
        return unpacked > self.limits.ratio_from_bytes and unpacked > self.limits.ratio * max(1, packed)

    def _stream(self, name: str, limit: int, *, zstd: bool) -> Iterator[bytes]:
        """The contents of a member in chunks; CourseError as soon as there are more than allowed, or damaged ones."""
        size, packed = 0, self._members[name].compress_size
        try:
            with self._zip.open(self._members[name]) as member, _unpacked(member, zstd) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self.unpacked += len(chunk)
                    if size > limit or self.unpacked > self.limits.package_bytes or self._is_bomb(size, packed):
                        raise CourseError(f"{self.path}: {name} unpacks to more than a deck may hold; {_AGAIN}")
                    yield chunk
        except (*_DAMAGED, NotImplementedError) as error:
            raise CourseError(f"{self.path}: {name} in the package is damaged ({error}); {_AGAIN}") from None


@contextmanager
def _unpacked(member: IO[bytes], zstd: bool) -> Iterator[IO[bytes]]:
    if not zstd:
        yield member
        return
    unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    with unpacker.stream_reader(member, read_across_frames=True) as stream:
        yield stream


def _names(raw: bytes, newest: bool) -> list[tuple[str, str]]:
    """Which member is which medium: JSON, or a message of protocol buffers."""
    if not newest:
        return [(str(member), str(name)) for member, name in dict(json.loads(raw)).items()]
    entries = [value for number, value in wire.fields(raw) if number == 1 and isinstance(value, bytes)]
    return [_entry(number, entry) for number, entry in enumerate(entries)]


def _entry(number: int, entry: bytes) -> tuple[str, str]:
    """The member and the name of the medium that an entry of the list is about."""
    member, name = str(number), ""
    for key, value in wire.fields(entry):
        if key == 1 and isinstance(value, bytes):
            name = value.decode("utf-8", "replace")
        elif key == 255 and isinstance(value, int):
            member = str(value)
    return member, name


def _shown(name: str) -> str:
    return repr(name if len(name) < 100 else f"{name[:99]}…")
