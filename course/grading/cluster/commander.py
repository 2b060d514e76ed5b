"""Grade on workers: a hand-in is read and repaired here, graded there, and what comes back held against what was sent.

It is used as an Engine is. Only this process knows the course's folder, its secret and its gradebook. What a worker had
when it was lost, or what came back as no verdict, is graded again, by another worker where there is one.
"""

import asyncio
import queue
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import calibration
from course.grading.cluster import wire, worker
from course.grading.cluster.joining import Cluster, joined
from course.grading.cluster.staff import WAIT_S, Staff
from course.grading.engine import settled
from course.grading.plan.exam import Exam
from course.grading.submission.files import HandIn
from course.grading.submission.repair import Repaired
from course.grading.verdict.grounds import Grounding
from course.grading.verdict.marking import could_not_run
from course.grading.verdict.model import Grounds, SubmissionVerdict

if TYPE_CHECKING:
    from distributed import Future

TRIES = 3  # a worker may be lost with a hand-in twice; the third time it may be the hand-in
_AHEAD = 2  # hand-ins that wait at each place of a worker, so that none is idle while results are saved
_POLL_S = 1.0
_END_S = 5.0


@dataclass
class _Asked:
    """A hand-in that workers are asked to grade, and what came of it so far."""

    student: str
    exam: Exam
    task: bytes
    grounds: Grounds | None = None
    tries: int = 0
    avoid: set[str] = field(default_factory=set)
    allowed: list[str] | None = None  # the workers that may take it; None: any
    disturbed: SubmissionVerdict | None = None


class Commander:
    """The workers of a cluster, and the exams that they are sent.

    Args:
        exams: the notebooks of one assignment, as `exams_of` finds them.
        cluster: where to grade.
        require_jail: whether to use only workers with the strongest jail.
        on_note: told of workers that cannot be used.
    """

    def __init__(
        self,
        folder: CourseFolder,
        exams: Sequence[Exam],
        cluster: Cluster,
        *,
        require_jail: bool = False,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        self.folder, self.exams, self._cluster = folder, exams, cluster
        self.looked_on: Callable[[HandIn], AbstractContextManager[Any]] = lambda _: nullcontext()
        self.earlier: Callable[[HandIn, Grounds], SubmissionVerdict | None] = lambda *_: None
        self.memory_word = ""  # each worker knows its own
        self._run = secrets.token_hex(8)
        self._places = {exam.name: place for place, exam in enumerate(exams)}
        self._out: dict[str, Future] = {}  # what workers have, by key
        with ExitStack() as stack:
            self._client = stack.enter_context(joined(cluster))
            stack.callback(self._end)
            self._staff = Staff(self._client, cluster, require_jail=require_jail, on_note=on_note)
            key = f"clozegrad-lesson-{self._run}"
            self._lesson = self._client.submit(worker.exams, wire.pack_exams(exams), key=key)
            self.grounding = Grounding(self._staff.jail, gpu=cluster.gpu)
            at_once = max(1, self._staff.room())
            self.exams = calibration.calibrated(folder, exams, at_once, self._tried)
            self._stack = stack.pop_all()

    def grade(self, hand_ins: Iterable[HandIn]) -> Iterator[SubmissionVerdict]:
        """Have each hand-in graded; verdicts come as they are ready."""
        done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        asked: dict[str, _Asked] = {}
        for hand_in in hand_ins:
            ready = self._prepared(hand_in)
            if isinstance(ready, SubmissionVerdict):
                yield ready
                continue
            while self._is_full(asked):
                yield from self._next(asked, done)
            self._ask(ready, asked, done)
        while asked:
            yield from self._next(asked, done)

    def _is_full(self, asked: Mapping[str, _Asked]) -> bool:
        with self._reaching():
            return len(asked) > _AHEAD * self._staff.room()

    def close(self) -> None:
        """Have workers end what they still do for this command, and leave the cluster."""
        self._stack.close()

    def __enter__(self) -> "Commander":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepared(self, hand_in: HandIn) -> _Asked | SubmissionVerdict:
        """What a worker needs to grade a hand-in; the verdict where there is one already, or nothing to grade."""
        grounds = self.grounding.of(hand_in)
        if grounds is not None and (kept := self.earlier(hand_in, grounds)) is not None:
            return kept
        student, exam = hand_in.student, hand_in.exam
        stages = partial(self._task_of, hand_in)
        ready = settled(student, exam, self._staff.jail, stages)
        return _Asked(student, exam, ready, grounds) if isinstance(ready, bytes) else replace(ready, grounds=grounds)

    def _task_of(self, hand_in: HandIn) -> bytes:
        """Read and repair a hand-in; Unreadable when there is none to grade."""
        return self._task(hand_in.student, hand_in.exam, hand_in.repaired(), hand_in.files())

    def _task(self, student: str, exam: Exam, repaired: Repaired, files: dict[str, bytes]) -> bytes:
        task = wire.Task(
            run=self._run,
            grader=self._staff.grader,
            jail=self._staff.jail,
            gpu=self._cluster.gpu,
            exam=self._places[exam.name],
            together=sorted(exam.together),
            student=student,
            seed=self.folder.seed(student, exam.lesson),
            files=files,
            **wire.task_parts(repaired),
        )
        return wire.pack_task(task)

    def _ask(self, one: _Asked, asked: dict[str, _Asked], done: "queue.SimpleQueue[Future]") -> None:
        """Send a hand-in to whichever worker comes first."""
        key = f"clozegrad-grade-{self._run}-{secrets.token_hex(8)}"
        resources = {worker.GPU: 1} if self._cluster.gpu else None
        with self._reaching():
            one.allowed = self._staff.allowed(one.avoid)
            how: dict[str, Any] = {"key": key, "workers": one.allowed, "resources": resources, "pure": False}
            future = self._client.submit(worker.grade, one.task, self._lesson, **how)
        asked[key] = one
        self._out[key] = future
        future.add_done_callback(done.put)

    def _next(self, asked: dict[str, _Asked], done: "queue.SimpleQueue[Future]") -> Iterator[SubmissionVerdict]:
        """Wait for what is ready next; a verdict, unless it is to be graded again."""
        with self._reaching():
            future = self._wait(asked, done)
            del self._out[future.key]
            one = asked.pop(future.key)
            verdict = self._judged(one, future)
        if verdict is None:
            self._ask(one, asked, done)
        else:
            yield replace(verdict, grounds=one.grounds)

    def _wait(self, asked: Mapping[str, _Asked], done: "queue.SimpleQueue[Future]") -> "Future":
        """The next that is done; CourseError when nobody is there to do it."""
        alone_s = 0.0
        while True:
            with suppress(queue.Empty):
                return done.get(timeout=_POLL_S)
            self._require_scheduler()
            self._staff.look()
            self._take_back(asked)
            alone_s = 0.0 if self._staff.room() else alone_s + _POLL_S
            if alone_s > WAIT_S:
                raise CourseError(
                    f"all workers of {self._cluster.named} are gone: start them again and run the same command, which "
                    "grades the rest; what is graded so far is kept"
                )

    def _take_back(self, asked: Mapping[str, _Asked]) -> None:
        """Take back what only workers may have that are gone; a worker that was started again is another one."""
        usable = self._staff.usable()
        for key, one in asked.items():
            if usable and one.allowed is not None and not set(usable).intersection(one.allowed):
                one.allowed = None
                self._client.cancel([self._out[key]])

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Take what Dask complains of for a scheduler that is gone."""
        try:
            yield
        except (OSError, CancelledError, asyncio.CancelledError) as error:
            raise self._gone() from error

    def _require_scheduler(self) -> None:
        if self._client.status != "running":
            raise self._gone()

    def _gone(self) -> CourseError:
        return CourseError(
            f"{self._cluster.named} cannot be reached any more: start it again and run the same command, which grades "
            "the rest; what is graded so far is kept"
        )

    def _judged(self, one: _Asked, future: "Future") -> SubmissionVerdict | None:
        """The verdict that came back, or one that says what is wrong with the machines; None: to be graded again."""
        try:
            answer = self._answer(one, future)
        except wire.Garbage as error:
            return self._lost(one, f"a worker sent no verdict ({error})")
        verdict = answer.verdict
        if answer.refused:
            self._staff.dismiss(answer.by, answer.refused)
            return None
        if verdict is None:
            one.avoid.add(answer.by)
            return self._lost(one, answer.failed)
        if verdict.disturbed and one.tries < TRIES - 1:
            one.disturbed = verdict
            one.avoid.add(answer.by)
            return self._lost(one, "")
        return verdict

    def _answer(self, one: _Asked, future: "Future") -> wire.Answer:
        """What a worker sent back; Garbage where it sent none or nonsense."""
        if future.status == "finished":
            holders = self._client.who_has([future]).get(future.key, ())
            raw = future.result()
            try:
                return wire.answer_in(raw, one.student, one.exam)
            except wire.Garbage as error:
                for address in holders:
                    self._staff.dismiss(address, f"it sent no verdict ({error})")
                raise
            finally:
                future.release()
        if future.status == "error":
            raised = future.exception()
            self._staff.look()
            raise wire.Garbage(f"{type(raised).__name__}: {raised}".splitlines()[0])
        self._require_scheduler()
        raise wire.Garbage("the scheduler has forgotten it")

    def _lost(self, one: _Asked, reason: str) -> SubmissionVerdict | None:
        """Count a try; after the last one, the verdict says that the machines are at fault."""
        one.tries += 1
        if one.tries < TRIES:
            return None
        if one.disturbed is not None:
            return one.disturbed
        reason = f"the machines that grade failed {TRIES} times on this notebook: {reason}"
        return could_not_run(one.student, one.exam, reason, self._staff.jail, disturbed=True)

    def _tried(self, exam: Exam, notebook: NotebookNode) -> SubmissionVerdict:
        """The verdict on a notebook of the course's own."""
        done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        asked: dict[str, _Asked] = {}
        self._ask(_Asked("", exam, self._task("", exam, Repaired(notebook, ()), {})), asked, done)
        while True:
            for verdict in self._next(asked, done):
                return verdict

    def _end(self) -> None:
        """Let go of what workers still have, and have them end it; a cluster that is gone needs no word."""
        with suppress(Exception):
            self._client.cancel(list(self._out.values()), force=True)
        with suppress(Exception):
            self._client.run(worker.end, self._run, on_error="ignore", callback_timeout=_END_S)
