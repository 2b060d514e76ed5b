"""The supervisor: takes one submission through an examiner and its candidates, and never outlives its limits.

It holds the examiner's line, starts a candidate beforehand and another one whenever the examiner asks, watches the
candidate's memory and the clock, and names how a candidate ended. It is a context: both forks come up when its block is
entered, and are dead with all that they started when it is left.
"""

import contextlib
import os
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from course.grading import watch
from course.grading.control import Control
from course.grading.limits import Limits
from course.grading.nursery import Nursery

POLL_S = 0.1


@dataclass
class Supervisor:
    """One submission's forks and their owner.

    Args:
        job: the examiner's work: ``cells``, ``seed``; limits are added here.
        candidate_job: what the candidate is told: its jail, no test and no seed.
    """

    nursery: Nursery
    limits: Limits
    job: dict[str, Any]
    candidate_job: dict[str, Any]
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    _control: Control = field(init=False)
    _examiner: int | None = None
    _candidate: int | None = None
    _candidates: int = 0
    _killed_for: str | None = None
    _next_look: float = 0.0

    def __enter__(self) -> "Supervisor":
        """Fork both, which takes them as long to come up as some cells run: before their turn is best."""
        ours, theirs = socket.socketpair()
        self._control = Control(ours)
        try:
            with theirs, self._make_candidate() as line:
                self._examiner = self.nursery.fork("examiner", self.job | _times(self.limits), theirs, line)
        except BaseException:
            self.__exit__()
            raise
        return self

    def run(self, environment: dict[str, str] | None = None) -> dict[int, dict[str, Any]]:
        """One record a cell that was reached, by cell index; both forks find ``environment`` in theirs besides."""
        deadline = time.monotonic() + self.limits.submission_s
        try:
            self._control.send({"environment": environment or {}})
            while self._step(self._control, deadline):
                pass
        except (EOFError, BrokenPipeError, ConnectionError):
            pass  # the examiner is gone: the cells without a record could not run
        finally:
            self._control.socket.close()
        return self.records

    def __exit__(self, *_: object) -> None:
        """End the candidate and all that it started, and wait until both forks are gone."""
        self._control.socket.close()
        if self._examiner is not None:
            _kill(self._examiner)
        self._kill_candidate()
        if self._examiner is not None:
            self.nursery.status(self._examiner)

    def _step(self, control: Control, deadline: float) -> bool:
        """Handle one message, or one tick of the clock; False when the examiner is done or time is up."""
        if time.monotonic() >= self._next_look:
            self._watch_memory()
            self._next_look = time.monotonic() + POLL_S
        try:
            message = control.receive(POLL_S)
        except TimeoutError:
            return time.monotonic() < deadline
        if "cell" in message:
            self.records[message.pop("cell")] = message
        elif "candidate" in message:
            with self._make_candidate() as line:
                control.send_socket(line)
        elif "gone" in message:
            control.send(self._ending(message))
        return "done" not in message

    def _make_candidate(self) -> socket.socket:
        """A new candidate; returns the examiner's end of the line to it."""
        if self._candidates > self.limits.restarts:
            raise EOFError("this submission has ended its process too often")
        line, theirs = socket.socketpair()
        with theirs:
            self._candidate = self.nursery.fork("candidate", self.candidate_job, theirs)
        self._candidates += 1
        self._killed_for = None
        return line

    def _watch_memory(self) -> None:
        assert self._examiner is not None
        taken_in = self._used_mb(self._examiner)  # a test may keep all that the student's code hands it
        if taken_in > 2 * self.limits.memory_mb:  # and it goes on growing without the candidate
            _kill(self._examiner)
        if self._candidate is None:
            return
        if max(self._used_mb(self._candidate), taken_in) > self.limits.memory_mb:
            self._killed_for = "out of memory"
            watch.kill(self._candidate)

    def _used_mb(self, pid: int) -> float:
        return watch.measure(pid, exact_above_mb=self.limits.memory_mb).rss_mb

    def _ending(self, message: dict[str, Any]) -> dict[str, Any]:
        """Name the end of the candidate that the examiner has lost."""
        killed_for = self._killed_for
        if killed_for is None and message["gone"] == "CandidateHung":
            killed_for = "timeout"
        status = self._kill_candidate(wait=killed_for is None)
        if killed_for == "out of memory":
            text = f"the notebook used more than {self.limits.memory_mb:g} MB of memory"
        elif killed_for == "timeout":
            text = "the notebook did not stop when its time was up"
        elif message["gone"] == "WireViolation":
            killed_for, text = (
                "crashed",
                f"the notebook's process broke off with bytes that are no answer: {message['message']}",
            )
        elif message["gone"] == "NotStarted":
            killed_for, text = "could not run", "the grader could not start a process for the notebook"
        elif status is not None and (status < 0 or status > 128):
            number = -status if status < 0 else status - 128
            killed_for, text = "crashed", f"the notebook's process was killed by {_signal_name(number)}"
        else:
            killed_for, text = "exited", "the notebook ended its own process"
        return {"ending": killed_for, "message": text}

    def _kill_candidate(self, wait: bool = False) -> int | None:
        """End the candidate and all that it started; its exit status when it ended by itself."""
        if self._candidate is None:
            return None
        pid, self._candidate = self._candidate, None
        status = self.nursery.status(pid) if wait else None
        if status is None:
            watch.kill(pid)
            self.nursery.status(pid)
        return status


def _times(limits: Limits) -> dict[str, float]:
    return {"cell_s": limits.cell_s, "call_s": limits.call_s, "test_s": limits.test_s, "grace_s": limits.grace_s}


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
