"""The class, from an own table or from what platforms export."""

from pathlib import Path

import pytest

from course.collect import roster
from course.collect.people import Sender
from course.collect.roster import CANVAS, GITHUB, PARTICIPANT
from course.errors import CourseError
from tests.collect import samples
from tests.collect.samples import ADA, CLASS, JOSE


def saved(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(text, "utf-8")
    return path


def student_of(found: roster.Roster, **sender: object) -> str | None:
    return found.people.find(Sender("x", **sender)).student  # type: ignore[arg-type]


def test_an_own_table_knows_students_by_id_number_address_and_name(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, samples.roster(CLASS)))
    assert found.named_by == "student_id"
    assert sorted(found.people.students) == sorted(one.id for one in CLASS)
    for one in CLASS:
        assert student_of(found, ids=(("", one.email.upper()),)) == one.id
        assert student_of(found, ids=(("", str(one.number)),)) == one.id
        assert student_of(found, names=(f"{one.last}, {one.first}",)) == one.id


def test_canvass_gradebook_is_a_roster(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, samples.canvas_gradebook(CLASS)))
    assert found.named_by == "SIS Login ID"
    assert sorted(found.people.students) == sorted(one.id for one in CLASS)
    assert student_of(found, ids=((CANVAS, "4101"),)) == ADA.id
    assert student_of(found, ids=(("", "4101"),)) is None
    assert student_of(found, names=("garcíamárquezjosé",)) == JOSE.id
    assert found.notes == (f"{tmp_path / 'roster.csv'}: no 'SIS Login ID' in line 7: left out",)


def test_moodles_worksheet_is_a_roster_whose_numbers_are_the_participants(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, samples.worksheet(CLASS, {})))
    assert found.named_by == "Email address"
    assert student_of(found, ids=((PARTICIPANT, "70101"),)) == ADA.email
    assert student_of(found, names=("Ada Lovelace",)) == ADA.email


def test_moodles_participants_in_german_are_a_roster(tmp_path: Path) -> None:
    text = "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nJürgen;Groß;s17;jg@uni.example\n"
    found = roster.read(saved(tmp_path, text))
    assert found.named_by == "ID-Nummer"
    assert student_of(found, names=("GROSS Jurgen",)) == "s17"


def test_blackboards_download_is_a_roster(tmp_path: Path) -> None:
    text = '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\nLovelace\tAda\talovelace\t\t2026\n'
    (tmp_path / "gc.xls").write_bytes(text.encode("utf-16"))
    found = roster.read(tmp_path / "gc.xls")
    assert found.named_by == "Username"
    assert student_of(found, names=("Ada Lovelace",)) == "alovelace"


def test_github_classrooms_roster_is_one(tmp_path: Path) -> None:
    text = '"identifier","github_username","github_id","name"\n"alovelace","ada-codes","123","Ada Lovelace"\n'
    found = roster.read(saved(tmp_path, text))
    assert found.named_by == "identifier"
    assert student_of(found, ids=((GITHUB, "ada-codes"),)) == "alovelace"


def test_a_column_may_be_chosen_by_its_heading(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, samples.roster(CLASS)), "Student Number")
    assert sorted(found.people.students) == ["101", "102", "103", "104"]
    assert student_of(found, ids=(("", ADA.id),)) == "101"
    with pytest.raises(CourseError, match="no column 'matric': it has student_id, first name"):
        roster.read(tmp_path / "roster.csv", "matric")


def test_aliases_are_further_names_and_ids(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, "id,name,alias\nada,Ada Lovelace,Ada King | countess\nbob,Bob Bee,\n"))
    assert student_of(found, names=("Ada King",)) == "ada"
    assert student_of(found, ids=(("", "countess"),)) == "ada"


def test_who_is_in_two_sections_is_one_student(tmp_path: Path) -> None:
    found = roster.read(saved(tmp_path, "id,name,mail\nada,Ada Lovelace,a@x\nada,Ada Lovelace,b@x\n"))
    assert student_of(found, ids=(("", "a@x"), ("", "b@x"))) == "ada"


def test_two_students_of_one_id_are_refused_with_both_lines(tmp_path: Path) -> None:
    path = saved(tmp_path, "id,name\nada,Ada Lovelace\nbob,Bob Bee\nada,Ada Other\n")
    with pytest.raises(CourseError, match=r"roster.csv, line 4: 'ada' is also in line 2, as another student"):
        roster.read(path)


@pytest.mark.parametrize("own", ["../ann", "a/b", "a\\b", ".hidden", "..", "x" * 300, "a\u200bb"])
def test_an_id_that_no_folder_can_have_is_refused(tmp_path: Path, own: str) -> None:
    with pytest.raises(
        CourseError, match=r"line 2: .* cannot be the name of a folder: choose another column with --id"
    ):
        roster.read(saved(tmp_path, f"id,name\n{own},Ada\n"))


def test_a_table_whose_only_ids_are_addresses_says_what_folders_are_called_by(tmp_path: Path) -> None:
    (said,) = roster.read(saved(tmp_path, "name,email\nAda,ada@example.org\n")).notes
    assert said.endswith("has no column of ids: folders are called by 'email'; see --id")
    assert roster.read(saved(tmp_path, "name,email\nAda,ada@example.org\n"), "email").notes == ()


def test_a_table_without_ids_names_its_columns_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"it has given, colour\. Name one with --id"):
        roster.read(saved(tmp_path, "given,colour\nAda,blue\n"))
    with pytest.raises(CourseError, match="no values under 'Colour'"):
        roster.read(saved(tmp_path, "given,Colour\nAda,\n"), "colour")
