"""The page beside a review deck: which cards, why, and when, in one file that needs no network and runs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from fsrs import Rating
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from course.authoring.lesson import Lesson
from course.cards import notetypes
from course.cards.exporting import sides
from course.cards.markup import read
from course.cards.package import Memory
from course.cards.rendering import answer_of, question_of
from course.review.recall import Reason, Recall

_HEADINGS = {Rating.Again: "Missed", Rating.Hard: "Partly right", Rating.Good: "Right"}
_PLACES = {Rating.Again: "due today, first", Rating.Hard: "due today, next"}
_STATES = {Rating.Again: "none", Rating.Hard: "part", Rating.Good: "full"}


@dataclass(frozen=True)
class Shown:
    """A card as the page shows it."""

    id: str
    question: Markup
    answer: Markup
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Group:
    """The cards of one rating: what to call them, when they are due, and the look of their mark."""

    heading: str
    due: str
    state: str
    cards: tuple[Shown, ...]


def page_of(lesson: Lesson, student: str, recalls: tuple[Recall, ...], memories: Mapping[Rating, Memory]) -> str:
    """The page of one student; CourseError for a card in which nothing is hidden."""
    groups = []
    for rating, heading in _HEADINGS.items():
        cards = tuple(_shown(lesson, recall) for recall in recalls if recall.rating == rating)
        if cards:
            due = _PLACES.get(rating) or f"due on {_day(memories[rating].due)}"
            groups.append(Group(heading, due, _STATES[rating], cards))
    return _template().render(
        lesson=lesson, student=student, groups=groups, count=len(recalls), states=_STATES, style=Markup(_style())
    )


def _shown(lesson: Lesson, recall: Recall) -> Shown:
    front, back = sides(lesson.folder / "cards.yaml", recall.card)
    question, answer = question_of(front), answer_of(back or front)
    return Shown(recall.card.id, Markup(question), Markup(answer), recall.reasons)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _style() -> str:
    """The style of the feedback pages, that of the cards, and what this page adds."""
    report = files("course.report").joinpath("templates/clozegrad/style.css").read_text("utf-8")
    own = files("course.review").joinpath("templates/page.css").read_text("utf-8")
    return f"{report}\n{notetypes.css()}\n{own}"


@cache
def _template() -> Template:
    text = files("course.review").joinpath("templates/page.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["prose"] = lambda text: Markup(answer_of(read(text[:1].upper() + text[1:])))
    environment.filters["number"] = "{:.4g}".format
    return environment.from_string(text)
