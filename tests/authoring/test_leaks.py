"""The scan finds each kind of private text that is planted in release/, and nothing in an honest one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.authoring import leaks
from course.authoring.lesson import read
from course.folder import CourseFolder

Make = Callable[..., Path]
NAME = "04_sample"


def release(course: CourseFolder) -> Path:
    return course.release / NAME / f"{NAME}.ipynb"


def plant(course: CourseFolder, cell: str, text: str) -> list[str]:
    """What the scan says with a line added to one cell."""
    notebook = json.loads(release(course).read_text("utf-8"))
    (found,) = [each for each in notebook["cells"] if each["id"].startswith(cell)]
    found["source"] = ["".join(found["source"]) + "\n" + text]
    release(course).write_text(json.dumps(notebook), "utf-8")
    return [str(leak) for leak in leaks.scan(course)]


def test_an_honest_release_has_no_leak(course: CourseFolder) -> None:
    assert leaks.scan(course) == []


PLANTED = {
    "a solution line": ("return x.pow(2).mean().sqrt()", "holds the solution line `return x.pow(2).mean().sqrt()`"),
    "a solution line in a sentence": ("# answer: return  x.pow(2).mean().sqrt() !", "holds the solution line"),
    "a line without its blanks": ("row_sizes = table.pow(2).mean(dim=1).sqrt()", "holds the solution line"),
    "a hidden test": ("    x = checks.rng().tensor(9)", "holds the hidden test line `x = checks.rng().tensor(9)`"),
    "a wrong answer": ("    return x.pow(2).mean()", "holds the wrong answer line `return x.pow(2).mean()`"),
    "a right answer": ("return ((x @ x) / len(x)) ** 0.5", "holds the right answer line"),
    "a mark scheme": ("it fits to Euclidean length. One point for \"it is easier to compute\" with an example.",
                      "holds the mark scheme line"),
    "a blank marker": ("y = 1  #? y", "holds a `#?` marker"),
    "a formatted blank marker": ("y = 1  # ? y", "holds a `#?` marker"),
    "a starter marker": ("#! y = 1", "holds a `#!` marker"),
    "a solution marker": ("### BEGIN SOLUTION", "holds the marker BEGIN SOLUTION"),
    "a hidden test marker": ("### END HIDDEN TESTS", "holds the marker END HIDDEN TESTS"),
    "a mark scheme marker": ("### BEGIN MARK SCHEME", "holds the marker BEGIN MARK SCHEME"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), PLANTED.values(), ids=PLANTED)
def test_the_scan_finds(course: CourseFolder, text: str, said: str) -> None:
    (leak,) = plant(course, "setup_1", text)
    assert leak.startswith(f"release/{NAME}/{NAME}.ipynb: cell setup_1: {said}")


def test_a_leak_names_where_it_was_written(course: CourseFolder) -> None:
    (leak,) = plant(course, "demo", "return x.pow(2).mean().sqrt()")
    rows = (course.lessons / NAME / "lesson.py").read_text("utf-8").splitlines()
    assert leak.endswith(f"of lessons/{NAME}/lesson.py:{rows.index('    return x.pow(2).mean().sqrt()') + 1}")


def test_the_scan_reads_metadata_and_outputs(course: CourseFolder) -> None:
    notebook = json.loads(release(course).read_text("utf-8"))
    notebook["metadata"]["note"] = "return x.pow(2).mean().sqrt()"
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["    x = checks.rng().tensor(9)\n"]}]
    release(course).write_text(json.dumps(notebook), "utf-8")
    found = "\n".join(map(str, leaks.scan(course)))
    assert "metadata: holds the solution line" in found
    assert "cell setup_1: has outputs" in found
    assert "cell setup_1, outside its text: holds the hidden test line" in found


def test_the_scan_finds_files_that_no_lesson_has(course: CourseFolder) -> None:
    for inside in (f"{NAME}/solution.py", f"{NAME}/data/more.csv", "notes.txt", "05_other/05_other.ipynb"):
        (course.release / inside).parent.mkdir(exist_ok=True)
        (course.release / inside).write_text("{}", "utf-8")
    found = [leak for leak in leaks.scan(course) if "comes from no lesson" in leak.text]
    assert [leak.path.as_posix() for leak in found] == [
        f"release/{NAME}/data/more.csv",
        f"release/{NAME}/solution.py",
        "release/05_other/05_other.ipynb",
        "release/notes.txt",
    ]


def test_the_scan_reads_data_files(course: CourseFolder) -> None:
    (course.release / NAME / "data" / "waves.csv").write_text("x: return x.pow(2).mean().sqrt()\n", "utf-8")
    (leak,) = leaks.scan(course)
    assert leak.path.name == "waves.csv"
    assert "solution line" in leak.text


def test_the_scan_finds_answers_of_another_lesson(course: CourseFolder) -> None:
    other = course.lessons / "05_other"
    other.mkdir()
    text = (
        (course.lessons / NAME / "lesson.py")
        .read_text("utf-8")
        .replace("x.pow(2).mean().sqrt()", "(x * x).mean() ** 0.5")
    )
    (other / "lesson.py").write_text(text, "utf-8")
    (other / "cards.yaml").write_text((course.lessons / NAME / "cards.yaml").read_text("utf-8"), "utf-8")
    (leak,) = plant(course, "demo", "return (x * x).mean() ** 0.5")
    assert "of lessons/05_other/lesson.py" in leak


@pytest.mark.parametrize(
    "text",
    ["return x", "import torch", 'with checks.check("3 and 4 give the root of 12.5", points=1):', "    ", "else:"],
)
def test_lines_that_students_may_see_are_no_leak(course: CourseFolder, text: str) -> None:
    assert plant(course, "demo", text) == []


def test_hidden_text_that_is_public_too_is_no_leak(make: Make, tmp_path: Path) -> None:
    line = "    checks.close(root_mean_square(torch.tensor([3.0, 4.0])), 12.5**0.5)\n"
    lesson = read(make(("    x = checks.rng().tensor(9)\n", "    x = checks.rng().tensor(9)\n" + line)))
    sides = leaks.sides(lesson)
    (secret,) = [secret for secret in sides.secrets if secret.text == line.strip()]
    assert secret.text in sides.public


def test_an_assignment_without_lesson_is_held_to_its_own_markers(course: CourseFolder) -> None:
    source, made = course.source / "ps1" / "ps1.ipynb", course.release / "ps1" / "ps1.ipynb"
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    text = ["def f():\n", "    ### BEGIN SOLUTION\n", "    return 6 * 7\n", "    ### END SOLUTION\n"]
    for path, lines in ((source, text), (made, [text[0], "    # YOUR CODE HERE\n"])):
        path.parent.mkdir()
        path.write_text(json.dumps({"cells": [{**cell, "source": lines}], "metadata": {}}), "utf-8")
    assert leaks.scan(course) == []
    made.write_text(made.read_text("utf-8").replace("# YOUR CODE HERE", "return 6 * 7"), "utf-8")
    (leak,) = leaks.scan(course)
    assert "holds the solution line `return 6 * 7` of ps1/ps1.ipynb" in leak.text


SHOWN = {
    "in a demonstration": "# %%\ndef rms(x):\n    return x.pow(2).mean().sqrt()\n",
    "in a setup cell, spaced in another way": "# %% setup\ndef rms(x):\n    return  x.pow(2).mean().sqrt()\n",
    "in prose": "# %% [markdown]\n# It is `return x.pow(2).mean().sqrt()`.\n",
    "a blanked line in full": "# %%\nrow_sizes = table.pow(2).mean(dim=1).sqrt()\n",
}


@pytest.mark.parametrize("cell", SHOWN.values(), ids=SHOWN)
def test_an_answer_that_the_lesson_shows_elsewhere_is_named(make: Make, cell: str) -> None:
    (problem,) = leaks.given_away(read(make(("# %% [markdown] question", cell + "\n# %% [markdown] question"))))
    assert "shows the answer of `ro" in problem.text


def test_a_piece_of_an_answer_may_stand_elsewhere(make: Make) -> None:
    answer = "    y = x.pow(2)\n    ### END SOLUTION\n    ### BEGIN SOLUTION\n    return y.mean(dim=-1).sqrt()"
    shown = "# %%\ndef spread(y):\n    return y.mean(dim=-1).sqrt()\n\nsignal"
    lesson = read(make(("    return x.pow(2).mean().sqrt()", answer), ("# %%\nsignal", shown)))
    assert leaks.given_away(lesson) == []


def test_a_short_answer_may_stand_elsewhere(make: Make) -> None:
    lesson = read(make(("x.pow(2).mean().sqrt()", "x.norm()"), ("# %%\n", "# %%\ndef f(x):\n    return x.norm()\n\n")))
    assert leaks.given_away(lesson) == []


@given(st.lists(st.text("ab =", min_size=8, max_size=12), max_size=30), st.text("ab =", max_size=60))
def test_a_line_holds_the_secrets_that_stand_in_it(secrets: list[str], line: str) -> None:
    made = leaks.Secrets(leaks.Secret("solution", text, "") for text in [*secrets, line[5:14].ljust(8, "c")])
    assert {found.text for found in made.within(line)} == {secret.text for secret in made if secret.text in line}
