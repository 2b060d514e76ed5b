"""How much time, memory and output a submission may use while it is graded."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.errors import CourseError

if TYPE_CHECKING:  # the fork server reads this file too, and nbformat takes seconds to import
    from nbformat import NotebookNode

CONFIG_SECTIONS = ("NotebookClient", "ExecutePreprocessor", "Execute")  # the last that says something counts
_WITHOUT_END_S = 3600.0  # where nbgrader is told to wait for ever


@dataclass(frozen=True)
class Limits:
    """The limits of one submission; a lesson may set its own in its notebook's metadata under `clozegrad`."""

    cell_s: float = 30.0  # one cell of the student's notebook
    call_s: float = 10.0  # one call of a student's function from a test
    test_s: float = 60.0  # one whole test cell
    submission_s: float = 600.0  # everything
    grace_s: float = 2.0  # from the interrupt that code can catch to the kill that it cannot
    memory_mb: float = 4096.0  # the candidate and all it starts, resident
    processes: int = 128
    file_mb: int = 256  # one file, and each scratch folder
    restarts: int = 12  # how often a candidate that ended itself is started anew


def limits_of(source: NotebookNode, path: Path, config: Mapping[str, Any], *, plain_tests: bool) -> Limits:
    """The default limits, then what nbgrader_config.py says of time, then what the notebook's own metadata says.

    With `plain_tests` (no `course.checks`, as in any other nbgrader course) one call may take as long as a cell, and
    the whole notebook as long as all its cells, as under nbgrader. Raises CourseError, which names file and key, for
    a limit that is unknown or invalid.
    """
    chosen: dict[str, Any] = {}
    for section in CONFIG_SECTIONS:
        if "timeout" in config.get(section, {}):
            chosen["cell_s"] = _configured_s(section, config[section]["timeout"])
    limits = Limits(**chosen)
    if plain_tests:
        cells = sum(cell.cell_type == "code" for cell in source.cells)
        whole_s = max(limits.submission_s, cells * limits.cell_s)
        limits = dataclasses.replace(limits, call_s=limits.cell_s, test_s=limits.cell_s, submission_s=whole_s)
    wish = source.metadata.get("clozegrad", {})
    if not isinstance(wish, Mapping):
        raise CourseError(f"{path}: its clozegrad metadata is {wish!r}; it must map limit names to values")
    wished: dict[str, Any] = {key: _wished(path, key, value) for key, value in wish.items()}
    return dataclasses.replace(limits, **wished)


def _configured_s(section: str, timeout: object) -> float:
    """nbclient's timeout, for which None and anything below 0 mean no limit."""
    if isinstance(timeout, str) and hasattr(timeout, "get_value"):  # of the command line, which traitlets reads later
        timeout = _number(timeout)
    if timeout is None:
        return _WITHOUT_END_S
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or math.isnan(timeout):
        raise CourseError(f"nbgrader_config.py: c.{section}.timeout is {timeout!r}; it must be seconds, or None")
    return float(timeout) if 0 < timeout < _WITHOUT_END_S else _WITHOUT_END_S


def _number(text: str) -> float | str | None:
    if text == "None":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _wished(path: Path, key: str, value: object) -> int | float:
    known = {field.name: field.type for field in dataclasses.fields(Limits)}
    if key not in known:
        raise CourseError(f"{path}: unknown limit {key!r} in its clozegrad metadata; known: {', '.join(sorted(known))}")
    whole = known[key] in (int, "int")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not 0 < value < math.inf:
        kind = "a whole number" if whole else "a number"
        raise CourseError(f"{path}: limit {key!r} in its clozegrad metadata is {value!r}; it must be {kind} above 0")
    return value
