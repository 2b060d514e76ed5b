"""What a result rests on: worked out before a hand-in is graded, kept in its verdict, compared by the next run."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace

import nbformat
from nbgrader.utils import is_grade, is_task

from course.grading.plan.exam import Exam
from course.grading.submission.digest import digest
from course.grading.submission.files import HandIn
from course.grading.verdict.model import Grounds
from course.grading.version import engine_hash, installed_hash


class Grounding:
    """Works out what results rest on, in one jail and with or without a GPU."""

    def __init__(self, isolation: str, *, gpu: bool) -> None:
        self._isolation, self._gpu = isolation, gpu
        self._of_exams: dict[str, Grounds] = {}
        self._once = threading.Lock()

    def of(self, hand_in: HandIn) -> Grounds | None:
        """What grading this hand-in rests on; None where it cannot be read as a whole."""
        files = digest(hand_in)
        return None if files is None else replace(self._of_exam(hand_in.exam), hand_in=files)

    def _of_exam(self, exam: Exam) -> Grounds:
        """The part that is the same for all who hand in."""
        with self._once:  # the first hand-ins come at once
            if exam.name not in self._of_exams:
                engine = _hash(engine_hash(), installed_hash())
                settings = _settings(exam, self._isolation, self._gpu)
                self._of_exams[exam.name] = Grounds("", source_hash(exam), engine, settings, tests(exam))
            return self._of_exams[exam.name]


def source_hash(exam: Exam) -> str:
    """A hash of all that the course wrote: the notebook as it is graded, its release, and the files beside it."""
    release = nbformat.writes(exam.release) if exam.release else ""
    files = [f"{name}\0{hashlib.sha256(content).hexdigest()}" for name, content in sorted(exam.files.items())]
    return _hash(exam.name, nbformat.writes(exam.source), release, *files)


def tests(exam: Exam) -> Mapping[str, str]:
    """A hash of each graded cell: its text and its points."""
    cells = [cell for cell in exam.source.cells if is_grade(cell) or is_task(cell)]
    about = [(cell.metadata["nbgrader"], cell.source) for cell in cells]
    return {str(meta["grade_id"]): _hash(source, str(float(meta["points"]))) for meta, source in about}


def _settings(exam: Exam, isolation: str, gpu: bool) -> str:
    """A hash of what was chosen by the command, the configuration or calibration, and may change points."""
    chosen = [isolation, gpu, exam.tells_apart, exam.all_cells, sorted(exam.together), asdict(exam.limits)]
    return _hash(json.dumps(chosen))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
