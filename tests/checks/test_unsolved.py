"""Cells that meet an answer still to be given, in a real kernel as a notebook has it."""

import os
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.slow

SETUP = "import math\nfrom course import checks"
ANSWERS = """def root(x):
    # YOUR CODE HERE
    raise NotImplementedError()


class Pair:
    def sum(self):
        raise NotImplementedError()"""
TESTS = """checks.begin("roots", points=1)

def roots_tests():
    with checks.check("of 4"):
        checks.equal(root(4), 2)

roots_tests()
checks.score()"""
LIFE = "Exercise 'roots' brings this cell to life: write `{}`, then run it again."


def run(*sources: str, execution: str = "") -> list[Any]:
    """The cells as one kernel ran them, after the set-up."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in (SETUP, *sources)])
    environment = {key: value for key, value in os.environ.items() if key != "NBGRADER_EXECUTION"}
    if execution:
        environment["NBGRADER_EXECUTION"] = execution
    NotebookClient(notebook, timeout=120, startup_timeout=600, allow_errors=True).execute(env=environment)
    return notebook.cells[1:]


def ended(cell: Any) -> tuple[str, str]:
    """The error that a cell ended with, and what it printed."""
    errors = [output.ename for output in cell.outputs if output.output_type == "error"]
    return "".join(errors), "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_cells_that_wait_for_an_answer_say_for_which_and_the_notebook_runs_on() -> None:
    *_, one, two, later, last, other = run(
        ANSWERS,
        TESTS,
        "print('first')\nroots = [root(x) for x in range(3)]",
        "Pair().sum()",
        "print(roots)",
        "len(roots)",
        "1 + 1",
    )
    assert ended(one) == ("", f"first\n{LIFE.format('root')}\n")
    assert ended(two) == ("", LIFE.format("Pair") + "\n")
    assert ended(later) == ended(last) == ("", LIFE.format("root") + "\n")
    assert other.outputs[0].data["text/plain"] == "2"


def test_a_cell_with_blanks_of_its_own_asks_for_them_and_what_needs_it_waits() -> None:
    blanks = ["one = ____", "two = math.____(2)", "three = print(1, ____=2)", "from math import ____ as four"]
    cells = run(*blanks, "print(one)", "print(four)")
    for own in cells[:4]:
        assert ended(own) == (
            "",
            "This cell waits for your answer: write it in place of ____ or NotImplementedError.\n",
        )
    for needing in cells[4:]:
        assert ended(needing)[0] == ""
        assert "An answer further up brings this cell to life" in ended(needing)[1]


def test_other_errors_are_shown_as_ever() -> None:
    cells = run(
        ANSWERS,
        "rot(4)",
        "raise NotImplementedError('float16')",
        "(1).shape",
        "def mine():\n    return unknown\nmine()",
        "1 / 0",
    )[1:]
    assert [ended(cell)[0] for cell in cells] == [
        "NameError", "NotImplementedError", "AttributeError", "NameError", "ZeroDivisionError",
    ]  # fmt: skip
    plain = run(ANSWERS, "rot(4)", execution="autograde")[1]
    assert cells[0].outputs[0].traceback[1:] == plain.outputs[0].traceback[1:]


def test_a_name_that_was_given_in_the_meantime_waits_no_longer() -> None:
    *_, fails, given, reads = run(ANSWERS, "made = root(2)", "made = 3", "made")
    assert ended(fails)[0] == ""
    assert reads.outputs[0].data["text/plain"] == "3"
    assert ended(given) == ("", "")


@pytest.mark.parametrize("execution", ["autograde", "validate"])
def test_under_nbgrader_the_cell_fails_as_any_other(execution: str) -> None:
    _, cell = run(ANSWERS, "assert root(4) == 2", execution=execution)
    assert ended(cell)[0] == "NotImplementedError"


def test_a_test_cell_that_raises_beside_its_checks_fails() -> None:
    _, tests = run(ANSWERS, TESTS.replace("    with", "    root(9)\n    with"))
    assert ended(tests)[0] == "NotImplementedError"


def test_another_handler_of_errors_keeps_its_own() -> None:
    setting = (
        "def told(self, kind, error, trace, tb_offset=None):\n    print('told of', kind.__name__)\n"
        "get_ipython().set_custom_exc((ZeroDivisionError,), told)"
    )
    notebook = new_notebook(cells=[new_code_cell(source) for source in (setting, SETUP, ANSWERS, "1 / 0", "root(1)")])
    NotebookClient(notebook, timeout=120, startup_timeout=600, allow_errors=True).execute()
    assert ended(notebook.cells[3])[1] == "told of ZeroDivisionError\n"
    assert ended(notebook.cells[4]) == ("", "`root` brings this cell to life: write it, then run this cell again.\n")
