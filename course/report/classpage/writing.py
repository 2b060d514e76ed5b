"""`course report`: the page of the class, written to reports/, and what the next one compares with."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.folder import CourseFolder
from course.grading.gradebook.scores import scores
from course.report.classpage import history
from course.report.classpage.handins import hand_ins
from course.report.classpage.items import items
from course.report.classpage.page import page_of
from course.whole import write_whole

PRIVATE = 0o600  # it names students and shows hidden tests


@dataclass(frozen=True)
class Written:
    """The page, and how many hand-ins are on it."""

    page: Path
    count: int


def write_report(folder: CourseFolder, lesson: str, now: datetime) -> Written:
    """Write a lesson's page; CourseError when nothing is graded, or what is kept of the last report is damaged."""
    page, kept = folder.reports / f"{lesson}.html", folder.reports / f"{lesson}.json"
    before = history.read(kept)
    found = hand_ins(folder, lesson)
    listed = items(found)
    after = history.now(found, listed, now)
    absent = {scored.student for scored in scores(folder, lesson)} - {one.student for one in found}
    change = history.change(before, after) if before else None
    write_whole(page, page_of(lesson, found, listed, change, len(absent), now).encode(), PRIVATE)
    write_whole(kept, history.text_of(after).encode(), PRIVATE)
    return Written(page, len(found))
