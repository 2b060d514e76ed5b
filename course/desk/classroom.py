"""How far a notebook is, told to GitHub Classroom: what its reporter reads, an entry an exercise."""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

from course.checks.standing import Progress
from course.desk.checking import check
from course.errors import CourseError

OUTPUT = "GITHUB_OUTPUT"  # names the file to which a step of a workflow writes what later steps read


def main(arguments: list[str]) -> int:
    """Check the notebook that is named, print what its student reads, and leave the result for the reporter."""
    try:
        progress = check(Path(arguments[0]))
    except (CourseError, IndexError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(progress.lines()))
    if output := os.environ.get(OUTPUT):
        with open(output, "a", encoding="utf-8") as file:
            file.write(f"result={encoded(payload(progress))}\n")
    return 0


def payload(progress: Progress) -> dict[str, Any]:
    """The points of each exercise, as far as the tests that students can see go."""
    tests = []
    for task in progress.plan.tasks:
        report = progress.reports.get(task.name)
        failed = [line for check_ in report.failures for line in check_.lines()] if report else []
        tests.append(
            {
                "name": task.title,
                "status": "pass" if progress.is_done(task) else "fail",
                "score": report.earned if report else 0.0,
                "message": progress.stopped.get(task.name, "") or "\n".join(failed),
            }
        )
    status = "pass" if all(test["status"] == "pass" for test in tests) else "fail"
    return {"version": 1, "status": status, "max_score": progress.possible, "tests": tests}


def encoded(data: dict[str, Any]) -> str:
    """JSON in base64, as one line."""
    return base64.b64encode(json.dumps(data).encode()).decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
