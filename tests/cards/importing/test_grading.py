"""An imported lesson through the whole course: build, both engines, attacks, feedback, audit."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest

from course.audit.result import by_exercise
from course.audit.trials import TrialRoom, trials
from course.authoring.lesson import Lesson, read
from course.authoring.notebook import fill
from course.authoring.pipeline import build
from course.cards.deck import Note
from course.cards.importing import import_deck
from course.folder import CONFIG_NAME, CourseFolder
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from course.report.feedback import write_feedback
from tests.cards.importing.import_fixture import answered, code, deck_of, prose

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NAME = "20_cards"
NOTES = (
    Note(
        1,
        (
            prose("One step of gradient descent, by hand."),
            code(
                "with torch.{{no_grad}}():\n    for p in model.parameters():\n"
                "        p -= {{lr||rate::the step size}} * p.{{grad}}\n        p.grad.{{zero_}}()"
            ),
        ),
        guid="a",
    ),
    Note(
        2,
        (code(">>> x = torch.ones(2, 3)\n>>> x.sum({{dim=1, keepdim=True}}).shape\ntorch.Size([{{2, 1}}])"),),
        guid="b",
    ),
    Note(3, (prose("A rate that is {{too high}} makes the loss {{diverge}}."),), guid="c"),
)
RIGHT = {1: ["no_grad", "lr", "grad", "zero_"], 2: ["dim=1, keepdim=True", "2, 1"]}
OTHER = {1: [" no_grad ", "rate", "grad", "zero_"], 2: ["keepdim = True, dim = 1,", "2,1,"]}
ATTACKS = {
    "str_subclass": """\
class Yes(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__
    def strip(self, *a): return self
    def split(self, *a): return []
card_1 = Yes("____")
card_2 = Yes("____")""",
    "other_magic": """\
from course import cloze
get_ipython().register_magic_function(lambda line, cell: None, "cell", "cloze")
cloze.given = lambda *a: type("S", (), {"mark": print, "look": print})()
card_1 = card_2 = object()""",
    "patched": """\
import course.cloze.tokens, course.cloze.marking, course.checks, course.checks.cell
course.cloze.tokens.same = lambda *a: True
course.cloze.marking.Accepted.takes = lambda *a: True
course.checks.score = lambda: 6.0
course.checks.check.__exit__ = lambda *a: True""",
    "gone": "import os; os._exit(0)",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course folder with the imported lesson, built as any other."""
    root = tmp_path_factory.mktemp("course").resolve()
    shutil.copy(ROOT / CONFIG_NAME, root)
    folder = CourseFolder(root)
    import_deck(deck_of(*NOTES, name="Deep learning cards"), folder.lessons / NAME)
    build(folder)
    assert build(folder, check=True)[0].files == ()
    return folder


@pytest.fixture(scope="module")
def lesson(folder: CourseFolder) -> Lesson:
    return read(folder.lessons / NAME)


@pytest.fixture(scope="module")
def verdicts(folder: CourseFolder, lesson: Lesson) -> dict[str, SubmissionVerdict]:
    """Everybody's verdict by the engine."""
    hand_in(folder, "right", answers(lesson, RIGHT))
    hand_in(folder, "other", answers(lesson, OTHER))
    hand_in(folder, "half", answers(lesson, {1: ["no_grad", "x", "grad", "____"], 2: ["", "2, 1"]}))
    hand_in(folder, "empty", {})
    hand_in(folder, "headless", {name: text.split("\n", 1)[1] for name, text in answers(lesson, RIGHT).items()})
    for name, attack in ATTACKS.items():
        path = hand_in(folder, name, {})
        notebook = nbformat.read(path, as_version=4)
        place = next(n for n, cell in enumerate(notebook.cells) if cell.get("id") == "card_1_tests")
        notebook.cells.insert(place, nbformat.v4.new_code_cell(attack, id="attack"))
        nbformat.write(notebook, path)
    return {one.student: one for one in grade(folder, NAME, jobs=1)}


def answers(lesson: Lesson, blanks: Mapping[int, list[str]]) -> dict[str, str]:
    return {f"card_{number}": answered(lesson, f"card_{number}", texts) for number, texts in blanks.items()}


def hand_in(folder: CourseFolder, student: str, cells: Mapping[str, str]) -> Path:
    target = folder.submitted / student / NAME
    shutil.copytree(folder.release / NAME, target)
    path = target / f"{NAME}.ipynb"
    nbformat.write(fill(nbformat.read(path, as_version=4), cells), path)
    return path


@pytest.mark.parametrize(
    ("student", "points"), [("right", 6), ("other", 6), ("half", 3), ("empty", 0), ("headless", 6)]
)
def test_the_engine_gives_a_point_for_each_blank(
    verdicts: dict[str, SubmissionVerdict], student: str, points: float
) -> None:
    assert (verdicts[student].points, verdicts[student].max_points) == (points, 6)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_earns_a_point(verdicts: dict[str, SubmissionVerdict], attack: str) -> None:
    assert verdicts[attack].points == 0


def test_a_first_line_that_was_lost_is_said_to_be_put_back(verdicts: dict[str, SubmissionVerdict]) -> None:
    assert "answer cell 'card_1' had lost its first line `%%cloze card_1`: put back" in verdicts["headless"].repairs


def test_a_blank_page_is_said_to_be_blank(verdicts: dict[str, SubmissionVerdict]) -> None:
    assert {cell.ending for cell in verdicts["empty"].cells} == {"blank"}


def test_the_feedback_page_says_what_was_typed_and_never_an_answer(
    folder: CourseFolder, verdicts: dict[str, SubmissionVerdict]
) -> None:
    (written,) = write_feedback(folder, NAME, ["half"])
    page = written.pages[0].read_text("utf-8")
    assert "you typed `x`; look at what stands before and after the blank" in page
    assert "the step size" in page
    assert "blank 4 is empty" in page
    assert "zero_" not in page
    assert "keepdim" not in page


def test_one_kernel_gives_the_same_points(folder: CourseFolder, verdicts: dict[str, SubmissionVerdict]) -> None:
    honest = ["right", "half"]
    inside = {one.student: one.points for one in grade(folder, NAME, honest, engine="nbgrader")}
    assert inside == {student: verdicts[student].points for student in honest}


def test_the_audit_finds_nothing_to_complain_about(folder: CourseFolder, lesson: Lesson) -> None:
    todo = trials(lesson, with_mutants=True)
    assert [trial.kind for trial in todo].count("wrong") == 6
    with TrialRoom(folder, lesson, jobs=1) as room:
        audits = by_exercise(room.run(todo))
    assert [text for audit in audits for text in audit.complaints()] == []
