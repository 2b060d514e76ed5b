"""What cells say as Python: whether they parse, what they bind, and where one may be cut in two."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from course.grading.submission.parsing import Clock
from course.scoping import names_in
from course.syntax import parsed

MAX_PARSED = 100_000  # characters of one cell
MAX_PARSED_ALL = 3_000_000  # characters of all cells together, each as often as it is read
_MAX_KEPT = 10_000  # characters of a cell whose statements are kept for the next hand-in
_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_ROUGH = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)|^%%cloze +(\w+)", re.MULTILINE)
_UNSEEN = re.compile(
    r"^[ \t]*from[ \t]+\S+[ \t]+import[ \t(]*\*|^[ \t]*%(?:run|store|pylab)\b|^[ \t]*global[ \t]"
    r"|\b(?:globals|locals|vars|exec|setattr|run_cell)\(|\b(?:user_ns|__dict__)\b",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Piece:
    """Lines of a cell that belong together: a statement with the comments above it."""

    text: str
    defines: frozenset[str] = frozenset()  # functions, classes, and other names for them
    imports: frozenset[str] = frozenset()
    assigns: frozenset[str] = frozenset()  # all else that gets a value, or loses its own
    tree: str = ""  # the statement without its comments and spaces
    is_code: bool = True

    @property
    def binds(self) -> frozenset[str]:
        return self.defines | self.imports | self.assigns


class Reader:
    """Reads cells as Python, each text once, and no more than so many characters in all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = MAX_PARSED_ALL
        self._statements: dict[str, tuple[Piece, ...] | None] = {}
        self._pieces: dict[str, tuple[Piece, ...]] = {}

    @property
    def is_spent(self) -> bool:
        return self._left < 0

    def statements(self, text: str) -> tuple[Piece, ...] | None:
        """A cell's top-level statements, with its magics passed over; None when it does not parse."""
        if text not in self._statements:
            self._clock.check()
            self._left -= len(text)
            known = _statements_kept if len(text) <= _MAX_KEPT else _statements
            self._statements[text] = None if self.is_spent or len(text) > MAX_PARSED else known(text)
        return self._statements[text]

    def parses(self, text: str) -> bool:
        return self.statements(text) is not None

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The cell in its top-level statements; where it does not parse, in blocks parted by blank lines."""
        if text not in self._pieces:
            statements = self.statements(text)
            blocks = self._blocks(text) if len(text) <= MAX_PARSED else ()
            self._pieces[text] = tuple(blocks) if statements is None else statements
        return self._pieces[text]

    def binds(self, text: str) -> frozenset[str]:
        """Every name that a cell binds at its top level."""
        return frozenset(name for piece in self.pieces(text) for name in piece.binds)

    def _blocks(self, text: str) -> Iterator[Piece]:
        for block in re.split(r"\n(?:[ \t]*\n)+(?=\S)", text):
            statements = self.statements(block)
            yield Piece(block, is_code=False) if statements is None else _whole(block)


def rough_names(text: str) -> frozenset[str]:
    """What a text seems to define, whether or not it is Python."""
    return frozenset(name for match in _ROUGH.finditer(text) for name in match.groups() if name)


def binds_unseen(text: str) -> bool:
    """Whether code may bind names that cannot be read off it: by a star import, a namespace's dict, a file it runs."""
    return bool(_UNSEEN.search(text))


def _parsed(text: str) -> ast.Module | None:
    for attempt in (text, _MAGIC.sub(lambda line: "pass" if line[0][:1].isspace() else "", text)):
        try:
            return parsed(attempt)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _statements(text: str) -> tuple[Piece, ...] | None:
    tree = _parsed(text)
    return None if tree is None else tuple(_split(text, tree))


@lru_cache(maxsize=512)
def _statements_kept(text: str) -> tuple[Piece, ...] | None:
    """The same; most cells of a class are the course's, or somebody else's as well."""
    return _statements(text)


def _split(text: str, tree: ast.Module) -> Iterator[Piece]:
    lines = text.split("\n")
    done = 0
    for group in _apart(tree.body):
        end = max(node.end_lineno or node.lineno for node in group)
        yield _piece("\n".join(lines[done:end]), group)
        done = end
    if any(line.strip() for line in lines[done:]):
        yield Piece("\n".join(lines[done:]))


def _whole(block: str) -> Piece:
    """A block that parses, as one piece."""
    tree = _parsed(block)
    return _piece(block, tree.body if tree else [])


def _piece(text: str, statements: Sequence[ast.stmt]) -> Piece:
    try:
        names = names_in(statements)
        tree = "\n".join(ast.dump(node) for node in statements)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # does not compile, or cannot be written out
        return Piece(text, rough_names(text), tree=text)
    return Piece(text, names.defines, names.imports, names.assigns | names.deletes, tree)


def _apart(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Statements that share no line with one another, in groups of those that do."""
    group: list[ast.stmt] = []
    for node in body:
        if group and node.lineno > max(one.end_lineno or one.lineno for one in group):
            yield group
            group = []
        group.append(node)
    if group:
        yield group
