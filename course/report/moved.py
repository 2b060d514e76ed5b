"""Whose points moved when hand-ins were graded again, from what to what, and why: a table, CSV or JSON."""

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.errors import CourseError
from course.grading.submission.names import shown
from course.grading.verdict.model import Cause, Move, SubmissionVerdict
from course.report.screen import harmless, wide_console
from course.report.table import spreadsheet_text, title

BECAUSE: Mapping[Cause, str] = {
    "hand-in": "hand-in changed",
    "test": "test changed",
    "new": "new in the source",
    "gone": "gone from the source",
    "source": "source changed",
    "engine": "engine or packages changed",
    "settings": "settings changed",
    "disturbed": "the machine had disturbed it",
    "gradebook": "the gradebook had another score",
    "unknown": "its earlier result does not say",
    "nothing": "nothing changed: the result varies",
}
_AGAIN = {**BECAUSE, "nothing": "--force, or another run at once"}
ENDINGS = (".csv", ".json")


def print_moves(verdicts: Sequence[SubmissionVerdict], console: Console | None = None) -> None:
    """Print why hand-ins were graded again and what moved; nothing where none was."""
    again = [verdict for verdict in verdicts if verdict.again]
    if not again:
        return
    console = console or wide_console()
    if any(verdict.moved for verdict in again):
        console.print(_table(again))
    console.print(summary(again), highlight=False, markup=False)


def summary(again: Sequence[SubmissionVerdict]) -> str:
    """How many were graded again, why, and how many of them have other points than before."""
    reasons = Counter(", ".join(_AGAIN[cause] for cause in verdict.again) for verdict in again)
    why = "; ".join(f"{count} ({reason})" for reason, count in reasons.most_common())
    moved = {verdict.student for verdict in again if verdict.moved}
    points = f"points moved for {len(moved)} student{'s' * (len(moved) != 1)}" if moved else "nobody's points moved"
    return f"graded again: {why}; {points}"


def require_ending(path: Path) -> None:
    """Raise CourseError where a file's name does not say in which of the two formats moves are wanted."""
    if path.suffix.casefold() not in ENDINGS:
        raise CourseError(
            f"{path}: whose points moved is written as {' or '.join(ENDINGS)}: give it one of these endings"
        )


def write_moves(verdicts: Sequence[SubmissionVerdict], path: Path) -> None:
    """Write a row a move as CSV, or as JSON where the file is called so."""
    rows = [_row(verdict, move) for verdict in verdicts if verdict.again for move in verdict.moved]
    if path.suffix.casefold() == ".json":
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["student", "lesson", "notebook", "exercise", "before", "after", "by_hand", "causes"])
        for row in rows:
            writer.writerow(map(_cell, row.values()))


def _row(verdict: SubmissionVerdict, move: Move) -> dict[str, object]:
    return {
        "student": shown(verdict.student),
        "lesson": verdict.lesson,
        "notebook": verdict.name,
        "exercise": title(move.grade_id),
        "before": move.before,
        "after": move.after,
        "by_hand": move.by_hand,
        "causes": list(move.causes),
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return spreadsheet_text(value) if isinstance(value, str) else "" if value is None else f"{value:g}"


def _table(again: Sequence[SubmissionVerdict]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("points moved", no_wrap=True, max_width=24, overflow="ellipsis")
    table.add_column("exercise", overflow="fold")
    table.add_column("before", justify="right")
    table.add_column("after", justify="right")
    table.add_column("why", ratio=1, overflow="fold")
    for verdict in again:
        for move in verdict.moved:
            stays = f"; {move.by_hand:g} by hand stays" if move.by_hand is not None else ""
            why = ", ".join(BECAUSE[cause] for cause in move.causes) + stays
            row = shown(verdict.student), title(move.grade_id), _points(move.before), _points(move.after), why
            table.add_row(*(Text(harmless(text)) for text in row))
    return table


def _points(points: float | None) -> str:
    return "…" if points is None else f"{points:g}"
