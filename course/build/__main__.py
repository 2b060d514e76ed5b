"""``python -m course.build [--check] [NAME ...]``: what ``course build`` does, without the command line's extras."""

import sys

from course.build import build
from course.errors import CourseError
from course.folder import CourseFolder


def main(arguments: list[str]) -> int:
    """Build the lessons named (default: all); 1 when a lesson has mistakes, or with --check is out of date."""
    check = "--check" in arguments
    names = [argument.rstrip("/").rpartition("/")[2] for argument in arguments if argument != "--check"]
    try:
        outcomes = build(CourseFolder.find(), names, check)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print(*outcomes, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
