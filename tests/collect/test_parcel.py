"""Zip files with tricks, and folders: what is dangerous is refused by itself, with a reason; the rest is read."""

import contextlib
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.collect import parcel
from course.collect.parcel import Parcel, Refused

KEPT = b"kept"


def archive(tmp_path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A zip file with these members, beside one that nobody can object to."""
    path = tmp_path / "parcel.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ann/ps1.ipynb", KEPT)
        for name, data in members:
            made.writestr(name, data)
    return path


def special(name: str, mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = mode << 16
    return member


def refused(found: Parcel) -> dict[str, str]:
    """The reasons by place; the file that nobody can object to is always there and whole."""
    first = next(entry for entry in found.entries if entry.place == "ann/ps1.ipynb")
    assert first.read() == KEPT
    return {one.place: one.reason for one in found.refused}


TRICKS = {
    "leads out of its folder": "../../etc/cron.d/x",
    "has an absolute path": "/etc/passwd",
    "is a link": special("ann/link.ipynb", stat.S_IFLNK | 0o777),
    "is a device or a pipe": special("ann/pipe", stat.S_IFIFO | 0o600),
    "is a file of an operating system or an editor": "__MACOSX/ann/._ps1.ipynb",
    "has too long a path": "x" * 2_000 + ".ipynb",
}


@pytest.mark.parametrize("reason", TRICKS)
def test_a_trick_is_refused_by_itself(tmp_path: Path, reason: str) -> None:
    found = parcel.opened(archive(tmp_path, (TRICKS[reason], b"/etc/passwd")))
    assert list(refused(found).values()) == [reason]
    assert len(found.entries) == 1


@pytest.mark.parametrize(
    "name",
    ["..\\..\\evil.py", "ann\\..\\..\\evil.py", "ann/../../evil.py", "C:\\evil.py", "c:/evil.py", "\\\\server\\x"],
)
def test_what_only_windows_takes_for_a_way_out_is_refused_as_well(tmp_path: Path, name: str) -> None:
    found = parcel.opened(archive(tmp_path, (name, b"x")))
    assert set(refused(found).values()) <= {"leads out of its folder", "has an absolute path"}
    assert len(found.refused) == 1


def test_folders_that_windows_parts_by_backslashes_are_folders(tmp_path: Path) -> None:
    found = parcel.opened(archive(tmp_path, ("bob\\data\\a.csv", b"1")))
    assert [entry.place for entry in found.entries] == ["ann/ps1.ipynb", "bob/data/a.csv"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    found = parcel.opened(archive(tmp_path, ("bob/ps1.ipynb", bytes(30 * 2**20))))
    assert "times its size, as a zip bomb does" in refused(found)["bob/ps1.ipynb"]


def test_a_notebook_that_only_repeats_itself_is_no_bomb(tmp_path: Path) -> None:
    """A loop that prints the same line for ever is packed a hundredfold too."""
    data = b"step, is the loss still falling?\n" * 200_000
    found = parcel.opened(archive(tmp_path, ("bob/ps1.ipynb", data)))
    assert refused(found) == {}
    assert found.entries[1].read() == data


def test_a_giant_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "MAX_BYTES", 1_000)
    found = parcel.opened(archive(tmp_path, ("bob/ps1.ipynb", os.urandom(2_000))))
    assert "more than the 0 MB that are read of a file" in refused(found)["bob/ps1.ipynb"]


def test_a_member_that_says_that_it_is_small_is_not_believed(tmp_path: Path) -> None:
    path = archive(tmp_path, ("bob/ps1.ipynb", b"x" * 50_000))
    with zipfile.ZipFile(path) as opened:
        member = opened.getinfo("bob/ps1.ipynb")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<I", member.file_size), struct.pack("<I", 10)))
    found = parcel.opened(path)
    entry = next(entry for entry in found.entries if entry.place == "bob/ps1.ipynb")
    with pytest.raises(Refused, match="is damaged in its zip file"):
        entry.read()
    assert refused(found) == {}


def test_all_members_together_have_a_limit_and_notebooks_come_first(tmp_path: Path) -> None:
    path = archive(tmp_path, ("bob/a.bin", b"x" * 600), ("bob/b.bin", b"x" * 600), ("bob/ps1.ipynb", b"x" * 600))
    entries, left = parcel.members(path, room=1_300)
    assert [entry.place for entry in entries] == ["ann/ps1.ipynb", "bob/ps1.ipynb", "bob/a.bin"]
    assert [(one.place, one.reason) for one in left] == [
        ("bob/b.bin", "unpacks to more than the 0 MB that are left for it")
    ]
    entries, left = parcel.members(path, room=10_000, most=2)
    assert [entry.place for entry in entries] == ["ann/ps1.ipynb", "bob/ps1.ipynb"]
    assert {one.reason for one in left} == {"comes after the 2 files that are taken"}


def test_a_list_of_members_that_would_not_fit_into_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path, *((f"ann/{number}", b"") for number in range(100)))
    assert len(parcel.opened(path).entries) == 101
    monkeypatch.setattr(parcel, "MAX_LIST", 1_000)
    with pytest.raises(Refused, match="with a list of more than the"):
        parcel.opened(path)
    raw = path.read_bytes().replace(struct.pack("<I", 0), b"")
    path.write_bytes(raw + b"PK\x06\x06" + bytes(36) + struct.pack("<Q", 2**40) + b"PK\x05\x06" + bytes(18))
    with pytest.raises(Refused, match="with a list of more than the"):
        parcel.opened(path)


def with_password(raw: bytes) -> bytes:
    """The same archive, whose members say that they need a password."""
    raw = bytearray(raw)  # type: ignore[assignment]
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1  # type: ignore[index]
            at = raw.find(mark, at + 1)
    return bytes(raw)


def test_a_password_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path)
    path.write_bytes(with_password(path.read_bytes()))
    found = parcel.opened(path)
    assert [(one.place, one.reason) for one in found.refused] == [("ann/ps1.ipynb", "needs a password")]


def test_a_way_of_packing_that_is_not_known_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path, ("bob/ps1.ipynb", b"x"))
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 10 : at + 12] = struct.pack("<H", 9)
    path.write_bytes(raw)
    assert refused(parcel.opened(path)) == {"bob/ps1.ipynb": "is compressed in a way that is not read (method 9)"}


def test_damage_costs_only_the_member_that_has_it(tmp_path: Path) -> None:
    path = archive(tmp_path, ("bob/ps1.ipynb", b"some text to be damaged" * 50))
    raw = bytearray(path.read_bytes())
    raw[raw.find(b"PK\x01\x02") - 10] ^= 0xFF
    path.write_bytes(raw)
    found = parcel.opened(path)
    with pytest.raises(Refused, match=r"is damaged in its zip file .*: ask for it again"):
        found.entries[1].read()
    assert refused(found) == {}


@pytest.mark.parametrize("cut", [10, 100])
def test_a_broken_archive_is_named(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Refused, match="is a zip file that cannot be opened"):
        parcel.opened(path)


def named_in(alphabet: str, name: str, tmp_path: Path) -> str:
    """The name as it is read from an archive that holds it in an alphabet without saying so."""
    placeholder = "x" * len(name.encode(alphabet))
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(placeholder, b"")
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name.encode(alphabet)))
    return parcel.opened(path).entries[0].place


@pytest.mark.parametrize("alphabet", ["utf-8", "cp437", "cp850", "cp1252"])
def test_names_are_read_in_whatever_alphabet_they_were_written(tmp_path: Path, alphabet: str) -> None:
    assert named_in(alphabet, "Jürgen Müller_1", tmp_path) == "Jürgen Müller_1"


@pytest.mark.parametrize(
    ("alphabet", "name"), [("cp850", "Inês Gonçalão"), ("cp1252", "Zoë Çelik"), ("utf-8", "张伟_1")]
)
def test_names_of_other_languages_are_read_too(tmp_path: Path, alphabet: str, name: str) -> None:
    assert named_in(alphabet, name, tmp_path) == name


def test_accents_that_macos_writes_apart_are_put_together(tmp_path: Path) -> None:
    found = parcel.opened(archive(tmp_path, ("Jose\u0301/ps1.ipynb", b"x")))
    assert found.entries[1].place == "José/ps1.ipynb"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.tar", b"anything", "a tar archive"),
        ("a.tar.gz", b"\x1f\x8b", "a gzip archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        ("a.rar", b"Rar!\x1a", "a RAR archive"),
        ("a.zip", b"Rar!\x1a", "a RAR archive"),
        ("a.zip", b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    ],
)
def test_other_archives_are_named_and_not_read(tmp_path: Path, name: str, head: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(head)
    with pytest.raises(Refused, match=f"is {kind}, which is not read: unpack it"):
        parcel.opened(tmp_path / name)


def test_a_folder_is_read_without_links_and_what_systems_leave(tmp_path: Path) -> None:
    for name in ("ann/ps1.ipynb", "ann/data/a.csv", "ann/.DS_Store", "__MACOSX/x"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(KEPT)
    (tmp_path / "in/ann/passwd").symlink_to("/etc/passwd")
    found = parcel.opened(tmp_path / "in")
    assert [entry.place for entry in found.entries] == ["ann/data/a.csv", "ann/ps1.ipynb"]
    assert refused(found) == {"": "1 files are links, pipes or devices"}


def test_one_file_is_a_parcel_of_one(tmp_path: Path) -> None:
    (tmp_path / "ann.ipynb").write_bytes(KEPT)
    (entry,) = parcel.opened(tmp_path / "ann.ipynb").entries
    assert (entry.place, entry.read()) == ("ann.ipynb", KEPT)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no such folder or file"):
        parcel.opened(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("place", "safe"),
    [
        ("a/b.ipynb", "a/b.ipynb"),
        ("a/../b", "a/_/b"),
        ("/a", "a"),
        ("a//./b", "a/b"),
        ("a\nb\x1b[2J", "a_b_[2J"),
        ("", "_"),
        ("bad\udcff", "bad_"),
    ],
)
def test_a_place_becomes_one_that_files_can_have(place: str, safe: str) -> None:
    assert parcel.safe(place) == safe


def test_a_long_name_is_cut_before_its_ending() -> None:
    safe = parcel.safe("é" * 300 + ".ipynb")
    assert safe.endswith("é.ipynb")
    assert len(safe.encode()) <= 200


@given(st.text(max_size=80))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    safe = Path(parcel.safe(name))
    assert not safe.is_absolute()
    assert ".." not in safe.parts
    assert safe.as_posix().encode()


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    raw = zlib.compress(data) if len(data) % 2 else b"PK\x03\x04" + data + b"PK\x05\x06" + data[:18]
    with contextlib.suppress(Refused):
        for entry in parcel.members(raw, room=10_000)[0]:
            assert len(entry.read()) <= 10_000
