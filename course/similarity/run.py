"""`course similar`: which hand-ins have unusual things in common, as a table and side by side on a page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.folder import CourseFolder
from course.grading.submission.names import shown
from course.report.classpage.handins import hand_ins
from course.report.screen import wide_console
from course.similarity.page import page_of
from course.similarity.pairs import Pair, pairs
from course.similarity.prints import compared
from course.whole import write_whole

PRIVATE = 0o600
MOST = 50  # pairs that are listed
ADVICE = (
    "Similar is not copied. Short exercises look alike, people who learn together write alike, and both may have read "
    "the same page. This says where to look, and is no evidence: read both, ask both, and let no grade depend on it."
)


@dataclass(frozen=True)
class Similar:
    """What was found: the pairs, of how many hand-ins, and which answers were too long to compare."""

    page: Path
    count: int
    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]


def similar(folder: CourseFolder, lesson: str, most: int, now: datetime) -> Similar:
    """Compare the hand-ins of a lesson and write the page; CourseError when nothing is graded."""
    found = hand_ins(folder, lesson)
    work = compared(folder, lesson, found)
    ranked = pairs(work.prints, most)
    page = folder.reports / f"{lesson}.similar.html"
    write_whole(page, page_of(lesson, work.prints, ranked, ADVICE, now).encode(), PRIVATE)
    return Similar(page, len(found), tuple(ranked), work.left_out)


def print_similar(found: Similar, console: Console | None = None) -> None:
    """Print the pairs, and what they do not mean."""
    console = console or wide_console()
    table = Table("students", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("in common and rare", justify="right")
    table.add_column("all in common", justify="right")
    table.add_column("exercises", ratio=1)
    for pair in found.pairs:
        names = Text(", ".join(map(shown, pair.students)))
        table.add_row(names, f"{pair.rare:.0f}", f"{pair.share:.0%}", Text(", ".join(pair.exercises)))
    if found.pairs:
        console.print(table)
    else:
        console.print(f"{found.count} hand-ins: no two have more in common than short exercises bring about")
    for name in found.left_out:
        console.print(Text(f"too long to compare: {shown(name)}"), soft_wrap=True)
    console.print(Text(ADVICE, style="bold"))
    console.print(
        Text(
            f"wrote {found.page.parent.name}/{found.page.name}; it shows students' work side by side: keep it private"
        ),
        soft_wrap=True,
    )
