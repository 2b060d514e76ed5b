"""What collecting found, as a table in the terminal and as one for a spreadsheet."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from course.collect import when
from course.collect.outcome import Collected, Line
from course.collect.parcel import Refusal
from course.grading.submission.names import shown
from course.report.screen import harmless, wide_console
from course.report.table import spreadsheet_text

MAX_PLACES = 3  # of files that were refused for the same reason
_STYLES = {"on time": "green", "extended": "green", "late days": "yellow", "late": "red", "missing": "bright_black"}
_RECEIPTS = {"verified": ("✓", "green"), "does not match": ("✗", "red"), "none": ("–", "bright_black")}
_CSV = (
    *("student", "name", "status", "handed_in_utc", "time_from", "late_s", "late", "due_utc", "late_days_used"),
    *("attempts", "chosen", "receipt", "problem", "notes"),
)


def print_table(outcome: Collected, where: tzinfo | None = None, console: Console | None = None) -> None:
    """Print who handed in and when, in a time zone or this machine's, and what is nobody's or could not be read."""
    (console or wide_console()).print(class_table(outcome, where))


def class_table(outcome: Collected, where: tzinfo | None = None) -> RenderableType:
    """One row a student, a summary, and below it everything that did not find its place."""
    table = _table("student", "status", "handed in", "attempts", "receipt", "to know")
    for line in outcome.lines:
        table.add_row(*_row(line, where))
    parts: list[RenderableType] = [table, _summary(outcome, where), Text()]
    parts += [Text(harmless(sentence)) for sentence in outcome.opened]
    if outcome.failed:
        parts += [_listed("failed", "why", ((one.place, one.reason) for one in outcome.failed))]
    if outcome.strays:
        told = ((one.place, one.reason) for one in outcome.strays)
        parts += [_listed("handed in, and not collected", "why", told)]
    if outcome.refused:
        parts += [_listed("files left out", "why", _grouped(outcome.refused))]
    return Group(*parts)


def standing(line: Line) -> str:
    """How a student stands, in a few words."""
    late = f" by {when.said(line.late_s)}" if line.late_s else ""
    said = " (the platform says)" if line.by_platform else ""
    if line.status == "late days":
        return f"late{late}, {line.days_used} late day{'s' * (line.days_used != 1)} used"
    if line.status == "late":
        return f"late{late}{said}"
    return f"{line.status}{said}"


def write_csv(outcome: Collected, path: Path) -> None:
    """Write the table for a spreadsheet, a row a student; no cell is read as a formula."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(_CSV)
        for line in outcome.lines:
            writer.writerow([spreadsheet_text(cell) for cell in _cells(line)])


def _cells(line: Line) -> Iterator[str]:
    yield from (shown(line.student), line.name, standing(line))
    yield from (line.time.isoformat() if line.time else "", line.clock)
    yield from (
        "" if line.late_s is None else f"{max(0.0, line.late_s):.0f}",
        when.said(line.late_s) if line.late_s else "",
    )
    yield from (line.due.isoformat() if line.due else "", str(line.days_used), str(line.attempts), line.chosen)
    yield from (line.receipt, line.problem, "; ".join(line.notes))


def _row(line: Line, where: tzinfo | None) -> list[Text]:
    sign, colour = _RECEIPTS[line.receipt]
    own_receipt = line.receipt if line.receipt == "does not match" else ""
    told = [*([line.problem] if line.problem else []), *line.notes]
    name = f"{shown(line.student)}  {line.name}" if line.name else shown(line.student)
    status = "red" if line.problem else _STYLES.get(line.status, "")
    return [
        Text(_plain(name)),
        Text(standing(line), style=status),
        Text(f"{when.local(line.time, where):%Y-%m-%d %H:%M}" if line.time else ""),
        Text(str(line.attempts) if line.attempts > 1 else "", justify="right"),
        Text(f"{sign} {own_receipt}".strip() if line.attempts else "", style=colour),
        Text(_plain("; ".join(told)), style="red" if line.problem else ""),
    ]


def _summary(outcome: Collected, where: tzinfo | None) -> Text:
    """How many there are of each, and by what that is judged."""
    counts = Counter(line.status for line in outcome.lines)
    parts = [f"{len(outcome.lines)} student{'s' * (len(outcome.lines) != 1)}"]
    parts += [f"{count} {'within late days' if status == 'late days' else status}" for status, count in counts.items()]
    unusable = sum(bool(line.problem) for line in outcome.lines)
    several = sum(line.attempts > 1 for line in outcome.lines)
    unfit = sum(line.receipt == "does not match" for line in outcome.lines)
    for count, what in ((unusable, "that cannot be graded"), (several, "with several attempts")):
        parts += [f"{count} {what}"] if count else []
    parts += [f"{unfit} whose receipt does not match"] if unfit else []
    due = f"due {when.local(outcome.deadline, where):%Y-%m-%d %H:%M %Z}" if outcome.deadline else "no deadline"
    days = f", {outcome.late_days} late days each" if outcome.late_days else ""
    new = f" · {outcome.new} new attempt{'s' * (outcome.new != 1)}, {outcome.placed} laid out"
    return Text(f"{' · '.join(parts)}\n{due}{days}, the {outcome.policy} attempt counts{new}", style="bold")


def _grouped(refused: Sequence[Refusal]) -> Iterator[tuple[str, str]]:
    """The first places for each reason, with how many more there are."""
    places: dict[str, list[str]] = defaultdict(list)
    for one in refused:
        places[one.reason].append(one.place)
    for reason, all_ in places.items():
        more = f" and {len(all_) - MAX_PLACES} more" if len(all_) > MAX_PLACES else ""
        yield ", ".join(all_[:MAX_PLACES]) + more, reason


def _listed(what: str, why: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = _table(what, why)
    for place, reason in rows:
        table.add_row(Text(_plain(place)), Text(_plain(reason)))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold", ratio=1 if head in ("to know", "why") else None)
    return table


def _plain(text: str) -> str:
    """One line without what steers a terminal."""
    return " ".join(harmless(text).split())
