"""The conversation of the two ends: requests that nest in both directions, answers, and news of replicas and graphs.

Both ends run this code; what an end does when it is asked, and what it may hand across, is in `examiner` and
`candidate`. Every message carries its value, then what changed in the replicas, then what its sender needs no longer.
An answer may come in parts, so that cells in a row are told of one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from course.grading.boundary.codec.blocks import ByValue
from course.grading.boundary.codec.decoder import Reader, ReadOne
from course.grading.boundary.codec.encoder import WriteOne, Writer
from course.grading.boundary.replicas.gradients import Graphs
from course.grading.boundary.replicas.table import Replicas
from course.grading.boundary.transport.wire import CandidateEnded, Wire, WireLimits, WireViolation

REQUEST, ANSWER, ERROR, PART = 0, 1, 2, 3


TakePart = Callable[[Any], None]
_NO_NEWS = (
    -1,
    0,
    0,
    0,
    0,
)  # no change in a replica; no graph accumulated, replica released, graph finished, handle dropped


@dataclass(frozen=True)
class Fault:
    """An exception as text; `origin` numbers an exception of the examiner that came through the student's code."""

    kind: str
    bases: tuple[str, ...]
    message: str
    traceback_text: str
    origin: int = 0


class Message(NamedTuple):
    """One frame, read and made good."""

    kind: int
    number: int
    body: Any  # (op, arguments) of a request, the value of an answer or a part of it, the Fault of an error
    grad_enabled: bool
    printed: str


class Exports:
    """Objects of this end that the other end knows by a number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = 1

    def number(self, value: Any) -> int:
        """The object's number, the same as long as the other end holds it."""
        number = self._numbers.get(id(value))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._objects[number], self._numbers[id(value)] = value, number
        return number

    def get(self, number: int) -> Any:
        """The object of that number; raises WireViolation when there is none."""
        if number not in self._objects:
            raise WireViolation("a handle that does not exist")
        return self._objects[number]

    def holds(self, value: Any) -> bool:
        """Whether the other end has this object's number."""
        return id(value) in self._numbers

    def drop(self, number: int) -> None:
        """The other end holds the object no longer."""
        value = self.get(number)
        del self._objects[number], self._numbers[id(value)]


class Link:
    """One end of the conversation."""

    def __init__(self, wire: Wire, limits: WireLimits, first_key: int) -> None:
        self.wire, self.limits = wire, limits
        self.replicas, self.graphs, self.exports = Replicas(first_key), Graphs(self._ask_gradient), Exports()
        self.dropped: dict[int, None] = {}  # the other end's handles that nobody here holds
        self.writers: dict[type, WriteOne] = {}
        self.readers: dict[str, ReadOne] = {}
        self.deadline: float | None = None
        self.acts = 0  # how often this end has done something that may change the other's objects
        self._released: list[int] = []
        self._number = self._depth = 0
        self._waiting: list[int] = []
        self._early: dict[int, Message] = {}
        self._takers: dict[int, TakePart] = {}
        self._answering = 0

    # What the two ends differ in.
    def write_other(self, writer: Writer, value: Any) -> None:
        """Write what is not data, or raise TypeError."""
        raise NotImplementedError

    def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """Do what the other end asks."""
        raise NotImplementedError

    def raised(self, fault: Fault) -> BaseException:
        """The exception to raise here for one of the other end."""
        raise NotImplementedError

    def fault(self, error: BaseException) -> Fault:
        """What the other end is told of an exception of this one."""
        raise NotImplementedError

    def strict(self) -> bool:
        """Whether an answer to a question that nobody asks any more is a violation."""
        return True

    def outside(self) -> AbstractContextManager[Any]:
        """Entered around everything that is not this package's own code."""
        return nullcontext()

    # The conversation.
    def request(self, op: str, *args: Any, take: TakePart | None = None) -> Any:
        """The other end's answer; requests that come in the meantime are served, parts of the answer go to `take`."""
        with self.one_at_a_time:
            self._number += 1
            number = self._number
            self._send(REQUEST, number, lambda writer: self._write_request(writer, op, args))
            self._waiting.append(number)
            if take is not None:
                self._takers[number] = take
            try:
                message = self._await(number)
            finally:
                self._waiting.remove(number)
                self._early.pop(number, None)
                self._takers.pop(number, None)
        if message.kind == ERROR:
            raise self.raised(message.body)
        return message.body

    def serve_one(self) -> None:
        """Wait for one request and answer it."""
        message = self.receive()
        if message.kind == REQUEST:
            self._serve(message)

    def _await(self, number: int) -> Message:
        while number not in self._early:
            message = self.receive()
            if message.kind == REQUEST:
                self._serve(message)
            elif message.kind == PART and message.number in self._takers:
                self._takers[message.number](message.body)
            elif message.kind != PART and message.number in self._waiting and message.number not in self._early:
                self._early[message.number] = message
            elif self.strict():
                raise WireViolation("an answer that nothing asked for")
        return self._early[number]

    def _serve(self, message: Message) -> None:
        number = message.number
        before, self._answering = self._answering, number
        try:
            kind, value, printed = self._outcome(message)
        finally:
            self._answering = before
        del message
        try:
            self._send(kind, number, lambda writer: _write_outcome(writer, kind, value), printed)
        except CandidateEnded:
            raise
        except self.catches as error:
            self._send_fault(number, self.fault(error), printed)

    def send_part(self, value: Any) -> None:
        """Send a part of the answer, plain data only; what changed in the replicas waits for the answer itself."""
        writer = Writer(self.limits, self.write_other, self.writers)
        writer.tokens += (PART, self._answering)
        writer.value(value)
        writer.tokens += (*_NO_NEWS, "")
        self.wire.send(writer.tokens, self.deadline)

    def _send_fault(self, number: int, fault: Fault, printed: str) -> None:
        """Tell that the outcome could not be told, if need be without what changed in the replicas."""
        try:
            self._send(ERROR, number, lambda writer: _write_outcome(writer, ERROR, fault), printed)
        except CandidateEnded:
            raise
        except self.catches:
            self.replicas.give_up_changes()
            self._send(ERROR, number, lambda writer: _write_outcome(writer, ERROR, fault), printed)

    def _outcome(self, message: Message) -> tuple[int, Any, str]:
        op, args = message.body
        self._depth += 1
        try:
            if self._depth > self.limits.nesting:
                raise RecursionError(f"calls between test and answer nest more than {self.limits.nesting} deep")
            return (ANSWER, *self._run_in_mode(message.grad_enabled, op, args))
        except CandidateEnded:
            raise
        except self.catches as error:
            return ERROR, self.fault(error), self.printed_before_error()
        finally:
            self._depth -= 1

    def _run_in_mode(self, grad_enabled: bool, op: str, args: tuple[Any, ...]) -> tuple[Any, str]:
        before = torch.is_grad_enabled()
        torch._C._set_grad_enabled(grad_enabled)  # as torch.set_grad_enabled does, without an object for each message
        try:
            return self.run(op, args)
        finally:
            torch._C._set_grad_enabled(before)

    catches: type[BaseException] = Exception
    one_at_a_time: AbstractContextManager[Any] = nullcontext()

    def run(self, op: str, args: tuple[Any, ...]) -> tuple[Any, str]:
        """Do what is asked and return its value and what it printed."""
        return self.perform(op, args), ""

    def printed_before_error(self) -> str:
        """What code printed that ended in an exception."""
        return ""

    def _ask_gradient(self, number: int, grad: torch.Tensor, create_graph: bool) -> list[torch.Tensor | None]:
        found = self.request("gradient", number, grad if create_graph else ByValue(grad), create_graph)
        if type(found) is not tuple or any(not (g is None or type(g) is torch.Tensor) for g in found):
            raise WireViolation("gradients that are not tensors")
        return list(found)

    def gradient(self, number: int, grad: torch.Tensor, create_graph: bool) -> tuple[Any, ...]:
        """This end's share of the other end's backward()."""
        found = self.graphs.gradient(number, grad, create_graph)
        return tuple(g if create_graph or g is None else ByValue(g) for g in found)

    # Messages out.
    def _send(self, kind: int, number: int, body: Callable[[Writer], None], printed: str = "") -> None:
        writer = Writer(self.limits, self.write_other, self.writers)
        before, graphs = len(self.replicas.by_key), len(self.graphs.own)
        try:
            writer.tokens += (kind, number)
            with torch._C.DisableTorchFunctionSubclass():
                body(writer)
                changes = self.replicas.write_changes(writer, before)
            self._released += self.replicas.released()
            news = (self.graphs.accumulated, self._released, self.graphs.finished, list(self.dropped))
            counts = [len(numbers) for numbers in news]
            for count, numbers in zip(counts, news, strict=True):
                writer.tokens += (count, *numbers[:count])
            writer.tokens += (printed[: self.limits.text * 5],)
            self.wire.send(writer.tokens, self.deadline)
        except BaseException:
            self.replicas.undo(before)
            self.graphs.undo(graphs)
            raise
        self.acts += bool(changes)
        for replica, fingerprint in changes:
            replica.last_synced = fingerprint
        for count, kept in zip(counts, news[:3], strict=False):
            del kept[:count]
        for handle in news[3]:
            del self.dropped[handle]

    def _write_request(self, writer: Writer, op: str, args: tuple[Any, ...]) -> None:
        writer.tokens += (op, torch.is_grad_enabled(), len(args))
        writer.values(args)

    # Messages in.
    def receive(self) -> Message:
        """The next message, with everything that it brings made good here."""
        reader = Reader(self.wire.receive(self.deadline), self.limits, self.readers)
        kind, number = reader.whole(), reader.whole()
        grad_enabled = True
        body: Any = None
        if kind == REQUEST:
            op, grad_enabled = reader.text(), reader.flag()
            body = op, tuple(reader.values())
        elif kind in (ANSWER, PART):
            body = reader.value()
        elif kind == ERROR:
            body = self._read_fault(reader)
        else:
            raise WireViolation("a message of an unknown kind")
        self.replicas.read_changes(reader)
        for act in (self.graphs.accumulate, self._end_replica, self.graphs.forget, self.exports.drop):
            for item in reader.ints():
                act(item)
        printed = reader.text()
        reader.end()
        return Message(kind, number, body, grad_enabled, printed)

    def _end_replica(self, key: int) -> None:
        self.replicas.remove(key, owned=True)

    def _read_fault(self, reader: Reader) -> Fault:
        cap = self.limits.text
        kind, bases = reader.text()[:100], tuple(reader.text()[:100] for _ in range(reader.count()))
        return Fault(kind, bases[:20], reader.text()[:cap], reader.text()[:cap], reader.whole())


def _write_outcome(writer: Writer, kind: int, value: Any) -> None:
    if kind == ANSWER:
        writer.value(value)
        return
    texts = (value.kind, len(value.bases), *value.bases, value.message, value.traceback_text, value.origin)
    writer.tokens += texts
