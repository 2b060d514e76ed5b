"""Worked solutions on feedback pages, once nobody can hand in any more."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode

from course.authoring import selfstudy
from course.authoring.lesson import read
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import deadline
from course.worked import Worked


def after_deadline(folder: CourseFolder, lesson: str, now: datetime | None) -> dict[str, Worked]:
    """The worked solutions of a lesson, by the names of its exercises.

    Args:
        now: with its zone; None to ask for no deadline.

    Raises:
        CourseError: the lesson is not written here, somebody may still hand in, or nobody knows until when.
    """
    if lesson not in folder.lesson_names():
        raise CourseError(f"worked solutions come from a lesson, and {folder.lessons} holds no {lesson}")
    if now is not None:
        _require_over(folder, lesson, now)
    return selfstudy.worked(read(folder.lessons / lesson))


def add(
    solutions: Mapping[str, Worked], nb: NotebookNode, resources: ResourcesDict
) -> tuple[NotebookNode, ResourcesDict]:
    """The notebook with each solution in the metadata of its exercise's test cell, for the page."""
    tested = {f"{name}_tests": worked for name, worked in solutions.items()}
    for cell in nb.cells:
        if worked := tested.get(cell.metadata.get("nbgrader", {}).get("grade_id")):
            cell.metadata["worked"] = asdict(worked)
    return nb, resources


def _require_over(folder: CourseFolder, lesson: str, now: datetime) -> None:
    due = deadline.due_date(folder, lesson)
    if due is None:
        raise CourseError(
            f"the gradebook does not say when {lesson} is due, so somebody may still be working on it: set a date with "
            f"`course collect {lesson} --deadline`, or add --now to show the solutions all the same"
        )
    last = due + max([timedelta(0), *deadline.extensions(folder, lesson).values()])
    if now < last:
        raise CourseError(
            f"{lesson} can be handed in until {last.astimezone():%Y-%m-%d %H:%M}, extensions included: "
            "solutions are shown after that, or with --now"
        )
