"""The edition for self-study: the released notebook with each exercise's worked solution, sealed, below its test."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.authoring import leaks, regions
from course.authoring.lesson import Exercise, Lesson
from course.authoring.notebook import write
from course.worked import SEALED, Worked, opened, seal

ENDING = "_solution"  # of a sealed cell's id
BADGE = "[![Open in Colab]"  # its link leads to the edition for classes
_NEVER = (leaks.KINDS["HIDDEN TESTS"], leaks.KINDS["MARK SCHEME"])  # under a seal either


def worked(lesson: Lesson) -> dict[str, Worked]:
    """The worked solution of each exercise, by its name."""
    return {each.name: _worked(each, "") for each in lesson.exercises}


def generate(lesson: Lesson, released: Path, target: Path) -> Path:
    """Write the edition's folder from the released one, data files included."""
    shutil.copytree(released, target)
    path = target / f"{lesson.name}.ipynb"
    notebook = nbformat.reads(path.read_text("utf-8"), as_version=4)
    answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}
    exercises = {f"{each.name}_tests": each for each in lesson.exercises}
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if cell.source.startswith(BADGE):
            continue
        cells.append(cell)
        if exercise := exercises.get(cell.metadata.get("nbgrader", {}).get("grade_id")):
            cells.append(_sealed(_worked(exercise, answers[exercise.name])))
    path.write_text(write(nbformat.from_dict({**notebook, "cells": cells})), "utf-8")
    return target


def scan(lesson: Lesson, made: Path, source: Path) -> list[leaks.Leak]:
    """What the edition shows before a seal is opened, or ever, that it must not.

    Without what is sealed it obeys the rule for release/; under a seal may be no line of a hidden test or mark scheme.
    """
    found = []
    shown = Path(made.parent.name, made.name, f"{lesson.name}.ipynb")
    with tempfile.TemporaryDirectory() as scratch:
        bare = Path(scratch, "selfstudy")
        shutil.copytree(made, bare / lesson.name)
        path = bare / lesson.name / f"{lesson.name}.ipynb"
        content = json.loads(path.read_text("utf-8"))
        for cell in content["cells"]:
            text = "".join(cell["source"])
            if cell.get("id", "").endswith(ENDING):
                for seal_ in SEALED.findall(text):
                    found += [leaks.Leak(shown, f"cell {cell['id']}, sealed", why) for why in _under(seal_, lesson)]
                    text = text.replace(seal_, "")
                cell["source"] = [text]
        path.write_text(json.dumps(content), "utf-8")
        found += leaks.scan_release(bare, {lesson.name: lesson}, source)
    return sorted(set(found))


def _worked(exercise: Exercise, released: str) -> Worked:
    return Worked(exercise.name, exercise.title, exercise.answer, exercise.reasoning, released)


def _sealed(worked: Worked) -> NotebookNode:
    source = (
        "# A worked solution: run this cell when the exercise has all points.\n"
        f'# After two different tries, checks.solution("{worked.exercise}") opens it too.\n'
        f'checks.sealed("{worked.exercise}", "{seal(worked)}")'
    )
    cell = nbformat.v4.new_code_cell(source, id=f"{worked.exercise}{ENDING}")
    cell.metadata = nbformat.from_dict({"editable": False})
    return cell


def _under(seal_: str, lesson: Lesson) -> Iterator[str]:
    """What is under a seal that must not be there."""
    known = leaks.sides(lesson)
    secrets = leaks.Secrets(secret for secret in known.secrets if secret.kind in _NEVER)
    own = frozenset(secret.text for secret in known.secrets if secret.kind not in _NEVER)
    try:
        lines = opened(seal_).markdown.splitlines()
    except ValueError as error:
        yield str(error)
        return
    yield from (f"holds the marker {marker}" for line in lines for marker in regions.mentions(line))
    yield from (text for _, text in leaks.held("", lines, known.public | own, secrets))
