"""A graded class for the marking tests: written answers in autograded/ and their rows in the gradebook, nothing run."""

import warnings

import nbformat
from nbgrader.api import Gradebook

from course.authoring.notebook import fill
from course.folder import CourseFolder
from tests.conftest import TINY

ANSWERS = {
    "ada": "Because two is positive, the sign of the product is the sign of the number.",
    "alan": "because TWO is positive: the sign of the product is the sign of the number!",
    "grace": "It is $2 \\cdot x$ <script>alert(1)</script><img src='https://evil.example/x.png' onerror='alert(2)'>",
    "jose": "Because two is positive, the sign of the product is the one of the number.",
}
SCHEME = """Because two is positive.
# - 1 point: two is positive,
#   and so <b>no sign</b> changes.
# - 0.5 points: an example such as 2 · (−3) = −6
# - Half an answer: "it just does" says nothing."""


def scheme(folder: CourseFolder) -> None:
    """Give the tiny course's question a mark scheme with items, in its source."""
    path = folder.source / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why")
    cell.source = cell.source.replace("Because two is positive.", SCHEME.replace("\n# ", "\n"))
    nbformat.write(notebook, path)


def answered(folder: CourseFolder, student: str, text: str | None) -> None:
    """Put one student's graded notebook and rows there; None leaves the question as released."""
    notebook = nbformat.read(folder.release / TINY / f"{TINY}.ipynb", as_version=4)
    if text is not None:
        notebook = fill(notebook, {"why": text})
    target = folder.autograded / student / TINY
    target.mkdir(parents=True)
    nbformat.write(notebook, target / f"{TINY}.ipynb")
    with warnings.catch_warnings(action="ignore"), Gradebook(folder.db_url, "clozegrad") as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(TINY, student)
        grade = gradebook.find_grade("why", TINY, TINY, student)
        grade.auto_score = 0.0 if text is None else None
        grade.needs_manual_grade = text is not None
        gradebook.db.commit()


def in_gradebook(folder: CourseFolder, student: str) -> tuple[float | None, bool, str | None]:
    """What nbgrader says of the question: the manual score, whether it waits for a person, and the comment."""
    with Gradebook(folder.db_url, "clozegrad") as gradebook:
        grade = gradebook.find_grade("why", TINY, TINY, student)
        comment = gradebook.find_comment("why", TINY, TINY, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment
