"""A source notebook as it is graded: after those of the course's steps of generate_assignment that complete it."""

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.converters import GenerateAssignment
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import IncludeHeaderFooter, InstantiateTests
from traitlets.utils.importstring import import_item

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.plan.metadata import sound_metadata

_COMPLETING = (IncludeHeaderFooter, InstantiateTests)


def graded_source(folder: CourseFolder, lesson: str, path: Path) -> NotebookNode:
    """A source notebook as it is graded: with the course's header and footer, and with `### AUTOTEST` lines made tests.

    Answers and hidden tests stay in it. Raises CourseError when nbgrader cannot take the notebook.
    """
    return run_steps(folder, lesson, path, [step for step in steps(folder) if issubclass(step, _COMPLETING)])


def steps(folder: CourseFolder) -> list[type]:
    """The course's steps of generate_assignment."""
    names = GenerateAssignment(coursedir=folder.coursedir(), config=folder.config).preprocessors
    with folder.importable():
        return [import_item(name) if isinstance(name, str) else name for name in names]


def run_steps(folder: CourseFolder, lesson: str, path: Path, preprocessors: list[type]) -> NotebookNode:
    """The notebook, put through these steps; CourseError when nbgrader cannot take it."""
    try:
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata = from_dict(sound_metadata(notebook.metadata))
        notebook = MetadataValidator().upgrade_notebook_metadata(notebook)
        about = {"assignment": lesson, "notebook": path.stem, "student": ".", "db_url": folder.db_url}
        resources = ResourcesDict(nbgrader=about, metadata=ResourcesDict(name=path.stem, path=str(path.parent)))
        with folder.stood_in():
            for step in preprocessors:
                notebook, resources = step(config=folder.config)(notebook, resources)
    except Exception as error:
        raise CourseError(f"{path}: nbgrader cannot take it: {type(error).__name__}: {error}") from error
    return notebook
