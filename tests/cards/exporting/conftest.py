"""A course whose lessons are cards alone: export reads nothing else of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from course.folder import CONFIG_NAME, CourseFolder

Write = Callable[..., Path]


@pytest.fixture
def cards_course(tmp_path: Path) -> CourseFolder:
    """A course folder without lessons."""
    root = (tmp_path / "course").resolve()
    root.mkdir()
    (root / CONFIG_NAME).write_text("c = get_config()\n")
    return CourseFolder(root)


@pytest.fixture
def write_cards(cards_course: CourseFolder) -> Write:
    """Writes a lesson's cards.yaml, with the time of its change where that matters."""

    def write(lesson: str, *cards: dict[str, object], modified_s: int | None = None) -> Path:
        path = cards_course.lessons / lesson / "cards.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "lesson.py").touch()
        path.write_text(yaml.safe_dump(list(cards), allow_unicode=True, sort_keys=False), "utf-8")
        if modified_s is not None:
            os.utime(path, (modified_s, modified_s))
        return path

    return write
