"""The line between two of the grader's own processes: whole messages, and the sockets that go with them."""

import contextlib
import os
import socket
import struct
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import msgpack

from course.grading import protocol
from course.grading.protocol import Message

_HEADER = struct.Struct(">I")
_MAX = 512 * 2**20
_FILES = 16
_ODD_TEXT = "surrogatepass"  # a file's name may be no UTF-8; Python spells it with halves of surrogate pairs
M = TypeVar("M", bound=Message)


class Arrival(NamedTuple):
    """A message, the files that came with it, and whether some were lost since this process may open no more."""

    message: Message
    files: list[int]
    files_lost: bool


class Control:
    """One end of the line; both ends run trusted code, so it guards against truncation, not against malice."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def send(self, message: Message, files: Sequence[int] = ()) -> None:
        """Send one message, with open files if need be; OSError when the other end is gone."""
        body = msgpack.packb(protocol.as_data(message), unicode_errors=_ODD_TEXT)
        packet = memoryview(_HEADER.pack(len(body)) + body)
        sent = socket.send_fds(self.socket, [packet], files) if files else 0
        self.socket.sendall(packet[sent:])

    def receive(self, timeout_s: float | None = None) -> Message:
        """The next message; EOFError when the other end is gone, TimeoutError when none begins in time."""
        message, files, _ = self.receive_with_files(timeout_s)
        for file in files:
            os.close(file)
        return message

    def expect(self, kind: type[M]) -> M:
        """The next message, which must be of this kind; EOFError when it is not, or the other end is gone."""
        message = self.receive()
        if not isinstance(message, kind):
            raise EOFError(f"a {type(message).__name__} came, and no {kind.__name__}")
        return message

    def receive_with_files(self, timeout_s: float | None = None) -> Arrival:
        """The next message and the files with it, which the caller is to close; raises as ``receive`` does.

        ValueError for what is not a message; the line stands, and the files are closed.
        """
        self.socket.settimeout(timeout_s)
        try:
            head, files, flags, _ = socket.recv_fds(self.socket, _HEADER.size, _FILES)
        finally:
            self.socket.settimeout(None)
        try:
            if not head:
                raise EOFError("the other end is gone")
            (size,) = _HEADER.unpack(head + self._exactly(_HEADER.size - len(head)))
            if size > _MAX:
                raise EOFError(f"a message of {size} bytes")
            data = msgpack.unpackb(self._exactly(size), strict_map_key=False, unicode_errors=_ODD_TEXT)
            return Arrival(protocol.from_data(data), files, bool(flags & socket.MSG_CTRUNC))
        except BaseException:
            for file in files:
                with contextlib.suppress(OSError):
                    os.close(file)
            raise

    def send_socket(self, sock: socket.socket) -> None:
        """Hand a socket over."""
        self.send(protocol.Line(), [sock.fileno()])

    def receive_socket(self) -> socket.socket:
        """The socket handed over; EOFError when the other end is gone."""
        _, files, _ = self.receive_with_files()
        if not files:
            raise EOFError("no socket came")
        return socket.socket(fileno=files[0])

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self.socket.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError("the other end is gone")
            parts += part
        return bytes(parts)
