"""The line between an examiner and its owner: whole messages of plain data, and the sockets that go with them."""

import socket
import struct
from typing import Any

import msgpack

_HEADER = struct.Struct(">I")
_MAX = 512 * 2**20
_ODD_TEXT = "surrogatepass"  # a file's name may be no UTF-8; Python spells it with halves of surrogate pairs


class Control:
    """One end of the line; both ends run trusted code, so it guards against truncation, not against malice."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def send(self, message: object) -> None:
        """Send one message; OSError when the other end is gone."""
        body = msgpack.packb(message, unicode_errors=_ODD_TEXT)
        self.socket.sendall(_HEADER.pack(len(body)) + body)

    def receive(self, timeout_s: float | None = None) -> Any:
        """The next message; EOFError when the other end is gone, TimeoutError when none begins in time."""
        self.socket.settimeout(timeout_s)
        try:
            head = self._exactly(_HEADER.size)
        finally:
            self.socket.settimeout(None)
        (size,) = _HEADER.unpack(head)
        if size > _MAX:
            raise EOFError(f"a message of {size} bytes")
        return msgpack.unpackb(self._exactly(size), strict_map_key=False, unicode_errors=_ODD_TEXT)

    def send_socket(self, sock: socket.socket) -> None:
        """Hand a socket over."""
        socket.send_fds(self.socket, [b"s"], [sock.fileno()])

    def receive_socket(self) -> socket.socket:
        """The socket handed over; EOFError when the other end is gone."""
        _, fds, _, _ = socket.recv_fds(self.socket, 1, 1)
        if not fds:
            raise EOFError("no socket came")
        return socket.socket(fileno=fds[0])

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self.socket.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError("the other end is gone")
            parts += part
        return bytes(parts)
