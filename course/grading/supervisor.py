"""The supervisor: takes one submission through an examiner and its candidates, and never outlives its limits.

It holds the examiner's line, starts a candidate when the examiner asks for one (the first one beforehand, since both
take their time to come up), watches the candidate's memory and the clock, and names how a candidate ended. It is a
context: when its block is left, every fork is dead.
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
    _environment: dict[str, str] = field(default_factory=dict)
    _examiner: int | None = None
    _candidate: int | None = None
    _ready: socket.socket | None = None  # to the candidate that the examiner has not asked for yet
    _candidates: int = 0
    _killed_for: str | None = None
    _next_look: float = 0.0

    def run(self, environment: dict[str, str] | None = None) -> dict[int, dict[str, Any]]:
        """One record a cell that was reached, by cell index; both forks find ``environment`` in theirs besides."""
        self._environment = environment or {}
        ours, theirs = socket.socketpair()
        deadline = time.monotonic() + self.limits.submission_s
        try:
            with theirs:
                self._examiner = self._fork("examiner", self.job | _times(self.limits), theirs)
            control = Control(ours)
            self._make_candidate()
            while self._step(control, deadline):
                pass
        except (EOFError, BrokenPipeError, ConnectionError):
            pass  # the examiner is gone: the cells without a record could not run
        finally:
            ours.close()
            if self._examiner is not None:
                _kill(self._examiner)  # and with its line an honest candidate ends too
        return self.records

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        """End the candidate and all that it started, and wait until both forks are gone."""
        if self._ready is not None:
            self._ready.close()
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
            self._hand_candidate_over(control)
        elif "gone" in message:
            control.send(self._ending(message))
        return "done" not in message

    def _fork(self, role: str, job: dict[str, Any], theirs: socket.socket) -> int:
        return self.nursery.fork(role, job | {"environment": self._environment}, theirs)

    def _make_candidate(self) -> None:
        if self._candidates > self.limits.restarts:
            raise EOFError("this submission has ended its process too often")
        self._ready, theirs = socket.socketpair()
        with theirs:
            self._candidate = self._fork("candidate", self.candidate_job, theirs)
        self._candidates += 1
        self._killed_for = None

    def _hand_candidate_over(self, control: Control) -> None:
        if self._ready is None:
            self._make_candidate()
        assert self._ready is not None
        with self._ready as line:
            self._ready = None
            control.send_socket(line)

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
