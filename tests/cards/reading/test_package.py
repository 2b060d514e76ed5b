"""Packages: damaged, hostile and half-empty ones are refused with the way out; one bad note costs no other."""

import contextlib
import html
import json
import sqlite3
import stat
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import genanki
import pytest

from course.cards.deck import Deck
from course.cards.reading import Limits, read_deck
from course.cards.reading.media import names_in
from course.errors import CourseError
from tests.cards.decks import (
    DUMMY,
    EDGES,
    LAYOUTS,
    MEDIA,
    PICTURE,
    Edge,
    blank,
    collection,
    prose,
    squeezed,
    write_package,
)

ONE = [Edge("one", '<img src="loss%20curve.png">', ())]
THREE = [Edge("one", "one", ()), Edge("two", "two", ()), Edge("three", "three", ())]


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(CourseError) as refused:
        read_deck(path, limits)
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value).removeprefix(f"{path}: ")


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def legacy(path: Path, extra: dict[str, bytes], edges: list[Edge] = ONE) -> Path:
    return zipped(path, {"collection.anki2": collection(edges, newest=False), "media": b"{}", **extra})


def changed(folder: Path, *statements: str, newest: bool = False, edges: list[Edge] = THREE) -> Path:
    """A package whose database somebody has changed."""
    database = folder / "database"
    database.write_bytes(collection(edges, newest=newest))
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    raw = database.read_bytes()
    return zipped(folder / "deck.apkg", {"collection.anki21b": squeezed(raw)} if newest else {"collection.anki2": raw})


def test_the_newest_layout_in_a_package_is_the_one_that_is_read(tmp_path: Path) -> None:
    old = [Edge("old", "old", ())]
    for layout in LAYOUTS[1:]:
        path = write_package(tmp_path / "deck.apkg", layout, edges=ONE, dummy=False)
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("collection.anki2", collection(old, newest=False))
        assert [note.fields[0] for note in read_deck(path).notes] == [ONE[0].html]


def test_a_package_with_only_the_note_for_old_programs_is_refused(tmp_path: Path) -> None:
    assert "only the notice for old programs" in refusal(legacy(tmp_path / "deck.apkg", {}, [DUMMY]))


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    assert "holds no collection" in refusal(zipped(tmp_path / "deck.apkg", {"readme.txt": b"hello"}))
    assert "holds no collection" in refusal(zipped(tmp_path / "pictures.zip", {}))


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "..\\x"])
def test_paths_out_of_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    assert "is a path out of it" in refusal(legacy(tmp_path / "deck.apkg", {name: b""}))


@pytest.mark.parametrize("name", ["Icon\r", "note: read me.txt", ".DS_Store", "C:x", "a\nb", "a b/c?.txt"])
def test_a_file_that_no_deck_reads_stops_nothing_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = write_package(tmp_path / "deck.apkg", LAYOUTS[0], edges=ONE, dummy=False)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, b"left by a system")
    assert [note.fields[0] for note in read_deck(path).notes] == [ONE[0].html]


def test_links_in_the_archive_are_refused(tmp_path: Path) -> None:
    path = legacy(tmp_path / "deck.apkg", {})
    link = zipfile.ZipInfo("0")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(link, "/etc/passwd")
    assert "is a link" in refusal(path)


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = legacy(tmp_path / "deck.apkg", {})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the flag in the list of contents
    path.write_bytes(raw)
    assert "is encrypted" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_ways_of_packing_that_anki_does_not_use_are_refused(tmp_path: Path, method: int) -> None:
    path = zipped(tmp_path / "deck.apkg", {"collection.anki2": b"x" * 1000}, method)
    assert "packed in a way" in refusal(path)


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = legacy(tmp_path / "deck.apkg", {})
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("media", b"{}")
    assert "two files with the same name" in refusal(path)


def test_a_bomb_that_declares_itself_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = zipped(tmp_path / "deck.apkg", {"collection.anki2": bytes(9 << 20)})
    assert "far more than any deck" in refusal(path)


def test_a_bomb_in_zstd_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = zipped(tmp_path / "deck.apkg", {"collection.anki21b": squeezed(bytes(9 << 20))})
    assert "more than a deck may hold" in refusal(path)


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = zipped(tmp_path / "deck.apkg", {"collection.anki2": bytes(range(256)) * 4096})
    raw = bytearray(path.read_bytes())
    size = raw.index(b"PK\x01\x02") + 24
    raw[size : size + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(raw)
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(members=2), "more than 2"),
        (Limits(package_bytes=20_000), "would take"),
        (Limits(collection_bytes=4000), "more than a deck may hold"),
        (Limits(media_bytes=5), "more than a deck may hold"),
        (Limits(notes=0), "more than 0 notes"),
    ],
)
def test_caps_hold_for_members_sizes_and_notes(tmp_path: Path, limits: Limits, reason: str) -> None:
    path = write_package(tmp_path / "deck.apkg", "collection.anki21", edges=ONE)
    assert len(read_deck(path).notes) == 1
    assert reason in refusal(path, limits)


STRANGE = {
    "a macOS screenshot": "Screenshot 2026-01-02 at 3.14.15\u202fPM.png",
    "a zero-width joiner": "loss\u200dcurve.png",
    "another invisible sign": "\u2060curve\ufeff.png",
    "trailing dots": "curve.png...",
    "a folder": "plots/curve.png",
    "a way up": "../curve.png",
    "nothing but a way up": "..",
    "a disk": "c:\\plots\\curve.png",
    "a colon": "3:14.png",
    "parts put together": "größe.png",
    "a control character": "a\x01b.png",
    "too long": "x" * 256 + ".png",
    "far too long": "é" * 5000 + ".png",
    "half a pair": "\ud83d.png",
    "direction marks": "\u202eggp.png",
    "a percent sign": "100%.png",
    "signs of Markdown": "a](b) [c].png",
    "white space around": " curve.png ",
    "quotes": "a'b\"c.png",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_name_in_the_list_of_media_refuses_a_package(tmp_path: Path, layout: str) -> None:
    named = dict.fromkeys([*STRANGE.values(), ""], PICTURE)
    deck = read_deck(write_package(tmp_path / "deck.apkg", layout, edges=ONE, media=named))
    assert len(deck.notes) == len(ONE)
    assert deck.notices == ()


@pytest.mark.parametrize("name", [name for name in STRANGE.values() if "\ud83d" not in name])
def test_a_picture_of_a_strange_name_is_kept_and_no_other_is_taken_for_it(tmp_path: Path, name: str) -> None:
    source = html.escape(name.replace("%", "%25"))
    edges = [Edge("strange", f'<img src="{source}">', ()), Edge("plain", "<img src=plain.png>", ())]
    media = {"plain.png": b"plain", name: b"strange", f"{name}x": b"near", name.replace("u", "v") + "y": b"other"}
    deck = read_deck(write_package(tmp_path / "deck.apkg", "collection.anki21", edges, media))
    (strange,) = names_in(deck.notes[:1])
    assert deck.media == {"plain.png": b"plain", strange: b"strange"}
    assert strange.isprintable()
    assert not set(strange) & set("/\\:")
    assert len(strange.encode()) <= 255


def test_names_that_are_one_after_cleaning_stay_two_pictures(tmp_path: Path) -> None:
    names = ("a.png", "a\u200d.png", "a\u200c.png", "a\u202f.png", "../a.png", "./a.png", "A.png")
    edges = [Edge("picture", f'<img src="{name}">', ()) for name in names]
    media = {name: name.encode() for name in names}
    deck = read_deck(write_package(tmp_path / "deck.apkg", edges=edges, media=media))
    assert [deck.media[name] for note in deck.notes for name in names_in([note])] == [name.encode() for name in names]


def test_composed_and_decomposed_letters_are_one_name(tmp_path: Path) -> None:
    edges = [Edge("picture", f"<img src='{unicodedata.normalize('NFC', 'größe.png')}'>", ())]
    media = {unicodedata.normalize("NFD", "größe.png"): PICTURE}
    assert read_deck(write_package(tmp_path / "deck.apkg", edges=edges, media=media)).media == {"größe.png": PICTURE}


def test_media_that_the_package_lacks_are_left_out(tmp_path: Path) -> None:
    path = legacy(tmp_path / "deck.apkg", {"media": json.dumps({"0": "loss curve.png", "1": "b.png"}).encode()})
    assert read_deck(path).media == {}


WITH_PICTURE = [Edge("picture", "<img src=p.png>", ())]


@pytest.mark.parametrize("media", [b"", b"[1]", b"{", b"[" * 100_000, b"\xff"])
def test_a_damaged_list_of_media_costs_the_pictures_and_says_so(tmp_path: Path, media: bytes) -> None:
    deck = read_deck(legacy(tmp_path / "deck.apkg", {"media": media}, WITH_PICTURE))
    assert (len(deck.notes), deck.media) == (1, {})
    assert "list of media is damaged" in deck.notices[0]
    assert read_deck(legacy(tmp_path / "deck.apkg", {"media": media}, THREE)).notices == ()


def test_a_damaged_list_of_media_in_the_newest_layout_costs_the_pictures_too(tmp_path: Path) -> None:
    raw = squeezed(collection(WITH_PICTURE, newest=True))
    for media in (b"\x0a\xff", b"\x0a", b"\x0f", b"\xff" * 20):
        deck = read_deck(zipped(tmp_path / "deck.apkg", {"collection.anki21b": raw, "media": squeezed(media)}))
        assert "list of media is damaged" in deck.notices[0]


def test_a_package_without_a_list_of_media_is_read_and_says_so(tmp_path: Path) -> None:
    for edges, said in ((WITH_PICTURE, True), (THREE[:1], False)):
        deck = read_deck(zipped(tmp_path / "deck.apkg", {"collection.anki2": collection(edges, newest=False)}))
        assert len(deck.notes) == 1
        assert any("no list of its media" in notice for notice in deck.notices) == said


@pytest.mark.parametrize("name", ["deck.zip", "deck.colpkg", "deck (1).apkg.zip", "deck.APKG", "deck.bin"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_package_is_known_by_its_contents_and_not_by_its_name(tmp_path: Path, layout: str, name: str) -> None:
    assert len(read_deck(write_package(tmp_path / name, layout)).notes) == len(EDGES)


@pytest.mark.parametrize("inside", ["dl.apkg", "my decks/dl.apkg", "DL.APKG", "dl.colpkg", "ü\u202f.apkg"])
def test_a_zip_of_one_package_is_read(tmp_path: Path, inside: str) -> None:
    raw = write_package(tmp_path / "inner").read_bytes()
    deck = read_deck(zipped(tmp_path / "download.zip", {inside: raw, "__MACOSX/._dl.apkg": b"x", "readme.txt": b"y"}))
    assert (len(deck.notes), deck.media) == (len(EDGES), MEDIA)
    assert deck.name == PurePosixPath(inside).stem
    assert "holds a package" in deck.notices[0]


def test_a_folder_of_a_package_that_was_packed_again_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_package(tmp_path / "deck.apkg", "collection.anki21")) as package:
        members = {f"my deck/{name}": package.read(name) for name in package.namelist()}
    deck = read_deck(zipped(tmp_path / "again.zip", {**members, "__MACOSX/my deck/._0": b"x"}))
    assert (len(deck.notes), deck.media) == (len(EDGES), MEDIA)


def test_zips_that_leave_a_choice_or_hold_no_deck_name_the_way_out(tmp_path: Path) -> None:
    raw = write_package(tmp_path / "inner.apkg", edges=ONE).read_bytes()
    once = zipped(tmp_path / "once.zip", {"inner.apkg": raw}).read_bytes()
    path = tmp_path / "deck.zip"
    assert "holds 2 packages (a.apkg, b.apkg)" in refusal(zipped(path, {"b.apkg": raw, "a.apkg": raw}))
    assert "a package in a package in a package" in refusal(zipped(path, {"once.apkg": once}))
    assert "unpack it and name that file" in refusal(zipped(path, {"notes.txt": b"a\tb"}))
    assert "bad.apkg: the package is damaged" in refusal(zipped(path, {"bad.apkg": b"PK\x03\x04"}))
    (tmp_path / "collection.anki2").write_bytes(collection(ONE, newest=False))
    assert "Anki's own database" in refusal(tmp_path / "collection.anki2")


def test_a_package_in_a_zip_is_held_to_the_caps(tmp_path: Path) -> None:
    raw = write_package(tmp_path / "inner.apkg", edges=ONE).read_bytes()
    path = zipped(tmp_path / "deck.zip", {"inner.apkg": raw}, zipfile.ZIP_STORED)
    assert "would take" in refusal(path, Limits(package_bytes=len(raw) - 1))
    assert "more than a deck may hold" in refusal(path, Limits(collection_bytes=4000))


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: b"not a database at all" * 100,
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:100] + bytes(len(raw) - 100),
        lambda raw: raw[:4096] + b"\xff" * (len(raw) - 4096),
    ],
)
@pytest.mark.parametrize("newest", [False, True])
def test_a_damaged_database_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes], newest: bool) -> None:
    raw = damage(collection(THREE, newest=newest))
    members = {"collection.anki21b": squeezed(raw)} if newest else {"collection.anki2": raw}
    assert "is damaged" in refusal(zipped(tmp_path / "deck.apkg", members))


def test_a_package_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_package(tmp_path / "deck.apkg")
    path.write_bytes(path.read_bytes()[:-100])
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TABLE notes", "CREATE VIEW notes AS SELECT 1 AS id, 'g' AS guid, 1 AS mid, '' AS tags, 'x' AS flds"],
        ["DROP TABLE notes", "CREATE VIRTUAL TABLE notes USING fts5 (id, guid, mid, tags, flds)"],
        ["DROP TABLE cards"],
        ["DELETE FROM col"],
        ["UPDATE col SET models = '['"],
        ["UPDATE col SET models = '{\"1\": 5}'"],
        ["UPDATE col SET decks = NULL"],
    ],
)
def test_a_database_that_is_no_collection_is_refused(tmp_path: Path, statements: list[str]) -> None:
    assert "is damaged" in refusal(changed(tmp_path, *statements))


def numbers(deck: Deck) -> tuple[list[int], list[tuple[int, int]]]:
    return [note.number for note in deck.notes], [(skipped.number, skipped.line) for skipped in deck.skipped]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE notes SET flds = 'only one' WHERE id = 2", "1 fields where its note type Ask has 2"),
        ("UPDATE notes SET mid = 99 WHERE id = 2", "its note type is not in the package"),
        ("UPDATE notes SET flds = X'ff1f' WHERE id = 2", "not in UTF-8"),
        ("UPDATE notes SET flds = zeroblob(9000) WHERE id = 2", "longer than"),
        ("UPDATE notes SET flds = char(31) WHERE id = 2", "show nothing"),
        ("UPDATE notes SET mid = 2 WHERE id = 2", "nothing in it is hidden"),
    ],
)
@pytest.mark.parametrize("newest", [False, True])
def test_a_damaged_note_costs_no_other(tmp_path: Path, statement: str, reason: str, newest: bool) -> None:
    deck = read_deck(changed(tmp_path, statement, newest=newest), Limits(field_chars=1000))
    assert numbers(deck) == ([1, 3], [(2, 0)])
    assert reason in deck.skipped[0].reason


def test_a_note_out_of_a_filtered_deck_keeps_its_own(tmp_path: Path) -> None:
    deck = read_deck(changed(tmp_path, "UPDATE cards SET did = 1, odid = did WHERE id = 1"))
    assert [note.deck for note in deck.notes] == ["Deep learning"] * 3


@pytest.mark.parametrize("expression", ["upper(guid)", "hex(zeroblob(9))"])
def test_a_column_that_computes_what_it_gives_is_refused(tmp_path: Path, expression: str) -> None:
    path = changed(
        tmp_path,
        "DROP TABLE notes",
        f"CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, tags text, flds text AS ({expression}))",
        "INSERT INTO notes (id, guid, mid, tags) VALUES (1, 'g', 1, '')",
    )
    assert "virtual or computed" in refusal(path)


def test_nothing_is_left_behind_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    read_deck(write_package(tmp_path / "deck.apkg"))
    refusal(changed(tmp_path, "DROP TABLE cards"))
    assert list(scratch.iterdir()) == []


def test_packages_of_genanki_are_read(tmp_path: Path) -> None:
    """The library that the course writes packages with, in the oldest layout."""
    ask = genanki.Model(
        1607392319,
        "Ask",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "card", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )
    deck = genanki.Deck(2059400110, "Maths::Rank")
    deck.add_note(genanki.Note(ask, ["What?", '<img src="p.png">'], tags=["t"], guid="a;b"))
    deck.add_note(genanki.Note(genanki.CLOZE_MODEL, ["x is {{c1::y}}", ""], guid="c"))
    (tmp_path / "p.png").write_bytes(PICTURE)
    genanki.Package(deck, [tmp_path / "p.png"]).write_to_file(tmp_path / "deck.apkg")
    read = read_deck(tmp_path / "deck.apkg")
    assert [(n.front, n.back, n.guid, n.notetype, n.deck, n.tags) for n in read.notes] == [
        ((prose("What?"),), (prose("![](p.png)"),), "a;b", "Ask", "Maths::Rank", ("t",)),
        ((prose("x is ", blank("y")),), (), "c", "Cloze (genanki)", "Maths::Rank", ()),
    ]
    assert read.media == {"p.png": PICTURE}


def test_a_package_by_another_name_is_a_package(tmp_path: Path) -> None:
    assert read_deck(write_package(tmp_path / "download")).media == MEDIA
