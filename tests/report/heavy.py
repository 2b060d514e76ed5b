"""Notebooks that would keep a page waiting for hours, if all of them were formatted; run as a program, makes the pages of one."""

import copy
import sys
import warnings

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from course.report.page import FeedbackExporter

BIG = "QUJD" * 50_000  # 200 kB of a picture
MARKDOWN = ("<!--", "\\begin{a}", "$", "![a](", "*a_", "> ", "http://a.b/")
HTML = ("<b>", "<div>", "<p><b>", "<!--")
SOURCE = ("x.", '"""', "import x.", " ")
TEXT = ("x", "\x1b[1m", "a\n")
SIZE = 400_000
ABOUT = {"student": "eve", "notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}


def long(fragment: str) -> str:
    return (fragment * SIZE)[:SIZE]


def displayed(kind: str, text: str) -> dict[str, object]:
    return {"output_type": "display_data", "data": {kind: text}, "metadata": {}}


def printed(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def failed(text: str) -> dict[str, object]:
    return {"output_type": "error", "ename": "E", "evalue": text, "traceback": [text] * 5}


def markdown(source: str, **more: object) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(source: str, *outputs: dict[str, object]) -> dict[str, object]:
    about = {"cell_type": "code", "metadata": {}, "execution_count": None}
    return {**about, "source": source, "outputs": list(outputs)}


KINDS = ("markdown", "shown markdown", "html", "source", "printed", "pictures", "attached", "many", "longest")


def notebook(kind: str) -> NotebookNode:
    """One kind of text: far too long, or as long as it may be in as many cells as it likes."""
    attached = markdown("![curve](attachment:a.png)\n" * 700, attachments={"a.png": {"image/png": BIG}})
    cells = {
        "markdown": [markdown(long(fragment)) for fragment in MARKDOWN],
        "shown markdown": [code("", displayed("text/markdown", long(fragment))) for fragment in MARKDOWN],
        "html": [code("", displayed("text/html", long(fragment))) for fragment in HTML],
        "source": [code(long(fragment)) for fragment in SOURCE],
        "printed": [code("", printed(long(text)), failed(long(text))) for text in TEXT],
        "pictures": [code("", *[displayed("image/png", BIG * 30)] * 3) for _ in range(5)],
        "attached": [attached, attached],
        "many": [code("", *[printed(f"{n}\n") for n in range(5_000)]), *[markdown("a")] * 3_000],
        "longest": [*[markdown(long("\\begin{a}")[:11_000])] * 30, *[code("x." * 190 + "\n")] * 600],
    }[kind]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return copy.deepcopy(nbformat.from_dict(whole))


def main(kind: str) -> None:
    """Make both pages of this kind's notebook, and print their lengths."""
    from tests.report.test_formgrader import ABOUT as FORMGRADER
    from tests.report.test_formgrader import exporter

    print(len(_page(FeedbackExporter(config=exporter().config), notebook(kind), {"nbgrader": ABOUT})))
    print(len(_page(exporter(), notebook(kind), dict(FORMGRADER))))


def _page(exporter: HTMLExporter, source: NotebookNode, resources: dict[str, object]) -> str:
    with warnings.catch_warnings(action="ignore"):
        return str(exporter.from_notebook_node(source, resources=resources)[0])


if __name__ == "__main__":
    main(sys.argv[1])
