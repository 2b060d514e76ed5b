"""Decks and pages of a class: what Anki's own library makes of the decks, and what the pages say."""

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from nbgrader.api import Gradebook

from course.authoring.lesson import Lesson, read
from course.cards.exporting import export
from course.cli import main
from course.errors import CourseError
from course.folder import CourseFolder
from course.review.writing import TICK, Review, write_reviews
from tests.cards import ankilib
from tests.conftest import TINY
from tests.review.conftest import CARDS, NOW, SECRET, Graded


def reviewed(folder: CourseFolder, lesson: Lesson, student: str = "ann", **more: Any) -> Review:
    (review,) = write_reviews(folder, lesson, [student], **{"now": NOW, **more})
    assert not review.problem
    return review


def deck_of(review: Review) -> Path:
    assert review.deck is not None
    return review.deck


def page_of(review: Review) -> str:
    assert review.page is not None
    return review.page.read_text("utf-8")


def test_with_learning_progress_the_deck_arrives_as_fsrs_has_scheduled_it(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    graded("ann", twice=1, area=0)
    deck = deck_of(reviewed(tiny_course, lesson))
    with ankilib.collection(tmp_path / "anki") as col:
        assert ankilib.take_in(col, deck, with_progress=True) == ankilib.Log(3, 0, 0, 0)
        notes = ankilib.notes(col)
        for name, ease, stability, due in (("right", 1, 0.212, 10), ("both", 1, 0.212, 10), ("sum", 2, 1.2931, 15)):
            for card in notes[name].cards():
                assert (card.type, card.queue) == (1, 1)  # learning
                assert card.due == int((NOW + timedelta(minutes=due)).timestamp())
                assert card.memory_state.stability == pytest.approx(stability, abs=1e-4)
                assert card.desired_retention == pytest.approx(0.9)
                assert card.decay == pytest.approx(0.1542, abs=1e-3)  # Anki keeps three places
                assert card.last_review_time == int(NOW.timestamp())
                log = col.db.all("select ease, ivl, type from revlog where cid = ?", card.id)
                assert log == [[ease, -60 * due, 0]]
        assert {col.decks.name(card.did) for note in notes.values() for card in note.cards()} == {f"clozegrad::{TINY}"}
        assert notes["sum"].tags == [f"clozegrad::{TINY}", "numbers"]


def test_cards_are_due_worst_first_and_what_was_right_on_a_later_day(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    text = (lesson.folder / "lesson.py").read_text("utf-8")
    lesson.path.write_text(text.replace("cards: right, both", "cards: right"), "utf-8")
    graded("ann", twice=0, area=1)
    graded("bob", twice=1, area=0)
    apart = read(lesson.path)
    now = datetime.now(UTC) - timedelta(hours=1)  # Anki asks the clock what is due
    with ankilib.collection(tmp_path / "ann") as col:
        ankilib.take_in(col, deck_of(reviewed(tiny_course, apart, "ann", keep_right=True, now=now)), with_progress=True)
        (right,) = ankilib.notes(col)["right"].cards()
        assert (right.type, right.queue, right.ivl) == (2, 2, 2)
        assert right.memory_state.stability == pytest.approx(2.3065, abs=1e-4)
        assert queue(col) == ["sum", "both", "both"]
    with ankilib.collection(tmp_path / "bob") as col:
        ankilib.take_in(col, deck_of(reviewed(tiny_course, apart, "bob", now=now)), with_progress=True)
        assert queue(col) == ["right", "sum", "both", "both"]


def queue(col: Any) -> list[str]:
    """The cards as Anki asks them, each answered Easy so that it does not come back."""
    col.decks.select(col.decks.id(f"clozegrad::{TINY}"))
    asked = []
    while card := col.sched.getCard():
        asked.append(card.note().fields[-1].split(" · ")[-1])
        card.start_timer()
        col.sched.answerCard(card, 4)
    return asked


def test_due_days_count_from_the_day_of_writing_in_the_writers_time_zone(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    graded("ann", twice=3)
    with zipfile.ZipFile(deck_of(reviewed(tiny_course, lesson, keep_right=True))) as archive:
        archive.extract("collection.anki2", tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as db:
        ((created, conf),) = db.execute("select crt, conf from col")
        assert created == int(NOW.replace(hour=4, minute=0).timestamp())
        assert (json.loads(conf)["schedVer"], json.loads(conf)["creationOffset"]) == (2, -540)
        assert set(db.execute("select due from cards")) == {(2,)}
    db.close()


def test_without_learning_progress_every_card_is_new(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    graded("ann", twice=1, area=0)
    deck = deck_of(reviewed(tiny_course, lesson))
    with ankilib.collection(tmp_path / "anki") as col:
        assert ankilib.take_in(col, deck) == ankilib.Log(3, 0, 0, 0)
        cards = [card for note in ankilib.notes(col).values() for card in note.cards()]
        assert {(card.type, card.queue, card.reps) for card in cards} == {(0, 0, 0)}
        assert all(card.memory_state is None for card in cards)
        assert col.db.scalar("select count() from revlog") == 0
        col.remove_notes(col.find_notes(""))  # the way out that the page names
        assert ankilib.take_in(col, deck, with_progress=True).new == 3
        assert {card.type for note in ankilib.notes(col).values() for card in note.cards()} == {1}


@pytest.mark.parametrize("fsrs", [True, False])
def test_a_second_grading_adds_new_cards_and_leaves_learnt_ones_alone(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path, fsrs: bool
) -> None:
    graded("ann", twice=1, area=1)
    with ankilib.collection(tmp_path / "anki", fsrs=fsrs) as col:
        ankilib.take_in(col, deck_of(reviewed(tiny_course, lesson)), with_progress=True)
        col.decks.select(col.decks.id(f"clozegrad::{TINY}"))
        card = ankilib.notes(col)["sum"].cards()[0]
        card.start_timer()
        col.sched.answerCard(card, 4)
        before = as_it_stands(col, "sum")
        graded("ann", twice=0, area=0)
        second = deck_of(reviewed(tiny_course, lesson, now=NOW + timedelta(days=3)))
        assert ankilib.take_in(col, second, with_progress=True) == ankilib.Log(1, 0, 2, 0)
        assert as_it_stands(col, "sum") == before
        assert len(before[-1]) == 2  # the answer that grading gave, and the student's own
        assert as_it_stands(col, "right")[0] == 1
        assert ankilib.take_in(col, second, with_progress=True).new == 0
        assert col.note_count() == 3


def as_it_stands(col: Any, name: str) -> tuple[Any, ...]:
    """All that Anki knows of a card's progress."""
    (card,) = ankilib.notes(col)[name].cards()
    log = col.db.all("select id, ease, ivl from revlog where cid = ?", card.id)
    return card.type, card.queue, card.due, card.ivl, card.reps, str(card.memory_state), log


def test_the_whole_deck_and_a_review_deck_hold_the_same_notes(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    graded("ann", twice=0, area=0)
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, deck_of(reviewed(tiny_course, lesson)), with_progress=True)
        whole = export(tiny_course, (), tmp_path / "all.apkg").path
        assert ankilib.take_in(col, whole) == ankilib.Log(1, 0, 3, 0)  # new is the card behind nothing
        assert col.note_count() == len(CARDS)


def test_a_changed_text_reaches_a_card_that_is_being_learnt(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, tmp_path: Path
) -> None:
    graded("ann", twice=0)
    path = lesson.folder / "cards.yaml"
    os.utime(path, (1_790_000_000, 1_790_000_000))
    with ankilib.collection(tmp_path / "anki") as col:
        ankilib.take_in(col, deck_of(reviewed(tiny_course, lesson)), with_progress=True)
        before = as_it_stands(col, "sum")
        path.write_text(
            yaml.safe_dump([card | {"back": "x plus x"} if card["id"] == "sum" else card for card in CARDS])
        )
        ankilib.take_in(col, deck_of(reviewed(tiny_course, read(lesson.path))), with_progress=True)
        assert ankilib.notes(col)["sum"].fields[1] == "x plus x"
        assert as_it_stands(col, "sum") == before


def test_the_same_mistakes_at_the_same_time_make_the_same_bytes(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded
) -> None:
    graded("ann", twice=1)
    first, page = deck_of(reviewed(tiny_course, lesson)).read_bytes(), page_of(reviewed(tiny_course, lesson))
    assert deck_of(reviewed(tiny_course, lesson)).read_bytes() == first
    assert page_of(reviewed(tiny_course, lesson)) == page


def test_the_page_says_which_cards_why_and_when_and_shows_nothing_hidden(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded
) -> None:
    graded("ann", twice=1, area=1)
    page = page_of(reviewed(tiny_course, lesson, keep_right=True))
    for said in ("ann", "Doubling", "Area of a rectangle", "any whole number", "What about numbers below zero?"):
        assert said in page
    for said in (
        "due today, next",
        "due on 28 November 2026",
        TICK,
        "off by default",
        "<math",
        '<code class="hl">x + x',
    ):
        assert said in page
    for secret in (SECRET, "rng.integer", "number + number", "checks.equal", "expected -", "stands behind nothing"):
        assert secret not in page


def test_the_page_needs_no_network_and_runs_no_script(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded
) -> None:
    evil = [card | {"front": '<script>alert(1)</script> <img src="https://example.org/x.png">'} for card in CARDS[:2]]
    (lesson.folder / "cards.yaml").write_text(yaml.safe_dump([*evil, *CARDS[2:]]))
    graded("ann", twice=0, area=0)
    page = page_of(reviewed(tiny_course, read(lesson.path)))
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "@import" not in page
    assert "<link" not in page


def test_where_nothing_was_missed_the_page_says_so_and_an_older_deck_is_gone(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded
) -> None:
    graded("ann", twice=0)
    deck = deck_of(reviewed(tiny_course, lesson))
    graded("ann", twice=3)
    review = reviewed(tiny_course, lesson)
    assert review.deck is None
    assert not deck.exists()
    assert "Nothing to import" in page_of(review)
    assert TICK not in page_of(review)


def test_points_that_a_person_has_given_count(tiny_course: CourseFolder, lesson: Lesson, graded: Graded) -> None:
    graded("ann", twice=0, area=1)
    with Gradebook(tiny_course.db_url) as gradebook:
        gradebook.find_grade("twice_tests", TINY, TINY, "ann").manual_score = 3
        gradebook.db.commit()
    assert reviewed(tiny_course, lesson).recalls == ()


def test_one_student_whose_notebook_cannot_be_read_stops_no_other_and_loses_nothing(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded
) -> None:
    for student in ("ann", "bob"):
        graded(student, twice=0)
    before = deck_of(reviewed(tiny_course, lesson, "ann")).read_bytes()
    (tiny_course.autograded / "ann" / TINY / f"{TINY}.ipynb").write_text("{")
    ann, bob, nobody = write_reviews(tiny_course, lesson, ["ann", "bob", "nobody"], now=NOW)
    assert "cannot be read" in ann.problem
    assert "course grade 01_tiny" in ann.problem
    assert (tiny_course.review / "ann" / TINY / f"{TINY}.apkg").read_bytes() == before
    assert deck_of(bob).is_file()
    assert nobody.problem == "no graded submission for 01_tiny: run `course grade 01_tiny`"
    assert not (tiny_course.review / "nobody").exists()


def test_a_student_without_grades_is_named(tiny_course: CourseFolder, lesson: Lesson, graded: Graded) -> None:
    graded("ann", twice=0)
    with Gradebook(tiny_course.db_url) as gradebook:
        gradebook.remove_student("ann")
    (ann,) = write_reviews(tiny_course, lesson, now=NOW)
    assert ann.problem == "ann has no grade for 01_tiny in the gradebook: run `course grade 01_tiny`"


def test_a_gradebook_that_is_gone_is_not_made_anew(tiny_course: CourseFolder, lesson: Lesson, graded: Graded) -> None:
    graded("ann", twice=0)
    (tiny_course.root / "gradebook.db").unlink()
    (ann,) = write_reviews(tiny_course, lesson, now=NOW)
    assert ann.problem == "ann has no grade for 01_tiny in the gradebook: run `course grade 01_tiny`"
    assert not (tiny_course.root / "gradebook.db").exists()


def test_a_folder_that_cannot_be_written_is_named(tiny_course: CourseFolder, lesson: Lesson, graded: Graded) -> None:
    graded("ann", twice=0)
    tiny_course.review.write_text("a file in the way")
    (ann,) = write_reviews(tiny_course, lesson, now=NOW)
    assert str(tiny_course.review) in ann.problem
    assert "please report" not in ann.problem


def test_a_class_that_was_not_graded_is_one_sentence(tiny_course: CourseFolder, lesson: Lesson) -> None:
    with pytest.raises(CourseError, match="run `course grade 01_tiny`"):
        write_reviews(tiny_course, lesson, now=NOW)


@pytest.fixture
def course(
    tiny_course: CourseFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str, str]]:
    """Runs the command line in the course: its exit status, what it prints, and what it prints as errors."""

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.chdir(tiny_course.root)
        monkeypatch.setattr("sys.argv", ["course", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


def test_the_command_tells_whom_it_wrote_for_and_what_to_tick(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, course: Callable[..., tuple[object, str, str]]
) -> None:
    for student in ("ann", "bob"):
        graded(student, twice=1)
    (tiny_course.autograded / "bob" / TINY / f"{TINY}.ipynb").write_text("{")
    status, said, errors = course("review", TINY)
    assert status == 1
    assert errors.startswith("bob: no review deck: ")
    assert len(errors.splitlines()) == 1
    assert "review decks: 1, pages: 1," in said
    assert f"tick “{TICK}”. It is off by default" in said
    assert (tiny_course.review / "ann" / TINY / f"{TINY}.apkg").is_file()


def test_the_command_writes_for_one_student_and_also_what_was_right(
    tiny_course: CourseFolder, lesson: Lesson, graded: Graded, course: Callable[..., tuple[object, str, str]]
) -> None:
    for student in ("ann", "bob"):
        graded(student, twice=3)
    status, said, _ = course("review", TINY, "--student", "bob", "--all")
    assert status == 0
    assert "review decks: 1, pages: 1," in said
    assert [path.name for path in tiny_course.review.iterdir()] == ["bob"]


def test_bad_input_at_the_command_line_is_one_line(
    tiny_course: CourseFolder, lesson: Lesson, course: Callable[..., tuple[object, str, str]]
) -> None:
    (tiny_course.lessons / TINY / "cards.yaml").unlink()
    text = lesson.path.read_text("utf-8")
    lesson.path.write_text(text.replace(" · cards: sum, both", "").replace(" · cards: right, both", ""), "utf-8")
    for name, said in ((TINY, "no exercise names a card"), ("02_none", "does not exist")):
        status, _, errors = course("review", name)
        assert status == 1
        assert errors.startswith("error: ")
        assert said in errors
        assert len(errors.splitlines()) == 1
