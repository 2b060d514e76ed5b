"""What client, monitor and server say to each other: small JSON objects, and open files that go with them."""

import contextlib
import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

Words = dict[str, Any]
_HEADER = struct.Struct(">I")
_MAX = 16 * 2**20
_FILES = 16


def send(line: socket.socket, words: Words, files: Sequence[int] = ()) -> None:
    """Say it, with open files if need be; OSError when the other end is gone."""
    body = json.dumps(words).encode()
    packet = memoryview(_HEADER.pack(len(body)) + body)
    sent = socket.send_fds(line, [packet], files) if files else 0
    line.sendall(packet[sent:])


def receive(line: socket.socket) -> tuple[Words, list[int]]:
    """What the other end says, and the files with it, which the caller is to close.

    EOFError when it is gone or speaks otherwise, TimeoutError by the socket's own time.
    """
    head, files, _, _ = socket.recv_fds(line, _HEADER.size, _FILES)
    try:
        if not head:
            raise EOFError("the other end is gone")
        (size,) = _HEADER.unpack(head + _exactly(line, _HEADER.size - len(head)))
        if size > _MAX:
            raise EOFError(f"a message of {size} bytes")
        words = json.loads(_exactly(line, size))
        if not isinstance(words, dict):
            raise EOFError("no message")
        return words, files
    except BaseException as error:
        close(files)
        if isinstance(error, ValueError):
            raise EOFError("no message") from None
        raise


def ask(line: socket.socket, words: Words, files: Sequence[int] = ()) -> tuple[Words, list[int]]:
    """The answer to a question."""
    send(line, words, files)
    return receive(line)


def close(files: Sequence[int]) -> None:
    """Close what came with a message."""
    for file in files:
        with contextlib.suppress(OSError):
            os.close(file)


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError("the other end is gone")
        parts += part
    return bytes(parts)
