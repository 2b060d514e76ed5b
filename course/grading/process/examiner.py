"""The examiner: the fork that holds the tests and takes a submission through them, cell by cell.

It drives the candidate over the boundary and believes nothing but data. When the candidate is gone, it asks its owner
how that ended, has a new one started, runs again what ran before, without the cell that ended it, and goes on.
"""

import contextlib
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from course import checks
from course.checks import plain as checks_plain
from course.grading.boundary import CandidateEnded, CellOutcome, StudentError
from course.grading.boundary.ends import contained
from course.grading.boundary.ends.examiner import Cell
from course.grading.outputs import Space, sound_report
from course.grading.process import greeting, leavings, records, seeds, together
from course.grading.process.chance import Chance
from course.grading.process.channel import Control
from course.grading.process.recorder import Recorder
from course.grading.process.session import RecordedSession, TestSession
from course.grading.process.shell import Shell
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
from course.grading.verdict.points import complaint


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
    for checker in shell.prefilter_manager.checkers:
        checker.enabled = False  # they ask what a line's first name is, which a reference does not tell
    examination = Examination(control, first, shell, job)
    os.chdir(job.folder)  # where the course's files lie, and where tests may write
    sys.path.insert(0, job.folder)
    examination.run(control.expect(Turn))  # it is this submission's turn


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
        self.start = ""  # the seed of the student's side in the test that runs
        self.seeded = ""  # the one with which it has begun already
        self.ran: list[Cell] = []  # what a new candidate must run to stand where the old one stood
        self.broken: dict[int, str] = {}  # by cell of the source, why the course's own code in it failed
        self.since = 0.0  # when the last record was written, or the first cell began
        os.environ["CLOZEGRAD_SEED"] = job.seed
        seeds.make_fresh(sha256(f"examiner {job.seed}".encode()).digest())
        seeds.follow(self._seed_there)

    def run(self, turn: Turn) -> None:
        """Every cell in order; each gets a record, whatever happens."""
        os.environ.update(turn.environment)
        if turn.cores:
            os.sched_setaffinity(0, turn.cores)
        self.turn, self.since = turn, time.perf_counter()
        for cells, test in _rounds(self.job.cells):
            apart = test if isinstance(test, ApartTest) and not test.problem else None
            values = self._let_run(cells, apart)
            if test is None:
                continue
            try:
                record = self._examine(test, values) if isinstance(test, ApartTest) else self._examine_together(test)
            except StudentError as error:
                record = records.of_failure(error)
            self._report(test, record)
        if self.job.handed is not None and self.session is not None:
            self._gather(self.session)
        self.control.send(Done())

    def _gather(self, session: TestSession) -> None:
        """Send on what the cells wrote, where they leave it to be had."""
        asked = (self.job.handed, leavings.MOST_BYTES, leavings.MOST_FILES)
        with contextlib.suppress(CandidateEnded, StudentError):
            files = leavings.sound_files(session.there_source(leavings.GATHER, leavings.NAME, asked))
            self.control.send(Written(files))

    def _report(self, cell: CellJob, record: CellRecord) -> None:
        now = time.perf_counter()
        self.control.send(CellDone(cell.index, replace(record, seconds=now - self.since)))
        self.since = now

    def _let_run(self, cells: Sequence[StudentCell], test: ApartTest | None) -> dict[str, Any] | None:
        """Run cells on the candidate's side in a row, and fetch what a test after them reads; None where that fails.

        All in one request: the candidate need not wait for this side between two cells. Where nothing runs there
        before the test, its generators begin with it too.
        """
        left, names, self.seeded = deque(cells), test.fetch if test else (), ""
        seed = self._seed_of_test(test) if test and self.job.steady and not test.gives else ""

        def take(outcome: CellOutcome) -> None:
            cell = left.popleft()
            self.ran.append(self._as_run(cell))
            self._report(cell, records.of_cell(outcome, self.space))

        cell_s = self.job.cell_s + self.job.grace_s
        while left or names:
            sources = [self._as_run(cell) for cell in left]
            if left:
                self._begin(left[0])
            try:
                values = self._candidate().run_cells(sources, names, deadline_s=cell_s, take=take, seed=seed)
                self.seeded = seed
                return values
            except CandidateEnded as error:
                ending = self._report_loss(error)
            except StudentError as error:  # what the student made of the shell itself, or a value that cannot cross
                ending = records.of_failure(error)
            if not left:
                return None
            self._report(left.popleft(), ending)
        return None

    def _as_run(self, cell: StudentCell) -> Cell:
        """The cell as its candidate takes it, with the seed of its draws where the examiner draws them too."""
        if cell.draw is not None:
            return cell.source, self._seed_of(cell.draw), "last draw" if cell.draw.follows else "draw"
        if self.job.steady and not cell.aside:
            return cell.source, self._seed("the student's cells"), "last"
        return cell.source

    def _as_run_together(self, cell: TogetherTest) -> Cell:
        return (cell.source, self._seed_of_test(cell), "test") if self.job.steady else cell.source

    def _seed_of(self, draw: Draw) -> str:
        return self._seed(f"draws of cell {draw.cell}")

    def _seed(self, what: str) -> str:
        """A seed of the submission's own, from which no other one can be told."""
        return sha256(f"{self.job.seed} {what}".encode()).hexdigest()

    def _seed_of_test(self, cell: ApartTest | TogetherTest) -> str:
        return self._seed(f"the student's side of {cell.source}")

    def _begin_alike(self, cell: ApartTest) -> None:
        """Begin a test in the same states of the generators, whatever ran before it."""
        self.start = self._seed_of_test(cell)
        if self.session is not None and self.seeded != self.start:
            with contextlib.suppress(StudentError):  # whoever has patched that draws what they draw
                self.session.seed(self.start)
        self.chance.begin(self._seed(f"the test's side of {cell.source}"))

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
        if self.job.steady:
            try:
                self._begin_alike(cell)
            except CandidateEnded as error:
                return self._report_loss(error)
        before = checks.cell.current()
        if self.session is not None:
            self.session.timed_out = False
            self.session.members = frozenset(cell.members)
            self.session.follow(cell.rebinds, namespace)
        run = self.shell.run(cell.source, self.job.test_s, cell.made)
        record = records.of_test(run, cell.points, self.space)
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
            source = self._as_run_together(cell)
            outcome = self._candidate().run_cell(source, deadline_s=self.job.test_s + self.job.grace_s)
        except CandidateEnded as error:
            return self._report_loss(error)
        self.ran.append(source)
        return together.judged(outcome, cell.points, self.space)

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
            problem = greeting.why_not_started(channel)
            session = self._make_session(channel)
            session.gaps = frozenset(self.job.gaps)
            checks.backend.on_student_side, checks.backend.share = session.there, session.share
            checks_plain.held = contained.plain
            self.session = session
            if problem:
                raise greeting.NotStarted(problem)
            with contextlib.suppress(OSError):  # it has ended meanwhile, as the first question will show
                Control(channel).send(self.turn)
            self._replay(session)
            if self.start and self.session is not None:
                with contextlib.suppress(StudentError):
                    session.seed(self.start)
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

    def _seed_there(self, source: str, number: int) -> None:
        if self.session is not None and self.session.gone is None:
            self.session.there_source(source, seeds.RESEED, (number,))

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
