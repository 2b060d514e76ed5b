"""The one way to grade: pick the engine, grade what students handed in, and save each verdict as it comes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import calibration, jail, resuming
from course.grading.cluster.joining import Cluster
from course.grading.engine import Engine
from course.grading.keeping import Keeper, Progress
from course.grading.plan import kept
from course.grading.plan.exam import Exam, exams_of
from course.grading.process.forkserver import ForkServer
from course.grading.submission.files import handed_in, students_of, without_hand_in
from course.grading.submission.folders import few
from course.grading.submission.names import shown
from course.grading.tracing import traced
from course.grading.verdict.model import SubmissionVerdict

if TYPE_CHECKING:
    from course.grading.cluster.commander import Commander

ENGINES = ("clozegrad", "nbgrader")
_MAX_NOTES = 5


def grade(
    folder: CourseFolder,
    lesson: str,
    students: Sequence[str] | None = None,
    *,
    engine: str = "clozegrad",
    jobs: int | None = None,
    require_jail: bool = False,
    require_apart: bool = False,
    trace: bool = False,
    all_cells: bool = False,
    force: bool = False,
    forkserver: ForkServer | None = None,
    cluster: Cluster | None = None,
    on_progress: Progress | None = None,
    on_note: Callable[[str], None] = lambda note: None,
    on_start: Callable[[str], None] = lambda word: None,
) -> list[SubmissionVerdict]:
    """Grade a lesson's submissions, save each, and return the verdicts in the order of the students' names.

    What has not changed since it was graded is not graded again, unless with `force`, or with `trace`, which would have
    nothing to tell of it. A `forkserver` that was started before is ready sooner; a `cluster` grades in its place. With
    `all_cells`, demonstrations run as well on which no point depends. With `trace`, what the tests asked and what came
    back is written to traces/. What an instructor should know of the whole class goes to `on_note`, and what is better
    known beforehand to `on_start`. Raises CourseError when there is nothing to grade, no jail where one is required, or
    a test that needs the student's process where none may.
    """
    if engine not in ENGINES:
        raise CourseError(f"there is no engine {engine!r}; use one of {', '.join(ENGINES)}")
    for line in () if students else without_hand_in(folder, lesson):
        on_note(line)
    if engine == "nbgrader":
        _refuse_in_one_kernel(require_jail=require_jail, require_apart=require_apart, trace=trace)
        return _in_one_kernel(folder, lesson, students, on_progress)
    names = students_of(folder, lesson, students)
    if cluster is None and require_jail:
        jail.require(jail.isolation_levels()[0])
    exams = exams_of(folder, lesson, all_cells=all_cells)
    if foreign := [exam for exam in exams if not exam.is_python]:
        refused = require_jail or require_apart or trace
        return _by_nbgrader(folder, foreign[0], students, on_progress, on_note, refused=refused)
    with (
        Keeper(folder, lesson, on_progress) as keeper,
        _grader(folder, exams, cluster, jobs, forkserver, require_jail=require_jail, on_note=on_note) as running,
    ):
        if require_apart:
            calibration.require_apart(running.exams)
        if word := running.memory_word:
            on_start(word)
        for line in calibration.summary(running.exams):
            on_note(line)
        if trace:
            running.looked_on = lambda hand_in: traced(folder, hand_in)
        if not (force or trace):
            running.earlier = resuming.found(folder, keeper.until_open)
        for verdict in running.grade(handed_in(folder, running.exams, names)):
            keeper.take(verdict)
        verdicts = keeper.kept()
    _tell_of_disturbances(verdicts, on_note)
    return sorted(verdicts, key=lambda verdict: (verdict.student, verdict.name))


def _refuse_in_one_kernel(*, require_jail: bool, require_apart: bool, trace: bool) -> None:
    if require_jail or require_apart:
        left_out = "--require-jail" if require_jail else "--require-apart"
        raise CourseError(f"--engine nbgrader runs tests and student's code in one kernel: leave out {left_out}")
    if trace:
        raise CourseError("--engine nbgrader runs all in one kernel, with nothing to trace: leave out --trace")


def _tell_of_disturbances(verdicts: Sequence[SubmissionVerdict], on_note: Callable[[str], None]) -> None:
    if disturbed := [shown(verdict.student) for verdict in verdicts if verdict.disturbed]:
        on_note(
            f"this machine disturbed the grading of {few(disturbed, _MAX_NOTES)}, which may have cost points: run the "
            "same command again, and they are graded again"
        )


def _grader(
    folder: CourseFolder,
    exams: Sequence[Exam],
    cluster: Cluster | None,
    jobs: int | None,
    forkserver: ForkServer | None,
    *,
    require_jail: bool,
    on_note: Callable[[str], None],
) -> "Engine | Commander":
    """What grades: this machine's engine, or the workers of a cluster."""
    if cluster is None:
        known = [kept.recall(folder, exam) for exam in exams]
        engine = Engine(folder, exams, jobs=jobs, isolation=jail.find_isolation().name, forkserver=forkserver)
        for exam, is_known in zip(engine.exams, known, strict=True):
            if not is_known:
                kept.keep(folder, exam)
        return engine
    from course.grading.cluster.commander import Commander  # with Dask, where it is installed

    return Commander(folder, exams, cluster, require_jail=require_jail, on_note=on_note)


def _by_nbgrader(
    folder: CourseFolder,
    exam: Exam,
    students: Sequence[str] | None,
    on_progress: Progress | None,
    on_note: Callable[[str], None],
    *,
    refused: bool,
) -> list[SubmissionVerdict]:
    """Grade a lesson that is not in Python by nbgrader's own execution; CourseError where that may not be."""
    what = f"{exam.name} is in {exam.language}, not in Python"
    if refused:
        raise CourseError(
            f"{what}: only nbgrader's own execution can grade it, in one kernel without a jail; leave out "
            "--require-jail, --require-apart and --trace"
        )
    on_note(f"{what}: the lesson is graded by nbgrader's own execution, in one kernel without a jail")
    return _in_one_kernel(folder, exam.lesson, students, on_progress)


def _in_one_kernel(
    folder: CourseFolder, lesson: str, students: Sequence[str] | None, on_progress: Progress | None
) -> list[SubmissionVerdict]:
    from course.grading.adapters import onekernel  # with nbgrader's own machinery, which takes time to import

    return onekernel.grade(folder, lesson, students, on_progress)


def calibrate(folder: CourseFolder, lesson: str, jobs: int | None = None) -> list[Exam]:
    """The lesson's notebooks, each told which of its tests can be graded apart; CourseError when there are none."""
    with Engine(folder, exams_of(folder, lesson), jobs=jobs) as engine:
        return list(engine.exams)
