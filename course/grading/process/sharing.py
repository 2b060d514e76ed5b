"""multiprocessing where /dev/shm and sockets are closed, as on the landlock level: its parts by other means.

Locks and shared memory lie in files of the jail's own temporary folder, tensors cross as bytes, and the fork server,
which would need a socket, is a fork. Listeners, such as a Manager's, get their connections over pairs of sockets that
every fork inherits.
"""

import _multiprocessing  # type: ignore[import-not-found]
import ctypes
import errno
import fcntl
import mmap
import multiprocessing.connection
import multiprocessing.context
import multiprocessing.heap
import multiprocessing.shared_memory
import multiprocessing.synchronize
import os
import select
import socket
import sys
import tempfile
from multiprocessing import util
from multiprocessing.reduction import ForkingPickler
from types import SimpleNamespace
from typing import Any, ClassVar

_LINES = 4  # listeners at once
_LOCK_BYTES = 64  # a semaphore takes 32 where a word has 64 bits; each stands on its own line of the cache


class SemLock:
    """Makes what `_multiprocessing.SemLock` makes, without a name in /dev/shm by which others could open it."""

    SEM_VALUE_MAX: ClassVar[int] = _multiprocessing.SemLock.SEM_VALUE_MAX
    _rebuild = staticmethod(_multiprocessing.SemLock._rebuild)
    _pages: ClassVar[list[mmap.mmap]] = []
    _next: ClassVar[int] = mmap.PAGESIZE

    def __new__(cls, kind: int, value: int, maxvalue: int, *_: object) -> Any:
        if cls._next + _LOCK_BYTES > mmap.PAGESIZE:
            with tempfile.TemporaryFile() as file:
                file.truncate(mmap.PAGESIZE)
                cls._pages.append(mmap.mmap(file.fileno(), mmap.PAGESIZE))
            cls._next = 0
        handle = ctypes.addressof(ctypes.c_char.from_buffer(cls._pages[-1], cls._next))
        cls._next += _LOCK_BYTES
        if ctypes.CDLL(None, use_errno=True).sem_init(ctypes.c_void_p(handle), 1, ctypes.c_uint(value)):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return cls._rebuild(handle, kind, maxvalue, None)


class _PosixShm:
    """What `_posixshmem` does, with files in the temporary folder."""

    @staticmethod
    def shm_open(name: str, flags: int, mode: int = 0o600) -> int:
        return os.open(_shared_path(name), flags, mode)

    @staticmethod
    def shm_unlink(name: str) -> None:
        os.unlink(_shared_path(name))


def _shared_path(name: str) -> str:
    return os.path.join(tempfile.gettempdir(), f"shm_{name.lstrip('/')}")


class LineListener:
    """Does what `multiprocessing.connection.SocketListener` does, over one of a few lines that are made beforehand.

    A file at its address says which line it has, and a lock on another file keeps that line its own while it lives.
    """

    lines: ClassVar[list[tuple[socket.socket, socket.socket]]] = []  # where to listen, and where to call

    def __init__(self, address: str, *_: object) -> None:
        number, self._claim = self._free_line()
        self._address, self._last_accepted, self._line = address, None, self.lines[number][0]
        while select.select([self._line], [], [], 0)[0]:  # calls that the one before it did not take
            self.accept().close()
        descriptor = os.open(address, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(str(number))
        self._unlink = util.Finalize(self, os.unlink, args=(address,), exitpriority=0)

    def _free_line(self) -> tuple[int, int]:
        for number in range(len(self.lines)):
            claim = os.open(os.path.join(tempfile.gettempdir(), f"line_{number}"), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(claim)
            else:
                return number, claim
        raise OSError(errno.EADDRINUSE, f"no more than {len(self.lines)} listeners can be open at once here")

    def accept(self) -> Any:
        """The next connection, which somebody has asked for."""
        _, ends, _, _ = socket.recv_fds(self._line, 1, 1)
        return multiprocessing.connection.Connection(ends[0])

    def close(self) -> None:
        """Let the line go; nobody who asks at its address is heard any more."""
        if self._unlink.still_active():
            self._unlink()
            os.close(self._claim)


def call_line(address: str) -> Any:
    """A connection to whoever listens at the address; does what `multiprocessing.connection.SocketClient` does."""
    with open(address) as file:
        number = int(file.read())
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(LineListener.lines[number][1], [b"+"], [theirs.fileno()])
    return multiprocessing.connection.Connection(ours.detach())


def install() -> None:
    """Let this process and its forks use multiprocessing's locks, pools, memory and managers, and torch's workers."""
    LineListener.lines = [socket.socketpair() for _ in range(_LINES)]
    connections: Any = multiprocessing.connection
    connections.SocketListener, connections.SocketClient = LineListener, call_line
    patched = SimpleNamespace(**{**vars(_multiprocessing), "SemLock": SemLock})
    multiprocessing.synchronize._multiprocessing = patched  # type: ignore[attr-defined]
    multiprocessing.heap.Arena._dir_candidates = []  # type: ignore[attr-defined]
    memory: Any = multiprocessing.shared_memory
    memory._posixshmem = _PosixShm
    memory.resource_tracker = SimpleNamespace(register=_no_tracking, unregister=_no_tracking)  # it would need the name
    contexts: Any = multiprocessing.context
    contexts._concrete_contexts["forkserver"] = contexts._concrete_contexts["fork"]
    reducers = ForkingPickler._extra_reducers  # type: ignore[attr-defined]
    for kind in [kind for kind in reducers if kind.__module__.startswith("torch")]:
        del reducers[kind]
    if torch := sys.modules.get("torch"):
        torch.UntypedStorage._new_shared = classmethod(_new_unshared)


def _no_tracking(name: str, kind: str) -> None: ...


def _new_unshared(cls: Any, size: int, *, device: Any = "cpu") -> Any:
    return cls(size, device=device)
