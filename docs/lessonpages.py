"""Lessons as pages: what students get, with the pictures and numbers that the demonstrations show.

The source notebook runs with its own solutions, once per content; what its setup and demonstration cells showed is put
into the release notebook. Answers and test cells show nothing, so no solution and no hidden test is on a page, and the
leak scan that guards release/ looks at the pages too.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.authoring import leaks
from course.authoring.lesson import read
from course.errors import CourseError
from course.folder import CourseFolder

LIMIT_S = 1800
_KINDS = ("image/png", "image/svg+xml", "text/html", "text/plain")  # what a page can show; the first that is there


def write(root: Path, target: Path) -> None:
    """Write a page notebook for each lesson, and their list; CourseError when one shows what students must not get."""
    folder = CourseFolder(root)
    target.mkdir(exist_ok=True)
    names = folder.lesson_names()
    _write(target / "index.md", _list(folder, names))
    for old in target.glob("*.ipynb"):
        if old.stem not in names:
            old.unlink()
    for name in names:
        released = nbformat.read(folder.release / name / f"{name}.ipynb", 4)
        outputs = _outputs(folder, name)
        _write(target / f"{name}.ipynb", nbformat.writes(page(released, outputs)))
    _nothing_leaks(folder, names, target)


def _list(folder: CourseFolder, names: list[str]) -> str:
    lessons = [read(folder.lessons / name) for name in names]
    rows = [
        f"| [{each.title}]({each.name}.ipynb) | {len(each.exercises)} | {sum(one.minutes for one in each.exercises)} "
        f"| {each.points:g} | {len(each.cards)} |"
        for each in lessons
    ]
    table = "\n".join(["| lesson | exercises | minutes | points | flash cards |", "|---|---|---|---|---|", *rows])
    entries = "\n".join(names)
    return f"""# Lessons

Each page shows a lesson as students get it, with what its demonstrations show. To work on one, open its notebook in
`release/`. [Where published study questions are answered](../study_sets.md) goes the other way round.

![What each lesson builds on](../images/lessons.svg)

{table}

```{{toctree}}
:hidden:

{entries}
```
"""


def page(released: NotebookNode, outputs: dict[str, list[Any]]) -> NotebookNode:
    """The release notebook with the outputs of the cells that are neither answers nor tests; tests are folded."""
    for cell in released.cells:
        meta = cell.metadata.get("nbgrader", {})
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type != "code":
            continue
        if meta.get("grade") and not meta.get("solution"):
            cell.metadata["tags"] = ["hide-input"]
        elif not meta.get("solution"):
            cell.outputs = [nbformat.from_dict(shown) for each in outputs.get(cell.id, []) if (shown := _shown(each))]
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata["tags"] = ["hide-input"]
    return released


def _shown(output: dict[str, Any]) -> dict[str, Any] | None:
    """An output as a page may hold it: pictures and text, no script and nothing from elsewhere."""
    if output["output_type"] == "stream":
        return output if output["name"] == "stdout" else None
    data = {kind: output.get("data", {}).get(kind) for kind in _KINDS if kind in output.get("data", {})}
    if "<script" in str(data.get("text/html", "")) or "<iframe" in str(data.get("text/html", "")):
        del data["text/html"]
    if not data:
        return None
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _outputs(folder: CourseFolder, name: str) -> dict[str, list[Any]]:
    """What each cell of the source notebook shows, by cell id; run when no run of the same content is kept."""
    path = folder.source / name / f"{name}.ipynb"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    kept = folder.root / ".cache" / "site" / f"{name}-{digest}.json"
    if kept.is_file():
        found: dict[str, list[Any]] = json.loads(kept.read_text("utf-8"))
        return found
    print(f"running {name} for its page (once for each content; minutes)", flush=True)
    executed = _run(path)
    outputs = {cell.id: cell.outputs for cell in executed.cells if cell.cell_type == "code"}
    kept.parent.mkdir(parents=True, exist_ok=True)
    _write(kept, json.dumps(outputs))
    return outputs


def _run(path: Path) -> NotebookNode:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, 4)
    os.environ.setdefault("CLOZEGRAD_SEED", "reference")
    client = NotebookClient(
        notebook, timeout=LIMIT_S, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        return client.execute()
    except CellExecutionError as error:
        raise CourseError(f"{path} does not run, so it has no page: {error}") from error


def _nothing_leaks(folder: CourseFolder, names: list[str], target: Path) -> None:
    lessons = {name: read(folder.lessons / name) for name in names}
    found = leaks.scan_pages(target, lessons)
    if found:
        raise CourseError("\n".join(str(leak) for leak in found))


def _write(path: Path, text: str) -> None:
    made = path.with_suffix(".writing")
    made.write_text(text, "utf-8")
    made.replace(path)
