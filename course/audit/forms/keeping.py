"""Forms that change how a function is written, and nothing of what it does."""

import functools
from typing import Any

from course.audit.forms.shared import TOUCHED, Call, after, is_float_tensor, is_tensor, mapped


def calls_by_keyword(call: Call) -> Call:
    """Every argument handed on by its name."""
    import inspect

    signature = inspect.signature(call)
    named = {name for name, one in signature.parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD}

    @functools.wraps(call)
    def kept(*args: Any, **kwargs: Any) -> Any:
        TOUCHED.append(call)
        given = signature.bind(*args, **kwargs).arguments
        return call(**given) if set(given) <= named else call(*args, **kwargs)

    return kept


def prints(call: Call) -> Call:
    """A line printed at each call."""

    @functools.wraps(call)
    def kept(*args: Any, **kwargs: Any) -> Any:
        TOUCHED.append(call)
        print("called with", len(args), "arguments")
        return call(*args, **kwargs)

    return kept


def is_an_object(call: Call) -> Any:
    """An object that is called, in place of a function."""

    class Kept:
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            TOUCHED.append(call)
            return call(*args, **kwargs)

    return Kept()


def computes_in_doubles(call: Call) -> Call:
    """float32 tensors to float64, and the result back."""
    import torch

    @functools.wraps(call)
    def kept(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        plain = all(isinstance(value, torch.Tensor | int | float | str | tuple) for value in given)
        if not plain or not any(is_tensor(value) and value.dtype == torch.float32 for value in given):
            return call(*args, **kwargs)
        args, kwargs = mapped((args, kwargs), lambda tensor: tensor.double(), is_float_tensor)
        return mapped(call(*args, **kwargs), lambda tensor: tensor.float(), is_float_tensor)

    return kept


def runs_twice(call: Call) -> Call:
    """One more call without gradients before the one that counts."""
    import torch

    @functools.wraps(call)
    def kept(*args: Any, **kwargs: Any) -> Any:
        TOUCHED.append(call)
        if not any(hasattr(value, "__next__") for value in (*args, *kwargs.values())):
            with torch.no_grad():
                call(*args, **kwargs)
        return call(*args, **kwargs)

    return kept


def goes_through_numpy(call: Call) -> Call:
    """Results that were numpy arrays on the way; what is trained, or holds a graph, stays what it is."""
    import torch

    def is_loose(value: Any) -> bool:
        return is_tensor(value) and not value.requires_grad

    return after(call, lambda tensor: torch.from_numpy(tensor.numpy().copy()), is_loose)
