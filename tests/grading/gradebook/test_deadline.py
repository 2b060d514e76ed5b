"""Due dates and extensions in nbgrader's tables, and the late penalty that follows from them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.folder import CourseFolder
from course.grading.gradebook.deadline import Listed, due_date, extensions, set_due, students
from tests.grading.gradebook.test_record import rows
from tests.grading.notebooks import make_course, norms

DUE = datetime(2026, 1, 2, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return make_course(tmp_path.resolve(), norms=norms())


def test_without_a_gradebook_there_is_nothing_and_none_is_made(folder: CourseFolder) -> None:
    assert (due_date(folder, "ps1"), extensions(folder, "ps1"), students(folder)) == (None, {}, [])
    assert not (folder.root / "gradebook.db").exists()


def test_what_is_set_is_read_back_and_nbgrader_reads_it(folder: CourseFolder) -> None:
    set_due(folder, "ps1", DUE, {"ann": timedelta(days=2), "bob": None})
    assert (due_date(folder, "ps1"), extensions(folder, "ps1")) == (DUE, {"ann": timedelta(days=2)})
    assert due_date(folder, "ps2") is None
    with Gradebook(folder.db_url, "foreign") as book:
        found = book.find_submission("ps1", "ann")
        assert found.duedate == datetime(2026, 1, 4, 23, 59, 59)
        assert [student.id for student in book.students] == ["ann"]
        assert len(found.notebooks[0].grades) == 4
    set_due(folder, "ps1", DUE, {"ann": None})
    assert extensions(folder, "ps1") == {}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # by nbgrader, as it adds a submission
def test_setting_the_same_again_changes_no_row_of_anybody(folder: CourseFolder) -> None:
    set_due(folder, "ps1", DUE, {"ann": timedelta(days=2)})
    with Gradebook(folder.db_url, "foreign") as book:
        book.add_submission("ps1", book.add_student("bob").id)
        book.grant_extension("ps1", "bob", days=1)
        book.find_grade("norm_tests", "norms", "ps1", "ann").manual_score = 2.0
        book.db.commit()
    before = rows(folder)
    set_due(folder, "ps1", DUE, {"ann": timedelta(days=2)})
    assert rows(folder) == before
    assert extensions(folder, "ps1")["bob"] == timedelta(days=1)


def test_students_are_listed_with_what_is_known_of_them(folder: CourseFolder) -> None:
    set_due(folder, "ps1", DUE, {"ann": timedelta(days=2)})
    with Gradebook(folder.db_url, "foreign") as book:
        book.add_student("bob", first_name="Bob", last_name="Bee", email="b@x")
    assert students(folder) == [Listed("ann", "", ""), Listed("bob", "Bob Bee", "b@x")]
