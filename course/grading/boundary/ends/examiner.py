"""The examiner's end: the student's namespace as values and references, and what the student may reach of the test."""

from __future__ import annotations

import socket
import weakref
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from course.grading.boundary.codec import everyday, library
from course.grading.boundary.codec.arrays import crosses
from course.grading.boundary.codec.contents import KINDS, PASSING
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.codec.gaps import without_mask
from course.grading.boundary.ends.contained import Contained, Passing
from course.grading.boundary.ends.link import Fault, Link, TakePart
from course.grading.boundary.ends.outcome import CellOutcome
from course.grading.boundary.ends.references import Reference
from course.grading.boundary.ends.studenterror import CATCHABLE, student_error
from course.grading.boundary.ends.transplant import source_of
from course.grading.boundary.replicas.sending import ReplicaCodec
from course.grading.boundary.replicas.table import Overwritten
from course.grading.boundary.transport.wire import (
    CandidateDied,
    CandidateEnded,
    CandidateHung,
    Wire,
    WireLimits,
    WireViolation,
)
from course.grading.gaps import MASKS, TABLES
from course.grading.system import clock

Cell = str | tuple[str, *tuple[Any, ...]]
_MAX_PRINTED = 1_000_000


class NotShared(TypeError):
    """The student's code reached for something that it was not handed."""


class CandidateClient(Link):
    """The examiner's end: the student's namespace as values and references."""

    def __init__(self, sock: socket.socket, *, limits: WireLimits | None = None, call_deadline_s: float) -> None:
        limits = limits or WireLimits()
        super().__init__(Wire(sock, limits), limits, first_key=0)
        self.gone: CandidateEnded | None = None
        self.members: frozenset[str] = frozenset()  # that the course's own code gives to objects
        self.gaps = frozenset({MASKS, TABLES})  # of masks and tables, what the course's own code deals in
        self.steps = 0  # in loops over the student's objects
        self._looks = False
        self._call_deadline_s = call_deadline_s
        self._references: weakref.WeakValueDictionary[int, Reference] = weakref.WeakValueDictionary()
        self._shared: dict[int, tuple[Any, frozenset[str]]] = {}
        self._origins: dict[int, Exception] = {}
        self._printed: list[str] = []
        self.replicas.kept = {}
        self._codec = ReplicaCodec(self.replicas, self.graphs, self.write_other, owner=True)
        self.writers |= self._codec.writers
        self.readers |= self._codec.readers
        self.writers |= dict.fromkeys((Reference, Contained, Passing), self._write_reference)
        self.writers |= {
            everyday.StudentsPath: lambda writer, value: self._write_reference(writer, value.reference),
            type(Path()): lambda writer, value: writer.tokens.extend(("file path", str(value))),
        }
        self.readers |= {
            "reference": self._read_reference,
            "contained": partial(self._read_kind, Contained, KINDS),
            "passing": partial(self._read_kind, Passing, PASSING),
            "mine": lambda reader: self.exports.get(reader.whole()),
            "students path": everyday.StudentsPath.read,
            "member": partial(everyday.read_member, self.find),
            "masked": self._read_masked,
            "is masked": lambda reader: np.ma.masked if MASKS in self.gaps else np.nan,
        }

    # What tests and the engine use.
    def run_cells(
        self,
        sources: Sequence[Cell],
        names: Sequence[str] = (),
        *,
        deadline_s: float,
        take: Callable[[CellOutcome], None] = lambda outcome: None,
        seed: str = "",
    ) -> dict[str, Any]:
        """Run notebook cells over there, each in `deadline_s`; returns what these names stand for afterwards.

        A cell is its source, or a tuple of that and more arguments of the candidate's run_cell. Its outcome goes to
        `take` as soon as it is known. A name that is not there is left out; one whose value cannot cross raises its
        StudentError for all of them. With a `seed`, the generators over there begin with it in the end, as `seed` does.
        """
        to_come = len(sources)

        def take_in(data: object) -> None:
            nonlocal to_come
            outcome = CellOutcome.from_data(data)
            if not to_come:
                raise WireViolation("more outcomes than cells")
            to_come -= 1
            take(outcome)
            self.deadline = clock.now() + (deadline_s if to_come else self._call_deadline_s)

        first_s = deadline_s if sources else None
        values = self.ask("cells", tuple(sources), tuple(names), seed, deadline_s=first_s, take=take_in)
        if to_come or type(values) is not dict:
            raise self._lost(WireViolation("cells whose outcomes are missing"))
        return values

    def run_cell(self, source: Cell, *, deadline_s: float) -> CellOutcome:
        """Run one notebook cell on the student's side."""
        outcomes: list[CellOutcome] = []
        self.run_cells([source], deadline_s=deadline_s, take=outcomes.append)
        return outcomes[0]

    def name(self, name: str) -> Any:
        """The student's value of that name; raises a StudentError that is a NameError when there is none."""
        return self.ask("name", name)

    def bind(self, name: str, *value: Any) -> None:
        """Bind the name on the student's side to the value, or deletes it when none is given."""
        self.ask("bind", name, *value)

    def there(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a self-contained function (imports inside) there and return its value: the student's word."""
        name, source = source_of(fn)
        return self.there_source(source, name, args, kwargs)

    def there_source(self, source: str, name: str, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        """Run the function of that name that the source defines on the student's side and return its value."""
        kwargs = kwargs or {}
        return self.ask("there", source, name, tuple(args), tuple(kwargs), tuple(kwargs.values()))

    def share(self, obj: Any, *names: str) -> Any:
        """Open these members of an object to the student's code (`"__call__"` too); return the object."""
        for name in names:
            getattr(obj, name)
        self._shared[id(obj)] = obj, frozenset(names)
        return obj

    def seed(self, seed: int | str) -> None:
        """Set torch's, numpy's and Python's global generators on the student's side."""
        self.ask("seed", seed)

    @property
    def printed(self) -> str:
        """What the student's code printed during calls since this was last asked."""
        text = "".join(self._printed)
        self._printed.clear()
        return text

    def close(self) -> None:
        """Close this end; the candidate's loop ends."""
        self.gone = self.gone or CandidateDied("the connection to the student's process was closed")
        self.wire.close()

    def find(self, name: str) -> Any:
        """What the test knows by that name."""

    # What references use.
    def ask(self, op: str, *args: Any, deadline_s: float | None = None, take: TakePart | None = None) -> Any:
        """The candidate's answer; raises StudentError, or the CandidateEnded that ended it."""
        if self.gone is not None:
            raise type(self.gone)(str(self.gone))
        self.acts += not self._looks
        outermost = self.deadline is None
        if outermost:
            self.deadline = clock.now() + (self._call_deadline_s if deadline_s is None else deadline_s)
        try:
            return self.request(op, *args, take=take)
        except CandidateEnded as error:
            raise self._lost(error) from None
        except Exception:
            raise
        except BaseException:
            self._lost(CandidateHung("the test was stopped while it waited for the student's code"))
            raise
        finally:
            if outermost:
                self.deadline = None
                self._origins.clear()
                if changed := self.replicas.overwritten():
                    self.overwritten(changed)

    def look(self, op: str, *args: Any) -> Any:
        """The candidate's answer to a question that changes nothing; TypeError where a tensor or array was changed."""
        with self._looking(), self.replicas.taken_back() as changed:
            answer = self.ask(op, *args)
        if changed:
            raise TypeError("a student's object changed a tensor or array while the test only looked at it")
        return answer

    @contextmanager
    def _looking(self) -> Iterator[None]:
        before, self._looks = self._looks, True
        try:
            yield
        finally:
            self._looks = before

    def overwritten(self, changed: list[Overwritten]) -> None:
        """Told of the test's own values that the student's code changed while it was asked for something."""

    def iterate(self, source: Any) -> Iterator[Any]:
        """The items of a student's iterator, one at a time: side effects come when they would in one kernel."""
        for _ in range(self.limits.items):
            with self._looking():
                answer = self.ask("next", source)
            if type(answer) is not tuple or len(answer) != 2 or answer[0] is not True:
                return
            self.steps += 1
            yield answer[1]
        raise ValueError(f"a loop over a student's object went past {self.limits.items} items")

    def release(self, handle: int, reference: Reference) -> None:
        """Tell the candidate, with the next message, that a reference is gone."""
        if self._references.get(handle, reference) is reference:
            self.dropped[handle] = None

    # What Link asks.
    def receive(self) -> Any:
        """The next message; whatever goes wrong with it is the candidate's doing."""
        try:
            message = super().receive()
        except CandidateEnded:
            raise
        except (Exception, MemoryError) as error:
            raise WireViolation(f"a message that cannot be decoded ({type(error).__name__})") from None
        if message.printed and sum(map(len, self._printed)) < _MAX_PRINTED:
            self._printed.append(message.printed)
        return message

    def raised(self, fault: Fault) -> BaseException:
        """A StudentError, or the examiner's own exception that went through the student's code."""
        origin = self._origins.get(fault.origin)
        return origin or student_error(fault.kind, fault.bases, fault.message, fault.traceback_text)

    def fault(self, error: BaseException) -> Fault:
        """Tell of a test's exception no more than which built-in class it is of, so that `except` can catch it.

        Its message and its traceback may hold the test's source and the values in it. A number stands for the exception
        itself, which is raised again when it comes back through the student's code.
        """
        if isinstance(error, NotShared):  # the student's doing, in words of this package
            return Fault("TypeError", (), str(error)[: self.limits.text], "")
        known = next(
            (cls.__name__ for cls in type(error).__mro__ if CATCHABLE.get(cls.__name__) is cls), "RuntimeError"
        )
        number = 0
        if isinstance(error, Exception) and not isinstance(error, StopIteration):
            number = len(self._origins) + 1
            self._origins[number] = error
        return Fault(known, (), "", "", number)

    def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """Do what the candidate may ask: call what was passed in, read shared members, its share of a gradient."""
        if op == "gradient":
            return self._gradient(*args)
        target: Any = args[0] if args else None
        names = self._open_members(target)
        if op == "call" and "__call__" in names and len(args) == 4:
            return target(*args[1], **dict(zip(args[2], args[3], strict=True)))
        if op == "get" and len(args) == 2 and type(args[1]) is str and args[1] in names:
            return getattr(target, args[1])
        if op == "item" and len(args) == 2 and "__getitem__" in names:
            return target[args[1]]
        if op == "len" and "__len__" in names:
            return len(target)
        if op == "iterator" and "__iter__" in names:
            return iter(target)
        if op == "next" and "__next__" in names:
            return _next(target)
        raise NotShared(f"the test did not share {op!r} of this object")

    def _open_members(self, target: Any) -> frozenset[str]:
        shared = self._shared.get(id(target))
        if shared is not None:
            return shared[1]
        known = self.exports.holds(target)
        return frozenset({"__next__"} if _is_iterator(target) else {"__call__"}) if known else frozenset()

    def _gradient(self, *args: Any) -> Any:
        number, grad, create_graph = args
        if type(number) is not int or type(grad) is not torch.Tensor or type(create_graph) is not bool:
            raise WireViolation("a question about a gradient that does not exist")
        return self.gradient(number, grad, create_graph)

    def write_other(self, writer: Writer, value: Any) -> None:
        """Write a tensor subclass, a shared object, a library's name or a function; refuse the rest."""
        kind = type(value)
        if issubclass(kind, torch.Tensor) and crosses(value):
            self._codec.tensors.write(writer, value)
        elif id(value) in self._shared:
            names = sorted(self._shared[id(value)][1])
            writer.tokens += (
                "shared",
                self.exports.number(value),
                library.told_name(kind, "object"),
                len(names),
                *names,
            )
        elif (found := library.name_of(value)) is not None:
            writer.tokens += ("library", *found)
        elif _is_iterator(value):
            writer.tokens += ("stream", self.exports.number(value))
        elif callable(value) and not issubclass(kind, type | torch.nn.Module):
            name = library.told_name(value, library.told_name(kind, "function"))
            writer.tokens += ("callback", self.exports.number(value), name)
        else:
            raise TypeError(
                f"{_named(value)} cannot be handed to the student's code as it is: pass plain data "
                'or a function, or open the members it needs by checks.share(obj, "name", ...)'
            )

    def _write_reference(self, writer: Writer, value: Reference) -> None:
        if value._reference_end is not self:
            raise TypeError("this object belongs to a student's process that is gone; take it from its name again")
        if not self._looks:
            value._reference_told.length = None
        writer.tokens += ("back", value._reference_handle)

    def _read_reference(self, reader: Reader) -> Reference:
        handle, kind = reader.whole(), reader.text()
        self.dropped.pop(handle, None)
        reference = self._references.get(handle)
        if reference is None:
            reference = self._references[handle] = Reference(self, handle, kind[:100])
        return reference

    def _read_masked(self, reader: Reader) -> Any:
        array = everyday.read_masked(reader)
        return array if MASKS in self.gaps else without_mask(array)

    def _read_kind(self, make: type[Contained] | type[Passing], known: Container[str], reader: Reader) -> Reference:
        """A reference to an object of a known kind."""
        handle, name, kind = reader.whole(), reader.text(), reader.text()
        if kind not in known:
            raise WireViolation("an object of an unknown kind")
        self.dropped.pop(handle, None)
        reference = self._references.get(handle)
        if reference is None:
            reference = self._references[handle] = make(self, handle, name[:100], kind)
        return reference

    def _lost(self, error: CandidateEnded) -> CandidateEnded:
        self.gone = self.gone or error
        return error


def _named(value: Any) -> str:
    """What cannot be handed over: an array by its dtype, anything else by where its class is from."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return f"an array of dtype {value.dtype}"
    home = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    return f"an object of type {home}{kind.__qualname__}"


def _is_iterator(value: Any) -> bool:
    return hasattr(type(value), "__next__")


def _next(target: Any) -> tuple[bool, Any]:
    try:
        return True, next(target)
    except StopIteration:
        return False, None
