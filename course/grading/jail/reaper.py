"""The process that stays outside a jail: it waits, passes SIGINT on, ends as the inner one ends, and leaves nothing.

It is tied to its parent and the inner process is tied to it, both by the kernel: whoever is killed, those inside die.
"""

import contextlib
import os
import select
import signal
from pathlib import Path
from typing import NoReturn

from course.grading.jail import kernel
from course.grading.system import tree


def fork_inside(scratch: Path | None = None) -> int:
    """Split in two: returns in the inner process, with a file to hand to `die_with_reaper`; the outer one waits.

    When the inner one has ended, the outer one kills all that is left of its descendants and removes `scratch`.
    """
    if kernel.is_linux():
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    alive, held = os.pipe()
    pid = os.fork()
    if pid:
        _keep(pid, held, scratch)
    os.close(held)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 0)
    os.setsid()
    return alive


def die_with_reaper(alive: int) -> None:
    """Have the kernel kill this process when its reaper dies, or end now if it has died already.

    To be called after every change of user or capabilities, since those undo it.
    """
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    ready, _, _ = select.select([alive], [], [], 0)
    os.close(alive)
    if ready:
        os._exit(1)


def _keep(pid: int, held: int, scratch: Path | None) -> NoReturn:
    status = 1 << 8
    try:
        _pass_signals_on(pid)
        os.closerange(0, held)
        os.closerange(held + 1, os.sysconf("SC_OPEN_MAX"))
        _, status = os.waitpid(pid, 0)
        tree.kill_descendants(os.getpid())
        if scratch is not None:
            with contextlib.suppress(OSError):
                remove(scratch)
    finally:
        _end_like(status)


def remove(folder: Path) -> None:
    """Delete a folder, whatever modes its folders have and however deep they nest: each is lifted to the top first."""
    while names := os.listdir(folder):
        for name in names:
            place = folder / name
            if place.is_symlink() or not place.is_dir():
                os.unlink(place)
                continue
            os.chmod(place, 0o700)
            for inner in map(place.joinpath, os.listdir(place)):
                if inner.is_symlink() or not inner.is_dir():
                    os.unlink(inner)
                else:
                    os.chmod(inner, 0o700)
                    os.rename(inner, folder / os.urandom(16).hex())
            os.rmdir(place)
    os.rmdir(folder)


def _pass_signals_on(pid: int) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, lambda *_: os.kill(pid, signal.SIGINT))
    if os.getpgrp() != os.getpid():
        os.setsid()  # out of reach of a terminal's Ctrl-C, which is for the grader to handle


def _end_like(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)
