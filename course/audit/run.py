"""``course audit``: lesson by lesson, try every answer and every mutant, and say what is below the bar."""

import json as json_format
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from course.audit import report
from course.audit.result import LessonAudit, by_exercise
from course.audit.trials import Outcome, TrialRoom, trials
from course.build.lesson import read
from course.errors import CourseError
from course.folder import CourseFolder
from course.report.progress import bar
from course.report.screen import wide_console


@dataclass(frozen=True)
class Wanted:
    """What to audit: with mutants or without, one exercise or all."""

    mutants: bool = True
    exercise: str | None = None
    jobs: int | None = None


def audit_lessons(
    folder: CourseFolder,
    names: Sequence[str],
    wanted: Wanted,
    *,
    json: Path | None = None,
    table: Path | None = None,
    console: Console | None = None,
) -> bool:
    """Audit lessons (default: all), print each, write what is asked for; whether all are above the bar.

    Raises CourseError when a lesson is not there, or one exercise of several lessons is asked for.
    """
    console = console or wide_console()
    names = list(names) or folder.lesson_names()
    if wanted.exercise and len(names) != 1:
        raise CourseError(f"--exercise {wanted.exercise} needs the name of one lesson: course audit LESSON -e EXERCISE")
    audits = []
    for name in names:
        audits.append(audit(folder, name, wanted))
        report.show(audits[-1], console)
    if json:
        json.write_text(json_format.dumps([one.data() for one in audits], indent=1) + "\n", "utf-8")
    if table:
        table.write_text(report.markdown(audits), "utf-8")
    return not any(one.complaints() for one in audits)


def audit(folder: CourseFolder, lesson: str, wanted: Wanted) -> LessonAudit:
    """The audit of one lesson as it stands in lessons/."""
    read_lesson = read(folder.lessons / lesson)
    todo = trials(read_lesson, with_mutants=wanted.mutants, only=wanted.exercise)
    outcomes: list[Outcome] = []
    with TrialRoom(folder, read_lesson, wanted.jobs) as room, bar(len(todo)) as advance:
        for outcome in room.run(todo):
            outcomes.append(outcome)
            advance(outcome.trial.exercise.name)
        whole = room.whole() if wanted.exercise is None else None
    return LessonAudit(lesson, by_exercise(outcomes), whole)
