"""What a cloze hides: shared by the exercises that compare it and the cards that show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Blank:
    """Something hidden: the answer, other answers that are as good, a hint, and the cloze numbers that hide it.

    In code the answer is what a student would type; in prose it is Markdown, as the text around it
    (`course.cards.markdown.plain` gives what it shows). Hints are plain text. A cloze inside another is hidden by the
    numbers of both, so an outer cloze is several blanks in a row.
    """

    answer: str
    hint: str = ""
    alternatives: tuple[str, ...] = ()
    groups: tuple[int, ...] = (1,)
