"""The records of a text export: fields between separators and quotes; and which separator a file has that names none.

A record may go on over several lines inside quotes. One whose quotes do not match is given as what is wrong with it,
and reading goes on at the next line, so that one damaged row costs no other.
"""

import contextlib
import csv
from collections import Counter
from collections.abc import Iterator, Sequence

from course.cards.reading.limits import Limits

NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}
_TRIED = "\t;|,"  # of separators that fit as well, the one that is rarer in prose
_ENOUGH = 0.5  # of the rows must have one number of columns


def records(lines: Sequence[str], start: int, separator: str, limits: Limits) -> Iterator[tuple[int, list[str] | str]]:
    """Each record's first line and its fields, or what is wrong with it; comments and empty rows are left out."""
    at = start

    def feed() -> Iterator[str]:
        nonlocal at
        while at < len(lines):
            at += 1
            yield lines[at - 1]

    while True:
        while at < len(lines) and (lines[at].startswith("#") or not lines[at].strip()):
            at += 1
        if at == len(lines):
            return
        first = at
        try:
            with _field_limit(limits.field_chars):
                found = next(csv.reader(feed(), delimiter=separator, strict=True))
        except csv.Error as error:
            at = first + 1
            yield at, _said(str(error), limits)
        else:
            if any(found):
                yield first + 1, found


def guessed(lines: Sequence[str], start: int, limits: Limits) -> tuple[str, str]:
    """The separator that parts most rows into one number of columns, and a sentence that says so."""
    best, said = (0.0, "\t"), "each row was read as one column"
    for sign in _TRIED:
        if not any(sign in line for line in lines[start:]):
            continue
        widths = Counter(
            len(found) if isinstance(found, list) else 0 for _, found in records(lines, start, sign, limits)
        )
        width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda each: each[1], default=(0, 0))
        share = count / max(1, widths.total())
        if share > max(best[0], _ENOUGH):
            best = (share, sign)
            said = f"split at each {NAMES[sign]}, {count} of {widths.total()} rows have {width} columns"
    return (
        best[1],
        f"the file names no separator: {said}; if that is wrong, begin it with #separator:Comma (or Tab, Semicolon)",
    )


@contextlib.contextmanager
def _field_limit(chars: int) -> Iterator[None]:
    before = csv.field_size_limit(chars)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _said(error: str, limits: Limits) -> str:
    if "limit" in error:
        return f"it has a field of more than {limits.field_chars:,} characters, or a quote that is never closed"
    if "unexpected end" in error:
        return "a quote opens in it and is never closed"
    return "a quote closes in the middle of a field: quotes inside quotes are doubled"
