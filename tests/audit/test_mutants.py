import ast

import pytest

from course.audit.mutants import mutants, student_lines


def made(source: str) -> set[str]:
    """All mutants of one-line sources, every line the student's."""
    lines = range(1, source.count("\n") + 2)
    return {mutant.source for mutant in mutants(source, lines)}


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("y = a + b", "y = a - b"),
        ("y = a - b", "y = b - a"),
        ("y = a / n", "y = a"),
        ("y = a @ b", "y = b @ a"),
        ("y = a < b", "y = a <= b"),
        ("y = a < b", "y = a > b"),
        ("y = a and b", "y = a or b"),
        ("y = a and b", "y = b"),
        ("y = not a", "y = a"),
        ("y = -a", "y = a"),
        ("y = x.sum(dim=1)", "y = x.sum(dim=2)"),
        ("y = x.sum(dim=1)", "y = x.sum(dim=0)"),
        ("y = x.sum(dim=1)", "y = x.sum()"),
        ("y = x.sum(dim=1)", "y = x.mean(dim=1)"),
        ("y = x.sum(1)", "y = x.sum()"),
        ("y = f(a, b)", "y = f(b, a)"),
        ("y = f(a, b)", "y = f(a)"),
        ("y = x.detach()", "y = x"),
        ("y = abs(x)", "y = x"),
        ("y = x.var(0)", "y = x.var(0, correction=0)"),
        ("y = x.var(0, correction=0)", "y = x.var(0)"),
        ("y = range(n)", "y = range(n - 1)"),
        ("y = range(n)", "y = range(1, n)"),
        ("y = x[1:]", "y = x[:]"),
        ("y = x[height, width]", "y = x[width, height]"),
        ("y = x.T", "y = x"),
        ("y = 0.5", "y = 1.0"),
        ("y = f(shuffle=True)", "y = f(shuffle=False)"),
        ("y = a if c else b", "y = b"),
        ("g += h", "g = h"),
        ("g += h", "pass"),
        ("p.grad = None", "pass"),
        ("x = x - x.mean()", "pass"),
        ("opt.zero_grad()", "pass"),
        ("y = [v for v in x if v]", "y = [v for v in x]"),
        ("while True:\n    break", "while True:\n    pass"),
        ("if a:\n    f()", "if True:\n    f()"),
        ("@torch.no_grad()\ndef f():\n    g()", "def f():\n    g()"),
    ],
)
def test_a_plausible_mistake_is_among_the_mutants(source: str, mutant: str) -> None:
    assert mutant in made(source)


def test_a_missing_no_grad_runs_the_same_body() -> None:
    (mutant,) = [m for m in mutants("with torch.no_grad():\n    f()", [1, 2]) if m.mistake.startswith("missing")]
    assert "nullcontext" in mutant.source
    assert "f()" in mutant.source


@pytest.mark.parametrize("source", ["print(1 + 1)", "plt.plot(x, y)", "x = 'text'", "def f():\n    '''Words 1 + 1.'''"])
def test_what_only_shows_something_or_says_something_is_not_broken(source: str) -> None:
    assert "pass" not in made(source)
    assert all("1 + 1" in mutant or "print" in mutant for mutant in made(source) if "print" in source)


def test_every_mutant_is_python_and_no_two_are_the_same() -> None:
    source = "def f(x, n):\n    total = 0\n    for i in range(n):\n        total += x[i, 1:] * 2\n    return total / n"
    found = mutants(source, range(1, 6))
    assert len({mutant.source for mutant in found}) == len(found) > 10
    for mutant in found:
        assert ast.unparse(ast.parse(source)) != mutant.source
        ast.parse(mutant.source)


def test_only_the_students_lines_are_broken_and_the_difference_says_how() -> None:
    (mutant,) = [m for m in mutants("a = 1 + b\nc = d * e", [2]) if m.mistake == "arithmetic"]
    assert mutant.source == "a = 1 + b\nc = d / e"
    assert mutant.difference == ("- c = d * e", "+ c = d / e")


def test_a_student_writes_solution_regions_and_lines_with_blanks() -> None:
    rows = ["def f():", "    ### BEGIN SOLUTION", "    x", "    ### END SOLUTION", "    y  #? y", "    z"]
    assert student_lines(rows) == {3, 5}
