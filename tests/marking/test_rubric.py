"""Questions and rubric items from a lesson's source."""

from pathlib import Path

import pytest
from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.marking.rubric import Item, Question, questions, scheme
from tests.conftest import TINY
from tests.grading.notebooks import answer, make_course, markdown, notebook


def test_a_question_has_its_text_its_items_and_what_else_the_scheme_says(why: Question) -> None:
    assert (why.name, why.notebook, why.points) == ("why", TINY, 2.0)
    assert why.title == "Why does doubling keep the sign?"
    assert why.items == (
        Item("two is positive, and so <b>no sign</b> changes.", 1.0),
        Item("an example such as 2 · (−3) = −6", 0.5),
    )
    assert why.notes == 'Because two is positive.\n- Half an answer: "it just does" says nothing.'


def test_a_scheme_without_points_gives_a_full_and_a_half_answer() -> None:
    assert scheme("Anything sensible.", 3) == (
        (Item("a full answer", 3), Item("half an answer", 1.5)),
        "Anything sensible.",
    )


def test_the_lessons_schemes_have_items_that_add_up_to_the_points() -> None:
    folder = CourseFolder(Path(__file__).parents[2])
    every = [question for lesson in folder.lesson_names() for question in questions(folder, lesson)]
    assert len(every) > 30
    wrong = [one.name for one in every if sum(item.points for item in one.items) != one.points]
    assert wrong == []
    assert all(one.title and one.text for one in every)


def manual(name: str, source: str, kind: str = "code", task: bool = False) -> NotebookNode:
    cell = answer(name, source)
    cell.metadata.nbgrader.update(grade=not task, solution=not task, task=task, points=4, locked=task)
    if kind == "markdown":
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]
    return cell


def test_code_and_tasks_of_another_course_are_questions_too(tmp_path: Path) -> None:
    task = "Draw a graph.\n### BEGIN MARK SCHEME\n- 4 points: a graph\n### END MARK SCHEME"
    folder = make_course(
        tmp_path.resolve(),
        sheet=notebook(
            markdown("Write a loop."),
            manual("loop", "### BEGIN SOLUTION\nfor x in []: pass\n### END SOLUTION"),
            manual("graph", task, "markdown", task=True),
        ),
    )
    loop, graph = questions(folder, "ps1")
    assert (loop.is_code, loop.text, [item.points for item in loop.items]) == (True, "Write a loop.", [4.0, 2.0])
    assert "for x in []: pass" in loop.notes
    assert (graph.text.strip(), graph.items, graph.notes) == ("Draw a graph.", (Item("a graph", 4.0),), "")


def test_a_lesson_without_questions_or_source_says_so(tmp_path: Path, tiny_course: CourseFolder) -> None:
    folder = make_course(tmp_path.resolve() / "other", sheet=notebook(markdown("Read this.")))
    with pytest.raises(CourseError, match="ps1 has no question that a person marks"):
        questions(folder, "ps1")
    with pytest.raises(CourseError, match=r"02_none holds no notebook\. Lessons here: 01_tiny"):
        questions(tiny_course, "02_none")
