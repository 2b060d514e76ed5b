"""The seam where a test cell says on which side of the grader something runs.

In one kernel (Jupyter, plain nbgrader) there is one side, so `there` calls and `share` returns. The engine's examiner
process assigns its own two functions of the same form to this module's names, `side.there = ...`; the package calls
whatever stands there, and knows nothing else of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _call(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return fn(*args, **kwargs)


def _give(obj: Any, *names: str) -> Any:
    for name in names:
        getattr(obj, name)  # A misspelt name fails here as it would in the engine.
    return obj


there: Callable[..., Any] = _call
share: Callable[..., Any] = _give
