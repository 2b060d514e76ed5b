"""Names made of foreign texts always show something, in one line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.naming import line, slug

UNSEEN = (
    "",
    " ",
    "\t\r\n",
    "\u3000\xa0",
    "\u200b\u200d",
    "\ufeff",
    "\x00\x1b",
    "\u2028",
    "\u2800",
    "\u3164",
    "\u202e",
    "\xad",
    "\u0301",
    "\ud800",
)


@pytest.mark.parametrize("text", UNSEEN)
def test_a_text_that_shows_nothing_gets_another_name(text: str) -> None:
    assert line(text, "Cards") == "Cards"
    assert slug(text, "deck") == "deck"


@given(st.text(), st.integers(0, 80))
def test_a_name_is_one_line_that_can_be_printed(text: str, longest: int) -> None:
    name = line(text, "Cards", longest)
    assert name.strip() == name != ""
    assert len(name.splitlines()) == 1
    name.encode()
    assert not longest or len(name) <= max(longest + 2, len("Cards"))


@given(st.text(), st.integers(1, 40))
def test_a_slug_is_fit_for_a_file(text: str, longest: int) -> None:
    assert re.fullmatch("[a-z0-9]+(-+[a-z0-9]+)*", slug(text, "deck", longest))


def test_a_name_keeps_what_it_says() -> None:
    assert line(" Größe \n 梯度  👩\u200d🔬 ") == "Größe 梯度 👩\u200d🔬"
    assert line("one two three", longest=9) == "one two …"
    assert slug("My Deck: (2)", "deck") == "my-deck-2"
