"""What close and its relatives accept, refuse and say."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course import checks


def refusal(got: Any, expected: Any, **options: Any) -> str:
    with pytest.raises(checks.CheckFailed) as caught:
        checks.close(got, expected, **options)
    return str(caught.value)


RIGHT = [0.1, -2.5, 3.0]


@pytest.mark.parametrize(
    "answer",
    [
        RIGHT,
        tuple(RIGHT),
        np.array(RIGHT),
        np.array(RIGHT, dtype=np.float32),
        torch.tensor(RIGHT, dtype=torch.float64),
        torch.tensor(RIGHT, requires_grad=True),
        torch.nn.Parameter(torch.tensor(RIGHT)),
        [torch.tensor(value) for value in RIGHT],
        [np.float64(value) for value in RIGHT],
        torch.tensor([RIGHT, RIGHT]).t()[:, 0],
        np.ma.masked_array(RIGHT),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_close_accepts_the_right_numbers_in_whatever_holds_them(answer: Any) -> None:
    checks.close(answer, torch.tensor(RIGHT))
    checks.close(torch.tensor(RIGHT), answer)


@pytest.mark.parametrize(
    "five", [5, 5.0, np.float64(5), np.int32(5), np.array(5.0), torch.tensor(5), torch.tensor(5.0, requires_grad=True)]
)
def test_one_number_is_the_same_in_any_type_without_axes(five: Any) -> None:
    checks.close(five, 5.0)
    checks.close(five, torch.tensor(5.0))
    checks.equal(five, 5)


@pytest.mark.parametrize("got", [torch.zeros(3, 1), torch.zeros(1, 3), torch.zeros(1), torch.tensor(0.0), [[0.0] * 3]])
def test_shapes_that_would_broadcast_are_refused(got: Any) -> None:
    assert "expected shape (3,), got" in refusal(got, torch.zeros(3))


def test_a_one_element_vector_is_not_a_number() -> None:
    assert refusal(torch.tensor([5.0]), 5.0).startswith("expected shape (), got (1,)")
    assert refusal(np.array([5.0]), 5.0).startswith("expected shape (), got (1,)")


def test_nan_is_no_wildcard() -> None:
    assert "got nan" in refusal(math.nan, 1.0)
    assert "NaN in 3 of 3 places" in refusal(torch.full((3,), math.nan), torch.ones(3))
    refusal(torch.tensor([1.0, math.nan]), torch.ones(2), rtol=1e9, atol=1e9)


def test_nan_is_right_only_where_it_is_expected() -> None:
    expected = torch.tensor([1.0, math.nan])
    checks.close(expected.clone(), expected)
    refusal(torch.tensor([math.nan, math.nan]), expected)
    refusal(torch.tensor([1.0, 0.0]), expected)


def test_infinity_must_have_the_right_sign_and_place() -> None:
    checks.close([math.inf, 1.0], [math.inf, 1.0])
    refusal([-math.inf, 1.0], [math.inf, 1.0])
    refusal([1e30, 1.0], [math.inf, 1.0])
    refusal([math.inf, 1.0], [1e30, 1.0])
    refusal([math.inf, 0.0], [math.inf, 1.0])


@pytest.mark.parametrize("small", [1e-3, 1e-6, 1e-9, 1e-30])
def test_zeros_do_not_pass_for_small_numbers(small: float) -> None:
    refusal(0.0, small)
    refusal(torch.zeros(4), torch.full((4,), small))
    refusal(small, 2 * small)


def test_rounding_passes_and_a_wrong_fourth_digit_does_not() -> None:
    expected = torch.linspace(-3, 3, 50).exp()
    checks.close(expected.to(torch.float64) * (1 + 1e-6), expected)
    refusal(expected * 1.0005, expected)


def test_what_is_zero_may_be_off_by_the_rounding_of_the_rest() -> None:
    checks.close(torch.tensor([1000.0, 1e-4]), torch.tensor([1000.0, 0.0]))
    refusal(torch.tensor([1000.0, 0.1]), torch.tensor([1000.0, 0.0]))
    checks.close(torch.tensor(3e-8), 0.0)


def test_a_result_of_low_precision_does_not_loosen_the_tolerance() -> None:
    expected = torch.tensor([1.0, 2.0, 3.0])
    refusal((expected * 1.003).to(torch.bfloat16), expected)
    refusal((expected * 1.001).half(), expected)
    checks.close((expected * 1.001).half(), expected.half())


@pytest.mark.parametrize("holds", [torch.Tensor.double, torch.Tensor.tolist, lambda t: t.numpy().astype(float), list])
def test_what_float32_holds_is_judged_alike_in_whatever_holds_it(holds: Any) -> None:
    third = torch.ones(2) / 3  # off by 3e-8 of itself
    checks.close(holds(third), [1 / 3, 1 / 3], atol=0)
    assert "the values differ" in refusal(holds(third * 1.0001), [1 / 3, 1 / 3])
    assert "the values differ" in refusal([1 / 3, 1 / 3 * (1 + 1e-6)], [1 / 3, 1 / 3])  # float32 holds no such number


def test_doubles_are_the_numbers_in_whatever_holds_them() -> None:
    table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    for held in (table, table.numpy(), table.tolist(), list(table), table.int(), tuple(table.numpy())):
        got = checks.doubles(held)
        assert got.dtype == torch.float64
        assert torch.equal(got, table.double())
    with pytest.raises(checks.CheckFailed, match="weights: expected a tensor or array, got None"):
        checks.doubles(None, what="weights")
    with pytest.raises(checks.CheckFailed, match="expected real numbers, got complex ones"):
        checks.doubles(table + 9j)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (float(2**53), 2**53 + 1),
        (2**53 + 1, float(2**53)),
        ([1.0, 1e18], [1, 10**18 + 1]),
        (np.array([2.0**63]), np.array([2**63 - 1])),
        (torch.tensor([1e17], dtype=torch.float64), [10**17 + 3]),
        (float("inf"), 2**63 - 1),
        (float("nan"), 0),
    ],
)
def test_a_float_that_comes_near_a_whole_number_is_not_that_number(got: object, expected: object) -> None:
    with pytest.raises(checks.CheckFailed):
        checks.equal(got, expected)
    checks.equal(1e18, 10**18)
    checks.equal([6.0, 2.0**53], [6, 2**53])


def test_double_precision_is_held_to_double_precision() -> None:
    expected = torch.tensor([1.0], dtype=torch.float64)
    refusal(expected * (1 + 1e-5), expected)
    checks.close(expected.float() * (1 + 1e-6), expected)


def test_whole_numbers_are_exact_beyond_what_floats_hold() -> None:
    refusal(torch.tensor(2**60 + 1), torch.tensor(2**60))
    checks.close(torch.tensor(2**60), 2**60)
    refusal(2**70, 2**60)
    refusal([2**60 + 1, 0], [2**60, 0])
    refusal([2**70, 0], [2**60, 0])
    checks.equal([2**70, 2**63], [2**70, 2**63])
    with pytest.raises(checks.CheckFailed):
        checks.equal(2**70 + 1, 2**70)


@pytest.mark.parametrize("answer", [True, np.True_, torch.tensor(True), [True]])
def test_true_is_not_the_number_one(answer: Any) -> None:
    assert "are not numbers here" in refusal(answer, 1.0)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (None, "None"),
        ("5.0", "a str"),
        (object(), "an object"),
        ({5.0}, "a set"),
        (iter([5.0]), "a list_iterator"),
        ([1.0, [2.0]], "a list whose items differ in shape"),
        ([True, 1.0], "a list that mixes bool and numbers"),
        (np.array(["5"]), "a numpy array of dtype <U1"),
        (np.array([None]), "a numpy array of dtype object"),
        (torch.empty(3, device="meta"), "a tensor on the meta device"),
        (lambda: 5.0, "a function"),
    ],
)
def test_what_is_no_number_is_named_and_refused(answer: Any, name: str) -> None:
    assert refusal(answer, 5.0).startswith(f"expected a number, got {name}")


def test_a_list_inside_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "nested too deeply" in refusal(endless, 1.0)
    with pytest.raises(checks.CheckFailed):
        checks.equal(endless, [[1]])


def test_sparse_complex_conjugate_and_negated_views_compare_by_value() -> None:
    dense = torch.tensor([[0.0, 2.0], [0.0, 0.0]])
    checks.close(dense.to_sparse(), dense)
    z = torch.tensor([1 + 2j, 3 - 1j])
    checks.close(z.conj(), [1 - 2j, 3 + 1j])
    checks.close(z.conj().imag, [-2.0, 1.0])
    refusal(z, z.conj())


def test_the_difference_is_counted_in_the_complex_plane() -> None:
    refusal(torch.tensor([1 + 1j]), torch.tensor([1 + 0j]))
    checks.close(torch.tensor([1.0]), torch.tensor([1 + 0j]))


@pytest.mark.parametrize("answer", [torch.tensor([3 + 0j]), np.array([3 + 0j]), [3 + 0j]])
def test_a_complex_number_is_no_real_one_though_its_imaginary_part_is_zero(answer: Any) -> None:
    assert refusal(answer, [3.0], what="the power") == "the power: expected real numbers, got complex ones"
    with pytest.raises(checks.CheckFailed, match="expected real numbers, got complex ones"):
        checks.equal(answer, [3])
    with pytest.raises(checks.CheckFailed, match="expected real numbers, got complex ones"):
        checks.between(answer, 2, 4)


def test_tolerances_can_be_chosen_but_must_make_sense() -> None:
    checks.close(1.05, 1.0, rtol=0.1)
    checks.close(0.05, 0.0, atol=0.1)
    refusal(1.0 + 1e-12, 1.0, rtol=0)
    for bad in (math.nan, math.inf, -1.0):
        with pytest.raises(ValueError, match="rtol"):
            checks.close(1.0, 2.0, rtol=bad)


def test_the_message_tells_place_values_and_count() -> None:
    got, expected = torch.zeros(2, 3), torch.tensor([[0.0, 0.0, 1.0], [0.0, -5.0, 0.0]])
    assert refusal(got, expected) == (
        "the values differ most at [1, 1]: expected -5, got 0 (2 of 6 differ)\n"
        "  expected [0, 0, 1, 0, -5, 0] (shape (2, 3), read row by row)\n"
        "  got      [0, 0, 0, 0, 0, 0] (shape (2, 3), read row by row)\n"
        "All your values are zero."
    )


def test_the_message_shows_the_digits_that_differ() -> None:
    assert refusal(1.0000123, 1.0) == "expected 1, got 1.000012"
    assert refusal(torch.tensor(0.5), 0.25, what="the loss") == "the loss: expected 0.25, got 0.5"


@pytest.mark.parametrize(
    ("got", "expected", "remark"),
    [
        (torch.zeros(3, 1), torch.zeros(3), "keepdim"),
        (torch.zeros(4, 3), torch.zeros(3, 4), "another order"),
        (torch.zeros(4), torch.tensor(0.0), "is a sum or a mean missing"),
        (torch.tensor(0.0), torch.zeros(4), "one axis too many"),
        (-torch.arange(1.0, 5), torch.arange(1.0, 5), "sign is the wrong way"),
        (2 * torch.arange(1.0, 5), torch.arange(1.0, 5), "2 times the expected"),
    ],
)
def test_common_slips_get_a_remark(got: torch.Tensor, expected: torch.Tensor, remark: str) -> None:
    assert remark in refusal(got, expected)


@given(st.lists(st.integers(0, 9), max_size=4), st.lists(st.integers(1, 9), max_size=3))
def test_no_message_is_longer_than_twelve_lines(got: list[int], expected: list[int]) -> None:
    lines = refusal(torch.full(got, 1e-3), torch.full([*expected, 1], 123456.789)).splitlines()
    assert len(lines) < 12
    assert all(len(line) < 300 for line in lines)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=6))
def test_every_list_of_floats_is_close_to_itself(values: list[float]) -> None:
    checks.close(values, list(values))
    checks.equal(values, list(values))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.integers(0, 5), st.floats(0.01, 2))
def test_a_percent_of_the_largest_value_anywhere_is_noticed(values: list[float], at: int, share: float) -> None:
    wrong = list(values)
    wrong[at % len(values)] += share * (max(abs(value) for value in values) or 1.0)
    refusal(wrong, values)


def test_comparing_leaves_both_sides_as_they_were() -> None:
    got, expected = torch.tensor([1.0, 2.0], requires_grad=True), np.array([1.0, 2.0])
    checks.close(got, expected)
    assert got.requires_grad
    assert got.grad is None
    assert got._version == 0
    assert expected.tolist() == [1.0, 2.0]


def test_between_includes_its_ends_and_refuses_nan() -> None:
    checks.between(1, 1, 2)
    checks.between(torch.tensor([1.0, 2.0]), 1, 2)
    for bad in (0.99, math.nan, [1.0, 3.0], [], True, "1", None, 1j):
        with pytest.raises(checks.CheckFailed, match="expected"):
            checks.between(bad, 1, 2)


class Agreeable:
    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_true_wants_a_bool() -> None:
    for good in (True, np.True_, torch.tensor(True), torch.tensor([True])):
        checks.true(good, "must hold")
    for bad in (False, 1, "yes", [1], Agreeable(), None, torch.tensor([True, True]), torch.tensor(1.0)):
        with pytest.raises(checks.CheckFailed, match="must hold"):
            checks.true(bad, "must hold")


def test_shape_takes_sizes_or_a_tuple_and_none_for_any() -> None:
    x = torch.zeros(3, 4)
    checks.shape(x, 3, 4)
    checks.shape(x, (3, 4))
    checks.shape(x, x.shape)
    checks.shape(x, None, 4)
    checks.shape(5.0)
    checks.shape(5.0, ())
    for sizes, text in [
        ((4, 3), "expected shape (4, 3), got (3, 4)"),
        ((None, 3), "expected shape (any, 3), got (3, 4)"),
    ]:
        with pytest.raises(checks.CheckFailed, match=re.escape(text)):
            checks.shape(x, *sizes)
    with pytest.raises(checks.CheckFailed, match="expected a tensor or array, got None"):
        checks.shape(None, 3)


def test_dtype_names_both() -> None:
    checks.dtype(torch.zeros(1), torch.float32)
    checks.dtype(np.zeros(1), np.float64)
    checks.dtype(np.zeros(1, dtype=np.float32), torch.float32)
    checks.dtype(torch.zeros(1, dtype=torch.int64), torch.long)
    checks.dtype(3, int)
    with pytest.raises(checks.CheckFailed, match="expected dtype int64, got float32"):
        checks.dtype(torch.zeros(1), torch.int64)
    with pytest.raises(checks.CheckFailed, match="expected dtype float32, got int"):
        checks.dtype(3, torch.float32)


def test_raises_wants_that_error() -> None:
    checks.raises(ValueError, int, "x")
    checks.raises((KeyError, ValueError), int, "x")
    checks.raises(LookupError, {}.__getitem__, "x")
    with pytest.raises(checks.CheckFailed, match="expected KeyError to be raised, got ValueError: invalid literal"):
        checks.raises(KeyError, int, "x")
    with pytest.raises(checks.CheckFailed, match="expected ValueError to be raised, but the call returned 5"):
        checks.raises(ValueError, int, "5")


def unfilled() -> None:
    raise NotImplementedError


def blank() -> Any:
    return ____  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize("answer", [unfilled, blank])
@pytest.mark.parametrize("error", [RuntimeError, NameError, Exception])
def test_an_unfilled_answer_raises_nothing_that_counts(answer: Any, error: type[Exception]) -> None:
    checks.begin("e", 1)
    with checks.check("refuses"):
        checks.raises(error, answer)
    assert checks.score() == 0
    assert "not filled in yet" in checks.report().checks[0].message


class Crossed(Exception):
    """An error as the engine hands it over."""

    student_type = "ShapeError"
    student_bases = ("ValueError", "Exception", "BaseException")


def cross() -> None:
    raise Crossed("ShapeError: 3 is not 4")


def test_an_error_that_crossed_is_known_by_its_own_names() -> None:
    checks.raises(ValueError, cross)
    checks.raises(Exception, cross)
    with pytest.raises(checks.CheckFailed, match="expected TypeError to be raised, got ShapeError: 3 is not 4"):
        checks.raises(TypeError, cross)
    with pytest.raises(checks.CheckFailed):
        checks.raises(Crossed, cross)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_result_from_the_gpu_may_be_rounded_as_gpus_round() -> None:
    x, w = torch.randn(8, 3, 16, 16), torch.randn(4, 3, 3, 3)
    got = torch.nn.functional.conv2d(x.cuda(), w.cuda())
    checks.close(got, torch.nn.functional.conv2d(x, w))
    refusal(got * 1.01, torch.nn.functional.conv2d(x, w))
    checks.close([got[0, 0, 0, 0], got[0, 0, 0, 1]], got[0, 0, 0, :2].cpu())
