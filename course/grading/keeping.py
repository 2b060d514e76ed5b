"""Keep a verdict: notebook, files and `verdict.json` in autograded/, then the gradebook, each at once.

A run keeps them one after the other, in a thread of its own, while others are graded.
"""

import errno
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import resuming
from course.grading.cells import is_test
from course.grading.plan.exam import data_files
from course.grading.submission.files import others
from course.grading.submission.names import shown
from course.grading.system import threads
from course.grading.verdict import stored
from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.moves import compared, unchanged
from course.grading.writing import clear, held, write

MAX_SHOWN_BYTES = 50 * 2**20  # of all that a notebook's cells showed; more is not kept
_MAX_NOTES = 5
_PAGES = (".html", ".htm", ".xhtml")
_MOST_WAITING = 16  # verdicts, with what the notebooks showed
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)  # a fault of the grader's disk, not of the hand-in
Progress = Callable[[SubmissionVerdict], None]


class Keeper:
    """Keeps verdicts in the order in which they come. First it opens the gradebook, which others need not wait for.

    Args:
        on_progress: told of each verdict once it is kept, in the keeper's thread.
    """

    def __init__(self, folder: CourseFolder, lesson: str, on_progress: Progress | None = None) -> None:
        self._folder, self._on_progress = folder, on_progress
        self._pool = ThreadPoolExecutor(1)
        self._opening = threads.submit(self._pool, partial(_open_gradebook, folder, lesson))
        self._waiting: deque[Future[SubmissionVerdict]] = deque()
        self._kept: list[SubmissionVerdict] = []
        self._fault: BaseException | None = None

    def until_open(self) -> None:
        """Return when the gradebook is up to date; CourseError when it cannot be opened."""
        self._opening.result()

    def take(self, verdict: SubmissionVerdict) -> None:
        """Keep a verdict, soon; raises what came of keeping those before."""
        self._waiting.append(threads.submit(self._pool, partial(self._keep, verdict)))
        while self._waiting and (self._waiting[0].done() or len(self._waiting) > _MOST_WAITING):
            self._kept.append(self._waiting.popleft().result())

    def kept(self) -> list[SubmissionVerdict]:
        """All verdicts, as they are kept; CourseError when one cannot be."""
        self.until_open()
        while self._waiting:
            self._kept.append(self._waiting.popleft().result())
        return self._kept

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()  # what waits is kept, whatever has ended the run

    def _keep(self, verdict: SubmissionVerdict) -> SubmissionVerdict:
        self.until_open()
        if self._fault is not None:  # each that is tried may wait for a lock
            raise self._fault
        try:
            saved = verdict if verdict.kept else save(self._folder, verdict)
            if self._on_progress:
                self._on_progress(saved)
        except BaseException as fault:
            self._fault = fault
            raise
        return saved


def _open_gradebook(folder: CourseFolder, lesson: str) -> None:
    """Bring the gradebook up to date; importing what that takes is a quarter of a second, in which others can grade."""
    with threads.short_turns():
        from course.grading.gradebook.assignment import ensure_assignment

        ensure_assignment(folder, lesson)


def save(folder: CourseFolder, verdict: SubmissionVerdict) -> SubmissionVerdict:
    """Write notebook, verdict and the student's other files to autograded/, then the gradebook, each at once.

    What comes back is the verdict as saved: with a note on what could not be, and without what the notebook showed,
    since a class of them would not fit into memory. Raises CourseError, with the old files and points as they were,
    on an I/O error of disk or gradebook.
    """
    target = folder.autograded / verdict.student / verdict.lesson
    path = target / f"{verdict.name}.ipynb"
    from course.grading.gradebook.record import ask_again, record, scores  # imported while the gradebook opens

    try:
        target.mkdir(parents=True, exist_ok=True)
        with held(target):
            last = resuming.last(folder, path)
            before, as_before = scores(folder, verdict), unchanged(verdict, last)
            verdict = compared(verdict, last, before)
            if asked := {name for name, score in before.items() if score.by_hand is not None} - as_before:
                ask_again(folder, verdict, asked)  # first: a run that is killed here has asked, and the next need not
            verdict = _noted(verdict, _copy_others(folder, verdict, target))
            _lay_out(folder, verdict, target)
            text = stored.by_lines(verdict.notebook, stored.AS_WRITTEN)
            if len(text) > MAX_SHOWN_BYTES and (notes := _cut(verdict.notebook)):
                verdict = _noted(verdict, notes)
                text = stored.by_lines(verdict.notebook, stored.AS_WRITTEN)
            clear(path, keep=path.is_file())
            clear(stored.beside(path), keep=stored.beside(path).is_file())
            write({stored.beside(path): stored.text_of(folder, verdict, text), path: text})
            record(folder, verdict, as_before)
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
    put_files({**verdict.files, **{name: path for name, path in found.items() if name not in kept}}, target)


def put_files(files: Mapping[str, Path | bytes], target: Path) -> None:
    """Write files into a graded hand-in's folder, but for those that would stand in the way of what is ours there."""
    for name, content in files.items():
        if not isinstance(content, Path) and _is_ours(Path(name)):
            continue
        for above in reversed((target / name).parents[: len(Path(name).parts) - 1]):
            clear(above, keep=above.is_dir())
            above.mkdir(exist_ok=True)
        clear(target / name, keep=(target / name).is_file())
        if isinstance(content, Path):
            shutil.copyfile(content, target / name)
        else:
            (target / name).write_bytes(content)
