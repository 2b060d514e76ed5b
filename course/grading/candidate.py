"""The candidate: the jailed fork that runs one student's cells and answers the examiner's calls.

Nothing that this process says is believed further than its data goes; everything in it belongs to the student.
"""

import contextlib
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from course.grading import boundary, jail, outside, pages
from course.grading.shell import Output, Shell, time_limit

STARTED = b"+"  # sent before the student's first line: what ends without it, the grader could not bring up
LONG_S = 0.05


def main(job: dict[str, Any], fds: list[int]) -> None:
    """Enter the jail, then serve the examiner on the one socket until it closes."""
    channel = socket.socket(fileno=fds[0])
    jail.enter(jail.JailPlan.from_data(job["jail"]), keep_fds=(channel.fileno(),))
    os.environ["HOME"] = os.environ["MPLCONFIGDIR"] = str(Path.cwd())
    _seed_everything()
    shell = Shell.make()
    shell.ready()
    outside.install()
    sys.path.insert(0, str(Path.cwd()))
    call_s = float(job["call_s"])

    def run_cell(source: str) -> dict[str, object]:
        start = time.perf_counter()
        data = shell.run(source, float(job["cell_s"])).as_data()
        if time.perf_counter() - start > LONG_S:  # it may have left much memory free; looking takes half a millisecond
            pages.give_back()
        return data

    @contextlib.contextmanager
    def around_call() -> Iterator[Callable[[], str]]:
        shell.take()
        with time_limit(call_s):
            yield lambda: _text(shell.take())

    channel.sendall(STARTED)
    boundary.serve(channel, shell.user_ns, run_cell, around_call=around_call)


def _text(outputs: list[Output]) -> str:
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


def _seed_everything() -> None:
    """Fresh random numbers: a fork inherits its parent's generators, which every other fork shares."""
    import numpy as np
    import torch

    random.seed()
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
    torch.manual_seed(int.from_bytes(os.urandom(7), "little"))
