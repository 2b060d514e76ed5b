"""What a deck holds once it is read: notes made of prose and code, with what is hidden in them marked.

Readers (`course.cards.reading`) make these; the importer makes lessons of them, the exporter decks again.
"""

from dataclasses import dataclass, field

from course.cloze.blanks import Blank


@dataclass(frozen=True)
class Pieces:
    """Text and blanks in turn."""

    pieces: tuple[str | Blank, ...]

    @property
    def blanks(self) -> tuple[Blank, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Blank))

    @property
    def text(self) -> str:
        """The whole with its answers in place."""
        return "".join(piece.answer if isinstance(piece, Blank) else piece for piece in self.pieces)


@dataclass(frozen=True)
class Code(Pieces):
    """A block of code; exactly as a student would type it, entities and tags undone."""


@dataclass(frozen=True)
class Prose(Pieces):
    """Text in Markdown with maths in `$…$`; nothing in it is a tag.

    Pictures stand in it as `![](name)`, percent-encoded (`reading.media.kept`), and sounds as `[sound:name]`.
    """


Part = Prose | Code


@dataclass(frozen=True)
class Note:
    """One note (or rendered card) of a deck; `number` counts from 1 in the order of the file."""

    number: int
    front: tuple[Part, ...]
    back: tuple[Part, ...] = ()
    guid: str = ""
    notetype: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  # as they stand in the deck, HTML and all
    line: int = 0  # of the file; 0: unknown
    doubts: tuple[str, ...] = ()  # what was read as Anki reads it, and is hardly what its author meant

    @property
    def code_blanks(self) -> tuple[Blank, ...]:
        return tuple(blank for part in (*self.front, *self.back) if isinstance(part, Code) for blank in part.blanks)

    @property
    def prose_blanks(self) -> tuple[Blank, ...]:
        return tuple(blank for part in (*self.front, *self.back) if isinstance(part, Prose) for blank in part.blanks)


@dataclass(frozen=True)
class Skipped:
    """A note that could not be read: its number, the line of the file (0: unknown), and why."""

    number: int
    line: int
    reason: str


@dataclass(frozen=True)
class Deck:
    """The notes of a file in its order, what was skipped and why, and its pictures and sounds by name.

    `notices` say what was decided in reading the file where it leaves a choice.
    """

    name: str
    notes: tuple[Note, ...]
    skipped: tuple[Skipped, ...] = ()
    media: dict[str, bytes] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
