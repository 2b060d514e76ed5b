"""nbgrader's Execute step, made steady: what a cell does to the kernel costs that cell, the others keep their points.

It guards against accidents: a hang (also one that ignores the interrupt), a dead kernel, a flood of output, a warning
or an odd number in a test cell. It does not guard against cheating: the student's code and the hidden tests share one
process here, so the student's code can read and change everything; only the clozegrad engine keeps them apart.
"""

import math
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked
from traitlets import Dict, Enum, Integer

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.cells import is_test
from course.grading.verdict.model import record_of
from course.grading.verdict.reading import report_from
from course.results import MIMETYPE

TIMEOUT_MESSAGE = "This cell ran longer than allowed and was stopped. Is there a loop that never ends?"
TIMEOUT_REPLY = {"ename": "timeout", "evalue": TIMEOUT_MESSAGE, "traceback": [TIMEOUT_MESSAGE]}
_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf)"
_WRITTEN = re.compile(rf"(?:np\.\w+|tensor|array)\(({_NUMBER})(?:, [^()]*)?\)|({_NUMBER})", re.IGNORECASE)


class SteadyExecute(Execute):
    """Runs a submission's cells; when one kills the kernel, a new one is started and brought back to its state."""

    shutdown_kernel = Enum(["graceful", "immediate"], default_value="immediate").tag(config=True)
    error_on_timeout = Dict(TIMEOUT_REPLY).tag(config=True)
    max_output_bytes = Integer(200_000, help="What a cell may show; the rest is cut.").tag(config=True)
    max_flood_bytes = Integer(50_000_000, help="What a cell may print before its kernel is killed.").tag(config=True)
    setup_timeout = Integer(180, help="Seconds that a locked cell may take at least: given code, slow imports.").tag(
        config=True
    )
    max_restarts = Integer(5, help="How many kernels one submission may use up.").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: KernelManager | None = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run every cell; never raises for what the student's code does."""
        self._environment = {**os.environ, **_seed(resources)}
        self._shown: dict[int, int] = {}
        self._stuck: set[int] = set()
        self._restarts = 0
        self._flooding: int | None = None
        self._gone = False
        return super().preprocess(nb, resources, km)

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with the seed of this student's random test inputs in its environment."""
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # of the process, not of the notebook
        super().start_new_kernel(env=self._environment, **streams, **kwargs)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run one cell; a kernel lost on the way becomes an error in this cell."""
        if self._gone:
            _fail(cell, "could not run", "Not run: earlier cells ended the kernel too often.")
            return cell, self.resources
        try:
            super().preprocess_cell(cell, resources, index)
            if self._flooding == index:
                raise DeadKernelError("killed after the flood")
        except (DeadKernelError, CellTimeoutError) as error:
            _fail(cell, *self._reason(error))
            self._revive(index)
        if any(output.get("ename") == "timeout" for output in cell.get("outputs", [])):
            self._stuck.add(index)
        if is_test(cell):
            settle(cell)
        return cell, self.resources

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output, cut to what the cell may still show; a cell that floods loses its kernel."""
        before = self._shown.get(cell_index, 0)
        self._shown[cell_index] = after = before + _weigh(msg["content"])
        if after > self.max_flood_bytes and self._flooding is None:
            self._flooding = cell_index
            self._kill()
        if after <= self.max_output_bytes or msg["msg_type"] == "execute_result":
            return super().output(outs, msg, display_id, cell_index)
        if msg["msg_type"] == "error":
            return super().output(outs, _shortened(msg), display_id, cell_index)
        if before <= self.max_output_bytes:
            text = str(msg["content"].get("text", ""))[: self.max_output_bytes - before]
            outs.append(new_output("stream", name="stdout", text=f"{text}\n... too much output: cut here ...\n"))
        return None

    def _get_timeout(self, cell: NotebookNode | None) -> int | None:
        """nbclient's question how long a cell may take; code that the course gave may take longer."""
        limit: int | None = super()._get_timeout(cell)
        given = cell is not None and is_locked(cell) and not is_grade(cell)
        return max(limit, self.setup_timeout) if limit and given else limit

    def _reason(self, error: Exception) -> tuple[str, str]:
        """How the kernel was lost: one of the endings of a verdict, and a sentence for the student."""
        status = self._exit_status()
        if self._flooding is not None:
            self._flooding = None
            return "crashed", f"This cell printed more than {self.max_flood_bytes / 1e6:.0f} MB and was stopped."
        if isinstance(error, CellTimeoutError):
            return "timeout", TIMEOUT_MESSAGE
        if status == -signal.SIGKILL:
            return "out of memory", "The kernel was killed while this cell ran, most likely for using too much memory."
        if status is not None and status < 0:
            return "crashed", f"Python crashed while this cell ran ({signal.Signals(-status).name})."
        return "exited", "This cell ended the Python process itself. Is there an exit(), quit() or os._exit()?"

    def _revive(self, index: int) -> None:
        """Start a new kernel and run the cells before `index` again, but for those that hung or cost a kernel."""
        self._stuck.add(index)
        self._restarts += 1
        if self._restarts > self.max_restarts:
            self._gone = True
            return
        self._kill()
        self._cleanup_kernel()
        self.km = self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()
        for position, cell in enumerate(self.nb.cells[:index]):
            if position not in self._stuck and not self._gone:
                self._replay(cell, position)

    def _replay(self, cell: NotebookNode, position: int) -> None:
        """Run a cell again for what it binds; its outputs stay those of the first run."""
        kept, shown = [*cell.get("outputs", [])], self._shown.get(position, 0)
        try:
            self.execute_cell(cell, position, store_history=True)
        except (DeadKernelError, CellTimeoutError):
            self._gone = True
        if cell.cell_type == "code":
            cell.outputs = kept
        self._shown[position] = shown

    def _kill(self) -> None:
        """Kill the kernel and what it started in its process group, whatever it makes of signals."""
        group = getattr(getattr(self.km, "provisioner", None), "pgid", None)
        if group and group != os.getpgrp() and self._exit_status() is None:
            os.killpg(group, signal.SIGKILL)

    def _exit_status(self) -> int | None:
        process = getattr(getattr(self.km, "provisioner", None), "process", None)
        status = process.poll() if process is not None else None
        return None if status is None else int(status)


def settle(cell: NotebookNode) -> None:
    """Rid a test cell of nbgrader's traps: a warning is not a failure, an error counts first, points stay in range."""
    points = float(cell.metadata["nbgrader"]["points"])
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"
        elif output.output_type == "execute_result":
            output.data = {**output.data, "text/plain": _held(output.data.get("text/plain", ""), points)}
        elif output.output_type == "display_data" and (report := report_from(output.data.get(MIMETYPE))):
            output.data = record_of(report)
    cell.outputs.sort(key=lambda output: output.output_type != "error")


def _held(text: str, points: float) -> str:
    """The number in `text`, held between 0 and `points`; `text` (to nbgrader: full marks) when it is not a number."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return text or "None"
    number = float(match.group(1) or match.group(2))
    return repr(0.0 if math.isnan(number) else min(max(number, 0.0), points))


def _fail(cell: NotebookNode, ending: str, message: str) -> None:
    if cell.cell_type == "code":
        error = new_output("error", ename=ending, evalue=message, traceback=[message])
        cell.outputs = [error, *cell.get("outputs", [])]


def _seed(resources: ResourcesDict) -> dict[str, str]:
    """The variable that seeds this student's random test inputs; none when the notebook lies in no course folder."""
    about = resources.get("nbgrader", {})
    if "student" not in about:
        return {}
    try:
        folder = CourseFolder.find(Path(resources["metadata"]["path"]))
    except CourseError:
        return {}
    return {"CLOZEGRAD_SEED": folder.seed(about["student"], about["assignment"])}


def _weigh(content: dict[str, Any]) -> int:
    parts = content.get("data") or {key: content.get(key, "") for key in ("text", "evalue", "traceback")}
    return sum(len(part) if isinstance(part, str) else len(str(part)) for part in parts.values())


def _shortened(msg: dict[str, Any]) -> dict[str, Any]:
    """An error message without its traceback, and no longer than a screen."""
    content = msg["content"]
    line = f"{content['ename']}: {content['evalue']}"[:2000]
    return {**msg, "content": {**content, "evalue": content["evalue"][:2000], "traceback": [line]}}
