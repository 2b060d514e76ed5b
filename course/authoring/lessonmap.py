"""What a lesson builds on and what it leads to, from `lessons/map.yaml`; a course may do without that file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from course.authoring.lesson import Lesson
from course.errors import CourseError

NAME = "map.yaml"


@dataclass(frozen=True)
class LessonMap:
    """By lesson, those that it builds on."""

    needs: Mapping[str, tuple[str, ...]]

    def leads(self, name: str) -> tuple[str, ...]:
        """The lessons that build on this one, in order."""
        return tuple(other for other, needs in sorted(self.needs.items()) if name in needs)

    @cached_property
    def depths(self) -> dict[str, int]:
        """How many lessons lie before each, along the longest way; CourseError where the way leads in a circle."""
        depths: dict[str, int] = {}
        waiting = dict(self.needs)
        while waiting:
            free = [name for name, needs in waiting.items() if all(one in depths for one in needs)]
            if not free:
                raise CourseError(f"lessons/{NAME}: {', '.join(waiting)} build on each other in a circle")
            for name in free:
                depths[name] = max((depths[one] + 1 for one in waiting.pop(name)), default=0)
        return depths


def read_map(lessons: Path) -> LessonMap:
    """The map of a folder of lessons, empty where there is none; CourseError when it is not one."""
    path = lessons / NAME
    if not path.is_file():
        return LessonMap({})
    try:
        data = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None
    if not isinstance(data, dict) or not all(_is_names(needs) for needs in data.values()):
        raise CourseError(f"{path}: each line reads `LESSON: [LESSON, LESSON]`, those that it builds on")
    for name, needs in data.items():
        if unknown := [one for one in needs if one not in data]:
            raise CourseError(f"{path}: {name} builds on {unknown[0]}, which has no line of its own")
    found = LessonMap({str(name): tuple(needs) for name, needs in data.items()})
    _ = found.depths  # a circle is said now
    return found


def way(found: LessonMap, lesson: Lesson) -> str:
    """The line below a lesson's title: what it builds on, how long its exercises take, what it leads to."""
    minutes = sum(exercise.minutes for exercise in lesson.exercises)
    takes = f"exercises: about {hours(minutes)}"
    if lesson.name not in found.needs:
        return ""
    before, after = found.needs[lesson.name], found.leads(lesson.name)
    here = f"**{spoken(lesson.name)}**"
    parts = [", ".join(map(spoken, before)), here, ", ".join(map(spoken, after))]
    return f"*{' → '.join(part for part in parts if part)} · {takes}*"


def hours(minutes: int) -> str:
    """A time as one says it: to the half hour from an hour on."""
    if minutes < 60:
        return f"{minutes} minutes"
    halves = round(minutes / 30)
    whole, half = divmod(halves, 2)
    return f"{whole}{'½' if half else ''} hour{'s' if halves > 2 else ''}"


def spoken(name: str) -> str:
    """A lesson's name as one reads it: `04_mnist_baseline` is `04 mnist baseline`."""
    return name.replace("_", " ")


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
