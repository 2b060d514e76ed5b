"""Clozes that end in the middle of code, and formulas of Anki's editor: read as Anki reads them, and said."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.cards.deck import Deck
from course.cards.reading import read_deck
from course.cards.reading.parts import parts
from tests.cards.decks import Edge, blank, code, prose, write_notes, write_package
from tests.cards.reading.test_oracle import hidden_by_anki, unspaced

CUT = {  # the field, and what Anki hides of it
    '<pre>d = {{c1::{"a": {"b": 1}}}}</pre>': '{"a": {"b": 1',
    "<pre>y = {{c1::x[::2]}}</pre>": "x[",
    "<pre>{{c1::f({1: {2: g()}})}}</pre>": "f({1: {2: g()",
    "<pre>t = {{c1::std::vector<int>()}}</pre>": "std",
    "<pre>x[{{c1::a:b, ::-1}}]</pre>": "a:b, ",
    "<pre>f'{{c1::{{x}}}}'</pre>": "{{x",
    "<pre>{{c1::dict(a={'b': {}})}}</pre>": "dict(a={'b': {",
    "<pre>z = {{c1::f(x)}} + 1</pre>": "f(x)",
    "<pre>print({{c1::'('}})</pre>": "'('",
    "a set {{c1::{1, {2}}}} in prose": "{1, {2",
    "an interval {{c1::[0, 1)}} in prose": "[0, 1)",
}
WHOLE = {"f(x)", "'('", "[0, 1)", "a:b, "}
SCOPED = {  # the field, and whether its answer and its hint are one name with `::` in it
    "<pre>{{c1::std::vector}}&lt;int&gt; v;</pre>": True,
    "<pre>let v: {{c1::Vec::new()}};</pre>": True,
    "<pre>let v = {{c1::Vec&lt;i32&gt;::with_capacity(9)}};</pre>": True,
    "<pre>use {{c1::List::Util}} qw(sum);</pre>": True,
    "<pre>use std::io;\nlet s = {{c1::String::from}}(x);</pre>": True,
    "<pre>auto s = {{c1::x = Foo::bar::baz}};</pre>": True,
    "<pre>panic!({{c1::fmt::format!(x)}})</pre>": True,
    "<pre>return {{c1::Pair&lt;A, B&gt;::make}}(std::move(a));</pre>": True,
    "the type {{c1::std::vector}} grows": True,
    "call {{c1::Net::HTTP.get(uri)}}": True,
    "<pre>opt = optim.{{c1::Adam::optimizer}}(p)</pre>": False,
    "<pre>{{c1::import::keyword}} torch</pre>": False,
    "<pre>x.{{c1::sum::adds up (all of it)}}()</pre>": False,
    "<pre>std::cout &lt;&lt; {{c1::endl::ends the line}};</pre>": False,
    "<pre>std::sort(a, b, {{c1::[]()}}); {{c2::x = 3::}}</pre>": False,
    "a {{c1::cell::room::in a jail}}": True,
}


def deck_of(folder: Path, *fields: str) -> Deck:
    return read_deck(write_notes(folder / "deck.txt", [Edge("cloze", field, (), cloze=True) for field in fields]))


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    collections = pytest.importorskip("anki.collection")
    collection = collections.Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    yield collection
    collection.close()


@pytest.mark.parametrize(("field", "hidden"), CUT.items())
def test_what_is_hidden_is_what_anki_hides(anki: Any, tmp_path: Path, field: str, hidden: str) -> None:
    (note,) = deck_of(tmp_path, field).notes
    ours = "".join(blank.answer for part in note.front for blank in part.blanks)
    assert unspaced(ours) == unspaced(hidden) == unspaced(hidden_by_anki(anki, field, 1))


def test_an_answer_whose_brackets_do_not_match_is_a_doubt_that_names_the_note(tmp_path: Path) -> None:
    notes = deck_of(tmp_path, *CUT).notes
    assert [bool(note.doubts) for note in notes] == [hidden not in WHOLE for hidden in CUT.values()]
    assert "x[ with the hint 2]" in notes[1].doubts[0]
    assert [note.line for note in notes[:2]] == [7, 8]


@pytest.mark.parametrize(("field", "is_one"), SCOPED.items())
def test_an_answer_that_goes_on_in_its_hint_is_a_doubt(anki: Any, tmp_path: Path, field: str, is_one: bool) -> None:
    (note,) = deck_of(tmp_path, field).notes
    assert ["look like one name" in doubt for doubt in note.doubts] == [True] * is_one
    assert unspaced(note.front[0].blanks[0].answer) == unspaced(hidden_by_anki(anki, field, 1))


def test_blanks_of_other_kinds_may_hold_half_a_bracket(tmp_path: Path) -> None:
    deck = read_deck(
        write_package(tmp_path / "deck.apkg", edges=[Edge("typed", "<pre>x<input name='[:,_12345678'>0]</pre>", ())])
    )
    assert deck.notes[0].doubts == ()


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("x <anki-mathjax>a^2</anki-mathjax> y", (prose("x $a^2$ y"),)),
        ('<anki-mathjax block="true">a &lt; b</anki-mathjax>', (prose("$$a < b$$"),)),
        ("<anki-mathjax block=false>a</anki-mathjax>", (prose("$a$"),)),
        ("<ANKI-MATHJAX BLOCK='true'>a</ANKI-MATHJAX>", (prose("$$a$$"),)),
        (r"<anki-mathjax>{{c1::\sum x}}</anki-mathjax>", (prose("$", blank(r"\sum x"), "$"),)),
        (
            r"<anki-mathjax block='true'>x = {{c1::y^2::power}}</anki-mathjax>",
            (prose("$$x = ", blank("y^2", "power"), "$$"),),
        ),
        ("{{c2::<anki-mathjax>a</anki-mathjax>}} is", (prose(blank("$a$", "", 2), " is"),)),
        ('<anki-mathjax data-mathjax="a &lt; b"><img src="data:x"></anki-mathjax> c', (prose("$a < b$ c"),)),
        ("a <anki-mathjax>b", (prose(r"a &#92;(b"),)),
        ("<pre>x <anki-mathjax>b</anki-mathjax></pre>", (code(r"x \(b\)"),)),
        ("<anki-mathjax>a</anki-mathjax><anki-mathjax>b</anki-mathjax>", (prose("$a$$b$"),)),
        ("</anki-mathjax>a", (prose("a"),)),
    ],
)
def test_a_formula_of_the_editor_is_a_formula(html: str, want: object) -> None:
    assert parts(html) == want


def test_two_formulas_that_touch_stay_two() -> None:
    (part,) = parts(r"\(a\)\(b\)")
    assert re.sub(r"\s", "", part.text) == "$a$$b$"
