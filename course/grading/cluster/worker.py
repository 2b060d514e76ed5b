"""What runs on a worker: functions that Dask calls there, each of which takes bytes and gives bytes.

Per command there is one fork server, started by exec and closed when the command has ended or lost interest. Nothing
of a student's code runs in the worker's own process; the course's folder, its secret and its gradebook are elsewhere.
"""

import contextlib
import functools
import hashlib
import json
import math
import platform
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from distributed import Worker, get_worker

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import jail
from course.grading.cluster import cores, wire
from course.grading.cluster.wire import Task
from course.grading.engine import Engine, Submission
from course.grading.plan.exam import Exam
from course.grading.process.forkserver import ForkServer
from course.grading.process.torchless import brings_torch
from course.grading.system import budget, gpu
from course.grading.system.budget import Budget
from course.grading.system.slots import Slots
from course.grading.verdict.model import SubmissionVerdict
from course.grading.version import engine_hash, installed, installed_hash

GPU = "GPU"  # the resource that a worker with GPUs is started with
IDLE_S = 60.0  # after which a command that has ended without a word is forgotten
_LOOK_S = 0.5
_HIDDEN = ""  # as CUDA_VISIBLE_DEVICES: no GPU


class Over(CourseError):
    """The command that asked has ended, or was taken to have."""


def grader() -> str:
    """A hash of all that grades on this machine: the engine's code, Python and the packages."""
    return hashlib.sha256(f"{engine_hash()} {installed_hash()}".encode()).hexdigest()


def about() -> bytes:
    """What this machine grades with, as JSON."""
    found = {
        "grader": grader(),
        "engine": engine_hash(),
        "python": platform.python_version(),
        "installed": installed(),
        "jail": jail.find_isolation().name,
        "gpus": len(gpu.find()),
    }
    return json.dumps(found).encode()


def exams(raw: bytes) -> bytes:
    """The lesson, as a result which the scheduler brings to each worker once, and anew when one is lost."""
    return raw


def grade(task: bytes, lesson: bytes) -> bytes:
    """The verdict on one hand-in, or why this machine gives none."""
    here, asked = get_worker(), wire.task_in(task)
    try:
        if reason := _unfit(asked):
            return wire.pack_refusal(here.address, reason)
        with _commands.entered(asked, lesson, here) as command:
            return wire.pack_verdict(here.address, command.graded(asked))
    except Over as error:
        return wire.pack_failure(here.address, str(error))
    except CourseError as error:
        return wire.pack_refusal(here.address, str(error))
    except Exception as error:
        return wire.pack_failure(here.address, f"{type(error).__name__}: {error}")


def end(run: str) -> None:
    """Leave nothing of a command running here."""
    _commands.end(run)


def _unfit(task: Task) -> str:
    if task.grader != grader():
        return "its grader or its packages are not those of the commanding machine"
    found = jail.find_isolation().name
    return "" if found == task.jail else f"its jail is {found}, not {task.jail}"


@functools.cache
def _slots(count: int, *, with_gpu: bool, memory: Budget) -> Slots:
    """What this worker's submissions may use, whichever command they are of."""
    gpus = gpu.find() if with_gpu else [_HIDDEN] * count
    return Slots(count, gpus, cores.claimed(count), memory)


@functools.cache
def _memory(here: Worker) -> Budget:
    """What this worker's submissions share: no more than Dask was told that it may use (`--memory-limit`)."""
    return budget.found(most_mb=(here.memory_manager.memory_limit or math.inf) / 1024**2)


class _Command:
    """One command's lesson on this worker, and the engine that is ready for it."""

    def __init__(self, task: Task, lesson: bytes, here: Worker) -> None:
        exams = wire.exams_in(lesson)
        isolation = jail.find_isolation().name
        count = 1 if jail.counts_processes_together(isolation) else here.state.nthreads
        torch = brings_torch(name for exam in exams for name in exam.modules)
        folder = CourseFolder(Path(here.local_directory))  # a jail hides it: other hand-ins may lie there
        slots = _slots(count, with_gpu=task.gpu, memory=_memory(here))
        server = ForkServer(torch=torch)
        self._engine = Engine(folder, exams, isolation=isolation, forkserver=server, slots=slots, calibrate=False)
        self._ways: dict[tuple[int, frozenset[str]], Exam] = {}
        self._worker = here
        self._running: set[str] = set()
        self._used = time.monotonic()
        self._is_closed = False

    def graded(self, task: Task) -> SubmissionVerdict:
        """The verdict on a hand-in; raises Over when the command has ended meanwhile."""
        way = task.exam, frozenset(task.together)
        if way not in self._ways:
            self._ways[way] = self._engine.exams[task.exam].graded(task.together)
        submission = Submission(task.student, self._ways[way], task.repaired, dict(task.files), task.seed)
        try:
            verdict = self._engine.grade_prepared(submission)
        except CourseError as error:
            raise Over(str(error)) if self._is_closed else error from None
        if self._is_closed:
            raise Over("the command has ended")
        return verdict

    def enter(self, key: str) -> None:
        self._running.add(key)

    def leave(self, key: str) -> None:
        self._running.discard(key)
        self._used = time.monotonic()

    def is_over(self) -> bool:
        """Whether nobody waits for what runs here, or nothing has run for a while."""
        if not self._running:
            return time.monotonic() > self._used + IDLE_S
        return any(self._is_unwanted(key) for key in tuple(self._running))

    def _is_unwanted(self, key: str) -> bool:
        task = self._worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    def close(self) -> None:
        self._is_closed = True
        self._engine.close()


class _Commands:
    """The commands that use this worker; a thread ends those that are over."""

    def __init__(self) -> None:
        self._making, self._lock = threading.Lock(), threading.Lock()
        self._known: dict[str, _Command] = {}
        self._ended: set[str] = set()
        self._watcher: threading.Thread | None = None

    @contextlib.contextmanager
    def entered(self, task: Task, lesson: bytes, here: Worker) -> Iterator[_Command]:
        """The command of a task, made ready by whoever comes first."""
        key = str(here.get_current_task())
        with self._making:
            with self._lock:
                if command := self._known.get(task.run):
                    command.enter(key)
            if command is None:
                command = self._made(task, lesson, here, key)
        try:
            yield command
        finally:
            command.leave(key)

    def _made(self, task: Task, lesson: bytes, here: Worker, key: str) -> _Command:
        command = _Command(task, lesson, here)
        command.enter(key)
        with self._lock:
            self._known[task.run] = command
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="clozegrad-watch", daemon=True)
            self._watcher.start()
        return command

    def end(self, run: str) -> None:
        """Have a command ended, which takes a moment."""
        self._ended.add(run)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                over = {run for run, command in self._known.items() if run in self._ended or command.is_over()}
                commands = [self._known.pop(run) for run in over]
                self._ended.clear()
            for command in commands:
                command.close()


_commands = _Commands()
