"""Which cells of a notebook need not run to grade it: demonstrations as released, on which no point depends.

The text decides, and whatever it does not tell counts as dependence. From the last cell back: tests and answers count,
and so does a cell that may bind or change something which a later cell that counts may read. Whatever a cell reads, or
its functions when they are called, it may have changed, but for functions and classes that keep nothing. A cell that
changes the process itself, or cannot be followed, counts wherever something that counts comes after it.

So no point depends on the other cells. Of these, what the course locked and what a student wrote runs all the same,
and so do the demonstrations that bind or change what is shown there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from course.grading.plan.effects import Known, effects_of
from course.grading.plan.objects.flows import Code, Path, Piece
from course.grading.plan.objects.libraries import Uses, uses
from course.grading.plan.objects.reading import read
from course.grading.plan.objects.solving import Objects, Reached
from course.scoping import parse

Role = Literal["test", "answer", "set-up", "demonstration", "own"]
_MOST_SOLUTIONS = 12  # of the whole notebook, each without cells that were found not to count
_MOST_TEXT = 300_000  # characters, in all cells: what is longer is run as it stands
_MOST_NAMED = 3


@dataclass(frozen=True)
class Cell:
    """One code cell of a notebook, as far as it matters here.

    Attributes:
        name: by which others call it.
        source: what of it runs in the process of the student's code.
        fetched: names whose values a test takes from there.
        named: names that a test reads on its own side, and may name to the other.
        draws: whether both sides make its random draws alike.
        follows: whether these go on where those of the cell before it that has some have ended.
    """

    role: Role
    name: str
    source: str
    fetched: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    draws: bool = False
    follows: bool = False


@dataclass(frozen=True)
class Leaving:
    """What may be left out, by place among the cells.

    Attributes:
        counting: the cells on which points may depend.
        left_out: the demonstrations that need not run.
        reasons: why the other demonstrations have to.
    """

    counting: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    reasons: Mapping[int, str] = field(default_factory=dict)


def leaving(cells: Sequence[Cell], doubtful: Collection[str] = ()) -> Leaving:
    """Which of the cells count, and which demonstrations may be left out.

    Args:
        doubtful: texts of cells that count wherever they seem to, with no closer look at them.
    """
    if sum(len(cell.source) for cell in cells) > _MOST_TEXT:
        return _nothing(cells, "the notebook is too long to be looked into")
    try:
        counting = _Counting(cells)
        counting.decide(doubtful)
    except RecursionError:
        return _nothing(cells, "a cell is nested too deeply to be looked into")
    shown = _shown(cells, counting)
    demonstrations = [place for place, cell in enumerate(cells) if cell.role == "demonstration"]
    reasons = {place: counting.reasons.get(place) or shown.get(place, "") for place in demonstrations}
    return Leaving(
        frozenset(counting.reasons),
        frozenset(place for place in demonstrations if not reasons[place]),
        {place: reason for place, reason in reasons.items() if reason},
    )


def _nothing(cells: Sequence[Cell], reason: str) -> Leaving:
    """All cells count."""
    every = range(len(cells))
    return Leaving(frozenset(every), reasons={at: reason for at in every if cells[at].role == "demonstration"})


@dataclass(frozen=True)
class _Doing:
    """What running one cell may come to, with all code that it may run."""

    reached: Reached
    binds: frozenset[str]
    uses: Uses
    breaks_out: str  # how it may change what does not stand in its text
    runs: bool  # whether it is a student's and does more than define
    looks_around: str  # how it may read what does not stand in its text


class _Counting:
    """Decides from the last cell back which cells count."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.pieces = [read(cell.source) for cell in cells]
        self.reasons: dict[int, str] = {}  # of the cells that count
        self.imports: dict[str, set[Path]] = {}
        for piece in self.pieces:
            for name, paths in piece.imports.items():
                self.imports.setdefault(name, set()).update(paths)
        parts: list[Piece | Code] = [*self.pieces]
        parts += [code for piece in self.pieces for code in piece.codes.values()]
        self.names = {name for part in parts for name in part.binds}

    def decide(self, doubtful: Collection[str]) -> None:
        """Go through the cells; those found not to count are no part of what one is held against that seems to.

        That closer look is dear, and is left out for texts that are `doubtful`.
        """
        idle: set[int] = set()
        view = _View(self, idle)
        solutions = 1
        goes_on = ""  # a cell that counts and whose draws go on where those before it have ended
        for place in range(len(self.cells) - 1, -1, -1):
            cell = self.cells[place]
            reason: str = cell.role if cell.role in ("test", "answer") else ""
            if not reason and cell.draws and goes_on:
                reason = f"{goes_on} draws on where it ends"
            can_be_closer = len(idle) > view.without and solutions < _MOST_SOLUTIONS and cell.source not in doubtful
            if not reason and (reason := view.why(place)) and can_be_closer:
                view, solutions = _View(self, idle), solutions + 1
                reason = view.why(place)
            if not reason:
                idle.add(place)
                continue
            self.reasons[place] = reason
            view.observe(place)
            if cell.draws:
                goes_on = cell.name if cell.follows else ""


class _View:
    """What the names of the cells stand for, without those that do not count, and what the later ones may read."""

    def __init__(self, counting: _Counting, idle: set[int]) -> None:
        self._counting, self.without = counting, len(idle)
        self.objects = Objects([piece for place, piece in enumerate(counting.pieces) if place not in idle])
        self._uses: dict[str, Uses] = {}
        self._later: list[tuple[str, _Doing]] = []
        self._observed = Reached()
        for place in counting.reasons:
            self.observe(place)

    def observe(self, place: int) -> None:
        """Take a cell for one that counts."""
        cell, doing = self._counting.cells[place], self.doing(place)
        doing.reached.names |= cell.named
        self._later.insert(0, (cell.name, doing))
        self._observed |= doing.reached

    def why(self, place: int) -> str:
        """Why a cell counts that stands before those that were observed; empty when it does not."""
        if not self._later:
            return ""
        doing = self.doing(place)
        if doing.breaks_out:
            return doing.breaks_out
        for name, later in self._later:
            if later.looks_around:
                return f"{name} may read anything: {later.looks_around}"
            if doing.uses.writes and later.uses.files:
                return f"it may write a file that {name} reads"
        if self._counting.cells[place].role == "own" and doing.uses.seeds:
            for name, later in self._later:
                if later.runs:
                    return f"it seeds the generators, and {name} may draw"
        if bound := doing.binds & self._observed.names:
            return f"it binds {_listed(bound)}, which {self._reader(bound)} may read"
        if doing.reached.places & self._observed.places:
            return self._shared(doing)
        return ""

    def doing(self, place: int) -> _Doing:
        """What running the cell may come to."""
        cell, piece = self._counting.cells[place], self._counting.pieces[place]
        reached = self.objects.reached({*piece.loads, *cell.fetched}, piece.codes)
        codes = [self.objects.codes[key] for key in sorted(reached.codes)]
        parts: list[Piece | Code] = [piece, *codes]
        used = [self._used(part) for part in parts]
        together = Uses(any(one.files for one in used), any(one.writes for one in used), any(one.seeds for one in used))
        called = self.objects.reached(piece.calls)
        callers = piece.doings.looks_at_callers or any(
            self.objects.codes[key].doings.looks_at_callers for key in called.codes
        )
        around = sorted({name for part in parts for name in part.doings.looks_around})
        return _Doing(
            reached,
            piece.binds.union(*(code.binds for code in codes)),
            together,
            self._breaks_out(piece, parts, used),
            bool(piece.calls) and cell.role in ("answer", "own"),
            f"it uses {around[0]}" if around else "it looks at the names of those that call it" if callers else "",
        )

    def _breaks_out(self, piece: Piece, parts: Iterable[Piece | Code], used: Iterable[Uses]) -> str:
        if piece.problem:
            return piece.problem
        for part, use in zip(parts, used, strict=True):
            if use.process:
                return f"it may change the process: {use.process}"
            if marks := self.objects.marked.get(part.key):
                return f"it may set an attribute of a library: {min(marks)}"
            if part.doings.magics:
                return f"what this does cannot be told: {part.doings.magics[0]}"
            if part.doings.looks_around:
                return f"it uses {min(part.doings.looks_around)}"
            if part.doings.leaves_open:
                return "it may leave a `with` block open"
        return ""

    def _used(self, part: Piece | Code) -> Uses:
        if part.key not in self._uses:
            self._uses[part.key] = uses(part.doings, self._counting.imports, self._counting.names)
        return self._uses[part.key]

    def _reader(self, names: frozenset[str] | set[str]) -> str:
        return next(name for name, later in self._later if names & later.reached.names)

    def _shared(self, doing: _Doing) -> str:
        name, later = next(one for one in self._later if doing.reached.places & one[1].reached.places)
        places = doing.reached.places & later.reached.places
        mine = {name for name in doing.reached.names if self.objects.place_of(name) in places}
        return f"it may change {_listed(mine) if mine else 'what its functions keep'}, which {name} may read"


def _shown(cells: Sequence[Cell], counting: _Counting) -> dict[int, str]:
    """The demonstrations that give the other cells that run the names that they read, and why.

    What a demonstration only changes is missed by nobody but a student's own cells.
    """
    read_by: dict[str, str] = {}
    read_by_students: dict[str, str] = {}
    shown: dict[int, str] = {}
    for place in range(len(cells) - 1, -1, -1):
        if place in counting.reasons:
            continue
        cell, piece = cells[place], counting.pieces[place]
        if cell.role == "demonstration":
            changed = _changed(cell.source) - set(counting.imports)
            given = sorted((piece.binds & set(read_by)) | (changed & set(read_by_students)))
            if not given:
                continue
            shown[place] = f"it gives {_listed(given)} to {read_by[given[0]]}"
        read_by |= dict.fromkeys(piece.loads, cell.name)
        if cell.role != "set-up":
            read_by_students |= dict.fromkeys(piece.loads, cell.name)
    return shown


@lru_cache(maxsize=1024)
def _changed(source: str) -> frozenset[str]:
    """The names whose values a cell changes, as far as its text tells."""
    try:
        effects = effects_of(parse(source), Known())
    except (SyntaxError, RecursionError):
        return frozenset()
    return effects.surely | effects.maybe


def _listed(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return ", ".join(f"`{name}`" for name in listed[:_MOST_NAMED]) + more
