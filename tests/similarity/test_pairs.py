"""What two hand-ins have in common: the rare counts, the frequent and the given do not."""

import random
from collections.abc import Iterable

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.folder import CourseFolder
from course.report.classpage.handins import HandIn
from course.similarity.pairs import Pair, common, pairs
from course.similarity.prints import Compared, compared, lines_of
from tests.report.classpage.classes import answered, hand_in

LESSON = "01_any"
STUB = "def norm(x):\n    '''The root of the sum of the squares.'''\n    raise NotImplementedError()\n"
SOLUTION = "def norm(x):\n    total = (x * x).sum()\n    return total ** 0.5\n"
ODD = """\
def norm(x):
    squares, position = [], 0
    while position < len(x):
        squares.append(float(x[position]) * float(x[position]))
        position += 1
    result = 1.0
    for step in range(60):
        result = (result + sum(squares) / result) / 2
    return result
"""


@pytest.fixture
def course(tiny_course: CourseFolder) -> CourseFolder:
    for part, text in ((tiny_course.release, STUB), (tiny_course.source, SOLUTION)):
        (part / LESSON).mkdir(parents=True)
        cells = [
            new_markdown_cell("Text."),
            new_code_cell("import torch\nfrom course import checks"),
            new_code_cell(text),
        ]
        nbformat.write(new_notebook(cells=cells), part / LESSON / f"{LESSON}.ipynb")
    return tiny_course


def own(name: str) -> str:
    """An answer of one's own, long enough and unlike any other."""
    chance = random.Random(name)
    lines = [
        f"    v{number} = {chance.choice(['x.sum', 'x.mean', 'torch.abs', 'max', 'len'])}("
        f"{chance.choice(['x', 'x[0]', 'x[1:]', '-x', 'x * 2', 'x.T'])}, {chance.randint(0, 99)}) "
        f"{chance.choice('+-*/')} {chance.choice(['x', '1', 'x[2]', 'x @ x', 'x ** 3'])}"
        for number in range(12)
    ]
    return "\n".join(["def norm(x):", *lines, "    return v0\n"])


def found(course: CourseFolder, hand_ins: Iterable[HandIn]) -> tuple[list[Pair], Compared]:
    work = compared(course, LESSON, list(hand_ins))
    return pairs(work.prints, 50), work


def work(student: str, **answers: str) -> HandIn:
    return hand_in(student, *(answered(name, answer=text) for name, text in answers.items()))


def test_a_copy_under_other_names_and_with_other_comments_comes_first(course: CourseFolder) -> None:
    copy = (
        ODD.replace("squares", "sq").replace("position", "i").replace("result", "r").replace("step", "_") + "# mine\n"
    )
    others = [work(f"s{number}", norm=own(f"n{number}"), mean=own(f"m{number}")) for number in range(20)]
    ranked, _ = found(course, [*others, work("ada", norm=ODD, mean=own("a")), work("ben", norm=copy, mean=own("b"))])
    assert [pair.students for pair in ranked] == [("ada", "ben")]
    assert ranked[0].exercises == ("norm",)


def test_the_one_natural_answer_to_a_short_exercise_is_nobodys_sign(course: CourseFolder) -> None:
    natural = "def mean(x):\n    return x.sum() / x.numel()\n"
    ranked, _ = found(course, [work(f"s{number}", norm=SOLUTION, mean=natural) for number in range(30)])
    assert ranked == []


def test_a_short_rare_answer_of_two_alone_is_not_listed(course: CourseFolder) -> None:
    short = "def mean(x):\n    return torch.stack([*x]).sum(0) / len(x)\n"
    others = [work(f"s{number}", norm=own(f"n{number}")) for number in range(20)]
    ranked, _ = found(course, [*others, work("ada", mean=short), work("ben", mean=short)])
    assert ranked == []


def test_several_short_answers_together_are_listed(course: CourseFolder) -> None:
    parts = {f"part_{number}": "\n".join(own(f"p{number}").split("\n")[:3]) for number in range(4)}
    others = [work(f"s{number}", norm=own(f"n{number}")) for number in range(20)]
    ranked, _ = found(course, [*others, work("ada", **parts), work("ben", **parts)])
    assert [pair.students for pair in ranked] == [("ada", "ben")]
    assert len(ranked[0].exercises) > 1
    assert ranked[0].share == 1.0


def test_what_the_course_gave_and_its_own_solution_are_left_out(course: CourseFolder) -> None:
    ranked, compared_ = found(course, [work("ada", norm=STUB), work("ben", norm=STUB), work("cem", norm=SOLUTION)])
    assert ranked == []
    assert all(not print_.hashes for prints in compared_.prints.values() for print_ in prints.values())


def test_what_stands_in_both_is_marked_in_either(course: CourseFolder) -> None:
    ranked, compared_ = found(course, [work("ada", norm=ODD), work("ben", norm=f"import math\n\n\n{ODD}")])
    side = common(compared_.prints, ranked[0], "norm")
    marked = "".join(text for text, is_marked in lines_of(side.right, side.right_marks) if is_marked)
    assert "while position < len(x)" in marked
    assert "import math" not in marked
    assert "".join(text for text, _ in lines_of(side.left, side.left_marks)) == side.left


def test_the_marks_stand_where_a_class_is_defined_too(course: CourseFolder) -> None:
    inside = f"class RunningAverage:\n{ODD.replace('def', '    def', 1)}"
    ranked, compared_ = found(
        course, [work("ada", norm=inside), work("ben", norm=inside.replace("RunningAverage", "A"))]
    )
    side = common(compared_.prints, ranked[0], "norm")
    for text, marks in ((side.left, side.left_marks), (side.right, side.right_marks)):
        assert lines_of(text, marks)[-1][0].endswith("return result")


def test_an_answer_that_is_too_long_is_named_and_not_compared(course: CourseFolder) -> None:
    _, compared_ = found(
        course, [work("ada", norm="x = 1\n" * 5000), work("ben", norm="x" * 500), work("cem", norm="1")]
    )
    assert compared_.left_out == ("ada: norm", "ben: norm")


@pytest.mark.parametrize("text", ["\0", "'''", "def (", "\ud800", "____", "%%bash\nls", "\u202e"])
def test_no_answer_is_too_strange_to_be_compared(course: CourseFolder, text: str) -> None:
    ranked, _ = found(course, [work("ada", norm=text), work("ben", norm=text)])
    assert ranked == []
