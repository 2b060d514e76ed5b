"""The engine as steps of ``nbgrader autograde`` and formgrader's button; nbgrader_config.py names them.

``RepairCells`` stands before nbgrader's own clean-up, ``EngineExecute`` in place of its Execute. nbgrader then reads
the outputs, writes the gradebook and applies late penalties as it always does.
"""

import atexit
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from course.folder import CourseFolder
from course.grading.engine import Engine
from course.grading.exam import Exam, exams_of
from course.grading.execution import SteadyExecute
from course.grading.handin import HandIn
from course.grading.repair import Repaired, repair

_engines: dict[tuple[Path, str, int], Engine] = {}


class RepairCells(NbGraderPreprocessor):
    """Makes a submission whole against the source, so that nbgrader's own steps can take it."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The repaired notebook; Unreadable when there is nothing to repair."""
        exam = _exam(_folder(self), resources["nbgrader"])
        if exam is None:
            return nb, resources
        repaired = repair(nbformat.writes(nb).encode(), exam.source, exam.release)
        for note in repaired.notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        repaired.notebook.metadata["clozegrad"] = {"repairs": list(repaired.notes)}
        return repaired.notebook, resources


class EngineExecute(SteadyExecute):
    """Runs a submission in the engine; one kernel is only used where the engine has no exam for the notebook."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook with the outputs that the engine gave it."""
        about, folder = resources["nbgrader"], _folder(self)
        exam = _exam(folder, about)
        if exam is None:
            return super().preprocess(nb, resources, km)
        here = Path(resources["metadata"]["path"])
        notes = tuple(map(str, nb.metadata.get("clozegrad", {}).get("repairs", ())))
        files = HandIn(about["student"], exam, None, here).files()
        verdict = _engine(folder, exam).examine(about["student"], exam, Repaired(nb, notes), files)
        return verdict.notebook, resources


def _folder(step: NbGraderPreprocessor) -> CourseFolder:
    coursedir = getattr(step.parent, "coursedir", None) or getattr(
        getattr(step.parent, "parent", None), "coursedir", None
    )
    return CourseFolder.find(Path(coursedir.root) if coursedir is not None else None)


def _exam(folder: CourseFolder, about: dict[str, str]) -> Exam | None:
    """The exam that a notebook answers; None for one that the source has not, or that is not in Python."""
    for exam in exams_of(folder, about["assignment"]):
        language = exam.source.metadata.get("kernelspec", {}).get("language", "python")
        if exam.name == about["notebook"] and language == "python":
            return exam
    return None


def _engine(folder: CourseFolder, exam: Exam) -> Engine:
    """The engine of this process for a lesson: started once, and anew when the lesson's source changes."""
    newest = max(path.stat().st_mtime_ns for path in (folder.source / exam.lesson).glob("*.ipynb"))
    key = (folder.root, exam.lesson, newest)
    if key not in _engines:
        _close_engines()
        _engines[key] = Engine(folder, [exam], jobs=1)
    return _engines[key]


@atexit.register
def _close_engines() -> None:
    for key in list(_engines):
        _engines.pop(key).close()
