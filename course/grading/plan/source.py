"""A source notebook as it is graded: after those of the course's steps of generate_assignment that complete it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode, from_dict
from nbgrader.nbgraderformat import MetadataValidator
from traitlets.utils.importstring import import_item

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.plan.metadata import sound_metadata

COMPLETING = ("IncludeHeaderFooter", "InstantiateTests")
# What nbgrader does to a source until it saves its cells, unless the course says otherwise; a test compares.
NBGRADERS = (
    *COMPLETING,
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
)


def graded_source(folder: CourseFolder, lesson: str, path: Path) -> NotebookNode:
    """A source notebook as it is graded: with the course's header and footer, and with `### AUTOTEST` lines made tests.

    Answers and hidden tests stay in it. Raises CourseError when nbgrader cannot take the notebook.
    """
    notebook = read_source(path)
    completing = [step for step in steps(folder, notebook) if is_one_of(step, COMPLETING)]
    return run_steps(folder, lesson, path, notebook, completing)


def read_source(path: Path) -> NotebookNode:
    """A source notebook as it was written; CourseError when nbgrader cannot take it."""
    try:
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata = from_dict(sound_metadata(notebook.metadata))
        return MetadataValidator().upgrade_notebook_metadata(notebook)
    except Exception as error:
        raise _refusal(path, error) from error


def steps(folder: CourseFolder, notebook: NotebookNode) -> list[type]:
    """The course's steps of generate_assignment; of nbgrader's own, those until it saves, as far as they do something.

    They are imported one by one: together they bring all of Jupyter.
    """
    if any("preprocessors" in section for section in folder.config.values() if isinstance(section, Mapping)):
        from nbgrader.converters import GenerateAssignment

        names = GenerateAssignment(coursedir=folder.coursedir(), config=folder.config).preprocessors
    else:
        idle = () if _has_autotests(folder, notebook) else ("InstantiateTests",)
        names = [f"nbgrader.preprocessors.{name}" for name in NBGRADERS if name not in idle]
    with folder.importable():
        return [import_item(name) if isinstance(name, str) else name for name in names]


def is_one_of(step: type, names: Iterable[str]) -> bool:
    """Whether a step is one of nbgrader's of these names, or derived from it."""
    own = (kind for kind in step.__mro__ if kind.__module__.startswith("nbgrader.preprocessors."))
    return any(kind.__name__ in names for kind in own)


def _has_autotests(folder: CourseFolder, notebook: NotebookNode) -> bool:
    """Whether a cell has the mark of a line that nbgrader makes tests of."""
    mark = str(folder.config.get("InstantiateTests", {}).get("autotest_delimiter", "AUTOTEST"))
    return any(cell.cell_type == "code" and mark in cell.source for cell in notebook.cells)


def run_steps(
    folder: CourseFolder, lesson: str, path: Path, notebook: NotebookNode, preprocessors: Iterable[type]
) -> NotebookNode:
    """The notebook of that path, put through these steps; CourseError when one of them cannot take it."""
    from nbconvert.exporters.exporter import ResourcesDict

    about = {"assignment": lesson, "notebook": path.stem, "student": ".", "db_url": folder.db_url}
    resources = ResourcesDict(nbgrader=about, metadata=ResourcesDict(name=path.stem, path=str(path.parent)))
    try:
        with folder.stood_in():
            for step in preprocessors:
                notebook, resources = step(config=folder.config)(notebook, resources)
    except Exception as error:
        raise _refusal(path, error) from error
    return notebook


def _refusal(path: Path, error: Exception) -> CourseError:
    return CourseError(f"{path}: nbgrader cannot take it: {type(error).__name__}: {error}")
