"""`course demo`: a made-up class hands a lesson in and gets grades, feedback and review decks, in a scratch folder."""

import shlex
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from rich.console import Console
from rich.text import Text

from course.authoring import lesson as lessons
from course.authoring.lesson import Lesson
from course.collect.asked import ROSTER
from course.demo.download import ARCHIVE, write_download
from course.demo.students import Student, class_of
from course.errors import CourseError
from course.folder import CONFIG_NAME, CourseFolder
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from course.report.feedback import write_feedback
from course.report.screen import wide_console
from course.report.table import print_table, write_csv
from course.review.recall import has_cards
from course.review.writing import TICK, write_reviews

CELL_TIMEOUT_S = 20  # nobody wants to watch an endless loop for minutes


@dataclass(frozen=True)
class Demo:
    """What the demo leaves behind: a course folder with everything in it, and the verdicts."""

    folder: CourseFolder
    students: tuple[Student, ...]
    verdicts: tuple[SubmissionVerdict, ...]


def demo(
    folder: CourseFolder,
    lesson: str = "04_mnist_baseline",
    out: Path | None = None,
    *,
    engine: str = "clozegrad",
    jobs: int | None = None,
    console: Console | None = None,
) -> Demo:
    """Let a made-up class hand the lesson in, grade it, and show the result; CourseError when the lesson is not built.

    Args:
        out: an empty or new folder for the demo course; by default a temporary one, which is kept.
    """
    console = console or wide_console()
    scratch = scratch_course(folder, lesson, out)
    written = lessons.read(folder.lessons / lesson)
    students = _class_of(scratch, written)
    _hand_in(scratch, lesson, students)
    console.print(f"A class of {len(students)} hands in {lesson}. They are made up; their notebooks are real.\n")
    stories = {student.name: student.story for student in students}

    def show(verdict: SubmissionVerdict) -> None:
        points = f"{verdict.points:>5g} / {verdict.max_points:g}"
        console.print(Text(f"  {verdict.student:<16}{points}   {stories[verdict.student]}"), soft_wrap=True)

    verdicts = grade(scratch, lesson, engine=engine, jobs=jobs, on_progress=show)
    _report(scratch, written, verdicts, console)
    return Demo(scratch, students, tuple(verdicts))


def lay_out(folder: CourseFolder, lesson: str, out: Path | None = None, console: Console | None = None) -> CourseFolder:
    """Leave what a made-up class hands in as a platform's download, in a scratch course with the lesson's script in it.

    Nothing is collected or graded: that is for whoever tries the commands. CourseError when the lesson is not built.
    """
    console = console or wide_console()
    scratch = scratch_course(folder, lesson, out)
    shutil.copytree(folder.lessons / lesson, scratch.lessons / lesson)
    students = _class_of(scratch, lessons.read(scratch.lessons / lesson))
    write_download(scratch.root, lesson, students)
    console.print(
        f"A class of {len(students) + 1} was to hand in {lesson}. They are made up; their notebooks are real.\n"
    )
    for what, name in (("The course", ""), ("What was handed in", ARCHIVE), ("Who is in the class", ROSTER)):
        console.print(Text(f"{what:<21}{scratch.root / name}"), soft_wrap=True)
    next_steps = f"Next: cd {shlex.quote(str(scratch.root))} && course collect {lesson} {ARCHIVE}"
    console.print(Text(next_steps, style="bold"), soft_wrap=True)
    return scratch


def _class_of(scratch: CourseFolder, lesson: Lesson) -> tuple[Student, ...]:
    return class_of(lesson, nbformat.read(scratch.release / lesson.name / f"{lesson.name}.ipynb", as_version=4))


def scratch_course(folder: CourseFolder, lesson: str, out: Path | None) -> CourseFolder:
    """A course folder with this one lesson and the course's configuration, and a short patience."""
    for part in (folder.source, folder.release):
        if not (part / lesson / f"{lesson}.ipynb").is_file():
            raise CourseError(f"{part / lesson} is missing: run `course build {lesson}` first")
    if out is None:
        out = Path(tempfile.mkdtemp(prefix="clozegrad-demo-"))
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CourseError(f"{out} is not an empty folder: name another with --out")
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    config = (folder.root / CONFIG_NAME).read_text("utf-8")
    (out / CONFIG_NAME).write_text(
        f"{config}\n# The demo waits less long.\nc.Execute.timeout = {CELL_TIMEOUT_S}\n", "utf-8"
    )
    scratch = CourseFolder(out)
    shutil.copytree(folder.source / lesson, scratch.source / lesson)
    shutil.copytree(folder.release / lesson, scratch.release / lesson)
    return scratch


def _hand_in(folder: CourseFolder, lesson: str, students: Sequence[Student]) -> None:
    for student in students:
        target = folder.submitted / student.name / lesson
        shutil.copytree(folder.release / lesson, target, ignore=shutil.ignore_patterns("*.ipynb"))
        (target / f"{lesson}.ipynb").write_bytes(student.notebook)


def _report(folder: CourseFolder, lesson: Lesson, verdicts: Sequence[SubmissionVerdict], console: Console) -> None:
    feedback = write_feedback(folder, lesson.name)
    console.print()
    print_table(verdicts, console)
    write_csv(verdicts, folder.root / "grades.csv")
    console.print()
    for each in feedback:
        if each.problem:
            console.print(Text(f"no feedback for {each.student}: {each.problem}", style="red"))
    page = next((each.pages[0] for each in feedback if each.student == _worth_a_look(verdicts)), folder.feedback)
    console.print(Text(f"The demo course    {folder.root}"), soft_wrap=True)
    console.print(Text(f"Every feedback     {folder.feedback}"), soft_wrap=True)
    console.print(Text(f"The grades         {folder.root / 'grades.csv'}"), soft_wrap=True)
    _review(folder, lesson, console)
    console.print(
        Text(f"Next: open {page} in a browser and read what this student reads.", style="bold"), soft_wrap=True
    )


def _review(folder: CourseFolder, lesson: Lesson, console: Console) -> None:
    """Give each student a review deck, where the lesson has cards."""
    if not has_cards(lesson):
        return
    reviews = write_reviews(folder, lesson, now=datetime.now().astimezone())
    for each in reviews:
        if each.problem:
            console.print(Text(f"no review deck for {each.student}: {each.problem}", style="red"))
    decks = sum(each.deck is not None for each in reviews)
    console.print(Text(f"{f'{decks} review decks':<19}{folder.review}"), soft_wrap=True)
    console.print(Text(f"                   for Anki; tick “{TICK}” when you import one"), soft_wrap=True)


def _worth_a_look(verdicts: Sequence[SubmissionVerdict]) -> str:
    """The student whose page shows most: most exercises that earned a part of their points, then most that failed."""

    def shows(verdict: SubmissionVerdict) -> tuple[int, int]:
        endings = [cell.ending for cell in verdict.cells]
        return endings.count("partial"), endings.count("failed")

    return max(verdicts, key=shows).student
