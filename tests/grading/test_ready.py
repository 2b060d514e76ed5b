"""A test cell that was compiled beforehand does all that it does when it is compiled where it runs."""

import inspect
import json
import marshal
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest

from course.grading import ready
from course.grading.boundary.ends import transplant

PLAIN = {
    "a value": "x = 2\nx + 1",
    "no value": "x = 2\nx + 1;",
    "nothing shown": "x = 2",
    "a function and its own source": "import inspect\ndef f(a):\n    return a  # kept\nprint(inspect.getsource(f))\nf(3)",
    "an error deep in a function": "def f(a):\n    b = 1\n    return a / b / 0\nf(3)\nprint('not reached')",
    "a warning": "import warnings\nwarnings.warn('look')\n'seen'",
    "what only a compiler complains of": "print(1)\nreturn 3",
    "a class and a comprehension": "class A:\n    y = [i for i in range(3)]\nA.y",
    "an assertion": "assert 1 == 2, 'no'",
    "a comment at the end": "7\n# why\n",
    "empty lines first": "\n\n8",
    "nothing but a comment": "# here",
}
NOT_PLAIN = {
    "a magic": "%precision 3\n1 / 3",
    "a shell line": "!true",
    "a question": "len?",
    "what awaits": "import asyncio\nawait asyncio.sleep(0)\n4",
    "another grammar": "from __future__ import annotations\ndef f(a: nowhere): ...\nf.__annotations__",
    "a prompt": ">>> 1 + 1",
    "an indented cell": "  x = 1\n  x",
    "no Python": "def broken(:\n    pass",
    "nothing": "",
}
RUN = """
import json, sys
from course.grading import ready
from course.grading.process.shell import Shell
shell = Shell.make()
shell.ready()
spoken = open(sys.argv[1], "w")
for cell in json.load(open(sys.argv[2])):
    for made in (ready.made(cell), b""):
        shell.run("x = 0", None)
        run = shell.run(cell, None, made)
        left = {name: repr(shell.user_ns[name]) for name in ("x", "A") if name in shell.user_ns}
        json.dump([run.outputs, run.error, run.message, repr(run.value), left], spoken)
        spoken.write("\\n")
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """By cell what came of it compiled beforehand and as it stands; in a process of its own, as an examiner is."""
    folder = tmp_path_factory.mktemp("ready")
    cells, spoken = PLAIN | NOT_PLAIN, folder / "spoken.jsonl"
    (folder / "cells.json").write_text(json.dumps([*cells.values()]))
    subprocess.run([sys.executable, "-c", RUN, str(spoken), str(folder / "cells.json")], check=True)
    lines = [json.loads(line) for line in spoken.read_text().splitlines()]
    return dict(zip(cells, zip(lines[::2], lines[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", [*PLAIN, *NOT_PLAIN])
def test_a_cell_ends_and_shows_the_same(runs: dict[str, tuple[Any, Any]], name: str) -> None:
    beforehand, as_it_stands = (_but_its_names(json.dumps(run)) for run in runs[name])
    assert beforehand == as_it_stands


def _but_its_names(text: str) -> str:
    """Without the numbers by which IPython calls cells, and the names of their files."""
    return re.sub(r"In\[\d+\]|<cell \w+>|<ipython-input-[\w-]+>", "", text)


def test_the_error_names_the_line_of_the_cell(runs: dict[str, tuple[Any, Any]]) -> None:
    (outputs, *_), _ = runs["an error deep in a function"]
    assert "return a / b / 0" in "".join(outputs[0]["traceback"])


@pytest.mark.parametrize("name", PLAIN)
def test_plain_python_is_compiled(name: str) -> None:
    refused = name == "what only a compiler complains of"
    assert bool(ready.made(PLAIN[name])) is not (refused or PLAIN[name][0].isspace())


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_ipython_may_read_otherwise_is_left_to_it(name: str) -> None:
    assert ready.made(NOT_PLAIN[name]) == b""


def test_cells_that_differ_are_different_files() -> None:
    assert ready.name_of("x = 1") == ready.name_of("x = 1\n") != ready.name_of("x = 2")


FUNCTIONS = """\
def one(a): return a
@wrapped(
    lambda x: x
)
def decorated(a):
    if False:
        unreachable = 1

    def inner(
        b,
    ):
        '''Only
        a text.'''

    return inner(
        a
    )
# behind it
class Holder:
    def method(self):
        return [
            1,
        ]

    def commented(self):
        # not for others
        return "no # comment"
last = 1
"""


def test_the_end_of_each_function_is_known() -> None:
    (statements, _), lines = marshal.loads(made := ready.made(FUNCTIONS)), FUNCTIONS.splitlines(keepends=True)
    ready.as_tree(made)
    functions = [code for _, top in statements for code in _codes(top) if code.co_name[0] != "<"]
    assert {code.co_name for code in functions} >= {"one", "decorated", "inner", "method"}
    for code in functions:
        block = inspect.getblock(lines[code.co_firstlineno - 1 :])
        found = ready.extent(code)
        if code.co_name == "Holder":
            assert found is None
            continue
        assert found is not None
        last, text = found
        assert last == code.co_firstlineno - 1 + len(block), code.co_name
        assert bool(text) == (code.co_name in ("decorated", "commented")), code.co_name
        if text:  # as the source is told that was not made beforehand
            assert text == transplant._without_decorators(textwrap.dedent("".join(block)))
    assert ready.extent(test_cells_that_differ_are_different_files.__code__) is None


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
