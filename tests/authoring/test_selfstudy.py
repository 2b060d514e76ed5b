"""The edition for self-study: what it adds to the released notebook, and what it must never hold."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from typer.testing import CliRunner

from course.authoring import leaks, selfstudy
from course.authoring.lesson import read
from course.authoring.pipeline import build
from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from course.worked import SEALED, Worked, opened, seal

NAME = "04_sample"
WHY = "The mean square is the mean of the squares, and the root of it has the unit of the numbers."
EXPLAINS = f'\n\n# %% [markdown] explains="root_mean_square"\n# {WHY}\n'


@pytest.fixture
def explained(course: CourseFolder) -> CourseFolder:
    """The sample course, its first exercise explained."""
    path = course.lessons / NAME / "lesson.py"
    path.write_text(path.read_text("utf-8") + EXPLAINS, "utf-8")
    return course


def notebook(folder: Path) -> NotebookNode:
    return nbformat.read(folder / NAME / f"{NAME}.ipynb", as_version=4)


def sealed_in(edition: NotebookNode) -> dict[str, Worked]:
    seals = [SEALED.findall(cell.source) for cell in edition.cells if cell.id.endswith(selfstudy.ENDING)]
    return {worked.exercise: worked for (text,) in seals for worked in [opened(text)]}


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_exercise_has_its_solution_sealed_below_its_test(explained: CourseFolder) -> None:
    (outcome,) = build(explained, edition="self-study")
    assert outcome.files == (f"selfstudy/{NAME}/{NAME}.ipynb", f"selfstudy/{NAME}/data/waves.csv")
    edition, released = notebook(explained.selfstudy), notebook(explained.release)
    names = [cell.id for cell in edition.cells]
    for exercise in read(explained.lessons / NAME).exercises:
        assert names[names.index(f"{exercise.name}_tests") + 1] == f"{exercise.name}_solution"
    assert [cell for cell in edition.cells if not cell.id.endswith("_solution")] == released.cells
    worked = sealed_in(edition)
    assert worked["root_mean_square"].reasoning == WHY
    assert "    return x.pow(2).mean().sqrt()" in worked["root_mean_square"].code
    assert worked["row_sizes"].code == "row_sizes = table.pow(2).mean(dim=1).sqrt()"
    assert worked["row_sizes"].released == "row_sizes = table.____(2).mean(____).sqrt()"


def test_the_edition_for_classes_stays_as_it_was(explained: CourseFolder) -> None:
    before = files(explained.release), files(explained.source)
    build(explained)
    build(explained, edition="self-study")
    assert (files(explained.release), files(explained.source)) == before
    assert build(explained, check=True)[0].files == ()


def test_nothing_of_a_solution_is_seen_before_it_opens(explained: CourseFolder) -> None:
    build(explained, edition="self-study")
    text = (explained.selfstudy / NAME / f"{NAME}.ipynb").read_text("utf-8")
    assert "x.pow(2).mean()" not in text
    assert "mean of the squares" not in text


def test_a_stale_edition_is_named_with_the_command_that_makes_it(explained: CourseFolder) -> None:
    with pytest.raises(CourseError, match=f"run `course build {NAME} --edition self-study`"):
        build(explained, check=True, edition="self-study")
    build(explained, edition="self-study")
    assert build(explained, check=True, edition="self-study")[0].files == ()


@pytest.mark.parametrize(
    ("code", "reasoning", "said"),
    [
        ("x = checks.rng().tensor(9)", "", "hidden test line"),
        ("pass", "    x = checks.rng().tensor(9)", "hidden test line"),
        ("pass", "### BEGIN HIDDEN TESTS", "holds the marker"),
    ],
)
def test_no_hidden_test_is_sealed(explained: CourseFolder, code: str, reasoning: str, said: str) -> None:
    build(explained, edition="self-study")
    path = explained.selfstudy / NAME / f"{NAME}.ipynb"
    edition = notebook(explained.selfstudy)
    cell = next(cell for cell in edition.cells if cell.id == "row_sizes_solution")
    cell.source = f'checks.sealed("row_sizes", "{seal(Worked("row_sizes", "sizes", code, reasoning))}")'
    nbformat.write(edition, path)
    lesson = read(explained.lessons / NAME)
    (leak,) = selfstudy.scan(lesson, path.parent, explained.source)
    assert str(leak).startswith(f"selfstudy/{NAME}/{NAME}.ipynb: cell row_sizes_solution, sealed: ")
    assert said in str(leak)


def test_what_is_not_sealed_obeys_the_rule_for_release(explained: CourseFolder) -> None:
    build(explained, edition="self-study")
    path = explained.selfstudy / NAME / f"{NAME}.ipynb"
    edition = notebook(explained.selfstudy)
    edition.cells[0].source += f"\n{WHY}"
    next(
        cell for cell in edition.cells if cell.id == "row_sizes_solution"
    ).source += "\n# return x.pow(2).mean().sqrt()"
    nbformat.write(edition, path)
    found = "\n".join(map(str, selfstudy.scan(read(explained.lessons / NAME), path.parent, explained.source)))
    assert "holds the reasoning line" in found
    assert "cell row_sizes_solution: holds the solution line" in found


def test_the_edition_for_classes_may_hold_no_seal(explained: CourseFolder) -> None:
    build(explained, edition="self-study")
    for name in (NAME,):
        made = (explained.selfstudy / name / f"{name}.ipynb").read_bytes()
        (explained.release / name / f"{name}.ipynb").write_bytes(made)
    found = [str(leak) for leak in leaks.scan(explained)]
    assert all(text.endswith("holds a sealed solution") for text in found)
    assert len(found) == len(read(explained.lessons / NAME).exercises)


def test_reasoning_for_no_exercise_and_another_edition_are_mistakes(explained: CourseFolder) -> None:
    path = explained.lessons / NAME / "lesson.py"
    path.write_text(path.read_text("utf-8").replace('explains="root', 'explains="rot'), "utf-8")
    with pytest.raises(CourseError, match="no exercise `rot_mean_square`"):
        build(explained, edition="self-study")
    done = CliRunner().invoke(app, ["build", "--edition", "teacher", "--course", str(explained.root)])
    assert isinstance(done.exception, CourseError)
    assert "there is class and self-study" in str(done.exception)
