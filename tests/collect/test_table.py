"""What was collected, as a table in a terminal, in a pipe and for a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from course.collect.outcome import Collected, Line, Stray
from course.collect.parcel import Refusal
from course.collect.table import print_table, standing, write_csv

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ADA = Line("ada", "Ada Lovelace", "on time", NOON, "platform", 0.0, NOON, attempts=1, receipt="verified")
BOB = Line(
    "bob", "Bob Bee", "late", NOON, "table", 5_400.0, NOON, attempts=3, receipt="does not match", notes=("a note",)
)
EVE = Line("eve\u200b", "", "missing")
IAN = Line("ian", "Ian", "handed in", attempts=1, problem="no notebook ps1.ipynb was handed in")
FOUND = Collected(
    "ps1", "last-on-time", 2, NOON, (ADA, BOB, EVE, IAN), opened=("m.zip: read as Moodle",), new=2, placed=1
)


def printed(found: Collected, width: int = 140) -> str:
    file = io.StringIO()
    print_table(found, ZoneInfo("Europe/Berlin"), Console(file=file, width=width))
    return file.getvalue()


def test_each_student_has_a_row_in_the_times_of_the_zone() -> None:
    rows = [line.split() for line in printed(FOUND).splitlines()[3:7]]
    assert rows[0] == ["ada", "Ada", "Lovelace", "on", "time", "2026-01-02", "13:00", "✓"]
    assert " ".join(rows[1]) == "bob Bob Bee late by 1 h 30 min 2026-01-02 13:00 3 ✗ does not match a note"
    assert rows[2] == ["eve\\u200b", "missing"]
    assert " ".join(rows[3]) == "ian Ian handed in – no notebook ps1.ipynb was handed in"


def test_the_summary_counts_and_says_by_what_is_judged() -> None:
    text = printed(FOUND)
    assert (
        "4 students · 1 on time · 1 late · 1 missing · 1 handed in · 1 that cannot be graded · 1 with several attempts · "
        "1 whose receipt does not match" in " ".join(text.split())
    )
    assert (
        "due 2026-01-02 13:00 CET, 2 late days each, the last-on-time attempt counts · 2 new attempts, 1 laid out"
        in text
    )
    assert "m.zip: read as Moodle" in text
    assert "1 student · 1 missing" in printed(Collected("ps1", lines=(EVE,)))
    assert "no deadline, the latest attempt counts" in printed(Collected("ps1"))


def test_what_did_not_find_its_place_is_listed_below_with_reasons() -> None:
    refused = tuple(Refusal(f"ada: x/._{number}", "is a file of an operating system") for number in range(6))
    found = replace(FOUND, strays=(Stray("m.zip: Zoe_1", "Zoe_1", "not in the roster"),), refused=refused)
    text = printed(replace(found, failed=(Refusal("b.zip", "cannot be opened"),)))
    assert "handed in, and not collected" in text
    assert any(line.split() == ["m.zip:", "Zoe_1", "not", "in", "the", "roster"] for line in text.splitlines())
    assert "ada: x/._0, ada: x/._1, ada: x/._2 and 3 more   is a file of an operating system" in text
    assert any(line.split() == ["b.zip", "cannot", "be", "opened"] for line in text.splitlines())


@pytest.mark.parametrize("width", [90, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = replace(BOB, student="a_student_of_a_very_long_name" * 2, notes=("a long story " * 20,))
    stray = Stray("m.zip: " + "x" * 200, "", "y" * 200)
    text = printed(replace(FOUND, lines=(ADA, long), strays=(stray,)), width)
    assert max(map(len, text.splitlines())) <= width
    assert "x" * 20 in text


def test_nothing_that_students_wrote_steers_the_terminal() -> None:
    evil = "\x1b[2J[red]\u202eevil\nnew line"
    found = replace(
        FOUND,
        lines=(replace(ADA, name=evil, notes=(evil,), problem=evil),),
        strays=(Stray(evil, evil, evil),),
        refused=(Refusal(evil, evil),),
        opened=(evil,),
    )
    text = printed(found, 400)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("[red]evil new line") == 7


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ADA, "on time"),
        (replace(ADA, by_platform=True), "on time (the platform says)"),
        (BOB, "late by 1 h 30 min"),
        (replace(BOB, late_s=None, by_platform=True), "late (the platform says)"),
        (replace(BOB, status="late days", days_used=1), "late by 1 h 30 min, 1 late day used"),
        (replace(BOB, status="late days", late_s=100_000.0, days_used=2), "late by 1 d 3 h, 2 late days used"),
        (replace(ADA, status="time unknown"), "time unknown"),
    ],
)
def test_how_a_student_stands_is_said_in_words(line: Line, said: str) -> None:
    assert standing(line) == said


def test_a_spreadsheet_gets_a_row_a_student_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_csv(
        replace(FOUND, lines=(ADA, replace(BOB, name="=1+1", notes=("@evil", "more"), chosen="003_x"), EVE)), path
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["student"] == "ada"
    assert (rows[0]["handed_in_utc"], rows[0]["late_s"], rows[0]["late"]) == ("2026-01-02T12:00:00+00:00", "0", "")
    assert rows[1] | {"name": "'=1+1", "notes": "'@evil; more", "late_s": "5400", "attempts": "3"} == rows[1]
    assert (rows[1]["late"], rows[1]["receipt"], rows[1]["chosen"]) == ("1 h 30 min", "does not match", "003_x")
    assert (rows[2]["student"], rows[2]["status"], rows[2]["late_s"]) == ("eve\\u200b", "missing", "")
