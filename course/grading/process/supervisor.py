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
from collections.abc import Callable
from dataclasses import dataclass, field

from course.errors import CourseError
from course.grading.limits import Limits
from course.grading.process.channel import Control
from course.grading.process.forkserver import ForkRefused, ForkServer, ForkServerDied
from course.grading.protocol import (
    CandidateJob,
    CandidateLost,
    CellDone,
    CellRecord,
    Done,
    ExaminerJob,
    Failed,
    Loss,
    NewCandidate,
    Step,
    StudentCell,
    Traced,
    Turn,
    Written,
)
from course.grading.system import clock, tree
from course.grading.system.budget import Share
from course.grading.system.slots import Slot

POLL_S = 0.1
_EXACT_EVERY_S = 1.0
_OUTSIDE = 2  # processes of a candidate's that are not the student's: the jail's reaper, and what runs the cells
_PRINTED = 2_000  # characters of what a cell printed that a trace keeps
_NO_MEMORY_LEFT = "the notebooks that ran at once used more memory together than this machine has for them"


class Disturbed(Exception):
    """A process has ended and this submission need not be why: it is to be run again."""


class _Enough(Exception):
    """The submission goes no further, and why."""


@dataclass(frozen=True)
class Onlooker:
    """An instructor who looks on.

    Args:
        tell: takes each step of an examination.
        stop_at: the cell and the number of its question at which the student's side opens a debugger.
        terminal: what that debugger reads and writes.
    """

    tell: Callable[[Step], None]
    stop_at: tuple[int, int] | None = None
    terminal: socket.socket | None = None


@dataclass
class Supervisor:
    """One submission's forks and their owner.

    Args:
        job: the examiner's work.
        candidate_job: what the candidate is told: its jail, no test and no seed.
        last_try: whether this submission has been disturbed so often that it is what ends its processes.
        onlooker: who is told of each step; times are seconds since the submission's turn came.
        disturbed: whether something outside may have cost points all the same.
    """

    forkserver: ForkServer
    limits: Limits
    job: ExaminerJob
    candidate_job: CandidateJob
    last_try: bool = False
    onlooker: Onlooker | None = None
    records: dict[int, CellRecord] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # what the cells wrote, as far as it was asked for
    disturbed: bool = False
    _control: Control = field(init=False)
    _generation: int = field(init=False)
    _examiner: int | None = None
    _candidate: int | None = None
    _births: dict[int, str] = field(default_factory=dict)
    _candidates: int = 0
    _killed_for: str | None = None
    _killed_examiner: bool = False
    _next_look: float = 0.0
    _shared_mb: float = 0.0
    _next_exact: float = 0.0
    _memory: Share = field(default_factory=lambda: Slot().memory)
    _began: float = 0.0
    _looked: float = 0.0
    _time: clock.Account = field(default_factory=clock.Account)
    _watch: clock.Watch = field(default_factory=clock.Watch)

    def __enter__(self) -> "Supervisor":
        """Fork both, which takes them as long to come up as some cells run: before their turn is best."""
        ours, theirs = self.forkserver.pair()
        self._control = Control(ours)
        self._generation = self.forkserver.generation
        try:
            with theirs, self._make_candidate() as line:
                self._examiner = self._fork("examiner", self.job, theirs, line)
        except BaseException:
            self.__exit__()
            raise
        return self

    def look(self) -> None:
        """See that both forks came up and wait; raises ForkServerDied when they died with the fork server."""
        assert self._examiner is not None
        self._status(self._examiner, wait_s=0)

    def run(self, slot: Slot) -> dict[int, CellRecord]:
        """One record a cell, by cell index, for all that were reached in time; both forks keep to the `slot`.

        Raises Disturbed where a process was ended from outside, and ForkServerDied where that one was.
        """
        self._began = self._looked = time.monotonic()
        self._memory = slot.memory
        try:
            self._control.send(Turn(list(slot.cores), slot.environment))
            while self._step():
                pass
        except (_Enough, ForkRefused) as end:
            self.disturbed |= isinstance(end, ForkRefused)
            self._note_not_reached(str(end))
        except (EOFError, OSError):
            reason = self._why_examiner_ended()
            if not self._killed_examiner:
                self._suspect(reason)
            self._note_not_reached(reason)
        finally:
            self._control.socket.close()
        return self.records

    def __exit__(self, *_: object) -> None:
        """End the candidate and all that it started, and wait until both forks are gone."""
        self._control.socket.close()
        self._kill_examiner()
        with contextlib.suppress(ForkServerDied):  # then both are gone, and what was found before it went stands
            self._kill_candidate()
            if self._examiner is not None:
                self._status(self._examiner)

    def _step(self) -> bool:
        """Handle one message, or one tick of the clock; False when the examiner is done or time is up."""
        if time.monotonic() >= self._next_look:
            self._watch_memory()
            self._keep_time()
            self._next_look = time.monotonic() + POLL_S
        try:
            message = self._control.receive(POLL_S)
        except TimeoutError:
            return self._time.seconds < self.limits.submission_s
        match message:
            case CellDone(index, record):
                self.records[index] = record
                self._tell({"event": "ran", "at": time.monotonic(), "cell": index, **_ran(record)})
            case Traced(step):
                self._tell(step)
            case Written(files):
                self.files = files
            case NewCandidate():
                self._tell({"event": "restart", "at": time.monotonic()})
                with self._make_candidate() as line:
                    self._control.send_socket(line)
            case CandidateLost():
                loss = self._loss(message)
                about: Step = {"ending": loss.ending, "message": loss.message}
                self._tell({"event": "lost", "at": time.monotonic(), **about})
                self._control.send(loss)
            case Failed(reason):
                self._give_up(f"the grader's own process failed: {reason}")
        return not isinstance(message, Done)

    def _keep_time(self) -> None:
        """Count the time of the whole submission, in which waiting for a core that others have hardly counts."""
        assert self._examiner is not None
        steps = self._watch.look(self._processes())
        before, self._looked = self._looked, time.monotonic()
        used_s = sum(step.used_s for step in steps.values()) / clock.cores_of(self._examiner)
        ours = steps.pop(self._examiner, clock.Spent()).waited_s
        theirs = max((step.waited_s for step in steps.values()), default=0.0)
        self._time.add(self._looked - before, ours + theirs, used_s)

    def _processes(self) -> list[int]:
        """The examiner, and the candidate with all that it started."""
        return [pid for fork in (self._examiner, self._candidate) if fork is not None for pid in tree.tree(fork)]

    def _tell(self, step: Step) -> None:
        if self.onlooker is not None:
            self.onlooker.tell({**step, "at": round(max(0.0, step["at"] - self._began), 6)})

    def _make_candidate(self) -> socket.socket:
        """A new candidate; returns the examiner's end of the line to it."""
        if self._candidates > self.limits.restarts:
            raise _Enough("this submission has ended its process too often")
        line, theirs = self.forkserver.pair()
        if hasattr(socket, "SO_PASSCRED"):  # the examiner learns from the kernel whose time to measure
            line.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            terminal = self.onlooker.terminal if self.onlooker else None
            lines = [theirs] if terminal is None else [theirs, terminal]
            self._candidate = self._fork("candidate", self.candidate_job, *lines)
        self._candidates += 1
        self._killed_for, self._next_exact = None, 0.0
        return line

    def _fork(self, role: str, job: ExaminerJob | CandidateJob, *sockets: socket.socket) -> int:
        pid = self.forkserver.fork(role, job, *sockets)
        self._births[pid] = tree.birth(pid)
        return pid

    def _status(self, pid: int, **how: float) -> int | None:
        if self.forkserver.generation != self._generation:
            raise ForkServerDied("another has taken its place", self._generation)
        return self.forkserver.status(pid, **how)

    def _suspect(self, reason: str) -> None:
        """Let another try show whether it is this submission; after the last one, that stays open."""
        if not self.last_try:
            raise Disturbed(reason) from None
        self.disturbed = True

    def _give_up(self, reason: str) -> None:
        """As one suspects; the last try says so in its cells."""
        self._suspect(reason)
        raise _Enough(reason)

    def _watch_memory(self) -> None:
        """End what uses more than it may, or than all that run now leave it; raises Disturbed for the latter."""
        assert self._examiner is not None
        taken_in = self._usage(self._examiner).rss_mb  # a test may keep all that the student's code hands it
        if taken_in > self._most_examiner_mb:  # it goes on growing without the candidate
            self._killed_examiner = True
            self._kill_examiner()
        usage = tree.Usage(0, 0.0) if self._candidate is None else self._usage(self._candidate)
        fits = self._fits(taken_in + usage.rss_mb)
        if not (fits or self._memory.is_whole):
            self._end_both()  # before the others may have its memory
            raise Disturbed(_NO_MEMORY_LEFT)
        if max(usage.rss_mb, taken_in) > self._most_mb or not fits:
            self._end_candidate("out of memory")
        elif usage.processes > self.limits.processes + _OUTSIDE:  # where the kernel does not count them
            self._end_candidate("crashed")

    @property
    def _most_mb(self) -> float:
        """What the notebook may use, where the machine has it."""
        return min(self.limits.memory_mb, self._memory.whole_mb)

    @property
    def _most_examiner_mb(self) -> float:
        return min(2 * self.limits.memory_mb, self._memory.whole_mb)

    def _usage(self, pid: int) -> tree.Usage:
        return tree.measure(pid, exact_above_mb=self._most_mb)

    def _fits(self, plain_mb: float) -> bool:
        """Whether what both forks hold is left by the others, given a sum that counts shared pages in each.

        To count them in parts takes long: where memory is short it is done before anything is ended, and every second.
        """
        if self._memory.fits(plain_mb):
            return True
        is_known = time.monotonic() < self._next_exact
        if is_known and self._memory.fits(plain_mb - self._shared_mb):
            return True
        forks = [pid for pid in (self._examiner, self._candidate) if pid is not None]
        self._shared_mb = plain_mb - sum(tree.measure(pid).rss_mb for pid in forks)
        self._next_exact = time.monotonic() + _EXACT_EVERY_S
        return self._memory.fits(plain_mb - self._shared_mb)

    def _end_candidate(self, killed_for: str) -> None:
        if self._candidate is not None:
            self._killed_for = killed_for
            self._kill(self._candidate)

    def _end_both(self) -> None:
        self._kill_examiner()
        if self._candidate is not None:
            self._kill(self._candidate)

    def _why_examiner_ended(self) -> str:
        assert self._examiner is not None
        if self._killed_examiner:
            return f"what the tests kept of the notebook's answers took more than {self._most_examiner_mb:,.0f} MB"
        status = self._status(self._examiner)
        return f"the grader's own process ended ({_end_name(status)}) while it examined this notebook"

    def _note_not_reached(self, reason: str) -> None:
        for cell in self.job.cells:
            if not isinstance(cell, StudentCell):
                self.records.setdefault(cell.index, CellRecord("could not run", reason))

    def _loss(self, lost: CandidateLost) -> Loss:
        """Name the end of the candidate that the examiner has lost."""
        killed_for = self._killed_for
        if killed_for is None and lost.kind == "CandidateHung":
            killed_for = "timeout"
        status = self._kill_candidate(wait=killed_for is None)
        if status == -signal.SIGKILL:  # from outside, as when a machine's memory is at its end
            self._suspect("the notebook's process was killed by SIGKILL")
        self.disturbed |= status == 128 + signal.SIGKILL  # the same, or what it did to itself: a reaper cannot tell
        if killed_for == "out of memory":
            text = f"the notebook used more than {self._most_mb:,.0f} MB of memory"
            if self._most_mb < self.limits.memory_mb:  # on another machine it might have had enough
                self.disturbed = True
                text += ", and this machine has no more for one"
        elif killed_for == "crashed":
            text = f"the notebook started more than {self.limits.processes} processes"
        elif killed_for == "timeout":
            text = "the notebook did not stop when its time was up"
        elif lost.kind == "WireViolation":
            killed_for, text = (
                "crashed",
                f"the notebook's process sent malformed data: {lost.message}",
            )
        elif lost.kind == "NotStarted":
            killed_for = "could not run"
            text = f"the grader could not start a process for the notebook: {lost.message}"
            self._suspect(text)
        elif status is not None and (status < 0 or status > 128):
            killed_for, text = "crashed", f"the notebook's process was {_end_name(status)}"
        else:
            killed_for, text = "exited", "the notebook ended its own process"
        return Loss(killed_for, text)

    def _kill_candidate(self, wait: bool = False) -> int | None:
        """End the candidate and all that it started; its exit status when it ended by itself."""
        if self._candidate is None:
            return None
        pid, self._candidate = self._candidate, None
        try:
            status = self._status(pid) if wait else None
        finally:
            self._kill(pid)
        if status is None:
            self._status(pid)
        return status

    def _kill_examiner(self) -> None:
        if self._examiner is not None and self._is_ours(self._examiner):
            os.kill(self._examiner, signal.SIGKILL)

    def _kill(self, pid: int) -> None:
        """Kill a fork and all that it started."""
        if self._is_ours(pid):
            with contextlib.suppress(CourseError):  # it will not die: the engine tries once more at its end
                tree.kill(pid)

    def _is_ours(self, pid: int) -> bool:
        """Whether the fork of that number still runs; when the fork server is gone, another may have its number."""
        return bool(self._births[pid]) and tree.birth(pid) == self._births[pid]


def _ran(record: CellRecord) -> Step:
    """What a trace says of a cell that has run: how it ended and what it printed."""
    texts = (output["text"] for output in record.outputs if output.get("output_type") == "stream")
    step: Step = {"seconds": round(record.seconds, 6)}
    if record.ending:
        step["ending"] = record.ending
    if record.error:
        step["error"] = record.error
    if record.message:
        step["message"] = record.message
    return {**step, "printed": "".join(texts)[:_PRINTED]}


def _end_name(status: int | None) -> str:
    """How a process ended, in words; a jail's reaper may tell of a signal by a shell's exit status."""
    if status is None:
        return "lost"
    if status > 128:
        status = 128 - status
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-status).name}"
    return f"killed by signal {-status}"
