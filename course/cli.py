"""The `course` command: one function a subcommand, each a thin call into the part that does the work."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course import lean
from course.errors import CourseError
from course.folder import CourseFolder

if TYPE_CHECKING:  # they take time to import
    from course.export.files import Exported
    from course.grading.verdict.model import SubmissionVerdict

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, release, grade and review a course of fill-in notebooks.",
)

cards = typer.Typer(no_args_is_help=True, help="Flash cards: what the course mirrors, and decks for Anki.")
app.add_typer(cards, name="cards")
export = typer.Typer(no_args_is_help=True, help="Marks for other systems' gradebooks, and graders for their platforms.")
app.add_typer(export, name="export")

Folder = Annotated[
    Path | None, typer.Option("--course", metavar="FOLDER", help="The course (default: the one you are in).")
]
Lesson = Annotated[str, typer.Argument(help="A lesson's name, such as 04_mnist_baseline.")]
Lessons = Annotated[list[str] | None, typer.Argument(help="Lesson names (default: all).")]
Students = Annotated[list[str] | None, typer.Option("--student", "-s", help="Only this student; may be repeated.")]
EngineName = Annotated[
    str, typer.Option("--engine", help="clozegrad: tests outside the student's process; nbgrader: all in one kernel.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Submissions graded at once (default: the number of cores).")
]
RequireJail = Annotated[bool, typer.Option("--require-jail", help="Refuse to grade without the strongest jail.")]
RequireApart = Annotated[
    bool, typer.Option("--require-apart", help="Refuse to run a test in the process of the student's code.")
]
Trace = Annotated[
    bool,
    typer.Option("--trace", help="Also write to traces/ what the tests asked and what came back; keep it private."),
]

Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask scheduler: tls://HOST:8786."
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Grade in this many Dask workers on this machine.")
]
Gpu = Annotated[bool, typer.Option("--gpu", help="With these: only on workers started with --resources GPU=1.")]
Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The gradebook of this run (default: as nbgrader_config.py says)."),
]

RosterFile = Annotated[
    Path | None,
    typer.Option("--roster", help="A CSV of the class (default: roster.csv, else the gradebook's students)."),
]
RosterColumn = Annotated[
    str | None, typer.Option("--id", metavar="COLUMN", help="The roster's column that names the students' folders.")
]
MissingZero = Annotated[bool, typer.Option("--missing-zero", help="Write 0 where nothing was graded, not nothing.")]
Out = Annotated[Path | None, typer.Option(help="The file to write (default: in exports/).")]


@app.command()
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say what is stale or leaks, and fail.")
    ] = False,
    edition: Annotated[
        str,
        typer.Option(help="class: source/ and release/; self-study: selfstudy/, with sealed solutions."),
    ] = "class",
    course: Folder = None,
) -> None:
    """Make source/ and release/ from lessons/, or the edition for self-study; the same bytes each time."""
    from course.authoring.pipeline import build as build_lessons
    from course.authoring.pipeline import edition_of

    outcomes = build_lessons(CourseFolder.find(course), lessons or [], check=check, edition=edition_of(edition))
    for outcome in outcomes:
        typer.echo(outcome)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="The notebook that you work on.")],
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Check again at every save, until Ctrl-C.")] = False,
    all_cells: Annotated[
        bool, typer.Option("--all-cells", help="Also run the cells from which no test and no answer needs a name.")
    ] = False,
    cell_s: Annotated[int, typer.Option("--cell-s", min=1, help="Stop a cell after this many seconds.")] = 60,
) -> None:
    """Run the tests that you can see, in a fresh kernel, and say how far you are and what to try next."""
    from course.desk.checking import check as check_notebook
    from course.desk.checking import watch as watch_notebook

    if watch:
        from course.report.screen import wide_console

        console = wide_console()
        with suppress(KeyboardInterrupt):
            for text in watch_notebook(notebook, all_cells=all_cells, cell_s=cell_s):
                console.clear()
                typer.echo(text)
    else:
        typer.echo("\n".join(check_notebook(notebook, all_cells=all_cells, cell_s=cell_s).lines()))


@app.command("hand-in")
def hand_in(notebook: Annotated[Path, typer.Argument(help="The notebook, as saved.")]) -> None:
    """Say which answers of a notebook are filled in, and write a receipt to hand in with it; sends nothing."""
    from course.handin.handing_in import hand_in as make_ready

    typer.echo("\n".join(make_ready(notebook).lines()))


@app.command()
def new(name: Annotated[str, typer.Argument(help="NN_topic, such as 13_graphs.")], course: Folder = None) -> None:
    """Make a lesson to start from: one that builds, releases and grades."""
    from course.authoring.new import new_lesson

    typer.echo(f"wrote {new_lesson(CourseFolder.find(course), name)}; next: course build {name}")


@app.command()
def collect(
    lesson: Lesson,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="What the platform hands over: zip files or folders (default: judge what is kept anew)."),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV of the class (default: roster.csv, else the gradebook's students).")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--id", metavar="COLUMN", help="The roster's column that names the students' folders.")
    ] = None,
    platform: Annotated[
        str,
        typer.Option(
            "--from", help="auto, moodle, canvas, blackboard, classroom, github, nbgrader or folders, one a student."
        ),
    ] = "auto",
    policy: Annotated[
        str | None,
        typer.Option(help="Which attempt counts: latest, last-on-time, best or first (default: as before, or latest)."),
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(help="2026-01-31, which means its end, or 2026-01-31T18:00 (default: the gradebook's)."),
    ] = None,
    extensions: Annotated[
        Path | None, typer.Option(help="A CSV of extensions and late days by student (default: extensions.csv).")
    ] = None,
    late_days: Annotated[
        int | None, typer.Option("--late-days", min=0, help="Late days that each student has in the whole course.")
    ] = None,
    times: Annotated[
        Path | None, typer.Option(help="A CSV of when each handed in, such as Moodle's grading worksheet.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Of times that name none, such as Europe/Berlin (default: this machine's).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be collected and write nothing.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write what was found as JSON.")] = None,
    course: Folder = None,
) -> None:
    """Collect hand-ins from a learning platform: keep every attempt, lay the one that counts out in submitted/."""
    from course.collect import outcome, table, when
    from course.collect.asked import Wanted
    from course.collect.reading import platform_of
    from course.collect.run import collect as collect_lesson

    asked = Wanted(
        roster, column, times, platform_of(platform), policy, deadline, extensions, late_days, timezone, dry_run
    )
    found = collect_lesson(CourseFolder.find(course), lesson, paths or [], asked)
    table.print_table(found, when.zone(timezone))
    for note in found.notes:
        typer.echo(f"note: {note}")
    if csv:
        table.write_csv(found, csv)
        typer.echo(f"wrote {csv}")
    if json:
        json.write_text(outcome.as_json(found), "utf-8")
        typer.echo(f"wrote {json}")
    if not found.is_whole:
        typer.secho("not everything was collected: see above", fg="red", err=True)
        raise typer.Exit(1)


@app.command()
def grade(
    lesson: Lesson,
    student: Students = None,
    engine: EngineName = "clozegrad",
    jobs: Jobs = None,
    require_jail: RequireJail = False,
    require_apart: RequireApart = False,
    trace: Trace = False,
    all_cells: Annotated[
        bool, typer.Option("--all-cells", help="Also run the demonstrations on which no point depends.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Also grade what has not changed since it was graded.")
    ] = False,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
    moved: Annotated[
        Path | None, typer.Option(help="Also write whose points moved, and why, to this .csv or .json file.")
    ] = None,
    warm: Annotated[  # read by course.grading.warm.client before this is imported
        bool, typer.Option("--warm", help="Start a warm engine if there is none; same as CLOZEGRAD_WARM=1.")
    ] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="Use no warm engine; also, for every command, by CLOZEGRAD_WARM=0.")
    ] = False,
    scheduler: Scheduler = None,
    workers: Workers = None,
    gpu: Gpu = False,
    db: Database = None,
    course: Folder = None,
) -> None:
    """Grade every submission of a lesson and print one table."""
    from course.grading import jail
    from course.grading.cluster.joining import cluster
    from course.grading.process.torchless import seems_to_bring_torch
    from course.grading.warm.borrowing import fork_server

    if warm and cold:
        raise CourseError("--warm and --cold exclude each other")
    elsewhere = cluster(scheduler, workers, gpu=gpu, jobs=jobs, trace=trace, engine=engine != "clozegrad", warm=warm)
    folder = CourseFolder.find(course).keeping_scores_in(db)
    torch = seems_to_bring_torch(folder.root / "source" / lesson)
    # Unless it is borrowed, it imports while this process does.
    forkserver = fork_server(torch=torch, cold=cold) if engine == "clozegrad" and not elsewhere else None

    notes: list[str] = []
    done: list[SubmissionVerdict] = []

    def on_progress(verdict: "SubmissionVerdict") -> None:
        done.append(verdict)
        advance(verdict.student)

    with forkserver or nullcontext(), _until_interrupted(done):
        if forkserver:
            jail.look_ahead()
        from course.grading.plan.exam import notebooks_of
        from course.grading.run import grade as grade_lesson
        from course.grading.submission.files import students_of
        from course.report import table
        from course.report.moved import print_moves, require_ending, write_moves
        from course.report.progress import bar

        if moved:
            require_ending(moved)
        notebooks = len(notebooks_of(folder, lesson))
        with bar(len(students_of(folder, lesson, student)) * notebooks) as advance:
            verdicts = grade_lesson(
                folder,
                lesson,
                student,
                engine=engine,
                jobs=jobs,
                require_jail=require_jail,
                require_apart=require_apart,
                trace=trace,
                all_cells=all_cells,
                force=force,
                forkserver=forkserver,
                cluster=elsewhere,
                on_progress=on_progress,
                on_note=notes.append,
            )
    table.print_table(verdicts)
    print_moves(verdicts)
    for note in notes:
        typer.echo(f"note: {note}")
    if trace:
        typer.echo(f"wrote {folder.traces}/STUDENT/{lesson}/*.jsonl; it contains hidden tests: keep it private")
    if csv:
        table.write_csv(verdicts, csv)
        typer.echo(f"wrote {csv}")
    if moved:
        write_moves(verdicts, moved)
        typer.echo(f"wrote {moved}")


@contextmanager
def _until_interrupted(done: "list[SubmissionVerdict]") -> Iterator[None]:
    """At Ctrl-C, end with a line that says what is kept; however it ends early, say what has moved until then."""
    try:
        yield
    except CourseError:
        _print_moves(done)
        raise
    except KeyboardInterrupt:
        _print_moves(done)
        typer.echo("stopped: what was graded so far is saved; run the command again to grade the rest", err=True)
        raise typer.Exit(130) from None


def _print_moves(done: "list[SubmissionVerdict]") -> None:
    if any(verdict.again for verdict in done):
        from course.report.moved import print_moves

        print_moves(done)


@app.command()
def replay(
    lesson: Lesson,
    student: Annotated[str, typer.Argument(help="Whose hand-in: the name of a folder in submitted/.")],
    exercise: Annotated[str | None, typer.Argument(help="Show only this exercise (default: all).")] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Then stop at the call that failed, in a debugger on the student's side.")
    ] = False,
    course: Folder = None,
) -> None:
    """Grade one hand-in again and show what the tests asked and what came back; saves nothing."""
    import functools

    from course.grading.replay import replay as grade_again
    from course.report.conversation import Conversation, print_results
    from course.report.relay import relay
    from course.report.screen import wide_console

    if debug and not sys.stdin.isatty():
        raise CourseError("--debug needs a terminal to type into: run it in one, or leave out --debug")
    console = wide_console()
    verdicts = grade_again(
        CourseFolder.find(course),
        lesson,
        student,
        exercise,
        tell=Conversation(console, exercise).show,
        debugger=functools.partial(relay, sys.stdin.fileno(), sys.stdout) if debug else None,
        on_note=lambda note: typer.echo(f"note: {note}"),
    )
    print_results(verdicts, console, exercise)


@app.command()
def ways(lesson: Lesson, jobs: Jobs = None, course: Folder = None) -> None:
    """Say of each test whether it is graded apart from the student's code or together with it, and why."""
    from course.grading.run import calibrate
    from course.report.ways import print_ways

    print_ways(calibrate(CourseFolder.find(course), lesson, jobs))


@app.command()
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


@app.command()
def mark(
    lesson: Lesson,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen (default: any free port).")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    course: Folder = None,
) -> None:
    """Mark written answers on a page of this machine, without names, by the mark scheme's items; until Ctrl-C."""
    from course.marking.serving import serve

    serve(CourseFolder.find(course), lesson, port, typer.echo, browser=browser)


@app.command()
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


@app.command()
def similar(
    lesson: Lesson,
    most: Annotated[int, typer.Option("--most", min=1, help="List at most this many pairs.")] = 50,
    course: Folder = None,
) -> None:
    """List hand-ins that have unusual things in common, and show them side by side; no evidence, and never a grade."""
    from course.similarity.run import print_similar
    from course.similarity.run import similar as find_similar

    print_similar(find_similar(CourseFolder.find(course), lesson, most, datetime.now().astimezone()))


@app.command()
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


@app.command()
def demo(
    lesson: Annotated[str, typer.Argument(help="The lesson to try.")] = "04_mnist_baseline",
    engine: EngineName = "clozegrad",
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the scratch course goes (default: a temporary folder).")
    ] = None,
    course: Folder = None,
) -> None:
    """Grade a simulated class, with the mess that real classes hand in, in a scratch folder."""
    from course.demo.run import demo as run_demo

    run_demo(CourseFolder.find(course), lesson, out, engine=engine, jobs=jobs)


@app.command()
def audit(
    lessons: Lessons = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="Only this exercise of one lesson.")] = None,
    mutants: Annotated[bool, typer.Option(help="Also try the solutions with one small mistake each.")] = True,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only trials of this kind, such as spoiler or panel-right; may be given several times."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only this many trials of each kind per exercise, others each day.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Take the sample of this day (default: today)."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=0, help="Also try right answers with this many seeds, and wrong ones with at most 20.")
    ] = 0,
    demonstrations: Annotated[
        bool,
        typer.Option(
            "--demonstrations",
            help="Also grade every right and wrong answer in whole notebooks, with the demonstrations and without.",
        ),
    ] = False,
    jobs: Jobs = None,
    json: Annotated[Path | None, typer.Option(help="Also write the result as JSON.")] = None,
    table: Annotated[Path | None, typer.Option(help="Also write the result as a page of tables.")] = None,
    course: Folder = None,
) -> None:
    """Try a lesson's tests: every right answer, wrong answer and mutant, through the engine; fails below the bar.

    `--only seeds` with `--seeds N` tries the draws alone, without the engine; `--only demonstrations` does that alone.
    """
    from course.audit.run import Wanted, audit_lessons, chosen_kinds

    kinds = chosen_kinds(only, mutants=mutants)
    both_ways = demonstrations or "demonstrations" in (only or ())
    wanted = Wanted(kinds, exercise, jobs, sample, str((day or datetime.now()).date()), seeds, both_ways)
    if not audit_lessons(CourseFolder.find(course), lessons or [], wanted, json=json, table=table):
        raise typer.Exit(1)


@cards.command("coverage")
def cards_coverage(
    topic: Annotated[str | None, typer.Option(help="Only this topic of the inventory, every missing card.")] = None,
    course: Folder = None,
) -> None:
    """Say which cards of the inventory an exercise or card of the course mirrors, by topic, and which are missing."""
    from course.cards.coverage import show_coverage

    show_coverage(CourseFolder.find(course), topic)


@cards.command("export")
def cards_export(
    lessons: Lessons = None,
    out: Annotated[Path | None, typer.Option(help="The package to write (default: cards.apkg).")] = None,
    course: Folder = None,
) -> None:
    """Write the cards beside the lessons as a deck for Anki; importing it again only updates corrected texts."""
    from course.cards.exporting import export

    done = export(CourseFolder.find(course), lessons or [], out)
    for lesson, count in done.counts.items():
        typer.echo(f"{lesson}: {count} notes")
    typer.echo(f"wrote {done.path}; open it with Anki, or by File > Import")


@cards.command("import")
def cards_import(
    deck: Annotated[Path, typer.Argument(help="A text export or an .apkg.")],
    out: Annotated[Path, typer.Option(help="The lesson to write, such as lessons/20_cards.")],
    tag: Annotated[list[str] | None, typer.Option(help="Only notes of this tag and those below; repeatable.")] = None,
    deck_name: Annotated[
        list[str] | None, typer.Option("--deck", help="Only notes of this deck and those below; repeatable.")
    ] = None,
    match: Annotated[
        list[str] | None, typer.Option(metavar="REGEX", help="Only notes matching this pattern; repeatable.")
    ] = None,
    questions: Annotated[
        str, typer.Option(help="recall: answers folded away, ungraded; manual: written answers with a mark scheme.")
    ] = "recall",
    by: Annotated[str | None, typer.Option(help="Headings by deck or by tag.")] = None,
    title: Annotated[str, typer.Option(help="The lesson's title (default: the deck's name).")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be imported and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing lesson.")] = False,
) -> None:
    """Make a lesson of a deck: code with blanks is graded blank by blank, the rest is there to recall."""
    from course.cards.importing.command import run

    filters = (tuple(tag or ()), tuple(deck_name or ()), tuple(match or ()))
    run(deck, out, filters, questions, by, title, dry_run=dry_run, force=force)


@export.command("csv")
def export_csv(
    lesson: Lesson, roster: RosterFile = None, column: RosterColumn = None, out: Out = None, course: Folder = None
) -> None:
    """Write the marks by exercise for a spreadsheet, as the gradebook counts them."""
    from course.export.files import write_csv

    _exported(write_csv(CourseFolder.find(course), lesson, roster, column, out))


@export.command("canvas")
def export_canvas(
    lesson: Lesson,
    roster: RosterFile = None,
    column: RosterColumn = None,
    assignment: Annotated[
        str, typer.Option(help="The column's heading in Canvas's own export, such as 'MNIST (1234)' (default: LESSON).")
    ] = "",
    missing_zero: MissingZero = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the marks as Canvas's gradebook imports them; the roster is best an export of that gradebook."""
    from course.export.files import write_canvas

    folder = CourseFolder.find(course)
    _exported(write_canvas(folder, lesson, roster, column, out, assignment, missing_zero=missing_zero))


@export.command("moodle")
def export_moodle(
    lesson: Lesson,
    roster: RosterFile = None,
    column: RosterColumn = None,
    missing_zero: MissingZero = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the marks as Moodle imports them; a roster that is a grading worksheet comes back filled in."""
    from course.export.files import write_moodle

    _exported(write_moodle(CourseFolder.find(course), lesson, roster, column, out, missing_zero=missing_zero))


@export.command("gradescope")
def export_gradescope(
    lesson: Lesson,
    hidden: Annotated[
        str, typer.Option(help="When students see hidden tests: after_published, after_due_date or visible.")
    ] = "after_published",
    without_jail: Annotated[
        bool, typer.Option("--without-jail", help="Grade also where the container has no jail: tests can be read then.")
    ] = False,
    out: Out = None,
    course: Folder = None,
) -> None:
    """Write the zip file of a Gradescope autograder: the lesson with its hidden tests, and clozegrad itself."""
    from course.export.gradescope import write_gradescope

    _exported(write_gradescope(CourseFolder.find(course), lesson, out, hidden, without_jail=without_jail))


@export.command("github-classroom")
def export_github_classroom(
    lesson: Lesson,
    install: Annotated[str, typer.Option(help="What pip installs (default: the course's repository).")] = "",
    out: Annotated[Path | None, typer.Option(help="The folder to write (default: in exports/).")] = None,
    course: Folder = None,
) -> None:
    """Write a template repository for GitHub Classroom, whose workflow runs the tests that students can see."""
    from course.export.classroom import write_classroom

    _exported(write_classroom(CourseFolder.find(course), lesson, out, install))


def _exported(written: "Exported") -> None:
    for note in written.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"wrote {written.shown}, {written.what}")


@app.command("serve-engine")
def serve_engine(
    idle_minutes: Annotated[
        float, typer.Option("--idle-minutes", min=0, help="Exit after this many idle minutes.")
    ] = 30.0,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the running engines.")] = False,
    status: Annotated[bool, typer.Option("--status", help="List the running engines.")] = False,
) -> None:
    """Keep the grader ready between commands, for yourself on this machine, until Ctrl-C or an idle while."""
    from course.grading.warm import running

    if stop:
        typer.echo(f"ended: {running.stop_all()}")
    elif status:
        typer.echo(running.report())
    else:
        running.serve(idle_minutes * 60)


@app.command()
def doctor(course: Folder = None) -> None:
    """Say what is installed, which device, jail and data there are, what is missing and how to get it."""
    from course.doctor import examine, print_report

    try:
        folder = CourseFolder.find(course)
    except CourseError:
        folder = None
    findings = examine(folder)
    print_report(findings)
    if any(finding.status == "missing" for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a CourseError becomes one line and exit status 1, and so does an I/O error."""
    lean.start()
    try:
        app(prog_name="course")
    except (CourseError, OSError) as error:
        typer.secho(f"error: {error}", fg="red", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
