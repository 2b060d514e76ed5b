"""Keeps what student's code prints, warns and displays while a check calls it.

nbgrader gives no points to a test cell with one character on stderr, and takes the first displayed value for the score.
Both are held back here, also when they come from C code, from a logger that kept the old stream, or through display().
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import IO, Any

MOST_CHARACTERS = 20_000
QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
Write = Callable[[str], object]
_recorders: list[Any] = []  # that are free: to make one takes longer than all else here


class Sink(io.TextIOBase):
    """A text stream that keeps the first characters and drops the flood."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: Write = getattr(sys.stdout, "write", print)  # where its texts would have gone
        self._parts: list[str] = []
        self._left = MOST_CHARACTERS

    def write(self, text: str) -> int:
        if self._left > 0:
            self._parts.append(text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                self._parts.append("\n(more was printed)\n")
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self._parts)


@contextlib.contextmanager
def captured() -> Iterator[Sink]:
    """Send everything that is printed, warned or displayed inside into the Sink."""
    sink = Sink()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_file_descriptors(sink))
        stack.enter_context(_displays(sink))
        stack.enter_context(_streams(sink))
        stack.enter_context(_warnings(sink.write))
        yield sink


@contextlib.contextmanager
def stderr_to_stdout() -> Iterator[None]:
    """Send warnings and everything written to sys.stderr to sys.stdout."""

    def write(text: str) -> int:
        return sys.stdout.write(text)

    with _written_to(sys.stderr, write), _shown_warnings(write):
        yield


def shell() -> Any:
    """The IPython shell that runs this code, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


@contextlib.contextmanager
def _streams(sink: Sink) -> Iterator[None]:
    stdout, stderr = sys.stdout, sys.stderr
    with _written_to(stdout, sink.write), _written_to(stderr, sink.write):
        sys.stdout = sys.stderr = sink
        try:
            yield
        finally:
            sys.stdout, sys.stderr = stdout, stderr


@contextlib.contextmanager
def _written_to(stream: Any, write: Write) -> Iterator[None]:
    """Redirect a stream object itself, for those who hold on to it (loggers, progress bars)."""
    try:
        before = vars(stream).get("write")
        stream.write = write
    except (AttributeError, TypeError):
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(AttributeError):
            del stream.write
        if before is not None:
            stream.write = before


@contextlib.contextmanager
def _file_descriptors(sink: Sink) -> Iterator[None]:
    """Redirect descriptors 1 and 2, for C code and child processes."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_nameless_file())
            saved = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}
        except OSError:
            yield
            return
        _flush()
        for descriptor in saved:
            os.dup2(file.fileno(), descriptor)
        try:
            yield
        finally:
            _flush()
            for descriptor, before in saved.items():
                os.dup2(before, descriptor)
                os.close(before)
            file.seek(0)
            sink.write(file.read(MOST_CHARACTERS).decode("utf-8", "replace"))


def _nameless_file() -> IO[bytes]:
    """A file in memory, where the system has such files: it takes half the time."""
    if hasattr(os, "memfd_create"):
        with contextlib.suppress(OSError):
            return os.fdopen(os.memfd_create("printed"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _flush() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()


@contextlib.contextmanager
def _warnings(write: Write) -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in QUIET:
            warnings.simplefilter("ignore", category)
        with _shown_warnings(write):
            yield


@contextlib.contextmanager
def _shown_warnings(write: Write) -> Iterator[None]:
    """Show a warning as one line without a path."""

    def show(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        write(f"{category.__name__}: {message}\n")

    before, warnings.showwarning = warnings.showwarning, show
    try:
        yield
    finally:
        warnings.showwarning = before


@contextlib.contextmanager
def _displays(sink: Sink) -> Iterator[None]:
    """Hold back display(): of rich output the plain text is kept."""
    here, hook = shell(), sys.displayhook

    def show(value: object) -> None:
        if value is not None:
            sink.write(f"{value!r}\n")

    sys.displayhook = show
    try:
        with _publisher(here, sink) if here is not None else contextlib.nullcontext():
            yield
    finally:
        sys.displayhook = hook


@contextlib.contextmanager
def _publisher(here: Any, sink: Sink) -> Iterator[None]:
    publisher, recorder = here.display_pub, _recorders.pop() if _recorders else _recorder()
    here.display_pub = recorder
    try:
        yield
    finally:
        here.display_pub = publisher
        for output in recorder.outputs:
            sink.write(f"{output.get('data', {}).get('text/plain', '(a picture)')}\n")
        recorder.outputs = []
        _recorders.append(recorder)


def have_ready() -> None:
    """Make one recorder, for whoever captures first."""
    _recorders.append(_recorder())


def _recorder() -> Any:
    from IPython.core.displaypub import CapturingDisplayPublisher

    return CapturingDisplayPublisher()
