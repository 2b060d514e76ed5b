"""The way of a debugger's lines between the student's side and the instructor's terminal.

What comes from there is stripped of all that steers a terminal; what the student's side holds is a socket, never the
terminal.
"""

import codecs
import contextlib
import os
import select
import socket
import threading
from collections.abc import Iterator
from typing import TextIO

from course.report.screen import harmless


@contextlib.contextmanager
def relay(keyboard: int, screen: TextIO) -> Iterator[socket.socket]:
    """A socket whose lines go to the screen, and which hears what is typed, as long as the block runs.

    Args:
        keyboard: the open file to read what is typed from.
    """
    ours, theirs = socket.socketpair()
    wake, stop = os.pipe()
    carrier = threading.Thread(target=_carry, args=(ours, keyboard, wake, screen), daemon=True)
    carrier.start()
    try:
        yield theirs
    finally:
        os.write(stop, b".")
        carrier.join()
        for line in (ours, theirs):
            line.close()
        for file in (wake, stop):
            os.close(file)


def _carry(line: socket.socket, keyboard: int, wake: int, screen: TextIO) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    open_files = [line.fileno(), keyboard, wake]
    while True:
        ready, _, _ = select.select(open_files, [], [])
        if line.fileno() in ready:
            screen.write(harmless(decoder.decode(line.recv(65536))))
            screen.flush()
        elif wake in ready:
            return
        elif keyboard in ready and not _pass_on(os.read(keyboard, 65536), line):
            open_files.remove(keyboard)


def _pass_on(typed: bytes, line: socket.socket) -> bool:
    """Send what was typed; at its end the debugger hears that, too."""
    with contextlib.suppress(OSError):
        line.sendall(typed) if typed else line.shutdown(socket.SHUT_WR)
    return bool(typed)
