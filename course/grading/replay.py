"""`course replay`: one hand-in graded again before the instructor's eyes; nothing of it is saved.

With a debugger it is graded twice: once to find the call that a check failed on, and again to stop there, with the same
inputs and without limits of time.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.cells import is_test
from course.grading.engine import Engine
from course.grading.plan.exam import Exam, exams_of
from course.grading.process.forkserver import ForkServer
from course.grading.process.supervisor import Onlooker
from course.grading.protocol import Step
from course.grading.submission.files import HandIn, handed_in, students_of
from course.grading.verdict.model import SubmissionVerdict

_DAY_S = 86_400.0
_RUNNING = ("call", "there", "item", "set item", "len", "iterator", "next", "enter", "exit", "float", "int", "str")
_WARNING = "The debugger is pdb, in the student's jail: their code can read what you type there and answer in its name."
Tell = Callable[[Step], None]
Debugger = Callable[[], AbstractContextManager[socket.socket]]


def replay(
    folder: CourseFolder,
    lesson: str,
    student: str,
    exercise: str | None = None,
    *,
    tell: Tell,
    forkserver: ForkServer | None = None,
    debugger: Debugger | None = None,
    on_note: Callable[[str], None] = lambda note: None,
) -> list[SubmissionVerdict]:
    """Grade what one student handed in again, and save nothing; one verdict a notebook.

    Raises CourseError for a lesson, a student or an exercise that there is not.

    Args:
        exercise: only the notebook that has it, and the debugger only there.
        tell: takes each step, of every exercise.
        debugger: opens what a debugger on the student's side reads and writes; without one, none is opened.
        on_note: takes what else is to be said.
    """
    exams = exams_of(folder, lesson)
    names = students_of(folder, lesson, [student])
    for exam in exams:
        if not exam.is_python:
            raise CourseError(f"{exam.name} is in {exam.language}, not in Python: so there is no conversation to show")
    wanted = _holding(folder, exams, exercise)
    verdicts = []
    with Engine(folder, exams, jobs=1, forkserver=forkserver) as engine:
        for hand_in in handed_in(folder, engine.exams, names):
            if hand_in.exam.name not in wanted:
                continue
            onlooker, steps = _keeping(tell)
            verdicts.append(_graded(engine, hand_in, onlooker))
            if debugger is None:
                continue
            stop_at = failing_call(steps, exercise)
            if stop_at is None:
                on_note(f"{hand_in.exam.name}: no check failed after a call of the student's code: nothing to stop at")
                continue
            on_note(f"{hand_in.exam.name}: graded again up to that call. {_WARNING}")
            with debugger() as terminal:
                _graded(engine, _unhurried(hand_in), Onlooker(lambda step: None, stop_at, terminal))
    return verdicts


def failing_call(steps: Iterable[Step], exercise: str | None = None) -> tuple[int, int] | None:
    """The cell and the number of the last call before the first check that failed; None where there is none."""
    call = None
    for step in steps:
        if exercise not in (None, exercise_of(step)):
            continue
        match step:
            case {"event": "asked", "op": op, "cell": int(cell), "number": int(number)} if op in _RUNNING:
                call = cell, number
            case {"event": "check", "passed": True}:
                call = None
            case {"event": "check"} | {"event": "stopped"} if call:
                return call
    return None


def exercise_of(step: Step) -> str:
    """The exercise that a step belongs to."""
    return str(step.get("grade_id", "")).removesuffix("_tests")


def _keeping(tell: Tell) -> tuple[Onlooker, list[Step]]:
    """Somebody who passes each step on, and the steps so far."""
    steps: list[Step] = []

    def take(step: Step) -> None:
        steps.append(step)
        tell(step)

    return Onlooker(take), steps


def _graded(engine: Engine, hand_in: HandIn, onlooker: Onlooker) -> SubmissionVerdict:
    engine.looked_on = lambda _: nullcontext(onlooker)
    return engine.grade_one(hand_in)


def _unhurried(hand_in: HandIn) -> HandIn:
    """The same hand-in with time to think."""
    limits = replace(hand_in.exam.limits, cell_s=_DAY_S, call_s=_DAY_S, test_s=_DAY_S, submission_s=_DAY_S)
    return replace(hand_in, exam=replace(hand_in.exam, limits=limits))


def _holding(folder: CourseFolder, exams: Sequence[Exam], exercise: str | None) -> set[str]:
    """The notebooks with the exercise, or all; CourseError, which names the exercises, where none has it."""
    names = {
        exam.name: [exercise_of(cell.metadata["nbgrader"]) for cell in exam.source.cells if is_test(cell)]
        for exam in exams
    }
    found = {name for name, exercises in names.items() if exercise is None or exercise in exercises}
    if not found:
        known = ", ".join(name for exercises in names.values() for name in exercises)
        raise CourseError(f"{folder.source / exams[0].lesson} has no exercise {exercise!r} with tests; it has: {known}")
    return found
