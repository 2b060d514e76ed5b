"""multiprocessing where /dev/shm and sockets are closed, as on the landlock level: its parts by other means.

Locks and shared memory lie in files of the jail's own temporary folder, tensors cross as bytes, and the fork server,
which would need a socket, is a fork. A Manager, which needs one too, is not to be had.
"""

import _multiprocessing  # type: ignore[import-not-found]
import ctypes
import mmap
import multiprocessing.context
import multiprocessing.heap
import multiprocessing.shared_memory
import multiprocessing.synchronize
import os
import sys
import tempfile
from multiprocessing.reduction import ForkingPickler
from types import SimpleNamespace
from typing import Any, ClassVar

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


def install() -> None:
    """Let this process and its forks use multiprocessing's locks, pools and memory, and torch's workers."""
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
