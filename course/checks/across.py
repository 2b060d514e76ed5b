"""What test cells say of the two sides: `on_student_side`, `share`, `mutable` and `collect`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from course.checks import backend
from course.checks.cell import current
from course.checks.fault import CheckFailed
from course.checks.inputs import Change, parts_of

T = TypeVar("T")
C = TypeVar("C", bound=Change)


def on_student_side(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a self-contained function (its imports inside) on the student's side and return its value.

    What it returns is the student's word, however the function reads: there, torch, numpy, Python itself and the
    function's own source are the student's to patch. So it carries data to where the student's objects live, and
    judges nothing: draw inputs and weights here, by `checks.rng`, hand them over, and compare here what comes back.
    Whatever is drawn, computed as expected, or found to be true there can be made up.
    """
    return backend.on_student_side(fn, *args, **kwargs)


def share(obj: Any, *names: str) -> Any:
    """Let student's code that receives `obj` use the methods and attributes named, in the engine no others."""
    return backend.share(obj, *names)


def mutable(value: T) -> T:
    """Let the code under test change this value in place, with all that lies in it; return it.

    A tensor or array that a test hands over must otherwise come back as it was: the check fails where it does not. A
    list, dict or set is put back as it was. What is made to be trained may always change: a tensor that requires a
    gradient, its `.grad`, an `nn.Parameter`; so may a random generator. A tensor that `checks.rng` drew may change only
    when it was drawn as `mutable`.
    """
    current().inputs.allow(value)
    return value


def notice(changes: Iterable[Change]) -> None:
    """Told by whoever runs the test of values of its own that the student's code has changed."""
    cell = current()
    if cell.begun or cell.active:
        cell.inputs.notice(changes)


def taken_apart(changes: Iterable[C], given: Any) -> list[C]:
    """Of the values that the student's code has changed so far, those that a function of the test must not see so.

    That is a list, dict or set that nobody allowed to change, unless it is among what the function is `given` now.
    """
    cell = current()
    if not cell.begun and not cell.active:
        return []
    known = [id(part) for part in parts_of(given)]
    return [change for change in changes if cell.inputs.is_put_back(change) and id(change.value) not in known]


def collect(source: Iterable[Any], at_most: int = 1000) -> list[Any]:
    """All items of a student's generator, loader or list, collected in one crossing.

    In the engine a loop of the test's own crosses to the student's side once an item; this crosses once. Raises
    CheckFailed when there are more than `at_most` items, so that a generator without end costs no time limit.
    """
    if type(source) in (list, tuple):
        items = list(source)[: at_most + 1]
    else:
        items = backend.on_student_side(_listed, source, at_most + 1)
    if type(items) is not list:
        raise CheckFailed("it yields nothing that can be collected")
    if len(items) > at_most:
        raise CheckFailed(f"it yields more than {at_most} items: does it ever end?")
    return items


def _listed(source: Any, most: int) -> Any:
    from itertools import islice

    return list(islice(source, most))


RUN_THERE = (_listed,)  # on the student's side, for every course
there, drawn = on_student_side, collect  # their names up to 0.1, kept for tests that use them
