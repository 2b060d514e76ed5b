"""What test cells say of the two sides: `there`, `share`, and items drawn on the student's side in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from course.checks import side
from course.checks.fault import CheckFailed


def there(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Runs a self-contained function (its imports inside) on the student's side and returns its value."""
    return side.there(fn, *args, **kwargs)


def share(obj: Any, *names: str) -> Any:
    """Lets student's code that receives `obj` use the methods and attributes named, in the engine no others."""
    return side.share(obj, *names)


def drawn(source: Iterable[Any], at_most: int = 1000) -> list[Any]:
    """All items of a student's generator, loader or list, drawn in one go.

    In the engine a loop of the test's own crosses to the student's side once an item; this crosses once. Raises
    CheckFailed when there are more than `at_most` items, so that a generator without end costs no time limit.
    """
    if type(source) in (list, tuple):
        items = list(source)[: at_most + 1]
    else:
        items = side.there(_draw, source, at_most + 1)
    if type(items) is not list:
        raise CheckFailed("it gives out nothing that can be listed")
    if len(items) > at_most:
        raise CheckFailed(f"it gives out more than {at_most} items: does it ever end?")
    return items


def _draw(source: Any, most: int) -> Any:
    from itertools import islice

    return list(islice(source, most))
