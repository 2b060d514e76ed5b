"""Frames of plain tokens over a socket, with caps and deadlines.

A frame is a length, a count and then that many msgpack scalars: nil, booleans, numbers, text, bytes. Containers never
appear, so no header can ask the reader for memory; what the tokens mean is the business of `encoder` and `decoder`.
Nothing is unpickled.
"""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice

import msgpack

from course.grading.system import clock

Pause = Callable[[], AbstractContextManager[object]]
Token = None | bool | int | float | str | bytes
TOKENS = frozenset({type(None), bool, int, float, str, bytes})
_HEADER = struct.Struct(">II")  # bytes, tokens
_CHUNK, _SMALL_CHUNK = 1 << 20, 1 << 16


@dataclass(frozen=True)
class WireLimits:
    """The caps on what crosses in one message, and on how deep calls may nest."""

    frame_bytes: int = 256 << 20
    nodes: int = 1_000_000
    depth: int = 64
    int_bytes: int = 1 << 16
    text: int = 20_000  # characters of an error message, a traceback, a printed text
    items: int = 1_000_000  # items that one loop over a student's object may draw
    nesting: int = 32  # calls within calls, both directions together


class CandidateEnded(Exception):
    """The candidate can answer no more; each subclass says how that came."""


class CandidateHung(CandidateEnded):
    """The deadline passed without an answer."""


class CandidateDied(CandidateEnded):
    """The candidate's end of the socket is closed."""


class WireViolation(CandidateEnded):
    """The candidate sent something that no honest end sends."""


class TooLarge(ValueError):
    """A value is above one of the caps of the wire."""


class Wire:
    """One end of the socket; frames in and out."""

    def __init__(self, sock: socket.socket, limits: WireLimits, pause: Pause = nullcontext) -> None:
        """`pause` is entered around each wait for a frame, so that an end can let signals in there and nowhere else."""
        sock.setblocking(False)
        self._sock, self._limits, self._pause = sock, limits, pause
        self._buffer = bytearray()
        self._pack = msgpack.Packer(autoreset=True, unicode_errors="surrogatepass").pack

    def send(self, tokens: list[Token], deadline: float | None) -> None:
        """Send one frame; raise TooLarge before anything is sent, CandidateDied or CandidateHung."""
        body = self._body(tokens)
        frame = memoryview(_HEADER.pack(len(body), len(tokens)) + body)
        while frame:
            try:
                frame = frame[self._sock.send(frame) :]
            except BlockingIOError:
                _wait(self._sock, select.POLLOUT, _left_s(deadline))
            except OSError as error:
                raise CandidateDied(f"the student's process is gone ({error.strerror or error})") from None

    def receive(self, deadline: float | None) -> list[Token]:
        """The tokens of the next frame; raises CandidateDied, CandidateHung or WireViolation.

        An exception that interrupts the waiting loses no bytes: the next call goes on where this one stood.
        """
        self._fill(_HEADER.size, deadline)
        length, count = _HEADER.unpack_from(self._buffer)
        if length > self._limits.frame_bytes or count > self._limits.nodes:
            raise WireViolation(f"a message of {length} bytes and {count} parts, more than is allowed")
        self._fill(_HEADER.size + length, deadline)
        body = bytes(memoryview(self._buffer)[_HEADER.size : _HEADER.size + length])
        del self._buffer[: _HEADER.size + length]
        return _tokens(body, count)

    def close(self) -> None:
        self._sock.close()

    def _body(self, tokens: list[Token]) -> bytes:
        if len(tokens) > self._limits.nodes:
            raise TooLarge(f"a value of more than {self._limits.nodes} parts cannot cross; return a tensor or an array")
        packed: bytes = self._pack(tokens)
        body = packed[_array_header_size(len(tokens)) :]
        if len(body) > self._limits.frame_bytes:
            raise TooLarge(f"a value of {len(body)} bytes cannot cross, the cap is {self._limits.frame_bytes}")
        return body

    def _fill(self, size: int, deadline: float | None) -> None:
        while len(self._buffer) < size:
            with self._pause():
                _wait(self._sock, select.POLLIN, _left_s(deadline))
            try:
                chunk = self._sock.recv(_CHUNK if size > _CHUNK else _SMALL_CHUNK)
            except BlockingIOError:  # the wait was up
                continue
            except OSError as error:
                raise CandidateDied(f"the student's process is gone ({error.strerror or error})") from None
            if not chunk:
                raise CandidateDied("the student's process ended")
            self._buffer += chunk


def _tokens(body: bytes, count: int) -> list[Token]:
    size = len(body)
    unpacker = msgpack.Unpacker(
        max_buffer_size=size or 1,
        max_str_len=size,
        max_bin_len=size,
        max_array_len=0,
        max_map_len=0,
        max_ext_len=0,
        unicode_errors="surrogatepass",
    )
    unpacker.feed(body)
    try:
        tokens = list(islice(unpacker, count))
    except (ValueError, TypeError, OverflowError) as error:
        raise WireViolation(f"a message that is not msgpack scalars ({type(error).__name__})") from None
    if len(tokens) != count or unpacker.tell() != size or not TOKENS.issuperset(map(type, tokens)):
        raise WireViolation("a message that is cut off, or has parts that no honest end sends")
    return tokens


def _left_s(deadline: float | None) -> float | None:
    """The seconds left; raises CandidateHung when there are none."""
    if deadline is None:
        return None
    left_s = deadline - clock.now()
    if left_s <= 0:
        raise CandidateHung("the student's code did not answer in time")
    return left_s


def _wait(sock: socket.socket, event: int, left_s: float | None) -> None:
    poll = select.poll()
    poll.register(sock, event)
    poll.poll(None if left_s is None else left_s * 1000 + 1)


def _array_header_size(count: int) -> int:
    return 1 if count < 16 else 3 if count < 1 << 16 else 5
