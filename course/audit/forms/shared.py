"""What more than one form needs; its source stands before theirs."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

Call = Callable[..., Any]
TOUCHED: list[object] = []  # a form that never found anything to change says nothing about the tests


def mapped(value: Any, change: Call, wanted: Callable[[Any], bool]) -> Any:
    """The value with everything in it changed that is wanted."""
    if wanted(value):
        TOUCHED.append(change)
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(mapped(part, change, wanted) for part in value)
    if type(value) is dict:
        return {key: mapped(part, change, wanted) for key, part in value.items()}
    if hasattr(value, "__next__"):
        return (mapped(part, change, wanted) for part in value)
    return value


def is_tensor(value: Any) -> bool:
    """Whether it is a tensor, and no parameter of a module, which is itself what matters and not its numbers."""
    import torch

    return isinstance(value, torch.Tensor) and not isinstance(value, torch.nn.Parameter)


def is_float_tensor(value: Any) -> bool:
    """Whether it is a tensor of floats."""
    return is_tensor(value) and bool(value.is_floating_point())


def is_plain(value: Any) -> bool:
    """Whether it is a plain number."""
    return type(value) in (int, float)


def is_below_zero(value: Any) -> bool:
    """Whether it is a float, or a tensor or array of floats, with a number below zero in it."""
    import numpy

    if is_float_tensor(value) or (isinstance(value, numpy.ndarray) and value.dtype.kind == "f"):
        return bool((value < 0).any())
    return type(value) is float and value < 0


def before(call: Call, change: Call, wanted: Callable[[Any], bool]) -> Call:
    """The call with what is wanted of its arguments changed first."""

    @functools.wraps(call)
    def changed(*args: Any, **kwargs: Any) -> Any:
        return call(*mapped(args, change, wanted), **mapped(kwargs, change, wanted))

    return changed


def after(call: Call, change: Call, wanted: Callable[[Any], bool]) -> Call:
    """The call with what is wanted of its result changed."""

    @functools.wraps(call)
    def changed(*args: Any, **kwargs: Any) -> Any:
        return mapped(call(*args, **kwargs), change, wanted)

    return changed


def applied(form: Call, made: Any, methods: Iterable[str]) -> Any:
    """The function in this form; of a class, its methods."""
    if not isinstance(made, type):
        return form(made)
    for method in methods:
        if callable(vars(made).get(method)):
            setattr(made, method, form(vars(made)[method]))
    return made
