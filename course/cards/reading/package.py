"""Packages (.apkg): a zip of a database and media in one of three layouts, read with a distrustful hand.

Nothing is unpacked under a name of the archive's; whatever is read is counted while it streams, so that what the
archive declares about itself is never believed. Only the pictures and sounds that notes mention are read.
"""

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import zstandard

from course.cards.deck import Skipped
from course.cards.reading import collection, wire
from course.cards.reading.limits import Limits
from course.cards.reading.media import is_name
from course.cards.reading.notes import Row
from course.errors import CourseError

_LAYOUTS = ("collection.anki21b", "collection.anki21", "collection.anki2")  # the newest first
_CHUNK = 1 << 18
_WINDOW = 1 << 27  # of zstd: what its command takes without being asked
_AGAIN = "export the deck from Anki again"
_DAMAGED = (zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, OSError, RuntimeError, ValueError)


@dataclass
class Package:
    """An open package; use it in a ``with`` statement."""

    path: Path
    limits: Limits
    unpacked: int = 0

    def __enter__(self) -> Self:
        """The package, its contents list checked; CourseError when it is no zip, or one that is not to be trusted."""
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

    def rows(self) -> list[Row | Skipped]:
        """The notes, from the newest layout that the package holds."""
        layout = next((name for name in _LAYOUTS if name in self._members), None)
        if layout is None:
            raise CourseError(f"{self.path}: no deck: the zip holds no collection; export the deck from Anki as .apkg")
        with tempfile.TemporaryDirectory(prefix="deck-") as folder:
            database = Path(folder).resolve() / "collection"
            with database.open("xb") as out:
                for chunk in self._stream(layout, self.limits.collection_bytes, zstd=layout == _LAYOUTS[0]):
                    out.write(chunk)
            try:
                found = list(collection.rows(database, self.limits))
            except collection.CollectionError as error:
                raise CourseError(f"{self.path}: {layout} is damaged ({error}); {_AGAIN}") from None
        if layout == _LAYOUTS[2] and collection.is_dummy(found):
            raise CourseError(f"{self.path}: only the note for old programs is left in the package; {_AGAIN}")
        return found

    def media(self, wanted: Set[str]) -> dict[str, bytes]:
        """The pictures and sounds of these names, as far as the package has them."""
        newest = _LAYOUTS[0] in self._members
        names = self._names(newest) if "media" in self._members else {}
        for name in names.values():
            if not is_name(name):
                raise CourseError(f"{self.path}: a medium is called {name!r}, which is no file name; {_AGAIN}")
        return {
            name: b"".join(self._stream(member, self.limits.media_bytes, zstd=newest))
            for member, name in names.items()
            if name in wanted and member in self._members
        }

    def _names(self, newest: bool) -> dict[str, str]:
        """Which member is which medium: JSON, or a message of protocol buffers."""
        raw = b"".join(self._stream("media", self.limits.media_bytes, zstd=newest))
        try:
            if not newest:
                return {str(member): str(name) for member, name in dict(json.loads(raw)).items()}
            entries = [value for number, value in wire.fields(raw) if number == 1 and isinstance(value, bytes)]
            return dict(_entry(number, entry) for number, entry in enumerate(entries))
        except (ValueError, TypeError, RecursionError) as error:
            raise CourseError(f"{self.path}: its list of media is damaged ({error}); {_AGAIN}") from None

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
                raise CourseError(f"{self.path}: {member.filename!r} in the zip {wrong}; {_AGAIN}")
        if len({member.filename for member in members}) < len(members):
            raise CourseError(f"{self.path}: the zip holds two files of one name; {_AGAIN}")
        return {member.filename: member for member in members}

    def _suspicion(self, member: zipfile.ZipInfo) -> str:
        name = member.orig_filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
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


def _entry(number: int, entry: bytes) -> tuple[str, str]:
    """The member and the name of the medium that an entry of the list is about."""
    member, name = str(number), ""
    for key, value in wire.fields(entry):
        if key == 1 and isinstance(value, bytes):
            name = value.decode()
        elif key == 255 and isinstance(value, int):
            member = str(value)
    return member, name
