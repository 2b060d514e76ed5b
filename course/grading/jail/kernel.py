"""Linux calls that Python has no name for, through libc; every refusal is an OSError that says which call it was."""

import ctypes
import os
import platform
import sys
from functools import cache
from typing import Any

# prctl(2) options
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP = 1, 4, 8, 22
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 36, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

# System calls newer than 5.1 have the same number on every machine.
SYS_OPEN_TREE, SYS_MOVE_MOUNT, SYS_MOUNT_SETATTR = 428, 429, 442
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = 444, 445, 446
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION = 0x20080522


def is_linux() -> bool:
    """Whether the jail's own means exist here at all."""
    return sys.platform.startswith("linux")


def machine() -> str:
    """The processor architecture as the kernel calls it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *args: int | bytes | None, what: str = "") -> int:
    """The result of libc's function `name`; OSError naming it (and `what`) when it fails."""
    return _checked(getattr(_libc(), name)(*map(_argument, args)), f"{name} {what}".strip())


def syscall(what: str, number: int, *args: Any) -> int:
    """The result of a system call without a libc name; OSError naming `what` when it fails."""
    return _checked(_libc().syscall(ctypes.c_long(number), *map(_argument, args)), what)


def prctl(option: int, *args: int) -> None:
    """Change one property of this process; OSError when the kernel refuses."""
    padded = (*args, 0, 0, 0, 0)[:4]
    call("prctl", option, *padded, what=f"option {option}")


def pivot_root() -> None:
    """Make the current folder, a mount point, the root of this mount namespace and let the old root go."""
    if machine() not in _SYS_PIVOT_ROOT:
        raise OSError(f"pivot_root: no number known for {machine()}")
    syscall("pivot_root", _SYS_PIVOT_ROOT[machine()], b".", b".")
    call("umount2", b".", 2, what="the old root")  # MNT_DETACH
    os.chdir("/")


def drop_bounding_set() -> None:
    """Make sure that no program executed from here on can gain a capability."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:  # past the last one, or not ours to drop: no_new_privs stands in for it
            return


def set_capabilities(mask: int) -> None:
    """Set the effective and permitted capabilities to `mask` and the inheritable and ambient ones to none."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    data = (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)
    call_with("capset", ctypes.byref(header), ctypes.byref(data))


def permitted_capabilities() -> int:
    """The capabilities that this process may use, as a bit mask."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)()
    call_with("capget", ctypes.byref(header), ctypes.byref(data))
    return int(data[1]) | int(data[4]) << 32


def call_with(name: str, *args: Any) -> int:
    """Like `call`, for arguments that are ctypes objects."""
    return _checked(getattr(_libc(), name)(*args), name)


def _argument(value: Any) -> Any:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return int(result)
