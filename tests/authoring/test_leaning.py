"""Tests read what the instructor's side can make again; everything else has to be named by uses=."""

from collections.abc import Callable
from pathlib import Path

import pytest

from course.authoring.lesson import read

Make = Callable[..., Path]
Mistakes = Callable[..., list[str]]

HEAD = """\
# %% [markdown]
# # Sample

# %% setup
import math

from course import checks

def area(r):
    return math.pi * r * r

# %%
radius = 3

# %% [markdown]
# ### Exercise: a
# difficulty 1/5 · 1 minute

# %% solution="a"
def a(x):
    return x + 1  #? x

# %% tests="a" points=1
with checks.check("it adds one"):
    checks.close(a(1), 2)

# %% [markdown]
# ### Exercise: b
# difficulty 1/5 · 1 minute

# %% solution="b"
b = 3 + 4  #? 4

{setup}
# %% tests="b" points=1{uses}
{test}
"""


def lesson(test: str, uses: str = "", setup: str = "") -> str:
    test = f'with checks.check("it is so"):\n    {test}'
    return HEAD.format(test=test, uses=f' uses="{uses}"' if uses else "", setup=setup)


FINE = {
    "the names of its own exercise": lesson("checks.close(b, 7)"),
    "imports, helpers and builtins": lesson("checks.close(b, min(7, area(9) * math.pi))"),
    "names that it makes itself": lesson("want = [x for x in range(8)][-1]; checks.close(b, want)"),
    "another exercise, said": lesson("checks.close(a(b), 8)", uses="a"),
    "two names, said": lesson("checks.close(a(b), 5 + radius)", uses="a, radius"),
    "setup made from its own exercise": lesson("checks.close(twice, 14)", setup="# %% setup\ntwice = 2 * b\n"),
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_a_test_may_read(make: Make, text: str) -> None:
    assert len(read(make(text=text, cards="")).exercises) == 2


REFUSED = {
    "another exercise's answer": (lesson("checks.close(a(b), 8)"), "reads `a`, the answer to exercise `a`"),
    "a demonstration's name": (lesson("checks.close(b, radius + 4)"), "reads `radius` from the demo cell at line 12"),
    "a name that nothing binds": (lesson("checks.close(b, seven)"), "reads `seven`, which nothing before it binds"),
    "a helper that students rebound": (
        lesson("checks.close(b, area(1))", setup="# %%\narea = abs\n"),
        "reads `area` from the demo cell",
    ),
    "setup made from another exercise": (
        lesson("checks.close(b, c)", setup="# %% setup\nc = a(6)\n"),
        "reads `c`, which setup makes from `a`",
    ),
    "setup made from such setup": (
        lesson("checks.close(b, d())", setup="# %% setup\nc = a(6)\n\n# %% setup\ndef d():\n    return c\n"),
        "reads `d`, which setup makes from `a`",
    ),
    "uses= of a name that nothing binds": (
        lesson("checks.close(b, 7)", uses="z"),
        "no cell before this test binds `z`",
    ),
    "uses= of a name that it does not read": (lesson("checks.close(b, 7)", uses="a"), "this test does not read `a`"),
    "what only its hidden region binds": (
        lesson("checks.close(b, 7)")
        + "checks.close(b, want)\n### BEGIN HIDDEN TESTS\nwant = 7\n### END HIDDEN TESTS\n",
        "reads `want`, which nothing before it binds outside its hidden region",
    ),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_test_may_not_read(mistakes: Mistakes, text: str, said: str) -> None:
    assert said in "\n".join(mistakes(text=text, cards=""))


def test_other_cells_may_not_lean_on_a_test(mistakes: Mistakes) -> None:
    text = lesson("want = 7; checks.close(b, want)") + "\n# %%\nprint(want)\n"
    assert "`want` comes from the test cell at line 35" in "\n".join(mistakes(text=text, cards=""))
