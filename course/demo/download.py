"""The demo class as a learning platform hands it over: a zip file in Moodle's manner and a roster, to be collected."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from course.collect.asked import ROSTER
from course.demo.students import Student

ARCHIVE = "hand-ins.zip"
MISSING = "iris_novak"  # is in the class, and hands nothing in
RENAMED = {"tomas_varga": "Copy of {}.ipynb", "pia_sandoval": "{} (2).ipynb"}  # as Colab and browsers call a second one
_FIRST_NUMBER = 70_101  # of the participants, as Moodle counts them


def write_download(root: Path, lesson: str, students: Sequence[Student]) -> None:
    """Write what the class handed in and who is in it into a course's folder; the same bytes each time."""
    with zipfile.ZipFile(root / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, student in enumerate(students, start=_FIRST_NUMBER):
            called = RENAMED.get(student.name, "{}.ipynb").format(lesson)
            place = f"{_full_name(student.name)}_{number}_assignsubmission_file/{called}"
            archive.writestr(zipfile.ZipInfo(place), student.notebook, zipfile.ZIP_DEFLATED)
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["student_id", "name", "email"])
    for name in sorted([*(student.name for student in students), MISSING]):
        rows.writerow([name, _full_name(name), f"{name}@uni.example"])
    (root / ROSTER).write_text(table.getvalue(), "utf-8")


def _full_name(name: str) -> str:
    return name.replace("_", " ").title()
