"""Marked regions of a cell: solutions, hidden tests, mark schemes, and starter code inside solutions."""

import re
from dataclasses import dataclass
from typing import Literal

Region = Literal["SOLUTION", "HIDDEN TESTS", "MARK SCHEME"]
REGIONS: tuple[Region, ...] = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
STARTER = re.compile(r"(?P<indent>\s*)#!(?: (?P<code>.*))?$")


@dataclass(frozen=True)
class Span:
    """The rows (from 0) of one region's BEGIN and END lines."""

    begin: int
    end: int

    def holds(self, row: int) -> bool:
        """Whether a row is one of the region's, its two markers included."""
        return self.begin <= row <= self.end


def mentions(line: str) -> list[str]:
    """The nbgrader markers that a line holds anywhere: nbgrader cuts there, comment or not."""
    return [f"{edge} {region}" for region in REGIONS for edge in ("BEGIN", "END") if f"{edge} {region}" in line]


def spans(lines: tuple[str, ...], region: Region) -> tuple[list[Span], list[tuple[int, str]]]:
    """The regions of one kind in a cell, and what is wrong with their markers as (row from 0, text)."""
    found: list[Span] = []
    problems: list[tuple[int, str]] = []
    opened: int | None = None
    for row, line in enumerate(lines):
        if f"BEGIN {region}" in line:
            if opened is not None:
                problems.append((row, f"BEGIN {region} inside a region that is still open: end that one first"))
            opened = row
        elif f"END {region}" in line:
            if opened is None:
                problems.append((row, f"END {region} without a BEGIN {region} before it"))
            else:
                found.append(Span(opened, row))
            opened = None
        else:
            continue
        if not re.fullmatch(rf"\s*#+ (BEGIN|END) {region}\s*", line):
            problems.append((row, f"a marker must be alone on its line, such as `### BEGIN {region}`"))
    if opened is not None:
        problems.append((opened, f"BEGIN {region} is never closed: add `### END {region}`"))
    return found, problems


def starter(line: str) -> str | None:
    """The starter code that a `#! ` line stands for, None for any other line."""
    match = STARTER.match(line)
    return None if match is None else (match["indent"] + (match["code"] or "")).rstrip()


def public(lines: tuple[str, ...]) -> str:
    """A test cell without its hidden region; rows keep their places."""
    found, _ = spans(lines, "HIDDEN TESTS")
    return "\n".join("" if any(span.holds(row) for span in found) else line for row, line in enumerate(lines))
