"""`there` and `share` as test cells call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course.checks import side


def there(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Runs a self-contained function (its imports inside) on the student's side and returns its value."""
    return side.there(fn, *args, **kwargs)


def share(obj: Any, *names: str) -> Any:
    """Lets student's code that receives `obj` use the methods and attributes named, in the engine no others."""
    return side.share(obj, *names)
