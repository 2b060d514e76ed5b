"""Blanks in code: what is written is read back, whatever the code and the answers hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cloze import markup
from course.cloze.blanks import Blank

TRICKY = st.text(st.sampled_from([*"{}|:\\#'\" \n_a", "ä", "梯"]), max_size=12)
ANY = st.one_of(TRICKY, st.text(max_size=12))
BLANKS = st.builds(Blank, ANY, ANY, st.lists(ANY, max_size=3).map(tuple))


def merged(pieces: list[str | Blank]) -> list[str | Blank]:
    found: list[str | Blank] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found


@given(st.lists(st.one_of(ANY, BLANKS), max_size=8))
def test_what_is_written_is_read_back(pieces: list[str | Blank]) -> None:
    assert list(markup.parse(markup.write(pieces))) == merged(pieces)


@pytest.mark.parametrize(
    "code", [r"re.match('\d{2}', x)", "{'a': {'b': 1}}", r"f'\{x}'", "a || b :: c }}", "\\\\n", "{"]
)
def test_code_without_two_opening_braces_is_written_as_it_stands(code: str) -> None:
    assert markup.parse(code)[0] == markup.filled(markup.parse(code))
    assert markup.write([code]).replace(r"\\{", r"\{") == code


def test_a_blank_has_answers_and_a_hint() -> None:
    assert markup.parse("lr={{1e-3||0.001::a step}}!") == ("lr=", Blank("1e-3", "a step", ("0.001",)), "!")


def test_two_braces_of_the_code_are_marked_by_a_backslash() -> None:
    assert markup.parse(r"f'\{{x}} {{y}}'") == ("f'{{x}} ", Blank("y"), "'")


def test_a_blank_that_is_not_closed_is_said_with_its_line() -> None:
    with pytest.raises(markup.MarkupError, match="never closed") as error:
        markup.parse("a\nb {{c\nd")
    assert error.value.row == 1


def test_segments_stand_around_the_blanks() -> None:
    assert markup.segments(markup.parse("{{a}}{{b}} c")) == ["", "", " c"]
