"""Grade with the tests kept out of the student's process: `Engine.grade` reads from top to bottom.

One fork server a command; for each submission an examiner and a candidate forked from it. What they found comes back as
data.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import calibration, jail
from course.grading.admission import Admission, Place
from course.grading.cells import is_test
from course.grading.plan.exam import Exam
from course.grading.plan.leaving import Leaving
from course.grading.process.forkserver import ForkRefused, ForkServer, ForkServerDied
from course.grading.process.supervisor import Disturbed, Onlooker, Supervisor
from course.grading.process.torchless import brings_torch
from course.grading.protocol import CandidateJob, CellRecord, ExaminerJob, Result, Step
from course.grading.submission.files import HandIn
from course.grading.submission.repair import Repaired, Unreadable
from course.grading.system import budget, gpu, threads, tree
from course.grading.system.slots import Slots, usable_cores
from course.grading.verdict.grounds import Grounding
from course.grading.verdict.marking import could_not_run, mark
from course.grading.verdict.model import Grounds, SubmissionVerdict
from course.grading.warm.borrowing import fork_server

TRIES = 3  # something outside may end a submission's processes twice; the third time it is what ends them
MOST_TRIES = 10  # and the fork server may die beside it this often, in all
_MOST_AHEAD, _MOST_BYTES_AHEAD = 64, 32 * 2**20  # hand-ins that are read, and kept, before any can be run
_ALL_KILLED = "the grader's processes were all killed whenever this notebook ran"


T = TypeVar("T")


class NotRun(Exception):
    """A submission could not be run to its end, and why."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in, prepared; its tests draw from the `seed`."""

    student: str
    exam: Exam
    repaired: Repaired
    files: dict[str, bytes]
    seed: str
    leaving: Leaving = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaving", self.exam.leaving(self.repaired.notebook))


@dataclass(frozen=True)
class Found:
    """What running a submission gave.

    Attributes:
        records: by cell, for all that were reached in time.
        files: what the cells wrote, as far as it was asked for.
        disturbed: whether something outside may have cost points.
    """

    records: dict[int, CellRecord]
    files: dict[str, bytes]
    seconds: float
    disturbed: bool


@dataclass(frozen=True)
class _Begun:
    """A hand-in that was read: what is to be run, or the verdict where nothing is."""

    hand_in: HandIn
    submission: Submission | SubmissionVerdict
    grounds: Grounds | None = None


class Engine:
    """A fork server and the exams that it is ready for.

    Args:
        exams: the notebooks of one assignment, as `exams_of` finds them.
        jobs: how many submissions are graded at once, each on its own cores (default: as many as there are cores and
            as the memory holds, which they share); fewer where a GPU has no room for as many, and one where their
            processes would be counted together.
        isolation: the jail to use (default: the highest that works here).
        forkserver: one that was started before; the engine prepares and closes it.
        slots: what submissions may use here (default: all cores and GPUs, as `jobs` says).
        calibrate: whether it is yet to be found out which tests can be graded apart.
    """

    def __init__(
        self,
        folder: CourseFolder,
        exams: Sequence[Exam],
        *,
        jobs: int | None = None,
        isolation: str | None = None,
        forkserver: ForkServer | None = None,
        slots: Slots | None = None,
        calibrate: bool = True,
    ) -> None:
        self.folder = folder
        self.exams = exams
        self.looked_on: Callable[[HandIn], AbstractContextManager[Onlooker | None]] = lambda _: nullcontext()
        self.earlier: Callable[[HandIn, Grounds], SubmissionVerdict | None] = lambda *_: None
        self.isolation = isolation or jail.find_isolation().name
        slots = slots or self._slots(jobs)
        self.grounding = Grounding(self.isolation, gpu=slots.has_gpu)
        self.admission, self.jobs, self.memory = Admission(slots), slots.count, slots.memory
        modules = sorted({name for exam in self.exams for name in exam.modules})
        self.forkserver = forkserver or fork_server(torch=brings_torch(modules))
        waiting = ThreadPoolExecutor(1)
        self._imported = threads.submit(waiting, partial(self.forkserver.prepare, modules))
        waiting.shutdown(wait=False)
        try:
            for exam in self.exams:
                exam.make_plan()
            if calibrate:
                self.exams = calibration.calibrated(folder, self.exams, self.jobs, self._tried)
            for exam in self.exams:
                exam.look_ahead()
        except BaseException:
            self.close()
            raise

    def ready(self) -> None:
        """Wait until the fork server has imported all and can fork; CourseError when it cannot."""
        self._imported.result()

    def grade(self, hand_ins: Iterable[HandIn]) -> Iterator[SubmissionVerdict]:
        """Grade each hand-in, several at once; verdicts come as they are ready."""
        running: set[Future[SubmissionVerdict]] = set()
        with ThreadPoolExecutor(self.jobs + 1) as pool:  # one more than run: it reads the next or marks the last
            try:
                for step in self._steps(iter(hand_ins)):
                    if len(running) > self.jobs + 1:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
                    running.add(threads.submit(pool, step))
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            except BaseException:  # Ctrl-C, a full disk: what still runs is ended, not waited for
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def grade_one(self, hand_in: HandIn) -> SubmissionVerdict:
        """The verdict that `earlier` has, where nothing has changed that it rests on; else that of grading it now."""
        return self._finished(self._begun(hand_in))

    def _steps(self, hand_ins: Iterator[HandIn]) -> Iterator[Callable[[], SubmissionVerdict]]:
        """How each hand-in is graded; those at the front are read here as long as the fork server imports."""
        ahead: list[_Begun] = []
        left = _MOST_BYTES_AHEAD
        while not self._imported.done() and left > 0 and len(ahead) < _MOST_AHEAD:
            if (hand_in := next(hand_ins, None)) is None:
                break
            ahead.append(self._begun(hand_in))
            left -= _bytes_of(hand_in)
        while ahead:
            yield partial(self._finished, ahead.pop(0))
        for hand_in in hand_ins:
            yield partial(self.grade_one, hand_in)

    def _begun(self, hand_in: HandIn) -> "_Begun":
        """A hand-in read and repaired, or what there is to say of it before it is run."""
        grounds = self.grounding.of(hand_in)
        if grounds is not None and (kept := self.earlier(hand_in, grounds)) is not None:
            return _Begun(hand_in, kept)
        submission = settled(hand_in.student, hand_in.exam, self.isolation, partial(self._prepare, hand_in))
        if isinstance(submission, SubmissionVerdict):
            return _Begun(hand_in, replace(submission, grounds=grounds))
        return _Begun(hand_in, submission, grounds)

    def _finished(self, begun: "_Begun") -> SubmissionVerdict:
        """The verdict on what was begun."""
        hand_in, submission = begun.hand_in, begun.submission
        if isinstance(submission, SubmissionVerdict):
            return submission

        def stages() -> SubmissionVerdict:  # read before: one that takes long to read holds up no other
            with self.looked_on(hand_in) as onlooker, self.admission.front() as place:
                return self._mark(submission, self._run(submission, place, onlooker), onlooker)

        verdict = settled(hand_in.student, hand_in.exam, self.isolation, stages)
        return replace(verdict, grounds=begun.grounds)

    def grade_prepared(self, submission: Submission) -> SubmissionVerdict:
        """The verdict on a hand-in that was read and repaired elsewhere."""

        def stages() -> SubmissionVerdict:
            with self.admission.front() as place:
                return self._mark(submission, self._run(submission, place))

        return settled(submission.student, submission.exam, self.isolation, stages)

    def examine(self, student: str, exam: Exam, repaired: Repaired, files: dict[str, bytes]) -> SubmissionVerdict:
        """Run and mark a notebook that is prepared already, outside the line of the hand-ins."""
        submission = Submission(student, exam, repaired, files, self.folder.seed(student, exam.lesson))
        try:
            return self._mark(submission, self._run(submission, self.admission.outside()))
        except NotRun as error:
            return could_not_run(student, exam, str(error), self.isolation, disturbed=True)

    def _prepare(self, hand_in: HandIn) -> Submission:
        """Read and repair one notebook; raises Unreadable when there is none to grade."""
        seed = self.folder.seed(hand_in.student, hand_in.exam.lesson)
        return Submission(hand_in.student, hand_in.exam, hand_in.repaired(), hand_in.files(), seed)

    def _run(self, submission: Submission, place: Place, onlooker: Onlooker | None = None) -> Found:
        """Let an examiner and a candidate go through the notebook; raises NotRun when that cannot be brought to an end.

        Whoever ends one of their processes, or the fork server, costs time only: they go through it again, alone, so
        that a notebook which does it is told from its neighbours. What still ends them then is what is found.
        """
        self.ready()
        onlooker = _naming_cells(onlooker, submission.repaired.notebook)
        lost = 0
        for attempt in range(MOST_TRIES):
            try:
                with self._forked(submission, onlooker, last_try=lost == TRIES - 1) as supervisor:
                    return self._supervise(supervisor, place, alone=attempt > 0)
            except ForkServerDied as death:
                self.forkserver.revive(death.generation)
                reason = _ALL_KILLED
            except Disturbed as disturbance:
                lost, reason = lost + 1, str(disturbance)
            except ForkRefused as refusal:
                lost, reason = TRIES, str(refusal)
            if onlooker is not None:
                onlooker.tell({"event": "disturbed", "message": reason})
            if lost >= TRIES:
                break
        raise NotRun(reason)

    @contextmanager
    def _forked(self, submission: Submission, onlooker: Onlooker | None, last_try: bool) -> Iterator[Supervisor]:
        """Both forks, which come up while the submission waits for its turn."""
        exam = submission.exam
        with exam.laid_out() as place:
            work = self._work(submission, place)
            if onlooker is not None:
                work = replace(work, trace=True, stop_at=list(onlooker.stop_at) if onlooker.stop_at else None)
            jailed = self._jailed(exam, submission.files)
            with Supervisor(self.forkserver, exam.limits, work, jailed, last_try, onlooker) as supervisor:
                yield supervisor

    def _supervise(self, supervisor: Supervisor, place: Place, alone: bool) -> Found:
        """What both forks find when their turn comes."""
        with place.turn(alone=alone) as slot:
            supervisor.look()
            start = time.perf_counter()
            try:
                records = supervisor.run(slot)
            except ForkServerDied as death:  # before another takes the slot and finds no fork server
                self.forkserver.revive(death.generation)
                if alone:
                    raise Disturbed(_ALL_KILLED) from None
                raise  # one of those beside it may have ended it
            return Found(records, supervisor.files, time.perf_counter() - start, supervisor.disturbed)

    def _mark(self, submission: Submission, found: Found, onlooker: Onlooker | None = None) -> SubmissionVerdict:
        """Make the records a verdict and an executed notebook."""
        student, exam, repaired = submission.student, submission.exam, submission.repaired
        left_out = submission.leaving.left_out
        verdict = mark(student, exam, repaired, found.records, self.isolation, found.seconds, left_out)
        if onlooker is not None:
            onlooker.tell({"event": "graded", "at": round(found.seconds, 6), "cells": _results(verdict)})
        return replace(verdict, files=found.files, disturbed=found.disturbed)

    def close(self) -> None:
        """End the fork server and all that it forked."""
        tree.kill_descendants(self.forkserver.pid)
        self.forkserver.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def memory_word(self) -> str:
        """What an instructor should know of the machine's memory; mostly nothing."""
        return self.memory.word(self.jobs, self._most_mb)

    @property
    def _most_mb(self) -> float:
        """What one submission may use."""
        return max((exam.limits.memory_mb for exam in self.exams), default=1.0)

    def _slots(self, wanted: int | None) -> Slots:
        """As many as are asked for, or as the machine's cores and memory hold; that memory they share."""
        memory, cores = budget.found(), len(usable_cores()) or os.cpu_count() or 1
        count = wanted or min(cores, memory.most_at_once(self._most_mb))
        return Slots(1 if jail.counts_processes_together(self.isolation) else count, gpu.find(), memory=memory)

    def _tried(self, exam: Exam, notebook: NotebookNode) -> SubmissionVerdict:
        """The verdict on a notebook of the course's own."""
        return self.examine("", exam, Repaired(notebook, ()), {})

    def _work(self, submission: Submission, place: Path) -> ExaminerJob:
        """What the examiner is told: the code cells in the student's order, each test with what it needs."""
        exam, leaving = submission.exam, submission.leaving
        cells = tuple(
            exam.cell_job(index, cell, counts=index in leaving.counting)
            for index, cell in enumerate(submission.repaired.notebook.cells)
            if cell.cell_type == "code" and (cell.source.strip() or is_test(cell)) and index not in leaving.left_out
        )
        most = exam.limits
        handed = None  # as under nbgrader, what the cells write stays beside the notebook
        if not exam.for_the_boundary:
            handed = {name: sha256(data).hexdigest() for name, data in (submission.files | exam.files).items()}
        times = most.cell_s, most.call_s, most.test_s, most.grace_s
        return ExaminerJob(
            cells, submission.seed, str(place), *times, exam.gaps, steady=exam.tells_apart, handed=handed
        )

    def _jailed(self, exam: Exam, files: dict[str, bytes]) -> CandidateJob:
        """What the candidate is told: its jail and its time, nothing of the tests."""
        plan = jail.plan_for(self.isolation, self.folder.root, files | exam.files, exam.limits)
        return CandidateJob(plan, exam.limits.cell_s, exam.limits.call_s)


def _bytes_of(hand_in: HandIn) -> int:
    """What its notebook has, roughly: where several files could be meant, one of them."""
    with suppress(OSError):
        return hand_in.path.stat().st_size if hand_in.path is not None else 0
    return 0


def settled(student: str, exam: Exam, isolation: str, stages: Callable[[], T]) -> T | SubmissionVerdict:
    """What stages of a grading come to; whatever is wrong with the hand-in or the machine becomes a verdict."""
    try:
        return stages()
    except Unreadable as error:
        return could_not_run(student, exam, str(error), isolation)
    except (NotRun, OSError) as error:
        return could_not_run(student, exam, str(error), isolation, disturbed=True)
    except CourseError:
        raise
    except Exception as error:  # a fault of the grader in one notebook must not cost the others their grade
        reason = f"the grader failed on this notebook ({type(error).__name__}: {error}); please report it"
        return could_not_run(student, exam, reason, isolation, disturbed=True)


def _naming_cells(onlooker: Onlooker | None, notebook: NotebookNode) -> Onlooker | None:
    """The onlooker, told with each step whose turn it is by the cell's grade_id."""
    if onlooker is None:
        return None
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]

    def tell(step: Step) -> None:
        name = names[step["cell"]] if 0 <= step.get("cell", -1) < len(names) else None
        onlooker.tell({**step, "grade_id": name} if name else step)

    return replace(onlooker, tell=tell)


def _results(verdict: SubmissionVerdict) -> list[Result]:
    return [
        {"grade_id": cell.grade_id, "earned": cell.earned, "points": cell.points, "ending": cell.ending}
        for cell in verdict.cells
    ]
