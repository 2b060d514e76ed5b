"""Every exercise, question and card that docs/study_sets.md names is there, in the lesson that it names."""

import re
from pathlib import Path

import yaml

from course.authoring.lesson import read

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| .+? \| (?P<where>.+) \|$", re.MULTILINE)


def test_what_the_page_names_is_there() -> None:
    folders = {path.name[:2]: path for path in (ROOT / "lessons").glob("[0-9]*/")}
    known = {number: names(path) for number, path in folders.items()}
    text = (ROOT / "docs/study_sets.md").read_text("utf-8")
    missing, seen = [], 0
    for row in ROW.finditer(text):
        for part in row["where"].split("; "):
            number = re.match(r"(\d\d),", part)
            if number:
                lesson = number[1]
            for name in re.findall(r"`([^`]+)`", part):
                seen += 1
                if name not in known[lesson]:
                    missing.append((lesson, name))
    assert missing == []
    assert seen > 60


def names(folder: Path) -> set[str]:
    lesson = read(folder)
    cards = {card["id"] for card in yaml.safe_load((folder / "cards.yaml").read_text("utf-8"))}
    return cards | {one.name for one in (*lesson.exercises, *lesson.questions)} | {e.title for e in lesson.exercises}
