"""The class at a glance: who earned what, exercise by exercise, and what went wrong."""

import csv
import re
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from course.grading.submission.names import shown
from course.grading.verdict.model import ENDINGS, CellVerdict, SubmissionVerdict
from course.report.screen import harmless, wide_console

BAR = 8  # characters
MARKS = {"full": ("✓", "green"), "part": ("◐", "yellow"), "none": ("✗", "red"), "blank": ("–", "bright_black")}
MARKS |= {"stopped": ("!", "magenta"), "open": ("…", "cyan")}
LEGEND = {
    "full": "full points",
    "part": "some",
    "none": "none",
    "blank": "not answered",
    "stopped": "stopped or unreadable",
    "open": "to be graded by hand",
}
_STATES = {"passed": "full", "partial": "part", "failed": "none", "blank": "blank", "manual": "open"}
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # the wide ones count where Chinese or Japanese is set
_MARKS = 47  # characters of marks side by side, eight groups of five; more go on below
_FEW = 9  # exercises
_MOST = 3  # things that went wrong, before "and N more"


def print_table(verdicts: Sequence[SubmissionVerdict], console: Console | None = None) -> None:
    """Print the class table; into a pipe it is plain text of a fixed width."""
    (console or wide_console()).print(class_table(verdicts))


def class_table(verdicts: Sequence[SubmissionVerdict]) -> RenderableType:
    """One row a submission, one mark an exercise, and a key that names them with the share the class earned."""
    names = exercises(verdicts)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("student", no_wrap=True, max_width=24, overflow="ellipsis")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=BAR)
    heads = _spaced([Text(str(number % 10)) for number in range(1, len(names) + 1)])
    width = min(len(heads), _MARKS)
    table.add_column(heads, no_wrap=len(heads) <= _MARKS, min_width=width, max_width=width)
    table.add_column("what went wrong", ratio=1, overflow="fold")
    for verdict in verdicts:
        table.add_row(*_row(verdict, names))
    return Group(table, _summary(verdicts), Text(), Columns(_key(verdicts, names), padding=(0, 3)), Text(), _legend())


def exercises(verdicts: Iterable[SubmissionVerdict]) -> list[str]:
    """The grade ids of the graded cells, in the order of the lesson."""
    return list(dict.fromkeys(cell.grade_id for verdict in verdicts for cell in verdict.cells))


def went_wrong(verdict: SubmissionVerdict) -> list[str]:
    """What a person should know of a submission: a phrase for each exercise that went wrong, then the repairs."""
    reasons = {cell.message for cell in verdict.cells if cell.ending == "could not run"}
    if len(reasons) == 1 and all(cell.ending == "could not run" for cell in verdict.cells):
        return [_plain(reasons.pop())]
    broken = _broken_answers(verdict)
    failed = [cell for cell in verdict.cells if state(cell) in ("part", "none", "stopped")]
    phrases = [f"{title(cell.grade_id)}: {_plain(broken.get(title(cell.grade_id)) or _why(cell))}" for cell in failed]
    if blank := [title(cell.grade_id) for cell in verdict.cells if cell.ending == "blank"]:
        phrases.append(f"not answered: {', '.join(blank)}" if len(blank) <= 2 else f"{len(blank)} not answered")
    if verdict.repairs:
        count = f"{len(verdict.repairs)} repairs, first: " if len(verdict.repairs) > 1 else ""
        phrases.append(count + _plain(verdict.repairs[0]))
    return phrases


def state(cell: CellVerdict) -> str:
    """How a cell's mark looks: full, part, none, blank, stopped or open."""
    return _STATES.get(cell.ending, "stopped")


def title(grade_id: str) -> str:
    """The exercise that a grade id belongs to."""
    return grade_id.removesuffix("_tests")


def write_csv(verdicts: Sequence[SubmissionVerdict], path: Path) -> None:
    """Write the table for a spreadsheet: a row a submission, a column an exercise; no cell is read as a formula."""
    names = exercises(verdicts)
    head = ["student", "lesson", "notebook", "points", "max_points", *map(title, names)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)  # some spreadsheets also part cells at a semicolon
        writer.writerow([*map(spreadsheet_text, head), "what_went_wrong", "jail", "seconds"])
        for verdict in verdicts:
            earned = {cell.grade_id: cell.earned for cell in verdict.cells}
            scores = ["" if earned.get(name) is None else f"{earned[name]:g}" for name in names]
            about = [spreadsheet_text(text) for text in (shown(verdict.student), verdict.lesson, verdict.name)]
            points = [f"{verdict.points:g}", f"{verdict.max_points:g}"]
            notes = [
                spreadsheet_text("; ".join(went_wrong(verdict))),
                spreadsheet_text(verdict.jail),
                f"{verdict.seconds:.2f}",
            ]
            writer.writerow([*about, *points, *scores, *notes])


def spreadsheet_text(text: str) -> str:
    """Text that a spreadsheet shows and does not compute."""
    text = _plain(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(verdict: SubmissionVerdict, names: Sequence[str]) -> list[Text]:
    cells = {cell.grade_id: cell for cell in verdict.cells}
    marks = _spaced([_mark(state(cells[name])) if name in cells else Text(" ") for name in names])
    share = verdict.points / verdict.max_points if verdict.max_points else 0.0
    points = Text(f"{verdict.points:g} / {verdict.max_points:g}", style="bold" if share == 1 else "")
    return [Text(_plain(shown(verdict.student))), points, _bar(share), marks, _phrases(went_wrong(verdict))]


def _phrases(phrases: list[str]) -> Text:
    more = len(phrases) - _MOST
    shown = phrases if more <= 1 else [*phrases[:_MOST], f"and {more} more"]
    return Text("; ".join(shown), style="" if phrases else "dim")


def _spaced(marks: list[Text]) -> Text:
    """Marks side by side: a few apart from each other, many in groups of five."""
    if len(marks) <= _FEW:
        return Text(" ").join(marks)
    return Text(" ").join(Text.assemble(*marks[first : first + 5]) for first in range(0, len(marks), 5))


def _mark(name: str) -> Text:
    sign, colour = MARKS[name]
    return Text(sign, style=colour)


def _bar(share: float) -> Text:
    colour = "green" if share >= 0.8 else "yellow" if share >= 0.4 else "red"
    full = round(share * BAR)
    return Text.assemble(("━" * full, colour), ("─" * (BAR - full), "bright_black"))


def _summary(verdicts: Sequence[SubmissionVerdict]) -> Text:
    most = max((verdict.max_points for verdict in verdicts), default=0.0)
    read = [verdict for verdict in verdicts if verdict.is_read]
    middle = statistics.median(verdict.points for verdict in read or verdicts) if verdicts else 0.0
    jails = ", ".join(sorted({verdict.jail for verdict in verdicts}))
    count = f"{len(verdicts)} submission{'s' * (len(verdicts) != 1)}"
    if kept := sum(verdict.kept for verdict in verdicts):
        count += f", {kept} unchanged and not graded again"
    if unread := len(verdicts) - len(read):
        count += f", {unread} could not be read"
    return Text(f"{count} · median {middle:g} of {most:g} points · jail: {jails}", style="bold")


def _key(verdicts: Sequence[SubmissionVerdict], names: Sequence[str]) -> list[Text]:
    """The exercises by number, each with the share of its points that the class earned."""
    key = []
    together = {name for verdict in verdicts for name in verdict.together}
    for number, name in enumerate(names, 1):
        cells = [cell for verdict in verdicts for cell in verdict.cells if cell.grade_id == name]
        graded = [cell for cell in cells if cell.earned is not None]
        possible = sum(cell.points for cell in graded)
        by_hand = len(graded) < len(cells) or not possible
        share = "by hand" if by_hand else f"{sum(cell.earned or 0.0 for cell in graded) / possible:.0%}"
        way = ", together" if name in together else ""
        key.append(Text.assemble((f"{number:>2} ", "bold"), title(name), (f"  {share}{way}", "dim")))
    return key


def _legend() -> Text:
    parts = [Text.assemble(_mark(name), " ", (LEGEND[name], "dim")) for name in MARKS]
    return Text("   ").join(parts)


def _broken_answers(verdict: SubmissionVerdict) -> dict[str, str]:
    """Why answers could not even be run: the error of each answer cell that has one, by its grade id."""
    said = {one.grade_id: f"{one.error}: {one.message}".split("\n")[0].removesuffix(": ") for one in verdict.answers}
    return said | {one.grade_id: one.error for one in verdict.answers if one.error in ENDINGS}


def _why(cell: CellVerdict) -> str:
    """How the cell ended, or the first check that failed, or the one error that made all of them fail."""
    if state(cell) == "stopped":
        return cell.ending
    failed = [check for check in cell.report.checks if check.message] if cell.report else []
    lines = {check.message.split("\n")[0] for check in failed}
    if len(failed) > 1 and len(lines) == 1:
        return lines.pop()
    if failed:
        return failed[0].label + (f" (+{len(failed) - 1})" if len(failed) > 1 else "")
    return cell.message.split("\n")[0] or cell.ending


def _plain(text: str) -> str:
    """One line without what steers a terminal or turns the way of writing, since some comes from students' code."""
    return re.sub(r"\s+", " ", harmless(text)).strip()
