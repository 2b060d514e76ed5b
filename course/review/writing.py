"""`course review`: each student's deck and page under review/STUDENT/LESSON/, written from what grading left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fsrs import Rating
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.authoring.lesson import Lesson
from course.cards.exporting import note_of
from course.cards.package import package
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.saved import graded, students_graded
from course.report.screen import wide_console
from course.review.page import page_of
from course.review.recall import Recall, recalls, require_cards
from course.review.schedule import scheduled
from course.whole import write_whole

TICK = "Import any learning progress"  # as Anki's import window calls it
ADVICE = (
    f"Tell your students: in Anki's import window tick “{TICK}”. It is off by default, and without it every card "
    "arrives as a new one. The page beside the deck says so too."
)


@dataclass(frozen=True)
class Review:
    """What was written for one student: no deck where nothing was missed; `problem` says why there is no page."""

    student: str
    recalls: tuple[Recall, ...] = ()
    deck: Path | None = None
    page: Path | None = None
    problem: str = ""


def write_reviews(
    folder: CourseFolder,
    lesson: Lesson,
    students: Sequence[str] | None = None,
    *,
    now: datetime,
    keep_right: bool = False,
) -> list[Review]:
    """Write decks and pages, by default for every graded student; one that fails has a problem and stops no other.

    Raises CourseError when nothing is graded, or when no exercise of the lesson names a card.

    Args:
        now: with its time zone; what is due is due from then on.
        keep_right: also the cards behind exercises without a mistake.
    """
    require_cards(lesson)
    known = students_graded(folder, lesson.name)
    wanted = known if students is None else list(dict.fromkeys(students))
    return [_review(folder, lesson, student, known, now, keep_right) for student in wanted]


def print_reviews(reviews: Sequence[Review], folder: CourseFolder, console: Console | None = None) -> None:
    """Print a row a student, then where the decks are and what to tell students."""
    console = console or wide_console()
    table = Table("student", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("missed", "partly", "right", "cards"):
        table.add_column(head, justify="right")
    for review in reviews:
        if not review.problem:
            counts = [sum(recall.rating == rating for recall in review.recalls) for rating in _COUNTED]
            table.add_row(Text(review.student), *(str(count or "") for count in counts), str(len(review.recalls)))
    if table.row_count:
        console.print(table)
    decks = sum(review.deck is not None for review in reviews)
    console.print(Text(f"review decks: {decks}, pages: {table.row_count}, under {folder.review}"), soft_wrap=True)
    console.print(Text(ADVICE, style="bold"), soft_wrap=True)


_COUNTED = (Rating.Again, Rating.Hard, Rating.Good)


def _review(
    folder: CourseFolder, lesson: Lesson, student: str, known: Sequence[str], now: datetime, keep_right: bool
) -> Review:
    if student not in known:
        return Review(student, problem=f"no graded submission for {lesson.name}: run `course grade {lesson.name}`")
    try:
        found = recalls(lesson, graded(folder, lesson.name, student), keep_right=keep_right)
        return _write(folder, lesson, student, found, now)
    except (CourseError, OSError) as error:
        return Review(student, problem=str(error))
    except Exception as error:  # a fault of ours in one student's data must not cost the others their deck
        return Review(student, problem=f"the review failed ({type(error).__name__}: {error}); please report it")


def _write(folder: CourseFolder, lesson: Lesson, student: str, found: tuple[Recall, ...], now: datetime) -> Review:
    """The deck, then the page that speaks of it; where nothing was missed, a deck of an earlier grading goes."""
    target = folder.review / student / lesson.name
    deck, page = target / f"{lesson.name}.apkg", target / f"{lesson.name}.html"
    yaml = lesson.folder / "cards.yaml"
    memories = {rating: scheduled(rating, now) for rating in {recall.rating for recall in found}}
    notes = [note_of(yaml, recall.card, memories[recall.rating]) for recall in found]
    data = package(notes, now)
    html = page_of(lesson, student, found, memories)
    if notes:
        write_whole(deck, data)
    write_whole(page, html.encode())
    if not notes:
        deck.unlink(missing_ok=True)
    return Review(student, found, deck if notes else None, page)
