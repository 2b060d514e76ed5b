"""Feedback for students: nbgrader's GenerateFeedback, with the hidden tests taken out on the way."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from traitlets import HasTraits, List
from traitlets.utils.importstring import import_item

from course.authoring import clozes
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.adapters.converter import convert, folder_of
from course.grading.cells import is_test
from course.grading.verdict import stored
from course.grading.verdict.model import SubmissionVerdict
from course.grading.verdict.reading import verdicts_in
from course.report import hiding, solutions
from course.report.page import FeedbackExporter
from course.worked import Worked


@dataclass(frozen=True)
class Feedback:
    """The pages written for one student; `problem` says why there are none."""

    student: str
    pages: tuple[Path, ...]
    problem: str = ""


def write_feedback(
    folder: CourseFolder,
    lesson: str,
    students: Sequence[str] | None = None,
    worked: Mapping[str, Worked] | None = None,
) -> list[Feedback]:
    """Write the feedback pages of a graded lesson, by default for every student; CourseError when nothing is graded.

    Args:
        worked: the solutions to show, by exercise (default: none).
    """
    found = sorted(path.parent.name for path in folder.autograded.glob(f"*/{lesson}") if path.is_dir())
    wanted = found if students is None else list(students)
    if not found or (missing := sorted(set(wanted) - set(found))):
        who = f" of {', '.join(missing)}" if found else ""
        raise CourseError(f"no graded submission{who} for {lesson} in {folder.autograded}: run `course grade {lesson}`")
    kind = type("_Feedback", (_Feedback,), {"worked": worked or {}})
    return [_write(kind, folder, lesson, student) for student in wanted]


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests, mark schemes and what betrays them out of an autograded notebook (course.report.hiding)."""

    display_data_priority = List(NbGraderPreprocessor.display_data_priority.default_value).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook as its student may see it, with a `clozegrad` record in the metadata of each test cell."""
        tests = self._markers(ClearHiddenTests, "begin_test_delimeter", "end_test_delimeter")
        scheme = self._markers(ClearMarkScheme, "begin_mark_scheme_delimeter", "end_mark_scheme_delimeter")
        kept = self._kept(resources["nbgrader"])
        found = {verdict.grade_id: verdict for verdict in (*verdicts_in(nb), *(kept.cells if kept else ()))}
        not_run = frozenset(kept.not_run if kept else ())
        hidden: dict[int, list[str]] = {}
        for index, cell in enumerate(nb.cells):
            cell.source, tested = hiding.cut(cell.source, *tests)
            cell.source, marked = hiding.cut(cell.source, *scheme)
            hidden[index] = [*tested, *marked]
        visible = [line for cell in nb.cells for line in cell.source.split("\n")]
        secrets = hiding.telling((line for lines in hidden.values() for line in lines), visible)
        own = frozenset(line.strip() for cell in nb.cells if not _is_courses(cell) for line in cell.source.split("\n"))
        broken = {one.grade_id for one in kept.answers} if kept else set()
        answered: list[str] = []  # since the last test
        has_seen = False  # whether a hidden test has shown its inputs to the student's code by now
        for index, cell in enumerate(nb.cells):
            if is_solution(cell):
                answered.append(cell.metadata["nbgrader"]["grade_id"])
            if is_test(cell):
                verdict = found[cell.metadata["nbgrader"]["grade_id"]]
                result = hiding.shown(verdict, cell.source, hidden[index], has_seen=has_seen, own=own)
                if verdict.ending != "blank" and broken.intersection(answered):
                    result = replace(result, notes=(hiding.DID_NOT_END, *result.notes))
                answered = []
                cell.metadata["clozegrad"] = asdict(result)
                cell.outputs = hiding.as_outputs(result)
                has_seen = has_seen or (bool(hidden[index]) and not clozes.are_hidden(hidden[index]))
            elif cell.cell_type == "code" and has_seen and cell.get("id") not in not_run:
                hiding.withhold_outputs(cell)
            elif cell.cell_type == "code":
                hiding.hide_outputs(cell, secrets)
        _mark_waiting(nb, resources["nbgrader"])
        return nb, resources

    def _kept(self, about: dict[str, str]) -> SubmissionVerdict | None:
        """The verdict that is kept beside the notebook."""
        folder = folder_of(self)
        path = folder.autograded / about["student"] / about["assignment"] / f"{about['notebook']}.ipynb"
        return stored.read_beside(folder, path)

    def _markers(self, clears: type[HasTraits], *traits: str) -> list[str]:
        """The marks around a region, as the course has configured the preprocessor that takes it out of release/."""
        chosen = self.config.get(clears.__name__, {})
        return [chosen.get(trait, clears.class_traits()[trait].default_value) for trait in traits]


def _is_courses(cell: NotebookNode) -> bool:
    """Whether a cell's text is the course's: it cannot be an answer."""
    return cell.cell_type != "code" or (is_locked(cell) and not is_solution(cell))


def _mark_waiting(nb: NotebookNode, about: dict[str, str]) -> None:
    """Note on each answer that a person grades whether that is still to be done."""
    written = [cell for cell in nb.cells if is_task(cell) or (is_grade(cell) and is_solution(cell))]
    if not written:
        return
    with Gradebook(about["db_url"]) as gradebook:
        for cell in written:
            meta = cell.metadata["nbgrader"]
            grade = gradebook.find_grade(meta["grade_id"], about["notebook"], about["assignment"], about["student"])
            meta["waiting"] = grade.needs_manual_grade and grade.manual_score is None


def _write(kind: type[GenerateFeedback], folder: CourseFolder, lesson: str, student: str) -> Feedback:
    try:
        convert(kind, folder, lesson, student)
    except CourseError as error:
        return Feedback(student, (), str(error))
    return Feedback(student, _pages(folder, lesson, student))


def _pages(folder: CourseFolder, lesson: str, student: str) -> tuple[Path, ...]:
    """The pages of the graded notebooks; a page that was handed in is taken away from among them."""
    graded = {path.stem for path in (folder.autograded / student / lesson).glob("*.ipynb")}
    lying = sorted((folder.feedback / student / lesson).iterdir())
    pages = [path for path in lying if path.suffix.casefold() in (".html", ".htm", ".xhtml") and path.is_file()]
    ours = tuple(path for path in pages if path.suffix == ".html" and path.stem in graded)
    for path in pages:
        if path not in ours:
            path.unlink()
    return ours


class _Feedback(GenerateFeedback):
    """GenerateFeedback that hides the tests, also in a course folder whose configuration does not say so.

    A page holds all that it shows, so nothing that was handed in is put beside it: an .html among it would be taken
    for a page.
    """

    worked: ClassVar[Mapping[str, Worked]] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        named: list[Any] = self.preprocessors  # type: ignore[has-type]
        steps = [import_item(step) if isinstance(step, str) else step for step in named]
        steps += [] if HideTests in steps else [HideTests]
        self.preprocessors = [*steps, functools.partial(solutions.add, self.worked)]
        self.exporter_class = FeedbackExporter

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy nothing."""
