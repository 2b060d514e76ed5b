"""Maths in a row of atoms: MathJax and the two old notations of LaTeX, found and written as TeX between dollars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from course.cards.reading.atoms import Atom, Sign


@dataclass(frozen=True)
class Maths:
    """TeX and what is hidden in it; `display` when it stands on a line of its own."""

    inner: tuple[Atom, ...]
    display: bool

    @property
    def whole(self) -> bool:
        return all(isinstance(atom, str) for atom in self.inner)


_DELIMITER = re.compile(r"\\[()\[\]]|\[/?\$\$?\]|\[/?latex\]", re.IGNORECASE)
_CLOSING = {r"\(": r"\)", r"\[": r"\]", "[$]": "[/$]", "[$$]": "[/$$]", "[latex]": "[/latex]"}
_DISPLAY = (r"\[", "[$$]")
_WRAPPED = ((r"\[", r"\]", True), ("$$", "$$", True), (r"\(", r"\)", False), ("$", "$", False))
_CROSSING = ("code", "pre", "item", "row", "cell", "table", "markdown")


def find_maths(atoms: Sequence[Atom]) -> list[Atom | Maths]:
    """The atoms with every formula as one; a delimiter without its other half is left as text."""
    split = _split(atoms)
    out: list[Atom | Maths] = []
    at = 0
    while at < len(split):
        atom = split[at]
        end = _end(split, at) if isinstance(atom, Sign) and atom.kind == "delimiter" else 0
        if end:
            assert isinstance(atom, Sign)
            out.extend(_formula(atom.value.lower(), split[at + 1 : end]))
            at = end
        else:
            out.append(_text(atom))
        at += 1
    return _joined(out)


def tex(text: str) -> str:
    """TeX that means the same between dollars and on one line, with no `<` that could begin a tag."""
    text = re.sub(r"(\\.)|\$", lambda found: found[1] or r"\$", re.sub(r"\s+", " ", text))
    return re.sub(r"<(?! )", "< ", text)


def _split(atoms: Sequence[Atom]) -> list[Atom]:
    out: list[Atom] = []
    code = 0
    for atom in atoms:
        if isinstance(atom, Sign) and atom.kind == "code":
            code = max(0, code + (1 if atom.on else -1))
        if not isinstance(atom, str) or code:
            out.append(atom)
            continue
        at = 0
        for found in _DELIMITER.finditer(atom):
            out += [atom[at : found.start()], Sign("delimiter", found[0])]
            at = found.end()
        out.append(atom[at:])
    return [atom for atom in out if atom != ""]


def _end(atoms: Sequence[Atom], start: int) -> int:
    """Where the formula that opens here closes; 0 when it does not, before another opens."""
    opening = atoms[start]
    assert isinstance(opening, Sign)
    closing = _CLOSING.get(opening.value.lower())
    depth = 0
    for at in range(start + 1, len(atoms) if closing else 0):
        atom = atoms[at]
        if not isinstance(atom, Sign):
            continue
        value = atom.value.lower()
        if atom.kind == "delimiter" and value == closing:
            return 0 if depth else at
        if atom.kind in _CROSSING or (atom.kind == "block" and closing == r"\)"):
            return 0
        if atom.kind == "delimiter" and value in _CLOSING and (closing != "[/latex]" or value == "[latex]"):
            return 0
        depth += (1 if atom.on else -1) if atom.kind == "cloze" else 0
        if depth < 0:
            return 0
    return 0


def _formula(opening: str, inner: Sequence[Atom]) -> list[Atom | Maths]:
    kept = [_text(a) for a in inner if not isinstance(a, Sign) or a.kind in ("cloze", "delimiter", "break", "block")]
    spaced = [" " if isinstance(a, Sign) and a.kind in ("break", "block") else a for a in kept]
    joined = [atom for atom in _joined(spaced) if not isinstance(atom, Maths)]
    if opening == "[latex]":
        return _latex(joined)
    return [Maths(_stripped(joined), opening in _DISPLAY)]


def _latex(inner: list[Atom]) -> list[Atom | Maths]:
    """What stands in `[latex]` brings its own delimiters, or is a formula or an environment without."""
    if len(inner) != 1 or not isinstance(inner[0], str):
        return [Maths(_stripped(inner), False)]
    text = inner[0].strip()
    for opening, closing, display in _WRAPPED:
        body = text.removeprefix(opening).removesuffix(closing)
        if len(body) == len(text) - len(opening) - len(closing) and "$" not in body:
            return [Maths((body.strip(),), display)]
    parts = text.split("$")
    if len(parts) > 2 and len(parts) % 2:
        return [Maths((part.strip(),), False) if at % 2 else part for at, part in enumerate(parts) if part]
    return [Maths((text,), text.startswith(r"\begin"))]


def _text(atom: Atom) -> Atom:
    return atom.value if isinstance(atom, Sign) and atom.kind == "delimiter" else atom


def _joined(atoms: Sequence[Atom | Maths]) -> list[Atom | Maths]:
    out: list[Atom | Maths] = []
    for is_text, found in groupby(atoms, key=lambda atom: isinstance(atom, str)):
        run = list(found)
        out += ["".join(map(str, run))] if is_text else run
    return out


def _stripped(inner: list[Atom]) -> tuple[Atom, ...]:
    if inner and isinstance(inner[0], str):
        inner[0] = inner[0].lstrip()
    if inner and isinstance(inner[-1], str):
        inner[-1] = inner[-1].rstrip()
    return tuple(atom for atom in inner if atom != "")
