"""Who sent a hand-in: the student whose ids and names agree with what the platform says of its sender, or nobody.

Nothing is guessed. What is compared: ids and e-mail addresses, in small letters; names, without accents and in any
order of their words. Where that leaves several students, or ids and names contradict each other, it says so.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

Id = tuple[str, str]  # whose numbering it is ("" for the university's own), and the id in it
MAX_RUN = 6  # words of a file's name that are looked up together
_COARSE = re.compile(r"[\s_()+,;]+")
_SHORT = 5  # digits
_ALIKE = 0.75  # of two names, for one to be offered in place of the other


@dataclass(frozen=True)
class Student:
    """One member of the class: the name of their folder, and by what else they are known."""

    id: str
    names: tuple[str, ...] = ()
    ids: frozenset[Id] = frozenset()


@dataclass(frozen=True)
class Sender:
    """What a platform says of who sent something.

    Attributes:
        label: what a person would call them.
        ids: each is theirs or nobody's.
        names: whole names.
        hints: texts in which an id or a name may stand among other words.
        own: the platform's own id, which tells two of one name apart.
        otherwise: what their folder is called where there is no roster.
    """

    label: str
    ids: tuple[Id, ...] = ()
    names: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    own: str = ""
    otherwise: str = ""


@dataclass(frozen=True)
class Match:
    """The student who sent something; None with the reason, and who may be meant."""

    NOBODY: ClassVar[str] = "not in the roster"

    student: str | None
    reason: str = ""
    by_name: bool = False


class People:
    """A class, looked up by whatever a platform knows of its members."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = {student.id: student for student in students}
        self._by_id: dict[Id, set[str]] = defaultdict(set)
        self._by_words: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._by_letters: dict[str, set[str]] = defaultdict(set)
        for student in self.students.values():
            for space, value in {*student.ids, ("", student.id)}:
                self._by_id[space, _same(value)].add(student.id)
            for name in student.names:
                if parts := words(name):
                    self._by_words[tuple(sorted(parts))].add(student.id)
                for letters in _turned(parts):
                    self._by_letters[letters].add(student.id)

    def with_ids(self, more: Mapping[str, Iterable[Id]]) -> "People":
        """The same class, of whom these ids are known as well."""
        return People(replace(one, ids=one.ids | set(more.get(one.id, ()))) for one in self.students.values())

    def find(self, sender: Sender) -> Match:
        """The one student whom everything that is known of a sender points to."""
        by_id = {student for one in sender.ids for student in self._of_id(one)}
        by_name = {student for name in sender.names for student in self._of_name(name)}
        by_hint = {student for hint in sender.hints for student in self._hinted(hint)}
        told = [found for found in (by_id, by_name, by_hint) if found]
        if not told:
            return Match(None, Match.NOBODY)
        agreed = set.intersection(*told)
        if len(agreed) == 1:
            return Match(agreed.pop(), by_name=not by_id)
        if not agreed:
            id_says, name_says = self._listed(by_id or by_hint), self._listed(by_name or by_hint)
            return Match(None, f"contradictory: the id is that of {id_says}, the name that of {name_says}")
        return Match(None, f"ambiguous: may be {self._listed(agreed)}")

    def nearly(self, sender: Sender) -> str:
        """Who of the class is called nearly as a sender; empty where nobody is."""
        known = {" ".join(words(name)): student.id for student in self.students.values() for name in student.names}
        known |= {_same(student): student for student in self.students}
        asked = [" ".join(words(text)) for text in (*sender.names, *sender.hints, sender.label)]
        found = {known[name] for text in asked for name in difflib.get_close_matches(text, known, n=2, cutoff=_ALIKE)}
        return self._listed(found)

    def _of_id(self, one: Id) -> set[str]:
        return self._by_id.get((one[0], _same(one[1])), set())

    def _of_name(self, name: str) -> set[str]:
        parts = words(name)
        in_words = self._by_words.get(tuple(sorted(parts)), set())
        if in_words and len(parts) > 1:
            return in_words
        return in_words | self._by_letters.get("".join(parts), set())  # one word may be several that were run together

    def _hinted(self, hint: str) -> set[str]:
        """Whom a text names: by an id that stands in it, and by the longest run of its words that is a name."""
        by_id = self._of_id(("", hint)) or self._with_ids(_COARSE.split(hint)) or self._with_ids(words(hint))
        parts = words(hint)
        named: list[set[str]] = []
        for length in range(min(MAX_RUN, len(parts)), 0 if len(parts) == 1 else 1, -1):
            runs = {tuple(sorted(parts[at : at + length])) for at in range(len(parts) - length + 1)}
            named = [self._by_words[run] for run in sorted(runs) if run in self._by_words]
            if named:
                break
        by_name = set().union(*named)
        if len(named) > 1:  # two names stand there
            return by_id | by_name
        return by_id & by_name or by_id | by_name

    def _with_ids(self, parts: Iterable[str]) -> set[str]:
        """Whose ids are among these words; a short number is as likely that of a copy or an exercise."""
        likely = [part for part in parts if not (part.isdigit() and len(part) < _SHORT)]
        return {student for part in likely for student in self._of_id(("", part))}

    def _listed(self, students: Iterable[str]) -> str:
        named = [
            f"{student} ({self.students[student].names[0]})" if self.students[student].names else student
            for student in sorted(students)
        ]
        return ", ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")


@lru_cache(maxsize=1 << 14)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return tuple(re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def _same(value: str) -> str:
    return unicodedata.normalize("NFC", value).casefold().strip()


def _turned(parts: Sequence[str]) -> set[str]:
    """The words run together, as "Lovelace, Ada" becomes "lovelaceada", beginning with any of them."""
    return {"".join((*parts[at:], *parts[:at])) for at in range(len(parts))}
