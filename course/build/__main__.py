"""``python -m course.build lessons/04_x``: check lessons and build their notebooks."""

import sys
from pathlib import Path

from course.build import notebook
from course.build.lesson import read
from course.errors import CourseError


def main(arguments: list[str]) -> int:
    """Read each lesson named and write its source notebook; 1 when one has mistakes."""
    status = 0
    for argument in arguments:
        try:
            lesson = read(Path(argument))
            print(f"{lesson.name}: {len(lesson.exercises)} exercises, {lesson.points:g} points")
            folder = Path("source") / lesson.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{lesson.name}.ipynb").write_text(notebook.write(notebook.source_notebook(lesson)), "utf-8")
        except CourseError as error:
            print(error, file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
