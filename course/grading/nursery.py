"""The nursery: one process that has imported everything heavy and forks a ready process in milliseconds.

It is started by exec, stays single-threaded and never touches CUDA. Every candidate can read what it holds, so it holds
no test, no answer, no secret, no submission, and no open file but the socket of its owner.
"""

import contextlib
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgpack

from course import datafolder
from course.errors import CourseError
from course.grading import gpu, jail, pages
from course.grading.control import Control

ALWAYS = ("course.checks", "course.grading.candidate", "course.grading.examiner")
LAZY = (  # what these libraries import at first use: done here once, or every fork would do it again
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "torch.fx.experimental.symbolic_shapes",
    "torch.nested._internal.nested_tensor",
    "torch._dynamo",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
)
# The same sums in the same order on every machine and for any number of jobs; pairs do not fight for the cores.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
NO_HELPERS = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # pyarrow's allocator, which pandas loads when it can
FAILED_TO_START = 70  # the exit status of a fork that the grader, not the student, could not bring up
_PACKET = 100_000
_STATUS_WAIT_S = 5.0


class Nursery:
    """The owner's side: start it once, fork from it as often as needed, from any thread.

    It starts to import at once, by itself; ``prepare`` says what else, and waits.
    """

    program: Sequence[str] = ("-m", "course.grading.nursery")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left_out: list[str] = []
        self._start()

    def _start(self) -> None:
        self._prepared = False
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-I", *self.program, str(theirs.fileno()), *self._left_out],
            pass_fds=[theirs.fileno()],
            env=nursery_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            process_group=0,  # a terminal's Ctrl-C is the owner's to handle, also while this one still imports
        )
        theirs.close()

    def prepare(self, modules: Iterable[str] = ()) -> None:
        """Wait until it has imported these too, such as ``("torch", "fastai.vision.all")``, and can fork.

        A module that starts threads is left out, since a process with threads cannot fork safely: whoever needs it
        imports it in the fork.
        """
        wanted = list(modules)
        while culprit := self._ask({"modules": wanted}).get("threads"):
            self.close()
            self._left_out.append(culprit)
            self._start()
        self._prepared = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self, role: str, job: dict[str, Any], *sockets: socket.socket) -> int:
        """Fork a ``candidate`` or an ``examiner`` that holds ``sockets``; returns its process id.

        The job goes to the fork itself, over a socket of its own: what passed through the nursery, the next fork could
        read.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                pid = self._ask({"role": role}, [s.fileno() for s in (theirs, *sockets)])["pid"]
            with contextlib.suppress(OSError):  # a fork that died at once is its owner's to notice
                Control(ours).send(job)
        return int(pid)

    def status(self, pid: int) -> int | None:
        """How a fork ended: its exit status, minus the signal that killed it, or None while it runs."""
        status = self._ask({"status": pid})["status"]
        return None if status is None else int(status)

    def close(self) -> None:
        """End the nursery and every fork that is left."""
        with contextlib.suppress(OSError):
            self._socket.close()
        if not self._prepared:  # it imports, and does not listen
            self._process.kill()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _end(self) -> str:
        """How the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        status = self._process.returncode
        return f"killed by signal {-status}" if status is not None and status < 0 else f"exit status {status}"

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, message: dict[str, Any], fds: Sequence[int] = ()) -> dict[str, Any]:
        packet = msgpack.packb(message)
        with self._lock:
            try:
                socket.send_fds(self._socket, [packet], list(fds))
                answer = self._socket.recv(_PACKET)
            except OSError:
                answer = b""
        if not answer and self._prepared:
            raise CourseError(f"the grading nursery has died ({self._end()}); run the command again")
        if not answer:
            raise CourseError("the grading nursery could not start; `course doctor` shows what is missing")
        reply: dict[str, Any] = msgpack.unpackb(answer)
        if "error" in reply:
            raise CourseError(f"the grading nursery refused: {reply['error']}")
        return reply


def nursery_environment() -> dict[str, str]:
    """The few variables that a nursery and its forks may know; nothing of the instructor's."""
    home = datafolder.root().parent / "clozegrad-nursery"  # for caches of libraries; a fork's home is its own folder
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return jail.clean_environment(
        CLOZEGRAD_DATA=str(datafolder.root().resolve()),
        HOME=str(home),
        MPLBACKEND="module://matplotlib_inline.backend_inline",
        MPLCONFIGDIR=str(home),
        NBGRADER_EXECUTION="autograde",
        **ONE_THREAD,
        **NO_HELPERS,
        **gpu.NVML_ONLY,
    )


def main() -> NoReturn:
    """The nursery's own process: the number of its owner's socket, then the modules to leave out, as arguments."""
    with contextlib.suppress(ConnectionError):  # its owner has gone while it answered
        _main(int(sys.argv[1]), sys.argv[2:])
    os._exit(0)  # at an orderly end libraries write to stderr, which is the owner's


def _main(number: int, left_out: Sequence[str]) -> None:
    """The nursery's own loop: import, then fork on request until the owner closes the socket."""
    owner = socket.socket(fileno=number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's to handle
    problem = _tried(lambda: _import((*ALWAYS, *LAZY), left_out))
    packet = owner.recv(_PACKET)
    if not packet:
        return
    problem = problem or _tried(lambda: _settle(msgpack.unpackb(packet)["modules"], left_out))
    owner.send(msgpack.packb(problem))
    if problem:
        return
    ended: dict[int, int] = {}
    while True:
        packet, fds, _, _ = socket.recv_fds(owner, _PACKET, 16)
        if not packet:
            return
        message = msgpack.unpackb(packet)
        if "role" in message:
            pid = _fork(message["role"], fds)
            for fd in fds:
                os.close(fd)
            owner.send(msgpack.packb({"pid": pid}))
        else:
            owner.send(msgpack.packb({"status": _status(message["status"], ended)}))


class _StartsThreads(Exception):
    """A module has started threads, which a fork would not have, with locks that they may hold."""


def _tried(step: Callable[[], None]) -> dict[str, str]:
    """The answer that says what went wrong; none, if nothing did."""
    try:
        step()
    except _StartsThreads as error:
        return {"threads": str(error)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {}


def _import(modules: Iterable[str], left_out: Sequence[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries say of each other is no news to an instructor
        for name in modules:
            if name in left_out:
                continue
            try:
                importlib.import_module(name)
            except ImportError:
                if name in ALWAYS:
                    raise
            if (threads := _threads()) != 1:
                if name in ALWAYS:
                    raise RuntimeError(
                        f"{threads} threads run after importing {name}, so a fork would not be safe; take out of this "
                        "environment what starts them, or grade with --engine nbgrader"
                    )
                raise _StartsThreads(name)


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


def _settle(modules: Sequence[str], left_out: Sequence[str]) -> None:
    """Import the last modules and bring the memory into the form that forks best."""
    import gc

    from course.grading.shell import Shell

    _import(modules, left_out)
    Shell.make()
    if data := sys.modules.get("course.data"):
        data.digits()  # kept, so that no fork has to read it
    if (threads := _threads()) != 1:
        raise RuntimeError(f"{threads} threads run after the imports, so a fork would not be safe")
    gc.collect()
    gc.freeze()
    pages.give_back()
    pages.enlarge()


def _fork(role: str, fds: Sequence[int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code, complaints = FAILED_TO_START, os.dup(2)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        module = importlib.import_module(f"course.grading.{role}")
        with socket.socket(fileno=fds[0]) as line:
            job = Control(line).receive()
        module.main(job, list(fds[1:]))
        code = 0
    except BaseException:
        import traceback

        with contextlib.suppress(OSError):  # closed in a jail
            os.write(complaints, f"{role}: {traceback.format_exc()}".encode())
    finally:
        os._exit(code)


def _status(pid: int, ended: dict[int, int]) -> int | None:
    """Reap ``pid``, waiting a little: its owner asks when the fork's socket has closed already."""
    until = time.monotonic() + _STATUS_WAIT_S
    while pid not in ended and time.monotonic() < until:
        try:
            found, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if found:
            ended[found] = os.waitstatus_to_exitcode(status)
        else:
            time.sleep(0.002)
    return ended.pop(pid, None)


if __name__ == "__main__":
    main()
