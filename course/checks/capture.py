"""Keeps what student's code prints, warns and displays while a check calls it.

nbgrader gives no points to a test cell with one character on stderr, and takes the first displayed value for the score; both
are held back here, also when they come from C code, from a logger that kept the old stream, or through display().
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TextIO

MOST_CHARACTERS = 20_000
QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


class Sink(io.TextIOBase):
    """A text stream that keeps the first characters and drops the flood."""

    def __init__(self) -> None:
        super().__init__()
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

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def text(self) -> str:
        return "".join(self._parts)


@contextlib.contextmanager
def captured() -> Iterator[Sink]:
    """Sends everything that is printed, warned or displayed inside into the Sink."""
    sink = Sink()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_file_descriptors(sink))
        stack.enter_context(_displays(sink))
        stack.enter_context(_streams(sink))
        stack.enter_context(_warnings(sink))
        yield sink


@contextlib.contextmanager
def stderr_to_stdout() -> Iterator[None]:
    """Sends warnings and everything written to sys.stderr to sys.stdout."""

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
def _written_to(stream: TextIO, write: Callable[[str], int]) -> Iterator[None]:
    """Redirects a stream object itself, for those who hold on to it (loggers, progress bars)."""
    try:
        before = vars(stream).get("write")
        stream.write = write  # type: ignore[method-assign]
    except (AttributeError, TypeError):
        yield
        return
    try:
        yield
    finally:
        if before is None:
            del stream.write
        else:
            stream.write = before  # type: ignore[method-assign]


@contextlib.contextmanager
def _file_descriptors(sink: Sink) -> Iterator[None]:
    """Redirects descriptors 1 and 2, for C code and child processes."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.TemporaryFile())
            saved = [os.dup(1), os.dup(2)]
        except OSError:
            yield
            return
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
        try:
            yield
        finally:
            for descriptor, before in zip((1, 2), saved, strict=True):
                os.dup2(before, descriptor)
                os.close(before)
            file.seek(0)
            sink.write(file.read(MOST_CHARACTERS).decode("utf-8", "replace"))


@contextlib.contextmanager
def _warnings(sink: Sink) -> Iterator[None]:
    def write(text: str) -> int:
        return sink.write(text)

    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in QUIET:
            warnings.simplefilter("ignore", category)
        with _shown_warnings(write):
            yield


@contextlib.contextmanager
def _shown_warnings(write: Callable[[str], int]) -> Iterator[None]:
    """Shows a warning as one line without a path."""

    def show(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        write(f"{category.__name__}: {message}\n")

    before, warnings.showwarning = warnings.showwarning, show
    try:
        yield
    finally:
        warnings.showwarning = before


@contextlib.contextmanager
def _displays(sink: Sink) -> Iterator[None]:
    """Holds back display(): rich output is noted by its plain text."""
    here, hook = shell(), sys.displayhook

    def show(value: object) -> None:
        if value is not None:
            sink.write(f"{value!r}\n")

    sys.displayhook = show
    if here is None:
        try:
            yield
        finally:
            sys.displayhook = hook
        return
    from IPython.core.displaypub import CapturingDisplayPublisher

    publisher, here.display_pub = here.display_pub, CapturingDisplayPublisher()
    try:
        yield
    finally:
        for output in here.display_pub.outputs:
            sink.write(str(output.get("data", {}).get("text/plain", "(a picture)")) + "\n")
        here.display_pub, sys.displayhook = publisher, hook
