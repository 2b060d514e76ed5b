"""``course cards export``: what is in the package, by Anki's own library."""

import html
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.authoring.cards import Card
from course.cards import notetypes
from course.cards.exporting import export, note_of
from course.cards.markup import literal
from course.cards.package import package
from course.cli import main
from course.errors import CourseError
from course.folder import CourseFolder
from tests.cards import ankilib
from tests.cards.exporting.conftest import Write

SUM = {"id": "sum", "front": "What is $1 + 1$?", "back": "`2`, by `add(1, 1)`", "tags": ["numbers", "two words"]}
STEP = {"id": "step", "cloze": "loss.{{c1::backward}}(); opt.{{c2::step::of the optimiser}}()"}
MADE_S = 1_790_000_000
MADE = datetime.fromtimestamp(MADE_S, UTC)


def test_every_note_arrives_with_its_fields_tags_deck_and_cards(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    write_cards("01_one", SUM)
    write_cards("02_two", STEP)
    done = export(cards_course, (), tmp_path / "all.apkg")
    assert done.counts == {"01_one": 1, "02_two": 1}
    with ankilib.collection(tmp_path / "anki") as col:
        assert ankilib.take_in(col, done.path) == ankilib.Log(2, 0, 0, 0)
        notes = ankilib.notes(col)
        assert notes["sum"].fields[0] == r"What is \(1 + 1\)?"
        assert notes["sum"].tags == ["clozegrad::01_one", "numbers", "two_words"]
        assert notes["step"].tags == ["clozegrad::02_two"]
        assert [notes[name].mid for name in ("sum", "step")] == [notetypes.BASIC_ID, notetypes.CLOZE_ID]
        assert [card.ord for card in notes["step"].cards()] == [0, 1]
        assert {col.decks.name(card.did) for card in notes["step"].cards()} == {"clozegrad::02_two"}
        first, second = notes["step"].cards()
        assert '<span class="cloze" data-cloze="backward" data-ordinal="1">[...]</span>' in first.question()
        assert "[of the optimiser]" in second.question()
        assert 'data-ordinal="1">backward</span>' in first.answer()
        assert '<span class="mi">1</span>' in notes["sum"].cards()[0].answer()
        assert ".nightMode" in notes["sum"].cards()[0].render_output().css


def test_a_second_import_adds_none_and_takes_over_what_was_mended(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    write_cards("01_one", SUM, STEP, modified_s=MADE_S)
    path = export(cards_course, (), tmp_path / "cards.apkg").path
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, path)
        assert ankilib.take_in(col, path) == ankilib.Log(0, 0, 2, 0)
        write_cards("01_one", SUM | {"back": "Two."}, STEP, modified_s=MADE_S + 60)
        export(cards_course, (), path)
        assert ankilib.take_in(col, path).new == 0
        assert ankilib.notes(col)["sum"].fields[1] == "Two."
        assert col.card_count() == 3


def test_a_card_that_was_learnt_keeps_its_progress_when_its_text_is_mended(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    write_cards("01_one", SUM, modified_s=MADE_S)
    path = export(cards_course, (), tmp_path / "cards.apkg").path
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, path)
        card = ankilib.notes(col)["sum"].cards()[0]
        col.sched.set_due_date([card.id], "5")
        write_cards("01_one", SUM | {"back": "Two."}, modified_s=MADE_S + 60)
        export(cards_course, (), path)
        ankilib.take_in(col, path, with_progress=True)
        card = ankilib.notes(col)["sum"].cards()[0]
        assert (card.type, card.due) == (2, col.sched.today + 5)
        assert "Two." in card.answer()


def test_lessons_that_were_exported_one_by_one_do_not_push_each_other_out(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    for lesson in ("01_one", "02_two"):
        write_cards(lesson, SUM, STEP, modified_s=MADE_S)
    with ankilib.collection(tmp_path / "anki") as col:
        for lesson in ("01_one", "02_two"):
            path = export(cards_course, [lesson], tmp_path / f"{lesson}.apkg").path
            assert ankilib.take_in(col, path) == ankilib.Log(2, 0, 0, 0)
        assert col.card_count() == 6
        assert ankilib.take_in(col, export(cards_course, (), tmp_path / "all.apkg").path).new == 0


def test_new_cards_come_in_the_order_of_the_lesson(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    names = [f"card-{number}" for number in (3, 1, 2, 5, 4)]
    write_cards("01_one", *({"id": name, "front": name, "back": name} for name in names))
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, export(cards_course, (), tmp_path / "cards.apkg").path)
        col.decks.select(col.decks.id("clozegrad::01_one"))
        queue = col.sched.get_queued_cards(fetch_limit=9).cards
        assert [col.get_card(each.card.id).note().fields[0] for each in queue] == names


def test_the_same_cards_make_the_same_bytes(cards_course: CourseFolder, write_cards: Write, tmp_path: Path) -> None:
    write_cards("01_one", SUM, STEP, modified_s=MADE_S)
    first = export(cards_course, (), tmp_path / "a.apkg").path.read_bytes()
    assert export(cards_course, (), tmp_path / "b.apkg").path.read_bytes() == first


NASTY = st.sampled_from(
    re.findall(
        r"\S+",
        r"""{{ }} {{c1:: :: {{Front}} {{#Front}} <b> </div> <!-- --> &nbsp; ' " ]]> [sound:x.mp3] [latex] % #
        <script>alert(1)</script> é 日本 𝛁""",
    )
)
ANY_TEXT = st.lists(
    st.one_of(NASTY, st.text(st.characters(exclude_characters="`$*&\\\r\n\x1f"), max_size=6)), max_size=8
)


def shown(rendered: str) -> str:
    """What a person reads: the HTML of a side without its tags, entities undone."""
    text = re.sub(r"<style>.*?</style>", "", rendered, flags=re.DOTALL)
    return html.unescape(re.sub(r"<!--.*?-->|<[^>]*>", "", text)).strip()


def as_anki(text: str) -> str:
    """Anki keeps text composed, and no collection holds control characters."""
    kept = "".join(sign for sign in text if sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY_TEXT.map("".join), min_size=15, max_size=15))
def test_any_text_is_read_in_anki_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    yaml = folder / "01_one" / "cards.yaml"
    yaml.parent.mkdir()
    yaml.touch()
    cards = {
        f"basic-{place}": Card(f"basic-{place}", f"Q{text}", f"A{text}", "", (), (), 1)
        for place, text in enumerate(texts)
    }
    for place, text in enumerate(texts):
        plain = text.replace("{{c", "{{")  # else the author would have written a cloze
        safe = re.sub("[{}:]", "", text)
        cards[f"cloze-{place}"] = Card(f"cloze-{place}", "", "", f"T{plain} {{{{c1::H{safe}H}}}}", (), (), 1)
    (folder / "cards.apkg").write_bytes(package([note_of(yaml, card) for card in cards.values()], MADE))
    with ankilib.collection(folder / "anki") as col:
        assert ankilib.take_in(col, folder / "cards.apkg").new == len(cards)
        for name, note in ankilib.notes(col).items():
            (card,) = note.cards()
            if name.startswith("basic"):
                assert shown(card.question()) == as_anki(cards[name].front)
                assert as_anki(cards[name].back) in shown(card.answer())
            else:
                whole = as_anki(cards[name].cloze.replace("{{c1::", "").removesuffix("}}"))
                assert shown(card.answer()).startswith(whole)
                assert shown(card.question()).endswith("[...]")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\r\n\x1f"), max_size=9), min_size=15, max_size=15))
def test_any_text_with_its_signs_escaped_is_read_in_anki_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("escaped")
    yaml = folder / "01_one" / "cards.yaml"
    yaml.parent.mkdir()
    yaml.touch()
    wanted = {str(place): f"Q{text}Q" for place, text in enumerate(texts)}
    cards = [Card(name, literal(text), "-", "", (), (), 1) for name, text in wanted.items()]
    (folder / "cards.apkg").write_bytes(package([note_of(yaml, card) for card in cards], MADE))
    with ankilib.collection(folder / "anki") as col:
        ankilib.take_in(col, folder / "cards.apkg")
        for name, note in ankilib.notes(col).items():
            assert shown(note.cards()[0].question()) == as_anki(wanted[name])


@pytest.mark.parametrize(
    "answer", ["}", "{", "a}}", '{"a": {"b": 1}}', "x[::2]", "std::vector::a hint", "a:", "<b>", "日本"]
)
def test_a_hidden_answer_comes_back_whole(tmp_path: Path, answer: str) -> None:
    yaml = tmp_path / "01_one" / "cards.yaml"
    yaml.parent.mkdir()
    yaml.touch()
    card = Card("x", "", "", f"before {{{{c1::{answer}}}}} after", (), (), 1)
    (tmp_path / "cards.apkg").write_bytes(package([note_of(yaml, card)], MADE))
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, tmp_path / "cards.apkg")
        (found,) = ankilib.notes(col)["x"].cards()
        said = answer.removesuffix("::a hint")
        assert shown(found.answer()).startswith(f"before {said} after")
        assert said not in shown(found.question()).removeprefix("before ").removesuffix(" after")


def test_a_broken_card_is_named_and_nothing_is_written(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path
) -> None:
    write_cards("01_one", SUM, {"id": "hollow", "cloze": "nothing is hidden in {{c here"})
    (tmp_path / "cards.apkg").write_bytes(b"the old one")
    with pytest.raises(CourseError, match=r"cards\.yaml:7: card hollow: no cloze can be read"):
        export(cards_course, (), tmp_path / "cards.apkg")
    assert (tmp_path / "cards.apkg").read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("lessons", "said"),
    [(["09_none"], "there is no lesson 09_none .* it has 01_one, 02_bare"), (["02_bare"], "02_bare has no cards")],
)
def test_a_lesson_that_cannot_be_exported_is_named(
    cards_course: CourseFolder, write_cards: Write, tmp_path: Path, lessons: list[str], said: str
) -> None:
    write_cards("01_one", SUM)
    write_cards("02_bare")
    with pytest.raises(CourseError, match=said):
        export(cards_course, lessons, tmp_path / "cards.apkg")


def test_the_command_says_what_it_wrote_and_bad_input_is_one_line(
    cards_course: CourseFolder,
    write_cards: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_cards("01_one", SUM)
    monkeypatch.chdir(cards_course.root)
    for arguments, status in (((), 0), (("--out", "lessons"), 1)):
        monkeypatch.setattr("sys.argv", ["course", "cards", "export", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == status
    said, errors = capsys.readouterr()
    assert "01_one: 1 notes" in said
    assert (cards_course.root / "cards.apkg").is_file()
    assert errors.startswith("error: lessons is a folder")
    assert len(errors.splitlines()) == 1
