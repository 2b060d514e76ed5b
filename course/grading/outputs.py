"""What a student's cell showed, made sound before it is kept: the student's process may send anything in its place.

What comes out is what nbformat allows and a page can show: the four kinds of output, text that a file can hold,
pictures in base64, no metadata (nbconvert writes a picture's width into its page as it stands), all within the caps.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from course.grading.shell import MESSAGE_CAP, OUTPUT_CAP, OUTPUT_COUNT_CAP, Output

_MOST = 9 * OUTPUT_CAP  # characters of one cell: what an honest shell keeps, and the line that says so
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_LARGEST = 1 << 63


def sound_outputs(outputs: object) -> list[Output]:
    """The outputs that are such, each in its plain form; the rest is left out."""
    kept: list[Output] = []
    room = _MOST
    for output in outputs if type(outputs) is list else ():
        made = _sound(output) if type(output) is dict else None
        if made is None or len(kept) > OUTPUT_COUNT_CAP:
            continue
        room -= sum(map(len, _texts(made)))
        if room < 0:
            break
        kept.append(made)
    return kept


def sound_text(value: object, most: int = OUTPUT_CAP) -> str:
    """The text, with what no file can hold (half of a surrogate pair) replaced; nothing for what is no text."""
    text = value[:most] if type(value) is str else ""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def sound_data(data: Any) -> Any:
    """Plain data (a report's dict, say) with every text in it made sound."""
    if type(data) is dict:
        return {sound_data(key): sound_data(value) for key, value in data.items()}
    if type(data) in (list, tuple):
        return [sound_data(item) for item in data]
    return sound_text(data) if type(data) is str else data


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
        if type(kind) is not str or not kind.isascii():
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


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 and abs(int(digits)) < _LARGEST else float(digits)


def _texts(output: Output) -> Iterable[str]:
    yield from (value for value in output.values() if type(value) is str)
    yield from output.get("traceback", ())
    for value in output.get("data", {}).values():
        yield value if type(value) is str else json.dumps(value)
