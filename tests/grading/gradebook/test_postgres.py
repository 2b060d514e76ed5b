"""The gradebook may be in PostgreSQL: the same rows, two commands at once, and a server that goes away."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import database
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.gradebook.deadline import due_date, students
from course.grading.gradebook.scores import scores
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.gradebook import servers
from tests.grading.gradebook.servers import Server
from tests.grading.gradebook.test_record import TABLES, rows
from tests.grading.notebooks import make_course, norms, write_source
from tests.grading.test_faults import CLASS, RIGHT, make_class


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with servers.running() as running:
        yield running


@pytest.fixture
def folder(server: Server, tmp_path: Path) -> CourseFolder:
    """A class with a database of its own."""
    return make_class(tmp_path.resolve()).keeping_scores_in(server.make(tmp_path.name))


def in_database(url: str, *names: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of some tables, as `rows` reads them from a file."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as db:
        return {name: sorted(map(plain, db.execute(text(TABLES[name]))), key=repr) for name in names}


def plain(row: Iterable[object]) -> tuple[object, ...]:
    """A row as SQLite has it, which knows no booleans."""
    return tuple(int(value) if isinstance(value, bool) else value for value in row)


def points(url: str) -> dict[str, float]:
    """What the database has for each student."""
    found: dict[str, float] = {}
    for who, _, _, _, auto, *_ in in_database(url, "grade")["grade"]:
        found[str(who)] = found.get(str(who), 0.0) + (float(str(auto)) if auto is not None else 0.0)
    return found


def test_it_has_the_rows_that_a_file_would_have(folder: CourseFolder) -> None:
    grade(folder, "ps1", jobs=2)
    as_file = CourseFolder(folder.root)
    grade(as_file, "ps1", jobs=2, force=True)
    names = ("assignment", "notebook", "cell", "source", "submission", "submitted", "grade", "comment", "version")
    expected = {name: sorted(map(plain, found), key=repr) for name, found in rows(as_file, *names).items()}
    assert repr(in_database(folder.db_url, *names)) == repr(expected)


def test_a_changed_lesson_is_stored_in_place_of_the_old_one(folder: CourseFolder) -> None:
    grade(folder, "ps1", ["student_1"], jobs=2)
    source = norms()
    source.cells = [cell for cell in source.cells if cell.id != "spread_tests"]
    next(cell for cell in source.cells if cell.id == "mean_tests").source = "assert mean > 0"
    write_source(folder.root, source)
    assert [one.points for one in grade(folder, "ps1", ["student_1"], jobs=2)] == [4.0]
    assert points(folder.db_url) == {"student_1": 4.0}


def test_what_was_graded_is_kept_and_what_others_ask_is_answered(folder: CourseFolder) -> None:
    assert students(folder) == []
    assert due_date(folder, "ps1") is None
    assert scores(folder, "ps1") == ()
    grade(folder, "ps1", jobs=2)
    assert all(one.kept for one in grade(folder, "ps1", jobs=2))
    assert {one.student: one.total for one in scores(folder, "ps1")} == RIGHT


def test_two_commands_at_once_neither_corrupt_nor_lose(folder: CourseFolder) -> None:
    command = [sys.executable, "-m", "course", "grade", "ps1", "--jobs", "1", "--force", "--db", folder.db_url]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, cwd=folder.root, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    complaints = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], complaints
    assert points(folder.db_url) == RIGHT
    assert len(in_database(folder.db_url, "grade")["grade"]) == 4 * len(CLASS)
    assert all(one.kept for one in grade(folder, "ps1", jobs=2))


def test_a_server_that_goes_in_the_middle_keeps_what_was_graded(folder: CourseFolder, server: Server) -> None:
    done: list[SubmissionVerdict] = []

    def crash(verdict: SubmissionVerdict) -> None:
        done.append(verdict)
        if len(done) == 2:
            server.stop()

    try:
        with pytest.raises(
            CourseError, match=r"cannot be written: .*(start it|server is about).* and run this again|kept"
        ):
            grade(folder, "ps1", jobs=2, on_progress=crash)
        assert len(done) == 2
        with pytest.raises(CourseError, match=r"Connection refused.*no server listens there: start it"):
            grade(folder, "ps1", jobs=2)
    finally:
        server.start()
    assert {one.student for one in done} <= {one.student for one in grade(folder, "ps1", jobs=2) if one.kept}
    assert points(folder.db_url) == RIGHT


def test_a_transaction_that_another_one_holds_up_is_given_up(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(folder, "ps1", ["student_1"], jobs=1)
    engine = create_engine(folder.db_url, poolclass=NullPool)
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    with engine.begin() as other:
        other.execute(text(f"SELECT pg_advisory_xact_lock({database._LOCK})"))
        with pytest.raises(CourseError, match=r"lock timeout .another program has it open"):
            students(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("not%20a%20secret", "wrong"), r"password authentication failed .*put the right user and password"),
        (("/wrong", "/nowhere"), r"database \"nowhere\" does not exist.*createdb"),
        (("127.0.0.1", "no-such-host.invalid"), r"put the right host into its address"),
        (("+psycopg", "+nothing"), r"address cannot be understood .NoSuchModuleError.*postgresql.psycopg://"),
        (("://", ":/"), r"address cannot be understood .ArgumentError"),
        (("+psycopg", "+psycopg2"), r"needs a package that is not installed .*pip install 'clozegrad\[postgres\]'"),
    ],
)
def test_an_address_that_is_wrong_is_named_without_its_password(
    server: Server, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms()).keeping_scores_in(server.url("wrong").replace(*change))
    with pytest.raises(CourseError, match=message) as raised:
        ensure_assignment(folder, "ps1")
    assert "secret" not in str(raised.value)


def test_the_command_says_in_a_line_what_is_wrong_with_the_address(server: Server, tmp_path: Path) -> None:
    folder = make_class(tmp_path.resolve())
    command = [sys.executable, "-m", "course", "grade", "ps1", "--db", server.url("nowhere")]
    done = subprocess.run(command, cwd=folder.root, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the gradebook postgresql+psycopg://course:***@127.0.0.1")
    assert "Traceback" not in done.stderr
