"""The fork server as its owner sees it: started by exec, asked for forks, put in place anew when it has died.

`preload` is its own process, and `forking` what that answers.
"""

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from course import datafolder
from course.errors import CourseError
from course.grading import jail
from course.grading.jail import reaper
from course.grading.process import torchless
from course.grading.process.channel import Control
from course.grading.process.forking import FAILED_TO_START, FOR_NOW
from course.grading.process.torchless import TORCH
from course.grading.protocol import AskEnd, End, Fork, Forked, Message, Prepare, Prepared, Refused
from course.grading.system import gpu

__all__ = ["FAILED_TO_START", "TORCH", "ForkRefused", "ForkServer", "ForkServerDied"]
# The same sums in the same order on every machine and for any number of jobs; pairs do not fight for the cores.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
NO_HELPERS = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # pyarrow's allocator, which pandas loads when it can
# torch.compile then returns what it is given: the same values, without half a minute of compiling in a cell or a call.
NO_COMPILER = {"TORCHDYNAMO_DISABLE": "1"}
STARTS = 3  # how often in a row it may end while it imports, before that is this machine's fault
FORK_ANYWAY_S = 30.0  # how long a machine without room for a process is asked again
_STATUS_WAIT_S = 5.0
_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 5.0
M = TypeVar("M", bound=Message)
T = TypeVar("T")


class Process(Protocol):
    """The process of a fork server, as its owner sees it."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class ForkServerDied(CourseError):
    """It is gone, and every fork with it; `ForkServer.revive` puts another in its place."""

    def __init__(self, how: str, generation: int) -> None:
        super().__init__(f"the grading fork server has died ({how}); run the command again")
        self.generation = generation


class ForkRefused(CourseError):
    """It is running, but the machine could not start a process, however often it was asked."""


class ForkServer:
    """The owner's side: start it once, fork from it as often as needed, from any thread.

    It starts to import at once, by itself; `prepare` says what else, and waits.

    Args:
        torch: whether the course has it; what is right is found out by `prepare`, where a wrong guess costs time.
    """

    program: Sequence[str] = ("-m", "course.grading.process.preload")
    patience_s = FORK_ANYWAY_S

    def __init__(self, *, torch: bool = True) -> None:
        self._lock = threading.Lock()  # one question at a time
        self._reviving = threading.Lock()
        self._ready = threading.Event()  # until then, one that has just been started takes no questions
        self._left_out: list[str] = [] if torch else [TORCH]
        self._modules: list[str] = []
        self._closed = False
        self.generation = 0  # how many there were before this one
        self._start()

    def _start(self) -> None:
        self._ready.clear()
        self._scratch = scratch_folder()
        ours, theirs = self.pair()
        self._control = Control(ours)
        with theirs:
            self._process: Process = self._patiently(lambda: self._launched(theirs.fileno()))

    def _launched(self, number: int) -> Process:
        try:
            return launch(number, self._scratch, self._left_out, self.program)
        except OSError as error:
            raise _refusal(error) from error

    def prepare(self, modules: Iterable[str] = ()) -> None:
        """Wait until it has imported these too, such as `("torch", "fastai.vision.all")`, and can fork.

        A module that starts threads is left out, since a process with threads cannot fork safely: whoever needs it
        imports it in the fork. One that is killed meanwhile is started again.
        """
        self._modules = list(modules)
        with self._reviving:
            if TORCH in self._left_out and torchless.brings_torch(self._modules):
                self._left_out.remove(TORCH)
                self._replace()
            self._get_ready()

    def revive(self, generation: int) -> None:
        """Put another one in the place of that of this `generation`, unless someone has already."""
        with self._reviving:
            if generation == self.generation:
                try:
                    self._replace()
                    self._get_ready()
                finally:
                    self._ready.set()  # whoever waits is to see that there is none

    def _get_ready(self) -> None:
        try:
            self._import_all(starts=1)
        finally:
            self._ready.set()  # or it has failed, as whoever asks it is to see

    def _import_all(self, starts: int) -> None:
        try:
            while culprit := self._exchange(Prepare(self._modules), Prepared).starts_threads:
                if culprit == TORCH:  # what the course imports brings it after all
                    self._left_out.remove(TORCH)
                else:
                    self._left_out.append(culprit)
                self._replace()
        except ForkServerDied as error:
            if starts == STARTS or self._process.returncode != -signal.SIGKILL:  # by itself it would end so again
                raise CourseError(
                    f"the grading fork server could not start ({self._end()}); `course doctor` shows what is missing"
                ) from error
            self._replace()
            self._import_all(starts + 1)

    def _replace(self) -> None:
        with self._lock:
            if self._closed:
                raise CourseError("grading was ended")
            self._end_process()
            self.generation += 1
            self._start()
        if self._closed:  # meanwhile, by another thread
            self._end_process()

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self, role: str, job: Message, *sockets: socket.socket) -> int:
        """Fork a `candidate` or an `examiner` that holds `sockets`; returns its process id.

        The job goes to the fork itself, over a socket of its own: the next fork could read what passed through the
        fork server. Where the machine has no room it asks again, with growing pauses, and raises ForkRefused at last;
        raises ForkServerDied when there is nobody to ask.
        """
        return self._patiently(lambda: self._fork(role, job, sockets))

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Both ends of a new line; asked for as a fork is, and ForkRefused where the machine has no room for it."""
        return self._patiently(_pair)

    def _patiently(self, step: Callable[[], T]) -> T:
        until, pause_s = time.monotonic() + self.patience_s, _PAUSE_S
        while True:
            try:
                return step()
            except ForkRefused:
                if time.monotonic() + pause_s > until:
                    raise
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _fork(self, role: str, job: Message, sockets: Sequence[socket.socket]) -> int:
        ours, theirs = _pair()
        with ours:
            with theirs:
                pid = self._ask(Fork(role), Forked, [s.fileno() for s in (theirs, *sockets)]).pid
            with contextlib.suppress(OSError):  # a fork that died at once is its owner's to notice
                Control(ours).send(job)
        return pid

    def status(self, pid: int, wait_s: float = _STATUS_WAIT_S) -> int | None:
        """How a fork ended: its exit status, minus the signal that killed it, or None while it runs.

        It waits a little: who asks has mostly seen the fork's socket close already. None too for what is none of this
        fork server's.
        """
        until = time.monotonic() + wait_s
        while True:
            end = self._ask(AskEnd(pid), End)
            if end.status is not None or not end.known or time.monotonic() >= until:
                return end.status
            time.sleep(0.002)

    def close(self) -> None:
        """End the fork server and every fork that is left, for good."""
        self._closed = True
        imports = not self._ready.is_set()
        self._ready.set()
        if imports:  # and does not listen
            self._process.kill()
        self._end_process()

    def _end_process(self) -> None:
        with contextlib.suppress(OSError):
            self._control.socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for an answer
            self._control.socket.close()
        if not self._ready.is_set():  # it imports, and does not listen
            self._process.kill()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):  # mostly empty: each jail's reaper removes its own
            reaper.remove(self._scratch)

    def _end(self) -> str:
        """How the process ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        status = self._process.returncode
        return f"killed by signal {-status}" if status is not None and status < 0 else f"exit status {status}"

    def __enter__(self) -> "ForkServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, question: Message, kind: type[M], files: Sequence[int] = ()) -> M:
        """The answer of this kind, from a fork server that is ready; what another says in its place is raised."""
        while True:
            self._ready.wait()
            with self._lock:
                if self._ready.is_set():  # and has not been replaced since
                    return self._exchange(question, kind, files)

    def _exchange(self, question: Message, kind: type[M], files: Sequence[int] = ()) -> M:
        generation = self.generation
        try:
            self._control.send(question, files)
            reply = self._control.receive()
        except EOFError:
            raise ForkServerDied(self._end(), generation) from None
        except OSError as error:
            if error.errno in FOR_NOW:
                raise _refusal(error) from error
            raise ForkServerDied(self._end(), generation) from error
        if isinstance(reply, Refused):
            raise ForkRefused(_NO_ROOM.format(reply.reason))
        if not isinstance(reply, kind):
            raise CourseError(f"the grading fork server refused: {getattr(reply, 'reason', reply)}")
        return reply


_NO_ROOM = "this machine could not start another process ({}); grade fewer at once (--jobs), or end other programs"


def launch(
    number: int, scratch: Path, left_out: Sequence[str], program: Sequence[str] = ForkServer.program
) -> subprocess.Popen[bytes]:
    """Start a fork server whose owner holds the other end of the socket `number`; OSError where there is no room."""
    return subprocess.Popen(
        [sys.executable, "-I", *program, str(number), *left_out],
        pass_fds=[number],
        env=forkserver_environment() | {"TMPDIR": str(scratch)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        process_group=0,  # a terminal's Ctrl-C is the owner's to handle, also while this one still imports
    )


def scratch_folder() -> Path:
    """A new folder for the working folders of a fork server's jails."""
    scratch = Path(tempfile.mkdtemp(prefix="clozegrad-"))
    scratch.chmod(0o711)  # a jail's user passes through to its own folder
    return scratch


def _pair() -> tuple[socket.socket, socket.socket]:
    try:
        return socket.socketpair()
    except OSError as error:
        raise _refusal(error) from error


def _refusal(error: OSError) -> Exception:
    return ForkRefused(_NO_ROOM.format(error)) if error.errno in FOR_NOW else error


def forkserver_environment() -> dict[str, str]:
    """The few variables that a fork server and its forks may see; none of the instructor's."""
    home = datafolder.root().parent / "clozegrad-forkserver"  # for caches of libraries; a fork's home is its own folder
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return jail.clean_environment(
        CLOZEGRAD_DATA=str(datafolder.root().resolve()),
        HOME=str(home),
        MPLBACKEND="module://matplotlib_inline.backend_inline",
        MPLCONFIGDIR=str(home),
        NBGRADER_EXECUTION="autograde",
        **ONE_THREAD,
        **NO_HELPERS,
        **NO_COMPILER,
        **gpu.NVML_ONLY,
    )
