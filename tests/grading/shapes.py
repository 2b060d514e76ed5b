"""One small course, and the shapes in which honest answers to it come back: each earns full points."""

import base64
import html
import json
import re
import textwrap
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.notebooks import answer, code, filled, graded, locked, markdown, notebook, raw, released

Change = Callable[[dict[str, Any]], None]


def source() -> NotebookNode:
    """Three functions, given code before each, a demonstration between them."""
    return notebook(
        markdown("# Shapes\n\nThree functions."),
        locked("given", "import math\n\nunit = 1.0"),
        markdown("The area of a circle."),
        answer(
            "area", "def area(r):\n    ### BEGIN SOLUTION\n    return math.pi * r * r * unit\n    ### END SOLUTION"
        ),
        graded("area_tests", "assert area(0) == 0\n### BEGIN HIDDEN TESTS\nassert abs(area(2) - 12.566370614359172) < 1e-9\n### END HIDDEN TESTS", 2),
        markdown("The longest of some words."),
        answer("longest", "def longest(words):\n    ### BEGIN SOLUTION\n    return max(words, key=len)\n    ### END SOLUTION"),
        graded("longest_tests", "assert longest(['a', 'bcd']) == 'bcd'", 3),
        code("print(area(1), longest(['demo', 'of', 'both']))"),
        markdown("How many are even?"),
        answer("evens", "def evens(xs):\n    ### BEGIN SOLUTION\n    return sum(x % 2 == 0 for x in xs)\n    ### END SOLUTION"),
        graded("evens_tests", "assert evens([1, 2, 4]) == 2\n### BEGIN HIDDEN TESTS\nassert evens([]) == 0\n### END HIDDEN TESTS", 4),
    )  # fmt: skip


POINTS = 9.0
ANSWERS = {
    "area": "# pi times the square\ndef area(r):\n    return math.pi * r**2",
    "longest": "# by a loop\ndef longest(words):\n    best = ''\n    for word in words:\n        if len(word) > len(best):\n            best = word\n    return best",
    "evens": "# count them\ndef evens(xs):\n    return len([x for x in xs if x % 2 == 0])",
}
SOURCE = source()
RELEASE = released(SOURCE)


def honest() -> dict[str, Any]:
    """The release with every answer in it, as JSON."""
    return dict(json.loads(raw(filled(RELEASE, ANSWERS))))


def untouched() -> bytes:
    return raw(RELEASE)


def cell(data: dict[str, Any], grade_id: str) -> dict[str, Any]:
    return next(one for one in data["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def at(data: dict[str, Any], grade_id: str) -> int:
    return int(data["cells"].index(cell(data, grade_id)))


def text(one: dict[str, Any]) -> str:
    return "".join(one["source"])


def drop(data: dict[str, Any], *grade_ids: str) -> None:
    for grade_id in grade_ids:
        data["cells"].remove(cell(data, grade_id))


def merge(into: str, *others: str, between: str = "\n\n") -> Change:
    """Cells become one, under the metadata of the first named; those named after it stood behind it."""

    def change(data: dict[str, Any]) -> None:
        kept = cell(data, into)
        kept["source"] = between.join(text(cell(data, one)) for one in (into, *others))
        drop(data, *others)

    return change


def without_ends(*grade_ids: str) -> Change:
    """Lists of lines that have lost their ends, in these cells or in all."""

    def change(data: dict[str, Any]) -> None:
        for one in data["cells"]:
            if not grade_ids or one["metadata"].get("nbgrader", {}).get("grade_id") in grade_ids:
                one["source"] = [line.rstrip("\n") for line in one["source"]]

    return change


def each_source(make: Callable[[str], object]) -> Change:
    """Every source another value, made of its text."""

    def change(data: dict[str, Any]) -> None:
        for one in data["cells"]:
            one["source"] = make(text(one))

    return change


def become(grade_id: str, kind: str, make: Callable[[str], str]) -> Change:
    """An answer of another cell type, with another text made of it."""

    def change(data: dict[str, Any]) -> None:
        one = cell(data, grade_id)
        one["cell_type"], one["source"] = kind, make(text(one))
        one.pop("outputs", None)
        one.pop("execution_count", None)

    return change


def rewritten(grade_id: str, source: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        cell(data, grade_id)["source"] = source

    return change


def inserted(before: str, source: str, kind: str = "code", by: int = 0) -> Change:
    def change(data: dict[str, Any]) -> None:
        made = new_code_cell(source) if kind == "code" else new_markdown_cell(source)
        data["cells"].insert(at(data, before) + by, dict(made))

    return change


def all_of(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for one in changes:
            one(data)

    return change


def fence(mark: str = "```", tag: str = "python", before: str = "", after: str = "") -> Callable[[str], str]:
    return lambda source: f"{before}{mark}{tag}\n{source}\n{mark}{after}"


def quoted(source: str) -> str:
    return textwrap.indent(source, "> ", lambda line: True)


def _blank(grade_id: str) -> str:
    return next(one.source for one in RELEASE.cells if one.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def _one_cell(data: dict[str, Any]) -> None:
    """Every code cell merged into the first answer, prose and all else gone."""
    codes = [text(one) for one in data["cells"] if one["cell_type"] == "code"]
    kept = cell(data, "area")
    kept["source"] = "\n\n".join(codes)
    data["cells"] = [kept]


def _stripped(data: dict[str, Any]) -> None:
    for number, one in enumerate(data["cells"]):
        one["metadata"], one["id"] = {}, f"n{number}"


def _doubled_ids(data: dict[str, Any]) -> None:
    for one in data["cells"]:
        one["id"] = "same"


def _no_ids(data: dict[str, Any]) -> None:
    for one in data["cells"]:
        del one["id"]


def _old_release(data: dict[str, Any]) -> None:
    """Exercises and tests that the course has no longer, and other points."""
    old = notebook(
        locked("old_given", "unit = 1000.0"),
        answer("old", "def old():\n    return 1"),
        graded("old_tests", "assert False, 'a test of another year'", 5),
    )
    data["cells"][2:2] = json.loads(raw(old))["cells"]
    cell(data, "area_tests")["metadata"]["nbgrader"]["points"] = 50


def _moved_to_the_end(data: dict[str, Any]) -> None:
    """Every answer typed into one new cell at the end, the stubs left as they were."""
    typed = "\n\n".join(text(cell(data, name)) for name in ANSWERS)
    for name in ANSWERS:
        cell(data, name)["source"] = _blank(name)
    data["cells"].append(dict(new_code_cell(typed, id="mine")))


def _typed_above(data: dict[str, Any]) -> None:
    """One answer typed into a new cell above its stub."""
    typed = text(cell(data, "longest"))
    cell(data, "longest")["source"] = _blank("longest")
    data["cells"].insert(at(data, "longest"), dict(new_code_cell(typed, id="mine")))


def _typed_into_the_test(data: dict[str, Any]) -> None:
    typed = text(cell(data, "evens"))
    cell(data, "evens")["source"] = _blank("evens")
    cell(data, "evens_tests")["source"] = f"{typed}\n\n{text(cell(data, 'evens_tests'))}"


def _split(data: dict[str, Any]) -> None:
    """The answer cut within its loop, the second half a cell without metadata."""
    lines = ANSWERS["longest"].split("\n")
    cell(data, "longest")["source"] = "\n".join(lines[:4])
    data["cells"].insert(at(data, "longest") + 1, dict(new_code_cell("\n".join(lines[4:]), id="rest")))


def _format_3(data: dict[str, Any]) -> None:
    cells = data.pop("cells")
    for one in cells:
        if one["cell_type"] == "code":
            one["input"] = one.pop("source")
            one["language"] = "python"
    data |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


def _minor(number: int) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["nbformat_minor"] = number
        if number < 5:
            _no_ids(data)

    return change


def _metadata(**metadata: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["metadata"] = metadata

    return change


def merged_as(source: str) -> Change:
    """The first answer holds all, in these words; the others are gone."""
    return all_of(rewritten("area", source), lambda data: drop(data, "longest", "evens"))


def reordered(order: Callable[[list[Any]], list[Any]]) -> Change:
    """The cells in another order, without metadata and with other ids."""

    def change(data: dict[str, Any]) -> None:
        _stripped(data)
        data["cells"] = order(data["cells"])

    return change


def _answers_alone(data: dict[str, Any]) -> None:
    data["cells"] = [one for one in data["cells"] if text(one) in ANSWERS.values()]


LAMBDAS = "lambda r: math.pi * r**2", "lambda words: max(words, key=len)", "lambda xs: sum(x % 2 == 0 for x in xs)"
ALL_ANSWERS = "\n".join(ANSWERS.values())
TOGETHER = {
    "in one assignment": "area, longest, evens = ({}), ({}), ({})".format(*LAMBDAS),
    "in a list": "[area, longest, evens] = [{}, {}, {}]".format(*LAMBDAS),
    "on one line": "area = {}; longest = {}; evens = {}".format(*LAMBDAS),
    "within a condition": "if True:\n" + textwrap.indent(ALL_ANSWERS, "    "),
    "within a try": "try:\n" + textwrap.indent(ALL_ANSWERS, "    ") + "\nfinally:\n    print('done')",
    "within a with": "import contextlib\nwith contextlib.suppress(Exception):\n" + textwrap.indent(ALL_ANSWERS, "    "),
    "within a loop": "for number in range(2):\n" + textwrap.indent(ALL_ANSWERS, "    "),
    "in a class": "class Mine:\n    a = {}\n    b = {}\n    c = {}\narea, longest = Mine.a, Mine.b\nevens = Mine.c".format(
        *(f"staticmethod({one})" for one in LAMBDAS)
    ),
}
MARKUP: dict[str, Callable[[str], str]] = {
    "in a cell of MyST": fence(tag="{code-cell} ipython3\n---\ntags: [mine]\nother: 1\n---"),
    "in a cell of MyST with short options": fence(tag="{code-cell}\n:tags: [mine]\n:other: 1"),
    "in a quoted fence": lambda source: quoted(fence()(source)),
    "in a quote in a quote": lambda source: quoted(quoted(fence()(source))),
    "in a quote after a sentence": lambda source: f"You wrote:\n\n{quoted(source)}",
    "quoted as in a mail": lambda source: textwrap.indent(source, ">"),
    "in HTML": lambda source: f"<pre>\n{html.escape(source)}\n</pre>",
    "in HTML with its class": lambda source: f'<pre><code class="python">{html.escape(source)}</code></pre>',
    "in HTML after a sentence": lambda source: f"Here:\n\n<PRE>\n  <CODE>\n{source}\n</CODE>\n</PRE>\n\nThat's it.",
    "with spaces that do not break": lambda source: html.escape(source).replace(" ", "&nbsp;"),
    "from a rich text": lambda source: "".join(
        f"<p>{html.escape(line).replace('  ', '&nbsp; ')}</p>" for line in source.split("\n")
    ),
    "with HTML's line breaks": lambda source: html.escape(source).replace("\n", "<br>\n"),
    "with each line in backticks": lambda source: re.sub(r"(?m)^( *)(.+)$", r"\1`\2`", source),
    "between backticks": lambda source: f"`{source}`",
    "in backticks within a sentence": lambda source: "I think `longest = lambda words: max(words, key=len)` it's.",
    "with escaped Markdown": lambda source: re.sub(r"([*_()\[\]#>=+-])", r"\\\1", source),
    "in a fence with a list that looks like a mark": lambda source: fence()(f"{source}\n\ncode = 3\nx = [code]"),
    "as it is, with a list that looks like a mark": lambda source: f"{source}\n\ncode = 3\nx = [code]",
    "in LaTeX": lambda source: f"\\begin{{lstlisting}}[language=Python]\n{source}\n\\end{{lstlisting}}",
    "in Org": lambda source: f"#+BEGIN_SRC python\n{source}\n#+END_SRC",
    "in reStructuredText": lambda source: f"So:\n\n.. code-block:: python\n\n{textwrap.indent(source, '   ')}",
    "in Jekyll": lambda source: f"{{% highlight python %}}\n{source}\n{{% endhighlight %}}",
    "in a wiki": lambda source: f"{{code:python}}\n{source}\n{{code}}",
    "in a forum": lambda source: f"[code=python]\n{source}\n[/code]",
}
ORDERS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "in reverse": lambda cells: cells[::-1],
    "with the second half first": lambda cells: cells[len(cells) // 2 :] + cells[: len(cells) // 2],
    "odd ones first": lambda cells: cells[1::2] + cells[::2],
    "sorted by their text": lambda cells: sorted(cells, key=text),
    "the last one first": lambda cells: cells[-3:] + cells[:-3],
}
WIDGETS = {"widgets": {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}}
CHANGES: dict[str, Change] = {
    "honest": lambda data: None,
    # lines
    "no line ends in any cell": without_ends(),
    "no line ends in one cell": without_ends("longest"),
    "no line ends in two cells": without_ends("area", "evens"),
    "some lines of a cell without ends": lambda data: cell(data, "longest").update(
        source=["# by a loop\n", "def longest(words):", "    return max(words, key=len)"]
    ),
    "Windows line ends": lambda data: [one.update(source=text(one).replace("\n", "\r\n")) for one in data["cells"]],
    "line ends of an old Mac": lambda data: [one.update(source=text(one).replace("\n", "\r")) for one in data["cells"]],
    "doubled carriage returns": lambda data: [
        one.update(source=text(one).replace("\n", "\r\r\n")) for one in data["cells"]
    ],
    "line ends spelt out": lambda data: cell(data, "evens").update(source=ANSWERS["evens"].replace("\n", "\\n")),
    "line ends spelt out as Windows has them": lambda data: cell(data, "evens").update(
        source=ANSWERS["evens"].replace("\n", "\\r\\n")
    ),
    "line ends spelt out in a list": lambda data: cell(data, "evens").update(
        source=[line.replace("\n", "\\n") for line in ANSWERS["evens"].splitlines(True)]
    ),
    "line ends as HTML breaks": lambda data: cell(data, "evens").update(source=ANSWERS["evens"].replace("\n", "<br>")),
    "line ends as line separators": each_source(lambda text: text.replace("\n", "\u2028")),
    "line ends as next-line signs": each_source(lambda text: text.replace("\n", "\x85")),
    "line ends as vertical tabs": each_source(lambda text: text.replace("\n", "\v")),
    "source cut in two": each_source(lambda text: [text[: len(text) // 2], text[len(text) // 2 :]]),
    "source cut into equal pieces": each_source(lambda text: [text[at : at + 30] for at in range(0, len(text), 30)]),
    "source as a list of letters": each_source(list),
    "line ends at the beginning of the lines": each_source(lambda text: re.split(r"(?=\n)", text)),
    "line ends apart from the lines": each_source(lambda text: re.split(r"(\n)", text)),
    "source in nested lists": each_source(lambda text: [[line] for line in text.splitlines(True)]),
    "source in nested lists without line ends": each_source(lambda text: [[line] for line in text.split("\n")]),
    "source as an object of lines": each_source(lambda text: dict(enumerate(text.split("\n")))),
    "blank lines that are null": each_source(lambda text: [line or None for line in text.split("\n")]),
    "source as one string": lambda data: [one.update(source=text(one)) for one in data["cells"]],
    # merged
    "two answers merged": all_of(merge("area", "longest"), lambda data: drop(data, "area_tests", "longest_tests")),
    "all answers merged": all_of(merge("area", "longest", "evens"), lambda data: drop(data, "area_tests")),
    "answers merged into the last": all_of(
        lambda data: cell(data, "evens").update(source="\n\n".join(ANSWERS.values())),
        lambda data: drop(data, "area", "longest"),
    ),
    "answers merged without a blank line": merge("area", "longest", "evens", between="\n"),
    "an answer merged with its test": merge("longest", "longest_tests"),
    "an answer merged into the test below": all_of(
        lambda data: cell(data, "evens_tests").update(source=f"{ANSWERS['evens']}\n\n{text(cell(data, 'evens_tests'))}"),
        lambda data: drop(data, "evens"),
    ),
    "an answer merged into the given code": merge("given", "area"),
    "an answer merged into the demonstration": all_of(
        lambda data: data["cells"][8].update(source=f"{ANSWERS['longest']}\n\n{text(data['cells'][8])}"),
        lambda data: drop(data, "longest"),
    ),
    "every cell merged into one": _one_cell,
    "a stub merged with answers": all_of(
        merge("area", "longest"),
        inserted("evens", _blank("longest")),
    ),
    "a merged cell in which one answer has a syntax error in a note": all_of(
        merge("longest", "evens"),
        lambda data: cell(data, "longest").update(source=text(cell(data, "longest")) + "\n\nthat was easy :)"),
    ),
    **{f"answers merged {how}": merged_as(text) for how, text in TOGETHER.items()},
    # moved
    **{f"the cells {how}": reordered(order) for how, order in ORDERS.items()},
    **{f"the answers alone, {how}": all_of(reordered(order), _answers_alone) for how, order in ORDERS.items()},
    "answers typed into a new cell at the end": _moved_to_the_end,
    "an answer typed into a new cell above its stub": _typed_above,
    "an answer typed into the test cell": _typed_into_the_test,
    "an answer split within a loop": _split,
    "a stub copied behind the answer": inserted("area", _blank("area"), by=1),
    "a stub with another comment copied behind the answer": lambda data: data["cells"].insert(
        at(data, "area") + 1, {**cell(data, "area"), "source": "# again\n" + _blank("area"), "id": "again"}
    ),
    "an answer without its metadata": lambda data: cell(data, "longest").update(metadata={}, id="x"),
    # types
    "an answer in a fence": become("longest", "markdown", fence()),
    "an answer in tildes": become("longest", "markdown", fence("~~~")),
    "an answer in a fence without a language": become("longest", "markdown", fence(tag="")),
    "an answer in a longer fence": become("longest", "markdown", fence("`````", "{code-cell}")),
    "an answer in a fence with words around it": become(
        "longest", "markdown", fence(before="My answer:\n\n", after="\n\nI hope it's right.")
    ),
    "an answer in a fence that does not close": become("longest", "markdown", lambda source: f"```py\n{source}"),
    "an answer in a fence in a code cell": become("longest", "code", fence()),
    **{f"an answer {how}": become("longest", "markdown", make) for how, make in MARKUP.items()},
    "an answer in HTML in a code cell": become("longest", "code", lambda source: f"<pre>{source}</pre>"),
    "an answer in a raw cell": become("longest", "raw", lambda source: source),
    "an answer in a raw cell in a fence": become("longest", "raw", fence()),
    "an answer as Markdown": become("longest", "markdown", lambda source: source),
    "an answer as an indented block of Markdown": become(
        "longest", "markdown", lambda source: textwrap.indent(source, "    ")
    ),
    "an answer as Markdown with escaped signs": become(
        "longest", "markdown", lambda source: source.replace(">", "&gt;")
    ),
    "an answer as Markdown after a sentence": become(
        "longest", "markdown", lambda source: f"It's here:\n\n{source}\n\nDon't mind me."
    ),
    "all code cells as raw": lambda data: [
        one.update(cell_type="raw") for one in data["cells"] if one["cell_type"] == "code"
    ],
    # names
    "a demonstration that gives the name away": inserted("longest_tests", "longest = longest(['a', 'bc'])"),
    "a demonstration that deletes the name": inserted("evens_tests", "print(evens([2]))\ndel evens"),
    "a loop over the name": inserted("longest_tests", "for longest in ['a']:\n    pass"),
    "odd names bound before": inserted(
        "area", "t = 1\nchecks = 2\n_ = 3\nIn = []\nOut = {}\nget_ipython = None\nassert_ = print"
    ),
    "names of the tests' own bound": inserted("area", "graded = points = score = test = tests = result = None"),
    "a name bound before its answer": inserted("evens", "evens = 3"),
    # files
    "metadata of widgets without their state": _metadata(kernelspec={"name": "python3"}, **WIDGETS),
    "no kernel": _metadata(kernelspec=None, language_info=None),
    "the kernel of another machine": _metadata(
        kernelspec={"name": "venv_of_mine", "display_name": "My env", "language": "python"},
        vscode={"interpreter": {"hash": "31f2"}},
    ),
    "no metadata": lambda data: data.update(metadata=None),
    "ids all the same": _doubled_ids,
    "no ids": _no_ids,
    "stripped of metadata and ids": _stripped,
    "cells of another release": _old_release,
    "format 3": _format_3,
    **{f"format 4.{number}": _minor(number) for number in range(6)},
    # endings
    "a widget backend": inserted("area", "%matplotlib widget"),
    "a question": inserted("area", "name = input('who are you?')"),
}  # fmt: skip


def made(change: Change) -> bytes:
    data = honest()
    change(data)
    return json.dumps(data).encode()


def _percent(_: bytes) -> bytes:
    cells = filled(RELEASE, ANSWERS).cells
    parts = [
        f"# %% [markdown]\n{textwrap.indent(one.source, '# ', lambda _: True)}"
        if one.cell_type == "markdown"
        else f"# %%\n{one.source}"
        for one in cells
    ]
    return ("# ---\n# jupyter:\n#   jupytext: {}\n# ---\n\n" + "\n\n".join(parts)).encode()


def _exported(_: bytes) -> bytes:
    codes = [one.source for one in filled(RELEASE, ANSWERS).cells if one.cell_type == "code"]
    return (
        "#!/usr/bin/env python\n# coding: utf-8\n\n"
        + "".join(f"# In[{n}]:\n\n\n{code}\n\n\n" for n, code in enumerate(codes))
    ).encode()


def wrapped(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def _as(encoding: str) -> Callable[[bytes], bytes]:
    return lambda whole: json.dumps(json.loads(whole), ensure_ascii=False, indent=1).encode(encoding)


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "with a byte order mark": _as("utf-8-sig"),
    "UTF-16": _as("utf-16"),
    "UTF-16 without a mark": _as("utf-16-le"),
    "UTF-32": _as("utf-32"),
    "JSON within JSON": lambda whole: json.dumps(whole.decode()).encode(),
    "as Jupyter's server sends it": lambda whole: wrapped({"type": "notebook", "format": "json", "content": json.loads(whole)}),
    "as a text in what a server sends": lambda whole: wrapped({"format": "text", "content": whole.decode()}),
    "as a forge sends it": lambda whole: wrapped({"encoding": "base64", "content": base64.encodebytes(whole).decode()}),
    "as a forge's snippet": lambda whole: wrapped({"id": 3, "files": {"sheet.ipynb": {"content": whole.decode()}}}),
    "in an object of its own": lambda whole: wrapped({"notebook": json.loads(whole)}),
    "in a list": lambda whole: wrapped([json.loads(whole)]),
    "a list of cells": lambda whole: wrapped(json.loads(whole)["cells"]),
    "a list of cells that is cut": lambda whole: wrapped(json.loads(whole)["cells"]).rstrip()[:-1],
    "an object of cells": lambda whole: wrapped({"cells": dict(enumerate(json.loads(whole)["cells"]))}),
    "trailing commas": lambda whole: re.sub(rb"(?<=[}\]\"])(?=[}\]])", b",", whole),
    "something after the end": lambda whole: whole + b"\n}\n",
    "blank lines before": lambda whole: b"\n\n  " + whole,
    "cut after the last cell": lambda whole: whole[: whole.rindex(b"]")],
    "cut within its metadata": lambda whole: json.dumps(dict(reversed(json.loads(whole).items()))).encode()[:-3],
    "a broken cell": lambda whole: whole.replace(b'"# Shapes\\n', b'"# Sha"pes\\n', 1),
    "a broken letter": lambda whole: whole.replace(b"# Shapes", b"# Sh\xffpes \xc3\xa4\xc3\xb6\xc3\xbc", 1),
    "Latin-1": lambda whole: whole.replace(b"# Shapes", b"# \xc4hnlich", 1),
    "zeros at the end": lambda whole: whole + b"\0" * 512,
    "a script with cells": _percent,
    "an exported script": _exported,
}  # fmt: skip
SHAPES: dict[str, bytes] = {name: made(change) for name, change in CHANGES.items()}
SHAPES |= {name: encode(made(CHANGES["honest"])) for name, encode in ENCODINGS.items()}
SILENT = {"honest", "source as one string", "Windows line ends", "line ends of an old Mac", "doubled carriage returns"}
SILENT |= {f"format 4.{number}" for number in range(6)} | {"with a byte order mark", "blank lines before"}
SILENT |= {"metadata of widgets without their state", "no kernel", "the kernel of another machine", "no metadata"}
SILENT |= {"an object of cells"}
SILENT |= {"ids all the same", "no ids", "odd names bound before", "names of the tests' own bound", "zeros at the end"}
SILENT |= {"source as a list of letters", "source in nested lists"}
SILENT |= {"line ends at the beginning of the lines", "line ends apart from the lines"}
SILENT |= {"a name bound before its answer", "a widget backend", "a question", "a stub copied behind the answer"}


def with_kernel(node: NotebookNode, kernelspec: object) -> NotebookNode:
    copy = from_dict(node)
    copy.metadata["kernelspec"] = kernelspec
    return copy
