"""Worked solutions and their seal."""

import pytest

from course.worked import PREFIX, SEALED, Worked, opened, seal

NORM = Worked("norm", "the norm of x", "def norm(x):\n    return x.norm()", "Länge $\\|x\\|$", "def norm(x): ...")


def test_what_was_sealed_is_opened_as_it_was() -> None:
    assert opened(seal(NORM)) == NORM


def test_a_seal_is_one_word_that_shows_nothing() -> None:
    sealed = seal(NORM)
    assert SEALED.fullmatch(sealed)
    assert "norm" not in sealed


@pytest.mark.parametrize(
    "broken", ["", PREFIX, seal(NORM)[:-9], seal(NORM) + "!", PREFIX + "e30=", "sealed:eJyrrgUAAXUA+Q=="]
)
def test_a_broken_seal_says_so(broken: str) -> None:
    with pytest.raises(ValueError, match="changed or cut"):
        opened(broken)


def test_code_that_holds_a_fence_stays_code() -> None:
    assert "````python\ntext = '```'\n````" in Worked("a", "a", "text = '```'").markdown
