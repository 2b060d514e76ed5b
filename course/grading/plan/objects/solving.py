"""Follow the flows of all cells of a notebook until nothing changes: what each name may stand for.

No order of the cells counts and no branch is left out, so what comes out holds for every run of any of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from course.grading.plan.objects.flows import (
    Call,
    Code,
    Copy,
    Flow,
    Hold,
    Import,
    Inherit,
    Kind,
    Make,
    Mark,
    Part,
    Piece,
)
from course.grading.plan.objects.values import HELD, LIBRARY, Place, Value

# Attributes of tensors: a loop over a model's parameters sets them on whatever it may meet, but no code has them.
_OF_TENSORS = frozenset({"grad", "requires_grad", "data"})


@dataclass
class Reached:
    """What running a piece of code may come to, directly or through functions that it may call.

    Attributes:
        names: of the notebook, that it may read.
        places: whose objects it may change.
        codes: that it may run.
    """

    names: set[str] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    def __ior__(self, other: "Reached") -> "Reached":
        self.names |= other.names
        self.places |= other.places
        self.codes |= other.codes
        return self


class Objects:
    """What the names of a notebook may stand for."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.codes: dict[str, Code] = {key: code for piece in pieces for key, code in piece.codes.items()}
        self.marked: dict[str, set[str]] = defaultdict(set)  # by key of code, "" for cells: libraries that it changes
        self._values: dict[str, Value] = defaultdict(Value)
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._asked: set[str] = set()  # attributes that are read of code
        self._running: list[Place] = []  # places whose objects may run the code that lies there
        self._changed = False
        self._settle([flow for piece in pieces for flow in piece.flows])

    def reached(self, names: Iterable[str], codes: Iterable[str] = ()) -> Reached:
        """All that code which reads these names, and runs this code, may come to."""
        found = Reached()
        unread, unrun = [*names], [*codes]
        while unread or unrun:
            if unread:
                name = unread.pop()
                if name in found.names:
                    continue
                found.names.add(name)
                unrun += self._at(name, found)
            elif (key := unrun.pop()) in self.codes and key not in found.codes:
                found.codes.add(key)
                unread += self.codes[key].loads
                unrun += [*self._at(self.codes[key].state, found), *self._parents[key]]
        return found

    def place_of(self, name: str) -> int:
        """A number for the place of what a name stands for; 0 where there is none."""
        place = self._values[name].at()
        return 0 if place is None else id(place)

    def _at(self, variable: str, found: Reached) -> set[str]:
        """The code that a variable leads to; its place is noted."""
        value = self._values[variable]
        place = value.at()
        if place is None:
            return value.codes
        found.places.add(id(place))
        return value.codes | place.holds | place.kinds

    def _settle(self, flows: Sequence[Flow]) -> None:
        steps = [step for flow in flows if (step := self._step(flow)) is not None]
        self._changed = True
        while self._changed:
            self._changed = False
            for step in steps:
                step()
            for place in dict.fromkeys(place.found() for place in self._running):
                self._run(place)

    def _step(self, flow: Flow) -> Callable[[], None] | None:
        """What follows a flow, as often as it is called; none where once is enough, which is done here.

        A notebook has thousands of flows, so which is which is looked up.
        """
        return _STEPS[type(flow)](self, flow)

    def _copied(self, flow: Copy) -> Callable[[], None]:
        return partial(self._flow, self._values[flow.to], self._values[flow.of])

    def _parted(self, flow: Part) -> Callable[[], None]:
        return partial(self._part, self._values[flow.to], self._values[flow.of], flow.attribute)

    def _held(self, flow: Hold) -> Callable[[], None] | None:
        if flow.of:
            return partial(self._lay, self._values[flow.to], self._values[flow.of])
        self._place(self._values[flow.to])
        return None

    def _made(self, flow: Make) -> None:
        self._take(self._values[flow.to], {flow.code})

    def _imported(self, flow: Import) -> None:
        self._take(self._values[flow.to], {LIBRARY})

    def _told(self, flow: Kind) -> Callable[[], None]:
        return partial(self._kind, self._values[flow.to], self._values[flow.of])

    def _inherited(self, flow: Inherit) -> Callable[[], None]:
        return partial(self._inherit, flow.code, self._values[flow.of])

    def _called(self, flow: Call) -> Callable[[], None]:
        callee = flow.receiver or flow.callee
        called = self._values[callee] if callee else Value()
        given = [*flow.given, *(one for _, one in flow.named), *flow.spread]
        return partial(self._call, flow, self._values[flow.to], called, [self._values[one] for one in given if one])

    def _marked(self, flow: Mark) -> Callable[[], None]:
        value = self._values[flow.value] if flow.value else Value()
        return partial(self._mark, flow, self._values[flow.of], value)

    # What flows.
    def _take(self, value: Value, codes: set[str]) -> None:
        if value.take(codes):
            self._changed = True

    def _put(self, value: Value, place: Place | None) -> None:
        if value.put(place):
            self._changed = True

    def _flow(self, to: Value, of: Value) -> None:
        if (place := of.at()) is not None and place is not to.at():
            self._put(to, place)
        if of.codes:
            self._take(to, of.codes)

    def _part(self, to: Value, of: Value, attribute: str = "") -> None:
        """What lies in objects may be code as well, which calls find there; in a plain container it is told apart."""
        if (place := of.at()) is not None:
            if place is not to.place:
                self._put(to, place)
            if not place.has_objects:
                self._take(to, place.holds)
        if not of.codes:
            return
        self._take(to, of.codes)
        for key in tuple(of.codes):
            if (code := self.codes.get(key)) is not None:
                if attribute and attribute not in self._asked and attribute not in _OF_TENSORS:
                    self._asked.add(attribute)
                    self._changed = True
                self._flow(to, self._values[code.state])

    def _lay(self, to: Value, of: Value) -> None:
        self._hold(self._place(to), of)

    def _place(self, value: Value, *, objects: bool = False) -> Place:
        """The place of what a value stands for, which has one from now on."""
        place = value.at()
        if place is None:
            place = value.place = Place()
            self._changed = True
        if objects and not place.has_objects:
            place.has_objects = self._changed = True
        return place

    def _instance_of(self, key: str) -> Place:
        """The place of what a class, or a function, makes."""
        return self._place(self._values[self.codes[key].instance], objects=True)

    def _hold(self, place: Place, of: Value) -> None:
        """Let what a value stands for lie in a place."""
        if (other := of.at()) is not None and other is not place and place.join(other):
            self._changed = True
        if of.codes:
            self._fill(place.found(), of.codes)

    def _fill(self, place: Place, codes: set[str]) -> None:
        if LIBRARY in codes:
            codes = codes - {LIBRARY} | {HELD}
        if not codes <= place.holds:
            place.holds |= codes
            self._changed = True

    # What happens.
    def _kind(self, to: Value, of: Value) -> None:
        place = of.at()
        self._take(to, {LIBRARY, *(place.kinds if place else ())})

    def _inherit(self, key: str, of: Value) -> None:
        mine = self._instance_of(key)
        parents = of.codes
        if (place := of.at()) is not None:
            parents = parents | place.holds
            self._hold(mine, Value(place))
        for parent in parents & set(self.codes) - {key}:
            self._parents[key].add(parent)
            self._hold(mine, Value(self._instance_of(parent)))

    def _mark(self, mark: Mark, of: Value, value: Value) -> None:
        codes = of.codes
        if (place := of.at()) is not None:
            self._hold(place, value)
            if not mark.is_instance and (mark.attribute in self._asked or mark.attribute == "*"):
                codes = codes | (place.holds & set(self.codes))
        for key in codes:
            if key in self.codes:
                self._hold(self._place(self._values[self.codes[key].state]), value)
            elif mark.attribute not in _OF_TENSORS and (key == LIBRARY or mark.attribute != "[]"):
                self.marked[mark.owner].add(mark.attribute)

    def _call(self, call: Call, to: Value, called: Value, given: Sequence[Value]) -> None:
        place = called.at()
        if call.is_plain and not called.codes and place is None:
            return
        if place is not None:
            self._into(place, given)
            self._part(to, Value(place))
        for code in tuple(called.codes):
            if code not in self.codes:
                if not call.is_known:
                    self._by_library(to, given)
            elif call.receiver or self.codes[code].is_class:
                self._of_class(code, to, given, is_method=bool(call.receiver))
            else:
                self._own_function(self.codes[code], call, to, given)
        if place is None and not called.codes and not call.is_known:
            self._by_library(to, given)

    def _by_library(self, to: Value, given: Iterable[Value]) -> None:
        """Code that nobody can see may give what it was given, a part of it, or an object in which that lies."""
        self._into(self._place(to, objects=True), given)

    def _into(self, place: Place, given: Iterable[Value]) -> None:
        """Let what is given lie in a place, whose objects may run any code among it."""
        for value in given:
            self._hold(place, value)
        if not (place := place.found()).runs:
            place.runs = self._changed = True
            self._running.append(place)

    def _run(self, place: Place) -> None:
        """Let the code that lies in a place give what it gives."""
        if place.handed_out != len(place.holds):
            self._hand_out(place)
        for key in tuple(place.found().holds):
            if (code := self.codes.get(key)) is not None and not code.is_class:
                self._hold(place.found(), self._values[code.result])

    def _hand_out(self, place: Place) -> None:
        """Let the code that lies in a place have what lies there; that stays so until there is more of it."""
        known = len(place.holds)
        for key in tuple(place.holds):
            if (code := self.codes.get(key)) is None:
                continue
            if code.is_class:
                place = place.found()
                self._hold(place, Value(self._instance_of(key)))
                if key not in place.found().kinds:
                    place.found().kinds.add(key)
                    self._changed = True
                continue
            for variable in (*code.parameters, *code.rest, *code.inner):
                self._put(self._values[variable], place.found())
                self._take(self._values[variable], place.found().holds)
        place.found().handed_out = known

    def _of_class(self, key: str, to: Value, given: Iterable[Value], *, is_method: bool) -> None:
        """A new instance, or what a method gives that is called by its class."""
        place = self._instance_of(key)
        if self.codes[key].is_class and key not in place.kinds:
            place.kinds.add(key)
            self._changed = True
        self._into(place, given)
        self._put(to, place.found())
        if is_method:
            self._take(to, {key} | place.found().holds)

    def _own_function(self, code: Code, call: Call, to: Value, given: Iterable[Value]) -> None:
        spread = bool(call.spread)
        for place, name in enumerate(call.given):
            if name:
                targets = code.parameters[place : place + 1] if not spread else code.parameters
                for variable in targets or code.rest:
                    self._flow(self._values[variable], self._values[name])
        for keyword, name in call.named:
            if name:
                own = f"{code.key}:{keyword}"
                for variable in [own] if own in code.parameters else code.rest:
                    self._flow(self._values[variable], self._values[name])
        for name in call.spread:
            for variable in (*code.parameters, *code.rest):
                self._flow(self._values[variable], self._values[name])
        for value in given:
            for variable in code.inner:
                self._flow(self._values[variable], value)
        self._flow(to, self._values[code.result])


_STEPS: dict[type, Callable[[Objects, Any], Callable[[], None] | None]] = {
    Copy: Objects._copied,
    Part: Objects._parted,
    Hold: Objects._held,
    Make: Objects._made,
    Import: Objects._imported,
    Kind: Objects._told,
    Inherit: Objects._inherited,
    Call: Objects._called,
    Mark: Objects._marked,
}
