"""What a process holds in memory: in large pages before it forks, and given back when it is no longer needed.

The kernel copies page tables at every fork and drops them at every exit. With torch loaded that is most of what a
fork costs: 25 ms with small pages, 6 ms with large ones, whose table is 512 times shorter. A small process forks as
fast with small ones, and would wait for the kernel, which first has every core finish what it does with pages.
"""

import contextlib
import ctypes
import mmap
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LARGE = 2 * 1024**2  # bytes, on the processors where it helps; elsewhere the kernel refuses
_LEAST_MB = 100  # for which it is worth while
_COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1 and later


def enlarge() -> int:
    """Put this process's private memory into large pages where the kernel can; how many areas of a large one it did."""
    if not sys.platform.startswith("linux") or _resident_mb() < _LEAST_MB:
        return 0
    madvise = _libc().madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(madvise(start, stop - start, _COLLAPSE) == 0 for start, stop in list(_private_areas()))


def give_back() -> None:
    """Return freed memory to the kernel, which C's allocator would keep; where that is not glibc's, do nothing."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(AttributeError):
            _libc().malloc_trim(0)


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _resident_mb() -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE / 1024**2
    return 0.0


def _private_areas() -> Iterator[tuple[int, int]]:
    """Where memory lies that is written to and backed by no file, cut to whole large pages."""
    with contextlib.suppress(OSError):
        for row in Path("/proc/self/maps").read_text().splitlines():
            where, rights, _, _, inode, *_ = row.split()
            start, stop = (int(address, 16) for address in where.split("-"))
            start, stop = -(-start // LARGE) * LARGE, stop // LARGE * LARGE
            if "w" in rights and inode == "0" and start < stop:
                yield start, stop
