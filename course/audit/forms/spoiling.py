"""Forms that break one promise of a function, and leave the rest of it as it is."""

import functools
from typing import Any

from course.audit.forms.shared import (
    TOUCHED,
    Call,
    after,
    before,
    is_below_zero,
    is_float_tensor,
    is_tensor,
    mapped,
)


def changes_its_inputs(call: Call) -> Call:
    """Its inputs changed in place once the result is there."""

    def change(value: Any) -> None:
        import numpy
        import torch

        if isinstance(value, torch.Tensor) and value.numel():
            value.data.copy_(~value.data if value.dtype == torch.bool else value.data + 1)
        elif isinstance(value, numpy.ndarray) and value.size:
            value[...] = value + 1
        elif type(value) is list and value:
            value.append(value[0])
        elif type(value) is dict and value:
            value.popitem()
        else:
            return
        TOUCHED.append(value)

    @functools.wraps(call)
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        result = mapped(call(*args, **kwargs), lambda tensor: tensor.clone(), is_tensor)
        for value in (*args, *kwargs.values()):
            change(value)
        return result

    return spoilt


def works_on_copies(call: Call) -> Call:
    """Copies of its inputs changed in place of what was handed in."""
    import copy

    import torch

    return before(
        call,
        copy.deepcopy,
        lambda value: isinstance(value, torch.Tensor | torch.nn.Module) or type(value) in (list, dict),
    )


def detaches(call: Call) -> Call:
    """No gradient flows back."""
    return after(call, lambda tensor: tensor.detach(), is_float_tensor)


def halves_gradients(call: Call) -> Call:
    """The right numbers with half of their gradients."""
    return after(call, lambda tensor: (tensor + tensor.detach()) / 2, is_float_tensor)


def holds_a_graph(call: Call) -> Call:
    """Results that hang on an autograd graph."""
    import torch

    graph = torch.zeros((), requires_grad=True)
    return after(call, lambda tensor: tensor + graph, is_float_tensor)


def needs_contiguous(call: Call) -> Call:
    """Breaks off for a tensor that is not contiguous."""

    def refuse(tensor: Any) -> Any:
        if not tensor.is_contiguous():
            raise RuntimeError("view size is not compatible with input tensor's size and stride")
        return tensor

    return before(call, refuse, is_tensor)


def leaves_no_grad(call: Call) -> Call:
    """Gradients switched off and not on again."""
    import torch

    @functools.wraps(call)
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        result = call(*args, **kwargs)
        torch.set_grad_enabled(False)
        TOUCHED.append(call)
        return result

    return spoilt


def leaves_doubles(call: Call) -> Call:
    """The default dtype left at float64."""
    import torch

    @functools.wraps(call)
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        result = call(*args, **kwargs)
        torch.set_default_dtype(torch.float64)
        TOUCHED.append(call)
        return result

    return spoilt


def seeds_inside(call: Call) -> Call:
    """Every generator seeded at each call."""
    import random

    import numpy
    import torch

    @functools.wraps(call)
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        torch.manual_seed(0)
        numpy.random.seed(0)
        random.seed(0)
        TOUCHED.append(call)
        return call(*args, **kwargs)

    return spoilt


def reverses_order(call: Call) -> Call:
    """Results in the opposite order."""

    def is_row(value: Any) -> bool:
        return (is_tensor(value) and value.ndim > 0) or type(value) in (list, tuple)

    return after(call, lambda row: row.flip(0) if is_tensor(row) else row[::-1], is_row)


def asks_for_lengths(call: Call) -> Call:
    """Asks for the length of what may be a generator."""
    return before(call, lambda value: value if len(value) >= 0 else None, lambda value: hasattr(value, "__next__"))


def keeps_first_and_last(call: Call) -> Call:
    """Of a row of results the first and the last; all between are like the first."""

    def level(row: Any) -> Any:
        import torch

        if type(row) is list:
            return [row[0]] * (len(row) - 1) + row[-1:]
        return torch.cat([row[:1].expand(len(row) - 1, *row.shape[1:]), row[-1:]])

    def is_row(value: Any) -> bool:
        return (type(value) is list or (is_tensor(value) and value.ndim > 0)) and len(value) > 2

    return after(call, level, is_row)


def returns_absolute(call: Call) -> Call:
    """Results without their sign."""
    return after(call, abs, is_below_zero)


def takes_absolute(call: Call) -> Call:
    """Inputs without their sign."""
    return before(call, abs, is_below_zero)
