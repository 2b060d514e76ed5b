"""What a test binds is its own, in one kernel and on every run of the cell; what could break that is refused."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course.authoring.lesson import read
from course.authoring.notebook import source_notebook

Make = Callable[..., Path]
Mistakes = Callable[..., list[str]]

LESSON = '''\
# %% [markdown]
# # Sample

# %% setup
from course import checks

# %% [markdown]
# ### Exercise: a
# difficulty 1/5 · 1 minute

# %% solution="a"
def a(x):
    return x + 1  #? x

# %% tests="a" points=2
loss = [1, 2]
text = """
two lines"""
def helper(x):
    return loss[x]
with checks.check("it adds one"):
    total = helper(0)
    checks.equal(a(total), 2)
    checks.equal(text, "\\ntwo lines")
### BEGIN HIDDEN TESTS
with checks.check("always"):
    total = helper(1)
    checks.equal(a(total), 3)
### END HIDDEN TESTS
'''
ANSWER = "def loss(x):\n    return x + 1\ndef helper(x):\n    return loss(x)\ndef a(x):\n    return helper(x)"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell whose marks on the streams are taken off again."""
    yield InteractiveShell()
    for stream in (sys.stdout, sys.stderr):
        vars(stream).pop("write", None)


def test_a_helper_of_the_students_with_a_name_of_the_tests_works_on_every_run(
    make: Make, shell: InteractiveShell
) -> None:
    source = source_notebook(read(make(text=LESSON, cards="")))
    setup, _, test = (cell.source for cell in source.cells if cell.cell_type == "code")
    for code in (setup, ANSWER, "a_tests = given = 5", test, test):
        result = shell.run_cell(code)
        result.raise_error()
    assert result.result == 2.0
    names = shell.user_ns
    assert names["loss"](1) == 2
    assert "total" not in names
    assert "text" not in names
    assert (names["a_tests"], names["given"]) == (5, 5)


def test_nothing_of_a_cell_that_ends_halfway_is_left_behind(make: Make, shell: InteractiveShell) -> None:
    text = LESSON.replace("loss = [1, 2]\n", "loss = [1, 2]\nundefined = 1 / 0\n")
    test = next(cell.source for cell in source_notebook(read(make(text=text, cards=""))).cells if cell.id == "a_tests")
    shell.run_cell("from course import checks")
    assert isinstance(shell.run_cell(test).error_in_exec, ZeroDivisionError)
    shell.run_cell('checks.begin("b", points=1)\nchecks.score()')
    assert "a_tests" not in shell.user_ns
    assert "loss" not in shell.user_ns


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    total = helper(1)\n", "", "`total` is bound in an earlier check only"),
        ("loss = [1, 2]\n", "a = a\nloss = [1, 2]\n", "the test reads `a` from the notebook and also binds it"),
        ("    return loss[x]\n", "    global loss\n    return loss[x]\n", "remove `global`"),
        ("loss = [1, 2]\n", "loss = [1, 2]\nfirst = a(1)\n", "`a` is called outside a check"),
    ],
)
def test_what_would_not_work_there_is_refused(mistakes: Mistakes, old: str, new: str, said: str) -> None:
    assert said in "\n".join(mistakes(text=LESSON.replace(old, new, 1), cards=""))
