"""The last value of a test cell, read as points."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import numpy as np
import pandas
import pytest
import sympy
import torch

from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.points import complaint, points_of, read
from tests.grading.exam_fixture import Room
from tests.grading.notebooks import answer, graded, locked, notebook

mpmath = import_module("mpmath")  # it comes with sympy


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (1.5, 1.5),
        (1, 1.0),
        (None, 3.0),
        (True, 1.0),
        (False, 0.0),
        (np.bool_(False), 0.0),
        (np.bool_(True), 1.0),
        ("1.5", 3.0),
        ([1.0], 3.0),
        (np.str_("1.5"), 3.0),
        ({1.0}, 3.0),
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.int64(2), 2.0),
        (np.array(2.0), 2.0),
        (pandas.Series([2]), 2.0),
        (pandas.array([None], dtype="Int64"), 0.0),
        (np.array([2.0]), 2.0),
        (np.array([[True]]), 1.0),
        (torch.tensor(1.25), 1.25),
        (torch.tensor([[1.25]]), 1.25),
        (torch.tensor(True), 1.0),
        (torch.tensor([False]), 0.0),
        (torch.nn.Parameter(torch.ones(1)), 1.0),
        (Decimal("1.5"), 1.5),
        (Decimal("sNaN"), 0.0),
        (Fraction(10**400), 3.0),
        (10**400, 3.0),
        (-(10**400), 0.0),
        (Fraction(3, 2), 1.5),
        (sympy.Float(1.5), 1.5),
        (sympy.Rational(3, 2), 1.5),
        (mpmath.mpf(1.5), 1.5),
        (-1, 0.0),
        (float("nan"), 0.0),
        (float("inf"), 3.0),
        (7, 3.0),
    ],
)
def test_the_last_value_of_a_test_cell_is_its_points(value: object, score: float) -> None:
    assert points_of(read(value), 3.0) == score
    assert complaint(read(value)) == ""


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1 + 2j, "a complex number"),
        (np.complex128(1), "complex128"),
        (np.array([1.0, 1.0]), "an array of 2 elements"),
        (np.array([]), "an array of 0 elements"),
        (pandas.Series([9, 9]), "a table of 2 elements"),
        (pandas.DataFrame([[9, 9]]), "a table of 2 elements"),
        (pandas.Index([]), "a table of 0 elements"),
        (np.array(["3"]), "<U1"),
        (np.array([None]), "object"),
        (np.array([(1, 2)], dtype="i,i"), "an array of type"),
        (np.ma.array([3.0], mask=[True]), "a masked array"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (np.timedelta64(1), "timedelta64"),
        (date(2020, 1, 1), "a date"),
        (timedelta(1), "a date or a time"),
        (mpmath.mpc(1), "a complex number"),
        (torch.ones(1, device="meta"), "cannot be read"),
        (torch.zeros(0), "a tensor of 0 elements"),
        (torch.ones(3, 1), "a tensor of 3 elements"),
        (torch.tensor([1j]), "complex64"),
    ],
)
def test_a_last_value_that_is_almost_a_number_is_none_of_the_points_and_is_told(value: object, word: str) -> None:
    assert points_of(read(value), 3.0) == 0.0
    assert word in complaint(read(value))


def test_a_student_object_that_pretends_to_be_a_number_is_never_asked() -> None:
    class Liar:
        def __getattr__(self, name: str) -> None:
            raise AssertionError(f"asked for {name}")

    assert points_of(read(Liar()), 2.0) == 2.0


LAST: dict[str, float] = {  # what a function of the student's returns, as the last value of a test worth 3 points
    "1.5": 1.5,
    "True": 1.0,
    "None": 3.0,
    "'well done'": 3.0,
    "[0]": 3.0,
    "np.float64(1.5)": 1.5,
    "np.bool_(False)": 0.0,
    "np.array([])": 0.0,
    "np.array([0])": 0.0,
    "np.array([1, 1])": 0.0,
    "np.ma.masked": 0.0,
    "np.complex128(1)": 0.0,
    "np.datetime64('2020-01-01')": 0.0,
    "np.datetime64('2020-01-01', 'ns')": 0.0,
    "np.timedelta64(1)": 0.0,
    "np.matrix([[0]])": 0.0,
    "np.array([(1, 2)], dtype='i,i')": 0.0,
    "torch.zeros(0)": 0.0,
    "torch.tensor([2.0])": 2.0,
    "torch.ones(2)": 0.0,
    "torch.ones(2).to_sparse()": 0.0,
    "7 + 1j": 0.0,
    "Fraction(0, 2)": 0.0,
    "Fraction(3, 2)": 1.5,
    "Decimal(0)": 0.0,
    "Decimal('2.5')": 2.5,
    "timedelta(1)": 0.0,
    "date(2020, 1, 1)": 0.0,
    "sympy.Float(0)": 0.0,
    "sympy.Rational(1, 2)": 0.5,
    "sympy.Symbol('x')": 3.0,
    "mpmath.mpf(0)": 0.0,
    "-1": 0.0,
    "99": 3.0,
    "float('nan')": 0.0,
}
IMPORTS = (
    "import mpmath, sympy, torch\nimport numpy as np\nfrom datetime import date, timedelta\n"
    "from decimal import Decimal\nfrom fractions import Fraction"
)


@pytest.fixture(scope="module")
def both_ways(room: Room) -> tuple[SubmissionVerdict, SubmissionVerdict]:
    """The verdicts on tests that end in each of these values, run apart and together."""
    cells = [locked("setup", IMPORTS)]
    for number, value in enumerate(LAST):
        cells += [answer(f"a{number}", f"def f{number}(): return {value}"), graded(f"t{number}", f"f{number}()", 3)]
    source, answers = notebook(*cells), {f"a{number}": cell.source for number, cell in enumerate(cells[1::2])}
    tests = [f"t{number}" for number in range(len(LAST))]
    return room.grade_other(source, answers), room.grade_other(source, answers, together=tests)


@pytest.mark.parametrize("value", LAST)
def test_a_last_value_is_read_alike_apart_and_together(
    both_ways: tuple[SubmissionVerdict, SubmissionVerdict], value: str
) -> None:
    number = [*LAST].index(value)
    apart, together = (verdict.cells[number] for verdict in both_ways)
    assert (apart.earned, together.earned) == (LAST[value], LAST[value])
    assert bool(apart.message) == bool(together.message)
