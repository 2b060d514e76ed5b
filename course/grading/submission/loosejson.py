"""The cells in the text of a notebook file, one after the other, however its JSON is damaged.

Each cell is read by itself: what stands before a break in the file is found again, a cell that cannot be read costs
only itself, and a file of a million cells is left at the first that is too many.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_SPACE = re.compile(r"[ \t\r\n\0\ufeff]*+")
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_COMMA_TO_DROP = re.compile(rf"({_STRING})|,(?=[ \t\r\n]*+[\]}}])", re.DOTALL)
_NEXT_CELL = re.compile(
    r'\{[ \t\r\n]*+"(?:cell_type|attachments|execution_count|id|source|metadata|outputs)"[ \t\r\n]*+:'
)
_DECODER = json.JSONDecoder(strict=False)
_MOST_RESUMED = 50  # times that reading begins again after a cell that cannot be read


@dataclass
class Loose:
    """What was found: the notebook's own entries without its cells, and what was wrong with the file."""

    top: dict[str, Any] = field(default_factory=dict)
    cells: list[Any] | None = None
    lost: int = 0  # cells that could not be read
    is_cut: bool = False  # the file breaks off
    has_rest: bool = False  # the file goes on after the notebook's end
    was_mended: bool = False  # commas that JSON does not allow were passed over
    error: Exception | None = None  # the first that was met


def read(text: str, on_cell: Callable[[int], None]) -> Loose:
    """The notebook in a text that begins with its brace; `on_cell` is told how many cells there are so far."""
    return _Reader(text, on_cell).notebook()


class _Reader:
    def __init__(self, text: str, on_cell: Callable[[int], None]) -> None:
        self.text, self.on_cell = text, on_cell
        self.at = 0
        self.found = Loose()
        self.resumed = 0

    def notebook(self) -> Loose:
        """Walk over the outermost object; its list of cells is taken cell by cell."""
        self.at = 1
        try:
            for key in self._keys():
                if key == "cells" and self._sign() == "[":
                    self.found.cells = self._cells()
                else:
                    self.found.top[key] = self._value()
            self.found.has_rest = bool(self.text[self._skip() :].strip(" \t\r\n\0"))
        except (ValueError, RecursionError, IndexError) as error:
            self._note(error)
            self.found.is_cut = self._skip() >= len(self.text) or self._is_at_the_last_token()
        return self.found

    def _keys(self) -> Iterator[str]:
        while True:
            while self._sign() == ",":
                self.at += 1
            if self._sign() == "}":
                self.at += 1
                return
            key = self._value()
            if not isinstance(key, str) or self._sign() != ":":
                raise json.JSONDecodeError("no key", self.text, self.at)
            self.at += 1
            yield key

    def _cells(self) -> list[Any]:
        self.at += 1
        cells: list[Any] = []
        self.found.cells = cells  # what is there when the text breaks off
        while True:
            while self._sign() == ",":
                self.at += 1
            if self._sign() == "]":
                self.at += 1
                return cells
            try:
                cells.append(self._value())
            except (ValueError, RecursionError) as error:
                self._note(error)
                self.found.lost += 1
                cells.append(self._next_whole(error))
            self.on_cell(len(cells))

    def _value(self) -> Any:
        """The value at this place, also with commas before a closing bracket."""
        self._skip()
        try:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            if not self._drop_commas(error.pos):
                raise
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        return value

    def _drop_commas(self, pos: int) -> bool:
        """Take all commas before closing brackets out of the rest of the text, once, where one of them is the fault."""
        before = self.text[max(0, pos - 1000) : pos].rstrip(" \t\r\n")
        if self.found.was_mended or not (before.endswith(",") or self.text[pos : pos + 1] == ","):
            return False
        rest = _COMMA_TO_DROP.sub(lambda match: match[1] or "", self.text[self.at :])
        self.found.was_mended = True
        self.text = self.text[: self.at] + rest
        return True

    def _next_whole(self, error: Exception) -> Any:
        """The next cell that can be read, after one that cannot; the error again where there is none."""
        while self.resumed < _MOST_RESUMED:
            self.resumed += 1
            self.on_cell(0)
            ahead = _NEXT_CELL.search(self.text, self.at + 1)
            if ahead is None:
                break
            self.at = ahead.start()
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except (ValueError, RecursionError):
                continue
            if "source" in value or "input" in value:  # what else begins so is a part of the broken one
                self.at = end
                return value
        raise error

    def _note(self, error: Exception) -> None:
        self.found.error = self.found.error or error

    def _skip(self) -> int:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _sign(self) -> str:
        """The sign at this place; JSONDecodeError where the text ends."""
        if self._skip() >= len(self.text):
            raise json.JSONDecodeError("the text ends", self.text, len(self.text))
        return self.text[self.at]

    def _is_at_the_last_token(self) -> bool:
        """Whether the text breaks off within the value that begins here: nothing after it closes the notebook."""
        return not self.text.rstrip(" \t\r\n\0").endswith("}")
