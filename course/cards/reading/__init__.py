"""Read decks: Anki's text exports of notes and of cards, and its packages in all three layouts.

A deck comes from anywhere. What this protects against: archives that unpack without end, paths and links in archives,
encrypted members, damaged or hostile databases, fields without end, scripts, event handlers and addresses that run
code. All that is left of HTML is text, code and Markdown without tags. What it does not: text that misleads, and code
that does harm once somebody runs it; nothing of a deck is run here.
"""

from course.cards.reading.decks import read_deck
from course.cards.reading.limits import Limits

__all__ = ["Limits", "read_deck"]
