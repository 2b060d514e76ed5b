"""Syntax trees: from several threads at once, gone through, and back as text."""

import ast
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import scoping
from course.syntax import Visitor, code_of, parsed, walk


class Litter:
    """Something in a circle, which only the collector ends, by running Python in whichever thread is at it."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


@pytest.fixture
def restless() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    source = Path(scoping.__file__).read_text("utf-8")
    failed: list[BaseException] = []

    def parse() -> None:
        for _ in range(40):
            litter = [Litter() for _ in range(5)]
            try:
                assert parsed(source).body
            except BaseException as error:
                failed.append(error)
            del litter

    threads = [threading.Thread(target=parse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


MANY_KINDS = (Path(__file__).parent.parent / "course/scoping.py", Path(__file__))


@pytest.mark.parametrize("path", MANY_KINDS, ids=lambda path: path.name)
def test_a_walk_is_pythons_own(path: Path) -> None:
    tree = parsed(path.read_text("utf-8"))
    assert walk(tree) == list(ast.walk(tree))


@pytest.mark.parametrize("path", MANY_KINDS, ids=lambda path: path.name)
def test_a_visitor_comes_by_in_pythons_own_order(path: Path) -> None:
    class Ours(Visitor):
        def __init__(self) -> None:
            self.seen: list[str] = []

        def visit_Name(self, node: ast.Name) -> None:
            self.seen.append(node.id)

        def visit_Call(self, node: ast.Call) -> None:
            self.seen.append("call")
            self.generic_visit(node)

    class Pythons(ast.NodeVisitor):
        __init__, visit_Name, visit_Call = Ours.__init__, Ours.visit_Name, Ours.visit_Call

    ours, pythons = Ours(), Pythons()
    tree = parsed(path.read_text("utf-8"))
    ours.visit(tree)
    pythons.visit(tree)
    assert ours.seen == pythons.seen
    assert len(ours.seen) > 50


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def f():\n    return x  # why\n", "def f():\n    return x"),
        ("x = 1\r\n\r\nclass C :\r\n    pass\r\n", "class C :\n    pass"),
        ("x = 1\rasync def f():\r  pass\r", "async def f():\n  pass"),
        ("'''\x0b\x1c\u2028'''; x = 2\ndef é(): return 1; x = 3\n", "def é(): return 1; x = 3"),
        ("def f():\n    return 'é' \\\n\n", "def f():\n    return 'é'"),
        ("\x0cdef f() : pass", "def f():\n    pass"),
        ("@(\n  a\n)\ndef f() : pass", "@a\ndef f():\n    pass"),
        ("@\\\na\nclass C : pass", "@a\nclass C:\n    pass"),
    ],
)
def test_a_plain_definitions_code_is_its_lines(source: str, code: str) -> None:
    definition = parsed(source).body[-1]
    assert code_of(definition) == code
    assert ast.dump(ast.parse(code).body[0]) == ast.dump(definition)


def test_other_code_is_written_anew() -> None:
    tree = parsed("f = lambda  x :x\nif f:\n  def g( ): pass\n")
    assert code_of(tree.body[0].value) == "lambda x: x"  # type: ignore[attr-defined]
    assert code_of(tree.body[1].body[0]) == "def g():\n    pass"  # type: ignore[attr-defined]
