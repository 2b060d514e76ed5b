"""A filter on system calls, made as a small program that the kernel runs before each call; it can never be taken off.

Protects against: mounting and new namespaces (so no way back to rights that the jail gave up), tracing and reading
other processes, kernel interfaces that no lesson needs or that are newer than this module, device nodes, memory that no
process is charged for, keys, typing into terminals.
Does not protect against: reading files (that is for the mounts or Landlock), or a flaw in a call that stays allowed.
"""

import contextlib
import ctypes
import errno
import os
import struct
from dataclasses import dataclass
from functools import cache, lru_cache

from course.grading.jail import kernel
from course.grading.jail.syscalls import NEWEST, numbers

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ALLOW, _ERRNO, _KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
_LOAD, _JUMP_EQUAL, _JUMP_OVER, _JUMP_BITS, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NAMESPACES = 0x7E02_0080  # every CLONE_NEW* flag
_THREAD, _SAME_FILES, _OWN_FILES = 0x1_0000, 0x400, 0x2  # CLONE_THREAD, CLONE_FILES, CLOSE_RANGE_UNSHARE
_PRETEND = 0  # the call does nothing and reports success
_EVERY_BIT = 0xFFFF_FFFF


_INSTRUCTION = 8  # bytes


class _Program(ctypes.Structure):
    """A filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


@dataclass(frozen=True)
class Rule:
    """Refuse `call` with `error`, always or when its argument number `argument` is as told.

    `bits` refuses any of these bits; `masked` refuses one value under a mask; `only` refuses all but these.
    """

    call: str
    error: int = errno.EPERM
    argument: int | None = None
    bits: int = 0
    masked: tuple[int, int] | None = None
    only: tuple[int, ...] = ()


_NEVER = """
mount umount2 pivot_root chroot mount_setattr move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick
unshare setns ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd keyctl add_key
request_key bpf userfaultfd perf_event_open kexec_load kexec_file_load init_module finit_module delete_module reboot
swapon swapoff acct quotactl quotactl_fd settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname
iopl ioperm modify_ldt syslog vhangup nfsservctl lookup_dcookie personality io_uring_setup io_uring_enter
io_uring_register io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents open_by_handle_at
name_to_handle_at fanotify_init inotify_add_watch memfd_secret shmget shmat shmctl semget semop semtimedop semctl msgget
msgsnd msgrcv msgctl mq_open mq_unlink migrate_pages move_pages
landlock_create_ruleset landlock_add_rule landlock_restrict_self
"""

_ALWAYS = (
    *(Rule(name) for name in _NEVER.split()),
    Rule("clone3", errno.ENOSYS),  # its flags lie in memory, out of a filter's sight; libc falls back to clone
    Rule("clone", argument=0, bits=_NAMESPACES),
    Rule("mknod", argument=1, masked=(0o170000, 0o020000)),
    Rule("mknod", argument=1, masked=(0o170000, 0o060000)),
    Rule("mknodat", argument=2, masked=(0o170000, 0o020000)),
    Rule("mknodat", argument=2, masked=(0o170000, 0o060000)),
    Rule("ioctl", argument=1, masked=(_EVERY_BIT, 0x5412)),  # TIOCSTI types into the grader's terminal
    Rule("ioctl", argument=1, masked=(_EVERY_BIT, 0x541C)),  # TIOCLINUX pastes into it
    Rule("prctl", _PRETEND, argument=0, masked=(_EVERY_BIT, kernel.PR_SET_PDEATHSIG)),  # or a jail outlives its grader
    Rule("prctl", _PRETEND, argument=0, masked=(_EVERY_BIT, kernel.PR_SET_DUMPABLE)),  # or it hides its open files
    Rule("setsid", _PRETEND),  # the kernel shares out a core by session, so one jail's processes stay one
    *(Rule(name, _PRETEND) for name in ("sync", "syncfs")),  # everybody's disks would be written to
    # Polling counts a process's open files, so all its threads have the same ones …
    Rule("clone", argument=0, masked=(_THREAD | _SAME_FILES, _THREAD)),
    Rule("close_range", errno.EINVAL, argument=2, bits=_OWN_FILES),
    # … but not what the kernel keeps of locks on parts of a file, however many they are …
    *(Rule("fcntl", _PRETEND, argument=1, masked=(_EVERY_BIT, command)) for command in (6, 7, 37, 38)),  # F_SETLK…
    # … nor pages that only a pipe or socket holds: of a large one it takes a byte to keep them all.
    *(Rule(name, errno.ENOSYS) for name in ("vmsplice", "splice", "tee")),
    Rule("setsockopt", errno.ENOPROTOOPT, argument=2, masked=(_EVERY_BIT, 60)),  # SO_ZEROCOPY
)

# Memory held without being mapped does not show in a process's size, so polling would miss it. GPU drivers need both.
_UNCHARGED = (
    Rule("memfd_create"),
    Rule("mmap", errno.ENOMEM, argument=3, masked=(0x21, 0x21)),  # MAP_SHARED | MAP_ANONYMOUS
    Rule("mmap", argument=3, bits=0x40000),  # MAP_HUGETLB
    *(Rule("setsockopt", _PRETEND, argument=2, masked=(_EVERY_BIT, option)) for option in (7, 8, 32, 33)),  # SO_SNDBUF…
    Rule("fcntl", argument=1, masked=(_EVERY_BIT, 1031)),  # F_SETPIPE_SZ
)

# In a network namespace of its own: everyday sockets only, since some others (vsock) know no namespaces.
_OWN_NETWORK = (Rule("socket", errno.EAFNOSUPPORT, argument=0, only=(1, 2, 10)),)

# Without namespaces: no sockets but pairs …
_NO_SOCKETS = tuple(Rule(name) for name in ("socket", "connect", "bind", "listen"))

# … and those that a GPU's driver must be able to make for itself, of a kind that reaches nobody without connect.
_OWN_SOCKETS = (
    Rule("socket", errno.EAFNOSUPPORT, argument=0, only=(1,)),
    Rule("socket", errno.EAFNOSUPPORT, argument=1, only=(5, 5 | 0o4000, 5 | 0o2000000, 5 | 0o2004000)),  # SEQPACKET
    Rule("connect", errno.ENOENT),  # the driver asks for a service that most machines do not run
)

# … and none of the calls on others' files and processes that Landlock forgets.
_SHARED_SYSTEM = (
    *(Rule(name) for name in ("pidfd_send_signal", "truncate", "tkill")),
    *(Rule(name, _PRETEND) for name in ("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown")),
    *(Rule(name, _PRETEND) for name in ("fchownat", "utime", "utimes", "futimesat", "utimensat")),
    *(Rule(name) for name in ("setxattr", "lsetxattr", "fsetxattr", "setxattrat", "file_setattr")),
    *(Rule(name) for name in ("removexattr", "lremovexattr", "fremovexattr", "removexattrat")),
    Rule("socketpair", argument=1, masked=(0xF, 2)),  # datagram pairs can be sent elsewhere
    Rule("openat2", errno.ENOSYS),
    Rule("open", argument=1, masked=(0o1003, 0o1000)),  # O_TRUNC while only reading: old Landlock lets it through
    Rule("openat", argument=2, masked=(0o1003, 0o1000)),
    Rule("fcntl", argument=1, masked=(_EVERY_BIT, 8)),  # F_SETOWN: signals to anyone
    Rule("fcntl", argument=1, masked=(_EVERY_BIT, 15)),  # F_SETOWN_EX
    Rule("ioctl", argument=1, masked=(_EVERY_BIT, 0x8901)),  # FIOSETOWN
    Rule("ioctl", argument=1, masked=(_EVERY_BIT, 0x8902)),  # SIOCSPGRP
    Rule("setpriority", argument=1, only=(0,)),
    Rule("setpriority", argument=0, only=(0,)),
    Rule("ioprio_set", argument=1, only=(0,)),
    *(Rule(f"sched_set{what}", argument=0, only=(0,)) for what in ("affinity", "scheduler", "param", "attr")),
)


# For a jail that has been put on its cores: it stays there, and a process that chooses its own is not disturbed.
_SETTLED = (Rule("sched_setaffinity", argument=0, only=(0,)), Rule("sched_setaffinity", _PRETEND))


def rules(*, own_network: bool, devices: bool, scoped_signals: bool = True) -> tuple[Rule, ...]:
    """What to refuse: in namespaces (`own_network`) or without; with GPUs; where Landlock holds no signals back."""
    chosen = (*_ALWAYS, *(() if devices else _UNCHARGED))
    if own_network:
        return (*chosen, *_OWN_NETWORK)
    me = os.getpid()
    sockets = _OWN_SOCKETS if devices else _NO_SOCKETS
    chosen = (*chosen, *sockets, *_SHARED_SYSTEM, Rule("prlimit64", argument=0, only=(0, me)))
    if scoped_signals:
        return chosen
    senders = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
    return (*chosen, *(Rule(name, argument=0, only=(me,)) for name in senders))


@lru_cache(maxsize=2)
def for_namespaces(*, devices: bool) -> bytes:
    """The filter of a jail in namespaces: the same for all of them."""
    return compile_rules(rules(own_network=True, devices=devices))


@cache
def for_settled() -> bytes:
    """The filter of a jail that has been put on its cores."""
    return compile_rules(_SETTLED)


def have_ready() -> None:
    """Compile the filters of jails beforehand, for all that are forked from this process."""
    with contextlib.suppress(OSError):
        for_namespaces(devices=False)
        for_settled()


def install(program: bytes) -> None:
    """Put the filter on this process and all that it starts; OSError where the kernel has none."""
    code = ctypes.create_string_buffer(program, len(program))
    filled = _Program(len(program) // _INSTRUCTION, ctypes.addressof(code))
    kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.addressof(filled))


def compile_rules(chosen: tuple[Rule, ...]) -> bytes:
    """The filter program, rule after rule, and allow at the end; OSError for a processor that is not known here.

    Calls newer than those known here are as good as not there; so are those of x86_64's second set of numbers.
    """
    if not (known := numbers()):
        raise OSError(errno.ENOSYS, f"seccomp: no system call numbers known for {kernel.machine()}")
    lines = [_op(_LOAD, 4), _op(_JUMP_EQUAL, _AUDIT_ARCH[kernel.machine()], 1, 0), _op(_RETURN, _KILL), _op(_LOAD, 0)]
    lines += [_op(_JUMP_OVER, NEWEST + 1, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    for rule in chosen:
        if rule.call in known:
            lines += _compiled(rule, known[rule.call])
    return b"".join([*lines, _op(_RETURN, _ALLOW)])


def _compiled(rule: Rule, number: int) -> list[bytes]:
    refuse = _op(_RETURN, _ERRNO | rule.error)
    if rule.argument is None:
        return [_op(_JUMP_EQUAL, number, 0, 1), refuse]
    body = [_op(_LOAD, 16 + 8 * rule.argument)]  # the low half; both machines are little-endian
    if rule.only:
        hits = len(rule.only)
        body += [_op(_JUMP_EQUAL, value & _EVERY_BIT, hits - i, 0) for i, value in enumerate(rule.only)] + [refuse]
    elif rule.masked:
        body += [_op(_AND, rule.masked[0]), _op(_JUMP_EQUAL, rule.masked[1], 0, 1), refuse]
    else:
        body += [_op(_JUMP_BITS, rule.bits, 0, 1), refuse]
    body.append(_op(_LOAD, 0))
    return [_op(_JUMP_EQUAL, number, 0, len(body)), *body]


def _op(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
