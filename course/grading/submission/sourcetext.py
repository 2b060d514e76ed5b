"""The text of a cell from whatever a file holds in its place: a string, or lines with or without their ends."""

import ast
from collections.abc import Sequence

from course.syntax import parsed

_ENDS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")  # where Python parts lines
_MAX_TRIED = 20_000  # characters of a cell that are read as Python, to tell one way of joining lines from another


def text_of(value: object, *, is_code: bool = False) -> tuple[str, str]:
    """The text, and what had to be done for it: nothing, or a phrase."""
    done = ""
    if isinstance(value, list):
        value, done = _joined([part for part in value if isinstance(part, str)], is_code)
    text = with_plain_ends(whole(value if isinstance(value, str) else ""))
    if is_code and not done and "\n" not in text and "\\n" in text and (text.startswith("#") or not _parses(text)):
        spelt = text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "\t")
        if _does_something(spelt):
            return spelt, "line endings were written out"
    return text, done


def whole(text: str) -> str:
    """Text that a file can hold: JSON can spell half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def with_plain_ends(text: str) -> str:
    """Text with \\n at the end of each line, as Windows or an old Mac saved it; in time that grows with its length."""
    if "\r" not in text:
        return text
    *lines, last = text.split("\n")
    return "\n".join([*(line.rstrip("\r") for line in lines), last]).replace("\r", "\n")


def _joined(parts: Sequence[str], is_code: bool) -> tuple[str, str]:
    """Lines as one text: Jupyter ends every line but the last; some tools end none, and lines would run together."""
    plain = "".join(parts)
    if all(part.endswith(_ENDS) or not part for part in parts[:-1]):
        return plain, ""
    ended = "".join(part if part.endswith(_ENDS) else part + "\n" for part in parts[:-1]) + parts[-1]
    has_comment = any("#" in part for part in parts[:-1] if not part.endswith(_ENDS))  # it would swallow the next line
    if is_code and not has_comment and not _parses(ended) and _parses(plain):
        return plain, ""  # a text that was cut anywhere, not at its lines
    return ended, "line endings were restored"


def without_magics(code: str) -> str:
    """The code without the lines that only IPython reads."""
    lines = code.split("\n")
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def _does_something(code: str) -> bool:
    """Whether a text is code that binds a name, and not a comment that speaks of line ends."""
    if len(code) > _MAX_TRIED or not _parses(code):
        return False
    return any(not isinstance(node, ast.Expr) for node in parsed(without_magics(code)).body)


def _parses(code: str) -> bool:
    if len(code) > _MAX_TRIED:
        return True
    try:
        parsed(without_magics(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
