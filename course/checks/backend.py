"""The seam where a test cell says on which side of the grader something runs.

In one kernel (Jupyter, plain nbgrader) there is one side, so `on_student_side` calls and `share` returns. The engine's
examiner process assigns its own two functions of the same form to this module's names, `backend.share = ...`; the
package calls whatever stands there, and knows nothing else of the engine. `heard` is told how each check ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course.checks.watching import as_one_call
from course.results import CheckResult


def _call(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with as_one_call([*args, *kwargs.values()]):
        return fn(*args, **kwargs)


def _give(obj: Any, *names: str) -> Any:
    for name in names:
        getattr(obj, name)  # A misspelt name fails here as it would in the engine.
    return obj


def _pass_over(result: CheckResult) -> None:
    pass


on_student_side: Callable[..., Any] = _call
share: Callable[..., Any] = _give
heard: Callable[[CheckResult], None] = _pass_over


def is_one_kernel() -> bool:
    """Whether the student's code runs in this very process."""
    return on_student_side is _call
