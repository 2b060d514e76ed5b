"""Which jail works on this machine: found by entering each in a short process and trying to break out of it."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import NoReturn

import course
from course.errors import CourseError
from course.grading.jail import kernel
from course.grading.jail.entering import enter
from course.grading.jail.environment import clean_environment
from course.grading.jail.plan import ISOLATION_LEVELS, JailPlan, plan_for

_WAIT_S = 60.0
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


@cache
def find_isolation() -> Isolation:
    """The strongest jail that holds on this machine; each is tried once in a process."""
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


def look_ahead() -> None:
    """Begin to try the strongest in a fork of this process, which is to have one thread: `find_isolation` waits for it.

    A fork is ready at once; elsewhere a jail is tried in a new Python, which first imports for a while.
    """
    first, known = ISOLATION_LEVELS[0], find_isolation.cache_info().currsize
    if kernel.is_linux() and threading.active_count() == 1 and not known and first not in _ahead:
        with contextlib.suppress(OSError):  # whoever asks will be told
            _ahead[first] = _Fork(first)


@cache
def why_not(name: str) -> str | None:
    """Why the jail `name` does not work here; None when it does."""
    if not kernel.is_linux():
        return f"{sys.platform} is not Linux"
    if fork := _ahead.pop(name, None):
        return fork.answer()
    with _stage() as (secret, port):
        return _tried(name, secret, port)


@contextlib.contextmanager
def _stage() -> Iterator[tuple[Path, int]]:
    """What a jail must hold back: a file in a course's folder, and a port of this machine on which someone listens."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        secret = Path(folder, "secret")
        secret.write_text("secret")
        yield secret, listener.getsockname()[1]


class _Fork:
    """A jail that is tried in a fork of this process."""

    def __init__(self, name: str) -> None:
        with contextlib.ExitStack() as stack:
            secret, port = stack.enter_context(_stage())
            plan = plan_for(name, secret.parent)
            self._answers, answers = os.pipe()
            stack.callback(os.close, self._answers)
            self._pid = os.fork()
            if not self._pid:
                _answer(answers, plan, secret, port)
            os.close(answers)
            self._stack = stack.pop_all()

    def answer(self) -> str | None:
        """Why that jail does not work."""
        with self._stack:
            ready, _, _ = select.select([self._answers], [], [], _WAIT_S)
            if not ready:
                os.kill(self._pid, signal.SIGKILL)
            text = b"".join(iter(partial(os.read, self._answers, 4096), b""))
            _, status = os.waitpid(self._pid, 0)
        return _why(text, f"exit status {os.waitstatus_to_exitcode(status)}") if ready else _not_set_up()


def _answer(number: int, plan: JailPlan, secret: Path, port: int) -> NoReturn:
    """In the fork: try it and say what came of it."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir("/")
        os.write(number, json.dumps(_try(plan, secret, port, keep=number)).encode())
    finally:
        os._exit(0)


def _tried(name: str, secret: Path, port: int) -> str | None:
    """Try the jail that grading would use, for a course folder that holds the secret."""
    environment = clean_environment(PYTHONPATH=str(Path(course.__file__).parents[1]))
    plan = json.dumps(plan_for(name, secret.parent).as_data())
    command = [sys.executable, "-m", "course.grading.jail.isolation", plan, str(secret), str(port)]
    try:
        run = subprocess.run(command, env=environment, cwd="/", capture_output=True, timeout=_WAIT_S)
    except subprocess.TimeoutExpired:
        return _not_set_up()
    return _why(run.stdout, run.stderr.decode(errors="replace") or f"exit status {run.returncode}")


def _not_set_up() -> str:
    return f"it was not set up within {_WAIT_S:g} s"


def _why(text: bytes, complaints: str) -> str | None:
    """The trial's answer; where there is none, what it said last."""
    try:
        answer: str | None = json.loads(text)
    except ValueError:
        return f"the trial ended without an answer: {complaints.strip().splitlines()[-1]}"
    return answer


def _try(plan: JailPlan, secret: Path, port: int, keep: int) -> str | None:
    """In the trial process: enter the jail, with one file kept open, and say what it failed to hold back."""
    try:
        enter(plan, keep_fds=(keep,))
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
_ahead: dict[str, _Fork] = {}  # begun and not asked for yet, by the jail's name


if __name__ == "__main__":
    plan = JailPlan.from_data(json.loads(sys.argv[1]))
    print(json.dumps(_try(plan, Path(sys.argv[2]), int(sys.argv[3]), keep=1)), flush=True)
