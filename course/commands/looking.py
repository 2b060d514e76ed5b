"""Commands for what comes after grading: pages, marks by hand, reviews."""

from datetime import datetime
from typing import Annotated

import typer

from course.commands.options import Folder, Lesson, Students
from course.errors import CourseError
from course.folder import CourseFolder


def feedback(
    lesson: Lesson,
    student: Students = None,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="Also show worked solutions; only after the deadline.")
    ] = False,
    now: Annotated[bool, typer.Option("--now", help="With --solutions: whatever the deadline is.")] = False,
    course: Folder = None,
) -> None:
    """Write a feedback page for each graded submission; it never shows a hidden test."""
    from course.grading.submission.names import shown
    from course.report.feedback import write_feedback
    from course.report.solutions import after_deadline

    if now and not solutions:
        raise CourseError("--now says when to show solutions: add --solutions")
    folder = CourseFolder.find(course)
    worked = after_deadline(folder, lesson, None if now else datetime.now().astimezone()) if solutions else None
    written = write_feedback(folder, lesson, student or None, worked)
    for one in written:
        if one.problem:
            typer.secho(f"{shown(one.student)}: no feedback: {one.problem}", fg="red", err=True)
    typer.echo(f"wrote {sum(len(one.pages) for one in written)} pages under {folder.feedback}")
    if any(one.problem for one in written):
        raise typer.Exit(1)


def mark(
    lesson: Lesson,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen (default: any free port).")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    course: Folder = None,
) -> None:
    """Mark written answers on a page of this machine, without names, by the mark scheme's items; until Ctrl-C."""
    from course.marking.serving import serve

    serve(CourseFolder.find(course), lesson, port, typer.echo, browser=browser)


def report(
    lesson: Lesson,
    comment: Annotated[
        tuple[str, str] | None,
        typer.Option("--comment", metavar="CLUSTER TEXT", help="Say this to everybody in a cluster; writes no page."),
    ] = None,
    score: Annotated[
        tuple[str, float] | None,
        typer.Option("--score", metavar="CLUSTER POINTS", help="Give everybody in a cluster these points by hand."),
    ] = None,
    course: Folder = None,
) -> None:
    """Write a page about the class: what was hard, who made which mistake, who needs a look; for instructors only."""
    folder = CourseFolder.find(course)
    if comment or score:
        from course.report.classpage import comments

        # The comment first: with a score, the cluster may be none any more.
        done = [comments.comment(folder, lesson, *comment)] if comment else []
        done += [comments.score(folder, lesson, *score)] if score else []
        typer.echo("\n".join(line for one in done for line in one.lines()))
        return
    from course.report.classpage.writing import write_report

    written = write_report(folder, lesson, datetime.now().astimezone())
    typer.echo(
        f"wrote {written.page.relative_to(folder.root)}, about {written.count} hand-ins; "
        "it shows hidden tests: keep it private"
    )


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen (default: any free port).")] = 0,
    lab: Annotated[bool, typer.Option(help="Also start JupyterLab with formgrader.")] = True,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    course: Folder = None,
) -> None:
    """Serve JupyterLab with formgrader and the pages of the class on this machine, for you alone; until Ctrl-C."""
    from course.serving.run import serve as serve_course

    serve_course(CourseFolder.find(course), port, typer.echo, with_lab=lab, browser=browser)


def similar(
    lesson: Lesson,
    most: Annotated[int, typer.Option("--most", min=1, help="List at most this many pairs.")] = 50,
    course: Folder = None,
) -> None:
    """List hand-ins that have unusual things in common, and show them side by side; no evidence, and never a grade."""
    from course.similarity.run import print_similar
    from course.similarity.run import similar as find_similar

    print_similar(find_similar(CourseFolder.find(course), lesson, most, datetime.now().astimezone()))


def review(
    lesson: Lesson,
    student: Students = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the cards behind exercises without a mistake.")
    ] = False,
    course: Folder = None,
) -> None:
    """Write each graded student a deck of the cards behind what they missed, with dates, and a page that says why."""
    from datetime import datetime

    from course.authoring.lesson import read
    from course.grading.submission.names import shown
    from course.review.writing import print_reviews, write_reviews

    folder = CourseFolder.find(course)
    now = datetime.now().astimezone()
    written = write_reviews(folder, read(folder.lessons / lesson), student or None, now=now, keep_right=everything)
    for one in written:
        if one.problem:
            typer.secho(f"{shown(one.student)}: no review deck: {one.problem}", fg="red", err=True)
    print_reviews(written, folder)
    if any(one.problem for one in written):
        raise typer.Exit(1)
