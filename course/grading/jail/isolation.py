"""Which jail works on this machine: found by entering each in a short process and trying to break out of it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import course
from course.errors import CourseError
from course.grading.jail import kernel
from course.grading.jail.entering import enter
from course.grading.jail.environment import clean_environment
from course.grading.jail.plan import ISOLATION_LEVELS, JailPlan, plan_for

_WAIT_S = 60.0
_trying = threading.Lock()
_WAY_OUT = {
    "namespaces": "start a container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined; on "
    "Ubuntu, set kernel.apparmor_restrict_unprivileged_userns=0; on others, user.max_user_namespaces above 0",
    "landlock": "it needs Linux 5.13 or later with landlock in the kernel's lsm= list",
    "plain": "grade on Linux",
}


@dataclass(frozen=True)
class Isolation:
    """The highest jail that works here, and by name why each higher one does not."""

    name: str
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def is_jail(self) -> bool:
        """Whether it holds back code that means harm."""
        return self.name != "plain"

    def __str__(self) -> str:
        loud = "" if self.is_jail else " (NO JAIL: submissions run with your rights; grade only code that you trust)"
        return "; ".join([self.name + loud, *(f"not {name}: {reason}" for name, reason in self.reasons.items())])


def isolation_levels() -> tuple[str, ...]:
    """The names of the jails, strongest first."""
    return ISOLATION_LEVELS


def find_isolation() -> Isolation:
    """The strongest jail that holds on this machine; each is tried once in a process."""
    with _trying:
        return _found()


def look_ahead() -> None:
    """Begin to try them in the background: `find_isolation` then waits for what is left of it."""
    with contextlib.suppress(RuntimeError):  # no room for a thread
        threading.Thread(target=_try_ahead, daemon=True).start()


def _try_ahead() -> None:
    with contextlib.suppress(Exception):  # whoever asks will be told
        find_isolation()


@cache
def _found() -> Isolation:
    reasons: dict[str, str] = {}
    for name in ISOLATION_LEVELS[:-1]:
        reason = why_not(name)
        if reason is None:
            return Isolation(name, reasons)
        reasons[name] = reason
    return Isolation(ISOLATION_LEVELS[-1], reasons)


def require(name: str) -> Isolation:
    """The jail in force, if it is `name` or stronger; CourseError with the reason and the way out otherwise."""
    if name not in ISOLATION_LEVELS:
        raise CourseError(f"there is no jail called {name!r}; use one of {', '.join(ISOLATION_LEVELS)}")
    found = find_isolation()
    if ISOLATION_LEVELS.index(found.name) > ISOLATION_LEVELS.index(name):
        raise CourseError(f"the jail {name!r} does not work here: {found.reasons[name]}. To fix this: {_WAY_OUT[name]}")
    return found


@cache
def why_not(name: str) -> str | None:
    """Why the jail `name` does not work here; None when it does."""
    if not kernel.is_linux():
        return f"{sys.platform} is not Linux"
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        secret = Path(folder, "secret")
        secret.write_text("secret")
        return _tried(name, secret, listener.getsockname()[1])


def _tried(name: str, secret: Path, port: int) -> str | None:
    """Try the jail that grading would use, for a course folder that holds the secret."""
    environment = clean_environment(PYTHONPATH=str(Path(course.__file__).parents[1]))
    plan = json.dumps(plan_for(name, secret.parent).as_data())
    command = [sys.executable, "-m", "course.grading.jail.isolation", plan, str(secret), str(port)]
    try:
        run = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, timeout=_WAIT_S)
    except subprocess.TimeoutExpired:
        return f"it was not set up within {_WAIT_S:g} s"
    try:
        answer: str | None = json.loads(run.stdout)
    except ValueError:
        last = run.stderr.strip().splitlines()[-1:] or [f"exit status {run.returncode}"]
        return f"the trial ended without an answer: {last[0]}"
    return answer


def _try(plan: Any, secret: Path, port: int) -> str | None:
    """In the trial process: enter the jail and say what it failed to hold back."""
    try:
        enter(JailPlan.from_data(plan), keep_fds=(1,))
    except Exception as error:  # a jail closes standard error, so nothing else would tell
        return str(error) if isinstance(error, CourseError) else f"{type(error).__name__}: {error}"
    for what, attempt in _ATTEMPTS.items():
        try:
            attempt(secret, port)
        except (OSError, ValueError):
            continue
        return f"inside it one can still {what}"
    return None


def _mount(*_: object) -> None:
    kernel.call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None, what="tmpfs")


_ATTEMPTS = {
    "read a hidden file": lambda secret, port: secret.read_text(),
    "write outside the working folder": lambda secret, port: Path(sys.prefix, "written").write_text(""),
    "connect to this machine": lambda secret, port: socket.create_connection(("127.0.0.1", port), 1),
    "mount": _mount,
    "see the grader's processes": lambda secret, port: os.listdir(f"/proc/{os.getppid() or 'none'}/fd"),
}


if __name__ == "__main__":
    print(json.dumps(_try(json.loads(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))), flush=True)
