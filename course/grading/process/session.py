"""The examiner's end of the line while a test runs: what the test prints, binds and finds changed goes with it."""

import contextlib
from collections.abc import Iterable
from typing import Any

from course import checks
from course.grading.boundary import CandidateClient, CandidateEnded, StudentError
from course.grading.boundary.ends.link import Fault
from course.grading.boundary.replicas.table import Overwritten
from course.grading.process.recorder import Recorded
from course.grading.process.shell import TimeLimit


class TestSession(CandidateClient):
    """What the student's code prints while it answers stands in the output of the test that asked."""

    timed_out = False
    rebound: dict[str, Any] | None = None  # names that the running test may bind anew, as the student's side has them
    namespace: dict[str, Any] | None = None

    def ask(self, op: str, *args: Any, **how: Any) -> Any:
        if self.rebound and self.deadline is None and op != "bind":
            self._bind_anew()
        return super().ask(op, *args, **how)

    def follow(self, names: Iterable[str], namespace: dict[str, Any]) -> None:
        """Let the student's functions see it when the test that runs next binds or deletes one of these names."""
        self.namespace = namespace
        self.rebound = {name: namespace[name] for name in names if name in namespace}

    def unfollow(self) -> None:
        """Bring the student's names back to what they were."""
        rebound, self.rebound = self.rebound or {}, None
        with contextlib.suppress(CandidateEnded):  # the owner of this end looks at `gone` next
            for name, value in rebound.items():
                self._bind_if_it_crosses(name, value)

    def _bind_anew(self) -> None:
        assert self.rebound is not None
        assert self.namespace is not None
        for name in self.rebound:
            if name not in self.namespace:
                self.bind(name)
            else:
                self._bind_if_it_crosses(name, self.namespace[name])

    def _bind_if_it_crosses(self, name: str, value: Any) -> None:
        """A module or a table stays on this side; a test that means the student's code to see it runs on that side."""
        with contextlib.suppress(TypeError, ValueError, StudentError):
            self.bind(name, value)

    def overwritten(self, changed: list[Overwritten]) -> None:
        """The test's own values that the student's code changed: a check fails where it has not allowed that."""
        checks.across.notice(changed)

    def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """What the student's code asks of a test's function, which sees the test's own values as the test made them."""
        with contextlib.ExitStack() as undone:
            for change in checks.across.taken_apart(self.replicas.changed(), args):
                undone.enter_context(change.undone())
            return super().perform(op, args)

    def find(self, name: str) -> Any:
        return (self.namespace or {}).get(name)

    def receive(self) -> Any:
        message = super().receive()
        if printed := self.printed:
            print(printed, end="")
        return message

    def raised(self, fault: Fault) -> BaseException:
        self.timed_out = self.timed_out or fault.kind == TimeLimit.__name__
        return super().raised(fault)


class RecordedSession(Recorded, TestSession):
    """Where an instructor looks on."""
