"""What a cell does with objects, as flows between variables.

A variable stands for what a name may be bound to, wherever it is bound: names of the notebook by themselves, names in a
function or class under its key, and the values of expressions under a number. Nothing here knows more than one cell.
"""

from dataclasses import dataclass, field
from functools import cached_property

Path = tuple[str, ...]


@dataclass(frozen=True)
class Copy:
    """`to` may be what `of` is."""

    to: str
    of: str


@dataclass(frozen=True)
class Part:
    """`to` may be something that lies in `of`: an attribute, which is named, an item, a result of a method."""

    to: str
    of: str
    attribute: str = ""


@dataclass(frozen=True)
class Hold:
    """`to` is an object that can be changed, in which `of` may lie."""

    to: str
    of: str = ""


@dataclass(frozen=True)
class Make:
    """`to` may be this function or class of the notebook, or one that is defined in it."""

    to: str
    code: str


@dataclass(frozen=True)
class Import:
    """`to` may be a module, a function or a class of a library."""

    to: str


@dataclass(frozen=True)
class Kind:
    """`to` may be the class of `of`."""

    to: str
    of: str


@dataclass(frozen=True)
class Inherit:
    """The class is derived from `of`."""

    code: str
    of: str


@dataclass(frozen=True)
class Call:
    """`to` is what a call gives: of `callee`, or of the method `name` of `receiver`."""

    to: str
    callee: str
    receiver: str = ""
    name: str = ""
    given: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    spread: tuple[str, ...] = ()  # `*these` and `**these`
    is_plain: bool = False  # a function of Python's that hands nothing on, unless the notebook binds its name
    is_known: bool = False  # one of a library's that keeps nothing, unless the notebook has one of that name


@dataclass(frozen=True)
class Mark:
    """An attribute or item of `of` is set to `value`, or deleted, by the cell or the code of that key."""

    of: str
    attribute: str
    value: str
    owner: str
    is_instance: bool = False  # `of` is the `self` of a method


Flow = Copy | Part | Hold | Make | Import | Kind | Inherit | Call | Mark


@dataclass
class Doings:
    """What running a piece of code uses, as far as its text tells, besides the objects of its names.

    Attributes:
        mentions: the dotted names in it; where something else than a name stands first, an empty one does.
        imported: what it imports.
        magics: IPython's lines.
        looks_around: what it uses to reach names that do not stand in its text.
        looks_at_callers: whether it reads the names of the functions that have called it.
        leaves_open: whether it may stop within a `with` block, which stays open.
    """

    mentions: set[Path] = field(default_factory=set)
    imported: set[Path] = field(default_factory=set)
    magics: list[str] = field(default_factory=list)
    looks_around: set[str] = field(default_factory=set)
    looks_at_callers: bool = False
    leaves_open: bool = False


@dataclass
class Code:
    """A function, a class or a lambda that a cell defines at its top, with all that is defined in it.

    Attributes:
        loads: names of the notebook that it reads when it runs.
        binds: names of the notebook that it may bind then.
        parameters: the variables of its parameters, in order; `rest`, of those that gather what is left.
        inner: those of functions in it.
        result: the variable of what it returns.
        state: that of what it keeps between calls: defaults, attributes of the class or function itself.
        instance: of a class, that of its instances; of a function, that of what functions in it keep.
    """

    key: str
    is_class: bool
    loads: frozenset[str]
    binds: frozenset[str]
    parameters: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    inner: frozenset[str] = frozenset()
    doings: Doings = field(default_factory=Doings)

    @cached_property
    def result(self) -> str:
        return f"{self.key} result"

    @cached_property
    def state(self) -> str:
        return f"{self.key} state"

    @cached_property
    def instance(self) -> str:
        return f"{self.key} instance"


@dataclass
class Piece:
    """One cell, read.

    Attributes:
        key: by which its flows call it.
        loads: names that it reads when it runs, or functions in it when they are called.
        calls: those of them that it reads outside definitions.
        binds: names that it may bind or delete.
        imports: names that it binds to modules or to what it takes from them, with where they come from.
        problem: why it cannot be read; empty when it can.
    """

    key: str = ""
    loads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    imports: dict[str, set[Path]] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    doings: Doings = field(default_factory=Doings)
    problem: str = ""
