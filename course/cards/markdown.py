"""Plain text to Markdown that shows it as it stands, and back.

What a deck calls text may look like a tag, an entity, maths or Markdown. Escaped here it is none of these, in a
notebook, on a page or on a card: no `<` is left, and every sign that Markdown would read is marked.
"""

import html
import re

_INLINE = re.compile(
    r"""
    [\\`*$|<>~]                   # read anywhere
  | (?<![^\W_])_ | _(?![^\W_])    # emphasis, unless inside a word
  | &(?=[#A-Za-z])                # an entity
  | !(?=\[) | \](?=[(\[:]|$)      # pictures and links
    """,
    re.VERBOSE,
)
_LEADING = re.compile(r"^(\s*)(?:([-+=#:])|(\d{1,9})([.)])(?=\s|$))", re.MULTILINE)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "\\": "&#92;"}  # \( and \[ would be maths with a doubled backslash
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:lt|gt|amp|#92);)")


def escape(text: str) -> str:
    """Markdown that shows the text; at the start of a line call `escape_start` on it too."""
    return _INLINE.sub(lambda found: _ENTITIES.get(found[0], "\\" + found[0]), text)


def escape_start(markdown: str) -> str:
    """The same with what would make a line a heading, a list or a rule marked."""
    return _LEADING.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", markdown)


def plain(markdown: str) -> str:
    """The text that was escaped: signs and entities undone; maths, pictures and emphasis are left as they are."""
    return _ESCAPED.sub(lambda found: found[1] or html.unescape(found[2]), markdown)
