"""The candidate's end: it does what the examiner asks, in the student's namespace.

It runs beside the student's code and can be bent by it at will. Nothing here protects the grade; it only has to be
right for honest code, and to stay in step when a time limit interrupts that code.
"""

from __future__ import annotations

import contextlib
import copy
import linecache
import os
import signal
import socket
import threading
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

import torch

from course.grading.boundary.codec import contents, library
from course.grading.boundary.codec.arrays import crosses
from course.grading.boundary.codec.decoder import Reader
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.codec.everyday import read_member
from course.grading.boundary.ends.link import Fault, Link
from course.grading.boundary.ends.outcome import CellOutcome
from course.grading.boundary.ends.proxies import Callback, Shared, Stream
from course.grading.boundary.ends.studenterror import CATCHABLE, described
from course.grading.boundary.replicas.sending import ReplicaCodec
from course.grading.boundary.transport.wire import CandidateDied, Wire, WireLimits
from course.grading.system.signals import pthread_sigmask

RunCell = Callable[..., CellOutcome]  # of a cell's source, and of what the examiner sends with it
AroundCall = Callable[[], AbstractContextManager[Callable[[], str]]]
_KEPT = 500  # functions of tests, each of which may be called many times
_INTERRUPTS = {signal.SIGALRM, signal.SIGINT, signal.SIGVTALRM, signal.SIGPROF}


class _Masked:
    """A context in which the interrupts are let in or held back, and after which it is the other way round."""

    def __init__(self, inside: int, after: int) -> None:
        self._inside, self._after = inside, after

    def __enter__(self) -> None:
        try:
            pthread_sigmask(self._inside, _INTERRUPTS)
        except BaseException:  # one that waited comes at once
            pthread_sigmask(self._after, _INTERRUPTS)
            raise

    def __exit__(self, *_: object) -> None:
        pthread_sigmask(self._after, _INTERRUPTS)


_OUTSIDE, _IN_STEP = (
    _Masked(signal.SIG_UNBLOCK, signal.SIG_BLOCK),
    _Masked(signal.SIG_BLOCK, signal.SIG_UNBLOCK),
)


def serve(
    sock: socket.socket,
    namespace: dict[str, Any],
    run_cell: RunCell,
    *,
    limits: WireLimits | None = None,
    around_call: AroundCall | None = None,
    seed: Callable[[Any], None] | None = None,
) -> None:
    """Answer the examiner until its end closes.

    `around_call()` is entered around each call of student's code; what it yields is called afterwards for the text that
    was printed. `seed` sets the global generators, to what the examiner says.
    """
    candidate = Candidate(sock, namespace, run_cell, limits or WireLimits(), around_call, seed or _seed)
    with contextlib.suppress(CandidateDied), candidate.in_step():
        while True:
            candidate.serve_one()


class Candidate(Link):
    """The student's namespace, served to the examiner."""

    catches = BaseException

    def __init__(
        self,
        sock: socket.socket,
        namespace: dict[str, Any],
        run_cell: RunCell,
        limits: WireLimits,
        around_call: AroundCall | None,
        seed: Callable[[Any], None],
    ) -> None:
        super().__init__(Wire(sock, limits, self.outside), limits, first_key=1)
        self._namespace, self._run_cell, self._around_call = namespace, run_cell, around_call
        self._seed = seed
        self._process = os.getpid()
        self.one_at_a_time = threading.RLock()
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._printed = ""
        self._inside = 0
        self._codec = ReplicaCodec(self.replicas, self.graphs, self.write_other, owner=False)
        self.writers |= self._codec.writers
        self.readers |= self._codec.readers
        self.writers |= dict.fromkeys((Callback, Shared, Stream), self._write_proxy)
        self.writers[type(Path())] = self._write_path
        self.readers |= {
            "file path": lambda reader: Path(reader.text()),
            "member": partial(read_member, namespace.get),
            "back": lambda reader: self.exports.get(reader.whole()),
            "library": lambda reader: library.resolve(reader.text(), reader.text()),
            "callback": self._read_callback,
            "shared": self._read_shared,
            "stream": self._read_stream,
        }

    def outside(self) -> AbstractContextManager[None]:
        """Let interrupts in; they are held back while a message is taken apart or put together."""
        return _OUTSIDE

    def in_step(self) -> AbstractContextManager[None]:
        """Hold interrupts back, but for the times that `outside` lets them in."""
        return _IN_STEP

    def strict(self) -> bool:
        """An interrupt may have ended the code that asked."""
        return False

    def ask(self, op: str, *args: Any) -> Any:
        """The examiner's answer to the student's code."""
        if os.getpid() != self._process:
            raise RuntimeError("what the test passed in can be used only in the process that it was passed to")
        with _IN_STEP:
            return self.request(op, *args)

    def _ask_gradient(self, number: int, grad: torch.Tensor, create_graph: bool) -> list[torch.Tensor | None]:
        with _IN_STEP:
            return super()._ask_gradient(number, grad, create_graph)

    def run(self, op: str, args: tuple[Any, ...]) -> tuple[Any, str]:
        """Do what is asked, with interrupts let in; around the outermost call goes the owner's hook."""
        self._printed = ""
        self._inside += 1
        try:
            with self.outside():
                if self._around_call is None or self._inside > 1 or op == "cells":
                    return self.perform(op, args), ""
                return self._run_watched(op, args), self._printed
        finally:
            self._inside -= 1

    def _run_watched(self, op: str, args: tuple[Any, ...]) -> Any:
        assert self._around_call is not None
        printed: Callable[[], str] | None = None
        try:
            with self._around_call() as printed:
                return self.perform(op, args)
        finally:
            self._printed = printed() if callable(printed) else ""

    def printed_before_error(self) -> str:
        """What code printed that ended in an exception."""
        return self._printed

    def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        """Do one of the operations below."""
        if op == "gradient":
            return self.gradient(*args)
        if op == "cells":
            return self._run_cells(*args)
        if op == "name":
            return self._name(*args)
        if op == "bind":
            return self._bind(*args)
        if op == "seed":
            return self._seed(*args)
        return _OPERATIONS[op](*args)

    def _run_cells(
        self, sources: tuple[str | tuple[Any, ...], ...], names: tuple[str, ...], seed: str
    ) -> dict[str, Any]:
        """Run one cell after another, tell each outcome at once, and answer with the names' values; seeded, if so."""
        for source in sources:
            with torch.enable_grad():
                outcome = self._run_cell(*((source,) if isinstance(source, str) else source))
            self.send_part(outcome.as_data())
        if seed:
            with contextlib.suppress(Exception):  # whoever has patched that draws what they draw
                self._seed(seed)
        return {name: self._namespace[name] for name in names if name in self._namespace}

    def send_part(self, value: Any) -> None:
        """As any message, with interrupts held back."""
        with _IN_STEP:
            super().send_part(value)

    def _name(self, name: str) -> Any:
        if name not in self._namespace:
            raise NameError(f"name '{name}' is not defined", name=name)
        return self._namespace[name]

    def _bind(self, name: str, *value: Any) -> None:
        if value:
            self._namespace[name] = value[0]
        else:
            self._namespace.pop(name, None)

    def raised(self, fault: Fault) -> BaseException:
        """The exception of a test's function, as the built-in class that it is of; what it said is not told."""
        error = CATCHABLE.get(fault.kind, RuntimeError)(fault.message or "a function of the test failed")
        vars(error)["_origin"] = fault.origin
        return error

    def fault(self, error: BaseException) -> Fault:
        """The whole of an exception; with its number, if it is one of the examiner's own."""
        number = vars(error).get("_origin", 0)
        return Fault(*described(error, self.limits.text), number if type(number) is int else 0)

    def write_other(self, writer: Writer, value: Any) -> None:
        """Anything that is not data crosses as a reference."""
        if issubclass(type(value), torch.Tensor) and type(value) is not torch.Tensor and crosses(value):
            self._codec.tensors.write(writer, value)
            return
        kind = value.__name__ if isinstance(value, type) else type(value).__name__
        if (form := contents.kind_of(value)) or contents.passing_of(value):
            tag = "contained" if form else "passing"
            writer.tokens += (tag, self.exports.number(value), kind[:100], form or contents.passing_of(value))
            return
        writer.tokens += ("reference", self.exports.number(value), kind[:100])

    def _write_path(self, writer: Writer, value: Path) -> None:
        writer.tokens += ("students path", str(value))
        self.write_other(writer, value)

    def _write_proxy(self, writer: Writer, value: Any) -> None:
        writer.tokens += ("mine", value._handle)

    def _read_callback(self, reader: Reader) -> Any:
        handle, name = reader.whole(), reader.text()
        return self._proxy(handle, lambda: Callback(self.ask, handle, name))

    def _read_shared(self, reader: Reader) -> Any:
        handle, kind = reader.whole(), reader.text()
        names = tuple(reader.text() for _ in range(reader.count()))
        return self._proxy(handle, lambda: Shared(self.ask, handle, kind, names))

    def _read_stream(self, reader: Reader) -> Any:
        handle = reader.whole()
        return self._proxy(handle, lambda: Stream(self.ask, handle))

    def _proxy(self, handle: int, make: Callable[[], Any]) -> Any:
        proxy = self._proxies.get(handle)
        self.dropped.pop(handle, None)
        if proxy is None:
            proxy = self._proxies[handle] = make()
            weakref.finalize(proxy, self._release, handle).atexit = False
        return proxy

    def _release(self, handle: int) -> None:
        if handle not in self._proxies:
            self.dropped[handle] = None


def _call(target: Any, args: tuple[Any, ...], names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    return target(*args, **dict(zip(names, values, strict=True)))


def _there(source: str, name: str, args: Any, names: Any, values: Any) -> Any:
    """A function given by its source, run in a namespace of its own."""
    code, lines = compiled(source, name)
    linecache.cache[code.co_filename] = (len(source), None, lines, code.co_filename)
    namespace: dict[str, Any] = {"__name__": "there"}
    exec(code, namespace)
    return _call(namespace[name], args, names, values)


@lru_cache(maxsize=_KEPT)
def compiled(source: str, name: str) -> tuple[CodeType, list[str]]:
    """What defines a function that is given by its source, and the lines that tracebacks show of it."""
    return compile(source, f"<{name} of the test>", "exec"), source.splitlines(keepends=True)


def _next(target: Any) -> tuple[bool, Any]:
    try:
        return True, next(target)
    except StopIteration:
        return False, None


def _exit(target: Any, failed: bool) -> bool:
    """Leave a student's `with` block; the test's own exception is not shown to it."""
    error = RuntimeError("the block ended in an exception") if failed else None
    return bool(type(target).__exit__(target, type(error) if error else None, error, None))


def _seed(number: int) -> None:
    import random

    import numpy as np

    random.seed(number)
    np.random.seed(number % (1 << 32))
    torch.manual_seed(number)


def _set_item(target: Any, key: Any, value: Any) -> None:
    target[key] = value


def _delete_item(target: Any, key: Any) -> None:
    del target[key]


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "there": _there,
    "get": getattr,
    "set": setattr,
    "dir": dir,
    "item": lambda target, key: target[key],
    "set item": _set_item,
    "delete item": _delete_item,
    "len": len,
    "iterator": iter,
    "next": _next,
    "enter": lambda target: type(target).__enter__(target),
    "exit": _exit,
    "float": float,
    "int": int,
    "complex": complex,
    "str": str,
    "content": contents.taken,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
