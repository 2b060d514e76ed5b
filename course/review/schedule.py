"""When a card comes back: FSRS, told one answer. Nothing is left to chance: the same answer gives the same date."""

from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler, State

from course.cards.package import Memory

# One step: a card that was missed comes back at once, before one that was half known; a card that was known leaves
# learning. With two steps, as in Anki's own default, what was known would come back within the hour as well.
STEP = timedelta(minutes=10)


def scheduled(rating: Rating, now: datetime) -> Memory:
    """What FSRS makes of a first answer at this moment, with its published parameters."""
    scheduler = Scheduler(learning_steps=(STEP,), enable_fuzzing=False)
    at = now.astimezone(UTC)
    card, _ = scheduler.review_card(Card(card_id=0, due=at), rating, at)
    if card.stability is None or card.difficulty is None:
        raise ValueError("FSRS gave a card no memory")
    return Memory(
        answered=now,
        ease=int(rating),
        due=card.due.astimezone(now.tzinfo),
        interval_days=(card.due - at).days if card.state == State.Review else 0,
        stability=card.stability,
        difficulty=card.difficulty,
        retention=scheduler.desired_retention,
        decay=scheduler.parameters[20],
    )
