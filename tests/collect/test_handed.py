"""A hand-in is unpacked within limits; what stays out of it has a reason, and nothing stands in for another's file."""

import io
import os
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.collect import handed
from course.collect.handed import Contents, Handed, contents
from course.collect.parcel import Entry, Refused
from course.collect.people import Sender
from tests.collect.samples import zipped
from tests.collect.test_parcel import with_password


def entry(place: str, data: bytes) -> Entry:
    return Entry(place, len(data), lambda: data)


def unpacked(files: Mapping[str, bytes]) -> Contents:
    return contents(Handed(Sender("ann"), tuple((place, entry(place, data)) for place, data in files.items()), "x"))


def reasons(found: Contents) -> dict[str, str]:
    return {one.place: one.reason for one in found.refused}


def test_files_keep_their_places() -> None:
    files = {"ps1.ipynb": b"{}", "data/a.csv": b"1", "notes.docx": b"PK\x03\x04no archive of ours"}
    assert unpacked(files).files == files


def test_a_zip_file_alone_is_the_hand_in_and_one_among_others_a_folder() -> None:
    inner = {"work/ps1.ipynb": b"{}", "work/a.csv": b"1"}
    assert unpacked({"hw.zip": zipped(inner)}).files == inner
    both = unpacked({"hw.zip": zipped(inner), "ps1.ipynb": b"other"}).files
    assert both == {"ps1.ipynb": b"other", "hw/work/ps1.ipynb": b"{}", "hw/work/a.csv": b"1"}


def test_a_zip_file_that_is_called_a_notebook_is_unpacked() -> None:
    assert unpacked({"ps1.ipynb": zipped({"ps1.ipynb": b"{}"})}).files == {"ps1.ipynb": b"{}"}


def test_jupyters_own_copies_come_along_for_the_grader_to_fall_back_on() -> None:
    inner = {"ps1.ipynb": b"{}", ".ipynb_checkpoints/ps1-checkpoint.ipynb": b"{ }"}
    assert unpacked({"hw.zip": zipped(inner)}).files == inner


def test_one_zip_file_in_another_is_read_and_no_deeper_one() -> None:
    deep = zipped({"c.zip": zipped({"ps1.ipynb": b"deep"}), "b.txt": b"b"})
    found = unpacked({"a.zip": zipped({"b.zip": deep})})
    assert found.files == {"b/b.txt": b"b"}
    assert reasons(found) == {"b/c.zip": "is a zip file in a zip file in a zip file: ask for the notebook"}


def test_a_password_is_named_and_the_file_kept_for_whoever_knows_it() -> None:
    locked = with_password(zipped({"ps1.ipynb": b"{}"}))
    found = unpacked({"hw.zip": locked})
    assert found.files == {"hw.zip": locked}
    assert reasons(found) == {"hw.zip": "is a zip file with a password: ask for the notebook"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("hw.7z", b"7z\xbc\xaf\x27\x1c", "is a 7z archive, which is not read: ask for the notebook, or a zip file"),
        ("hw.rar", b"Rar!\x1a\x07", "is a RAR archive, which is not read: ask for the notebook, or a zip file"),
        ("hw.tar.gz", b"\x1f\x8b\x08", "is a gzip archive, which is not read: ask for the notebook, or a zip file"),
        ("hw.zip", b"PK\x03\x04broken", "is a zip file that cannot be opened"),
    ],
)
def test_an_archive_that_is_not_read_is_named_and_kept(name: str, data: bytes, reason: str) -> None:
    found = unpacked({name: data, "ps1.ipynb": b"{}"})
    assert found.files == {name: data, "ps1.ipynb": b"{}"}
    assert reasons(found)[name].startswith(reason)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("setup.exe", b"", "is a program"),
        ("holiday.txt", b"MZ\x90\0", "is a program"),
        ("a.out", b"\x7fELF\x02\x01\x01\0", "is a program"),
        ("link.URL", b"[InternetShortcut]", "is a program"),
        ("timestamp.txt", b"2020-01-01", "is called as the file in which the time of handing in is kept"),
        ("sub/Timestamp.TXT", b"2020-01-01", "is called as the file in which the time of handing in is kept"),
        ("ps1.verdict.json", b"{}", "is called as a file of the grader's own"),
    ],
)
def test_what_no_hand_in_needs_stays_out(name: str, data: bytes, reason: str) -> None:
    found = unpacked({name: data, "ps1.ipynb": b"{}"})
    assert found.files == {"ps1.ipynb": b"{}"}
    assert reasons(found) == {name: reason}


def test_text_that_begins_as_a_program_does_is_none() -> None:
    assert unpacked({"mz.txt": b"MZ is an abbreviation."}).refused == ()


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")  # zipfile, as it makes the archive
def test_two_files_of_one_name_are_both_kept() -> None:
    twice = [("hw.zip", entry("hw.zip", _doubled({"ps1.ipynb": [b"one", b"two", b"one"], "a/b": [b"1"], "a": [b"2"]})))]
    assert contents(Handed(Sender("ann"), tuple(twice), "x")).files == {
        "ps1.ipynb": b"one",
        "ps1 (2).ipynb": b"two",
        "a/b": b"1",
        "a (2)": b"2",
    }


def _doubled(files: Mapping[str, list[bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, all_ in files.items():
            for data in all_:
                archive.writestr(name, data)
    return made.getvalue()


def test_a_hand_in_has_room_for_so_many_files_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "MAX_FILES", 2)
    found = unpacked({"a.txt": b"a", "b.txt": b"b", "ps1.ipynb": b"{}"})
    assert set(found.files) == {"ps1.ipynb", "a.txt"}  # the notebook first
    assert reasons(found) == {"b.txt": "comes after the 2 files that are taken"}
    monkeypatch.setattr(handed, "MAX_FILES", 9)
    monkeypatch.setattr(handed, "MAX_FILES_BYTES", 1_000)
    found = unpacked({"a.bin": os.urandom(600), "b.bin": os.urandom(600), "c.7z": b"7z\xbc\xaf\x27\x1c" + bytes(900)})
    assert set(found.files) == {"a.bin"}
    assert reasons(found)["b.bin"] == "comes after the 0 MB that are taken of a hand-in"


def test_a_path_of_many_folders_is_too_long() -> None:
    found = unpacked({"/".join(["folder"] * 200) + "/a.csv": b"1"})
    assert found.files == {}
    assert list(reasons(found).values()) == ["has too long a path"]


def test_a_file_that_cannot_be_read_costs_no_other() -> None:
    def read() -> bytes:
        raise Refused("cannot be read: Input/output error")

    files = (("bad.csv", Entry("bad.csv", 1, read)), ("ps1.ipynb", entry("ps1.ipynb", b"{}")))
    found = contents(Handed(Sender("ann"), files, "x"))
    assert found.files == {"ps1.ipynb": b"{}"}
    assert reasons(found) == {"bad.csv": "cannot be read: Input/output error"}


def test_the_digest_is_that_of_the_files_whatever_they_came_in() -> None:
    plain = unpacked({"ps1.ipynb": b"{}", "a.csv": b"1"})
    assert unpacked({"hw.zip": zipped({"a.csv": b"1", "ps1.ipynb": b"{}"})}).digest == plain.digest
    assert unpacked({"ps1.ipynb": b"{}", "a.csv": b"2"}).digest != plain.digest
    assert unpacked({"ps1.ipynb": b"{}", "b.csv": b"1"}).digest != plain.digest
    assert unpacked({"a.exe": b""}).digest != unpacked({"b.exe": b""}).digest  # of those that are empty, the reasons


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.binary(max_size=20), max_size=8))
def test_whatever_files_are_called_each_content_is_kept_or_refused(files: dict[str, bytes]) -> None:
    found = unpacked(files)
    lost = {data for place, data in files.items() if place not in reasons(found)} - set(found.files.values())
    assert lost == set()
    for place in found.files:
        assert not any(other.startswith(f"{place}/") for other in found.files)
