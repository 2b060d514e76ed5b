"""The examiner: the fork that holds the tests and takes a submission through them, cell by cell.

It drives the candidate over the boundary and believes nothing but data. When the candidate is gone, it asks its owner
how that ended, has a new one started, runs again what ran before, without the cell that ended it, and goes on.
"""

import contextlib
import functools
import hashlib
import os
import random
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from course import checks
from course.grading.boundary import CandidateClient, CandidateEnded, StudentError
from course.grading.boundary.ends.examiner import Cell
from course.grading.boundary.ends.link import Fault
from course.grading.boundary.replicas.table import Overwritten
from course.grading.process import leavings, together
from course.grading.process.candidate import NOT_STARTED, STARTED
from course.grading.process.chance import Chance
from course.grading.process.channel import Control
from course.grading.process.outputs import Space, sound_report, sound_text
from course.grading.process.recorder import Recorded, Recorder
from course.grading.process.shell import MESSAGE_CAP, CellRun, Shell, TimeLimit
from course.grading.protocol import (
    ApartTest,
    CandidateLost,
    CellDone,
    CellJob,
    CellRecord,
    Done,
    Draw,
    ExaminerJob,
    Failed,
    Loss,
    NewCandidate,
    StudentCell,
    TogetherTest,
    Traced,
    Turn,
    Written,
)
from course.grading.system import clock
from course.grading.verdict.points import complaint, points_of

_CREDENTIALS = struct.Struct("3i")  # a process, its user and its group, as the kernel tells them
START_S = 120.0  # a fork and its jail take a twentieth of a second on a quiet machine


def main(job: ExaminerJob, fds: list[int]) -> None:
    """Examine, and send the owner one record a cell; the sockets are its owner's and the first candidate's."""
    control, first = Control(socket.socket(fileno=fds[0])), socket.socket(fileno=fds[1])
    try:
        _examine(control, first, job)
    except (EOFError, ConnectionError):  # the owner is gone, or the turn never came
        return
    except Exception as error:
        control.send(Failed(f"{type(error).__name__}: {error}"))
        raise


def _examine(control: Control, first: socket.socket, job: ExaminerJob) -> None:
    shell = Shell.make()
    shell.ready()
    for (
        checker
    ) in shell.prefilter_manager.checkers:  # they ask what a line's first name is, which a reference does not tell
        checker.enabled = False
    examination = Examination(control, first, shell, job)
    os.chdir(job.folder)  # where the course's files lie, and where tests may write
    sys.path.insert(0, job.folder)
    examination.run(control.expect(Turn))  # it is this submission's turn


class NotStarted(CandidateEnded):
    """The grader, not the student, is why there is no candidate."""


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


class Examination:
    """One submission's way through its cells."""

    def __init__(self, control: Control, first: socket.socket, shell: Shell, job: ExaminerJob) -> None:
        self.line: socket.socket | None = first  # to a candidate that waits
        self.control, self.shell, self.job = control, shell, job
        self.turn = Turn([], {})  # the cores and the environment of both sides
        self.session: TestSession | None = None
        self.space = Space()
        self.recorder = self._make_recorder() if job.trace else None
        self.chance = Chance()
        self.ran: list[Cell] = []  # what a new candidate must run to stand where the old one stood
        self.broken: dict[int, str] = {}  # by cell of the source, why the course's own code in it failed
        self.since = 0.0  # when the last record was written, or the first cell began
        os.environ["CLOZEGRAD_SEED"] = job.seed
        _seed_everything(job.seed)
        self._seed_both_sides()

    def run(self, turn: Turn) -> None:
        """Every cell in order; each gets a record, whatever happens."""
        os.environ.update(turn.environment)
        if turn.cores:
            os.sched_setaffinity(0, turn.cores)
        self.turn, self.since = turn, time.perf_counter()
        for cells, test in _rounds(self.job.cells):
            values = self._let_run(cells, test.fetch if isinstance(test, ApartTest) and not test.problem else ())
            if test is None:
                continue
            try:
                record = self._examine(test, values) if isinstance(test, ApartTest) else self._examine_together(test)
            except StudentError as error:
                record = _failed(error)
            self._report(test, record)
        if self.job.handed is not None and self.session is not None:
            self._gather(self.session)
        self.control.send(Done())

    def _gather(self, session: "TestSession") -> None:
        """Send on what the cells wrote, where they leave it to be had."""
        asked = (self.job.handed, leavings.MOST_BYTES, leavings.MOST_FILES)
        with contextlib.suppress(CandidateEnded, StudentError):
            files = leavings.sound_files(session.there_source(leavings.GATHER, leavings.NAME, asked))
            self.control.send(Written(files))

    def _report(self, cell: CellJob, record: CellRecord) -> None:
        now = time.perf_counter()
        self.control.send(CellDone(cell.index, replace(record, seconds=now - self.since)))
        self.since = now

    def _let_run(self, cells: Sequence[StudentCell], names: Sequence[str]) -> dict[str, Any] | None:
        """Run cells on the candidate's side in a row, and fetch names after them; None when those do not come at once.

        All in one request: the candidate need not wait for this side between two cells.
        """
        left = deque(cells)

        def take(outcome: dict[str, Any]) -> None:
            cell = left.popleft()
            self.ran.append(self._as_run(cell))
            self._report(cell, _outcome(outcome, self.space))

        cell_s = self.job.cell_s + self.job.grace_s
        while left or names:
            sources = [self._as_run(cell) for cell in left]
            if left:
                self._begin(left[0])
            try:
                return self._candidate().run_cells(sources, names, deadline_s=cell_s, take=take)
            except CandidateEnded as error:
                ending = self._report_loss(error)
            except StudentError as error:  # what the student made of the shell itself, or a value that cannot cross
                ending = _failed(error)
            if not left:
                return None
            self._report(left.popleft(), ending)
        return None

    def _as_run(self, cell: StudentCell) -> Cell:
        """The cell as its candidate takes it, with the seed of its draws where the examiner draws them too."""
        return cell.source if cell.draw is None else (cell.source, self._seed_of(cell.draw), cell.draw.follows)

    def _seed_of(self, draw: Draw) -> str:
        return hashlib.sha256(f"{self.job.seed} draws of cell {draw.cell}".encode()).hexdigest()

    def _examine(self, cell: ApartTest, values: dict[str, Any] | None) -> CellRecord:
        """Run a test cell on this side, with the names that it reads taken from the side that owns them."""
        namespace = self.shell.user_ns
        if problem := cell.problem or self._prepare(cell):
            return CellRecord("could not run", problem)
        self._begin(cell)
        try:
            self._bind(cell.fetch, values, namespace)
        except CandidateEnded as error:
            return self._report_loss(error)
        if cell.gives and (lost := self._give(cell.gives)):
            return lost
        before = checks.cell.current()
        if self.session is not None:
            self.session.timed_out = False
            self.session.members = frozenset(cell.members)
            self.session.follow(cell.rebinds, namespace)
        run = self.shell.run(cell.source, self.job.test_s)
        record = _record(run, cell.points, self.space)
        if self.recorder:
            self.recorder.end(failed=run.error is not None)
        if self.session is not None:
            record = replace(record, timed_out=self.session.timed_out)
            self.session.unfollow()
        if checks.cell.current() is not before:
            record = replace(record, report=sound_report(checks.report()))
        elif not run.error and (why := complaint(run.value)):
            record = replace(record, ending="failed", message=why)
        if self.session is not None and self.session.gone is not None:
            lost = self._report_loss(self.session.gone)
            record = replace(record, ending=lost.ending, message=lost.message)
        return record

    def _give(self, source: str) -> CellRecord | None:
        """Let the student's code have what the test binds for it; the test's record when that ends the candidate."""
        try:
            self._candidate().run_cell(source, deadline_s=self.job.cell_s + self.job.grace_s)
        except CandidateEnded as error:
            return self._report_loss(error)
        self.ran.append(source)
        return None

    def _examine_together(self, cell: TogetherTest) -> CellRecord:
        """Run a test cell on the candidate's side, which sees it from now on."""
        self._begin(cell)
        try:
            run = self._candidate().run_cell(cell.source, deadline_s=self.job.test_s + self.job.grace_s)
        except CandidateEnded as error:
            return self._report_loss(error)
        self.ran.append(cell.source)
        return together.judged(run, cell.points, self.space)

    def _prepare(self, cell: ApartTest) -> str:
        """Run the course's own code that this test is the first to need; says why the test cannot run, if so."""
        draws = {draw.cell: draw for draw in cell.draws}
        for origin, source in cell.prepare:
            with self._drawing(draws.get(origin)):
                run = self.shell.run(source, self.job.cell_s)
            if run.error:
                self.broken[origin] = f"the course's own code failed: {run.error}: {run.message}"
        return next((self.broken[origin] for origin in cell.needs if origin in self.broken), "")

    @contextlib.contextmanager
    def _drawing(self, draw: Draw | None) -> Iterator[None]:
        if draw is None:
            yield
            return
        with self.chance.kept(), self.chance.drawing(self._seed_of(draw), draw.follows):
            yield

    def _bind(self, names: Sequence[str], values: dict[str, Any] | None, namespace: dict[str, Any]) -> None:
        """Bind each name to the student's value; a name that the student does not have is not bound here either."""
        for name in names:
            namespace.pop(name, None)
            if values is None:
                with contextlib.suppress(StudentError):
                    namespace[name] = self._candidate().name(name)
            elif name in values:
                namespace[name] = values.pop(name)

    def _candidate(self) -> TestSession:
        """The candidate that runs now; a new one, brought to where the last one stood, when that one is gone."""
        while self.session is None:
            channel, self.line = self.line or self._new_line(), None
            problem = _why_not_started(channel)
            session = self._make_session(channel)
            checks.backend.on_student_side, checks.backend.share = session.there, session.share
            self.session = session
            if problem:
                raise NotStarted(problem)
            with contextlib.suppress(OSError):  # it has ended meanwhile, as the first question will show
                Control(channel).send(self.turn)
            self._replay(session)
        return self.session

    def _make_session(self, channel: socket.socket) -> TestSession:
        deadline_s = self.job.call_s + self.job.grace_s
        if self.recorder is None:
            return TestSession(channel, call_deadline_s=deadline_s)
        recorded = RecordedSession(channel, call_deadline_s=deadline_s)
        recorded.recorder = self.recorder
        self.recorder.new_candidate()
        return recorded

    def _make_recorder(self) -> Recorder:
        return Recorder(lambda event: self.control.send(Traced(event)), self.shell.user_ns, self.job.stop_at)

    def _begin(self, cell: CellJob) -> None:
        if self.recorder:
            self.recorder.begin(cell.index, cell.source)

    def _new_line(self) -> socket.socket:
        self.control.send(NewCandidate())
        return self.control.receive_socket()

    def _seed_both_sides(self) -> None:
        """A test that seeds a generator means the student's code to draw from it, as it would in one kernel."""
        import numpy as np

        for owner, name in ((sys.modules.get("torch"), "manual_seed"), (np.random, "seed"), (random, "seed")):
            if owner is None:  # a course without torch
                continue
            setattr(owner, name, self._seeding(getattr(owner, name), f"{owner.__name__}.{name}"))

    def _seeding(self, seed: Callable[..., Any], path: str) -> Callable[..., Any]:
        module, _, name = path.rpartition(".")
        source = f"def reseed(number):\n    import {module} as module\n    module.{name}(number)\n"

        @functools.wraps(seed)
        def both(number: Any = None, *args: Any, **kwargs: Any) -> Any:
            result = seed(number, *args, **kwargs)
            if self.session is not None and self.session.gone is None and type(number) is int:
                self.session.there_source(source, "reseed", (number,))
            return result

        return both

    def _replay(self, session: TestSession) -> None:
        for source in list(self.ran):
            try:
                session.run_cell(source, deadline_s=self.job.cell_s + self.job.grace_s)
            except CandidateEnded as error:
                self.ran.remove(source)
                self._report_loss(error)
                return

    def _report_loss(self, error: BaseException) -> CellRecord:
        """End what is left of the candidate; the owner knows how it ended."""
        assert self.session is not None
        self.session.close()
        self.session = None
        self.control.send(CandidateLost(type(error).__name__, str(error)))
        loss = self.control.expect(Loss)
        return CellRecord(loss.ending, loss.message)


def _rounds(cells: Iterable[CellJob]) -> Iterator[tuple[list[StudentCell], ApartTest | TogetherTest | None]]:
    """The student's cells up to a test, and the test; the last ones come without."""
    student: list[StudentCell] = []
    for cell in cells:
        if isinstance(cell, StudentCell):
            student.append(cell)
        else:
            yield student, cell
            student = []
    yield student, None


def _failed(error: StudentError) -> CellRecord:
    """The record of a cell that the student's side could not take to its end."""
    return CellRecord("failed", sound_text(str(error), MESSAGE_CAP))


def _outcome(run: dict[str, Any], space: Space) -> CellRecord:
    """The record of a cell that ran on the candidate's side."""
    raised = run.get("error")
    ending = "passed" if raised is None else "timeout" if raised == "TimeLimit" else "failed"
    kept = space.take(run.get("outputs"), run.get("message"))
    return CellRecord(ending, kept.message, kept.outputs)


def _why_not_started(channel: socket.socket) -> str:
    """Wait until the new candidate serves, and keep its clock from now on; why it does not, if so."""
    channel.settimeout(START_S)
    try:
        answer, ancillary, _, _ = channel.recvmsg(len(STARTED), socket.CMSG_SPACE(_CREDENTIALS.size))
        if answer == NOT_STARTED:
            return b"".join(iter(lambda: channel.recv(MESSAGE_CAP), b""))[:MESSAGE_CAP].decode(errors="replace")
        if answer != STARTED:
            return "it ended before it could say why"
    except TimeoutError:
        return f"it did not start within {START_S:g} s"
    except OSError as error:
        return str(error)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, getattr(socket, "SCM_CREDENTIALS", None)):
            clock.follow(_CREDENTIALS.unpack(data)[0])
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    return ""


def _seed_everything(seed: str) -> None:
    """Fresh generators: a fork inherits its parent's, so the candidate could foresee the draws."""
    import numpy as np

    digest = hashlib.sha256(f"examiner {seed}".encode()).digest()
    random.seed(digest)
    np.random.seed(int.from_bytes(digest[:4], "little"))
    if torch := sys.modules.get("torch"):
        torch.manual_seed(int.from_bytes(digest[4:11], "little"))


def _record(run: CellRun, points: float, space: Space) -> CellRecord:
    """What a test cell gave; without checks its last value counts, as nbgrader has it."""
    outputs = [output for output in run.outputs if checks.MIMETYPE not in output.get("data", {})]
    kept = space.take(outputs, run.message)
    return CellRecord(None, kept.message, kept.outputs, error=run.error, earned=points_of(run.value, points))
