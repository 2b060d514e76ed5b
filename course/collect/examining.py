"""A hand-in looked at from outside: which files are its notebooks, can they be read, does a receipt fit."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nbgrader.utils import is_grade, is_solution

from course.collect.keeping import About, Attempt, sums
from course.collect.places import arranged, digest
from course.grading.plan.exam import Exam
from course.grading.submission.choosing import is_kind
from course.grading.submission.files import HandIn, handed_in_at
from course.grading.submission.names import shown
from course.grading.submission.parsing import MAX_BYTES, Unreadable, read
from course.grading.submission.repair import repair
from course.grading.submission.walking import Found
from course.handin import receipt
from course.handin.receipt import State

MAX_RECEIPTS = 20
MAX_RECEIPT_BYTES = 10_000


def examined(attempt: Attempt, exams: Sequence[Exam], *, as_it_lies: bool = False) -> About:
    """What is known of an attempt once its files are looked at.

    Args:
        as_it_lies: whether its files lie as they are to be graded, whatever they are called.
    """
    about = attempt.about
    problems, notes, states = [], [], []
    notebooks: dict[str, str] = {}
    for hand_in in handed_in_at(attempt.files, exams, attempt.student):
        try:
            file = hand_in.graded_file()
            raw = file.content(MAX_BYTES)
            notes += _read(raw, hand_in.exam)
        except (Unreadable, OSError) as error:
            problems.append(str(error))
            continue
        states.append(receipt.check(raw, _receipts(attempt.files, file)))
        if type(file) is Found and is_kind(file.name) and not file.name.casefold().endswith(".zip"):
            notebooks[hand_in.exam.name] = file.place
            notes += _named(file, hand_in)
    kept = sums(attempt.files)
    notebooks = {} if as_it_lies else notebooks
    laid_out = {place: kept[source] for place, source in arranged(kept, notebooks).items()}
    return replace(
        about,
        notebooks=notebooks,
        laid_out=digest(laid_out),
        problem="; ".join(dict.fromkeys(problems)),
        receipt=_worst(states),
        notes=(*about.notes, *dict.fromkeys(notes)),
    )


def _read(raw: bytes, exam: Exam) -> list[str]:
    """What is to be said of a notebook's file; Unreadable where it is none, or another lesson's."""
    notes: list[str] = []
    try:
        data = json.loads(raw)
        is_sound = isinstance(data, dict) and isinstance(data.get("cells"), list) and bool(data["cells"])
    except (ValueError, RecursionError):
        is_sound = False
    if not is_sound:
        notes = list(read(raw, expected=len(exam.source.cells)).notes)
    if not any(one in raw for one in _marks(exam)) and not repair(raw, exam.source, exam.release).recognised:
        raise Unreadable(f"none of the cells of {exam.name} is in the notebook: it is another one")
    return notes


def _marks(exam: Exam) -> list[bytes]:
    """By what a notebook of this lesson can be known quickly: the names of its exercises, as they stand in the file."""
    graded = [cell for cell in exam.source.cells if is_grade(cell) or is_solution(cell)]
    return [json.dumps(cell.metadata["nbgrader"]["grade_id"]).encode() for cell in graded]


def _named(file: Found, hand_in: HandIn) -> list[str]:
    """Which file is taken, where that is not plain."""
    if file.name == f"{hand_in.exam.name}.ipynb":
        return []
    others = f", of {len(hand_in.choices)} files" if len(hand_in.choices) > 1 else ""
    return [f"graded: {shown(file.place)!r}{others}"]


def _receipts(folder: Path, notebook: Found) -> list[bytes]:
    """The receipts beside a notebook, of whatever name: platforms rename both."""
    beside = sorted(notebook.path.parent.glob(f"*{receipt.ENDING}"))
    small = [path for path in beside if path.is_file() and path.stat().st_size <= MAX_RECEIPT_BYTES]
    return [path.read_bytes() for path in small[:MAX_RECEIPTS]]


def _worst(states: Sequence[State]) -> State:
    order: tuple[State, ...] = ("does not match", "verified", "none")
    return next((state for state in order if state in states), "none")
