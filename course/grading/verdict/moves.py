"""Which points moved when a hand-in was graded again, and why: told from what either result rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from course.grading.verdict.model import Cause, CellVerdict, Grounds, Move, SubmissionVerdict


@dataclass(frozen=True)
class Score:
    """What the gradebook has of one cell: the automatic score, and what a person entered."""

    auto: float | None
    by_hand: float | None = None


def compared(
    verdict: SubmissionVerdict, last: SubmissionVerdict | None, scores: Mapping[str, Score]
) -> SubmissionVerdict:
    """The verdict with what moved since the `last` one, and why it was made.

    Args:
        scores: the gradebook's before it has this verdict, by grade_id; none where nobody has graded the hand-in yet.
    """
    if not any(score.auto is not None if last else score.auto for score in scores.values()):  # or it was not handed in
        return verdict
    moved = [_move(cell, scores[cell.grade_id], verdict, last) for cell in verdict.cells if cell.grade_id in scores]
    now = {cell.grade_id for cell in verdict.cells}
    gone = [cell for cell in last.cells if cell.grade_id not in now] if last else []
    moved += [Move(cell.grade_id, cell.earned, None, ("gone",)) for cell in gone if cell.earned]
    return replace(verdict, again=_causes(verdict, last), moved=tuple(move for move in moved if move is not None))


def unchanged(verdict: SubmissionVerdict, last: SubmissionVerdict | None) -> frozenset[str]:
    """The cells of which the hand-in and the course's text are what they were for the `last` verdict."""
    if last is None or last.grounds is None or verdict.grounds is None:
        return frozenset()
    before, now = last.grounds, verdict.grounds
    if before.hand_in != now.hand_in:
        return frozenset()
    return frozenset(name for name, text in now.tests.items() if before.tests.get(name) == text)


def _move(cell: CellVerdict, score: Score, verdict: SubmissionVerdict, last: SubmissionVerdict | None) -> Move | None:
    if cell.earned == score.auto:
        return None
    told = {(move.grade_id, move.before, move.after): move.causes for move in last.moved} if last else {}
    causes = _causes(verdict, last, cell.grade_id)
    if last and score.auto not in [one.earned for one in last.cells if one.grade_id == cell.grade_id]:
        # A run that was killed before it came to the gradebook has said why; otherwise somebody has been there.
        causes = told.get((cell.grade_id, score.auto, cell.earned)) or _beside(causes)
    return Move(cell.grade_id, score.auto, cell.earned, causes, score.by_hand)


def _beside(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    if "new" in causes:
        return causes
    return (*(cause for cause in causes if cause != "nothing"), "gradebook")


def _causes(verdict: SubmissionVerdict, last: SubmissionVerdict | None, grade_id: str = "") -> tuple[Cause, ...]:
    """What is not as it was; of a changed source, whether it is the test of this cell."""
    if last is None or last.grounds is None or verdict.grounds is None:
        return ("unknown",)
    before, now = last.grounds, verdict.grounds
    changed: dict[Cause, bool] = {
        "disturbed": last.disturbed,
        "hand-in": before.hand_in != now.hand_in,
        _part(before, now, grade_id): before.source != now.source,
        "engine": before.engine != now.engine,
        "settings": before.settings != now.settings,
    }
    return tuple(cause for cause, is_so in changed.items() if is_so) or ("nothing",)


def _part(before: Grounds, now: Grounds, grade_id: str) -> Cause:
    if not grade_id or before.tests.get(grade_id) == now.tests.get(grade_id):
        return "source"
    return "test" if grade_id in before.tests else "new"
