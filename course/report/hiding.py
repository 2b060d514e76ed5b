"""What a student may see of a graded cell: nothing of the hidden tests, and what is left explained.

Of a test cell, nothing that ran in it is passed on: its results are written anew from the record of its checks, without
the message and the output of a hidden check, since the student's code could print the hidden inputs into both. Where a
cell left no record (plain asserts of another course), an error is only quoted when a visible line raised it.

In other cells, lines that quote hidden source are cut out. Once a hidden test has called the student's code, that code
knows the hidden inputs and could show them from any later cell, or hand them to a visible check as its result. So from
there on the page repeats no output of the student's and no message of a visible check: the student's own copy of the
notebook shows both, made from data that is no secret.
"""

import builtins
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.grading.reading import error_in, report_in
from course.grading.verdicts import ENDINGS
from course.results import CheckResult

SAFE_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg")
SENTENCES = {
    "timeout": "Your code took too long here and was stopped. Is there a loop that never ends?",
    "out of memory": "Your code used more memory than there is here and was stopped.",
    "crashed": "Python itself crashed while your code ran here, or your code was stopped for printing far too much.",
    "exited": "Your code ended the Python process itself. Is there an exit(), quit() or os._exit()?",
    "could not run": "This part could not be run.",
    "blank": "Not answered yet.",
}
WITHHELD = "What this cell showed stands in your own copy of the notebook"
RUN_IT = "Run this cell in your notebook to see what was expected and what came."
CUT = "[a line that quotes a hidden test was cut here]"
_SHORTEST = 10  # a hidden line shorter than this says nothing, and may stand in any student's code
_ARROW = re.compile(r"^-+> ?\d+ (?P<code>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One check as its student sees it; of a hidden one the message and what was printed are left out."""

    label: str
    points: float
    earned: float
    passed: bool
    hidden: bool
    hint: str
    message: str
    printed: str


@dataclass(frozen=True)
class Shown:
    """The result of a test cell as its student sees it: one row a check, and what else is to be said."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def cut(source: str, begin: str, end: str) -> tuple[str, list[str]]:
    """A source without its hidden regions, and the lines that were in them; an open region ends with the cell."""
    kept: list[str] = []
    hidden: list[str] = []
    inside = False
    for line in source.split("\n"):
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        else:
            (hidden if inside else kept).append(line)
    return "\n".join(kept), hidden


def telling(hidden: Iterable[str], visible: Iterable[str]) -> frozenset[str]:
    """The hidden lines that would give a test away: code of some length that stands nowhere in the open."""
    open_lines = {line.strip() for line in visible}
    lines = {line.strip() for line in hidden}
    return frozenset(
        line for line in lines if len(line) >= _SHORTEST and not line.startswith("#") and line not in open_lines
    )


def shown(cell: NotebookNode, hidden: list[str], *, has_seen: bool = False) -> Shown:
    """What a student sees of a test cell whose source is already cut.

    Args:
        hidden: the lines that were taken out.
        has_seen: whether an earlier hidden test has shown its inputs to the student's code.
    """
    report, error = report_in(cell), error_in(cell.outputs)
    if report is not None:
        ending = error.ename if error is not None else ""
        rows = tuple(_row(check, told=not has_seen) for check in report.checks)
        return Shown(rows, tuple(filter(None, [SENTENCES.get(ending)])))
    if error is not None:
        return Shown((), (_explained(error, cell.source, hidden, told=not has_seen),))
    printed = (output.text.strip() for output in cell.outputs if output.output_type == "stream")
    return Shown((), () if hidden or has_seen else tuple(filter(None, printed)))


def withhold_outputs(cell: NotebookNode) -> None:
    """Put a line in place of a cell's outputs; an error keeps its type where that is Python's own."""
    errors = [output.ename for output in cell.outputs if output.output_type == "error"]
    if cell.outputs:
        text = f"{errors[0]}. {WITHHELD}" if errors and hasattr(builtins, str(errors[0])) else WITHHELD
        cell.outputs = [new_output("stream", name="stdout", text=f"[{text}]\n")]


def hide_outputs(cell: NotebookNode, secrets: frozenset[str]) -> None:
    """Cut from a cell's outputs what quotes hidden lines, and what a page cannot show without running code."""
    kept = []
    for output in cell.outputs:
        if output.output_type == "stream":
            kept.append({**output, "text": _cut_lines(output.text, secrets)})
        elif output.output_type == "error":
            lines = _cut_lines("\n".join(output.traceback), secrets).split("\n")
            kept.append({**output, "traceback": lines, "evalue": _cut_lines(output.evalue, secrets)})
        else:
            data = {kind: value for kind, value in output.get("data", {}).items() if kind in SAFE_TYPES}
            texts = {kind: _cut_text(kind, value, secrets) for kind, value in data.items()}
            kept.append({**output, "data": texts})
    cell.outputs = [NotebookNode(output) for output in kept]


def as_outputs(result: Shown) -> list[NotebookNode]:
    """The result as plain text, for any page that shows a notebook."""
    lines: list[str] = []
    for row in result.rows:
        points = f" ({row.earned:g}/{row.points:g})" if row.points else ""
        lines.append(f"{'✓' if row.passed else '✗'} {row.label}{points}")
        told = [*row.message.splitlines(), *([f"hint: {row.hint}"] if row.hint else [])]
        lines += [f"    {line}" for line in told]
    text = "\n".join([*lines, *result.notes])
    return [new_output("stream", name="stdout", text=text + "\n")] if text else []


def _row(check: CheckResult, *, told: bool) -> Row:
    message = check.message if told else RUN_IT if check.message else ""
    return Row(
        label=check.label,
        points=check.points,
        earned=check.earned,
        passed=check.passed,
        hidden=check.hidden,
        hint="" if check.passed else check.hint,
        message="" if check.hidden else message,
        printed="" if check.hidden or not told else check.printed.strip("\n"),
    )


def _explained(error: NotebookNode, visible: str, hidden: list[str], *, told: bool) -> str:
    """What may be said of an error in a cell without a record of checks."""
    if error.ename in ENDINGS:
        return SENTENCES.get(error.ename, "The tests of this cell did not pass.")
    raised = _ARROW.search(strip_ansi("\n".join(error.traceback)))
    line = raised["code"].strip() if raised else ""
    if hidden and (line not in visible or not line):
        return "A hidden test did not pass."
    if not told:
        return f"A visible test did not pass. {RUN_IT}"
    quoted = f"\n    {line}" if line else ""
    return f"{error.ename}: {strip_ansi(error.evalue)}{quoted}"


def _cut_text(kind: str, value: str, secrets: frozenset[str]) -> str:
    return value if kind.startswith("image/") else _cut_lines("".join(value), secrets)


def _cut_lines(text: str, secrets: frozenset[str]) -> str:
    return "\n".join(CUT if _tells(line, secrets) else line for line in text.split("\n"))


def _tells(line: str, secrets: frozenset[str]) -> bool:
    plain = html.unescape(strip_ansi(line))
    return any(secret in plain for secret in secrets)
