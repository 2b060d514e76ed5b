"""Answers with signs that no keyboard types: who types the plain ones is right, who copies the card is too."""

import pytest

from course.cloze.keyboard import typed_forms
from course.cloze.marking import blank
from course.cloze.tokens import Place

PASTED = {
    "curly quotes": ("print(“hello”)", 'print("hello")'),
    "single curly quotes": ("x[‘a’]", "x['a']"),
    "low quotes": ("f(„a“)", "f('a')"),
    "guillemets": ("f(«a»)", 'f("a")'),
    "a minus sign": ("a \u2212 1", "a - 1"),
    "an en dash": ("a \u2013 1", "a-1"),
    "a dash for two hyphens": ("pip install \u2013\u2013upgrade", "pip install --upgrade"),
    "a long dash for two hyphens": ("\u2014help", "--help"),
    "a hyphen that does not break": ("x\u2011y", "x-y"),
    "a soft hyphen": ("num\xadpy", "numpy"),
    "a space that does not break": ("for\xa0x\u202fin y", "for x in y"),
    "a wide space": ("lambda\u3000x: x", "lambda x: x"),
    "full-width signs": ("f（x，y）＝1", "f(x,y)=1"),
    "full-width letters": ("ｎｐ.ｄｏｔ", "np.dot"),
    "an ellipsis": ("x[…, 0]", "x[..., 0]"),
    "an arrow": ("def f() → int", "def f() -> int"),
    "relations": ("a ≤ b ≠ c ≥ d", "a <= b != c >= d"),
    "a zero-width space": ("nn.\u200bLinear", "nn.Linear"),
    "marks of direction": ("\u200ex\u202c", "x"),
    "primes": ("x\u2032s\u2033", "x's\""),
    "a times sign": ("a × b", "a * b"),
    "letters joined by a printer": ("de\ufb01ne(\ufb02oat)", "define(float)"),
    "a caret and a tilde of a page": ("a \u02c6 \u02dcb", "a ^ ~b"),
    "an apostrophe that is a letter": ("x[\u02bca\u02bc]", "x['a']"),
    "heavy quotes": ("f(\u275da\u275e)", 'f("a")'),
    "slanted relations": ("a \u2a7d b \u2a7e c", "a <= b >= c"),
    "a dot for times": ("a \u00b7 b", "a * b"),
    "small signs": ("f\ufe59x\ufe50 y\ufe5a", "f(x, y)"),
    "an accent of its own": ("'e\u0301'", "'\u00e9'"),
    "an accent within a letter": ("'\u00e9'", "'e\u0301'"),
    "a byte order mark": ("\ufeffimport", "import"),
}


@pytest.mark.parametrize(("card", "typed"), PASTED.values(), ids=PASTED)
def test_what_a_keyboard_types_is_accepted_and_so_is_what_the_card_shows(card: str, typed: str) -> None:
    accepted = blank(card)
    assert accepted.takes(typed, Place())
    assert accepted.takes(card, Place())
    assert blank("other", card).takes(typed, Place())
    assert not accepted.takes(typed + "0", Place())


@pytest.mark.parametrize("typed", ["print(“hello”)", "print(‘hello’)"])
def test_plain_answers_still_want_plain_signs(typed: str) -> None:
    assert not blank('print("hello")').takes(typed, Place())


@pytest.mark.parametrize("text", ["x", "größe", "梯度", "α * β", "'é'"])
def test_letters_of_any_alphabet_stay_as_they_are(text: str) -> None:
    assert set(typed_forms(text)) == {text}
