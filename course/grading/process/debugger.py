"""A debugger on the student's side, for `course replay --debug`: pdb inside the jail, on a socket that leads outside.

The terminal itself stays outside, since whoever holds it can type into the shell that is used next. The candidate is
given one end of a socket; the command carries lines between the other end and the terminal.
"""

import bdb
import contextlib
import pdb
import socket
import sys
from collections.abc import Iterator
from typing import Any

_ABOVE = ["course.*", "contextlib", "torch", "torch.*"]  # frames between the question and the student's function
_line: socket.socket | None = None
_armed = False


def install(line: socket.socket) -> None:
    """Let the debugger read and write on this socket."""
    global _line
    _line = line


def arm() -> None:
    """Have the next call of the student's code stop at its first line."""
    global _armed
    _armed = True


@contextlib.contextmanager
def at_call() -> Iterator[None]:
    """Go around a call of the student's code, and open the debugger in it where it was asked for."""
    global _armed
    if not _armed or _line is None:
        yield
        return
    _armed = False
    with _line.makefile("r", encoding="utf-8", errors="replace") as lines, _line.makefile("w", encoding="utf-8") as out:
        debugger: Any = pdb.Pdb(stdin=lines, stdout=out, skip=_ABOVE, nosigint=True, readrc=False)
        debugger.prompt = "(student's side) "
        debugger.reset()
        sys.settrace(debugger.trace_dispatch)
        try:
            yield
        except bdb.BdbQuit:
            raise
        except Exception as error:
            sys.settrace(None)
            debugger.message(f"The call raised {type(error).__name__}: {error}")
            debugger.reset()
            debugger.interaction(None, error.__traceback__)
            raise
        finally:
            sys.settrace(None)
