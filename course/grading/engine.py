"""Grade with the tests kept out of the student's process: ``Engine.grade`` reads from top to bottom.

One nursery a command; for each submission an examiner and a candidate forked from it. What they found comes back as
data.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import Any

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import gpu, jail, watch
from course.grading.exam import Exam
from course.grading.handin import HandIn
from course.grading.marking import could_not_run, mark
from course.grading.nursery import Nursery
from course.grading.repair import Repaired, Unreadable, repair
from course.grading.supervisor import Supervisor
from course.grading.verdicts import SubmissionVerdict


class Engine:
    """A nursery and the exams that it is ready for.

    Args:
        exams: the notebooks of one assignment, as `exams_of` finds them.
        jobs: how many submissions are graded at once (default: the cores), each on one core; fewer where a
            GPU has no room for as many.
        rung: the jail to use (default: the highest that works here).
        nursery: one that was started before; the engine prepares and closes it.
    """

    def __init__(
        self,
        folder: CourseFolder,
        exams: Sequence[Exam],
        *,
        jobs: int | None = None,
        rung: str | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.folder = folder
        self.exams = exams
        self._lock = threading.Lock()
        self.slots = gpu.Slots(jobs or cores, gpu.find())
        self.jobs = self.slots.count
        self.rung = rung or jail.find_rung().name
        self.nursery = nursery or Nursery()
        modules = sorted({name for exam in self.exams for name in exam.modules})
        for exam in self.exams:
            exam.make_plan()  # while the nursery imports
        self.nursery.prepare(modules)

    def grade(self, hand_ins: Iterable[HandIn]) -> Iterator[SubmissionVerdict]:
        """Grade each hand-in, several at once; verdicts come as they are ready."""
        running: set[Future[SubmissionVerdict]] = set()
        with ThreadPoolExecutor(self.jobs + 1) as pool:  # one more than run: it reads the next or marks the last
            try:
                for hand_in in hand_ins:
                    if len(running) > self.jobs + 1:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
                    running.add(pool.submit(self.grade_one, hand_in))
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
            with self._doorway() as leave_doorway:
                repaired = repair(hand_in.read(), exam.source, exam.release)
                return self.examine(hand_in.student, exam, repaired, hand_in.files(), leave_doorway)
        except (Unreadable, OSError) as error:
            return could_not_run(hand_in.student, exam, str(error), self.rung)
        except CourseError:
            raise
        except Exception as error:  # a fault of the grader in one notebook must not cost the others their grade
            reason = f"the grader failed on this notebook ({type(error).__name__}: {error}); please report it"
            return could_not_run(hand_in.student, exam, reason, self.rung)

    def examine(
        self,
        student: str,
        exam: Exam,
        repaired: Repaired,
        files: dict[str, bytes],
        its_turn: Callable[[], None] = lambda: None,
    ) -> SubmissionVerdict:
        """Let an examiner and a candidate go through a repaired notebook, and mark what they found.

        ``its_turn`` is called when there is a slot for them.
        """
        supervisor = Supervisor(
            self.nursery, exam.limits, self._work(student, exam, repaired), self._jailed(exam, files)
        )
        with supervisor:
            with self.slots.one() as environment:
                its_turn()
                start = time.perf_counter()
                records = supervisor.run(environment)
            seconds = time.perf_counter() - start
        return mark(student, exam, repaired, records, self.rung, seconds)

    def close(self) -> None:
        """End the nursery and all that it forked."""
        watch.kill_descendants(self.nursery.pid)
        self.nursery.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _doorway(self) -> Iterator[Callable[[], None]]:
        """One submission at a time is made ready and waits for its turn, so that they run in the order they came."""
        self._lock.acquire()
        with ExitStack() as inside:
            inside.callback(self._lock.release)
            yield inside.close

    def _work(self, student: str, exam: Exam, repaired: Repaired) -> dict[str, Any]:
        """What the examiner is told: every code cell in the student's order, each test with what it needs."""
        cells = [
            exam.step(index, cell)
            for index, cell in enumerate(repaired.notebook.cells)
            if cell.cell_type == "code" and cell.source.strip()
        ]
        return {"cells": cells, "seed": self.folder.seed(student, exam.lesson)}

    def _jailed(self, exam: Exam, files: dict[str, bytes]) -> dict[str, Any]:
        """What the candidate is told: its jail and its time, nothing of the tests."""
        plan = jail.plan_for(self.rung, self.folder.root, files | exam.files, exam.limits)
        return {"jail": plan.as_data(), "cell_s": exam.limits.cell_s, "call_s": exam.limits.call_s}
