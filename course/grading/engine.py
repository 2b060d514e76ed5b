"""Grade submissions with the tests kept out of the student's process. Read ``Engine.grade`` from top to bottom.

One nursery a command; for each submission an examiner and a candidate forked from it; the verdicts come back as data and
are written by the one process that asked.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course.folder import CourseFolder
from course.grading import jail
from course.grading.exam import Exam, exams_of
from course.grading.limits import Limits
from course.grading.nursery import Nursery
from course.grading.repair import Repaired, Unreadable, repair
from course.grading.supervisor import Supervisor
from course.grading.verdicts import SubmissionVerdict
from course.grading.marking import could_not_run, mark


@dataclass(frozen=True)
class Submission:
    """One student's notebook as handed in; ``raw`` is None when it was not."""

    student: str
    exam: Exam
    raw: bytes | None
    files: dict[str, bytes]


class Engine:
    """A nursery with the exams that it grades.

    Args:
        jobs: how many submissions are graded at once; torch's threads are divided among them.
        rung: the jail to use; None takes the highest that works here.
    """

    def __init__(self, folder: CourseFolder, lesson: str, *, jobs: int | None = None, rung: str | None = None) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.folder, self.lesson = folder, lesson
        self.jobs = jobs or cores
        self.rung = rung or jail.find_rung().name
        self.exams = exams_of(folder, lesson)
        modules = sorted({name for exam in self.exams for name in exam.modules})
        self.nursery = Nursery(modules, threads=max(1, cores // self.jobs))

    def grade(self, submissions: Iterable[Submission]) -> Iterator[SubmissionVerdict]:
        """Grade each submission; verdicts come as they are ready, and one bad notebook never stops the others."""
        waiting: set[Future[SubmissionVerdict]] = set()
        with ThreadPoolExecutor(self.jobs) as pool:
            for submission in submissions:
                waiting.add(pool.submit(self.grade_one, submission))
                if len(waiting) >= 2 * self.jobs:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)

    def grade_one(self, submission: Submission) -> SubmissionVerdict:
        """Repair the notebook, let examiner and candidate go through it, and mark what they found."""
        start = time.perf_counter()
        exam = submission.exam
        if submission.raw is None:
            return could_not_run(submission.student, exam, "no notebook of this name was handed in", self.rung)
        try:
            repaired = repair(submission.raw, exam.source, exam.release)
        except Unreadable as error:
            return could_not_run(submission.student, exam, str(error), self.rung)
        supervisor = Supervisor(
            self.nursery, exam.limits, self._job(submission, repaired), self._candidate_job(submission)
        )
        records = supervisor.run()
        return mark(submission.student, exam, repaired, records, self.rung, time.perf_counter() - start)

    def close(self) -> None:
        self.nursery.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _job(self, submission: Submission, repaired: Repaired) -> dict[str, Any]:
        """What the examiner is told: every code cell in the student's order, the tests with what they need."""
        exam = submission.exam
        cells = [
            exam.step(index, cell)
            for index, cell in enumerate(repaired.notebook.cells)
            if cell.cell_type == "code" and cell.source.strip()
        ]
        return {"cells": cells, "seed": self.folder.seed(submission.student, exam.lesson)}

    def _candidate_job(self, submission: Submission) -> dict[str, Any]:
        """What the candidate is told: how it is jailed and how long it may take."""
        limits = submission.exam.limits
        plan = jail.plan_for(self.rung, self.folder.root, submission.exam.files | submission.files, limits)
        return {"jail": plan.as_data(), "cell_s": limits.cell_s, "call_s": limits.call_s}


def hand_in(folder: CourseFolder, lesson: str, exams: Iterable[Exam], students: Iterable[str] | None = None) -> list[Submission]:
    """Every submission that lies in submitted/, one for each notebook of the lesson."""
    ...
