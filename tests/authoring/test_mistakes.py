"""Every mistake in a lesson is one line that names its file, its line and what to write instead."""

from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., Path]
Mistakes = Callable[..., list[str]]

SOLUTION = '# %% solution="root_mean_square"'
HEADER = '# %% tests="root_mean_square" points=2'
WRONG = '# %% wrong="row_sizes: one number a column"'
BEGIN = "    ### BEGIN SOLUTION"
Case = list[tuple[str, str] | str]

# What is changed in the sample (pairs of old and new text), the line that must be blamed, and what must be said of it.
MISTAKES: dict[str, Case] = {
    "an unknown header word": [("# %% setup", "# %% setup locked"), "# %% setup", "unknown header word `locked`"],
    "an unknown header key": [(HEADER, f"{HEADER} weight=2"), HEADER, "unknown header word `weight=2`"],
    "a key that its cell does not take": [
        (SOLUTION, f"{SOLUTION} points=2"),
        SOLUTION,
        'unknown header word `points="2"`',
    ],
    "cards on a header": [(SOLUTION, f'{SOLUTION} cards="x"'), SOLUTION, "cards are named in the exercise's heading"],
    "a key given twice": [(HEADER, f"{HEADER} points=2"), HEADER, "`points=` appears twice"],
    "two roles of one cell": [(HEADER, f'{HEADER} wrong="a: b"'), HEADER, "a cell has one kind"],
    "a markdown setup cell": [
        ("%% setup", "%% [markdown] setup"),
        "%% [markdown] setup",
        "`setup` cannot be a [markdown]",
    ],
    "a question in code": [
        ("%% [markdown] question", "%% question"),
        "%% question",
        "`question` must be a [markdown] cell",
    ],
    "a header that is glued": [("# %% setup", "# %%setup"), "# %%setup", "cannot read the cell header"],
    "code before the first cell": [
        ("# %% [markdown]\n# # S", "x = 1\n# %% [markdown]\n# # S"),
        "x = 1",
        "code before the first",
    ],
    "code in a markdown cell": [
        ("# The same for", "The same for"),
        "The same for",
        "text in a markdown cell starts with",
    ],
    "an empty cell": [("# %% setup\ntable", "# %%  \n\n# %% setup\ntable"), "# %%  ", "this cell is empty"],
    "no title": [("# # Sample", "# Sample"), "# %% [markdown]", "the first cell must be [markdown] with the title"],
    "tests of an unknown exercise": [(HEADER, '# %% tests="rms" points=2'), 'tests="rms"', "no exercise `rms`"],
    "a wrong answer to an unknown exercise": [('wrong="row_sizes', 'wrong="rows'), 'wrong="rows', "no exercise `rows`"],
    "a right answer to an unknown exercise": [
        ('right="root_mean_square', 'right="rms'),
        'right="rms',
        "no exercise `rms`",
    ],
    "an answer without description": [(WRONG, '# %% wrong="row_sizes"'), 'wrong="row_sizes"', "say in a few words"],
    "two answers with one description": [
        (WRONG, '# %%  wrong="root_mean_square: forgets the root"'),
        "# %%  wrong",
        "already has an answer `root_mean_square: forgets the root`",
    ],
    "a duplicate exercise": [
        ('# %% solution="row_sizes"', '# %%  solution="root_mean_square"'),
        "# %%  solution",
        "already has an exercise or question named `root_mean_square`",
    ],
    "a question named like an exercise": [
        ('question="why_square"', 'question="row_sizes"'),
        "question=",
        "already has an exercise or question named",
    ],
    "duplicate tests": [
        ('# %% tests="row_sizes"', '# %%  tests="root_mean_square"'),
        "# %%  tests",
        "already has tests named",
    ],
    "tests without points": [(HEADER, '# %% tests="root_mean_square"'), "# %% tests=", "no points: write `points=N`"],
    "a question without points": [('why_square" points=2', 'why_square"'), "question=", "no points: write `points=N`"],
    "points that are not number": [
        (HEADER, HEADER.replace("2", "two")),
        "points=two",
        "points must be a number above 0",
    ],
    "points below zero": [(HEADER, HEADER.replace("2", "-2")), "points=-2", "points must be a number above 0"],
    "check points that do not add up": [
        (HEADER, HEADER.replace("2", "3")),
        "points=3",
        "the checks add up to 2 points, and the header says points=3",
    ],
    "check points that are computed": [
        ('12.5", points=1)', '12.5", points=2 - 1)'),
        "2 - 1",
        "are a plain number above 0",
    ],
    "a check in a loop": [
        (
            'with checks.check("one number a row", points=1',
            'for _ in range(3):\n  with checks.check("one number a row"',
        ),
        "  with checks.check(",
        "a check in a loop or function cannot be added up",
    ],
    "two checks with one label": [
        ("any vector, negative entries too", "3 and 4 give the root of 12.5"),
        "points=1, hint=",
        "two checks of this cell",
    ],
    "a check without label": [
        ('check("one number a row", ', "check(str(3), "),
        "check(str(3)",
        "a check starts with its label",
    ],
    "tests that check nothing": [
        ('with checks.check("one number a row", points=1, hint="Which axis holds the entries of a row?"):', "if True:"),
        'tests="row_sizes"',
        "this test cell checks nothing",
    ],
    "a solution without tests": [(HEADER, "# %%"), SOLUTION, "exercise `root_mean_square` has no tests"],
    "tests before their solution": [
        ("# %% setup\nimport", f"{HEADER}\nx = 1\n\n# %% setup\nimport"),
        HEADER,
        "come before its solution cell",
    ],
    "a missing heading": [
        ("# ### Exercise: the root", "# ### The root"),
        SOLUTION,
        "has no heading `### Exercise: title`",
    ],
    "a heading without solution": [
        (
            "# %% [markdown] q",
            "# %% [markdown]\n# ### Exercise: more\n# difficulty 1/5 · 1 minute\n\n# %% [markdown] q",
        ),
        "# ### Exercise: more",
        "no solution cell follows this exercise heading",
    ],
    "a heading in another form": [
        ("### Exercise: the", "## Exercise the"),
        "## Exercise the",
        "reads `### Exercise: title`",
    ],
    "a missing difficulty": [
        ("difficulty 1/5 · 3 minutes", "3 minutes"),
        "### Exercise",
        "difficulty and minutes are missing",
    ],
    "missing minutes": [
        ("difficulty 1/5 · 3 minutes", "difficulty 1/5"),
        "### Exercise",
        "difficulty and minutes are missing",
    ],
    "a difficulty above five": [
        ("difficulty 1/5", "difficulty 6/5"),
        "### Exercise",
        "difficulty and minutes are missing",
    ],
    "an unknown card": [
        ("cards: mean-of-squares", "cards: mean-of-squares, median"),
        "median",
        "unknown card `median`",
    ],
    "a bad name": [('solution="row_sizes"', 'solution="row-sizes"'), "row-sizes", "bad name `row-sizes`"],
    "a name of the builder": [
        ('question="why_square"', 'question="setup_1"'),
        'question="setup_1"',
        "bad name `setup_1`",
    ],
    "a name that ends in _tests": [
        ('question="why_square"', 'question="a_tests"'),
        'question="a_tests"',
        "bad name `a_tests`",
    ],
    "a token that is not on the line": [
        ("? pow | dim=1", "? square"),
        "? square",
        "`square`, which is not a token of this line",
    ],
    "a token that is there twice": [
        ("? pow | dim=1", "? ."),
        "? .",
        "which is on this line 3 times: write .@1 or .@2 or .@3",
    ],
    "nothing to fill in": [("  # ? pow | dim=1", ""), 'solution="row_sizes"', "nothing to fill in"],
    "a blank in a setup cell": [
        ("0.0, 2.0]])", "0.0, 2.0]])  # ? tensor"),
        "# ? tensor",
        "`#?` blanks belong in a solution",
    ],
    "a blank in a region": [
        ("mean().sqrt()\n", "mean().sqrt()  # ? mean\n"),
        "? mean",
        "a `#?` blank inside a solution region",
    ],
    "starter code outside a region": [
        ("    ### BEGIN", "    #! return 0\n    ### BEGIN"),
        "#! return 0",
        "belongs between",
    ],
    "starter code in a setup cell": [
        ("import torch\n", "import torch\n#! x = 1\n"),
        "#! x = 1",
        "belongs in a solution region",
    ],
    "starter code that is the answer": [
        ("    return x.pow", "    #! return x.pow(2).mean().sqrt()\n    return x.pow"),
        BEGIN,
        "the starter code is the solution itself",
    ],
    "an empty solution region": [("    return x.pow(2).mean().sqrt()\n", ""), BEGIN, "this solution region is empty"],
    "a region that is not closed": [("    ### END SOLUTION\n", ""), BEGIN, "BEGIN SOLUTION is never closed"],
    "a region that is not opened": [(f"{BEGIN}\n", ""), "### END SOLUTION", "END SOLUTION without a BEGIN SOLUTION"],
    "a nested region": [(BEGIN, f"{BEGIN}\n    #### BEGIN SOLUTION"), "#### BEGIN", "BEGIN SOLUTION inside a region"],
    "a marker beside code": [
        ("    ### END S", "    pass  ### END S"),
        "pass  ###",
        "a marker must be alone on its line",
    ],
    "a solution region in setup": [
        ("table = ", "#### BEGIN SOLUTION\ntable = "),
        "#### BEGIN",
        "SOLUTION markers belong in a `solution=` cell",
    ],
    "marker words in prose": [
        ("# The same for", "# After BEGIN SOLUTION the same for"),
        "# After BEGIN",
        "SOLUTION markers belong",
    ],
    "hidden tests in a solution": [
        ("    return x", "    #### BEGIN HIDDEN TESTS\n    return x"),
        "#### BEGIN",
        "HIDDEN TESTS markers belong in a `tests=`",
    ],
    "checks after the hidden region": [
        ("### END HIDDEN TESTS\n", "### END HIDDEN TESTS\nprint(1)\n"),
        "### END HIDDEN",
        "nothing comes after the hidden tests",
    ],
    "two hidden regions": [
        ("### END HIDDEN TESTS\n", "### END HIDDEN TESTS\n#### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n"),
        "#### BEGIN HIDDEN",
        "only one hidden region per test cell",
    ],
    "an indented hidden region": [
        ("### BEGIN HIDDEN TESTS\nwith", "if True:\n    ### BEGIN HIDDEN TESTS\n    pass\nwith"),
        "    ### BEGIN HIDDEN",
        "the hidden region starts at the left margin",
    ],
    "a test that is cut in two": [
        ('### BEGIN HIDDEN TESTS\nwith checks.check("any', 'if x:\n### BEGIN HIDDEN TESTS\n  with checks.check("any'),
        "### BEGIN HIDDEN",
        "without its hidden region this cell is no longer valid Python",
    ],
    "a question without mark scheme": [
        ("# ### BEGIN MARK SCHEME\n", ""),
        "question=",
        "question `why_square` has no mark scheme",
    ],
    "a question without text": [
        ("# ### Question: why squares\n# The mean of the magnitudes would also ignore signs.", "#"),
        ("Name one reason to prefer squares.\n", "\n"),
        "question=",
        "question `why_square` asks nothing",
    ],
    "a syntax error": [("signal = torch.sin(", "signal = torch.sin(("), "signal =", "not Python"],
    "a syntax error in a wrong answer": [("mean(dim=0).sqrt()", "mean(dim=0 0).sqrt()"), "dim=0 0", "not Python"],
    "a star import": [("import torch\n", "from torch import *\n"), "import *", "import the names that you use"],
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_with_its_place(
    make: Make, mistakes: Mistakes, case: list[tuple[str, str] | str]
) -> None:
    replacements = [part for part in case if isinstance(part, tuple)]
    blamed, said = (part for part in case if isinstance(part, str))
    rows = make(*replacements).read_text("utf-8").splitlines()
    line = next(number for number, row in enumerate(rows, 1) if blamed in row)
    found = mistakes(*replacements)
    assert all(text.startswith("lessons/04_sample/lesson.py:") for text in found)
    assert any(text.startswith(f"lessons/04_sample/lesson.py:{line}: ") and said in text for text in found), (
        line,
        found,
    )


CARDS = {
    "two cards with one id": [
        "- {id: a, front: x, back: y}\n- {id: a, front: x, back: y}",
        "2: card a: a card of this file",
    ],
    "a card without id": ["- {front: x, back: y}", "1: each card needs an id"],
    "a front without back": ["- {id: a, front: x}", "1: card a: needs either front and back, or cloze"],
    "both forms": ["- {id: a, front: x, back: y, cloze: '{{c1::z}}'}", "1: card a: needs either"],
    "a cloze that hides nothing": ["- {id: a, cloze: z}", "1: card a: a cloze marks what is hidden"],
    "an inventory of words": [
        "- {id: a, front: x, back: y, inventory: [one]}",
        "1: card a: inventory must be a list of whole",
    ],
    "an unknown key": ["- {id: a, front: x, back: y, tag: [b]}", "1: card a: unknown key `tag`"],
    "no list": ["id: a", "1: must be a list of cards"],
    "no YAML": ["- {id: a", "not valid YAML"],
}


@pytest.mark.parametrize(("cards", "expected"), CARDS.values(), ids=CARDS)
def test_a_mistake_in_the_cards_is_one_line_with_its_place(mistakes: Mistakes, cards: str, expected: str) -> None:
    found = [line for line in mistakes(cards=cards) if "cards.yaml:" in line and "unknown card" not in line]
    assert len(found) == 1
    assert expected in found[0]
