"""Forms that change what holds a function's result, and none of its numbers: an array for a tensor, a list for a tuple.

Each is a spoiler where the exercise promises the form that it changes, and a keeper where the text leaves it open;
another shape is always a spoiler.
"""

from typing import Any

from course.audit.forms.shared import TOUCHED, Call, after, is_float_tensor, is_plain, is_tensor


def returns_tensors(call: Call) -> Call:
    """Tensors for plain numbers, where a tensor can hold them."""
    import torch

    return after(call, torch.as_tensor, lambda value: is_plain(value) and abs(value) < 2**63)


def returns_lists(call: Call) -> Call:
    """Lists of numbers for tensors, and plain numbers for those without axes."""
    return after(call, lambda tensor: tensor.tolist(), is_tensor)


def returns_rows(call: Call) -> Call:
    """A list of its rows for each tensor that has any."""
    return after(call, list, lambda value: is_tensor(value) and value.ndim > 0)


def returns_arrays(call: Call) -> Call:
    """numpy's arrays for tensors."""
    return after(call, lambda tensor: tensor.detach().numpy(), is_tensor)


def returns_float32(call: Call) -> Call:
    """Results in float32, whatever comes in."""
    return after(call, lambda tensor: tensor.float(), is_float_tensor)


def returns_float64(call: Call) -> Call:
    """Results in float64, whatever comes in."""
    return after(call, lambda tensor: tensor.double(), is_float_tensor)


def returns_columns(call: Call) -> Call:
    """Columns (n, 1) for vectors (n,)."""
    return after(call, lambda tensor: tensor[:, None], lambda value: is_tensor(value) and value.ndim == 1)


def returns_vectors(call: Call) -> Call:
    """Vectors of one entry for tensors without axes."""
    return after(call, lambda tensor: tensor[None], lambda value: is_tensor(value) and value.ndim == 0)


def other_containers(call: Call) -> Call:
    """Lists for tuples and tuples for lists, keys in the opposite order, numpy's floats and tensors of one bool."""
    import functools

    import numpy
    import torch

    def other(value: Any) -> Any:
        if type(value) in (list, tuple, dict, float, bool):
            TOUCHED.append(call)
        if type(value) in (list, tuple):
            parts = [other(part) for part in value]
            return parts if type(value) is tuple else tuple(parts)
        if type(value) is dict:
            return {key: other(part) for key, part in reversed(value.items())}
        if hasattr(value, "__next__"):
            return (other(part) for part in value)
        if type(value) is float:
            return numpy.float64(value)
        return torch.tensor(value) if type(value) is bool else value

    @functools.wraps(call)
    def kept(*args: Any, **kwargs: Any) -> Any:
        return other(call(*args, **kwargs))

    return kept
