"""`course collect`: from folders and zip files to `submitted/`. `collect` reads from top to bottom."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from course.collect import outcome
from course.collect.asked import Terms, Wanted, terms
from course.collect.best import points_of
from course.collect.dues import DAY_S, Dues
from course.collect.keeping import Attempt, Kept
from course.collect.outcome import Collected, Line
from course.collect.parcel import Refusal
from course.collect.placing import place
from course.collect.policy import choose, standing_of
from course.collect.work import Work
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import deadline as gradebook
from course.grading.plan.exam import exams_of


def collect(folder: CourseFolder, lesson: str, paths: Sequence[Path], wanted: Wanted | None = None) -> Collected:
    """Keep every attempt in these parcels, lay the one that counts out in `submitted/`, and say how everybody stands.

    Raises CourseError for a lesson that there is not, and for a roster, a deadline or extensions that cannot be read.
    A parcel that cannot be read, and what is nobody's, is named in the result.
    """
    wanted = wanted or Wanted()
    exams = exams_of(folder, lesson)
    before = outcome.last(folder, lesson)
    given = terms(folder, lesson, wanted, before)
    with _scratch(wanted) as scratch:
        kept = Kept(folder.collected / lesson, scratch)
        kept.clear()
        work = Work(folder, lesson, exams, given, kept)
        for path in paths:
            work.open(path, wanted.platform)
        work.keep_what_lies()
        chosen = _chosen(work, given)
        result = _result(work, given, chosen)
        if wanted.dry_run:
            return result
        laid_out = [attempt for attempt in chosen.values() if attempt.student not in work.untouched]
        placed = sum(place(attempt, work.place_of(attempt.student), kept.root) for attempt in laid_out)
        outcome.save(folder, result)
    try:
        _tell_gradebook(folder, result, before, given)
    except CourseError as error:
        failed = Refusal("the gradebook", f"it knows of no due date and no extension: {error}")
        result = replace(result, failed=(*result.failed, failed))
    return replace(result, placed=placed)


@contextmanager
def _scratch(wanted: Wanted) -> Iterator[Path | None]:
    """Where new attempts go if nothing is to be changed."""
    if not wanted.dry_run:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="clozegrad-") as name:
        yield Path(name)


def _chosen(work: Work, given: Terms) -> dict[str, Attempt]:
    """The attempt that counts of everybody who has one."""
    attempts = {student: found for student in work.students() if (found := work.kept.of(student))}
    points = {}
    if given.policy == "best":
        rivals = [one for found in attempts.values() if len(found) > 1 for one in found]
        points = points_of(work.folder, work.exams, rivals, work.kept)
    return {
        student: choose(found, given.policy, given.dues, lambda one: points[one.student, one.about.number])
        for student, found in attempts.items()
    }


def _result(work: Work, given: Terms, chosen: Mapping[str, Attempt]) -> Collected:
    lines = tuple(_line(work, student, chosen.get(student), given.dues) for student in work.students())
    refused = [
        Refusal(f"{student}: {one.place}", one.reason)
        for student in chosen
        for attempt in work.kept.of(student)
        for one in attempt.about.refused
    ]
    return Collected(
        work.lesson,
        given.policy,
        given.dues.late_days_each,
        given.dues.deadline,
        lines,
        tuple(work.strays),
        (*work.refused, *dict.fromkeys(refused)),
        tuple(work.failed),
        tuple(work.opened),
        tuple(work.notes),
        work.new,
    )


def _line(work: Work, student: str, attempt: Attempt | None, dues: Dues) -> Line:
    people = work.terms.people
    names = people.students[student].names if people and student in people.students else ()
    line = Line(student, names[0] if names else "", due=dues.due(student))
    if attempt is None:
        return line
    about, stands = attempt.about, standing_of(attempt, dues)
    return replace(
        line,
        status=stands.status,
        time=about.time,
        clock=about.clock,
        late_s=stands.late_s,
        days_used=stands.days_used,
        by_platform=stands.by_platform,
        attempts=len(work.kept.of(student)),
        chosen=attempt.folder.name,
        receipt=about.receipt,
        problem=about.problem,
        notes=(*about.notes, *([f"wrote: {about.comment}"] if about.comment else [])),
        extension_s=dues.extension(student).total_seconds() + stands.days_used * DAY_S,
    )


def _tell_gradebook(folder: CourseFolder, result: Collected, before: Collected, given: Terms) -> None:
    """Write the due date and everybody's extension where nbgrader's late penalties look; nobody else's are touched."""
    if result.deadline is None:
        return
    were = {line.student: line.extension_s for line in before.lines}
    extended: dict[str, timedelta | None] = {}
    for line in result.lines:
        if line.attempts and line.student not in given.foreign and (line.extension_s or were.get(line.student)):
            extended[line.student] = timedelta(seconds=line.extension_s) if line.extension_s else None
    gradebook.set_due(folder, result.lesson, result.deadline, extended)
