"""The two places where a test cell says on which side of the grader something runs.

In one kernel (Jupyter, plain nbgrader) there is one side, so `there` calls and `share` returns. The engine's examiner
process calls `install` with its own Side before it runs a test cell; nothing else in this package knows of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Side(Protocol):
    """What the process that runs the test cells does with a call for the student's side."""

    def there(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The value of fn(*args, **kwargs), run where the student's code runs."""

    def share(self, obj: Any, *names: str) -> Any:
        """The object, with these methods and attributes open to the student's code."""


class OneKernel:
    """Both sides are this process."""

    def there(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    def share(self, obj: Any, *names: str) -> Any:
        for name in names:
            getattr(obj, name)  # A misspelt name fails here as it would in the engine.
        return obj


_current: list[Side] = [OneKernel()]


def install(side: Side) -> Side:
    """Puts another Side in force and returns the one before."""
    previous, _current[0] = _current[0], side
    return previous


def there(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Runs a self-contained function (its imports inside) on the student's side and returns its value."""
    return _current[0].there(fn, *args, **kwargs)


def share(obj: Any, *names: str) -> Any:
    """Lets student's code that receives `obj` use the methods and attributes named, and no others in the engine."""
    return _current[0].share(obj, *names)
