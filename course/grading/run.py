"""The one way to grade: pick the engine, grade what students handed in, and save each verdict as it comes."""

import errno
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import calibration, jail, resuming
from course.grading.cells import is_test
from course.grading.cluster.joining import Cluster
from course.grading.engine import Engine
from course.grading.plan.exam import Exam, data_files, exams_of
from course.grading.process.forkserver import ForkServer
from course.grading.submission.files import handed_in, others, students_of, without_hand_in
from course.grading.submission.folders import few
from course.grading.submission.names import shown
from course.grading.system import threads
from course.grading.tracing import traced
from course.grading.verdict import stored
from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.moves import compared
from course.grading.writing import clear, held, write

if TYPE_CHECKING:
    from course.grading.cluster.commander import Commander

ENGINES = ("clozegrad", "nbgrader")
MAX_SHOWN_BYTES = 50 * 2**20  # of all that a notebook's cells showed; more is not kept
_MAX_NOTES = 5
_PAGES = (".html", ".htm", ".xhtml")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)  # a fault of the grader's disk, not of the hand-in
Progress = Callable[[SubmissionVerdict], None]


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
) -> list[SubmissionVerdict]:
    """Grade a lesson's submissions, save each, and return the verdicts in the order of the students' names.

    What has not changed since it was graded is not graded again, unless with `force`, or with `trace`, which would have
    nothing to tell of it. A `forkserver` that was started before is ready sooner; a `cluster` grades in its place. With
    `all_cells`, demonstrations run
    as well on which no point depends. With `trace`, what the tests asked and what came back is written to traces/.
    What an instructor should know of the whole class goes to `on_note`. Raises CourseError when there is nothing to
    grade, no jail where one is required, or a test that needs the student's process where none may.
    """
    if engine not in ENGINES:
        raise CourseError(f"there is no engine {engine!r}; use one of {', '.join(ENGINES)}")
    for line in () if students else without_hand_in(folder, lesson):
        on_note(line)
    if engine == "nbgrader":
        if require_jail or require_apart:
            left_out = "--require-jail" if require_jail else "--require-apart"
            raise CourseError(f"--engine nbgrader runs tests and student's code in one kernel: leave out {left_out}")
        if trace:
            raise CourseError("--engine nbgrader runs all in one kernel, with nothing to trace: leave out --trace")
        return _in_one_kernel(folder, lesson, students, on_progress)
    names = students_of(folder, lesson, students)
    if cluster is None and require_jail:
        jail.require(jail.isolation_levels()[0])
    exams = exams_of(folder, lesson, all_cells=all_cells)
    if foreign := [exam for exam in exams if not exam.is_python]:
        refused = require_jail or require_apart or trace
        return _by_nbgrader(folder, foreign[0], students, on_progress, on_note, refused=refused)
    verdicts = []
    with ThreadPoolExecutor(1) as pool:
        opening = threads.submit(pool, partial(_open_gradebook, folder, lesson))
        with _grader(folder, exams, cluster, jobs, forkserver, require_jail=require_jail, on_note=on_note) as running:
            if require_apart:
                calibration.require_apart(running.exams)
            for line in calibration.summary(running.exams):
                on_note(line)
            if trace:
                running.looked_on = lambda hand_in: traced(folder, hand_in)
            if not (force or trace):
                running.earlier = resuming.found(folder, opening.result)
            for verdict in running.grade(handed_in(folder, running.exams, names)):
                opening.result()
                verdicts.append(verdict if verdict.kept else save(folder, verdict))
                if on_progress:
                    on_progress(verdicts[-1])
        opening.result()
    if disturbed := [shown(verdict.student) for verdict in verdicts if verdict.disturbed]:
        on_note(
            f"this machine disturbed the grading of {few(disturbed, _MAX_NOTES)}, which may have cost points: run the "
            "same command again, and they are graded again"
        )
    return sorted(verdicts, key=lambda verdict: (verdict.student, verdict.name))


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
        return Engine(folder, exams, jobs=jobs, isolation=jail.find_isolation().name, forkserver=forkserver)
    from course.grading.cluster.commander import Commander  # with Dask, where it is installed

    return Commander(folder, exams, cluster, require_jail=require_jail, on_note=on_note)


def _open_gradebook(folder: CourseFolder, lesson: str) -> None:
    """Bring the gradebook up to date; importing what that takes is a quarter of a second, in which others can grade."""
    with threads.short_turns():
        from course.grading.gradebook.assignment import ensure_assignment

        ensure_assignment(folder, lesson)


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


def save(folder: CourseFolder, verdict: SubmissionVerdict) -> SubmissionVerdict:
    """Write notebook, verdict and the student's other files to autograded/, then the gradebook, each at once.

    What comes back is the verdict as saved: with a note on what could not be, and without what the notebook showed,
    since a class of them would not fit into memory. Raises CourseError, with the old files and points as they were,
    on an I/O error of disk or gradebook.
    """
    target = folder.autograded / verdict.student / verdict.lesson
    path = target / f"{verdict.name}.ipynb"
    from course.grading.gradebook.record import record, scores  # imported before, in `_open_gradebook`

    try:
        target.mkdir(parents=True, exist_ok=True)
        with held(target):
            verdict = compared(verdict, resuming.last(folder, path), scores(folder, verdict))
            notes = _copy_others(folder, verdict, target)
            _lay_out(folder, verdict, target)
            verdict = _noted(verdict, [*notes, *_cut(verdict.notebook)])
            text = nbformat.writes(verdict.notebook)
            clear(path, keep=path.is_file())
            clear(stored.beside(path), keep=stored.beside(path).is_file())
            write({stored.beside(path): stored.text_of(folder, verdict, text), path: text})
            record(folder, verdict)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror or error}. What is graded so far is kept; make room or fix "
            f"that, and run `course grade {verdict.lesson}` again"
        ) from error
    return replace(verdict, notebook=new_notebook(), files={})


def _copy_others(folder: CourseFolder, verdict: SubmissionVerdict, target: Path) -> list[str]:
    """Copy a student's other files, and say which cannot be.

    One that lies in a folder named like a notebook would stand in that one's way, and a page would be taken for ours.
    """
    notes = []
    for name, path in others(folder, verdict.student, verdict.lesson):
        place = Path(name)
        if _is_ours(place):
            continue
        try:
            for parent in reversed((target / place).parents[: len(place.parts) - 1]):
                clear(parent, keep=parent.is_dir())
                parent.mkdir(exist_ok=True)
            clear(target / place, keep=(target / place).is_file())
            shutil.copyfile(path, target / place)
        except OSError as error:
            if error.errno in _FULL:
                raise
            notes.append(f"the file {shown(place.as_posix())!r} cannot be copied: {error.strerror}")
    return notes[:_MAX_NOTES]


def _cut(notebook: NotebookNode) -> list[str]:
    """Take out what cells showed, the largest first, until the notebook is no larger than one that is kept."""
    shown_bytes = {number: _weight(cell) for number, cell in enumerate(notebook.cells) if cell.get("outputs")}
    room, cut = MAX_SHOWN_BYTES, 0
    for number, weight in sorted(shown_bytes.items(), key=lambda one: (is_test(notebook.cells[one[0]]), one[1])):
        room -= weight
        if room < 0 and not is_test(notebook.cells[number]):
            notebook.cells[number].outputs = [new_output("stream", name="stdout", text="[output too large to keep]\n")]
            room += weight
            cut += 1
    return [f"the cells showed more than {MAX_SHOWN_BYTES >> 20} MB: {cut} of them are kept without it"] if cut else []


def _weight(cell: NotebookNode) -> int:
    return sum(len(text) for output in cell.outputs for text in _texts(output))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, list | tuple):
        yield from (text for inner in value for text in _texts(inner))


def _noted(verdict: SubmissionVerdict, notes: list[str]) -> SubmissionVerdict:
    if not notes:
        return verdict
    repairs = (*verdict.repairs, *notes)
    about = verdict.notebook.metadata.get("clozegrad", {})
    verdict.notebook.metadata["clozegrad"] = {**about, "repairs": list(repairs)}
    return replace(verdict, repairs=repairs)


def _is_ours(place: Path) -> bool:
    """Whether a file of this name would stand in the way of a graded notebook, a verdict or a page."""
    first = place.parts[0].casefold()
    return any(part.endswith(".ipynb") for part in place.parts) or first.endswith((*_PAGES, stored.ENDING))


def _lay_out(folder: CourseFolder, verdict: SubmissionVerdict, target: Path) -> None:
    """Put the course's files there as nbgrader does, whatever the student made of them, and what the cells wrote."""
    source = folder.source / verdict.lesson
    kept = folder.config.get("Autograde", {}).get("exclude_overwriting", {}).get(verdict.lesson, [])
    found = {path.relative_to(source).as_posix(): path for path in data_files(source)}
    wrote = {name: data for name, data in verdict.files.items() if not _is_ours(Path(name))}
    made: dict[str, Path | bytes] = {**wrote, **{name: path for name, path in found.items() if name not in kept}}
    for name, content in made.items():
        for above in reversed((target / name).parents[: len(Path(name).parts) - 1]):
            clear(above, keep=above.is_dir())
            above.mkdir(exist_ok=True)
        clear(target / name, keep=(target / name).is_file())
        if isinstance(content, Path):
            shutil.copyfile(content, target / name)
        else:
            (target / name).write_bytes(content)
