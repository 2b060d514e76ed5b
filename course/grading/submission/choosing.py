"""Which of the files that somebody sent is the notebook that was asked for: by its name, else by what is in it.

Names first: the name asked for, whatever its case and however many extensions follow it; then names that hold it, such
as "Copy of X" or "X (1)"; then, where nothing is called so, what only one file can be meant as.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from course.grading.submission.parsing import Unreadable
from course.grading.submission.scripts import is_script
from course.grading.submission.walking import Found
from course.grading.submission.zipped import is_zip, members, sealed

Likeness = Literal["exact", "extension", "copy", "other"]
MAX_CANDIDATES = 12  # files for one notebook that are repaired and compared
MAX_OPENED = 2_000  # files whose names do not tell that are looked into
MAX_ZIPS = 12  # zip files that are opened
_LOOKED_AT = 65_536  # bytes
_NOTEBOOK = re.compile(r"\.?[ _]?ipynb", re.IGNORECASE)
_AFTER = re.compile(r"(?:\.(?:ipynb|json|txt|py|zip|gz|bak|orig|old|download|part|crdownload|tmp|html)|~|_)+$", re.I)
_KINDS = (b'"cells"', b'"cell_type"', b'"worksheets"', b'\\"cells\\"', b'\\"cell_type\\"')
_NO_NOTEBOOKS = (
    ".html",
    ".htm",
    ".pdf",
    ".docx",
    ".doc",
    ".rtf",
    ".png",
    ".jpg",
    ".jpeg",
    ".csv",
    ".tsv",
    ".npz",
    ".pt",
)


@dataclass(frozen=True)
class Candidate:
    """A file that may be the notebook, and how its name compares with the one that was asked for."""

    file: Found
    likeness: Likeness

    @property
    def rank(self) -> tuple[int, int, float, str]:
        order = ("exact", "extension", "copy", "other")
        return order.index(self.likeness), self.file.depth, -self.file.changed_s, self.file.place


def candidates(files: Sequence[Found], wanted: str, all_wanted: Sequence[str]) -> list[Candidate]:
    """The files that may be the notebook `wanted` of an assignment with these notebooks, the likeliest first."""
    found = []
    others_exactly = {f"{name}.ipynb" for name in all_wanted} - {f"{wanted}.ipynb"}
    for file in _likely(files, wanted):
        if file.name in others_exactly:
            continue
        likeness = _likeness(file.name, wanted)
        others = [] if likeness == "exact" else [_likeness(file.name, name) for name in all_wanted if name != wanted]
        if "exact" in others or ("extension" in others and likeness != "exact"):
            continue
        if likeness == "copy" and "copy" in others and _is_nearer(file.name, wanted, all_wanted):
            continue
        if likeness == "other" and "copy" in others:
            continue
        if likeness == "exact" and file.depth:
            likeness = "extension"
        found.append(Candidate(file, likeness))
    return sorted(found, key=lambda candidate: candidate.rank)[:MAX_CANDIDATES]


def may_be_notebook(name: str, wanted: Sequence[str]) -> bool:
    """Whether a file's name lets it be one of these notebooks, whatever is in it."""
    return is_kind(name) or (not _is_called_other(name) and any(_likeness(name, one) != "other" for one in wanted))


def opened(files: Iterable[Found], wanted: Sequence[str]) -> list[Found]:
    """The files with those that lie in zip files among them, which stand in place of the zip files."""
    found: list[Found] = []
    zips = 0
    for file in files:
        if zips < MAX_ZIPS and is_kind(file.name) and is_zip(file):
            zips += 1
            found += _unzipped(file, wanted)
        else:
            found.append(file)
    return found


def _unzipped(file: Found, wanted: Sequence[str]) -> list[Found]:
    """The notebooks in a zip file; where there are none, the zip file with the reason."""
    try:
        inside = members(file, lambda name: may_be_notebook(name, wanted))
    except Unreadable as error:
        return [sealed(file, str(error))]
    held = [one for one in inside if is_kind(one.name) or any(_holds_cells(one, name) for name in wanted)]
    return held or [sealed(file, "it is a zip file that holds no notebook")]


def _likely(files: Sequence[Found], wanted: str) -> list[Found]:
    """The files that are called notebooks, and of the likeliest and nearest others those that look like one."""
    named = [file for file in files if is_kind(file.name) and not _is_called_other(file.name)]
    rest = [file for file in files if not is_kind(file.name) or _is_called_other(file.name)]
    rest.sort(key=lambda file: (_is_called_other(file.name), _likeness(file.name, wanted) == "other", file.depth))
    return named + [file for file in rest[:MAX_OPENED] if _holds_cells(file, wanted)]


def is_kind(name: str) -> bool:
    """Whether a file is called a notebook, or a zip file that may hold one."""
    return bool(_NOTEBOOK.search(name)) or name.casefold().endswith(".zip")


def _is_called_other(name: str) -> bool:
    """Whether a notebook is not called so: only what is in such a file may make it one."""
    return name.startswith(".") or name.casefold().endswith(_NO_NOTEBOOKS)


def _holds_cells(file: Found, wanted: str) -> bool:
    """Whether a file looks like a notebook from inside, or is called as the one wanted and is a script."""
    try:
        head = file.content(_LOOKED_AT)
    except (OSError, Unreadable):
        return False
    head = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if file.name.casefold().endswith((".py", ".txt")) and not head.startswith((b"{", b"[", b'"{')):
        has_cells = bool(re.search(rb"^#[ \t]*(?:%%(?!%)|In ?\[[ \d*]*\]:)", head, re.MULTILINE))
        is_meant = len(head) < _LOOKED_AT and _likeness(file.name, wanted) != "other"
        return has_cells or (is_meant and is_script(head.decode("utf-8", "replace")))
    return head.startswith((b"{", b"[", b'"{')) and any(kind in head for kind in _KINDS)


@lru_cache(maxsize=1 << 16)
def _likeness(name: str, wanted: str) -> Likeness:
    if name == f"{wanted}.ipynb":
        return "exact"
    stem, plain = _plain(_AFTER.sub("", name.strip())), _plain(wanted)
    if stem == plain:
        return "extension"
    stem = _plain(_NOTEBOOK.sub(" ", name))
    return "copy" if _holds(stem, plain) else "other"


def same_name(name: str, other: str) -> bool:
    """Whether two names differ in case, in signs that cannot be seen and in how letters are put together alone."""
    return _plain(name) == _plain(other)


def is_copy(name: str, other: str) -> bool:
    """Whether a name holds another as words of its own, as "ps1 (1)" does."""
    return _holds(_plain(name), _plain(other))


def is_called(name: str, wanted: Sequence[str]) -> bool:
    """Whether a file is called as one of these notebooks or lessons, whatever extensions it has."""
    return is_kind(name) and any(_likeness(name, one) != "other" for one in wanted)


@lru_cache(maxsize=1 << 12)
def _plain(name: str) -> str:
    """A name without case, marks that cannot be seen, and differences in how letters are put together."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in name if sign.isprintable()).strip()


def _holds(stem: str, wanted: str) -> bool:
    """Whether a name holds another as words of its own, not as a part of longer ones: p1 is not in p10."""
    words, asked = _words(stem), _words(wanted)
    return any(words[at : at + len(asked)] == asked for at in range(len(words) - len(asked) + 1)) if asked else False


def _words(name: str) -> list[str]:
    """The words and numbers of a name; "copy1" is two of them, "p1" one, since lessons are called so."""
    name = re.sub(r"(?<=copy|kopi|opie|opia)(\d+)", r" \1", name)
    return re.findall(r"[^\W_]+", name)


def _is_nearer(name: str, wanted: str, all_wanted: Sequence[str]) -> bool:
    """Whether a file's name holds another, longer name that was asked for."""
    held = [one for one in all_wanted if _likeness(name, one) == "copy"]
    return max(held, key=len) != wanted
