"""The instructor's home: every lesson with what was handed in and graded, and the way to its pages.

Guarded as `course.guarded` says. Reports and pairs are pages that hold no script and load nothing; they are
written again only when a person asks, since a report tells what has changed since the last one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import tornado.web
from jinja2 import Environment, StrictUndefined, Template
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import PathMatches, Router, Rule, RuleRouter

from course.errors import CourseError
from course.folder import CourseFolder
from course.guarded import Files, Guarded, Nothing
from course.marking.rubric import questions
from course.marking.server import application
from course.serving.lab import Lab

PAGE = Path(__file__).parent / "page"
# What the pages themselves demand in their first lines; a header may not demand more, since their style is inline.
STILL = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Row:
    """A lesson on the page."""

    name: str
    handed_in: int
    graded: int
    questions: int
    report: datetime | None  # when it was written
    pairs: datetime | None


def rows(folder: CourseFolder) -> list[Row]:
    """Every lesson that has a source notebook, in order."""
    names = sorted({path.parent.name for path in folder.source.glob("*/*.ipynb")})
    return [_row(folder, name) for name in names]


def _row(folder: CourseFolder, name: str) -> Row:
    try:
        count = len(questions(folder, name))
    except CourseError:  # it has none
        count = 0
    return Row(
        name,
        sum(1 for place in folder.submitted.glob("*/") if (place / name).is_dir()),
        sum(1 for place in folder.autograded.glob("*/") if any((place / name).glob("*.ipynb"))),
        count,
        _written(folder.reports / f"{name}.html"),
        _written(folder.reports / f"{name}.similar.html"),
    )


def _written(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime) if path.is_file() else None


def home(folder: CourseFolder, lab: Lab | None, token: str) -> Router:
    """All pages of the course."""
    shared = {"folder": folder, "token": token}
    lesson = r"([^/]+)"
    pages = tornado.web.Application(
        [
            (r"/", _Home, {**shared, "lab": lab}),
            (r"/(home\.css)", Files, {"path": str(PAGE)}),
            (rf"/report/{lesson}", _Written, {**shared, "ending": ".html", "write": _report}),
            (rf"/similar/{lesson}", _Written, {**shared, "ending": ".similar.html", "write": _similar}),
        ],
        default_handler_class=_Missing,
        default_handler_args={"token": token},
        compress_response=True,
        log_function=lambda handler: None,
    )
    return RuleRouter([Rule(PathMatches(r"/mark/[^/]+/.*"), _Marking(folder, token)), Rule(PathMatches(r".*"), pages)])


class _Marking(Router):
    """The marking page of each lesson, below /mark/LESSON/."""

    def __init__(self, folder: CourseFolder, token: str) -> None:
        self._folder, self._token = folder, token
        self._applications: dict[str, tornado.web.Application] = {}
        self._none = tornado.web.Application([], default_handler_class=_Missing, default_handler_args={"token": token})

    def find_handler(self, request: HTTPServerRequest, **more: Any) -> HTTPMessageDelegate | None:
        _, _, quoted, rest = (request.path or "").split("/", 3)
        lesson = unquote(quoted)
        if not rest:  # the page itself: the source may have been built again since
            self._applications.pop(lesson, None)
        found = self._application(lesson)
        request.path = f"/{rest}"
        return found.find_handler(request, **more)

    def _application(self, lesson: str) -> tornado.web.Application:
        if lesson not in self._applications:
            if lesson not in {row.name for row in rows(self._folder) if row.questions}:
                return self._none
            self._applications[lesson] = application(self._folder, lesson, self._token)
        return self._applications[lesson]


class _Page(Guarded):
    """A page for a person, also where something is wrong."""

    def write_error(self, status_code: int, **about: Any) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_template("wrong.html.j2").render(said=self.said(about)))


class _Missing(Nothing):
    def write_error(self, status_code: int, **about: Any) -> None:
        _Page.write_error(self, status_code, **about)  # type: ignore[arg-type]


class _Home(_Page):
    def initialize(self, token: str, **shared: Any) -> None:
        super().initialize(token)
        self.folder: CourseFolder = shared["folder"]
        self.lab: Lab | None = shared["lab"]

    def get(self) -> None:
        if not self.keeps_token():
            self.finish(
                _template("home.html.j2").render(course=self.folder.root.name, rows=rows(self.folder), lab=self.lab)
            )


class _Written(_Page):
    """A page of a lesson in reports/: shown as it is, and written again when asked."""

    def initialize(self, token: str, **shared: Any) -> None:
        super().initialize(token)
        self.folder: CourseFolder = shared["folder"]
        self.ending: str = shared["ending"]
        self.make: Callable[[CourseFolder, str], None] = shared["write"]

    def get(self, lesson: str) -> None:
        path = self.folder.reports / f"{self._known(lesson)}{self.ending}"
        if not path.is_file():
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND, reason="it is not written yet: go back and press Write")
        self.set_header("Content-Security-Policy", STILL)
        self.finish(path.read_bytes())

    async def post(self, lesson: str) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.make, self.folder, self._known(lesson))
        self.redirect(self.request.uri or "/", status=HTTPStatus.SEE_OTHER)

    def _known(self, lesson: str) -> str:
        if lesson not in {row.name for row in rows(self.folder)}:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND, reason="there is no such lesson")
        return lesson

    def write_error(self, status_code: int, **about: Any) -> None:
        if isinstance(about.get("exc_info", (None, None))[1], CourseError):
            self.set_status(HTTPStatus.CONFLICT)
        super().write_error(status_code, **about)


def _report(folder: CourseFolder, lesson: str) -> None:
    from course.report.classpage.writing import write_report  # it brings matplotlib

    write_report(folder, lesson, datetime.now().astimezone())


def _similar(folder: CourseFolder, lesson: str) -> None:
    from course.similarity.run import MOST, similar

    similar(folder, lesson, MOST, datetime.now().astimezone())


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("course.serving").joinpath("page", name).read_text("utf-8"))
