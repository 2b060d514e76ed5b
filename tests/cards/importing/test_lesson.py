"""What a deck's notes become."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.authoring import leaks
from course.authoring.lesson import Lesson
from course.authoring.notebook import source_notebook
from course.authoring.preprocess import ClearBlanks
from course.cards.deck import Code, Deck, Note
from course.cards.importing import Wanted, import_deck, items_of
from course.cards.reading import read_deck
from course.cloze import markup
from course.cloze.blanks import Blank
from course.cloze.magic import head
from course.errors import CourseError
from tests.cards.decks import LAYOUTS, TYPED, write_notes, write_package
from tests.cards.importing.import_fixture import code, deck_of, graded, lesson_of, prose, released, score

STEP = Note(
    7, (prose("One step of SGD."), code("p -= {{lr||rate::the step size}} * p.{{grad}}")), guid="g7", tags=("sgd",)
)
RULE = Note(8, (prose("A {{high::how}} rate diverges."),), tags=("rules::lr",), deck="DL::SGD")
ASK = Note(9, (prose("What is SGD?"),), (prose("A descent."),), tags=("sgd",), deck="DL")
DECK = deck_of(STEP, RULE, ASK)


def text_of(lesson: Lesson) -> str:
    return lesson.path.read_text("utf-8")


def shown_cells(lesson: Lesson) -> list[str]:
    """The cells of the release."""
    notebook, _ = ClearBlanks().preprocess(source_notebook(lesson), {})
    return [cell.source.split("### BEGIN HIDDEN TESTS")[0] for cell in notebook.cells]


def test_code_with_blanks_becomes_an_exercise(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, DECK)
    (exercise,) = lesson.exercises
    assert (exercise.name, exercise.title, exercise.points) == ("card_7", "One step of SGD.", 2)
    assert "# | p -= {{lr||rate::the step size}} * p.{{grad}}" in text_of(lesson)
    assert exercise.solution.source == f"{head('card_7')}\np -= lr * p.grad"
    assert released(lesson) == {"card_7": f"{head('card_7')}\np -= ____ * p.____"}
    assert exercise.cards == (lesson.cards[1].id,) if lesson.cards[0].cloze == "" else (lesson.cards[0].id,)


def test_answers_stand_in_no_cell_that_students_get(tmp_path: Path) -> None:
    note = Note(1, (code("p -= {{secret_rate||other_rate::the step size}} * p.{{secret_grad}}"),))
    shown = "\n".join(shown_cells(lesson_of(tmp_path, deck_of(note))))
    assert "____" in shown
    assert "secret" not in shown
    assert "other_rate" not in shown
    assert "the step size" in shown


def test_a_cell_that_still_holds_an_answer_is_a_leak(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, DECK)
    release = tmp_path / "release" / lesson.name
    release.mkdir(parents=True)
    notebook, _ = ClearBlanks().preprocess(source_notebook(lesson), {})
    for cell in notebook.cells:
        if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") == "card_7":
            cell.source = cell.source.replace("____", "lr", 1)
        cell.source = cell.source.split("### BEGIN HIDDEN TESTS")[0]
    import nbformat

    nbformat.write(notebook, release / f"{lesson.name}.ipynb")
    found = leaks.scan_release(release.parent, {lesson.name: lesson}, tmp_path / "source")
    assert [leak.text for leak in found] == ["is not the cloze of its lesson without the answers"]


def test_prose_and_questions_become_cards_to_recall(tmp_path: Path) -> None:
    shown = shown_cells(lesson_of(tmp_path, DECK))
    rule = next(cell for cell in shown if "diverges" in cell)
    question, answer = rule.split("<details><summary>Answer</summary>")
    assert "A [how] rate diverges." in question
    assert "A high rate diverges." in answer
    assert any("What is SGD?" in cell and "A descent." in cell.split("</summary>")[1] for cell in shown)


def test_questions_can_be_written_and_marked_by_hand(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, DECK, Wanted(questions="manual"))
    assert [(each.name, each.points) for each in lesson.questions] == [("question_8", 1), ("question_9", 1)] or [
        (each.name, each.points) for each in lesson.questions
    ] == [("question_9", 1), ("question_8", 1)]
    scheme = {each.name: "\n".join(each.scheme) for each in lesson.questions}
    assert "A descent." in scheme["question_9"]


def test_every_note_has_its_card_under_an_id_that_stays(tmp_path: Path) -> None:
    ids = {card.id for card in lesson_of(tmp_path, DECK).cards}
    assert len(ids) == 3
    longer = deck_of(Note(1, (prose("New?"),), (prose("Yes."),)), *DECK.notes)
    assert ids < {card.id for card in lesson_of(tmp_path, longer).cards}


def test_headings_are_by_deck_where_there_are_several_else_by_tag(tmp_path: Path) -> None:
    assert "## DL · SGD" in "\n".join(shown_cells(lesson_of(tmp_path, DECK)))
    assert "## rules · lr" in "\n".join(shown_cells(lesson_of(tmp_path, DECK, Wanted(by="tag"))))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(tags=("sgd",)), [7, 9]),
        (Wanted(tags=("rules", "sgd")), [7, 8, 9]),
        (Wanted(decks=("DL",)), [8, 9]),
        (Wanted(decks=("DL::SGD",)), [8]),
        (Wanted(matches=("diverg", r"p\.grad")), [7, 8]),
        (Wanted(tags=("sgd",), matches=("descent",)), [9]),
    ],
)
def test_filters_narrow_what_is_taken(wanted: Wanted, numbers: list[int]) -> None:
    assert sorted(item.note.number for item in items_of(DECK, wanted)[0]) == numbers


def test_a_filter_that_nothing_passes_says_what_there_is() -> None:
    with pytest.raises(CourseError, match=r"tags: rules::lr, sgd; decks: DL, DL::SGD"):
        items_of(DECK, Wanted(tags=("adam",)))


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(CourseError, match=r"--match \(: not a regular expression"):
        items_of(DECK, Wanted(matches=("(",)))


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (Note(1, (prose("Alone."),)), "asks nothing"),
        (Note(1, (code("x = ____ + {{a}}"),)), "holds ____"),
        (Note(1, (code("### BEGIN SOLUTION\n{{a}}"),)), "marker of nbgrader"),
        (Note(1, (code("{{a}}  ### AUTOTEST 1"),)), "AUTOTEST"),
        (Note(1, (code("x = {{____}}"),)), "cannot be an answer"),
    ],
)
def test_a_note_that_cannot_be_used_is_skipped_with_its_number_and_why(note: Note, reason: str) -> None:
    items, skipped = items_of(deck_of(note, ASK), Wanted())
    assert [item.note for item in items] == [ASK]
    assert [each.number for each in skipped] == [1]
    assert reason in skipped[0].reason


def test_a_folder_that_is_there_is_only_replaced_by_force(tmp_path: Path) -> None:
    out = lesson_of(tmp_path, DECK).path.parent
    (out / "mine.txt").write_text("x")
    with pytest.raises(CourseError, match="--force"):
        import_deck(DECK, out)
    assert (out / "mine.txt").is_file()
    import_deck(DECK, out, force=True)
    assert sorted(path.name for path in out.iterdir()) == ["cards.yaml", "lesson.py"]
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_a_folder_that_is_no_lesson_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "20_photos").mkdir()
    with pytest.raises(CourseError, match="not a lesson"):
        import_deck(DECK, tmp_path / "20_photos", force=True)


@pytest.mark.parametrize("name", ["cards", "20-cards", "20_Cards", "..", "20_"])
def test_a_name_that_no_lesson_has_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CourseError, match="two digits"):
        import_deck(DECK, tmp_path / name)


def test_nothing_is_left_when_a_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.cards.importing.writing.cards_text", lambda _: "- no card")
    with pytest.raises(CourseError):
        import_deck(DECK, tmp_path / "20_cards")
    assert list(tmp_path.iterdir()) == []


def test_pictures_that_are_shown_lie_beside_the_lesson_and_no_others(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\nx"
    media = {"../a b.png": png, "unused.png": png, "evil.svg": b"<svg onload=x()>", "fake.png": b"<script>"}
    note = Note(
        1, (prose("See ![](..%2Fa%20b.png) ![](evil.svg) ![](fake.png) ![](gone.png) [sound:a.mp3]"),), (prose("b"),)
    )
    lesson = lesson_of(tmp_path, deck_of(note, media=media))
    (picture,) = lesson.data
    assert picture.read_bytes() == png
    assert picture.name.startswith("a-b-")
    assert f"![](data/{picture.name})" in text_of(lesson)
    assert "&#40;picture: evil.svg)" in text_of(lesson)
    assert "[sound:a.mp3]" in text_of(lesson)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_edge_of_typed_blanks_earns_full_marks_and_each_blank_its_own(tmp_path: Path, layout: str) -> None:
    lesson = lesson_of(tmp_path, read_deck(write_package(tmp_path / "deck.apkg", layout)))
    assert len(lesson.exercises) >= 15
    assert score(lesson, {each.name: each.solution.source for each in lesson.exercises}) == lesson.points
    assert score(lesson, released(lesson)) == 0
    for exercise in lesson.exercises:
        for wrong in exercise.wrong:
            assert (
                graded(lesson, {**released(lesson), exercise.name: wrong.source})[exercise.name].earned == wrong.earns
            )


def test_several_blocks_of_a_note_are_one_exercise(tmp_path: Path) -> None:
    edges = [edge for edge in TYPED if edge.name == "several blocks"]
    (exercise,) = lesson_of(tmp_path, read_deck(write_notes(tmp_path / "deck.txt", edges))).exercises
    assert exercise.points == 3


def test_blanks_without_anything_between_them_are_one(tmp_path: Path) -> None:
    (exercise,) = lesson_of(tmp_path, deck_of(Note(1, (code("x = {{a }}{{b}}{{ c}}"),)))).exercises
    assert [blank.answer for blank in markup.blanks(exercise.solution.pieces)] == ["a b c"]


def test_what_holds_nothing_to_type_is_no_blank(tmp_path: Path) -> None:
    (exercise,) = lesson_of(tmp_path, deck_of(Note(1, (code("x{{ }}= {{1}}"),)))).exercises
    assert exercise.points == 1


PARTS = [*"abx_1 \n\t{}|:\\#%'\"`$<>&()[]=.,!?~", "ä", "梯", "\u2028", "\x0c", "\0", "%%", "# %%", ">>> "]
SIGNS = st.lists(st.sampled_from(PARTS), max_size=10).map("".join)


@st.composite
def codes(draw: st.DrawFn) -> Code:
    """Code with blanks between texts that do not run together."""
    pieces: list[str | Blank] = [draw(SIGNS)]
    for _ in range(draw(st.integers(1, 4))):
        answer = draw(SIGNS.filter(lambda text: text.strip("_ \n\t\x0c\u2028")))
        other = draw(st.lists(SIGNS.filter(lambda text: text.strip("_ \n\t\x0c\u2028")), max_size=2))
        pieces += [Blank(answer, draw(SIGNS), tuple(other)), draw(SIGNS.filter(str.strip))]
    return Code(tuple(pieces))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(codes(), min_size=1, max_size=3))
def test_a_lesson_gives_the_decks_answers_back_and_marks_them_right(tmp_path: Path, blocks: list[Code]) -> None:
    notes = tuple(Note(number, (block,), guid=str(number)) for number, block in enumerate(blocks, 1))
    items, _ = items_of(Deck("d", (*notes, ASK)), Wanted())
    lesson = lesson_of(tmp_path, Deck("d", (*notes, ASK)))
    exercises = [item for item in items if item.kind == "exercise"]
    assert [each.name for each in lesson.exercises] == [item.name for item in exercises]
    for item, exercise in zip(exercises, lesson.exercises, strict=True):
        given_back = ["".join(blank.answer.split()) for blank in markup.blanks(exercise.solution.pieces)]
        assert given_back == ["".join(blank.answer.split()) for blank in markup.blanks(item.pieces)]
    reports = graded(lesson, {each.name: each.solution.source for each in lesson.exercises})
    for exercise in lesson.exercises:
        assert [check.message for check in reports[exercise.name].failures] == []
        for right in exercise.right:
            assert (
                graded(lesson, {**released(lesson), exercise.name: right.source})[exercise.name].earned
                == exercise.points
            )
