"""Fields as long as a field may be, of what begins and never ends; run as a program, makes lessons of them."""

from course.cards.deck import Deck, Note
from course.cards.importing.choosing import Wanted
from course.cards.importing.items import items_of
from course.cards.importing.layout import cards_text, lesson_text
from course.cards.reading import Limits
from course.cards.reading.media import names_in
from course.cards.reading.notes import Row, note

SIZE = 400_000
FRAGMENTS = (
    *(
        "\\(",
        "\\[",
        "\\(a\\)",
        "[$]",
        "[latex]",
        "[sound:",
        "[sound:a",
        "![a](",
        "[a](",
        "[[type:",
        "[anki:play",
        "{{c1::",
    ),
    *("}}", "{{c1::a}} ", "&lt;", "&", "$", "$a", "`", "*", "a_", "|", "- ", "\\", "\n", "https://a.b/", "a "),
)


def main() -> None:
    """Read a note of each and make a lesson of it, and print what was long."""
    for fragment in FRAGMENTS:
        read = note(Row(1, 1, ((fragment * SIZE)[:SIZE], "an answer")), Limits())
        if isinstance(read, Note):
            deck = Deck("deck", (read,))
            names_in(deck.notes)
            items, _ = items_of(deck, Wanted())
            lesson_text("title", items, {})
            cards_text(items)
        print(repr(fragment), flush=True)


if __name__ == "__main__":
    main()
