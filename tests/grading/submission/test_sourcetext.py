"""A cell's text comes back whole from any list that holds it, whatever became of the line ends."""

import pytest

from course.grading.submission.sourcetext import text_of
from tests.grading.shapes import ANSWERS

RESTORED = "line endings were restored"


@pytest.mark.parametrize(
    "code", [*ANSWERS.values(), "# a note on x\n\nx = f'{1:>3}'  # and more\ny = '#' + x\n\n# end"]
)
def test_a_text_cut_anywhere_is_put_together_as_it_was(code: str) -> None:
    for at in range(1, len(code)):
        assert text_of([code[:at], code[at:]], is_code=True) == (code, "")
        pieces = [code[start : start + at] for start in range(0, len(code), at)]
        assert text_of(pieces, is_code=True) == (code, "")


@pytest.mark.parametrize(
    "lines",
    [
        ["# the mean", "def mean(xs):", "    return 1"],
        ["# the mean", "def mean(xs)", "    return 1"],  # a mistake of the student's
        ["# the mean\n# of all", "mean = 3\n# that was it", "twice = 2"],
        ["mean = 3  # of all", "print(mean)"],
        ["%matplotlib inline", "# the mean", "mean = 3"],
        ["# the mean", "def mean(xs):\n", "    return 1"],
        ["# the mean", "", "mean = 3", ""],
    ],
)
def test_lines_without_ends_get_them_back(lines: list[str]) -> None:
    assert text_of(lines, is_code=True) == ("\n".join(line.removesuffix("\n") for line in lines), RESTORED)


@pytest.mark.parametrize(
    "end", ["\\n", "\\r\\n", "\\r", "<br>", "<BR />", "&#10;", "&#13;&#10;", "\u2028", "\x85", "\v", "\f"]
)
def test_line_ends_of_another_kind_are_replaced_and_told(end: str) -> None:
    text, done = text_of(ANSWERS["evens"].replace("\n", end), is_code=True)
    assert text == ANSWERS["evens"]
    assert "line endings" in done


@pytest.mark.parametrize(
    "code", ["x = 'one\\ntwo'", "# speaks of \\n = 3", "x = '<br>'  # <br>y = 3", "x = 'a\u2028b'", "x = 1\n\fy = 2"]
)
def test_signs_that_could_be_line_ends_stay_where_they_are_meant(code: str) -> None:
    assert text_of(code, is_code=True) == (code, "")


def test_spelt_code_keeps_the_escapes_in_its_own_strings() -> None:
    assert text_of(r"# two\ndef f():\n    return \"a\\nb\"", is_code=True)[0] == '# two\ndef f():\n    return "a\\nb"'


@pytest.mark.parametrize("value", [None, 3, [], {}, [None], [[], {}], True])
def test_what_holds_no_text_is_empty(value: object) -> None:
    assert text_of(value, is_code=True) == ("", "")


def test_prose_cut_within_a_line_stays_prose() -> None:
    assert text_of(["One wo", "rd.\n\nTwo."]) == ("One word.\n\nTwo.", "")
    assert text_of(["One.", "Two."]) == ("One.\nTwo.", RESTORED)
