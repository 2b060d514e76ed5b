"""Gradients through a student's function."""

from typing import Any

import pytest
import torch

from course import checks


def refusal(f: Any, x: torch.Tensor, *expected: Any) -> str:
    with pytest.raises(checks.CheckFailed) as caught:
        checks.gradient(f, x, *expected)
    return str(caught.value)


X = torch.tensor([1.0, -2.0, 3.0])


def test_the_right_gradient_passes() -> None:
    checks.gradient(lambda x: (x**2).sum(), X, 2 * X)
    checks.gradient(lambda x: x**2, X, 2 * X)
    checks.gradient(lambda x: x**2, X.double())
    checks.gradient(lambda x: x.float() ** 2, X)
    checks.gradient(lambda x: x @ x, torch.randn(3, 3))
    checks.gradient(lambda x: (x.t() ** 2).relu(), torch.randn(3, 2).t())


def test_a_module_of_single_precision_is_checked_as_it_is() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    checks.gradient(net, torch.randn(2, 3))
    checks.gradient(net.double(), torch.randn(2, 3, dtype=torch.float64))


def test_a_wrong_gradient_tells_where() -> None:
    assert refusal(lambda x: x**2, X, 3 * X).startswith(
        "the gradient: the values differ most at [2]: expected 9, got 6"
    )


class Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        return grad


def test_a_backward_that_disagrees_with_its_forward_is_found() -> None:
    assert "the gradient" in refusal(Halved.apply, X)
    assert "the gradient" in refusal(Halved.apply, X.double())


def test_broken_paths_are_explained() -> None:
    assert "no gradient flows" in refusal(lambda x: x.detach(), X, X)
    assert "expected the function to return a tensor, got a float" in refusal(lambda x: x.sum().item(), X, X)
    assert "got None" in refusal(lambda x: None, X, X)
    assert "does not change when the input does" in refusal(lambda x: x * 0, X)
    other = torch.ones(3, requires_grad=True)
    assert "no gradient reached the input" in refusal(lambda x: other * 2, X, X)


def test_it_works_under_no_grad_and_leaves_the_input_alone() -> None:
    x = X.clone()
    with torch.no_grad():
        checks.gradient(lambda x: x**3, x, 3 * X**2)
    assert torch.equal(x, X)
    assert x.grad is None
    assert not x.requires_grad
