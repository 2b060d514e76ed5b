"""The candidate: the jailed fork that runs one student's cells and answers the examiner's calls.

Nothing that this process says is believed further than its data goes; everything in it belongs to the student.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from course.errors import CourseError
from course.grading import boundary, jail
from course.grading.boundary import CellOutcome
from course.grading.process import colab, debugger, greeting, seeds, sharing
from course.grading.process.chance import Chance, Start
from course.grading.process.channel import Control
from course.grading.process.shell import CellRun, Shell, time_limit
from course.grading.protocol import CandidateJob, Output, Turn
from course.grading.system import clock, memory

LONG_S = 0.05
# There is no network: what would be fetched says so at once, and does not try again until the cell's time is up.
_NO_PACKAGES = {"PIP_NO_INDEX": "1", "PIP_RETRIES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_OFFLINE": "1"}


def main(job: CandidateJob, fds: list[int]) -> None:
    """Enter the jail, wait for the turn, then serve the examiner on the one socket until it closes.

    A second socket is for a debugger.
    """
    channel = socket.socket(fileno=fds[0])
    if fds[1:]:
        debugger.install(socket.socket(fileno=fds[1]))
    try:
        jail.enter(job.jail, keep_fds=fds)
        if job.jail.isolation == "landlock":
            sharing.install()
        shell = _ready_shell()
    except BaseException as error:
        greeting.not_started(channel, _reason(error))
        raise
    greeting.started(channel)
    with contextlib.suppress(EOFError):  # the turn never came
        turn = Control(channel).expect(Turn)
        jail.settle_on(job.jail, turn.cores)
        os.environ.update(turn.environment)
        _leave_children_out(channel)
        clock.follow("self")
        _serve(channel, shell, job)


def _ready_shell() -> Shell:
    os.environ["HOME"] = os.environ["MPLCONFIGDIR"] = str(Path.cwd())
    os.environ.update(_NO_PACKAGES)
    seeds.make_fresh(os.urandom(32))
    shell = Shell.make()
    shell.ready()
    colab.install()
    sys.path.insert(0, str(Path.cwd()))
    return shell


def _serve(channel: socket.socket, shell: Shell, job: CandidateJob) -> None:
    chance = Chance()

    def run_cell(source: str, seed: str = "", start_from: Start = "here") -> CellOutcome:
        start = time.perf_counter()
        with chance.started(seed, start_from):
            outcome = _told(shell.run(source, job.cell_s))
        if time.perf_counter() - start > LONG_S:  # it may have left much memory free; looking takes half a millisecond
            memory.give_back()
        return outcome

    @contextlib.contextmanager
    def around_call() -> Iterator[Callable[[], str]]:
        shell.take()
        with time_limit(job.call_s), debugger.at_call():
            yield lambda: _text(shell.take())

    boundary.serve(channel, shell.user_ns, run_cell, around_call=around_call, seed=chance.begin)


def _told(run: CellRun) -> CellOutcome:
    """What the examiner is told of a cell: all but its value."""
    return CellOutcome(run.outputs, run.error, run.message, run.value)


def _leave_children_out(channel: socket.socket) -> None:
    """Close the line in what the student's code forks: two that answer would look like one that sends garbage."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.register_at_fork(after_in_child=lambda: os.dup2(nothing, channel.fileno()))


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, CourseError) else f"{type(error).__name__}: {error}"


def _text(outputs: list[Output]) -> str:
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")
