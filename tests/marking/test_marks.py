"""Marks in nbgrader's tables, as nbgrader itself reads them."""

import warnings

import pytest
from nbgrader.api import Gradebook

from course.errors import CourseError
from course.folder import CourseFolder
from course.marking.answers import Work, answers
from course.marking.marks import Mark, marks, put
from course.marking.rubric import Question
from tests.conftest import TINY
from tests.marking.classroom import ANSWERS, in_gradebook


def ids(folder: CourseFolder, question: Question) -> dict[str, str]:
    return {one.student: one.id for one in marks(folder, TINY, question).values()}


def test_a_mark_is_a_manual_score_and_a_comment_that_says_which_items(taught: CourseFolder, why: Question) -> None:
    ada = ids(taught, why)["ada"]
    put(taught, TINY, why, [ada], Mark((0, 1), None, "Well put.\n\nGo on!"))
    text = "- ✓ two is positive, and so <b>no sign</b> changes.\n- ✓ an example such as 2 · (−3) = −6"
    assert in_gradebook(taught, "ada") == (1.5, False, f"{text}\n\nWell put.\n\nGo on!")
    kept = marks(taught, TINY, why)[ada]
    assert (kept.mark, kept.state) == (Mark((0, 1), None, "Well put.\n\nGo on!"), "marked")
    assert in_gradebook(taught, "alan") == (None, True, None)


def test_no_item_at_all_is_a_mark_and_a_score_of_ones_own_goes_before_the_items(
    taught: CourseFolder, why: Question
) -> None:
    found = ids(taught, why)
    put(taught, TINY, why, [found["ada"]], Mark())
    put(taught, TINY, why, [found["alan"]], Mark((0,), 1.25, ""))
    assert in_gradebook(taught, "ada") == (0.0, False, None)
    assert in_gradebook(taught, "alan")[0] == 1.25
    kept = marks(taught, TINY, why)
    assert (kept[found["ada"]].mark, kept[found["ada"]].state) == (Mark(), "marked")
    assert kept[found["alan"]].mark == Mark((0,), 1.25, "")


def test_items_earn_no_more_than_the_question_has(why: Question) -> None:
    many = Question("n", "q", "", "", 1.0, why.items, "")
    assert Mark((0, 1)).score(many) == 1.0


def test_a_mark_that_is_taken_back_leaves_the_answer_as_it_was(taught: CourseFolder, why: Question) -> None:
    ada = ids(taught, why)["ada"]
    put(taught, TINY, why, [ada], Mark((0,), None, "Yes."))
    put(taught, TINY, why, [ada], None)
    assert in_gradebook(taught, "ada") == (None, True, None)


def test_what_formgrader_wrote_is_read_and_what_grading_again_did_is_told(taught: CourseFolder, why: Question) -> None:
    with warnings.catch_warnings(action="ignore"), Gradebook(taught.db_url, "clozegrad") as gradebook:
        grade = gradebook.find_grade("why", TINY, TINY, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.75, True
        gradebook.find_comment("why", TINY, TINY, "ada").manual_comment = "- ✓ no item of ours"
        gradebook.db.commit()
    kept = marks(taught, TINY, why)[ids(taught, why)["ada"]]
    assert (kept.mark, kept.state) == (Mark((), 1.75, "- ✓ no item of ours"), "again")


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (Mark((2,)), "2 rubric items"),
        (Mark((-1,)), "rubric items"),
        (Mark(own=2.5), "from 0 to 2"),
        (Mark(own=-1.0), "from 0"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_and_nothing_written(
    taught: CourseFolder, why: Question, mark: Mark, said: str
) -> None:
    with pytest.raises(CourseError, match=said):
        put(taught, TINY, why, [ids(taught, why)["ada"]], mark)
    assert in_gradebook(taught, "ada") == (None, True, None)


def test_all_or_none_are_written(taught: CourseFolder, why: Question) -> None:
    with pytest.raises(CourseError, match="load the page again"):
        put(taught, TINY, why, [ids(taught, why)["ada"], "0" * 32], Mark((0,)))
    assert in_gradebook(taught, "ada") == (None, True, None)


def test_answers_come_without_names_like_ones_in_a_row_blank_ones_counted(taught: CourseFolder, why: Question) -> None:
    found = answers(Work(taught, TINY), why)
    who = {id: student for student, id in ids(taught, why).items()}
    assert {who[one.id] for one in found.answers[:3]} == {"ada", "alan", "jose"}
    assert [one.group for one in found.answers] == [0, 0, 0, 1]
    assert found.blank == 1
    assert not any(student in repr(found) for student in (*ANSWERS, "kurt"))
    ada = ids(taught, why)["ada"]
    assert {who[id] for id in found.same_as(ada)} == {"ada", "alan"}
