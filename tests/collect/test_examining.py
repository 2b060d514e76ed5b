"""A hand-in looked at from outside, also of a lesson with several notebooks."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest

from course.collect.examining import examined
from course.collect.keeping import About, Attempt
from course.grading.plan.exam import Exam, exams_of
from tests.collect import samples
from tests.collect.samples import work
from tests.grading.notebooks import ANSWERS, code, filled, make_course, norms, notebook, raw, released


@pytest.fixture
def exams(tmp_path: Path) -> list[Exam]:
    return exams_of(make_course(tmp_path.resolve() / "course", norms=norms()), "ps1")


def looked_at(tmp_path: Path, exams: list[Exam], files: Mapping[str, bytes], *, as_it_lies: bool = False) -> About:
    for name, data in files.items():
        path = tmp_path / "attempt/files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return examined(Attempt("ann", tmp_path / "attempt", About(1, "", "x")), exams, as_it_lies=as_it_lies)


def test_the_lessons_own_file_needs_no_word(tmp_path: Path, exams: list[Exam]) -> None:
    found = looked_at(tmp_path, exams, {"norms.ipynb": work()})
    assert (found.notebooks, found.problem, found.notes, found.receipt) == ({"norms": "norms.ipynb"}, "", (), "none")


def test_another_name_is_told(tmp_path: Path, exams: list[Exam]) -> None:
    found = looked_at(tmp_path, exams, {"a/Copy of norms.ipynb": work()})
    assert found.notebooks == {"norms": "a/Copy of norms.ipynb"}
    assert found.notes == ("graded: 'a/Copy of norms.ipynb'",)


def test_where_files_lie_already_for_grading_none_is_renamed(tmp_path: Path, exams: list[Exam]) -> None:
    files = {"norms (1).ipynb": work()}
    moved, kept = looked_at(tmp_path, exams, files), looked_at(tmp_path, exams, files, as_it_lies=True)
    assert (moved.notebooks, kept.notebooks) == ({"norms": "norms (1).ipynb"}, {})
    assert moved.laid_out != kept.laid_out


def test_a_script_or_a_locked_archive_is_not_called_a_notebook(tmp_path: Path, exams: list[Exam]) -> None:
    script = "# %%\ndef norm(x, p):\n    return 1\n\n# %%\nmean = 3\nspread = 5\n"
    found = looked_at(tmp_path, exams, {"norms.py": script.encode()})
    assert (found.notebooks, found.problem) == ({}, "")


def test_a_notebook_without_its_marks_is_known_by_its_cells(tmp_path: Path, exams: list[Exam]) -> None:
    stripped = filled(released(norms()), ANSWERS)
    for cell in stripped.cells:
        cell.metadata.clear()
        cell.id = f"x{cell.id}"
    assert looked_at(tmp_path, exams, {"norms.ipynb": nbformat.writes(stripped).encode()}).problem == ""
    other = raw(notebook(code("import os"), code("print(1)")))
    assert looked_at(tmp_path, exams, {"norms.ipynb": other}).problem.startswith("none of the cells of norms is in")


def test_of_several_notebooks_each_is_found_and_each_missing_one_named(tmp_path: Path) -> None:
    exams = exams_of(make_course(tmp_path.resolve() / "course", norms=norms(), second=norms()), "ps1")
    found = looked_at(tmp_path, exams, {"hw/norms.ipynb": work(), "hw/second (2).ipynb": work(4)})
    assert found.notebooks == {"norms": "hw/norms.ipynb", "second": "hw/second (2).ipynb"}
    (tmp_path / "attempt/files/hw/norms.ipynb").unlink()
    found = looked_at(tmp_path, exams, {"hw/notes.txt": b""})
    assert found.notebooks == {"second": "hw/second (2).ipynb"}
    assert found.problem.startswith("no notebook norms.ipynb was handed in")


def test_a_receipt_that_is_too_large_is_none(tmp_path: Path, exams: list[Exam]) -> None:
    found = looked_at(tmp_path, exams, {"norms.ipynb": samples.untouched(), "norms.receipt.json": b" " * 20_000})
    assert found.receipt == "none"
