"""A class to mark: four answers, two in the same words and one nearly so, and one blank."""

import pytest

from course.folder import CourseFolder
from course.marking.rubric import Question, questions
from tests.conftest import TINY
from tests.marking.classroom import ANSWERS, answered, scheme


@pytest.fixture
def taught(tiny_course: CourseFolder) -> CourseFolder:
    scheme(tiny_course)
    for student, text in ANSWERS.items():
        answered(tiny_course, student, text)
    answered(tiny_course, "kurt", None)
    return tiny_course


@pytest.fixture
def why(taught: CourseFolder) -> Question:
    (question,) = questions(taught, TINY)
    return question
