"""Under the policy `best`, attempts are graded; only their points are kept."""

import json
from pathlib import Path

import pytest

from course.collect import best
from course.collect.asked import Wanted
from course.collect.keeping import Kept
from course.collect.run import collect
from course.errors import CourseError
from course.folder import CourseFolder
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, work
from tests.grading.notebooks import norms, write_source


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return samples.a_course(tmp_path / "course", [ADA, ALAN])


def handed_in(tmp_path: Path) -> Path:
    """Right work between wrong, and right work after the deadline; and a student with one attempt."""
    right, wrong, late = work(5), work(4), work("10 / 2")
    days = {"03": wrong, "04": right, "05": wrong.replace(b"spread = 4", b"spread = 1"), "09": late}
    sent = [(ADA, f"2026-01-{day}-12-00-00", {"norms.ipynb": data}) for day, data in days.items()]
    return samples.blackboard([*sent, (ALAN, "2026-01-03-12-00-00", {"norms.ipynb": wrong})], tmp_path / "b.zip")


def points(folder: CourseFolder, student: str) -> list[float | None]:
    kept = Kept(folder.collected / "ps1").of(student)
    return [attempt.about.points and attempt.about.points[0] for attempt in kept]


def test_the_attempt_with_most_points_counts_and_is_not_graded_twice(
    folder: CourseFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Wanted(policy="best", deadline="2026-01-06", zone="UTC")
    collect(folder, "ps1", [handed_in(tmp_path)], asked)
    assert (folder.submitted / ADA.id / "ps1/norms.ipynb").read_bytes() == work(5)
    assert points(folder, ADA.id) == [4.0, 6.0, 4.0, 6.0]
    assert points(folder, ALAN.id) == [None]
    assert not folder.autograded.exists()
    with monkeypatch.context() as patch:
        patch.setattr(best, "Engine", None)
        assert collect(folder, "ps1", [tmp_path / "b.zip"], asked).new == 0
    changed = norms()
    changed.cells[10].metadata.nbgrader.points = 9
    write_source(folder.root, changed)
    collect(folder, "ps1", [], Wanted(zone="UTC"))
    assert points(folder, ADA.id)[1] == 13.0


def test_a_lesson_in_another_language_asks_for_another_policy(folder: CourseFolder, tmp_path: Path) -> None:
    foreign = norms()
    foreign.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    write_source(folder.root, foreign)
    with pytest.raises(CourseError, match="norms is in r, not in Python: use another policy than best"):
        collect(folder, "ps1", [handed_in(tmp_path)], Wanted(policy="best", zone="UTC"))
    assert json.loads((next((folder.collected / "ps1/attempts" / ADA.id).glob("*")) / "about.json").read_text())
