"""The feedback page: one HTML file that needs no network and runs no script, whatever the student's notebook shows."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets.config import Config

from course.grading.cells import is_as_released
from course.grading.submission.parsing import ASK_AGAIN
from course.naming import line
from course.report.bounding import Bounded
from course.report.cleaning import clean
from course.report.markdown import for_feedback

TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r"^#+\s*(?:Exercise:\s*)?(?P<title>.+)$", re.MULTILINE)
_FILTERS = {"markdown2html": for_feedback, "clean": clean}  # before those that a course has set for formgrader
_LONGEST = 70  # characters of a title
_KEPT = 500  # pieces of code that are kept highlighted: most of a class's pages is the lesson, which all of them show


@dataclass(frozen=True)
class Entry:
    """One line of the page's overview: a graded cell."""

    anchor: str
    title: str
    score: float
    points: float
    state: str  # full, part, none, blank, or open: it waits for a person


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter with the course's own template, MathML for formulas, and cleaned HTML."""

    @property
    def default_config(self) -> Config:
        """Our template before the one that nbgrader sets for every HTML exporter."""
        ours: dict[str, Any] = {"template_name": "clozegrad", "extra_template_basedirs": [str(TEMPLATES)]}
        ours |= {"filters": _FILTERS, "preprocessors": [Bounded]}
        config = Config({"FeedbackExporter": ours})
        config.merge(super().default_config)
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """nbconvert's filters, and those of our template."""
        yield from super().default_filters()
        yield from _FILTERS.items()
        yield "entries", entries
        yield "heading", heading
        yield "to_student", to_student
        yield "blank", is_as_released
        yield "number", "{:.4g}".format

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page.

        HTMLExporter's own reads and writes all of it once more, which takes longer than making it, to give words to
        pictures that have none: here `clean` and the template do.
        """
        about = self._init_resources(resources)
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name")) or "ipython3"
        shown = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=about)
        self.register_filter("highlight_code", functools.partial(_highlight, lexer))
        self.register_filter("filter_data_type", shown)
        return TemplateExporter.from_notebook_node(self, nb, about, **options)

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _COMPILED
        return environment


class _Compiled(BytecodeCache):
    """Templates that were compiled in this process, since nbgrader makes an exporter for each student."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _highlight(lexer: str, source: str, metadata: Mapping[str, Any] | None = None) -> str:
    """Code in colours, in the language of its notebook, or of its cell where that has one of its own."""
    own = (metadata or {}).get("magics_language")  # a student may have written anything there
    return _highlighted(lexer, source, own if isinstance(own, str) else None)


@functools.lru_cache(_KEPT)
def _highlighted(lexer: str, source: str, own: str | None) -> str:
    return str(Highlight2HTML(pygments_lexer=lexer)(source, metadata={"magics_language": own} if own else None))


def entries(notebook: NotebookNode) -> list[Entry]:
    """The overview of a graded notebook: its exercises and questions with their points."""
    found: list[Entry] = []
    title = question = ""
    blank = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not is_grade(cell):
            headings = _HEADING.findall(cell.source)
            title = _short(headings[-1]) if headings else title
            question = title if headings else _question(cell.source.strip())
        if is_solution(cell):
            blank = is_as_released(cell)
        if is_grade(cell) or is_task(cell):
            found.append(_entry(cell, question if is_solution(cell) else title, blank))
    return found


def heading(notebook: NotebookNode) -> str:
    """The notebook's title: its first heading."""
    titles = (_HEADING.search(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    return next((line(match["title"], longest=200) for match in titles if match), "")


def to_student(note: str) -> str:
    """A note on a hand-in as its student is told it: what asks the instructor to ask asks the student."""
    said = note.replace(ASK_AGAIN, "Please hand it in again.")
    return said[:1].upper() + said[1:]


def _question(text: str) -> str:
    """What to call a written question: what it prints bold at its beginning, or its first line."""
    bold = re.match(r"\*\*(.+?)\*\*", text)
    return _short(bold[1] if bold else text.split("\n")[0])


def _short(text: str) -> str:
    """A heading or a question's first line as plain text of one line, its first letter large; empty for nothing."""
    text = line(re.sub(r"[*`#$]", "", text[: 10 * _LONGEST]), longest=_LONGEST)
    return text[:1].upper() + text[1:]


def _entry(cell: NotebookNode, title: str, blank: bool) -> Entry:
    meta = cell.metadata["nbgrader"]
    score, points = float(meta.get("score") or 0), float(meta.get("points") or 0)
    if meta.get("waiting"):
        state = "open"
    elif score >= points:
        state = "full"
    else:
        state = "part" if score > 0 else "blank" if blank else "none"
    return Entry(meta["grade_id"], title or meta["grade_id"], score, points, state)
