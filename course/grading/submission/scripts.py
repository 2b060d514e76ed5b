"""A notebook that was handed in as a Python script: cells between `# %%` lines, as nbconvert exports them, or none."""

import ast
import re
from itertools import islice

from course.grading.submission.sourcetext import with_plain_ends, without_magics
from course.syntax import parsed

_PERCENT = re.compile(r"^#[ \t]*%%(?!%)(?P<rest>[^\n]*)$", re.MULTILINE)
_EXPORTED = re.compile(r"^# In ?\[[ \d*]*\]:[ \t]*$", re.MULTILINE)
_MARKDOWN = re.compile(r"\[(markdown|md)\]")
_LOOKED_AT = 200_000  # characters in which one of its marks stands
_MAGIC = re.compile(r"^# ?(?=[%!]{1,2}\w)", re.MULTILINE)  # as jupytext comments them out


def is_script(text: str) -> bool:
    """Whether a text is a notebook in the form of a script."""
    is_other = text.startswith(("{", "[", '"', "<")) and not text.startswith('"""')
    return not is_other and _kind(text) is not None


def cells_of(text: str, most: int) -> tuple[list[tuple[str, str]], str]:
    """Type and text of each cell, no more than one above `most`, and what kind of script it is."""
    kind = _kind(text)
    if kind == "percent":
        return _percent(text, most), "a script with cells"
    if kind == "plain":
        return [("code", text.strip("\n"))], "a script"
    return _exported(text, most), "an exported script"


def _kind(text: str) -> str | None:
    head = text[:_LOOKED_AT]
    if _EXPORTED.search(head):
        return "exported"
    if _PERCENT.search(head):
        return "percent"
    return "plain" if _defines(text) else None


def _defines(text: str) -> bool:
    """Whether a text is Python that defines something, and no prose."""
    if len(text) > _LOOKED_AT:
        return False
    try:
        body = parsed(without_magics(with_plain_ends(text))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign) for node in body)


def _percent(text: str, most: int) -> list[tuple[str, str]]:
    """The cells after each `# %%` line; what stands before the first is a header of jupytext's, or imports."""
    cells: list[tuple[str, str]] = []
    marks = list(islice(_PERCENT.finditer(text), most + 2))
    if before := _without_header(text[: marks[0].start()]).strip():
        cells.append(("code", before))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = text[mark.end() : following.start() if following else len(text)].strip("\n")
        if _MARKDOWN.search(mark["rest"]):
            cells.append(("markdown", _uncommented(body)))
        elif body.strip():
            cells.append(("code", _MAGIC.sub("", body)))
    return cells


def _exported(text: str, most: int) -> list[tuple[str, str]]:
    """The code after each `# In[3]:`; prose in comments between them is not told from comments of the code's."""
    pieces = _EXPORTED.split(text, maxsplit=most + 1)
    return [("code", piece.strip("\n")) for piece in pieces if piece.strip()]


def _without_header(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(line for line in lines if not line.startswith("#"))


def _uncommented(body: str) -> str:
    body = body.strip().removeprefix('"""').removesuffix('"""') if body.strip().startswith('"""') else body
    return "\n".join(line.removeprefix("# ").removeprefix("#") for line in body.split("\n")).strip("\n")
