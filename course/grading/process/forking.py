"""The fork server's answers: processes that it forks, and how they ended. Nothing but its owner's end ends it."""

import contextlib
import errno
import importlib
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from course.grading.jail import kernel
from course.grading.process.channel import Control
from course.grading.protocol import AskEnd, AskImported, End, Failed, Fork, Forked, Imported, Message, Refused
from course.grading.system import tree

FAILED_TO_START = 70  # the exit status of a fork that the grader, not the student, could not bring up
# What each role may be; and how gladly the kernel takes it, before any other program, when the machine has no memory.
ROLES = {"candidate": 1000, "examiner": 500, "lent": 0}
# What passes: no room for a process, its memory or its files right now.
FOR_NOW = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ETOOMANYREFS)
_PAUSE_S = 0.05


def answer_all(owner: Control) -> None:
    """Answer each question until the owner is gone, whatever comes of it; raises EOFError or ConnectionError then."""
    if kernel.is_linux():
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)  # what a reaper that is killed leaves behind comes here
    forks: set[int] = set()
    while True:
        reply = _answer_one(owner, forks)
        if reply is not None:
            _send(owner, reply)
        with contextlib.suppress(OSError, MemoryError):  # or after the next question
            _end_orphans(forks)


def _answer_one(owner: Control, forks: set[int]) -> Message | None:
    files: Sequence[int] = ()
    try:
        try:
            message, files, files_lost = owner.receive_with_files()
        except OSError as error:
            if error.errno not in FOR_NOW:
                raise
            time.sleep(_PAUSE_S)  # the question has not come yet
            return None
        if files_lost:
            raise OSError(errno.EMFILE, "the sockets for the fork did not come through")
        return _answer(message, files, forks)
    except (EOFError, ConnectionError):
        raise
    except OSError as error:
        return Refused(str(error)) if error.errno in FOR_NOW else Failed(str(error))
    except MemoryError:
        return Refused("no memory")
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}")
    finally:
        for file in files:
            os.close(file)


def _answer(message: Message, files: Sequence[int], forks: set[int]) -> Message:
    match message:
        case AskEnd(pid):
            return _end(pid, forks)
        case AskImported():
            modules = dict(sys.modules)
            paths = (getattr(module, "__file__", None) for module in modules.values())
            return Imported(list(modules), [path for path in paths if isinstance(path, str)])
        case Fork(role) if role in ROLES:
            pid = _fork(role, files)
            forks.add(pid)
            return Forked(pid)
    raise ValueError(f"not for a fork server: {message}")


def _send(owner: Control, reply: Message) -> None:
    """Send the answer, which the owner waits for: where the kernel has no memory for it now, it will have."""
    while True:
        try:
            owner.send(reply)
        except (OSError, MemoryError) as error:
            if isinstance(error, OSError) and error.errno not in FOR_NOW:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _fork(role: str, files: Sequence[int]) -> int:
    server = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code, complaints = FAILED_TO_START, -1
    try:  # from here to the end: what got out of it would be a second fork server
        complaints = os.dup(2)
        if role != "lent":  # which belongs to whoever holds its line
            _die_with(server)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(ROLES[role]))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        module = importlib.import_module(f"course.grading.process.{role}")
        with socket.socket(fileno=files[0]) as line:
            job = Control(line).receive()
        module.main(job, list(files[1:]))
        code = 0
    except BaseException:
        import traceback

        with contextlib.suppress(OSError):  # closed in a jail
            os.write(complaints, f"{role}: {traceback.format_exc()}".encode())
    finally:
        os._exit(code)


def _die_with(server: int) -> None:
    """Have the kernel kill this fork when the fork server dies: nobody could ask how it ended."""
    if kernel.is_linux():
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(FAILED_TO_START)


def _end(pid: int, forks: set[int]) -> End:
    """How a fork ended, if it has; it stays a zombie, and its number its own, until its owner asks."""
    if pid not in forks:
        return End(None, known=False)
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return End(None)
    forks.remove(pid)
    return End(os.waitstatus_to_exitcode(status))


def _end_orphans(forks: set[int]) -> None:
    """Kill what belongs to no fork any more: its reaper was killed, so nobody else will."""
    for pid in tree.children(os.getpid()):
        if pid not in forks:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
