"""What IPython makes of a cell: the same with the work left out as with all of it."""

import pytest
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

from course.grading.process.asis import Hook, Transformer

CELLS = [
    "x = 1",
    "x = 1\n",
    "\n\n  x = 1\n  y = 2\n",
    "x = 7 % 2\nassert x != 3  # really?",
    "%time x = 1",
    "x = %time 1",
    "files = !ls",
    "!ls",
    "len?",
    "%%capture\nprint(1)",
    ">>> x = 1\n>>> y = 2",
    "In [1]: x = 1",
    "s = '''\n>>> x\n%time\n!ls\n'''",
    "await thing()",
    "if True:\n    %time 1\n",
    "x = (5\n  % 3)",
    "def broken(:\n    pass",
    "",
    "# nothing but a comment?",
    "\x00",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_becomes_what_ipython_makes_of_it(cell: str) -> None:
    def outcome(manager: TransformerManager) -> str:
        try:
            return str(manager.transform_cell(cell))
        except SyntaxError as error:
            return type(error).__name__

    assert outcome(Transformer()) == outcome(TransformerManager())


def test_a_transformation_that_a_notebook_adds_sees_every_cell() -> None:
    manager = Transformer()
    manager.cleanup_transforms.append(lambda lines: [line.replace("one", "1") for line in lines])
    assert manager.transform_cell("x = one") == "x = 1\n"


@pytest.mark.parametrize(
    "cell",
    ["x", "x;", "x ;  # why\n\n# because", "x  # a; b", "x = ';'\nx", "x; y", "'''\n# a\n''';", "# x;", "", "x\n#\n"],
)
def test_a_semicolon_at_the_end_is_found_where_ipython_finds_it(cell: str) -> None:
    assert bool(Hook.semicolon_at_end_of_expression(cell)) == bool(DisplayHook.semicolon_at_end_of_expression(cell))
