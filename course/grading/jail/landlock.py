"""The middle isolation level: read the environment, write the working folder, nothing else (Linux 5.13 on).

Protects against: reading, writing, making or removing files elsewhere; TCP and abstract sockets and signals to others
where the kernel's Landlock knows them. Needs the filter of `course.grading.jail.seccomp` beside it.
Does not protect against: seeing that a file exists, its size and its times; seeing other processes' names.
"""

import errno
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from course.grading.jail import kernel

_EXECUTE, _WRITE, _READ, _READ_FOLDER, _TRUNCATE, _DEVICE_CONTROL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_MAKE_DEVICES = 1 << 6 | 1 << 11
_ON_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _DEVICE_CONTROL
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights on files exist; 16 from version 5 on
_TCP, _SCOPES = 0b11, 0b11
_SIGNALS_SINCE = 6


def version() -> int:
    """The version of the kernel's Landlock; OSError where it has none or has it switched off."""
    return kernel.syscall("landlock", kernel.SYS_LANDLOCK_CREATE_RULESET, None, 0, 1)


def holds_signals() -> bool:
    """Whether this kernel's Landlock keeps a process from signalling those outside."""
    return version() >= _SIGNALS_SINCE


def restrict(read: Iterable[Path], write: Iterable[Path], devices: Iterable[Path]) -> None:
    """Allow this process and all that it starts these paths only; needs no_new_privs first."""
    handled = _handled(version())
    ruleset = _create(version(), handled)
    try:
        for path in read:
            _allow(ruleset, path, (_EXECUTE | _READ | _READ_FOLDER) & handled)
        for path in write:
            _allow(ruleset, path, handled & ~(_EXECUTE | _MAKE_DEVICES | _DEVICE_CONTROL))
        for path in devices:
            _allow(ruleset, path, (_READ | _READ_FOLDER | _WRITE | _TRUNCATE | _DEVICE_CONTROL) & handled)
        kernel.syscall("landlock_restrict_self", kernel.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _handled(number: int) -> int:
    bits: int = (1 << _RIGHTS_BY_VERSION.get(number, 16)) - 1
    return bits


def _create(number: int, handled: int) -> int:
    fields = [handled, *([_TCP] if number >= 4 else []), *([_SCOPES] if number >= _SIGNALS_SINCE else [])]
    attributes = struct.pack(f"{len(fields)}Q", *fields)
    return kernel.syscall("landlock", kernel.SYS_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EACCES):
            return  # what is not there, or is closed to this user anyhow, needs no rule
        raise
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, fd)
        kernel.syscall(f"landlock rule {path}", kernel.SYS_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0)
    finally:
        os.close(fd)
