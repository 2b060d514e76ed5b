"""A student's desk: a released notebook in a folder of its own, and a kernel in which its cells run, one after another."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).parents[2]
LESSON = "01_tensors"


@dataclass
class Desk:
    """The notebook, and the kernel that has run its set-up cells."""

    path: Path
    client: NotebookClient
    at: int = 0  # the cell at which the student is

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path) -> "Iterator[Desk]":
        """Open the lesson's notebook in a folder, as JupyterLab does."""
        path = folder / f"{LESSON}.ipynb"
        shutil.copy(ROOT / f"release/{LESSON}/{LESSON}.ipynb", path)
        client = NotebookClient(
            nbformat.read(path, 4), timeout=120, startup_timeout=600, allow_errors=True, kernel_name="python3",
            extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(folder)}},
        )  # fmt: skip
        environment = os.environ | {"JPY_SESSION_NAME": str(path), "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
        with client.setup_kernel(env=environment):
            desk = cls(path, client)
            for cell in client.nb.cells:
                if _grade_id(cell).startswith("setup"):
                    desk._run(cell)
            yield desk

    def order(self, order: str, what: str) -> str:
        """What is printed when an exercise is solved as its author does, or the cells down to one that begins so are run."""
        if order == "solve":
            source = nbformat.read(ROOT / f"source/{LESSON}/{LESSON}.ipynb", 4)
            return self._answer(next(cell.source for cell in source.cells if _grade_id(cell) == what), what)
        (last,) = (at for at, cell in enumerate(self.client.nb.cells) if cell.source.startswith(what))
        return [self._run(self.client.nb.cells[at]) for at in range(self.at + 1, last + 1)][-1]

    def write(self, code: str) -> str:
        """What is printed when code is run: a function is an answer, saved and tested; all else is a cell of one's own."""
        if code.startswith("def "):
            return self._answer(code, code.partition("(")[0].removeprefix("def "))
        self.client.nb.cells.append(new_code_cell(code))
        return self._run(self.client.nb.cells[-1])

    def _answer(self, code: str, exercise: str) -> str:
        place = next(at for at, cell in enumerate(self.client.nb.cells) if _grade_id(cell) == exercise)
        answer, test = self.client.nb.cells[place : place + 2]
        answer.source = code.rstrip("\n")
        nbformat.write(self.client.nb, self.path)
        return self._run(answer) + self._run(test)

    def _run(self, cell: NotebookNode) -> str:
        if cell.cell_type != "code":
            return ""
        self.at = self.client.nb.cells.index(cell)
        self.client.execute_cell(cell, self.at)
        return "".join(output.text if output.output_type == "stream" else _shown(output) for output in cell.outputs)


def _shown(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/plain", "")) or "\n".join(output.get("traceback", []))


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
