"""What has to be the same for a command to run in a server: it gives both the name by which they find each other.

All that a process is given at its start and that libraries look at while they are imported; what is handed over with a
command (its files, folder, umask and arguments) is not in it. It is worked out at each command: nothing heavy here.
"""

import contextlib
import hashlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
PROTOCOL = 2  # of client and server; to be raised with every change to what they say to each other
# Of a terminal, of a moment, or read at use and never at import; all others have to be equal.
_VOLATILE = frozenset(
    "_ CLOZEGRAD_GRADEBOOK CLOZEGRAD_REPOSITORY CLOZEGRAD_WARM COLORTERM COLUMNS DBUS_SESSION_BUS_ADDRESS DISPLAY "  # noqa: SIM905
    "INVOCATION_ID JOURNAL_STREAM LINES OLDPWD PATH PS1 PWD SHLVL STY TERM TERM_PROGRAM TERM_PROGRAM_VERSION "
    "TERM_SESSION_ID TMUX TMUX_PANE VIRTUAL_ENV_PROMPT VTE_VERSION WAYLAND_DISPLAY WINDOW WINDOWID XAUTHORITY "
    "XDG_SESSION_ID".split()
)
_VOLATILE_PREFIXES = ("GNOME_TERMINAL_", "KONSOLE_", "MAKE", "SSH_")
_RIGHTS = ("CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:")
_SPACES = ("mnt", "pid", "user", "net", "ipc")


def name() -> str:
    """The name of a server for a process as this one is: what a fork server needs alike, a dot, what a command does."""
    return f"{machine()}.{moment()}"


def machine() -> str:
    """A short hash of interpreter, package, user, rights, limits, cores and name spaces."""
    flags = {flag: getattr(sys.flags, flag) for flag in dir(sys.flags) if flag[0] != "_" and flag != "safe_path"}
    plain = {flag: value for flag, value in flags.items() if isinstance(value, int | bool)}
    spaces = [_link(f"/proc/self/ns/{space}") for space in _SPACES]
    limits = _limits() | {"RLIMIT_NOFILE": (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1])}  # Jupyter lifts its own
    return _hash(
        [
            [PROTOCOL, sys.executable, sys.prefix, sys.version, str(PACKAGE)],
            [plain, sys._xoptions, sys.warnoptions],
            [os.getresuid(), os.getresgid(), sorted(os.getgroups()), _rights()],
            [_text("/proc/sys/kernel/random/boot_id"), spaces],
            [limits, sorted(os.sched_getaffinity(0)), os.getpriority(os.PRIO_PROCESS, 0)],
        ]
    )


def moment() -> str:
    """A short hash of the variables that have to be equal, and of all limits."""
    return _hash([sorted(lasting(os.environ).items()), _limits()])


def lasting(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that come with a terminal or a moment."""
    return {
        key: value
        for key, value in variables.items()
        if key not in _VOLATILE and not key.startswith(_VOLATILE_PREFIXES)
    }


def umask() -> int:
    """This process's umask, which cannot be asked for without setting it."""
    found = os.umask(0o077)
    os.umask(found)
    return found


def _limits() -> dict[str, tuple[int, int]]:
    names = [name for name in dir(resource) if name.startswith("RLIMIT_") and name != "RLIMIT_OFILE"]
    return {name: resource.getrlimit(getattr(resource, name)) for name in names}


def _hash(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _rights() -> list[str]:
    return [row for row in _text("/proc/self/status").splitlines() if row.startswith(_RIGHTS)]


def _text(path: str) -> str:
    with contextlib.suppress(OSError):
        return Path(path).read_text()
    return ""


def _link(path: str) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(path)
    return ""
