"""The text of a cell from whatever a file holds in its place: a string, or lines with or without their ends."""

import ast
import html
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise

from course.syntax import parsed, walk

_ENDS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")  # where Python parts lines
_ODD_END = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")  # of these, the ones that Python's own lines do not end with
_ESCAPED = re.compile(r"\\(?P<sign>[\\\"'/])|\\(?P<tab>t)|\\r\\n|\\[nr]")
_BREAK = re.compile(r"<br ?/?>|&#(?:13;&#)?10;", re.IGNORECASE)
_MAX_TRIED = 20_000  # characters of a cell that are read as Python, to tell one way of joining lines from another


def text_of(value: object, *, is_code: bool = False) -> tuple[str, str]:
    """The text, and what had to be done for it: nothing, or a phrase."""
    parts = list(_parts(value))
    if is_code and (spelt := _unspelt(whole("".join(parts)))):
        return spelt, "line endings were written out"
    text, done = _joined(parts, is_code)
    text = with_plain_ends(whole(text))
    if is_code and _ODD_END.search(text) and _is_meant(ended := _ODD_END.sub("\n", text), text):
        return ended, "line endings of another kind were replaced"
    return text, done


def _parts(value: object) -> Iterator[str]:
    """The strings in a value in their order, however deep in lists; a line that is null is empty."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            waiting += reversed(part)
        elif isinstance(part, dict):  # a list as some languages write it: {"0": "first line", "1": "second"}
            waiting += reversed(part.values())
        elif part is None:
            yield ""


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
    """Lines as one text: Jupyter ends every line but the last; some tools end none, and lines would run together.

    Others cut the text anywhere, and nothing is missing. What Python reads, and where line ends are, tell them apart.
    """
    plain = "".join(parts)
    if all(part.endswith(_ENDS) or not part for part in parts[:-1]):
        return plain, ""
    ended = "".join(part if part.endswith(_ENDS) else part + "\n" for part in parts[:-1]) + parts[-1]
    if is_code and _says_more(ended, plain):  # lines would run together, or a comment would swallow the next
        return ended, "line endings were restored"
    if _is_cut_anywhere(parts) or (is_code and _tree(ended) is None and _says_something(plain)):
        return plain, ""
    return ended, "line endings were restored"


def _is_cut_anywhere(parts: Sequence[str]) -> bool:
    """Whether line ends stand within parts or begin them, or each part is a letter."""
    if all(len(part) < 2 for part in parts):
        return True
    begins = any(not one.endswith(_ENDS) and two[:1] in ("\n", "\r") for one, two in pairwise(parts))
    return begins or any("\n" in part.rstrip("\r\n") for part in parts)


def _unspelt(text: str) -> str:
    """The code in a text of one line whose line ends are spelt, as `\\n` or `<br>`; empty where there is none."""
    if "\n" in text.strip():
        return ""
    escaped = _ESCAPED.sub(lambda match: match["sign"] or ("\t" if match["tab"] else "\n"), text)
    for spelt in (escaped, html.unescape(_BREAK.sub("\n", text))):
        if "\n" in spelt.strip() and _is_meant(spelt, text):
            return spelt
    return ""


def without_magics(code: str) -> str:
    """The code without the lines that only IPython reads."""
    lines = code.split("\n")
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def _says_more(text: str, other: str) -> bool:
    """Whether a text is Python and the other is not, or binds more names, as where the other is a single comment."""
    names, others = _bound(text), _bound(other)
    return names is not None and (others is None or names > others)


def _is_meant(text: str, other: str) -> bool:
    """Whether a text binds a name and the other, from which it was made, says less."""
    return bool(_bound(text)) and _says_more(text, other)


def _says_something(text: str) -> bool:
    """Whether a text is Python, and not only comments."""
    tree = _tree(text)
    return tree is not None and bool(tree.body)


def _bound(code: str) -> frozenset[str] | None:
    """The names that code binds at any depth; None where it does not parse."""
    tree = _tree(code)
    return None if tree is None else frozenset(name for node in walk(tree) for name in _names(node))


def _tree(code: str) -> ast.Module | None:
    """What Python reads, also in a part of a block; None where it does not parse, or is too long to be tried."""
    if len(code) > _MAX_TRIED:
        return None
    try:
        return parsed(textwrap.dedent(without_magics(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name
