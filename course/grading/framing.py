"""How the grader's own processes speak: messages of frozen classes, each sent whole, with the files that go with it.

Each kind of line names its classes, and only these are made, whatever arrives. A command that hands itself over to a
warm engine waits for this module, so it imports little.
"""

import contextlib
import os
import socket
import struct
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache, partial
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgpack

_HEADER = struct.Struct(">I")
_FILES = 16
_SCALARS = (str, int, float, bool, bytes, type(None))
_ODD_TEXT = "surrogatepass"  # a file's name may be no UTF-8; Python spells it with halves of surrogate pairs
M = TypeVar("M")
K = TypeVar("K")


class Arrival(NamedTuple, Generic[M]):
    """A message, the files that came with it, and whether some were lost since this process may open no more."""

    message: M
    files: list[int]
    files_lost: bool


class Channel(Generic[M]):
    """One end of a line; both ends run trusted code, so it guards against truncation, not against malice.

    Attributes:
        kinds: the classes of M by their names.
        max_bytes: the size of the longest message that is read.
    """

    kinds: ClassVar[Mapping[str, type]]
    max_bytes: ClassVar[int]

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    @classmethod
    def have_ready(cls) -> None:
        """Find out beforehand how the messages of each kind are made, for all that are forked from this process."""
        for kind in cls.kinds.values():
            _find_builders(kind)

    def send(self, message: M, files: Sequence[int] = ()) -> None:
        """Send one message, with open files if need be; OSError when the other end is gone."""
        body = msgpack.packb(_plain(message), unicode_errors=_ODD_TEXT)
        packet = memoryview(_HEADER.pack(len(body)) + body)
        sent = socket.send_fds(self.socket, [packet], files) if files else 0
        self.socket.sendall(packet[sent:])

    def receive(self, timeout_s: float | None = None) -> M:
        """The next message; raises as `receive_with_files` does, whose files it closes."""
        message, files, _ = self.receive_with_files(timeout_s)
        close(files)
        return message

    def expect(self, kind: type[K]) -> K:
        """The next message, which must be of this kind; EOFError when it is not, or the other end is gone."""
        message = self.receive()
        if not isinstance(message, kind):
            raise EOFError(f"a {type(message).__name__} came, and no {kind.__name__}")
        return message

    def receive_with_files(self, timeout_s: float | None = None) -> Arrival[M]:
        """The next message and the files with it, which the caller is to close.

        EOFError when the other end is gone, TimeoutError when none begins in time, or by the socket's own time;
        ValueError for what is not a message: the line stands, and the files are closed.
        """
        own_s = self.socket.gettimeout()
        self.socket.settimeout(own_s if timeout_s is None else timeout_s)
        try:
            head, files, flags, _ = socket.recv_fds(self.socket, _HEADER.size, _FILES)
        finally:
            self.socket.settimeout(own_s)
        try:
            if not head:
                raise EOFError("the other end is gone")
            (size,) = _HEADER.unpack(head + self._exactly(_HEADER.size - len(head)))
            if size > self.max_bytes:
                raise EOFError(f"a message of {size} bytes")
            return Arrival(_read(self._exactly(size), self.kinds), files, bool(flags & socket.MSG_CTRUNC))
        except BaseException:
            close(files)
            raise

    def _exactly(self, size: int) -> bytearray:
        """So many bytes, read where they stay: a fork has no memory of its own yet, and each copy would take some."""
        whole = bytearray(size)
        left = memoryview(whole)
        while left:
            if not (count := self.socket.recv_into(left)):
                raise EOFError("the other end is gone")
            left = left[count:]
        return whole


def kinds_of(messages: object) -> dict[str, type]:
    """The classes of a union by their names."""
    return {kind.__name__: kind for kind in get_args(messages)}


def close(files: Sequence[int]) -> None:
    """Close what came with a message."""
    for file in files:
        with contextlib.suppress(OSError):
            os.close(file)


def _plain(value: Any) -> Any:
    """A value as plain data: one of a class with its name, so that it can be told from its alternatives.

    A class with `as_data` and `from_data` has a plain form of its own.
    """
    if type(value) in _SCALARS:
        return value
    if is_dataclass(value) and hasattr(value, "as_data"):
        return [type(value).__name__, value.as_data()]
    if is_dataclass(value):
        return [type(value).__name__, {name: _plain(part) for name, part in vars(value).items()}]
    return list(map(_plain, value)) if isinstance(value, list | tuple) else value


def _read(body: bytearray, kinds: Mapping[str, type]) -> Any:
    """The message of one of these kinds that `_plain` made plain; ValueError for anything else."""
    try:
        name, fields = msgpack.unpackb(body, strict_map_key=False, unicode_errors=_ODD_TEXT)
        return _made(kinds[name], fields)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise ValueError(f"not a message of the grader's: {type(error).__name__}: {error}") from None


def _made(kind: Any, fields: Mapping[str, Any]) -> Any:
    if hasattr(kind, "from_data"):
        return kind.from_data(fields)
    builders = _builders(kind)
    return kind(**{name: builders[name](part) for name, part in fields.items()})


def _find_builders(kind: Any) -> None:
    if not hasattr(kind, "from_data"):
        _builders(kind)


@cache
def _builders(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _builder(hint) for name, hint in get_type_hints(kind).items()}


def _builder(hint: Any) -> Callable[[Any], Any]:
    """Makes a value of that type of what `_plain` made plain."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is list or (origin is tuple and inner[-1] is ...):
        each = _builder(inner[0])
        return lambda data: origin(map(each, data))
    if origin is tuple:
        every = [_builder(one) for one in inner]
        return lambda data: tuple(build(part) for build, part in zip(every, data, strict=True))
    choices: tuple[Any, ...] = inner if origin is types.UnionType else (hint,)
    kinds = {kind.__name__: kind for kind in choices if isinstance(kind, type) and is_dataclass(kind)}
    for kind in kinds.values():
        _find_builders(kind)
    return partial(_named, kinds) if kinds else _as_it_is


def _named(kinds: Mapping[str, type], data: Any) -> Any:
    if data is None:
        return None
    name, fields = data
    return _made(kinds[name], fields)


def _as_it_is(data: Any) -> Any:
    return data
