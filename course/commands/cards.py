"""`course cards`: what the course mirrors, and decks for Anki."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from course.commands.options import Folder, Lessons
from course.folder import CourseFolder


def coverage(
    topic: Annotated[str | None, typer.Option(help="Only this topic of the inventory, every missing card.")] = None,
    course: Folder = None,
) -> None:
    """Say which cards of the inventory an exercise or card of the course mirrors, by topic, and which are missing."""
    from course.cards.coverage import show_coverage

    show_coverage(CourseFolder.find(course), topic)


def export(
    lessons: Lessons = None,
    out: Annotated[Path | None, typer.Option(help="The package to write (default: cards.apkg).")] = None,
    course: Folder = None,
) -> None:
    """Write the cards beside the lessons as a deck for Anki; importing it again only updates corrected texts."""
    from course.cards.exporting import export as export_deck

    done = export_deck(CourseFolder.find(course), lessons or [], out)
    for lesson, count in done.counts.items():
        typer.echo(f"{lesson}: {count} notes")
    typer.echo(f"wrote {done.path}; open it with Anki, or by File > Import")


def import_(
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


COMMANDS: dict[str, Callable[..., Any]] = {"coverage": coverage, "export": export, "import": import_}
