"""The last value of a test cell, read as points."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from course.grading.lastvalue import points_of


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (1.5, 1.5),
        (1, 1.0),
        (None, 3.0),
        (True, 3.0),
        (np.bool_(False), 3.0),
        ("1.5", 3.0),
        ([1.0], 3.0),
        (1 + 2j, 3.0),
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.int64(2), 2.0),
        (np.array(2.0), 2.0),
        (np.array([2.0]), 3.0),
        (torch.tensor(1.25), 1.25),
        (torch.tensor(True), 3.0),
        (Fraction(3, 2), 1.5),
        (-1, 0.0),
        (float("nan"), 0.0),
        (float("inf"), 3.0),
        (7, 3.0),
    ],
)
def test_the_last_value_of_a_test_cell_is_its_points(value: object, score: float) -> None:
    assert points_of(value, 3.0) == score


def test_a_student_object_that_pretends_to_be_a_number_is_never_asked() -> None:
    class Liar:
        def __getattr__(self, name: str) -> None:
            raise AssertionError(f"asked for {name}")

    assert points_of(Liar(), 2.0) == 2.0
