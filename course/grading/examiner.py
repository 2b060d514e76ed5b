"""The examiner: the fork that holds the tests and takes a submission through them, cell by cell.

It drives the candidate over the boundary and believes nothing but data. When the candidate is gone, it asks its owner
how that ended, has a new one started, runs again what ran before, without the cell that ended it, and goes on.
"""

import contextlib
import functools
import os
import random
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from course import checks
from course.grading.boundary import CandidateEnded, Examinee, StudentError
from course.grading.boundary.link import Fault
from course.grading.candidate import STARTED
from course.grading.control import Control
from course.grading.lastvalue import points_of
from course.grading.outputs import sound_data, sound_outputs, sound_text
from course.grading.shell import MESSAGE_CAP, CellRun, Shell, TimeLimit

START_S = 60.0  # a fork and its jail take a twentieth of a second on a quiet machine
_SETTLE_IN = "def settle_in(variables):\n    import os\n    os.environ.update(variables)\n"


def main(job: dict[str, Any], fds: list[int]) -> None:
    """Examine, and send the owner one record a cell; the sockets are its owner's and the first candidate's."""
    control, first = Control(socket.socket(fileno=fds[0])), socket.socket(fileno=fds[1])
    shell = Shell.make()
    shell.ready()
    for (
        checker
    ) in shell.prefilter_manager.checkers:  # they ask what a line's first name is, which a reference does not tell
        checker.enabled = False
    examination = Examination(control, first, shell, job)
    try:
        environment = control.receive()["environment"]  # it is this submission's turn
    except EOFError:  # the turn never came
        return
    examination.run(environment)


class NotStarted(CandidateEnded):
    """The grader, not the student, is why there is no candidate."""


class _Talking(Examinee):
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
                self.bind(name, value)

    def _bind_anew(self) -> None:
        assert self.rebound is not None
        assert self.namespace is not None
        for name in self.rebound:
            if name not in self.namespace:
                self.bind(name)
            else:
                self.bind(name, self.namespace[name])

    def receive(self) -> Any:
        message = super().receive()
        if printed := self.printed:
            print(printed, end="")
        return message

    def raised(self, fault: Fault) -> BaseException:
        self.timed_out = self.timed_out or fault.kind == TimeLimit.__name__
        return super().raised(fault)


class Examination:
    """One submission's way through its cells."""

    def __init__(self, control: Control, first: socket.socket, shell: Shell, job: dict[str, Any]) -> None:
        self.line: socket.socket | None = first  # to a candidate that waits
        self.control, self.shell, self.job = control, shell, job
        self.environment: dict[str, str] = {}  # what the candidates find in theirs besides
        self.examinee: _Talking | None = None
        self.ran: list[str] = []  # what a new candidate must run to stand where the old one stood
        self.broken: dict[int, str] = {}  # by cell of the source, why the course's own code in it failed
        self.since = 0.0  # when the last record was written, or the first cell began
        os.environ["CLOZEGRAD_SEED"] = job["seed"]
        _seed_everything(job["seed"])
        self._seed_both_sides()

    def run(self, environment: dict[str, str]) -> None:
        """Every cell in order; each gets a record, whatever happens."""
        os.environ.update(environment)
        self.environment, self.since = environment, time.perf_counter()
        for cells, test in _rounds(self.job["cells"]):
            values = self._let_run(cells, [] if test is None or test["problem"] else test["fetch"])
            if test is None:
                continue
            try:
                record = self._examine(test, values)
            except StudentError as error:
                record = _failed(error)
            self._report(test, record)
        self.control.send({"done": True})

    def _report(self, cell: dict[str, Any], record: dict[str, Any]) -> None:
        now = time.perf_counter()
        self.control.send({"cell": cell["index"], "seconds": now - self.since, **record})
        self.since = now

    def _let_run(self, cells: list[dict[str, Any]], names: list[str]) -> dict[str, Any] | None:
        """Run cells on the candidate's side in a row, and fetch names after them; None when those do not come at once.

        All in one request: the candidate need not wait for this side between two cells.
        """
        left = deque(cells)

        def take(outcome: dict[str, Any]) -> None:
            cell = left.popleft()
            self.ran.append(cell["source"])
            self._report(cell, _outcome(outcome))

        cell_s = self.job["cell_s"] + self.job["grace_s"]
        while left or names:
            sources = [cell["source"] for cell in left]
            try:
                return self._candidate().run_cells(sources, names, deadline_s=cell_s, take=take)
            except CandidateEnded as error:
                ending = self._bury(error)
            except StudentError as error:  # what the student made of the shell itself, or a value that cannot cross
                ending = _failed(error)
            if not left:
                return None
            self._report(left.popleft(), ending)
        return None

    def _examine(self, cell: dict[str, Any], values: dict[str, Any] | None) -> dict[str, Any]:
        """Run a test cell on this side, with the names that it reads taken from the side that owns them."""
        namespace = self.shell.user_ns
        if problem := cell["problem"] or self._prepare(cell):
            return {"ending": "could not run", "message": problem}
        try:
            self._bind(cell["fetch"], values, namespace)
        except CandidateEnded as error:
            return self._bury(error)
        before = checks.cell.current()
        if self.examinee is not None:
            self.examinee.timed_out = False
            self.examinee.follow(cell["rebinds"], namespace)
        run = self.shell.run(cell["source"], self.job["test_s"])
        record = _record(run, cell["points"])
        if self.examinee is not None:
            record["timed_out"] = self.examinee.timed_out
            self.examinee.unfollow()
        if checks.cell.current() is not before:
            record["report"] = sound_data(asdict(checks.report()))
        if self.examinee is not None and self.examinee.gone is not None:
            record |= self._bury(self.examinee.gone)
        return record

    def _prepare(self, cell: dict[str, Any]) -> str:
        """Run the course's own code that this test is the first to need; says why the test cannot run, if so."""
        for origin, source in cell["prepare"]:
            run = self.shell.run(source, self.job["cell_s"])
            if run.error:
                self.broken[origin] = f"the course's own code failed: {run.error}: {run.message}"
        return next((self.broken[origin] for origin in cell["needs"] if origin in self.broken), "")

    def _bind(self, names: list[str], values: dict[str, Any] | None, namespace: dict[str, Any]) -> None:
        """Bind each name to the student's value; a name that the student has not is not bound here either."""
        for name in names:
            namespace.pop(name, None)
            if values is None:
                with contextlib.suppress(StudentError):
                    namespace[name] = self._candidate().name(name)
            elif name in values:
                namespace[name] = values.pop(name)

    def _candidate(self) -> _Talking:
        """The candidate that runs now; a new one, brought to where the last one stood, when that one is gone."""
        while self.examinee is None:
            channel, self.line = self.line or self._new_line(), None
            started = _has_started(channel)
            examinee = _Talking(channel, call_deadline_s=self.job["call_s"] + self.job["grace_s"])
            checks.side.there, checks.side.share = examinee.there, examinee.share
            self.examinee = examinee
            if not started:
                raise NotStarted("no process for the notebook came up")
            if self.environment:
                examinee.there_source(_SETTLE_IN, "settle_in", (tuple(self.environment.items()),))
            self._replay(examinee)
        return self.examinee

    def _new_line(self) -> socket.socket:
        self.control.send({"candidate": True})
        return self.control.receive_socket()

    def _seed_both_sides(self) -> None:
        """A test that seeds a generator means the student's code to draw from it, as it would in one kernel."""
        import numpy as np
        import torch

        for owner, name in ((torch, "manual_seed"), (np.random, "seed"), (random, "seed")):
            setattr(owner, name, self._seeding(getattr(owner, name), f"{owner.__name__}.{name}"))

    def _seeding(self, seed: Callable[..., Any], path: str) -> Callable[..., Any]:
        module, _, name = path.rpartition(".")
        source = f"def reseed(number):\n    import {module} as module\n    module.{name}(number)\n"

        @functools.wraps(seed)
        def both(number: Any = None, *args: Any, **kwargs: Any) -> Any:
            result = seed(number, *args, **kwargs)
            if self.examinee is not None and self.examinee.gone is None and type(number) is int:
                self.examinee.there_source(source, "reseed", (number,))
            return result

        return both

    def _replay(self, examinee: _Talking) -> None:
        for source in list(self.ran):
            try:
                examinee.run_cell(source, deadline_s=self.job["cell_s"] + self.job["grace_s"])
            except CandidateEnded as error:
                self.ran.remove(source)
                self._bury(error)
                return

    def _bury(self, error: BaseException) -> dict[str, Any]:
        """End what is left of the candidate; the owner knows how it ended."""
        assert self.examinee is not None
        self.examinee.close()
        self.examinee = None
        self.control.send({"gone": type(error).__name__, "message": str(error)})
        ending: dict[str, Any] = self.control.receive()
        return ending


def _rounds(cells: list[dict[str, Any]]) -> Iterator[tuple[list[dict[str, Any]], dict[str, Any] | None]]:
    """The student's cells up to a test, and the test; the last ones come without."""
    student: list[dict[str, Any]] = []
    for cell in cells:
        if cell["kind"] == "test":
            yield student, cell
            student = []
        else:
            student.append(cell)
    yield student, None


def _failed(error: StudentError) -> dict[str, Any]:
    """The record of a cell that the student's side could not take to its end."""
    return {"ending": "failed", "message": sound_text(str(error), MESSAGE_CAP)}


def _outcome(run: dict[str, Any]) -> dict[str, Any]:
    """The record of a cell that ran on the candidate's side."""
    raised = run.get("error")
    return {
        "ending": "passed" if raised is None else "timeout" if raised == "TimeLimit" else "failed",
        "outputs": sound_outputs(run.get("outputs")),
        "message": sound_text(run.get("message"), MESSAGE_CAP),
    }


def _has_started(channel: socket.socket) -> bool:
    """Whether the new candidate came as far as to serve."""
    channel.settimeout(START_S)
    with contextlib.suppress(OSError):
        return channel.recv(len(STARTED)) == STARTED
    return False


def _seed_everything(seed: str) -> None:
    """Fresh generators: a fork inherits its parent's, so the candidate could foresee the draws."""
    import hashlib

    import numpy as np
    import torch

    digest = hashlib.sha256(f"examiner {seed}".encode()).digest()
    random.seed(digest)
    np.random.seed(int.from_bytes(digest[:4], "little"))
    torch.manual_seed(int.from_bytes(digest[4:11], "little"))


def _record(run: CellRun, points: float) -> dict[str, Any]:
    """What a test cell gave; without checks its last value counts, as nbgrader has it."""
    outputs = [output for output in run.outputs if checks.MIMETYPE not in output.get("data", {})]
    message = sound_text(run.message, MESSAGE_CAP)
    earned = points_of(run.value, points)
    return {"outputs": sound_outputs(outputs), "error": run.error, "message": message, "earned": earned}
