"""The last value of a test cell, read as points."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from course.grading.verdict.points import complaint, points_of


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
        (-1, 0.0),
        (float("nan"), 0.0),
        (float("inf"), 3.0),
        (7, 3.0),
    ],
)
def test_the_last_value_of_a_test_cell_is_its_points(value: object, score: float) -> None:
    assert points_of(value, 3.0) == score
    assert complaint(value) == ""


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1 + 2j, "a complex number"),
        (np.complex128(1), "complex128"),
        (np.array([1.0, 1.0]), "an array of 2 elements"),
        (np.array([]), "an array of 0 elements"),
        (np.array(["3"]), "<U1"),
        (np.array([None]), "object"),
        (np.array([(1, 2)], dtype="i,i"), "an array of type"),
        (np.ma.array([3.0], mask=[True]), "a masked array"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (torch.zeros(0), "a tensor of 0 elements"),
        (torch.ones(3, 1), "a tensor of 3 elements"),
        (torch.tensor([1j]), "complex64"),
    ],
)
def test_a_last_value_that_is_almost_a_number_is_none_of_the_points_and_is_told(value: object, word: str) -> None:
    assert points_of(value, 3.0) == 0.0
    assert word in complaint(value)


def test_a_student_object_that_pretends_to_be_a_number_is_never_asked() -> None:
    class Liar:
        def __getattr__(self, name: str) -> None:
            raise AssertionError(f"asked for {name}")

    assert points_of(Liar(), 2.0) == 2.0
