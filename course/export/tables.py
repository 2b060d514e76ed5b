"""Marks as the tables that other systems read: an own CSV, Canvas's gradebook, Moodle's gradebook and worksheet.

No cell is read as a formula: what others wrote and begins as one gets an apostrophe before it (course.report.table).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.collect import sheet
from course.collect.sheet import Sheet
from course.export.marks import Mark, Marks
from course.report.table import spreadsheet_text

BOM = "\ufeff"  # by which Excel knows UTF-8; Canvas and Moodle, too, read past it
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POINTS = "    Points Possible"  # as Canvas itself writes it
_PLAIN = (_POINTS, "-")  # a dash alone, as Moodle writes for no time, is no formula
_WORKSHEET = ("identifier", "identifikator", "identifiant", "identificador")
_GRADES = ("grade", "bewertung", "note", "calificacion")
_MAXIMA = ("maximum grade", "bestwertung", "note maximale", "calificacion maxima")
_FEEDBACK = (
    *("feedback comments", "feedback als kommentar", "feedback par commentaires"),
    "comentarios de retroalimentacion",
)


@dataclass(frozen=True)
class Table:
    """The text of a file, and what to know of it."""

    text: str
    notes: tuple[str, ...] = ()


def own(marks: Marks) -> Table:
    """A row a student, a column an exercise, then the penalty for lateness and what counts."""
    head = ["student", "name", "email", "handed_in", *(exercise.name for exercise in marks.exercises)]
    rows = [[*head, "penalty", "points", "max_points", "to_score"]]
    rows += [_own_row(marks, mark) for mark in marks.students]
    return Table(BOM + _csv(rows))


def canvas(marks: Marks, assignment: str = "", *, missing_zero: bool = False) -> Table:
    """What Canvas's gradebook imports: its own columns for who it is, and the assignment's with the points possible.

    Args:
        assignment: the column's heading, as in Canvas's export: "MNIST (1234)". A new name makes a new assignment.
    """
    root = [heading for heading in ("Root Account",) if _has(marks, "root account")]
    head = [*_CANVAS[:4], *root, _CANVAS[4]]
    rows = [[*head, assignment or marks.lesson], [_POINTS, *[""] * (len(head) - 1), f"{marks.points:g}"]]
    for mark in marks.students:
        rows.append([*(_canvas_value(mark, heading) for heading in head), _total(mark, missing_zero)])
    notes = []
    if not _has(marks, "sis user id") and not _has(marks, "sis login id"):
        notes.append("the roster is no export of Canvas's gradebook: Canvas will take your ids for its SIS Login IDs")
    return Table(BOM + _csv(rows), tuple(notes))


def moodle(marks: Marks, *, missing_zero: bool = False) -> Table:
    """What Moodle imports: its grading worksheet filled in, if that is the roster; else a table for its gradebook."""
    worksheet = sheet.read(marks.roster) if marks.roster else None
    if worksheet and worksheet.headings.keys() & {*_WORKSHEET} and worksheet.headings.keys() & {*_GRADES}:
        return _filled(marks, worksheet, missing_zero)
    rows = [["Username", "ID number", "Email address", "Name", marks.lesson, "Feedback"]]
    for mark in marks.students:
        email = mark.value("email", "e mail", "email address", "mail") or (mark.scored.email if mark.scored else "")
        number = mark.value("id number", "idnumber", "student number")
        rows.append(
            [
                mark.value("username", "user name", "login") or mark.student,
                number,
                email,
                mark.name,
                _total(mark, missing_zero),
                marks.said(mark),
            ]
        )
    return Table(BOM + _csv(rows))


def _filled(marks: Marks, worksheet: Sheet, missing_zero: bool) -> Table:
    """The worksheet as it came, with grades and comments; Moodle knows its rows by their identifiers."""
    grade = next(name for name in worksheet.headings if name in _GRADES)
    feedback = next((name for name in worksheet.headings if name in _FEEDBACK), None)
    by_line = {mark.row.line: mark for mark in marks.students if mark.row}
    rows = [list(worksheet.headings.values())]
    for row in worksheet.rows:
        values = dict(row.values)
        if (mark := by_line.get(row.line)) and (total := _total(mark, missing_zero)):
            values[grade] = total
            if feedback and (said := marks.said(mark)):
                values[feedback] = said
        rows.append([values.get(name, "") for name in worksheet.headings])
    notes = ["this is Moodle's grading worksheet, filled in: upload it under “Upload grading worksheet”"]
    if not feedback:
        notes.append("it has no column for feedback: none is in it")
    if other := {_float(row.first(_MAXIMA)) for row in worksheet.rows} - {None, marks.points}:
        least = min(filter(None, other), default=0.0)
        notes.append(
            f"its maximum grade is {least:g}, the lesson's {marks.points:g}: set {marks.points:g} in Moodle first"
        )
    return Table(BOM + _csv(rows), tuple(notes))


def _own_row(marks: Marks, mark: Mark) -> list[str]:
    scored = mark.scored
    email = mark.value("email", "e mail", "email address", "mail") or (scored.email if scored else "")
    when = scored.handed_in.isoformat(timespec="seconds") if scored and scored.handed_in else ""
    about = [mark.student, mark.name, email, when]
    if not scored or not mark.is_graded:
        return [*about, *[""] * (len(marks.exercises) + 2), f"{marks.points:g}", ""]
    found = [scored.scores.get(exercise.cell) for exercise in marks.exercises]
    points = ["" if score is None or score.is_waiting else f"{score.score:g}" for score in found]
    waiting = sum(score is not None and score.is_waiting for score in found)
    return [*about, *points, f"{scored.penalty:g}", f"{scored.total:g}", f"{marks.points:g}", str(waiting or "")]


def _canvas_value(mark: Mark, heading: str) -> str:
    name = sheet.folded(heading)
    if name == "student":
        return mark.value("student") or mark.name
    given = mark.value(name)
    is_canvas = bool(mark.value("sis login id", "sis user id"))
    if name == "id":
        return given if is_canvas else ""  # in another roster, "id" is the university's
    return given or (mark.student if name == "sis login id" and not is_canvas else "")


def _total(mark: Mark, missing_zero: bool) -> str:
    if mark.total is None:
        return "0" if missing_zero else ""
    return f"{mark.total:g}"


def _has(marks: Marks, heading: str) -> bool:
    return any(mark.value(heading) for mark in marks.students)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([value if value in _PLAIN or _is_number(value) else spreadsheet_text(value) for value in row])
    return file.getvalue()


def _float(value: str) -> float | None:
    """A number with a point or a comma; None for anything else."""
    value = value.replace(",", ".")
    return float(value) if _is_number(value) else None


def _is_number(value: str) -> bool:
    """Whether it is one that we wrote: with a minus sign, it is no formula."""
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is not None
