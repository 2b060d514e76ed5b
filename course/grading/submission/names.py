"""Names of students' folders: as the gradebook keeps them, and as a person can read and type them."""

import os
import unicodedata
from pathlib import Path

from course.naming import is_seen


def shown(name: str) -> str:
    r"""A name in which every sign can be seen and typed: what cannot is spelt, as `\u200b` for a space of no width.

    Letters that were put together of several signs are spelt as well: they look like others that are not the same.
    """
    together = unicodedata.normalize("NFC", name) != name
    parts, is_drawn = [], False
    for place, sign in enumerate(name):
        is_drawn = is_seen(sign, after=is_drawn) and not (together and unicodedata.combining(sign))
        is_inside = sign == " " and 0 < place < len(name) - 1
        parts.append(sign if is_drawn or is_inside else _spelt(sign))
    return "".join(parts)


def student_of(folder: Path) -> str:
    """The student whose folder this is; bytes that are not text are spelt, since no gradebook can hold them."""
    name = os.fsencode(folder.name).decode("utf-8", "backslashreplace")
    while name != folder.name and _is_folder(folder.parent / name):
        name += "_"
    return name


def folder_of(submitted: Path, student: str) -> Path:
    """The folder of a student, who may be named as the gradebook or as the class table does."""
    plain = submitted / student
    if _is_folder(plain):
        return plain
    try:
        found = sorted(path for path in submitted.iterdir() if student in (student_of(path), shown(path.name)))
    except OSError:
        return plain
    return found[0] if found else plain


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _spelt(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
