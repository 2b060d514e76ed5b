"""The marking page's server: anonymous, and guarded as `course.guarded` says.

Answers are cleaned HTML, and the page may run no script but its own.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tornado.web
from nbformat.v4 import new_markdown_cell, new_notebook

from course.errors import CourseError
from course.folder import CourseFolder
from course.guarded import Files, Guarded, Nothing
from course.marking.answers import Answers, Work, answers
from course.marking.marks import Mark, counts, marks, put
from course.marking.rubric import Question, questions
from course.report.bounding import bound, fence_around
from course.report.markdown import for_feedback
from course.report.screen import unturned

PAGE = Path(__file__).parent / "page"


class Desk:
    """A lesson's questions, and their answers, read when a question is first looked at."""

    def __init__(self, folder: CourseFolder, lesson: str) -> None:
        self.folder, self.lesson = folder, lesson
        self.questions = {question.name: question for question in questions(folder, lesson)}
        self.look_again()

    def question(self, name: str) -> Question:
        """The question of this name; 404 when there is none."""
        if name not in self.questions:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND, reason=f"{self.lesson} has no such question")
        return self.questions[name]

    def answers(self, question: Question) -> Answers:
        """What the class answered, as it was when the page first asked."""
        if question.name not in self._answers:
            self._answers[question.name] = answers(self._work, question)
        return self._answers[question.name]

    def look_again(self) -> None:
        """Forget the answers: the page was loaded anew, and work may have been graded since."""
        self._work = Work(self.folder, self.lesson)
        self._answers: dict[str, Answers] = {}

    def put(self, question: Question, id: str, mark: Mark | None, also_same: bool) -> list[str]:
        """Write a mark, with `also_same` for all answers in the same words that have none yet; the ids written."""
        ids = [id]
        if also_same:
            kept = marks(self.folder, self.lesson, question)
            ids += [
                other for other in self.answers(question).same_as(id) if kept[other].state == "open" and other != id
            ]
        put(self.folder, self.lesson, question, ids, mark)
        return ids


def application(folder: CourseFolder, lesson: str, token: str) -> tornado.web.Application:
    """The page of one lesson; CourseError when it has no question to mark."""
    shared = {"desk": Desk(folder, lesson), "token": token}
    routes: list[tuple[str, Any, dict[str, Any]]] = [
        (r"/", _Page, shared),
        (r"/(page\.css|page\.js)", Files, {"path": str(PAGE)}),
        (r"/questions", _Questions, shared),
        (r"/questions/([A-Za-z0-9_.-]+)", _Answers, shared),
        (r"/questions/([A-Za-z0-9_.-]+)/([0-9a-f]+)", _Mark, shared),
    ]
    return tornado.web.Application(
        routes,
        default_handler_class=Nothing,
        default_handler_args={"token": token},
        compress_response=True,
        log_function=lambda handler: None,
    )


class _Guarded(Guarded):
    """Answers from what lies on the desk."""

    def initialize(self, token: str, **shared: Any) -> None:
        super().initialize(token)
        self.desk: Desk = shared["desk"]

    def reply(self, make: Callable[[], dict[str, Any]]) -> None:
        """Send what is made; what the course says of a mistake as a message."""
        try:
            self.finish(make())
        except CourseError as error:
            self.set_status(HTTPStatus.CONFLICT)
            self.finish({"error": str(error)})


class _Page(_Guarded):
    def get(self) -> None:
        if self.keeps_token():
            return
        self.desk.look_again()
        self.finish((PAGE / "page.html").read_text("utf-8"))


class _Questions(_Guarded):
    def get(self) -> None:
        self.reply(
            lambda: {"lesson": self.desk.lesson, "questions": [self._one(q) for q in self.desk.questions.values()]}
        )

    def _one(self, question: Question) -> dict[str, Any]:
        found = marks(self.desk.folder, self.desk.lesson, question)
        shown = self.desk.answers(question)
        states = counts([found[answer.id] for answer in shown.answers if answer.id in found])
        return {"name": question.name, "title": question.title, "counts": states, "blank": shown.blank}


class _Answers(_Guarded):
    def get(self, name: str) -> None:
        self.reply(lambda: self._all(self.desk.question(name)))

    def _all(self, question: Question) -> dict[str, Any]:
        found = marks(self.desk.folder, self.desk.lesson, question)
        shown = self.desk.answers(question)
        return {
            "name": question.name,
            "title": question.title,
            "points": question.points,
            "html": _html(question.text),
            "notes": _html(question.notes),
            "items": [{"html": _html(item.text), "points": item.points} for item in question.items],
            "blank": shown.blank,
            "answers": [
                {
                    "id": answer.id,
                    "group": answer.group,
                    "same": len(shown.same_as(answer.id)) - 1,
                    "html": _html(_fenced(answer.text) if question.is_code else answer.text, answer.attachments),
                    **_shown(question, found[answer.id].mark, found[answer.id].state),
                }
                for answer in shown.answers
                if answer.id in found
            ],
        }


class _Mark(_Guarded):
    def put(self, name: str, id: str) -> None:
        question = self.desk.question(name)
        mark, also_same = _asked(self.request)
        self.reply(lambda: self._put(question, id, mark, also_same))

    def _put(self, question: Question, id: str, mark: Mark | None, also_same: bool) -> dict[str, Any]:
        written = self.desk.put(question, id, mark, also_same)
        found = marks(self.desk.folder, self.desk.lesson, question)
        return {"marks": {one: _shown(question, found[one].mark, found[one].state) for one in written}}


def _asked(request: Any) -> tuple[Mark | None, bool]:
    """The mark in a request, None to take it back, and whether it is for all answers in the same words; 400 else."""
    try:
        if request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise ValueError("not JSON")
        data = json.loads(request.body)
        if data["mark"] is None:
            return None, False
        ticked, own, comment = (data["mark"][key] for key in ("ticked", "own", "comment"))
        if own is not None and not math.isfinite(own := float(own)):
            raise ValueError("no number")
        return Mark(tuple(sorted({int(number) for number in ticked})), own, str(comment)), bool(data.get("also_same"))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise tornado.web.HTTPError(HTTPStatus.BAD_REQUEST, reason="this is no mark") from None


def _shown(question: Question, mark: Mark, state: str) -> dict[str, Any]:
    return {**asdict(mark), "score": mark.score(question), "state": state}


def _html(text: str, attachments: dict[str, Any] | None = None) -> str:
    """Markdown as clean HTML, formulas as MathML, pictures from attachments alone; bounded as on any page."""
    cell = new_markdown_cell(text, attachments=attachments or {})
    bound(new_notebook(cells=[cell]))
    return str(for_feedback({"cell": cell, "resources": None}, cell.source))


def _fenced(text: str) -> str:
    """Code as Markdown, between longer rows of backticks than it holds itself."""
    fence = fence_around(text, least=5)
    return f"{fence}python\n{unturned(text)}\n{fence}"
