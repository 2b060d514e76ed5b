"""The flash cards beside a lesson: cards.yaml, read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from course.authoring.problems import Problem

# libyaml's parser where it is there: an imported deck has a thousand cards.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KEYS = ("id", "front", "back", "cloze", "tags", "inventory")


@dataclass(frozen=True)
class Card:
    """One flash card: front and back, or a cloze text; `inventory` numbers the cards that it mirrors."""

    id: str
    front: str
    back: str
    cloze: str
    tags: tuple[str, ...]
    inventory: tuple[int, ...]
    line: int


def read(path: Path) -> tuple[tuple[Card, ...], tuple[Problem, ...]]:
    """The cards of a file (none when there is no file) and its problems."""
    if not path.is_file():
        return (), ()
    text = path.read_text("utf-8")
    try:
        root = yaml.compose(text, Loader=LOADER)
        entries = yaml.load(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return (), (Problem(path, mark.line + 1 if mark else 1, f"not valid YAML: {error.problem}"),)
    except (yaml.YAMLError, ValueError) as error:
        return (), (Problem(path, 1, f"not valid YAML: {str(error).splitlines()[0]}"),)
    if root is None:
        return (), ()
    if not isinstance(root, yaml.SequenceNode):
        return (), (Problem(path, 1, "must be a list of cards, each starting with `- id: ...`"),)
    cards: list[Card] = []
    problems: list[Problem] = []
    for node, entry in zip(root.value, entries, strict=True):
        line = node.start_mark.line + 1
        wrong = _mistakes(entry, [card.id for card in cards])
        problems += [Problem(path, line, text) for text in wrong]
        if not wrong:
            cards.append(_card(entry, line))
    return tuple(cards), tuple(problems)


def _card(entry: dict[str, Any], line: int) -> Card:
    texts = {key: str(entry.get(key, "")).strip() for key in ("front", "back", "cloze")}
    tags, inventory = entry.get("tags") or (), entry.get("inventory") or ()
    return Card(entry["id"], **texts, tags=tuple(tags), inventory=tuple(inventory), line=line)


def _mistakes(entry: object, taken: list[str]) -> list[str]:
    """What is wrong with one entry."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
        return ["each card needs an id, such as `- id: p-norm`"]
    name = entry["id"]
    found = [f"card {name}: unknown key `{key}` (known are {', '.join(KEYS)})" for key in entry if key not in KEYS]
    if name in taken:
        found.append(f"card {name}: a card of this file already has this id")
    if "," in name or name != name.strip():
        found.append(f"card {name}: an id must not contain a comma, or begin or end with a space")
    given = {key for key in ("front", "back", "cloze") if isinstance(entry.get(key), str) and entry[key].strip()}
    if given not in ({"front", "back"}, {"cloze"}):
        found.append(f"card {name}: needs either front and back, or cloze, as text")
    elif given == {"cloze"} and "{{c" not in entry["cloze"]:
        found.append(f"card {name}: a cloze marks what is hidden, as in {{{{c1::this}}}}")
    for key, kind, said in (("tags", str, "words"), ("inventory", int, "whole numbers")):
        values = entry.get(key) or []
        if not isinstance(values, list) or not all(type(value) is kind for value in values):
            found.append(f"card {name}: {key} must be a list of {said}")
        elif kind is int and any(value < 0 for value in values):
            found.append(f"card {name}: {key} must not be negative")
    return found
