"""Run every lesson with its own solutions in this environment (``make lowest`` calls it with the lowest versions)."""

import sys
from importlib.metadata import version
from pathlib import Path

from course.authoring import verify
from course.authoring.lesson import read
from course.folder import CourseFolder

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print what goes wrong, lesson by lesson; the exit status is 1 when anything does."""
    folder, failed = CourseFolder(ROOT), False
    print(", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "numpy", "fastai", "gymnasium")))
    for name in folder.lesson_names():
        problems = verify.verify(read(folder.lessons / name), ROOT / ".cache")
        print(f"{name}: {'runs' if not problems else ''}", *problems, sep="\n  " if problems else "")
        failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
