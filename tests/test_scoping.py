"""Which names code reads and binds."""

import ast

import pytest

from course import scoping

READS = {
    "x = x + 1": {"x"},
    "x += 1": {"x"},
    "x = 1; y = x": set(),
    "y = x; x = 1": {"x"},
    "x: t = 1": {"t"},
    "def f(a=b) -> c:\n    return a + g + f": {"b", "c", "g"},
    "class A(B):\n    x = y\n    def f(self): return z": {"B", "y", "z"},
    "[i + k for i in n if j]": {"k", "n", "j"},
    "f = lambda q: q + r": {"r"},
    "for i in xs:\n    print(i)": {"xs"},
    "with a as b, c as d:\n    b.d()": {"a", "c"},
    "try:\n    f()\nexcept E as e:\n    print(e)": {"f", "E"},
    "match p:\n    case [q, *r]:\n        s = q": {"p"},
    "import a.b as c, d.e\nc; d": set(),
    "def f():\n    global g\n    g = 1\nf()\ng": {"g"},
    "(n := m)": {"m"},
    "f'{x!r:{w}}'": {"x", "w"},
    "@deco\ndef f(x: int, *a: A, k=K): pass": {"deco", "A", "K"},
    "del x": {"x"},
}


@pytest.mark.parametrize(("source", "free"), READS.items())
def test_names_read_are_those_that_come_from_before(source: str, free: set[str]) -> None:
    assert scoping.reads(source) == free


def test_names_bound_are_those_that_stay() -> None:
    source = "import a.b, c as d\nfrom e import f as g\nh, (i, *j) = 1, (2, 3)\nfor k in h: pass\n"
    source += "def l(): m = 1\nclass n: o = 1"
    assert scoping.binds(source) == set("adghijkln")


@pytest.mark.parametrize(
    "line", ["g = 1", "import g", "from m import x as g", "del g", "def g(): pass", "class g: pass"]
)
def test_what_a_function_makes_global_is_bound_perhaps(line: str) -> None:
    names = scoping.names_in(ast.parse(f"def f():\n    global g\n    {line}").body)
    assert (names.may_bind, names.binds) == ({"f", "g"}, {"f"})


BRANCHES = {  # what may be read from before it, and what must be
    "if c:\n    x = 1\nx": ({"c", "x"}, {"c"}),
    "if c:\n    x = 1\nelse:\n    x = 2\nx": ({"c"}, {"c"}),
    "for i in n:\n    x = i\nx": ({"n", "x"}, {"n"}),
    "while c:\n    x = 1\nprint(x)": ({"c", "x", "print"}, {"c", "print"}),
    "try:\n    x = f()\nexcept E:\n    pass\nx": ({"f", "E", "x"}, {"f", "E"}),
    "x = 1\ndel x\nx": ({"x"}, set()),
}


@pytest.mark.parametrize(("source", "names"), BRANCHES.items())
def test_a_branch_binds_perhaps(source: str, names: tuple[set[str], set[str]]) -> None:
    found = scoping.names_in(ast.parse(source).body)
    assert (set(found.reads), found.leads) == names


def test_magics_are_left_out_where_a_students_cell_is_parsed_and_refused_in_a_lessons() -> None:
    assert [ast.unparse(line) for line in scoping.parse("%matplotlib inline\n!ls\nx = 1")] == ["x = 1"]
    with pytest.raises(SyntaxError):
        scoping.reads("%matplotlib inline\nx = 1")
