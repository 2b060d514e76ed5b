"""What a student's cell showed, sanitised before it is kept: a file or a student's process may hold anything there.

What comes out is what nbformat allows and a page can show: the four kinds of output, text that a file can hold,
pictures in base64, no metadata (nbconvert writes a picture's width into its page as it stands), all within the caps.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from course.grading.protocol import Output
from course.results import CellReport, CheckResult

OUTPUT_CAP = 1_000_000  # characters kept of one cell's text; the rest is counted, not kept
OUTPUT_COUNT_CAP = 500
MESSAGE_CAP = 10_000  # characters of an exception's message
_MOST = 9 * OUTPUT_CAP  # characters of one cell: what an honest shell keeps, and the line that says so
NOTEBOOK_CAP = 30 * OUTPUT_CAP  # characters of all cells of one notebook together
_MOST_KINDS, _LONGEST_KIND = 20, 100  # of the forms in which one output is shown, and the characters of their names
_FULL = f"[further output of this cell was dropped: the notebook shows more than {NOTEBOOK_CAP:,} characters]\n"
_SHORT = 200
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_LARGEST = 1 << 63


def sound_outputs(outputs: Sequence[object], most: int = _MOST) -> list[Output]:
    """The outputs that are such, each in its plain form, up to so many characters; the rest is left out."""
    kept: list[Output] = []
    room = min(most, _MOST)
    for output in outputs:
        made = _sound(output) if type(output) is dict else None
        if made is None or len(kept) > OUTPUT_COUNT_CAP:
            continue
        room -= _size(made)
        if room < 0:
            break
        kept.append(made)
    return kept


class Kept(NamedTuple):
    """What one cell showed, as far as there was space for it."""

    outputs: list[Output]
    message: str


class Space:
    """What the cells of one notebook may show together; once it is used up, a cell shows that and nothing else."""

    def __init__(self, characters: int = NOTEBOOK_CAP) -> None:
        self._left = characters

    def take(self, outputs: Sequence[object], message: str) -> Kept:
        """A cell's outputs and message as far as there is space for them."""
        kept = sound_outputs(outputs, max(self._left, 0))
        told = sound_text(message, MESSAGE_CAP)
        cut = self._left < _MOST and len(kept) < len(outputs)
        self._left -= sum(map(_size, kept)) + len(told)
        if cut:
            kept.append({"output_type": "stream", "name": "stdout", "text": _FULL})
        return Kept(kept, told if self._left > 0 else told[:_SHORT])


def as_in_a_file(output: object) -> object:
    """An output whose texts may be lists of lines, as a notebook file has them, with each in one piece."""
    if type(output) is not dict:
        return output
    data = output.get("data")
    pieces = {"text": _whole_text(output["text"])} if "text" in output else {}
    if type(data) is dict:
        pieces["data"] = {
            kind: value if str(kind).endswith("json") else _whole_text(value) for kind, value in data.items()
        }
    return {**output, **pieces}


def sound_text(value: object, most: int = OUTPUT_CAP) -> str:
    """The text, with what no file can hold (half of a surrogate pair) replaced; nothing for what is not text."""
    text = value[:most] if type(value) is str else ""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def sound_report(report: CellReport) -> CellReport:
    """The report with every text in it sanitised: a check's message may quote the student's."""
    return replace(report, exercise=sound_text(report.exercise), checks=tuple(map(_sound_check, report.checks)))


def _sound_check(check: CheckResult) -> CheckResult:
    texts = {name: sound_text(value) for name, value in vars(check).items() if type(value) is str}
    return CheckResult(**{**vars(check), **texts})


def _sound(output: dict[Any, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": sound_text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        traceback = [sound_text(line) for line in lines] if type(lines) is list else []
        texts = {name: sound_text(output.get(name), MESSAGE_CAP) for name in ("ename", "evalue")}
        return {"output_type": kind, **texts, "traceback": traceback}
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        made: Output = {"output_type": kind, "data": _bundle(data) if type(data) is dict else {}, "metadata": {}}
        return made | ({"execution_count": None} if kind == "execute_result" else {})
    return None


def _bundle(data: dict[Any, Any]) -> dict[str, Any]:
    bundle: dict[str, Any] = {}
    for kind, value in data.items():
        if type(kind) is not str or not kind.isascii() or len(kind) > _LONGEST_KIND or len(bundle) >= _MOST_KINDS:
            continue
        if kind.endswith("json"):
            value = _json(value)
        elif type(value) is not str or (
            kind in ("image/png", "image/jpeg", "image/gif") and not _BASE64.fullmatch(value)
        ):
            continue
        bundle[kind] = sound_text(value, _MOST) if type(value) is str else value
    return bundle


def _json(value: object) -> Any:
    """The value as JSON holds it; None when it does not."""
    try:
        return json.loads(sound_text(json.dumps(value, allow_nan=False), _MOST), parse_int=_whole)
    except (TypeError, ValueError, RecursionError):
        return None


def _whole_text(value: object) -> object:
    lines = type(value) is list and all(type(line) is str for line in value)
    return "".join(value) if lines else value  # type: ignore[arg-type]


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 and abs(int(digits)) < _LARGEST else float(digits)


def _size(output: Output) -> int:
    """About as many characters as the output takes in a notebook, where each line and value stands by itself."""
    lines = output.get("traceback", ())
    size = (
        100 + sum(len(value) for value in output.values() if type(value) is str) + sum(len(line) + 10 for line in lines)
    )
    for kind, value in output.get("data", {}).items():
        size += len(kind) + len(value if type(value) is str else json.dumps(value, indent=1))
    return size
