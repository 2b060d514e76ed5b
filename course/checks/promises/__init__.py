"""The promises of an exercise as checks: each is tried on calls that the test cell gives as examples."""

from course.checks.promises.calls import example
from course.checks.promises.guards import promises

__all__ = ["example", "promises"]
