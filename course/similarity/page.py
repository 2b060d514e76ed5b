"""Pairs side by side, in one HTML file that loads nothing, runs no script, and escapes all that students wrote."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from course.grading.submission.names import shown
from course.report.screen import harmless
from course.similarity.pairs import Pair, common
from course.similarity.prints import Prints, lines_of

SHOWN = 25  # pairs
MOST = 6  # exercises of a pair


def page_of(lesson: str, prints: Mapping[str, Prints], found: Sequence[Pair], advice: str, made: datetime) -> str:
    """The page of the pairs with most in common."""
    shown_pairs = [(pair, [common(prints, pair, name) for name in pair.exercises[:MOST]]) for pair in found[:SHOWN]]
    return _template().render(
        lesson=lesson,
        count=len(prints),
        found=found,
        pairs=shown_pairs,
        advice=advice,
        made=made,
        style=Markup(_style()),
    )


def _harmless(value: object) -> object:
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _style() -> str:
    report = files("course.report").joinpath("templates/clozegrad/style.css").read_text("utf-8")
    own = files("course.similarity").joinpath("templates/page.css").read_text("utf-8")
    return f"{report}\n{own}"


@cache
def _template() -> Template:
    text = files("course.similarity").joinpath("templates/page.html.j2").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    environment.filters |= {"student": shown, "parts": lines_of, "percent": "{:.0%}".format, "whole": "{:.0f}".format}
    return environment.from_string(text)
