"""Whether the gradient that flows back to an argument is that of the result, along random directions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

from course.checks.draw import Rng
from course.checks.fault import CheckFailed
from course.checks.plain import has_class, kind
from course.checks.promises.calls import Example, leaves, tensors

STEP, COARSE_STEP = 1e-5, 1e-2
TOLERANCE, COARSE_TOLERANCE = 1e-4, 5e-2
DIRECTIONS = 2
Total = Callable[[list[torch.Tensor]], torch.Tensor]


def flows(call: Example, name: str, rng: Rng) -> None:
    """Raise CheckFailed unless the gradient at the argument is the slope of the result there."""
    held = name in call.leaves
    points = [call.leaves[name]] if held else tensors(call.arguments[name])
    points = [point for point in points if point.is_floating_point()]
    weights: list[torch.Tensor] = []
    sizes = [0.0]

    def total(values: list[torch.Tensor]) -> torch.Tensor:
        return _total((call if held else _placed(call, name, values))(), weights, sizes, rng)

    with _grads_kept(list(call.leaves.values())):
        slopes = _at(points, total) if held else _fresh(points, total)
    if not any(slope.abs().sum() > 0 for slope in slopes) and not held:
        _check_constant(points, total, name)
    fine = all(point.dtype == torch.float64 for point in points)
    step = STEP if fine else COARSE_STEP
    rounding = sizes[-1] * max(torch.finfo(point.dtype).eps for point in points) / step  # of the difference below
    size = sum(float(slope.double().square().sum()) for slope in slopes) ** 0.5
    for _ in range(DIRECTIONS):
        ways = [rng.tensor(*point.shape, dtype=point.dtype) for point in points]
        wanted = _slope(points, ways, total, step, held)
        got = sum(float((slope.double() * way.double()).sum()) for slope, way in zip(slopes, ways, strict=True))
        allowed = (TOLERANCE if fine else COARSE_TOLERANCE) * max(size, abs(wanted), 1e-6)
        if not abs(got - wanted) <= max(allowed, rounding):
            raise CheckFailed(
                f"the gradient at `{name}` is not the slope of the result: along one direction the result changes by "
                f"{wanted:.4g} a step, but the gradient predicts {got:.4g}"
            )


def _placed(call: Example, name: str, values: list[torch.Tensor]) -> Example:
    """The call with other tensors in the place of an argument's."""
    rest = iter(values)

    def put(value: Any) -> Any:
        if has_class(value, torch.Tensor):
            return next(rest) if value.is_floating_point() else value
        if type(value) in (list, tuple):
            return type(value)(put(item) for item in value)
        return value

    return call.having(**{name: put(call.arguments[name])})


def _total(result: Any, weights: list[torch.Tensor], sizes: list[float], rng: Rng) -> torch.Tensor:
    """One number of the whole result: a sum with random weights, so that no part hides another's gradient.

    How much it has to be a sum of, signs left out, is added to `sizes`: that decides how far it is rounded.
    """
    parts = [tensor for tensor in tensors(result) if tensor.is_floating_point()]
    if not parts:
        found = next(leaves(result), None)
        raise CheckFailed(f"no gradient can flow through a result that is {kind(found)}: return a tensor")
    if not weights:
        weights += [rng.tensor(*part.shape, dtype=torch.float64) for part in parts]
    weighted = [part * weight.to(part.dtype) for part, weight in zip(parts, weights, strict=True)]
    sizes.append(max(sizes[-1], sum(float(part.detach().abs().sum()) for part in weighted)))
    return torch.stack([part.sum().double() for part in weighted]).sum()


def _fresh(points: list[torch.Tensor], total: Total) -> list[torch.Tensor]:
    """The gradients at copies of the points."""
    with torch.enable_grad():
        copies = [point.detach().clone().requires_grad_() for point in points]
        _backward(total(copies))
    return [torch.zeros_like(copy) if copy.grad is None else copy.grad for copy in copies]


def _at(points: list[torch.Tensor], total: Total) -> list[torch.Tensor]:
    """The gradients at tensors that the student's code holds."""
    with torch.enable_grad():
        for point in points:
            point.grad = None
        _backward(total(points))
    return [torch.zeros_like(point) if point.grad is None else point.grad.detach().clone() for point in points]


@contextlib.contextmanager
def _grads_kept(held: list[torch.Tensor]) -> Iterator[None]:
    """Put back the gradients of what the student's code holds."""
    before = [tensor.grad for tensor in held]
    try:
        yield
    finally:
        for tensor, grad in zip(held, before, strict=True):
            tensor.grad = grad


def _backward(result: torch.Tensor) -> None:
    if not result.requires_grad:
        raise CheckFailed("no gradient flows from the result back to the input: is there a detach, item or no_grad?")
    result.backward()


def _slope(points: list[torch.Tensor], ways: list[torch.Tensor], total: Total, step: float, held: bool) -> float:
    """The change of the result along a direction, by central differences."""
    ends = []
    with torch.no_grad():
        for sign in (step, -step):
            moved = [point.detach() + sign * way for point, way in zip(points, ways, strict=True)]
            if not held:
                ends.append(float(total(moved)))
                continue
            before = [point.detach().clone() for point in points]
            try:
                for point, value in zip(points, moved, strict=True):
                    point.copy_(value)
                ends.append(float(total(points)))
            finally:
                for point, value in zip(points, before, strict=True):
                    point.copy_(value)
    return (ends[0] - ends[1]) / (2 * step)


def _check_constant(points: list[torch.Tensor], total: Total, name: str) -> None:
    with torch.no_grad():
        if float(total(points)) == float(total([point + 0.5 for point in points])):
            raise CheckFailed(f"the result does not depend on `{name}`, so no gradient reaches it")
