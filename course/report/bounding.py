"""What is too long to be formatted is shown as plain text, cut where it is longer still, with a line that says so.

Markdown, highlighting and cleaning take a time that grows faster than the text, and a student decides on the text. So
each cell has a limit and each notebook a budget: no hand-in keeps a page waiting, whatever is in it. Points do not
depend on any of this: they are read from the graded notebook.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course.report.screen import unturned

FORMATTED = 12_000  # characters of Markdown or code in one cell that are formatted
LINE = 400  # characters of a line of code that is highlighted
SHOWN = 10_000  # characters that are shown of what is not formatted, and of an output
HTML = 200_000  # characters of HTML in one output
TAGS, DEEPEST = 20_000, 60  # of its tags, and of tags in tags
PICTURE = 8_000_000  # characters of one picture in base64
OUTPUTS, CELLS = 200, 1_000  # of a cell; of a notebook, besides those of the lesson
_ALLOWED = {"markdown": 200_000, "code": 200_000, "html": 1_000_000, "text": 1_000_000, "picture": 30_000_000}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_UNCLOSED = {  # tags that need no end, so that many of them in a row stand beside each other
    *("area", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "p", "source", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "wbr"),
}
_SLACK = 100  # so that what was cut is not cut again for the line that says so
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


class Bounded(Preprocessor):
    """Bounds a notebook before nbconvert makes a page of it: formgrader's, ours, or any other's."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook, bounded in place."""
        bound(nb)
        return nb, resources


def bound(notebook: NotebookNode) -> None:
    """Replace in place what is too long for a page."""
    budget = _Budget()
    notebook.cells = list(_cells(notebook.cells))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _code(cell, budget)
            _outputs(cell, budget)
        else:
            cell.source = _markdown(cell.source, budget)
            _attachments(cell, budget)


@dataclass
class _Budget:
    """What is left of each kind for one notebook."""

    left: dict[str, int] = field(default_factory=lambda: dict(_ALLOWED))

    def takes(self, kind: str, size: int, most: int) -> bool:
        """Whether a text of this size may still be shown in full, and if so, that it is."""
        if size > most or size > self.left[kind]:
            return False
        self.left[kind] -= size
        return True

    def cut(self, text: str) -> str:
        """The text as far as there is room for it, its middle left out."""
        room = min(SHOWN, self.left["text"])
        if len(text) > room + _SLACK:
            left_out = f"[… {len(text) - room:,} characters are only in the notebook …]"
            text = f"{text[: room * 3 // 4]}\n{left_out}\n{text[len(text) - room // 4 :]}"
        self.left["text"] -= min(len(text), self.left["text"])
        return text


def _cells(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """The cells of the lesson, and of the others as many as a page holds."""
    others = 0
    for cell in cells:
        others += "nbgrader" not in cell.metadata
        if "nbgrader" in cell.metadata or others <= CELLS:
            yield cell
    if others > CELLS:
        yield new_markdown_cell(f"*{others - CELLS:,} more cells are only in the notebook.*")


def _markdown(source: str, budget: _Budget) -> str:
    if budget.takes("markdown", len(source), FORMATTED):
        return source
    shown = budget.cut(source)
    fence = fence_around(shown)
    return f"*Shown as plain text, since it is {len(source):,} characters long:*\n\n{fence}\n{shown}\n{fence}"


def fence_around(text: str, least: int = 3) -> str:
    """The backticks between which a text stands in Markdown as it is: more than it has in a row."""
    return "`" * max(least, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


def _code(cell: NotebookNode, budget: _Budget) -> None:
    """Highlight code of a usual length; any other is text to the highlighter."""
    cell.source = unturned(cell.source)
    longest = max(map(len, cell.source.split("\n")))
    if longest <= LINE and budget.takes("code", len(cell.source), FORMATTED):
        return
    cell.metadata["magics_language"] = "text"
    if len(cell.source) > SHOWN + LINE:
        cell.source = f"[this cell is {len(cell.source):,} characters long]\n{budget.cut(cell.source)}"


def _outputs(cell: NotebookNode, budget: _Budget) -> None:
    count = len(cell.outputs)
    cell.outputs = cell.outputs[:OUTPUTS] if count <= OUTPUTS else [*cell.outputs[: OUTPUTS - 1], cell.outputs[-1]]
    for output in cell.outputs:
        if output.output_type == "stream":
            output.text = budget.cut(output.text)
        elif output.output_type == "error":
            output.evalue = budget.cut(output.evalue)
            output.traceback = budget.cut("\n".join(output.traceback)).split("\n")
        else:
            _data(output, budget)


def _data(output: NotebookNode, budget: _Budget) -> None:
    """Each form of an output that is shown; where the best is too long, the plain one is left."""
    data = {kind: _joined(value) for kind, value in output.get("data", {}).items()}
    if (html := data.get("text/html")) is not None and not (_is_flat(html) and budget.takes("html", len(html), HTML)):
        del data["text/html"]
        data.setdefault("text/plain", html)
    for kind in ("text/markdown", "text/latex"):
        if kind in data and not budget.takes("markdown", len(data[kind]), FORMATTED):
            data.setdefault("text/plain", data.pop(kind))
    for kind in _PICTURES:
        if kind in data and not budget.takes("picture", len(data[kind]), PICTURE):
            data["text/plain"] = f"[a picture of {len(data.pop(kind)):,} characters is only in the notebook]"
    if "text/plain" in data:
        data["text/plain"] = budget.cut(data["text/plain"])
    output["data"] = NotebookNode(data)


def _attachments(cell: NotebookNode, budget: _Budget) -> None:
    """Leave out attachments that are too large: where they are shown stand their words."""
    attached = cell.get("attachments")
    if not isinstance(attached, dict):
        return
    kept = {}
    for name, data in attached.items():
        size = sum(len(value) for value in data.values() if isinstance(value, str)) if isinstance(data, dict) else 0
        if size and budget.takes("picture", size, PICTURE):
            kept[name] = data
    cell["attachments"] = NotebookNode(kept)


def _joined(value: Any) -> Any:
    return "".join(map(str, value)) if isinstance(value, list) else value


def _is_flat(html: str) -> bool:
    """Whether it has no more tags, and no more tags in tags, than a table or a figure has."""
    if not isinstance(html, str) or html.count("<") > TAGS:
        return False
    depth = 0
    for closing, name in _TAG.findall(html[:HTML]):
        if name.lower() not in _UNCLOSED:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                return False
    return True
