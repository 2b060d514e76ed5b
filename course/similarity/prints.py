"""Fingerprints of answers, by copydetect: each run of a few signs, once names, comments and layout are left out.

What the course gave is taken out: stubs, given code, and the lesson's own solution, which is what many would write.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from copydetect import CodeFingerprint

from course.folder import CourseFolder
from course.report.classpage.handins import HandIn

CODE_RUN, TEXT_RUN = 20, 40  # signs of a fingerprint, in code without names and in written text
ALL = 1  # the winnowing window: keep every fingerprint, so that the result is the same each time
LONGEST, LINE = 12_000, 400  # characters of an answer, and of a line: beyond them a lexer takes its time

Prints = Mapping[str, CodeFingerprint]  # by exercise


@dataclass(frozen=True)
class Compared:
    """What is compared of a class: the fingerprints of each student, and which answers were too long for that."""

    prints: Mapping[str, Prints]
    left_out: tuple[str, ...]


def compared(folder: CourseFolder, lesson: str, hand_ins: Sequence[HandIn]) -> Compared:
    """The fingerprints of every answer that was given, without those of the template."""
    given = _given(folder, lesson)
    found: dict[str, dict[str, CodeFingerprint]] = {}
    left_out = []

    @cache  # answers that many handed in alike are looked at once
    def print_of(text: str, is_code: bool) -> CodeFingerprint:
        return _without(_fingerprint(text, is_code=is_code), given)

    for one in hand_ins:
        found[one.student] = {}
        for name, answered in one.exercises.items():
            text = answered.answer.strip()
            if len(text) > LONGEST or any(len(line) > LINE for line in text.split("\n")):
                left_out.append(f"{one.student}: {name}")
            elif text and not answered.is_blank:
                found[one.student][name] = print_of(text, answered.is_code)
    return Compared(found, tuple(left_out))


def _fingerprint(text: str, *, is_code: bool) -> CodeFingerprint:
    run = CODE_RUN if is_code else TEXT_RUN
    return CodeFingerprint("answer.py", run, ALL, filter=is_code, language="python", fp=io.StringIO(text))


def _without(print_: CodeFingerprint, given: frozenset[int]) -> CodeFingerprint:
    print_.hashes = set(map(int, print_.hashes)) - given
    print_.hash_idx = {number: places for number, places in print_.hash_idx.items() if number in print_.hashes}
    return print_


def _given(folder: CourseFolder, lesson: str) -> frozenset[int]:
    """The fingerprints of what students got, and of the lesson's own answers."""
    paths = [path for part in (folder.release, folder.source) for path in sorted((part / lesson).glob("*.ipynb"))]
    texts = {text for path in paths for text in _texts(path)}
    return frozenset(int(number) for text, is_code in texts for number in _fingerprint(text, is_code=is_code).hashes)


def _texts(path: Path) -> Iterator[tuple[str, bool]]:
    for cell in json.loads(path.read_bytes())["cells"]:
        yield _joined(cell["source"]).strip(), cell["cell_type"] == "code"


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def lines_of(text: str, slices: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in parts, each with whether it is marked; the marks end where their text does, not in the white space."""
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(slices):
        start, end = max(at, min(start, len(text))), min(end, len(text))
        end = start + len(text[start:end].rstrip())
        if start < end:
            parts += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [part for part in [*parts, (text[at:], False)] if part[0]]
