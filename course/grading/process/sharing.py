"""multiprocessing where /dev/shm is closed, as on the landlock level: its locks and torch's tensors by other means.

Locks lie in a mapped file of the jail's own temporary folder, which forks share; tensors cross as bytes.
"""

import _multiprocessing  # type: ignore[import-not-found]
import ctypes
import mmap
import multiprocessing.heap
import multiprocessing.synchronize
import os
import sys
import tempfile
from multiprocessing.reduction import ForkingPickler
from types import SimpleNamespace
from typing import Any, ClassVar

_LOCK_BYTES = 64  # a semaphore takes 32 where a word has 64 bits; each stands on its own line of the cache


class SemLock:
    """Makes what ``_multiprocessing.SemLock`` makes, without a name in /dev/shm by which others could open it."""

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


def install() -> None:
    """Let this process and its forks use multiprocessing's locks and pools and torch's DataLoader with workers."""
    patched = SimpleNamespace(**{**vars(_multiprocessing), "SemLock": SemLock})
    multiprocessing.synchronize._multiprocessing = patched  # type: ignore[attr-defined]
    multiprocessing.heap.Arena._dir_candidates = []  # type: ignore[attr-defined]
    reducers = ForkingPickler._extra_reducers  # type: ignore[attr-defined]
    for kind in [kind for kind in reducers if kind.__module__.startswith("torch")]:
        del reducers[kind]
    if torch := sys.modules.get("torch"):
        torch.UntypedStorage._new_shared = classmethod(_new_unshared)


def _new_unshared(cls: Any, size: int, *, device: Any = "cpu") -> Any:
    return cls(size, device=device)
