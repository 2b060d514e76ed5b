"""Grade with the tests kept out of the student's process: ``Engine.grade`` reads from top to bottom.

One fork server a command; for each submission an examiner and a candidate forked from it. What they found comes back as
data.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import calibration, jail
from course.grading.cells import is_test
from course.grading.plan.exam import Exam
from course.grading.process.forkserver import ForkRefused, ForkServer, ForkServerDied
from course.grading.process.supervisor import Disturbed, Onlooker, Supervisor
from course.grading.process.torchless import brings_torch
from course.grading.protocol import CandidateJob, ExaminerJob, Result, Step
from course.grading.submission.files import HandIn
from course.grading.submission.repair import Repaired, Unreadable
from course.grading.system import gpu, memory, threads, tree
from course.grading.system.slots import Slots, usable_cores
from course.grading.verdict.marking import could_not_run, mark
from course.grading.verdict.model import SubmissionVerdict
from course.grading.warm.borrowing import fork_server

TRIES = 3  # something outside may end a submission's processes twice; the third time it is what ends them
MOST_TRIES = 10  # and the fork server may die beside it this often, in all


class Engine:
    """A fork server and the exams that it is ready for.

    Args:
        exams: the notebooks of one assignment, as `exams_of` finds them.
        jobs: how many submissions are graded at once, each on its own cores (default: as many as there are cores and
            as the memory holds); fewer where a GPU has no room for as many, and one where their processes would be
            counted together.
        isolation: the jail to use (default: the highest that works here).
        forkserver: one that was started before; the engine prepares and closes it.
    """

    def __init__(
        self,
        folder: CourseFolder,
        exams: Sequence[Exam],
        *,
        jobs: int | None = None,
        isolation: str | None = None,
        forkserver: ForkServer | None = None,
    ) -> None:
        self.folder = folder
        self.exams = exams
        self.looked_on: Callable[[HandIn], AbstractContextManager[Onlooker | None]] = lambda _: nullcontext()
        self._lock = threading.Lock()
        self.isolation = isolation or jail.find_isolation().name
        self.slots = Slots(self._at_once(jobs), gpu.find())
        self.jobs = self.slots.count
        modules = sorted({name for exam in self.exams for name in exam.modules})
        self.forkserver = forkserver or fork_server(torch=brings_torch(modules))
        for exam in self.exams:
            exam.make_plan()  # while the fork server imports
        try:
            self.forkserver.prepare(modules)
            self.exams = calibration.calibrated(folder, self.exams, self.jobs, self._tried)
        except BaseException:
            self.close()
            raise

    def grade(self, hand_ins: Iterable[HandIn]) -> Iterator[SubmissionVerdict]:
        """Grade each hand-in, several at once; verdicts come as they are ready."""
        running: set[Future[SubmissionVerdict]] = set()
        with ThreadPoolExecutor(self.jobs + 1) as pool:  # one more than run: it reads the next or marks the last
            try:
                for hand_in in hand_ins:
                    if len(running) > self.jobs + 1:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
                    running.add(threads.submit(pool, partial(self.grade_one, hand_in)))
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            except BaseException:  # Ctrl-C, a full disk: what still runs is ended, not waited for
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def grade_one(self, hand_in: HandIn) -> SubmissionVerdict:
        """Repair one notebook and examine it; whatever is wrong with it becomes part of its verdict."""
        exam = hand_in.exam
        try:
            repaired = hand_in.repaired()  # before the lock: one that takes long to read holds up no other
            with self.looked_on(hand_in) as onlooker, self._admission() as release_admission:
                return self.examine(hand_in.student, exam, repaired, hand_in.files(), release_admission, onlooker)
        except (Unreadable, OSError) as error:
            return could_not_run(hand_in.student, exam, str(error), self.isolation)
        except CourseError:
            raise
        except Exception as error:  # a fault of the grader in one notebook must not cost the others their grade
            reason = f"the grader failed on this notebook ({type(error).__name__}: {error}); please report it"
            return could_not_run(hand_in.student, exam, reason, self.isolation)

    def examine(
        self,
        student: str,
        exam: Exam,
        repaired: Repaired,
        files: dict[str, bytes],
        release_admission: Callable[[], None] = lambda: None,
        onlooker: Onlooker | None = None,
    ) -> SubmissionVerdict:
        """Let an examiner and a candidate go through a repaired notebook, and mark what they found.

        `release_admission` is called when there is a slot for them. Whoever ends one of their processes, or the fork
        server, costs time only: they go through it again, alone, so that a notebook which does it is told from its
        neighbours. What still ends them then is its verdict. The `onlooker` is told each step.
        """
        jailed = self._jailed(exam, files)
        onlooker = _naming_cells(onlooker, repaired.notebook)
        lost, alone = 0, False
        for _ in range(MOST_TRIES):
            try:
                with ExitStack() as stack:
                    work = self._work(student, exam, repaired, files, stack.enter_context(exam.laid_out()))
                    last = lost == TRIES - 1
                    if onlooker is not None:
                        stop_at = list(onlooker.stop_at) if onlooker.stop_at else None
                        work = replace(work, trace=True, stop_at=stop_at)
                    supervisor = Supervisor(self.forkserver, exam.limits, work, jailed, last, onlooker)
                    stack.enter_context(supervisor)
                    slot = stack.enter_context(self.slots.alone() if alone else self.slots.one())
                    release_admission()
                    supervisor.look()
                    start = time.perf_counter()
                    try:
                        records = supervisor.run(slot)
                    except ForkServerDied as death:  # before another takes the slot and finds no fork server
                        self.forkserver.revive(death.generation)
                        lost += alone  # beside others, one of them may have ended it
                        raise
                    seconds = time.perf_counter() - start
                verdict = mark(student, exam, repaired, records, self.isolation, seconds)
                if onlooker is not None:
                    onlooker.tell({"event": "graded", "at": round(seconds, 6), "cells": _results(verdict)})
                return replace(verdict, files=supervisor.files) if supervisor.files else verdict
            except ForkServerDied as death:
                self.forkserver.revive(death.generation)
                reason = "the grader's processes were all killed whenever this notebook ran"
            except Disturbed as disturbance:
                lost += 1
                reason = str(disturbance)
            except ForkRefused as refusal:
                lost, reason = TRIES, str(refusal)
            if onlooker is not None:
                onlooker.tell({"event": "disturbed", "message": reason})
            if lost >= TRIES:
                break
            alone = True
        return could_not_run(student, exam, reason, self.isolation)

    def close(self) -> None:
        """End the fork server and all that it forked."""
        tree.kill_descendants(self.forkserver.pid)
        self.forkserver.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _at_once(self, wanted: int | None) -> int:
        """How many submissions may run at once: what is not asked for is held against the machine's memory."""
        if jail.counts_processes_together(self.isolation):
            return 1
        most_mb = max((exam.limits.memory_mb for exam in self.exams), default=1.0)
        cores = len(usable_cores()) or os.cpu_count() or 1
        return wanted or max(1, int(min(cores, memory.total_mb() / most_mb)))

    @contextmanager
    def _admission(self) -> Iterator[Callable[[], None]]:
        """One submission at a time is made ready and waits for its turn, so that they run in the order they came."""
        self._lock.acquire()
        with ExitStack() as inside:
            inside.callback(self._lock.release)
            yield inside.close

    def _tried(self, exam: Exam, notebook: NotebookNode) -> SubmissionVerdict:
        """The verdict on a notebook of the course's own."""
        return self.examine("", exam, Repaired(notebook, ()), {})

    def _work(self, student: str, exam: Exam, repaired: Repaired, files: dict[str, bytes], place: Path) -> ExaminerJob:
        """What the examiner is told: every code cell in the student's order, each test with what it needs."""
        cells = tuple(
            exam.cell_job(index, cell)
            for index, cell in enumerate(repaired.notebook.cells)
            if cell.cell_type == "code" and (cell.source.strip() or is_test(cell))
        )
        most, seed = exam.limits, self.folder.seed(student, exam.lesson)
        handed = None  # as under nbgrader, what the cells write stays beside the notebook
        if not exam.for_the_boundary:
            handed = {name: sha256(data).hexdigest() for name, data in (files | exam.files).items()}
        return ExaminerJob(cells, seed, str(place), most.cell_s, most.call_s, most.test_s, most.grace_s, handed)

    def _jailed(self, exam: Exam, files: dict[str, bytes]) -> CandidateJob:
        """What the candidate is told: its jail and its time, nothing of the tests."""
        plan = jail.plan_for(self.isolation, self.folder.root, files | exam.files, exam.limits)
        return CandidateJob(plan, exam.limits.cell_s, exam.limits.call_s)


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
