"""The class, as a table lists it: an own CSV, or what Moodle, Canvas, Blackboard or GitHub Classroom export."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.collect import sheet
from course.collect.people import Id, People, Student
from course.collect.sheet import Row, Sheet
from course.errors import CourseError

PARTICIPANT, CANVAS, GITHUB = "participant", "canvas", "github"  # numberings that are not the university's
# Headings as `folded` writes them; of the ids, the first that has values names the folders.
IDS: tuple[str, ...] = (
    *("student id", "studentid", "username", "user name", "login", "sis login id", "login id", "netid", "net id"),
    *("anmeldename", "benutzername", "nom d utilisateur", "nombre de usuario", "user id", "id number", "idnumber"),
    *("student number", "matriculation number", "matrikelnummer", "id nummer", "orgdefinedid", "sis user id"),
    *("sis id", "id", "identifier"),
)
OTHER_IDS: Mapping[str, str] = {
    **dict.fromkeys(("canvas id", "canvas user id"), CANVAS),
    **dict.fromkeys(("github username", "github login", "github"), GITHUB),
}
EMAILS: tuple[str, ...] = (
    *("email", "e mail", "email address", "e mail address", "mail", "e mail adresse", "adresse de courriel"),
    "direccion de correo",
)
NAMES: tuple[str, ...] = (
    *("name", "full name", "fullname", "student name", "student", "display name", "vollstandiger name"),
    *("nom complet", "nombre completo"),
)
FIRST = ("first name", "firstname", "given name", "given names", "vorname", "prenom", "nombre")
LAST: tuple[str, ...] = (
    *("last name", "lastname", "surname", "family name", "nachname", "nom", "nom de famille", "apellido s"),
    "apellidos",
)
ALIASES = ("alias", "aliases", "also", "also known as")
_NUMBERED = re.compile(r"\D+?\s?(\d+)")  # "Participant 123", in the language of the platform
_MOODLES = {"full name", "status", "grade", "vollstandiger name", "bewertung", "nom complet", "nombre completo"}
_MAX_ID = 200  # bytes


@dataclass(frozen=True)
class Roster:
    """A class, by which column its folders are named, and what is to be said of the table."""

    people: People
    named_by: str
    notes: tuple[str, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)  # by student


def read(path: Path, column: str | None = None) -> Roster:
    """The class in a table; CourseError where no column can name the students, or two students would be one.

    Args:
        column: the heading under which the names of the folders stand (default: the first of `IDS` with values).
    """
    table = sheet.read(path)
    key = _key(table, column)
    students: dict[str, Student] = {}
    rows: dict[str, Row] = {}
    nameless = []
    for row in table.rows:
        own = row.values.get(key, "")
        if not own:
            if not _is_heading(row):
                nameless.append(row.line)
            continue
        if not is_folder_name(own):
            raise CourseError(
                f"{table.at(row)}: {own[:40]!r} cannot be the name of a folder: choose another column with --id"
            )
        student = Student(own, tuple(names(row)), frozenset(ids(row, table)))
        if (before := students.get(own)) and before != student and not set(before.names) & set(student.names):
            raise CourseError(f"{table.at(row)}: {own!r} is also in line {rows[own].line}, as another student")
        students[own] = _joined(before, student)
        rows.setdefault(own, row)
    if not students:
        raise CourseError(f"{path} has no values under {table.headings[key]!r}")
    lines = ", ".join(map(str, nameless[:5])) + (" …" if len(nameless) > 5 else "")
    notes = (f"{path}: no {table.headings[key]!r} in line {lines}: left out",) if nameless else ()
    if column is None and key not in IDS:
        notes = (f"{path} has no column of ids: folders are called by {table.headings[key]!r}; see --id", *notes)
    return Roster(People(students.values()), table.headings[key], notes, rows)


def names(row: Row) -> Iterator[str]:
    """Every name that a row has for its student."""
    first, last = row.first(FIRST), row.first(LAST)
    if first and last:
        yield f"{first} {last}"
    yield from (value for heading in NAMES if (value := row.values.get(heading, "")))
    yield from _aliases(row)


def ids(row: Row, table: Sheet) -> Iterator[Id]:
    """Every id and address that a row has for its student, each with whose numbering it is."""
    is_canvas = bool({"sis login id", "sis user id", "sis id"} & table.headings.keys())
    is_moodle = bool(_MOODLES & table.headings.keys())
    for heading in (*IDS, *EMAILS):
        if not (value := row.values.get(heading, "")):
            continue
        if heading == "id" and is_canvas:
            yield CANVAS, value
        elif heading == "identifier" and is_moodle and (numbered := _NUMBERED.fullmatch(value)):
            yield PARTICIPANT, numbered[1]
        else:
            yield "", value
    yield from ((space, value) for heading, space in OTHER_IDS.items() if (value := row.values.get(heading, "")))
    yield from (("", alias) for alias in _aliases(row))


def _aliases(row: Row) -> list[str]:
    return [part.strip() for heading in ALIASES for part in row.values.get(heading, "").split("|") if part.strip()]


def _key(table: Sheet, column: str | None) -> str:
    """The column that names the folders."""
    if column is not None:
        if (wanted := sheet.folded(column)) not in table.headings:
            known = ", ".join(table.headings.values())
            raise CourseError(f"{table.path} has no column {column!r}: it has {known}")
        return wanted
    is_moodle = bool(_MOODLES & table.headings.keys())
    usable = [name for name in (*IDS, *EMAILS, *OTHER_IDS) if not (name == "identifier" and is_moodle)]
    for name in usable:
        if any(row.values.get(name) for row in table.rows):
            return name
    known = ", ".join(table.headings.values())
    raise CourseError(
        f"{table.path} has no column that could name the students' folders, such as student_id, username or email: "
        f"it has {known}. Name one with --id"
    )


def is_folder_name(own: str) -> bool:
    """Whether a folder can be called by a student's id."""
    return bool(own) and not own.startswith(".") and own.isprintable() and not {"/", "\\"} & {*own} and _is_short(own)


def _is_short(own: str) -> bool:
    return len(own.encode("utf-8", "replace")) <= _MAX_ID


def _is_heading(row: Row) -> bool:
    """Whether it is the line that Canvas puts below the headings."""
    return sheet.folded(row.first(NAMES)) == "points possible"


def _joined(before: Student | None, student: Student) -> Student:
    """One student of two lines, as who is in two sections has."""
    if before is None:
        return student
    known = tuple(dict.fromkeys((*before.names, *student.names)))
    return Student(student.id, known, before.ids | student.ids)
