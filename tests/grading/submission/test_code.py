"""What a hand-in's cells bind, piece by piece, is what Python binds."""

from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import scoping
from course.grading.submission.code import Piece, Reader, rough_names
from course.grading.submission.parsing import Clock

SIMPLE = (
    "a = 3",
    "a = b",
    "b: int = 3",
    "c: int",
    "a, (b, *c) = d",
    "d[a].b = c",
    "a += 1",
    "del b",
    "import a.b, b as c",
    "from m import a as d",
    "print(a := 3)",
    "[b := a for a in c]",
    "d = lambda a: (b := a)",
    "x = f'{(c := 1)}'",
)
BLOCKS = (
    "if a := 3:\n{}",
    "for a, b[c] in d:\n{}\nelse:\n{}",
    "while b:\n{}",
    "with a as b, c as (d, *a):\n{}",
    "try:\n{}\nexcept E as a:\n{}\nelse:\n{}\nfinally:\n{}",
    "try:\n{}\nexcept* E as b:\n{}",
    "match a:\n  case [b, *c] if d:\n{}\n  case {{'k': 1, **d}} | C(x=1 as d):\n{}\n  case a:\n{}",
    "def a(b, c=(d := 3)):\n    global d\n{}",
    "async def b():\n{}\n    def a():\n        global c\n        c = 1",
    "class c:\n    global a\n{}",
    "@a\nclass d(b):\n{}",
)


@st.composite
def programs(draw: st.DrawFn, depth: int = 2) -> str:
    """Statements, one below the other, or separated by a semicolon."""
    lines = draw(st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=3))
    parts = [draw(st.sampled_from([";", "\n", "\n\n"])).join(lines)]
    if depth:
        block = draw(st.sampled_from(BLOCKS))
        bodies = [indent(draw(programs(depth - 1)), "    ") for _ in range(block.count("{}"))]
        parts.insert(draw(st.integers(0, 1)), block.format(*bodies))
    return "\n".join(parts)


def pieces(text: str) -> tuple[Piece, ...]:
    return Reader(Clock()).pieces(text)


@given(programs())
def test_the_pieces_of_a_cell_bind_together_what_the_cell_binds(text: str) -> None:
    try:
        names = scoping.names_in(scoping.parse(text))
    except SyntaxError:  # `global d` below a use of it
        return
    found = {name for piece in pieces(text) for name in piece.binds}
    assert found == names.may_bind | names.deletes, text


@pytest.mark.parametrize(
    ("text", "defines", "imports", "assigns"),
    [
        ("match 3:\n    case 3:\n        def f(): pass", "f", "", ""),
        ("f = g", "f", "", ""),
        ("f: object = lambda: 3", "f", "", ""),
        ("if (f := g.h):\n    pass", "f", "", ""),
        ("import a.b, c as d", "", "ad", ""),
        ("xs[f] = g", "", "", ""),
        ("f.cache = {}", "", "", ""),
        ("for f in g:\n    class h: pass", "h", "", "f"),
        ("if g:\n    def f(): pass\nelse:\n    f = 3", "f", "", "f"),
        ("def g():\n    global f, h, i\n    def f(): pass\n    import h\n    del i", "g", "", "fhi"),
    ],
)
def test_a_name_is_filed_by_how_it_is_bound(text: str, defines: str, imports: str, assigns: str) -> None:
    [piece] = pieces(text)
    assert (piece.defines, piece.imports, piece.assigns) == (set(defines), set(imports), set(assigns))


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    x = 1\n    global x",  # parses, but does not compile
        f"f = {'-' * 900}3",  # is nested too deeply to be looked at
        f"f = 0x{'f' * 5000}",  # has more digits than Python writes in decimal
    ],
)
def test_code_that_only_parses_binds_what_it_seems_to(text: str) -> None:
    [piece] = pieces(text)
    assert piece.binds == rough_names(text) == {"f"}


def test_a_text_that_is_not_python_seems_to_define_what_stands_at_the_beginning_of_its_lines() -> None:
    text = "def f(x)\nasync def g():\nclass C\nx: float = ____\ny =\nz == 3\n  w = 1\n%%cloze card"
    assert rough_names(text) == {"f", "g", "C", "x", "y", "card"}
