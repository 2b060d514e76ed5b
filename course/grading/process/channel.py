"""The line between owner, fork server, examiner and candidate's start."""

import socket

from course.grading import protocol
from course.grading.framing import Channel, kinds_of
from course.grading.protocol import Message


class Control(Channel[Message]):
    """One end of it."""

    kinds = kinds_of(Message)
    max_bytes = 512 * 2**20

    def send_socket(self, sock: socket.socket) -> None:
        """Hand a socket over."""
        self.send(protocol.Line(), [sock.fileno()])

    def receive_socket(self) -> socket.socket:
        """The socket handed over; EOFError when the other end is gone."""
        _, files, _ = self.receive_with_files()
        if not files:
            raise EOFError("no socket came")
        return socket.socket(fileno=files[0])
