"""`course build`: nbgrader's own release, the same bytes twice, nothing half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.authoring.lesson import read
from course.authoring.new import new_lesson
from course.authoring.pipeline import build
from course.authoring.problems import LessonError
from course.errors import CourseError
from course.folder import CourseFolder

NAME = "04_sample"


def contents(*folders: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def change(course: CourseFolder, old: str, new: str) -> None:
    path = course.lessons / NAME / "lesson.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def released(course: CourseFolder) -> dict[str, str]:
    notebook = json.loads((course.release / NAME / f"{NAME}.ipynb").read_text("utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


def nbgrader(course: CourseFolder, *arguments: str) -> None:
    binaries = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=course.root, env={**os.environ, "PATH": binaries}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_students_get_stubs_blanks_and_public_tests(built: CourseFolder) -> None:
    cells = released(built)
    assert cells["root_mean_square"].endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["row_sizes"] == "row_sizes = table.____(2).mean(____).sqrt()"
    assert cells["why_square"] == "YOUR ANSWER HERE"
    assert cells["root_mean_square_tests"].split("\n")[1:] == [
        "",
        "def root_mean_square_tests():",
        '    """Names that are bound in here are the test\'s own."""',
        '    with checks.check("3 and 4 give the root of 12.5", points=1):',
        "        checks.close(root_mean_square(torch.tensor([3.0, 4.0])), 12.5**0.5)",
        "",
        "root_mean_square_tests()",
        "checks.score()",
    ]
    assert (built.release / NAME / "data" / "waves.csv").read_text("utf-8") == "x,y\n1,2\n"


def test_building_again_writes_nothing(course: CourseFolder) -> None:
    before = {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")}
    (outcome,) = build(course)
    assert outcome.files == ()
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")} == before


def test_building_from_nothing_gives_the_same_bytes(course: CourseFolder) -> None:
    before = contents(course.source, course.release)
    for path in before:
        Path(path).unlink()
    (outcome,) = build(course, [NAME])
    assert len(outcome.files) == 4
    assert contents(course.source, course.release) == before


@pytest.mark.slow
def test_nbgraders_own_command_makes_the_same_release(course: CourseFolder) -> None:
    before = contents(course.release)
    nbgrader(course, "generate_assignment", NAME, "--force")
    assert contents(course.release) == before


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")
def test_it_builds_when_the_gradebook_holds_submissions(course: CourseFolder) -> None:
    from nbgrader.api import Base
    from sqlalchemy import create_engine

    Base.metadata.create_all(create_engine(course.db_url))
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_assignment(NAME)
        gradebook.add_notebook(NAME, NAME)
        gradebook.add_solution_cell("gone", NAME, NAME)
        gradebook.add_student("ada")
        gradebook.add_submission(NAME, "ada")
    before = (course.root / "gradebook.db").read_bytes()
    change(course, "3 minutes", "4 minutes")
    (outcome,) = build(course)
    assert outcome.files == (f"source/{NAME}/{NAME}.ipynb", f"release/{NAME}/{NAME}.ipynb")
    assert (course.root / "gradebook.db").read_bytes() == before


def test_a_check_passes_on_a_fresh_course(course: CourseFolder) -> None:
    assert [outcome.files for outcome in build(course, check=True)] == [()]


def test_a_check_names_what_is_stale_and_writes_nothing(course: CourseFolder) -> None:
    change(course, "3 minutes", "4 minutes")
    before = contents(course.source, course.release)
    with pytest.raises(CourseError) as error:
        build(course, check=True)
    assert str(error.value).splitlines() == [
        f"source/{NAME}/{NAME}.ipynb is out of date: run `course build {NAME}`",
        f"release/{NAME}/{NAME}.ipynb is out of date: run `course build {NAME}`",
    ]
    assert contents(course.source, course.release) == before


def test_a_check_fails_on_a_release_that_was_edited(course: CourseFolder) -> None:
    path = course.release / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text("utf-8").replace("____(2)", "pow(2)").replace("mean(____)", "mean(dim=1)"), "utf-8")
    with pytest.raises(CourseError, match=r"out of date[^~]*holds the solution line `row_sizes"):
        build(course, check=True)


def test_a_check_fails_on_a_file_that_no_lesson_has(course: CourseFolder) -> None:
    (course.release / "answers.txt").write_text("42", "utf-8")
    with pytest.raises(CourseError, match=r"release/answers\.txt: this file comes from no lesson"):
        build(course, check=True)


def test_a_lesson_with_mistakes_keeps_its_notebooks_and_stops_no_other(course: CourseFolder) -> None:
    new_lesson(course, "05_other")
    change(course, "# %% setup", "# %% setup locked")
    before = contents(course.source / NAME, course.release / NAME)
    with pytest.raises(LessonError, match=rf"lessons/{NAME}/lesson\.py:7: unknown header word"):
        build(course)
    assert contents(course.source / NAME, course.release / NAME) == before
    assert (course.release / "05_other" / "05_other.ipynb").is_file()


def test_a_solution_that_fails_its_tests_is_not_built(course: CourseFolder) -> None:
    change(course, "    return x.pow(2).mean().sqrt()", "    return x.mean()")
    with pytest.raises(LessonError, match="fails its own check"):
        build(course)
    assert build_is_clean(course)


def test_an_answer_shown_elsewhere_is_not_built(course: CourseFolder) -> None:
    change(course, "# %%\nsignal", "# %%\nrow_sizes = table.pow(2).mean(dim=1).sqrt()\nsignal")
    with pytest.raises(LessonError, match="shows the answer of `row_sizes`"):
        build(course)


def test_a_strange_file_beside_the_notebook_is_named_and_kept(course: CourseFolder) -> None:
    extra = course.source / NAME / "notes.md"
    extra.write_text("mine", "utf-8")
    (course.source / NAME / ".ipynb_checkpoints").mkdir()
    (course.source / NAME / ".ipynb_checkpoints" / "x.ipynb").write_text("", "utf-8")
    with pytest.raises(LessonError, match=rf"source/{NAME}/notes.md comes from no lesson") as error:
        build(course)
    assert len(error.value.problems) == 1
    assert extra.read_text("utf-8") == "mine"


def test_a_config_that_would_show_the_blanks_is_refused(course: CourseFolder) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text("utf-8").replace(
            "course.authoring.preprocess.ClearBlanks", "nbgrader.preprocessors.ClearSolutions"
        ),
        "utf-8",
    )
    with pytest.raises(CourseError, match=r"must hold course\.authoring\.preprocess\.ClearBlanks"):
        build(CourseFolder(course.root))


def test_unknown_lessons_are_named_with_those_there_are(course: CourseFolder) -> None:
    with pytest.raises(CourseError, match=rf"no lesson `07_x` in .*: there is {NAME}"):
        build(course, ["07_x"])


def test_a_lesson_may_be_named_by_its_path(course: CourseFolder) -> None:
    assert [outcome.name for outcome in build(course, [f"lessons/{NAME}/"])] == [NAME]


def test_a_course_without_lessons_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="course new"):
        build(CourseFolder(tmp_path))


@pytest.mark.parametrize("name", ["5_sgd", "05-sgd", "05_SGD", "sgd", "05_", "../05_sgd", "05_sgd/x"])
def test_a_new_lesson_needs_a_good_name(course: CourseFolder, name: str) -> None:
    with pytest.raises(CourseError, match="bad lesson name"):
        new_lesson(course, name)


def test_a_new_lesson_never_overwrites_another(course: CourseFolder) -> None:
    with pytest.raises(CourseError, match="already exists"):
        new_lesson(course, NAME)


def test_a_new_lesson_builds_and_passes_as_it_is(course: CourseFolder) -> None:
    path = new_lesson(course, "05_first_steps")
    assert read(path).title == "First steps"
    (outcome,) = build(course, ["05_first_steps"])
    assert (outcome.exercises, outcome.points, len(outcome.files)) == (2, 5, 2)


def build_is_clean(course: CourseFolder) -> bool:
    """Whether nothing is left in the scratch folder."""
    return [path.name for path in (course.root / ".cache").iterdir()] == ["verified"]
