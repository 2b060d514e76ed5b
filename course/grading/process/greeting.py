"""The first word of a new candidate, sent before the student's first line: that it has started, or why it has not."""

import contextlib
import socket
import struct

from course.grading.boundary import CandidateEnded
from course.grading.outputs import MESSAGE_CAP
from course.grading.system import clock

START_S = 120.0  # a fork and its jail take a twentieth of a second on a quiet machine
_STARTED, _NOT_STARTED = b"+", b"-"  # the second is followed by why
_CREDENTIALS = struct.Struct("3i")  # a process, its user and its group, as the kernel tells them


class NotStarted(CandidateEnded):
    """The grader, not the student, is why there is no candidate."""


def started(channel: socket.socket) -> None:
    """Say that this candidate serves; OSError when nobody listens."""
    channel.sendall(_STARTED)


def not_started(channel: socket.socket, reason: str) -> None:
    """Say why this candidate will not serve, if anybody listens."""
    with contextlib.suppress(OSError):
        channel.sendall(_NOT_STARTED + reason.encode(errors="replace"))


def why_not_started(channel: socket.socket) -> str:
    """Wait until the new candidate serves, and keep its clock from now on; why it does not, if so."""
    channel.settimeout(START_S)
    try:
        answer, ancillary, _, _ = channel.recvmsg(len(_STARTED), socket.CMSG_SPACE(_CREDENTIALS.size))
        if answer == _NOT_STARTED:
            return b"".join(iter(lambda: channel.recv(MESSAGE_CAP), b""))[:MESSAGE_CAP].decode(errors="replace")
        if answer != _STARTED:
            return "it ended before it could say why"
    except TimeoutError:
        return f"it did not start within {START_S:g} s"
    except OSError as error:
        return str(error)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, getattr(socket, "SCM_CREDENTIALS", None)):
            clock.follow(_CREDENTIALS.unpack(data)[0])
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    return ""
