"""Decks whose texts, tags, names or pictures show nothing: a lesson that reads and builds, or a reason and nothing written."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.authoring.lesson import read
from course.authoring.pipeline import build
from course.cards.deck import Code, Note, Prose
from course.cards.importing import Wanted, import_deck
from course.cards.reading import read_deck
from course.cloze.blanks import Blank
from course.errors import CourseError
from course.folder import CONFIG_NAME, CourseFolder
from tests.cards.importing.import_fixture import deck_of

ROOT = Path(__file__).parents[3]
UNSEEN = (
    " ",
    "\t",
    "\n",
    "\r",
    "\x0b",
    "\x85",
    "\xa0",
    "\u2003",
    "\u2028",
    "\u3000",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u2800",
    "\u3164",
    "\ufffc",
    "\U0001d159",
    "\xad",
    "\x1f",
    "\0",
)
ODD = (
    *UNSEEN,
    "#",
    "##",
    "# #",
    ":",
    "-",
    "---",
    "$",
    "$$",
    "|",
    "*",
    "`",
    "\\",
    "<",
    "&",
    "!",
    "%%",
    "_",
    ">",
    "1.",
    "=",
)


def notes_of(text: str, number: int) -> tuple[Note, ...]:
    """A question, a cloze and an exercise that hold the text wherever a note can hold one."""
    tags, deck = (text,), text
    return (
        Note(number, (Prose((text,)),), (Prose((text,)),), tags=tags, deck=deck),
        Note(number + 1, (Prose((text, Blank(text + "x", text), text)),), tags=tags, deck=deck),
        Note(number + 2, (Prose((text,)), Code((text, Blank("x" + text, text), text))), tags=tags, deck=deck),
    )


def lesson_or_reason(folder: Path, text: str, questions: str, by: str) -> None:
    out = folder / "lessons" / "20_cards"
    shutil.rmtree(out, ignore_errors=True)
    wanted = Wanted(questions=questions, by=by, title=text)  # type: ignore[arg-type]
    try:
        import_deck(deck_of(*notes_of(text, 1), name=text), out, wanted)
    except CourseError:
        assert not out.exists()
    else:
        assert read(out).title.strip()


@pytest.mark.parametrize("text", ODD)
def test_a_deck_of_one_sign_becomes_a_lesson_that_reads(tmp_path: Path, text: str) -> None:
    for questions, by in (("recall", "tag"), ("manual", "deck")):
        lesson_or_reason(tmp_path, text, questions, by)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ODD), max_size=6).map("".join), st.sampled_from(["recall", "manual"]))
def test_so_does_any_row_of_them(tmp_path: Path, text: str, questions: str) -> None:
    lesson_or_reason(tmp_path, text, questions, "tag")


def test_all_of_them_build(tmp_path: Path) -> None:
    shutil.copy(ROOT / CONFIG_NAME, tmp_path)
    folder = CourseFolder(tmp_path)
    notes = [note for at, text in enumerate(ODD) for note in notes_of(text, 3 * at + 1)]
    import_deck(deck_of(*notes, name=" "), folder.lessons / "20_cards")
    (outcome,) = build(folder, ["20_cards"])
    assert outcome.files


@pytest.mark.parametrize("name", [" .txt", "\u3000.txt", "\u200b.csv", "#.txt", "... .tsv"])
def test_a_file_whose_name_shows_nothing_gives_a_lesson_with_a_title(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("#separator:Tab\nWhat is a norm?\tA length.\n", "utf-8")
    out = tmp_path / "20_cards"
    import_deck(read_deck(path), out)
    assert read(out).title


@pytest.mark.parametrize(
    "text",
    [
        " \t ",
        "\u3000\t\u2003",
        "&nbsp;\t<br>",
        "<b> </b>\t<div></div>",
        "\u200b\t\ufeff",
        "<!-- x -->\t<script>y</script>",
    ],
)
def test_a_deck_of_nothing_but_white_space_is_refused_and_nothing_is_written(tmp_path: Path, text: str) -> None:
    path, out = tmp_path / "deck.txt", tmp_path / "lessons" / "20_cards"
    path.write_text(f"#separator:Tab\n#html:true\n{text}\n{text}\n", "utf-8")
    with pytest.raises(CourseError, match=r"holds no notes|can be read; the first: its fields show nothing"):
        import_deck(read_deck(path), out)
    assert not out.parent.exists()


def test_written_questions_that_tell_each_others_answers_are_skipped_and_named(tmp_path: Path) -> None:
    told = "The gradient points uphill, so step against it."
    notes = [
        Note(1, (Prose(("Which way does one step?",)),), (Prose((told,)),)),
        Note(2, (Prose((told,)),), (Prose(("Which way does one step?",)),)),
        Note(3, (Prose(("What is a norm?",)),), (Prose(("A length that is never negative.",)),)),
    ]
    imported = import_deck(deck_of(*notes), tmp_path / "20_cards", Wanted(questions="manual"))
    assert [note.number for note in imported.skipped] == [1, 2]
    assert "given away by another note" in imported.skipped[0].reason
    assert [question.name for question in read(tmp_path / "20_cards").questions] == ["question_3"]
