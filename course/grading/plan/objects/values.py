"""What variables stand for: places, each with objects that can be changed, and code of the notebook's.

Two names may reach the same object only if their places are one. Whatever lies within an object is of its place; code
is told apart, since a function that keeps nothing is no place where something could be changed.
"""

from dataclasses import dataclass, field

LIBRARY = "library"  # stands for every module, function and class of a library, as a key of code does for that
HELD = "library, held"  # for the same once it has lain in a container: nobody sets items of a function or class


@dataclass(eq=False, slots=True)
class Place:
    """Objects that may be one, or lie in one another.

    Attributes:
        holds: keys of the code that can be got out of them.
        kinds: keys of the classes of which they may be instances.
        has_objects: whether there is more among them than the containers that a cell writes down.
        runs: whether its objects may run the code that lies in it.
        handed_out: how many of `holds` there were when the code among them was last given all that lies here.
    """

    holds: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    has_objects: bool = False
    runs: bool = False
    handed_out: int = 0
    _joined: "Place | None" = None

    def found(self) -> "Place":
        """The place that this one has become a part of."""
        place = self
        while place._joined is not None:
            if place._joined._joined is not None:
                place._joined = place._joined._joined
            place = place._joined
        return place

    def join(self, other: "Place") -> bool:
        """Make two places one; whether they were two."""
        kept, gone = self.found(), other.found()
        if kept is gone:
            return False
        kept.holds |= gone.holds
        kept.kinds |= gone.kinds
        kept.has_objects |= gone.has_objects
        kept.runs |= gone.runs
        gone._joined = kept
        return True


@dataclass(eq=False, slots=True)
class Value:
    """What a variable stands for: objects of one place, code by its keys, both, or nothing that could be changed."""

    place: Place | None = None
    codes: set[str] = field(default_factory=set)

    def at(self) -> Place | None:
        """The place, if there is one."""
        place = self.place
        if place is not None and place._joined is not None:
            place = self.place = place.found()
        return place

    def put(self, place: Place | None) -> bool:
        """Let it stand for the objects of a place as well; whether that is new."""
        if place is None:
            return False
        if self.place is None:
            self.place = place
            return True
        return self.place.join(place)

    def take(self, codes: set[str]) -> bool:
        """Let it stand for code as well; whether that is new."""
        if codes <= self.codes:
            return False
        self.codes |= codes
        return True
