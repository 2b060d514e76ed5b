"""What editors and platforms make of a notebook that is opened, answered, run and saved in them.

Each takes the notebook as a student's Jupyter would hold it and gives the bytes that come back, in the shape that the
tool writes: where it keeps ids, what it adds to cells and notebook, which format it says it is, what it drops.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

Save = Callable[[NotebookNode], bytes]
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def jupyterlab(notebook: NotebookNode) -> bytes:
    """JupyterLab 4 with times of execution recorded, cells trusted and folded, a widget's state in the notebook."""
    data = _json(notebook)
    for number, cell in enumerate(_code(data), start=1):
        cell["execution_count"] = number
        cell["metadata"] |= {
            "trusted": True,
            "collapsed": False,
            "scrolled": True,
            "jupyter": {"source_hidden": False, "outputs_hidden": True},
            "execution": {
                "iopub.status.busy": "2026-01-30T16:59:01.000001Z",
                "iopub.execute_input": "2026-01-30T16:59:01.000101Z",
                "shell.execute_reply": "2026-01-30T16:59:02.000001Z",
            },
        }
        cell["outputs"] = [
            _shown({VIEW: {"model_id": "0a1b", "version_major": 2}, "text/plain": ["IntSlider(value=3)"]})
        ]
    state = {"0a1b": {"model_module": "@jupyter-widgets/controls", "model_name": "IntSliderModel", "state": {}}}
    data["metadata"]["widgets"] = {STATE: {"state": state, "version_major": 2, "version_minor": 0}}
    return _bytes(data, minor=5)


def colab(notebook: NotebookNode) -> bytes:
    """Colab: format 4.0, ids in the metadata, outputs with ids and a link to a proxy, a form's title, widgets with CSS."""
    data = _json(notebook)
    for number, cell in enumerate(data["cells"]):
        cell["metadata"]["id"] = _letters(number)
        cell.pop("id", None)
    for number, cell in enumerate(_code(data), start=1):
        cell["execution_count"] = number
        cell["metadata"] |= {
            "colab": {"base_uri": "https://localhost:8080/", "height": 34},
            "outputId": f"0e0b0f{number:02}-0000-4000-8000-000000000000",
            "cellView": "form",
            "executionInfo": {"status": "ok", "timestamp": 1769792341000, "elapsed": 4, "user_tz": -60},
        }
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["Epoch 1\n"] * 2000}]
    data["metadata"] = {
        "accelerator": "GPU",
        "colab": {"provenance": [], "collapsed_sections": ["abc"], "gpuType": "T4", "toc_visible": True},
        "kernelspec": {"display_name": "Python 3", "name": "python3"},
        "language_info": {"name": "python"},
        "widgets": {STATE: {"0a1b": {"model_name": "HBoxModel", "state": {"_dom_classes": []}}}},
    }
    return _bytes(data, minor=0)


def vscode(notebook: NotebookNode) -> bytes:
    """VS Code with the kernel of a folder: cells' ids anew, its own metadata, no trailing line end, a picture of output."""
    data = _json(notebook)
    for number, cell in enumerate(data["cells"]):
        cell["id"] = f"{number:08x}"
    for cell in _code(data):
        cell["metadata"] |= {"vscode": {"languageId": "python"}, "tags": []}
        cell["outputs"] = [
            _shown({"image/png": "iVBORw0KGgo" + "A" * 200_000, "text/plain": ["<Figure size 640x480>"]})
        ]
    data["metadata"] = {
        "kernelspec": {"display_name": ".venv (3.12.3)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.3", "codemirror_mode": {"name": "ipython", "version": 3}},
        "vscode": {"interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b9275f58929596ceb00d14d90e3e16cd6"}},
    }
    return _bytes(data, minor=2, indent=2).rstrip()


def kaggle(notebook: NotebookNode) -> bytes:
    """Kaggle: format 4.4, uuids in every cell, nbgrader's metadata gone, a cell of its own on top."""
    data = _json(notebook)
    for number, cell in enumerate(data["cells"]):
        cell.pop("id", None)
        uuid = f"8f2839f25d086af736a60e9eeb907d3b93b6e0{number:02}"
        cell["metadata"] = {
            "_uuid": uuid,
            "_cell_guid": f"b1076dfc-b9ad-4769-8c92-a6c4dae69d{number:02}",
            "trusted": True,
        }
    hello = "# This Python 3 environment comes with many helpful analytics libraries installed\nimport numpy as np\n"
    hello += 'import os\nfor dirname, _, filenames in os.walk("/kaggle/input"):\n    print(dirname, filenames)'
    data["cells"].insert(
        0, {"cell_type": "code", "metadata": {"_uuid": "0"}, "execution_count": 1, "outputs": [], "source": hello}
    )
    data["metadata"] = {
        "kernelspec": {"language": "python", "display_name": "Python 3", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.13", "mimetype": "text/x-python"},
        "kaggle": {"accelerator": "none", "dataSources": [], "isInternetEnabled": False, "language": "python"},
        "papermill": {"duration": 12.5, "exception": None, "parameters": {}, "version": "2.6.0"},
    }
    return _bytes(data, minor=4)


def deepnote(notebook: NotebookNode) -> bytes:
    """Deepnote: format 4.0, its own keys in each cell, nbgrader's metadata gone, a link at the end."""
    data = _json(notebook)
    for number, cell in enumerate(data["cells"]):
        cell.pop("id", None)
        kind = "code" if cell["cell_type"] == "code" else "markdown"
        cell["metadata"] = {
            "cell_id": f"00000-{number:08x}-0000-4000-8000-000000000000",
            "deepnote_cell_type": kind,
            "deepnote_cell_height": 92,
            "source_hash": "b623e53d",
            "execution_start": 1769792341000,
            "deepnote_to_be_reexecuted": False,
        }
    link = "<a style='text-decoration:none' href='https://deepnote.com'>Created in <span>Deepnote</span></a>"
    about = {"created_in_deepnote_cell": True, "deepnote_cell_type": "markdown"}
    data["cells"].append({"cell_type": "markdown", "metadata": about, "source": link})
    data["metadata"] = {
        "deepnote": {"is_reactive": False},
        "deepnote_notebook_id": "5f0",
        "deepnote_execution_queue": [],
    }
    return _bytes(data, minor=0)


def papermill(notebook: NotebookNode) -> bytes:
    """Papermill: its record in every cell, and a cell of injected parameters."""
    data = _json(notebook)
    for cell in data["cells"]:
        cell["metadata"] |= {
            "papermill": {
                "duration": 0.01,
                "exception": False,
                "start_time": "2026-01-30T16:59:01",
                "status": "completed",
            },
            "tags": [],
        }
    injected = {"tags": ["injected-parameters"], "papermill": {"status": "completed"}}
    source = "# Parameters\nseed = 1"
    data["cells"].insert(
        1,
        {
            "cell_type": "code",
            "id": "injected",
            "metadata": injected,
            "execution_count": 1,
            "outputs": [],
            "source": source,
        },
    )
    return _bytes(data, minor=5)


def pasted(notebook: NotebookNode) -> bytes:
    """All cells copied into a fresh notebook: no metadata at all, ids of its own, the kernel of whoever pasted."""
    data = _json(notebook)
    for number, cell in enumerate(data["cells"]):
        cell["metadata"], cell["id"] = {}, f"{number:08x}"
    data["metadata"] = {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}
    return _bytes(data, minor=5)


def answers_alone(notebook: NotebookNode) -> bytes:
    """Only the answers copied into a fresh notebook, in one cell each."""
    data = _json(notebook)
    kept = [cell for cell in data["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for number, cell in enumerate(kept):
        cell["metadata"], cell["id"] = {}, f"{number:08x}"
    return _bytes(data | {"cells": kept, "metadata": {}}, minor=5)


def in_another_place(notebook: NotebookNode) -> bytes:
    """By a tool that knows only its own keys: what nbgrader wrote is put below another key, ids are the same for all."""
    data = _json(notebook)
    for cell in data["cells"]:
        cell["metadata"] = {"original_metadata": cell["metadata"]}
        cell["id"] = "cell"
    return _bytes(data, minor=5)


def huge(notebook: NotebookNode) -> bytes:
    """Thirty megabytes of training output, and a display of every kind."""
    data = _json(notebook)
    for cell in _code(data):
        text = ["step 1, loss 0.3 ................................\n"] * 60_000
        cell["outputs"] = [
            {"output_type": "stream", "name": "stderr", "text": text},
            _shown(
                {
                    "text/html": ["<script>alert(1)</script>"],
                    "application/vnd.plotly.v1+json": {"data": [{"x": [1] * 5000}]},
                }
            ),
            {
                "output_type": "error",
                "ename": "KeyboardInterrupt",
                "evalue": "",
                "traceback": ["\x1b[31mKeyboardInterrupt"],
            },
        ]
    return _bytes(data, minor=5)


EDITORS: dict[str, Save] = {
    save.__name__: save
    for save in (jupyterlab, colab, vscode, kaggle, deepnote, papermill, pasted, answers_alone, in_another_place, huge)
}
UNTOLD = {"jupyterlab", "colab", "vscode", "papermill", "huge"}  # nothing had to be repaired


def _json(notebook: NotebookNode) -> dict[str, Any]:
    return dict(json.loads(json.dumps(copy.deepcopy(notebook))))


def _code(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in data["cells"] if cell["cell_type"] == "code"]


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _letters(number: int) -> str:
    """An id as Colab gives: twelve letters and digits."""
    return f"Qx{number:02}kPzLm0aB"


def _bytes(data: dict[str, Any], minor: int, indent: int = 1) -> bytes:
    return (json.dumps(data | {"nbformat": 4, "nbformat_minor": minor}, indent=indent) + "\n").encode()
