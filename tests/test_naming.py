"""Names made of foreign texts always show something, in one line."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cards.importing.escaping import heading
from course.grading.submission.names import shown
from course.naming import is_seen, line, slug

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
    "\ufffc",
    "\U0001d159",
    "\u034f\u17b5\ufe0f",
    "\U000e0041",
)
NOTHING_IN_IT = re.compile(
    r"FILLER$|PATTERN BLANK$|FULL BLANK$|HALF BLANK$|NULL NOTEHEAD$|OBJECT REPLACEMENT|SELECTOR-\d+$"
)
GAP_FILLERS = re.compile(r"(GAP|LINE) FILLER")  # punctuation that fills a line with a stroke


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


def is_drawn(text: str) -> bool:
    """Whether there is a letter, number, punctuation mark or symbol in it whose own name does not say that it is empty."""
    names = (unicodedata.name(sign, "") for sign in text if unicodedata.category(sign)[0] in "LNPS")
    return any(GAP_FILLERS.search(name) or not NOTHING_IN_IT.search(name) for name in names)


def test_every_sign_of_unicode_is_seen_in_a_title_and_in_a_students_name_or_replaced() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    for sign in (sign for sign in every if unicodedata.category(sign) not in ("Cn", "Co")):
        assert is_drawn(line(sign, "Cards")), hex(ord(sign))
        assert is_drawn(shown(sign)), hex(ord(sign))
        assert is_seen(sign) == (shown(sign) == sign) == (line(sign) == sign), hex(ord(sign))


BLANK = st.sampled_from([chr(code) for code in range(sys.maxunicode + 1) if not is_seen(chr(code))])
FOREIGN = st.text() | st.text(BLANK) | st.text(st.sampled_from("\u2800\U0001d159\ufe0f\u0301 $#*_`|a"))


@given(FOREIGN, st.integers(0, 10))
def test_whatever_a_text_says_its_title_and_its_heading_show_something(text: str, longest: int) -> None:
    assert is_drawn(line(text, "Cards", longest).removesuffix(" …"))
    assert is_drawn(heading(text, "Cards"))


@given(FOREIGN.filter(bool))
def test_whatever_a_students_folder_is_called_its_name_shows_something(name: str) -> None:
    assert is_drawn(shown(name))
    assert shown(name).isprintable()
    assert shown(shown(name)) == shown(name)


@pytest.mark.parametrize("name", ["José María", "हिन्दी", "ខ្ញុំ", "ไทย", "Nguyễn", "김민수", "O'Brien-Łukasz", "名前"])
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert shown(name) == name


def test_a_sign_that_is_drawn_as_nothing_is_spelt_and_so_is_a_mark_that_stands_on_none() -> None:
    assert shown("\u3164") == r"\u3164"
    assert shown("ann\ufe0f\u2800") == r"ann\ufe0f\u2800"
    assert shown("\u0301ann \u0301") == r"\u0301ann \u0301"
