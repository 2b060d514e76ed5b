"""The charts, as SVG that stands in the page: colours are the page's own, so that they change with light and dark.

matplotlib draws with colours that nobody would choose; in its SVG each is replaced by a variable of the style sheet.
What tells the reader nothing (dates, addresses of vocabularies) is left out, and ids are made those of one chart.
"""

import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course.report.classpage.items import Item

WIDTH = 4.4  # inches; of 100 pixels each, so that a phone shows the letters almost as large as they are
_VARIABLES = {
    "#010101": "--ink",
    "#020202": "--soft",
    "#030303": "--line",
    "#040404": "--accent",
    "#050505": "--good",
    "#060606": "--fair",
    "#070707": "--poor",
    "#080808": "--paper",
}
_COLOURS = {variable.removeprefix("--"): colour for colour, variable in _VARIABLES.items()}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters stay letters: to be read aloud, searched for, and set in the page's font
    "svg.hashsalt": "clozegrad",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _COLOURS["ink"],
    "axes.edgecolor": _COLOURS["line"],
    "axes.labelcolor": _COLOURS["soft"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _COLOURS["soft"],
    "ytick.color": _COLOURS["soft"],
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": False,
    "legend.fontsize": 9,
}
_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_PARTS = (
    ("full points", "full", "good"),
    ("some", "part", "fair"),
    ("none", "none", "poor"),
    ("not answered", "blank", "line"),
    ("to be scored", "waiting", "accent"),
)


def distribution(counts: Sequence[int], edges: Sequence[float], name: str, unit: str, said: str) -> Markup:
    """How many hand-ins lie between each two edges; `said` is what somebody hears who does not see the chart."""
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(2.3)
        widths = [high - low for low, high in itertools.pairwise(edges)]
        axes.bar(edges[:-1], counts, width=widths, align="edge", color=_COLOURS["accent"], edgecolor=_COLOURS["paper"])
        axes.set_xlim(edges[0], edges[-1])
        axes.set_xlabel(unit)
        axes.set_ylabel("hand-ins")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
        return _svg(figure, name, said)


def outcomes(found: Sequence[Item], name: str, said: str) -> Markup:
    """For each exercise, how many have full points, some, none, no answer."""
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(0.75 + 0.21 * len(found))
        left = [0.0] * len(found)
        places = range(len(found))
        for label, part, colour in _PARTS:
            counts = [float(getattr(item, part)) for item in found]
            if any(counts):
                axes.barh(places, counts, left=left, color=_COLOURS[colour], height=0.72, label=label)
                left = [before + count for before, count in zip(left, counts, strict=True)]
        axes.set_yticks(places, [_short(item.name) for item in found])
        axes.invert_yaxis()
        axes.set_xlim(0, max(left, default=1))
        axes.set_xlabel("hand-ins")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.tick_params(axis="y", length=0)
        if found:
            figure.legend(loc="outside upper left", ncols=3, handlelength=1, columnspacing=1.2)
        return _svg(figure, name, said)


def telling(found: Sequence[Item], name: str, said: str) -> Markup:
    """Difficulty against discrimination: a dot for each exercise, with its number."""
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(3.0)
        for number, item in enumerate(found, 1):
            if item.share is not None and item.discrimination is not None:
                colour = _COLOURS["poor" if item.discrimination < 0.2 else "accent"]
                axes.plot(item.share, item.discrimination, "o", color=colour, markersize=5)
                axes.annotate(
                    str(number), (item.share, item.discrimination), (4, 3), textcoords="offset points", fontsize=8
                )
        axes.axhline(0, color=_COLOURS["line"], linewidth=1)
        axes.set_xlim(-0.03, 1.06)
        axes.set_ylim(min(-0.1, axes.get_ylim()[0]), 1.05)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.set_xlabel("points earned (harder on the left)")
        axes.set_ylabel("discrimination")
        return _svg(figure, name, said)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    return figure, axes


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:21]}…"


def _svg(figure: Figure, name: str, said: str) -> Markup:
    """The figure as an element of a page, called `name` in all its ids."""
    file = io.StringIO()
    # Without these, matplotlib writes when and with what it was made.
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ET.fromstring(file.getvalue())
    for part in [root, *root.iter()]:
        for child in list(part):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                part.remove(child)
    _rename(root, name)
    attributes = {"class": "chart", "role": "img", "aria-label": said, "viewBox": root.attrib["viewBox"]}
    root.attrib = attributes
    text = ET.tostring(root, encoding="unicode")
    text = re.sub(r"\bns\d+:|\bxmlns:ns\d+=\"[^\"]*\"|\bxmlns=\"[^\"]*\"", "", text)  # HTML knows SVG without them
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    return Markup(text)


def _rename(root: Any, name: str) -> None:
    """Give every id the chart's name, and drop those to which nothing leads."""
    used = set(re.findall(r"url\(#([^)]+)\)|#([\w-]+)", ET.tostring(root, encoding="unicode")))
    targets = {one for pair in used for one in pair if one}
    for part in root.iter():
        if (own := part.attrib.pop("id", None)) in targets:
            part.attrib["id"] = f"{name}-{own}"
        for key, value in list(part.attrib.items()):
            if key == f"{{{_LINK}}}href":
                del part.attrib[key]
                part.attrib["href"] = f"#{name}-{value[1:]}"
            elif "url(#" in value:
                part.attrib[key] = value.replace("url(#", f"url(#{name}-")
