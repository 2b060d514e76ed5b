"""The first line `%%cloze NAME` of a cell: what it does in a notebook, and what it means to who reads notebooks.

It only keeps the cell's text; nothing is judged here. A student may replace this magic by another and so put another
text into the variable, which is then compared like any text: the answers are not in this process.
"""

import re
import sys
from typing import Any

from course.cloze.markup import UNFILLED

_HEAD = re.compile(r"\s*%%cloze[ \t]+(?P<name>[^\W\d]\w*)[ \t]*(?:\n|\Z)")
_NEARLY = re.compile(r"[#%\s]*cloze\b.*", re.IGNORECASE)


def enable() -> None:
    """Make `%%cloze` known to the notebook that runs this; outside a notebook nothing happens."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return

    def cloze(line: str, cell: str) -> None:
        """Keep the text of this cell in a variable; its blanks are compared after you hand in."""
        print(keep(shell.user_ns, line, cell))

    shell.register_magic_function(cloze, "cell", "cloze")


def keep(namespace: dict[str, Any], line: str, text: str) -> str:
    """Bind the cell's text to the name on its first line, and say how much is left to fill in."""
    name = line.strip()
    if not name.isidentifier():
        return "The first line of this cell reads %%cloze and a name: put back what stood there."
    namespace[name] = text
    left = text.count(UNFILLED)
    if left:
        return f"{left} {'blank is' if left == 1 else 'blanks are'} still to be filled in."
    return "No blank is left. Run the cell below to see whether all is in place."


def head(name: str) -> str:
    """The first line of the cell."""
    return f"%%cloze {name}"


def name_of(source: str) -> str:
    """The variable that a cell's first line names; empty when it is not a cloze cell."""
    match = _HEAD.match(source)
    return match["name"] if match else ""


def as_python(source: str) -> str:
    """A cloze cell as the assignment that it is; any other cell as it stands."""
    match = _HEAD.match(source)
    return f"{match['name']} = {source[match.end() :]!r}" if match else source


def restored(source: str, name: str) -> str:
    """The cell with its first line put back, whatever became of that line."""
    lines = source.lstrip("\n").split("\n")
    for place, line in enumerate(lines[:20]):
        if line.lstrip(" \t#").startswith("%%cloze") or (place == 0 and _is_head(line)):
            del lines[place]
            break
    return "\n".join([head(name), *lines])


def _is_head(line: str) -> bool:
    return line.lstrip().startswith("%%") or bool(_NEARLY.fullmatch(line))
