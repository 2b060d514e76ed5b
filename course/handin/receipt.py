"""A receipt for a notebook: what stood in its cells when it was handed in, and when that was.

It holds a digest of the cells' kinds, texts and pictures, not of the file: outputs, ids and whatever else an editor or
a platform changes by opening and saving do not count. So a receipt that matches says that no answer was lost or changed
on the way. It proves nothing against the student: anybody can make one, and its time is that of the student's clock.

It lies in the notebook's metadata, as `clozegrad.receipt`, or beside it in `NAME.receipt.json`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

ENDING = ".receipt.json"
_MOST_CELLS = 1_000_000  # that a receipt may speak of
State = Literal["verified", "does not match", "none"]


@dataclass(frozen=True)
class Receipt:
    """What a student gets for a notebook.

    Attributes:
        sha256: of the notebook's cells, as `digest` gives it.
        time: when it was made, by the student's clock, as ISO 8601 in UTC.
        answers: cells that were answered.
        blanks: cells that were left as they were.
    """

    sha256: str
    time: str
    answers: int
    blanks: int


def make(notebook: Mapping[str, Any], *, answers: int, blanks: int, time: datetime | None = None) -> Receipt:
    """A receipt for a notebook; ValueError where it has no cells.

    Args:
        time: with its zone (default: now).
    """
    when = (time or datetime.now(UTC)).astimezone(UTC)
    return Receipt(digest(notebook), when.isoformat(timespec="seconds"), answers, blanks)


def digest(notebook: Mapping[str, Any]) -> str:
    """The SHA-256 of what a person wrote in a notebook, in hexadecimal digits; ValueError where it has no cells."""
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise ValueError("the notebook has no list of cells")
    written = [_written(cell) for cell in cells if isinstance(cell, Mapping)]
    text = json.dumps({"cells": written}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def put(notebook: Mapping[str, Any], receipt: Receipt) -> dict[str, Any]:
    """The notebook with a receipt in its metadata, in place of an older one."""
    metadata = _mapped(notebook.get("metadata"))
    own = {**_mapped(metadata.get("clozegrad")), "receipt": asdict(receipt)}
    return {**notebook, "metadata": {**metadata, "clozegrad": own}}


def beside(notebook: Path) -> Path:
    """Where the receipt of a notebook lies that has none in itself."""
    return notebook.with_name(notebook.stem + ENDING)


def text_of(receipt: Receipt) -> str:
    """A receipt as it lies beside its notebook."""
    return json.dumps(asdict(receipt), indent=1) + "\n"


def check(raw: bytes, others: Iterable[bytes] = ()) -> State:
    """Whether the notebook in `raw` is the one that a receipt in it was made for, or one of the files beside it."""
    notebook = _parsed(raw)
    receipts = [one for one in (inside(notebook), *(_receipt(_parsed(other)) for other in others)) if one]
    if not receipts:
        return "none"
    try:
        found = digest(notebook)
    except (ValueError, RecursionError):
        return "does not match"
    return "verified" if any(one.sha256 == found for one in receipts) else "does not match"


def inside(notebook: Mapping[str, Any]) -> Receipt | None:
    """The receipt in a notebook's metadata; None where there is none, or none that can be read."""
    metadata = _mapped(notebook.get("metadata"))
    return _receipt(_mapped(_mapped(metadata.get("clozegrad")).get("receipt")))


def _written(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell without what editors and platforms change of their own accord."""
    kind, source = str(cell.get("cell_type", "")), cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    attached = cell.get("attachments")
    pictures = {"attachments": attached} if isinstance(attached, Mapping) and attached else {}
    return {"cell_type": kind, "source": text.replace("\r\n", "\n").replace("\r", "\n"), **pictures}


def _receipt(data: Mapping[str, Any]) -> Receipt | None:
    sha256, time = data.get("sha256"), data.get("time")
    if not (isinstance(sha256, str) and isinstance(time, str)):
        return None
    return Receipt(sha256.lower(), time, _count(data.get("answers")), _count(data.get("blanks")))


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value <= _MOST_CELLS else 0


def _parsed(raw: bytes) -> Mapping[str, Any]:
    """What is in a JSON file; nothing where it is none, or no object."""
    try:
        return _mapped(json.loads(raw))
    except (ValueError, RecursionError):
        return {}


def _mapped(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
