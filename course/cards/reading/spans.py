"""Pairs of signs: what begins and ends in a row of atoms, and which of it Markdown can say."""

from collections.abc import Sequence

from course.cards.reading.atoms import Atom, Sign
from course.cards.reading.maths import Maths

PAIRED = ("bold", "italic", "code", "link", "power")


def pairs(atoms: Sequence[Atom | Maths], kinds: Sequence[str] = PAIRED) -> dict[int, int]:
    """Where each beginning's end stands; of spans that cross, the inner is not a pair."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    counts = dict.fromkeys(kinds, 0)
    for at, atom in enumerate(atoms):
        if not isinstance(atom, Sign) or atom.kind not in counts:
            continue
        if atom.on:
            waiting.append(at)
            counts[atom.kind] += 1
        elif counts[atom.kind]:
            while True:
                start = waiting.pop()
                begun = atoms[start]
                assert isinstance(begun, Sign)
                counts[begun.kind] -= 1
                if begun.kind == atom.kind:
                    break
            found[start] = at
    return found


def settled(atoms: Sequence[Atom | Maths]) -> list[Atom | Maths]:
    """The atoms with only such spans left as Markdown can say: whole ones, of text, with nothing hidden inside."""
    atoms = _code_inside_clozes(list(atoms))
    closing = pairs(atoms)
    structure = _counted(atoms)
    kept: dict[int, str | Sign] = {}
    for start, end in closing.items():
        sign = atoms[start]
        assert isinstance(sign, Sign)
        text = any(isinstance(a, Maths) or (isinstance(a, str) and a.strip()) for a in atoms[start + 1 : end][:50])
        if sign.kind == "power":
            kept.update(_power(atoms, start, end, sign.value))
        elif structure[end] == structure[start] and text and not (sign.kind == "link" and not sign.value):
            kept[start], kept[end] = sign, Sign(sign.kind, sign.value, on=False)
    out: list[Atom | Maths] = []
    for at, atom in enumerate(atoms):
        if not (isinstance(atom, Sign) and atom.kind in PAIRED):
            out.append(atom)
        elif at in kept:
            out.append(kept[at])
    return out


def _counted(atoms: Sequence[Atom | Maths]) -> list[int]:
    """How many atoms before each that no span can hold: lines, cells, and the borders of what is hidden."""
    counts, count = [], 0
    for atom in atoms:
        counts.append(count)
        whole = isinstance(atom, str) or (isinstance(atom, Maths) and atom.whole)
        count += not (whole or (isinstance(atom, Sign) and atom.kind in (*PAIRED, "markdown")))
    return counts


def _power(atoms: Sequence[Atom | Maths], start: int, end: int, sign: str) -> dict[int, str | Sign]:
    inner = atoms[start + 1 : end]
    if not inner:
        return {}
    short = len(inner) == 1 and isinstance(inner[0], str) and inner[0].strip().isalnum()
    return {start: sign, end: ""} if short else {start: f"{sign}(", end: ")"}


def _code_inside_clozes(atoms: list[Atom | Maths]) -> list[Atom | Maths]:
    """Inline code whose whole text is one cloze becomes a cloze of inline code."""
    for start, end in pairs(atoms, ("code",)).items():
        inner = atoms[start + 1 : end]
        if len(inner) == 3 and _is_cloze(inner[0], True) and isinstance(inner[1], str) and _is_cloze(inner[2], False):
            code = atoms[start], atoms[end]
            atoms[start : end + 1] = [inner[0], code[0], inner[1], code[1], inner[2]]
    return atoms


def _is_cloze(atom: Atom | Maths, on: bool) -> bool:
    return isinstance(atom, Sign) and atom.kind == "cloze" and atom.on == on
