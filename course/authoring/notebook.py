"""Notebooks from lessons: nbgrader's source notebook, and answers filled into one."""

import hashlib
from collections.abc import Mapping
from copy import deepcopy

import nbformat
from nbformat import NotebookNode

from course import promises as vocabulary
from course.authoring import clozes, ownnames, promises
from course.authoring.headings import MARK
from course.authoring.lesson import Exercise, Lesson, Question
from course.authoring.percent import PRIVATE, Cell
from course.errors import CourseError

BRANCH = "main"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}

_INSTALL = """\
# Only where the course is not installed yet, such as in Colab.
import glob
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("course") is None:

    class Missing(Exception):
        def _render_traceback_(self):  # what a notebook shows in place of a traceback
            return [str(self)]

    wheels = sorted(glob.glob("clozegrad-*.whl"))  # beside the notebook, if one was handed out with it
    wanted = wheels[-1] if wheels else "{wanted}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", wanted]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        how = f"go online and run this cell again, or in a terminal: pip install {{wanted}}"
        raise Missing(f"The package `course` is missing, and pip could not get it ({{why}}): {{how}}")"""
_FETCH = """
    from pathlib import Path
    from urllib.request import urlretrieve

    for file in {files}:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        try:
            urlretrieve("{raw}" + file, file)
        except OSError as error:
            how = f"go online and run this cell again, or put it beside this notebook from {raw}{{file}}"
            raise Missing(f"{{file}} is missing and could not be fetched ({{error}}): {{how}}") from None"""

Row = tuple[str, int]  # a line of a built cell, and the line of lesson.py that it comes from


def source_notebook(lesson: Lesson, repository: str | None = None, way: str = "") -> NotebookNode:
    """The instructor's notebook; with a repository slug (owner/name) it opens and sets itself up in Colab.

    `way` is a line that stands below the title.
    """
    builder = _Builder(lesson, way)
    cells = [cell for cell in lesson.cells if cell.kind not in PRIVATE]
    first = next((cell for cell in cells if cell.is_code), None)
    if repository:
        builder.text(_badge(lesson, repository))
    for cell in cells:
        if repository and cell is first:
            builder.code("colab", _colab(lesson, repository))
        builder.add(cell)
    metadata = {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE)}
    return nbformat.from_dict({"cells": builder.cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def fill(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy with answers in its solution cells, by exercise or question name; CourseError for unknown names."""
    filled = deepcopy(notebook)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in filled.cells if is_solution(cell)}
    for name, answer in answers.items():
        if name not in cells:
            raise CourseError(f"the notebook has no solution cell `{name}`; it has {', '.join(cells) or 'none'}")
        cells[name].source = answer
    return filled


def is_solution(cell: NotebookNode) -> bool:
    """Whether a student writes into this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def write(notebook: NotebookNode) -> str:
    """The notebook as the text of a file, the same at every build; ValueError when it is not a valid notebook."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def code_rows(cell: Cell) -> list[Row]:
    """The lines of a code cell as they stand in the source notebook, each with its line in lesson.py."""
    rows = [(text, cell.first + row) for row, text in enumerate(cell.lines)]
    if cell.kind != "tests":
        return rows
    begin = (f'checks.begin("{cell.name}", points={cell.points:g})', cell.line)
    score = ("checks.score()", cell.first + len(cell.lines) - 1)
    if cell.pieces:  # of a blank the student reads the message
        return [begin, *rows, score]
    built: list[Row] = []
    at, promised = promises.row(cell), promises.call(cell)
    for row, (text, line) in enumerate([*rows, ("", score[1])]):
        built += [(promised, cell.line)] if row == at and promised else []
        built += [(text, line)] if row < len(rows) else []
        built += [("checks.hidden()", line)] if "BEGIN HIDDEN TESTS" in text else []
    return [begin, *ownnames.wrapped(cell.name, built), score]


class _Builder:
    """Collects the cells of one notebook, with ids that depend on names and content only."""

    def __init__(self, lesson: Lesson, way: str = "") -> None:
        self.cells: list[NotebookNode] = []
        self._way = way
        self._exercises = {exercise.solution.line: exercise for exercise in lesson.exercises}
        self._questions = {question.line: question for question in lesson.questions}
        self._waiting = list(lesson.exercises)
        self._ids: set[str] = set()
        self._setups = 0

    def add(self, cell: Cell) -> None:
        """Append what one cell of the lesson becomes."""
        source = "\n".join(text for text, _ in code_rows(cell)) if cell.is_code else ""
        if cell.kind == "markdown":
            prose = self._prose(cell)
            if self._way and prose and prose[0].startswith("# "):
                prose[1:1] = ["", self._way, ""]
                self._way = ""
            self.text("\n".join(prose))
        elif cell.kind == "question":
            self._question(self._questions[cell.line])
        elif cell.kind == "setup":
            self._setups += 1
            name = f"setup_{self._setups}"
            self.code(name, source, _nbgrader(name, locked=True))
        elif cell.kind == "solution":
            released = {"released": clozes.released(cell)} if cell.pieces else None
            self.code(cell.name, source, _nbgrader(cell.name, solution=True), released)
        elif cell.kind == "tests":
            name = f"{cell.name}_tests"
            self.code(name, source, _nbgrader(name, grade=True, locked=True, points=cell.points))
            if cell.pieces:  # it only repeats the cloze: JupyterLab folds it
                self.cells[-1].metadata["jupyter"] = {"source_hidden": True}
        else:
            self.code("", source)

    def text(self, source: str) -> None:
        """Append a prose cell."""
        self._append({"cell_type": "markdown", "id": self._hashed("text", source), "metadata": {}, "source": source})

    def code(
        self, name: str, source: str, nbgrader: dict[str, object] | None = None, own: dict[str, str] | None = None
    ) -> None:
        """Append a code cell; with nbgrader metadata it is one of nbgrader's, `own` is for the way to release/."""
        metadata = {**({"nbgrader": nbgrader} if nbgrader else {}), **({"clozegrad": own} if own else {})}
        node = {"cell_type": "code", "execution_count": None, "id": name or self._hashed("demo", source)}
        self._append({**node, "metadata": metadata, "outputs": [], "source": source})

    def _append(self, node: dict[str, object]) -> None:
        self.cells.append(nbformat.from_dict(node))

    def _hashed(self, kind: str, source: str) -> str:
        """An id that the content alone decides; a second cell with the same content gets a number."""
        plain = f"{kind}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
        name, count = plain, 1
        while name in self._ids:
            count += 1
            name = f"{plain}-{count}"
        self._ids.add(name)
        return name

    def _prose(self, cell: Cell) -> list[str]:
        """Markdown with its exercise headings completed by points, and its hints folded."""
        rows = list(cell.lines)
        for row, line in enumerate(rows):
            if line.startswith(MARK) and self._waiting:
                exercise = self._waiting.pop(0)
                rows[row + 1] = _details(exercise)
                said = vocabulary.paragraph(promises.of(exercise.solution), exercise.points)
                return _folded(_with_promises(rows, said))
        return _folded(rows)

    def _question(self, question: Question) -> None:
        points = f"*{_points(question.points)}, marked by hand*"
        self.text("\n".join([*_folded(list(question.text)), "", points]))
        answer = "\n".join(["### BEGIN SOLUTION", *question.scheme, "### END SOLUTION"])
        metadata = {"nbgrader": _nbgrader(question.name, grade=True, solution=True, points=question.points)}
        self._append({"cell_type": "markdown", "id": question.name, "metadata": metadata, "source": answer})


def _nbgrader(
    name: str, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, object]:
    """A cell's nbgrader metadata, schema 3."""
    flags = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    return {"grade_id": name, "schema_version": 3, **flags, **({} if points is None else {"points": points})}


def _details(exercise: Exercise) -> str:
    """The line below an exercise's heading, as students read it."""
    parts = [
        f"difficulty {'●' * exercise.difficulty}{'○' * (5 - exercise.difficulty)}",
        f"about {exercise.minutes} minute{'s' if exercise.minutes != 1 else ''}",
        _points(exercise.points),
    ]
    if exercise.cards:
        parts.append(f"cards: {', '.join(exercise.cards)}")
    return " · ".join(parts)


def _with_promises(rows: list[str], said: str) -> list[str]:
    """The prose of an exercise with its promises below the text, above the hints."""
    if not said:
        return rows
    at = next((row for row, line in enumerate(rows) if line.startswith("hint: ")), len(rows))
    above = rows[:at]
    while above and not above[-1]:
        above.pop()
    return [*above, "", said, "", *rows[at:]]


def _points(points: float) -> str:
    return f"{points:g} point{'s' if points != 1 else ''}"


def _folded(lines: list[str]) -> list[str]:
    """Lines with each `hint: ...` paragraph folded away."""
    folded: list[str] = []
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        if not line.startswith("hint: "):
            folded.append(line)
            continue
        hint = [line.removeprefix("hint: ")]
        while rest and rest[0].strip() and not rest[0].startswith("hint: "):
            hint.append(rest.pop(0))
        if folded and folded[-1]:
            folded.append("")
        folded += ["<details><summary>Hint</summary>", "", *hint, "", "</details>", ""]
    while folded and not folded[-1]:
        folded.pop()
    return folded


def _badge(lesson: Lesson, repository: str) -> str:
    address = f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/release/{lesson.name}"
    image = "https://colab.research.google.com/assets/colab-badge.svg"
    return f"[![Open in Colab]({image})]({address}/{lesson.name}.ipynb)"


def _colab(lesson: Lesson, repository: str) -> str:
    """Install what the notebook imports and fetch the lesson's data files where they are missing; say what fails."""
    lines = _INSTALL.format(wanted=f"git+https://github.com/{repository}@{BRANCH}")
    files = [path.relative_to(lesson.folder).as_posix() for path in lesson.data]
    if not files:
        return lines
    raw = f"https://raw.githubusercontent.com/{repository}/{BRANCH}/release/{lesson.name}/"
    return lines + _FETCH.format(files=repr(files), raw=raw)
