"""Hidden checks say what kind of fault it was and at which line of the student's, and no value that an input left."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from course import checks
from course.checks.fault import error_text

SECRET = 314159


class Own314159(ValueError):
    """A class of the student's that carries a value out in its name."""


def told(look: Callable[[], Any]) -> str:
    checks.begin("exercise", points=1)
    checks.hidden()
    with checks.check("hidden"):
        look()
    (result,) = checks.report().checks
    checks.score()
    assert not result.passed
    assert str(SECRET) not in result.told
    return result.told


def test_a_wrong_dtype_shape_and_kind_are_named() -> None:
    one = torch.tensor([1.0])
    assert told(lambda: checks.dtype(one.double(), torch.float32)) == "expected dtype float32, got float64"
    assert told(lambda: checks.close("314159", 1.0)) == "expected numbers, got a str"
    assert told(lambda: checks.close(None, 1.0)) == "expected numbers, got None"
    assert told(lambda: checks.close(torch.tensor([True]), [1.0])) == "expected numbers, got True or False"
    shape = told(lambda: checks.close(torch.zeros(3), torch.zeros(3, 1)))
    assert shape.startswith("a shape with 2 axes was expected, yours has 1\nOnly axes of size 1 differ")
    assert told(lambda: checks.shape(torch.zeros(SECRET, 1), 1, None)).startswith("the number of axes is right")
    assert told(lambda: checks.close(torch.tensor([float("nan")]), one)) == "your result contains NaN"


def test_wrong_numbers_say_no_more_than_before() -> None:
    assert told(lambda: checks.close(SECRET, 2.0)) == ""
    assert told(lambda: checks.equal([SECRET], [2])) == ""
    assert told(lambda: checks.true(False, f"{SECRET} is wrong")) == ""


def test_a_name_that_the_student_chose_is_not_repeated() -> None:
    class Holder314159:
        pass

    assert told(lambda: checks.close(Holder314159(), 1.0)) == "expected numbers, got an object"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell whose marks on the streams are taken off again."""
    yield InteractiveShell()
    for stream in (sys.stdout, sys.stderr):
        vars(stream).pop("write", None)


def run(shell: InteractiveShell, *cells: str) -> list[Any]:
    for cell in cells:
        shell.run_cell(cell)
    return list(checks.report().checks)


def test_an_exception_of_the_students_is_named_with_their_line_and_by_pythons_own_name(shell: InteractiveShell) -> None:
    answer = "class Own314159(KeyError):\n    pass\ndef f(x):\n    y = x\n    raise Own314159(f'got {x}')"
    test = (
        "from course import checks\nchecks.begin('f', points=1)\nchecks.hidden()\n"
        "with checks.check('a'):\n    f(314159)\nwith checks.check('b'):\n    {}['x']\nchecks.score()"
    )
    raised, own = run(shell, answer, test)
    assert raised.told == "your code raises KeyError at line 5: `raise Own314159(f'got {x}')`"
    assert own.told.startswith("the check could not use what your code returned or left")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("x"), "KeyError: there is no key 'x'"),
        (type("BdbQuit", (Exception,), {})(), "your code stops in the debugger: take out set_trace() or breakpoint()"),
    ],
)
def test_messages_that_speak_of_python_are_put_into_words(error: Exception, said: str) -> None:
    assert error_text(error) == said


def test_a_truth_that_is_the_wrong_one_is_put_into_words() -> None:
    with pytest.raises(checks.CheckFailed, match=r"^what this check looks at is True, and should not be$"):
        checks.equal(True, False)
