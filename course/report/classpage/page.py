"""The page itself: one HTML file that loads nothing, runs no script, and escapes all that students wrote."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import numpy as np
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from course.grading.submission.names import shown
from course.report.classpage import charts
from course.report.classpage.attention import JAILED, concerns
from course.report.classpage.handins import HandIn
from course.report.classpage.history import Change
from course.report.classpage.items import FEWEST, Item
from course.report.classpage.mistakes import Cluster, clusters, messages, wrong_values
from course.report.screen import harmless

MOST_CONCERNS = 200
MOST_CLUSTERS = 8  # of an exercise
MOST_TOLD = 25
MOST_MOVED = 100
SLOWEST = 5
BINS = 20
WEAK = 0.2  # discrimination below this wants a look; the usual bar (R. L. Ebel, Essentials of Educational Measurement)
_EXAMPLE = (25, 1_200)  # lines and characters of an answer


@dataclass(frozen=True)
class Spread:
    """Where the numbers of a class lie, and how many lie between each two edges."""

    lowest: float
    lower: float
    middle: float
    upper: float
    highest: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]

    def rows(self) -> list[tuple[float, float, int]]:
        """Each bin that is not empty: from, to, how many."""
        return [row for row in zip(self.edges, self.edges[1:], self.counts, strict=False) if row[2]]


def spread(values: Sequence[float], highest: float | None = None) -> Spread:
    """How numbers spread from 0 to the highest that there could be (default: that there is)."""
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3
    most = max(*values, highest or 0.0, 1e-3)
    edges = MaxNLocator(BINS if len(values) > 30 else BINS // 2).tick_values(0.0, most)
    counts, _ = np.histogram(values, edges)
    return Spread(min(values), lower, middle, upper, max(values), tuple(map(float, edges)), tuple(map(int, counts)))


def page_of(
    lesson: str, hand_ins: Sequence[HandIn], found: Sequence[Item], change: Change | None, absent: int, made: datetime
) -> str:
    """The page of a class.

    Args:
        absent: how many students of the gradebook have nothing graded.
    """
    most = max(one.max_points for one in hand_ins)
    read = [one for one in hand_ins if one.is_read] or hand_ins
    points, seconds = spread([one.points for one in read], most), spread([one.seconds for one in read])
    mistakes = clusters(hand_ins)
    return _template().render(
        lesson=lesson,
        made=made,
        hand_ins=sorted(hand_ins, key=lambda one: (-one.points, one.student)),
        most=most,
        points=points,
        seconds=seconds,
        slowest=sorted(hand_ins, key=lambda one: -one.seconds)[:SLOWEST],
        items=found,
        weak=WEAK,
        fewest=FEWEST,
        change=change,
        absent=absent,
        concerns=concerns(hand_ins),
        together=_together(hand_ins),
        loose=[one.student for one in hand_ins if one.jail not in JAILED],
        mistakes=_by_exercise(mistakes),
        messages=messages(hand_ins, MOST_TOLD),
        values=wrong_values(hand_ins, MOST_TOLD),
        unread=len(hand_ins) - len(read),
        charts=_charts(read, found, points, seconds),
        limits={"concerns": MOST_CONCERNS, "moved": MOST_MOVED, "clusters": MOST_CLUSTERS},
        style=Markup(_style()),
    )


def _charts(hand_ins: Sequence[HandIn], found: Sequence[Item], points: Spread, seconds: Spread) -> Mapping[str, Markup]:
    count = f"{len(hand_ins)} hand-ins"
    told = f"{count}; half of them have between {points.lower:.3g} and {points.upper:.3g} points"
    took = f"{count}; half of them took between {seconds.lower:.3g} and {seconds.upper:.3g} seconds"
    made = {
        "points": charts.distribution(points.counts, points.edges, "points", "points", f"Histogram of points: {told}"),
        "seconds": charts.distribution(
            seconds.counts, seconds.edges, "seconds", "seconds to grade", f"Histogram of seconds: {took}"
        ),
        "outcomes": charts.outcomes(
            found, "outcomes", "Bars: the outcomes of each exercise; the table has the numbers"
        ),
    }
    if any(item.discrimination is not None for item in found):
        said = "Dots: difficulty and discrimination of each exercise; the table has the numbers"
        made["telling"] = charts.telling(found, "telling", said)
    return made


def _together(hand_ins: Sequence[HandIn]) -> dict[str, int]:
    """The tests that ran in the process of the student's code, and in how many hand-ins."""
    names = sorted({name for one in hand_ins for name in one.together})
    return {name: sum(name in one.together for one in hand_ins) for name in names}


def _by_exercise(found: Sequence[Cluster]) -> dict[str, list[Cluster]]:
    names = dict.fromkeys(cluster.exercise for cluster in found)
    return {name: [cluster for cluster in found if cluster.exercise == name] for name in names}


def _example(text: str) -> str:
    """An answer as far as there is room for it."""
    lines, longest = _EXAMPLE
    kept = "\n".join(text.strip("\n").split("\n")[:lines])[:longest]
    return kept if kept == text.strip("\n") else f"{kept}\n…"


def _harmless(value: object) -> object:
    """Text of students' without signs that turn the way of writing; what is HTML already stays."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _style() -> str:
    """The style of the feedback pages, and what this page adds."""
    templates = files("course.report").joinpath("templates")
    names = ("clozegrad/style.css", "classpage/page.css")
    return "\n".join(templates.joinpath(name).read_text("utf-8") for name in names)


@cache
def _template() -> Template:
    text = files("course.report").joinpath("templates/classpage/page.html.j2").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    environment.filters |= {
        "number": "{:.4g}".format,
        "percent": "{:.0%}".format,
        "two": "{:.2f}".format,
        "student": shown,
        "example": _example,
    }
    return environment.from_string(text)
