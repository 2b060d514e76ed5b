"""The same answer under many draws of the tests' random data: does the verdict depend on the student's seed?

An engine trial takes a second; a test cell by itself a twentieth of that. So each worker process runs a lesson's cells
once (course.audit.kernel), and each answer gets a fork of it, in which its test cell runs once a seed. Where a verdict
changes, every seed is tried again in a fork of its own, so that nothing an earlier run left behind decides.
"""

import contextlib
import json
import os
import resource
import select
import signal
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, NoReturn

from course.audit.kernel import OneKernel
from course.audit.trials import KEPT, KINDS, Trial
from course.authoring.lesson import read

MOST_WRONG = 20  # draws of an answer that must lose points; one that must keep them gets all that are asked for
RUN_S = 60.0  # for one run of one test cell; an answer that takes longer is tried no further
UNFINISHED = "it did not finish"
MEMORY = 6 * 2**30  # beyond what the worker has, for an answer that grows without end


class Ran(NamedTuple):
    """One run of a test: what it earned, what the first check that failed said, whether a form had anything to do."""

    earned: float
    said: str
    touched: bool


@dataclass(frozen=True)
class Draws:
    """What one answer earned under each seed that was tried; 0 where it was stopped."""

    trial: Trial
    ran: dict[str, Ran]

    @property
    def passed(self) -> list[str]:
        """The seeds under which it kept all points."""
        return [seed for seed, ran in self.ran.items() if ran.earned >= self.trial.exercise.points]

    @property
    def lost(self) -> list[str]:
        """The seeds under which it lost some."""
        return [seed for seed in self.ran if seed not in self.passed]

    @property
    def touched(self) -> bool:
        """Whether the answer's form, where it is a spoiler, ever had something to spoil."""
        return any(ran.touched for ran in self.ran.values())

    @property
    def ended(self) -> bool:
        """Whether every run came to its own end."""
        return all(ran.said != UNFINISHED for ran in self.ran.values())

    @property
    def steady(self) -> bool:
        return not self.passed or not self.lost

    def complaint(self) -> str:
        """Which verdict changes, and with which seeds; empty when it does not."""
        if self.steady:
            return ""
        kept = self.trial.kind in KEPT
        odd = self.lost if kept else self.passed
        said = next((ran.said for seed, ran in self.ran.items() if seed in self.lost), "")
        return (
            f"{self.trial.called} {'loses points' if kept else 'passes'} under "
            f"{len(odd)} of {len(self.ran)} seeds ({', '.join(odd[:5])}{', …' if odd[5:] else ''}); {said}"
        )


def draws(lesson: Path, trials: Sequence[Trial], seeds: int, jobs: int, run_s: float = RUN_S) -> Iterator[Draws]:
    """Each answer under so many seeds (a wrong one under at most MOST_WRONG), exercise by exercise.

    `lesson` is the folder that the trials' exercises come from; `jobs` workers run at once; a run that takes longer
    than `run_s` seconds is the answer's last.
    """
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.exercise.name, []).append(trial)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # what is forked must have one thread
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        counts = {kind: seeds if kind in KEPT else min(seeds, MOST_WRONG) for kind in KINDS}
        tasks = [
            (
                group,
                pool.submit(
                    _judge, lesson, name, [(one.source, one.exercise.points, counts[one.kind]) for one in group], run_s
                ),
            )
            for name, group in groups.items()
        ]
        for group, task in tasks:
            yield from (Draws(trial, ran) for trial, ran in zip(group, task.result(), strict=True))


def _judge(lesson: Path, name: str, answers: list[tuple[str, float, int]], run_s: float) -> list[dict[str, Ran]]:
    """In a worker: what each answer (source, points possible, how many seeds) earns under each seed."""
    kernel = _kernel(lesson)
    with _quiet():  # what is imported or compiled at the first call is there for every fork
        _run(kernel, name, kernel.lesson.exercise(name).solution.source, "seed 0")
    found = []
    for source, points, count in answers:
        seeds = [f"seed {number}" for number in range(1, count + 1)]
        ran = _in_a_fork(kernel, name, source, seeds, run_s)
        if len({one.earned >= points for one in ran.values()}) > 1:
            ran = {seed: one for each in ran for seed, one in _in_a_fork(kernel, name, source, [each], run_s).items()}
        found.append(ran)
    return found


@cache
def _kernel(lesson: Path) -> OneKernel:
    import matplotlib as mpl
    import torch

    mpl.use("Agg")
    torch.set_num_threads(1)
    os.environ |= {"NBGRADER_EXECUTION": "autograde", "CLOZEGRAD_SEED": "seed 0"}
    kernel = OneKernel(read(lesson))
    with _quiet():
        _ = kernel.before
    return kernel


def _in_a_fork(kernel: OneKernel, name: str, source: str, seeds: list[str], run_s: float) -> dict[str, Ran]:
    """What the answer earns under each seed, all in one fork; nothing after a run that did not come to an end."""
    ran: dict[str, Ran] = {}
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _serve(kernel, name, source, seeds, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as results:
        for seed in seeds:
            line = _line(results.fileno(), run_s)
            ran[seed] = Ran(*json.loads(line)) if line else Ran(0.0, UNFINISHED, True)
            if not line:
                break
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return ran


def _line(results: int, wait_s: float) -> bytes:
    """The next line of a pipe; empty when none comes in time or no writer is left."""
    got = b""
    while not got.endswith(b"\n"):
        ready, _, _ = select.select([results], [], [], wait_s)
        byte = os.read(results, 1) if ready else b""
        if not byte:
            return b""
        got += byte
    return got


def _serve(kernel: OneKernel, name: str, source: str, seeds: list[str], writing: int) -> NoReturn:
    """In the fork: run the test once a seed, and write what was earned, a line each."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    with _quiet():
        for seed in seeds:
            try:
                ran = _run(kernel, name, source, seed)
            except BaseException as error:  # also SystemExit, and whatever an answer raises between two checks
                ran = Ran(0.0, f"{type(error).__name__}: {error}", True)
            os.write(writing, json.dumps(ran).encode() + b"\n")
    os._exit(0)


def _run(kernel: OneKernel, name: str, source: str, seed: str) -> Ran:
    from course.device import seed_everything

    os.environ["CLOZEGRAD_SEED"] = seed
    seed_everything(zlib.crc32(seed.encode()))
    report, names = kernel.tried(kernel.lesson.exercise(name), source)
    said = next((f"{check.label}: {check.message}" for check in report.failures), "")
    return Ran(report.earned, said, bool(names.get("TOUCHED", True)))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that a lesson prints, by whatever way, is seen."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
