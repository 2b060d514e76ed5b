"""How nbgrader works in this course folder: read by every nbgrader command, by formgrader and by `course`.

A student's checkout reads it too, so it holds no secret, and every class is named by its import path: nothing of
clozegrad is imported before a command needs it.
"""

import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  traitlets puts it there

# The course, and where its gradebook lies (any SQLAlchemy address; by default gradebook.db in this folder).
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "clozegrad"
if "CLOZEGRAD_GRADEBOOK" in os.environ:
    c.CourseDirectory.db_url = os.environ["CLOZEGRAD_GRADEBOOK"]

# What is never copied between source/, release/, submitted/, autograded/ and feedback/.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "feedback",
    ".DS_Store",
    "Thumbs.db",
    "__MACOSX",
    "*.verdict.json",  # what stands in it of hidden checks is the instructor's
]

# source/ -> release/: as nbgrader does it, but a blank inside a line becomes ____ (nbgrader blanks whole lines only).
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "course.authoring.preprocess.ClearBlanks",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# submitted/ -> autograded/: notebooks are mended first, then examined by the engine, tests and student's code apart.
c.Autograde.sanitize_preprocessors = [
    "course.grading.adapters.preprocessors.RepairCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "course.grading.adapters.preprocessors.EngineExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
    "course.grading.adapters.preprocessors.KeepVerdict",
]
c.Execute.timeout = 120  # seconds a cell
c.Execute.iopub_timeout = 15  # a busy machine delivers outputs late
c.Execute.startup_timeout = 120

# autograded/ -> feedback/: without hidden tests, on a page that needs no network.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "course.report.feedback.HideTests",
]
c.GenerateFeedback.exporter_class = "course.report.page.FeedbackExporter"

# What formgrader shows of a student's notebook runs no script: it would act there with the instructor's rights.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.preprocessors = ["course.report.bounding.Bounded"]  # what is too long is shown as plain text
c.HTMLExporter.filters = {
    "markdown2html": "course.report.markdown.for_formgrader",
    "clean_html": "course.report.cleaning.clean",
}
