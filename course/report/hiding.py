"""What a student may see of a graded cell: nothing of the hidden tests, and what is left explained.

Of a test cell, nothing that ran in it is passed on: its results are written anew from the record of its checks, without
the message and the output of a hidden check, since the student's code could print the hidden inputs into both. Where a
cell left no record (plain asserts of another course), an error is only quoted when a visible line raised it.

In other cells, lines that quote hidden source are cut out. Once a hidden test has called the student's code, that code
knows the hidden inputs and could show them from any later cell, or hand them to a visible check as its result. So from
there on the page repeats no output of the student's and no message of a visible check: the student's own copy of the
notebook shows both, made from data that is not a secret.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.grading.verdict.model import CellVerdict
from course.results import CheckResult, points_text

SAFE_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg")
SENTENCES = {
    "timeout": "Your code took too long here and was stopped. Is there a loop that never ends?",
    "out of memory": "Your code used more memory than there is here and was stopped.",
    "crashed": "Python itself crashed while your code ran here, or your code was stopped for printing far too much.",
    "exited": "Your code ended the Python process itself. Is there an exit(), quit() or os._exit()?",
    "could not run": "This part could not be run.",
    "blank": "Not answered yet.",
}
WITHHELD = "What a cell below a hidden test shows is not repeated here: run it in your own copy of the notebook"
# Of whatever kind: which one it was could tell what a hidden test has shown to the student's code.
DID_NOT_END = (
    "Your answer did not come to its end: it raises an error, takes too long, ends Python or takes too much memory. "
    "Run it in your own copy of the notebook."
)
RUN_IT = "Run this cell in your notebook to see what was expected and what came back."
CUT = "[a line that quotes a hidden test was cut here]"
_SHORTEST = 10  # a hidden line shorter than this says nothing, and may stand in any student's code
_QUOTED = re.compile(r": `([^`\n]*)`")


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


def shown(
    verdict: CellVerdict,
    visible: str,
    hidden: list[str],
    *,
    has_seen: bool = False,
    own: frozenset[str] = frozenset(),
) -> Shown:
    """What a student sees of a test cell.

    Args:
        visible: its source without what is hidden.
        hidden: the lines that were taken out.
        has_seen: whether an earlier hidden test has shown its inputs to the student's code.
    """
    if verdict.report is not None:
        rows = []
        for check in verdict.report.checks:
            rows.append(_row(check, own, told=not has_seen))
            has_seen = has_seen or check.hidden
        sentence = "" if verdict.ending == "blank" else SENTENCES.get(verdict.ending)  # the rows say it
        return Shown(tuple(rows), tuple(filter(None, [sentence])))
    if verdict.raised is not None or verdict.ending not in ("passed", "partial", "manual"):
        return Shown((), (_explained(verdict, visible, hidden, told=not has_seen),))
    printed = "" if hidden or has_seen else verdict.printed.strip()
    return Shown((), (printed,) if printed else ())


def withhold_outputs(cell: NotebookNode) -> None:
    """Put one line in place of whatever a cell showed, if anything: even the name of an error can spell a secret."""
    cell.outputs = [new_output("stream", name="stdout", text=f"[{WITHHELD}]\n")]


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
        points = points_text(row.points, row.earned)
        lines.append(f"{'✓' if row.passed else '✗'} {row.label}{points}")
        told = [*row.message.splitlines(), *([f"hint: {row.hint}"] if row.hint else [])]
        lines += [f"    {line}" for line in told]
    text = "\n".join([*lines, *result.notes])
    return [new_output("stream", name="stdout", text=text + "\n")] if text else []


def _told(check: CheckResult, own: frozenset[str]) -> str:
    """What a hidden check may say: the kind of fault, and the line of code only where it is the student's own.

    The line came from the process of the student's code, which could have written anything there.
    """
    return _QUOTED.sub(lambda found: found[0] if found[1].strip() in own else "", check.told)


def _row(check: CheckResult, own: frozenset[str], *, told: bool) -> Row:
    message = check.message if told else RUN_IT if check.message else ""
    return Row(
        label=check.label,
        points=check.points,
        earned=check.earned,
        passed=check.passed,
        hidden=check.hidden,
        hint="" if check.passed else check.hint,
        message=_told(check, own) if check.hidden else message,
        printed="" if check.hidden or not told else check.printed.strip("\n"),
    )


def _explained(verdict: CellVerdict, visible: str, hidden: list[str], *, told: bool) -> str:
    """What may be said of a test that did not pass and has no record of checks."""
    if verdict.raised is None:
        return SENTENCES.get(verdict.ending, "The tests of this cell did not pass.")
    line = verdict.raised.line
    if hidden and (line not in visible or not line):
        return "A hidden test did not pass."
    if not told:
        return f"A visible test did not pass. {RUN_IT}"
    quoted = f"\n    {line}" if line else ""
    return f"{verdict.raised.error}: {verdict.raised.message}{quoted}"


def _cut_text(kind: str, value: str, secrets: frozenset[str]) -> str:
    return value if kind.startswith("image/") else _cut_lines("".join(value), secrets)


def _cut_lines(text: str, secrets: frozenset[str]) -> str:
    return "\n".join(CUT if _tells(line, secrets) else line for line in text.split("\n"))


def _tells(line: str, secrets: frozenset[str]) -> bool:
    plain = html.unescape(strip_ansi(line))
    return any(secret in plain for secret in secrets)
