"""Honest tries, from the cells that a kernel ran."""

from IPython.core.inputtransformer2 import TransformerManager

from course.checks.standing import exercise_of
from course.checks.tries import count

STUB = '''def norm(x):
    """The length of x."""
    # YOUR CODE HERE
    raise NotImplementedError()


def size(x):
    raise NotImplementedError()'''
TEST = 'checks.begin("norms", points=2)\nchecks.score()'
FIRST = STUB.replace("    raise NotImplementedError()\n\n", "    return abs(x)\n\n")
SECOND = FIRST.replace("abs(x)", "x")


def tries(*ran: str, released: str = STUB) -> int:
    return count(ran, lambda source: exercise_of(source) == "norms", released, TransformerManager().transform_cell)


def test_an_answer_that_was_tested_is_a_try() -> None:
    assert tries(FIRST, TEST) == 1
    assert tries(FIRST) == 0
    assert tries(TEST, FIRST) == 0
    assert tries(FIRST, 'checks.begin("other", points=2)') == 0


def test_the_same_answer_counts_once_however_often_and_prettily_it_is_tested() -> None:
    assert tries(FIRST, TEST, TEST, FIRST, TEST, f"# again\n{FIRST}  # it must be right", TEST) == 1
    assert tries(FIRST, TEST, SECOND, TEST, FIRST, TEST) == 2


def test_what_is_empty_or_as_released_is_no_try() -> None:
    assert tries(TEST, STUB, TEST) == 0
    for body in ("pass", "...", "return None", "return", '"""Nothing."""', "raise ValueError", "answer = None"):
        assert tries(f"def norm(x):\n    {body}\n\n\ndef size(x):\n    {body}", TEST) == 0


def test_a_blank_that_is_left_is_no_try() -> None:
    released = "row = table.____(____)"
    assert tries("row = table.sum(____)", TEST, released=released) == 0
    assert tries("row = table.sum(0)", TEST, "row = table.sum(1)", TEST, released=released) == 2


def test_an_answer_in_several_cells_is_one_answer() -> None:
    norm, size = FIRST.split("\n\n\n")
    assert tries(norm, size.replace("raise NotImplementedError()", "return 1"), TEST) == 1
    assert tries(norm, TEST, size.replace("raise NotImplementedError()", "return 1"), TEST) == 2


def test_cells_with_magics_and_mistakes_are_read_as_far_as_they_can_be() -> None:
    assert tries("def norm(x:\n    return", TEST) == 0
    assert tries("%time pass\n" + FIRST, TEST, "!ls", "def broken(:", TEST) == 1
    released = "%%cloze sheet\nlr = ____"
    assert tries("%%cloze sheet\nlr = 3", TEST, "%%cloze sheet\nlr = 4", TEST, released=released) == 2
