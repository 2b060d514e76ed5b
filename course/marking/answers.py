"""What a class answered to one question: without names, like answers in a row."""

import json
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict

from course.folder import CourseFolder
from course.grading.cells import is_as_released
from course.marking import alike
from course.marking.marks import marks
from course.marking.rubric import Question


@dataclass(frozen=True)
class Answer:
    """One student's answer under the id of its grade, which says nothing of the student."""

    id: str
    text: str
    words: str  # without what makes no difference between two answers in the same words
    attachments: dict[str, Any]
    group: int


@dataclass(frozen=True)
class Answers:
    """The answers to a question in the order of marking, and how many students left it blank."""

    answers: tuple[Answer, ...]
    blank: int

    def same_as(self, id: str) -> list[str]:
        """The ids of all answers in the same words, this one's among them."""
        words = next((answer.words for answer in self.answers if answer.id == id), None)
        return [answer.id for answer in self.answers if answer.words == words]


class Work:
    """What students handed in to a lesson, as graded; each notebook is read once, for all its questions."""

    def __init__(self, folder: CourseFolder, lesson: str) -> None:
        self.folder, self.lesson = folder, lesson
        self._read: dict[tuple[str, str], dict[str, NotebookNode]] = {}

    def cell(self, student: str, question: Question) -> NotebookNode | None:
        """A student's answer to a question; None where it cannot be read."""
        key = (student, question.notebook)
        if key not in self._read:
            self._read[key] = self._cells(*key)
        return self._read[key].get(question.name)

    def _cells(self, student: str, notebook: str) -> dict[str, NotebookNode]:
        """The graded notebook's cells of nbgrader's, without their outputs, by name."""
        path = self.folder.autograded / student / self.lesson / f"{notebook}.ipynb"
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"]
            named = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells if "nbgrader" in cell["metadata"]}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return {
            name: from_dict(cell | {"source": "".join(cell["source"]), "outputs": []}) for name, cell in named.items()
        }


def answers(work: Work, question: Question) -> Answers:
    """What was handed in and graded; whoever left the question as released has no answer."""
    cells: dict[str, NotebookNode] = {}
    blank = 0
    for grade in marks(work.folder, work.lesson, question).values():
        cell = work.cell(grade.student, question)
        if cell is not None and (is_as_released(cell) or not cell.source.strip()):
            blank += 1
        elif cell is not None:
            cells[grade.id] = cell
    grouped = alike.groups({id: cell.source for id, cell in cells.items()})
    return Answers(
        tuple(
            Answer(id, cells[id].source, alike.same(cells[id].source), dict(cells[id].get("attachments", {})), number)
            for number, group in enumerate(grouped)
            for id in group
        ),
        blank,
    )
