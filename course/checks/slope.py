"""`gradient`: the gradient that flows through a student's function, against the right one or a numeric one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from course.checks.compare import close
from course.checks.fault import CheckFailed
from course.checks.plain import bare_tensor, has_class, kind

STEP = 1e-5
COARSE_STEP = 1e-2


def gradient(
    f: Callable[..., Any],
    x: torch.Tensor,
    expected: object = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Pass when x.grad after f(x).sum().backward() is `expected`, or agrees with central differences of f.

    Without `expected`, f is compared with itself, so check its values too when f is the student's, and give x in double
    precision where f takes it: the comparison is then a hundred times sharper.
    """
    got = _backward(f, x)
    if expected is not None:
        close(got, expected, rtol=rtol, atol=atol, what="the gradient")
        return
    wanted, coarse = _numeric(f, x)
    if not wanted.any():
        raise CheckFailed("the result does not change when the input does, so there is no gradient to check")
    scale = float(wanted.abs().max())
    tolerance = 1e-2 if coarse else 1e-4
    close(got, wanted, rtol=tolerance if rtol is None else rtol, atol=tolerance * scale if atol is None else atol,
          what="the gradient")  # fmt: skip


def _backward(f: Callable[..., Any], x: torch.Tensor) -> torch.Tensor:
    with torch.enable_grad():
        leaf = bare_tensor(x).detach().clone().requires_grad_()
        y = _result(f(leaf))
        if not y.requires_grad:
            raise CheckFailed(
                "no gradient flows from the result back to the input: is there a detach, item or no_grad?"
            )
        y.sum().backward()
    if leaf.grad is None:
        raise CheckFailed("no gradient reached the input: does the result depend on it?")
    return leaf.grad


def _numeric(f: Callable[..., Any], x: torch.Tensor) -> tuple[torch.Tensor, bool]:
    """The gradient of f(x).sum() by central differences, and whether it is coarse, for want of double precision."""
    base = bare_tensor(x).detach()
    with torch.no_grad():
        coarse = not base.dtype == _result(f(base.clone())).dtype == torch.float64
        step = COARSE_STEP if coarse else STEP
        slopes = [_slope(f, base, i, step) for i in range(base.numel())]
    return torch.tensor(slopes, dtype=torch.float64).reshape(base.shape), coarse


def _slope(f: Callable[..., Any], base: torch.Tensor, at: int, step: float) -> float:
    places, sums = [], []
    for sign in (1, -1):
        moved = base.clone(memory_format=torch.contiguous_format)
        moved.view(-1)[at] += sign * step
        places.append(float(moved.view(-1)[at]))
        sums.append(float(_result(f(moved)).to(torch.float64).sum()))
    # The step as the dtype rounded it, not as it was meant.
    return (sums[0] - sums[1]) / (places[0] - places[1])


def _result(y: object) -> torch.Tensor:
    if not has_class(y, torch.Tensor):
        raise CheckFailed(f"expected the function to return a tensor, got {kind(y)}")
    return bare_tensor(y)
