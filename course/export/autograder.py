"""What Gradescope's container runs: grade the submission by the engine, and leave results.json.

The lesson's source lies in /autograder/source, where its tests can be read by whoever runs there. The student's code
cannot: it runs in the engine's jail, as on any machine. Where there is none, nothing is graded.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.export.results import failure, results
from course.folder import CourseFolder
from course.whole import write_whole

ROOT = "/autograder"
SETTINGS = "clozegrad.json"
CLASS = "class"  # the folder of the course within the zip file


def main() -> None:
    """Grade what lies under the autograder's root, which the environment may name."""
    grade_submission(Path(os.environ.get("AUTOGRADER_ROOT", ROOT)))


def grade_submission(root: Path) -> None:
    """Write results/results.json, whatever happens: what cannot be graded says so there."""
    os.environ["CLOZEGRAD_WARM"] = "0"
    try:
        data = _graded(root)
    except CourseError as error:
        data = failure(str(error))
    except Exception as error:  # a fault of ours is told to students as such, in one line
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        data = failure("the autograder failed. Tell your instructor.")
    write_whole(root / "results" / "results.json", json.dumps(data, indent=1).encode())


def _graded(root: Path) -> dict[str, Any]:
    from course.grading import jail
    from course.grading.run import grade

    settings = json.loads((root / "source" / SETTINGS).read_bytes())
    if not settings["without_jail"]:
        jail.require("landlock")
    with tempfile.TemporaryDirectory() as scratch:
        folder = CourseFolder(Path(scratch).resolve() / CLASS)
        shutil.copytree(root / "source" / CLASS, folder.root)
        student = _student(root / "submission_metadata.json")
        shutil.copytree(root / "submission", folder.submitted / student / settings["lesson"], symlinks=True)
        return results(grade(folder, settings["lesson"], jobs=1), settings["hidden"])


def _student(metadata: Path) -> str:
    """Who handed in, so that the same student is tested with the same data each time."""
    try:
        name = str(json.loads(metadata.read_bytes())["users"][0]["email"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        name = "student"
    return re.sub(r"[^\w.@+-]", "_", name).lstrip(".")[:100] or "student"


if __name__ == "__main__":
    main()
