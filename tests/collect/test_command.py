"""`course collect` at the command line: its options, what it prints, how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, Person

FILES = {"norms.ipynb": samples.work()}


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return samples.a_course(tmp_path / "course")


def run(folder: CourseFolder, *arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["collect", "ps1", *map(str, arguments), "--course", str(folder.root)])
    if isinstance(done.exception, Exception):
        raise done.exception
    return done.exit_code, done.output


def test_all_is_collected_and_written_where_asked(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.blackboard([(ADA, "2026-01-02-10-11-12", FILES)], tmp_path / "b.zip")
    options = ("--deadline", "2026-01-02T10:00", "--timezone", "UTC", "--policy", "first", "--from", "blackboard")
    written = ("--csv", tmp_path / "c.csv", "--json", tmp_path / "c.json")
    code, text = run(folder, path, *options, "--late-days", 1, *written)
    assert code == 0
    assert "late by 11 min, 1 late day used" in text
    assert "b.zip: read as Blackboard, 1 hand-in of 1 students" in text
    assert f"wrote {tmp_path / 'c.csv'}" in text
    assert "alovelace" in (tmp_path / "c.csv").read_text()
    data = json.loads((tmp_path / "c.json").read_text())
    assert data == json.loads((folder.collected / "ps1/collected.json").read_text())
    assert data["policy"] == "first"


def test_whatever_is_nobodys_makes_it_end_with_1(folder: CourseFolder, tmp_path: Path) -> None:
    path = samples.moodle({ADA: FILES, Person("x", "Quentin", "Zzz", 9): FILES}, tmp_path / "m.zip")
    code, text = run(folder, path)
    assert code == 1
    assert "m.zip: Quentin Zzz_70009 not in the roster" in " ".join(text.split())
    assert "not everything was collected: see above" in text
    assert (folder.submitted / ADA.id / "ps1/norms.ipynb").is_file()


def test_tables_and_columns_may_be_named(folder: CourseFolder, tmp_path: Path) -> None:
    for name in ("roster.csv", "extensions.csv"):
        (folder.root / name).write_text("broken")
    (tmp_path / "r.csv").write_text("number;name\n7;Ada Lovelace\n8;Alan Turing\n")
    (tmp_path / "e.csv").write_text("name,extension\nAda Lovelace,1 day\n")
    (tmp_path / "t.csv").write_text("name,time\nAda Lovelace,2026-01-03 10:00\nAlan Turing,2026-01-03 10:00\n")
    path = samples.moodle({ADA: FILES, ALAN: FILES}, tmp_path / "m.zip")
    tables = (
        "--roster",
        tmp_path / "r.csv",
        "--id",
        "Number",
        "--extensions",
        tmp_path / "e.csv",
        "--times",
        tmp_path / "t.csv",
    )
    code, text = run(folder, path, *tables, "--deadline", "2026-01-02", "--timezone", "Europe/Berlin", "--dry-run")
    rows = [line.split() for line in text.splitlines() if line.startswith((" 7", " 8"))]
    assert code == 0
    assert [row[:4] for row in rows] == [["7", "Ada", "Lovelace", "extended"], ["8", "Alan", "Turing", "late"]]
    assert not folder.submitted.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--policy", "newest"], "no policy 'newest': use one of latest"),
        (["--from", "sakai"], "no platform 'sakai': use auto or one of moodle"),
        (["--deadline", "soon"], "--deadline 'soon' is no time"),
        (["--timezone", "Mars"], "no time zone 'Mars'"),
        (["--id", "shoe size"], "no column 'shoe size': it has student_id"),
    ],
)
def test_what_cannot_be_meant_is_named(folder: CourseFolder, arguments: list[str], reason: str) -> None:
    with pytest.raises(CourseError, match=reason):
        run(folder, *arguments)
