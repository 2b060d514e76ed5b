"""Whether what was typed into a blank is the same Python as the answer, by its tokens alone.

White space does not matter, nor `'a'` for `"a"`, a comma more before a closing bracket where it means nothing, the
order of keywords in a call, `1e-3` for `0.001` or `0x10` for `16`. But `1` is not `1.0`: in this field they
differ in dtype. What is not Python is compared as text with its white space evened out.

The text is a student's: it is cut to a length first, every pattern here is tried once at a place, nothing is evaluated.
"""

import keyword
import re
import unicodedata
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\\\r?\n)
  | (?P<comment>\#[^\n]*)
  | (?P<string>(?P<prefix>[rRbBuUfFtT]{0,2})(?:
        \"\"\"(?P<b3>(?:[^"\\]|\\.|"(?!""))*)\"\"\" | '''(?P<s3>(?:[^'\\]|\\.|'(?!''))*)'''
      | "(?P<b1>(?:[^"\\\n]|\\.)*)" | '(?P<s1>(?:[^'\\\n]|\\.)*)'))
  | (?P<number>0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
      |(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)
  | (?P<name>[^\W\d]\w*)
  | (?P<op>\*\*=|//=|>>=|<<=|\.\.\.|!=|->|:=|==|<=|>=|\*\*|//|<<|>>|[-+*/%@&|^]=|[-+*/%@&|^~<>=()\[\]{},:;.])
    """,
    re.VERBOSE | re.DOTALL,
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_NOT_CALLED = frozenset(keyword.kwlist)
_DEEPEST = 50  # brackets in brackets
_ROOM = 2000  # characters that may be typed for any answer, besides twenty for each of its own


@dataclass(frozen=True)
class Place:
    """What stands around a blank: whether it is part of a word, and which bracket it is in."""

    glued: bool = False
    all_arguments: bool = False  # of a call
    drops_comma: bool = False  # a comma at its end means nothing


def place(before: str, after: str) -> Place:
    """The place between two texts, `____` for the other blanks in them."""
    glued = bool(re.match(r"\w", before[-1:]) or re.match(r"\w", after[:1]))
    closing = after.lstrip()[:1]
    tokens = _tokens(before[-_ROOM:]) or _tokens(before.split("\n")[-1][-_ROOM:])
    if not tokens or not closing or closing not in _PAIRS.values() or _is_deep(tokens):
        return Place(glued)
    frames = _frames(tokens)
    inner = frames[-1]
    if len(frames) == 1 or _PAIRS[inner.opening] != closing:
        return Place(glued)
    whole = inner.is_call and len(inner.items) == 1 and not inner.items[0]
    return Place(glued, whole, inner.takes_comma or len(inner.items) > 1)


def same(typed: str, wanted: str, where: Place | None = None) -> bool:
    """Whether the two are one answer, in that place."""
    where = where or Place()
    if len(typed) > _ROOM + 20 * len(wanted):
        return False
    typed, wanted = unicodedata.normalize("NFC", typed), unicodedata.normalize("NFC", wanted)
    if " ".join(typed.split()) == " ".join(wanted.split()):
        return True
    if where.glued:
        return False
    found, asked = _tokens(typed), _tokens(wanted)
    if not found or not asked or _is_deep(found) or _is_deep(asked):
        return False
    if not any(kind == "comment" for kind, _ in asked):
        found = [token for token in found if token[0] != "comment"]
    return _canonical(found, where) == _canonical(asked, where)


def is_unfilled(typed: str) -> bool:
    """Whether nothing is typed there: empty, or nothing but underscores."""
    return not typed.strip().strip("_")


Token = tuple[str, str]  # what it is, and how it is spelt for comparison


def _tokens(text: str) -> list[Token] | None:
    """The tokens; None when there is something that is not Python's."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        at = match.end()
        kind = str(match.lastgroup)
        if match["string"] is not None:
            found.append(("string", _string(match)))
        elif kind == "number":
            found.append(("number", _number(match[0])))
        elif kind == "comment":
            found.append(("comment", " ".join(match[0].split())))
        elif kind != "space":
            found.append((kind, unicodedata.normalize("NFKC", match[0]) if kind == "name" else match[0]))
    return found


def _string(match: re.Match[str]) -> str:
    """A string without its quotes, and without the backslashes that only its quotes needed."""
    prefix = "".join(sorted(set(match["prefix"].lower()) - {"u"}))
    body = next(match[name] for name in ("b3", "s3", "b1", "s1") if match[name] is not None)
    if "r" not in prefix:
        body = re.sub(r"\\(.)", lambda m: m[1] if m[1] in "'\"" else m[0], body, flags=re.DOTALL)
    elif "\\" not in body:
        prefix = prefix.replace("r", "")
    return f"{prefix}'{body}'"


def _number(text: str) -> str:
    """A number in one spelling; whole numbers, floats and imaginary ones stay apart."""
    plain = text.replace("_", "").lower()
    try:
        if plain.startswith(("0x", "0b", "0o")):
            return str(int(plain, 0))
        if plain.endswith("j"):
            return f"{float(plain[:-1])!r}j"
        if re.search(r"[.e]", plain):
            value = float(plain)
            return plain if value in (float("inf"), 0.0) and re.search(r"[1-9]", plain) else repr(value)
        return str(int(plain))
    except ValueError:
        return plain


def _is_deep(tokens: list[Token]) -> bool:
    """Whether there could be more brackets in brackets than anybody writes."""
    depth = 0
    for kind, text in tokens:
        depth += (kind == "op") * ((text in _PAIRS) - (text in _PAIRS.values()))
        if depth > _DEEPEST:
            return True
    return False


@dataclass
class _Frame:
    """An open bracket with the items in it so far; each item is a list of spelt tokens and closed groups."""

    opening: str = ""
    is_call: bool = False
    is_subscript: bool = False
    is_definition: bool = False
    items: list[list[str]] = field(default_factory=lambda: [[]])

    @property
    def takes_comma(self) -> bool:
        """Whether a comma after the one item there is means nothing."""
        plain = self.opening in ("[", "{") and not self.is_subscript
        return self.is_call or self.is_definition or plain

    def text(self, all_arguments: bool = False, drops_comma: bool = False) -> str:
        """The items in one spelling."""
        items = self.items
        if len(items) > 1 and not items[-1] and (drops_comma or self.takes_comma or len(items) > 2):
            items = items[:-1]
        if all_arguments or self.is_call:
            first = next((n for n, item in enumerate(items) if _is_keyword(item)), len(items))
            if all(map(_is_keyword, items[first:])):
                items = [*items[:first], *sorted(items[first:])]
        return "\x1f,\x1f".join("\x1f".join(item) for item in items)


def _frames(tokens: list[Token]) -> list[_Frame]:
    """The brackets that are still open at the end; the first frame is none."""
    frames = [_Frame()]
    earlier, last = ("", ""), ("", "")
    for kind, text in tokens:
        inner = frames[-1]
        if kind == "op" and text in _PAIRS:
            operand = last[0] == "string" or last[1] in (")", "]") or (last[0] == "name" and last[1] not in _NOT_CALLED)
            definition = text == "(" and operand and earlier == ("name", "def")
            frames.append(_Frame(text, text == "(" and operand and not definition, text == "[" and operand, definition))
        elif kind == "op" and len(frames) > 1 and text == _PAIRS[inner.opening]:
            frames.pop()
            frames[-1].items[-1].append(f"{inner.opening}\x1f{inner.text()}\x1f{text}")
        elif (kind, text) == ("op", ","):
            inner.items.append([])
        else:
            inner.items[-1].append(f"{kind}:{text}")
        earlier, last = last, (kind, text)
    return frames


def _canonical(tokens: list[Token], where: Place) -> str:
    outer, *opened = _frames(tokens)
    if opened:
        outer_text = outer.text()
        return outer_text + "".join(f"\x1f{frame.opening}\x1f{frame.text()}" for frame in opened)
    return outer.text(where.all_arguments, where.drops_comma)


def _is_keyword(item: list[str]) -> bool:
    return len(item) > 1 and item[0].startswith("name:") and item[1] == "op:="
