"""The engine as steps of `nbgrader autograde` and formgrader's button; nbgrader_config.py names them.

`RepairCells` stands before nbgrader's own clean-up, `EngineExecute` in place of its Execute, `KeepVerdict` at the
end. In between nbgrader reads the outputs, writes the gradebook and applies late penalties as it always does.
"""

import atexit
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from course.folder import CourseFolder
from course.grading.adapters.converter import folder_of
from course.grading.adapters.execution import SteadyExecute
from course.grading.calibration import summary
from course.grading.engine import Engine
from course.grading.keeping import put_files
from course.grading.plan.exam import Exam, exams_of
from course.grading.submission.files import HandIn
from course.grading.submission.repair import Repaired, released, repair
from course.grading.verdict import stored

_VERDICT = "clozegrad verdict"
_engines: dict[tuple[Path, str, int, float], Engine] = {}


class RepairCells(NbGraderPreprocessor):
    """Makes a submission whole against the source, so that nbgrader's own steps can take it."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The repaired notebook; Unreadable when there is nothing to repair."""
        exam = exam_of(folder_of(self), resources["nbgrader"])
        if exam is None or not _executes(self.config):  # unrun, it is graded by the outputs that it came with
            return nb, resources
        emptied = not nb.cells and bool(exam.source.cells)  # nbgrader grades that as a notebook without answers
        handed_in = (exam.release or released(exam.source)) if emptied else nb
        repaired = repair(nbformat.writes(handed_in).encode(), exam.source, exam.release)
        if emptied:
            repaired = replace(repaired, notes=("the notebook had no cells: graded as one without answers",))
        for note in repaired.notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        about = {"repairs": list(repaired.notes), "shown": {key: list(shown) for key, shown in repaired.shown.items()}}
        repaired.notebook.metadata["clozegrad"] = about
        return repaired.notebook, resources


class EngineExecute(SteadyExecute):
    """Runs a submission in the engine; one kernel is only used where the engine has no exam for the notebook."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook with the outputs that the engine gave it."""
        about, folder = resources["nbgrader"], folder_of(self)
        if exam_of(folder, about, self.config) is None:
            return super().preprocess(nb, resources, km)
        engine = _engine(folder, about["assignment"], self.config, self.log.warning)
        exam = next(exam for exam in engine.exams if exam.name == about["notebook"])
        here = Path(resources["metadata"]["path"])
        repairs = nb.metadata.get("clozegrad", {})  # as RepairCells has left them
        repaired = Repaired(nb, tuple(map(str, repairs.get("repairs", ()))), shown=repairs.get("shown", {}))
        files = HandIn(about["student"], exam, None, here).files()
        verdict = engine.examine(about["student"], exam, repaired, files)
        resources[_VERDICT] = verdict
        put_files(verdict.files, here)  # as a kernel that runs there leaves them
        return verdict.notebook, resources


class KeepVerdict(NbGraderPreprocessor):
    """Writes the engine's verdict beside the notebook; the last step, since it goes with the notebook's own text."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook as it is; where no engine graded it, no verdict is kept."""
        if (verdict := resources.pop(_VERDICT, None)) is not None:
            about, folder = resources["nbgrader"], folder_of(self)
            path = folder.autograded / about["student"] / about["assignment"] / f"{about['notebook']}.ipynb"
            stored.beside(path).unlink(missing_ok=True)  # nbgrader leaves what was handed in read-only
            text = nbformat.writes(nb, version=nbformat.NO_CONVERT).removesuffix("\n") + "\n"  # as it is exported
            stored.beside(path).write_text(stored.text_of(folder, verdict, text), "utf-8")
        return nb, resources


def _executes(config: Any) -> bool:
    """Whether nbgrader was not told `--no-execute`."""
    return bool(config.get("Execute", {}).get("enabled", True))


def exam_of(folder: CourseFolder, about: dict[str, str], config: Any = None) -> Exam | None:
    """The exam that a notebook answers; None for one that is not in the source, or not in Python."""
    exams = exams_of(folder, about["assignment"], config)
    return next((exam for exam in exams if exam.name == about["notebook"] and exam.is_python), None)


def _engine(folder: CourseFolder, lesson: str, config: Any, note: Callable[[str], None]) -> Engine:
    """The engine of this process for a lesson: started once, and again when the lesson's source changes.

    What an instructor should know of its tests goes to `note` then.
    """
    exams = [exam for exam in exams_of(folder, lesson, config) if exam.is_python]
    newest = max(path.stat().st_mtime_ns for path in (folder.source / lesson).glob("*.ipynb"))
    key = (folder.root, lesson, newest, exams[0].limits.cell_s)
    if key not in _engines:
        _close_engines()
        _engines[key] = Engine(folder, exams, jobs=1)
        for line in summary(_engines[key].exams):
            note(line)
    return _engines[key]


@atexit.register
def _close_engines() -> None:
    for key in list(_engines):
        _engines.pop(key).close()
