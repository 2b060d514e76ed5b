"""JupyterLab with nbgrader's formgrader for one instructor: on this machine alone, by a token, gone with its owner.

It listens on a port of its own, so it is another origin than our pages: what a notebook shows in it cannot read them.
"""

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jupyter_core.paths import jupyter_runtime_dir

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.jail import kernel

START_S = 120.0
STOP_S = 10.0
_LOOK_S = 0.2
_LINES = 15


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs; pages of it open with the token in their address."""

    url: str  # with a slash at its end
    token: str

    def page(self, path: str) -> str:
        """The address of a page of it, such as `lab` or `formgrader`."""
        return f"{self.url}{path}?token={self.token}"


@contextlib.contextmanager
def running(folder: CourseFolder, token: str) -> Iterator[Lab]:
    """Start JupyterLab in the course's folder, and end it and its kernels; CourseError with its log if it does not."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError("jupyterlab is not installed: pip install 'clozegrad[instructor]', or add --no-lab")
    with tempfile.TemporaryFile("w+b") as log, _started(folder.root, token, log) as process:
        yield Lab(_address_of(process, log), token)


@contextlib.contextmanager
def _started(root: Path, token: str, log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={root}"]
    options += ["--allow-root"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=root,
        env={**os.environ, "JUPYTER_TOKEN": token},  # not among the arguments, which every user can list
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for its owner, which then ends it
        preexec_fn=_end_with_the_owner if kernel.is_linux() else None,
    )
    try:
        yield process
    finally:
        _stop(process)


def _end_with_the_owner() -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)


def _address_of(process: "subprocess.Popen[bytes]", log: IO[bytes]) -> str:
    """Where it listens, from the file in which Jupyter writes that down."""
    about = Path(jupyter_runtime_dir()) / f"jpserver-{process.pid}.json"
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(about.read_text("utf-8"))["url"])
        time.sleep(_LOOK_S)
    log.seek(0)
    said = "\n".join(log.read().decode("utf-8", "replace").splitlines()[-_LINES:])
    raise CourseError(f"JupyterLab did not start; --no-lab leaves it out. The end of what it said:\n{said}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
