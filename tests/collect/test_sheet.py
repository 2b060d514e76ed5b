"""Tables as spreadsheets and platforms save them: every encoding and delimiter gives the same rows."""

from pathlib import Path

import pytest

from course.collect import sheet
from course.errors import CourseError

TEXT = "Name,E-Mail\nJosé García,jose@uni.example\nZoë Świątek,zoe@uni.example\n"
SHAPES = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with its mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without its mark": TEXT.encode("utf-16-le"),
    "UTF-16 from another machine": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "semicolons": TEXT.replace(",", ";").encode(),
    "tabs": TEXT.replace(",", "\t").encode("utf-16"),
    "pipes": TEXT.replace(",", "|").encode(),
    "told by Excel": b"sep=;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n").encode(),
    "quotes": TEXT.replace(",", '","').replace("\n", '"\n"').strip('"').join(['"', ""]).encode(),
    "empty lines": TEXT.replace("\n", "\n\n,\n").encode(),
    "spaces that do not break": TEXT.replace(" ", "\u00a0").encode(),
    "accents apart": sheet.unicodedata.normalize("NFD", TEXT).encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_reads_the_same_however_it_was_saved(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(SHAPES[shape])
    found = sheet.read(path)
    assert found.headings == {"name": "Name", "e mail": "E-Mail"}
    assert [dict(row.values) for row in found.rows] == [
        {"name": "José García", "e mail": "jose@uni.example"},
        {"name": "Zoë Świątek", "e mail": "zoe@uni.example"},
    ]


def test_what_is_neither_utf_8_nor_utf_16_is_read_as_windows_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("name;note\nJosé;5 €\n".encode("cp1252"))
    assert sheet.read(path).rows[0].values == {"name": "José", "note": "5 €"}
    path.write_bytes(b"name,note\nJos\xe9,\x81\n")
    assert sheet.read(path).rows[0].values["name"] == "José"


def test_a_row_knows_its_line_and_may_be_short_or_span_lines(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('id,note,more\n\na,"two\nlines",x\nb\n')
    first, second = sheet.read(path).rows
    assert (first.values["note"], sheet.read(path).at(first)) == ("two\nlines", f"{path}, line 4")
    assert second.values == {"id": "b"}
    assert second.first(["more", "id"]) == "b"


def test_the_apostrophe_that_keeps_a_formula_from_being_one_is_no_part_of_the_value(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,name\n'=1+1,'tHooft\n")
    assert sheet.read(path).rows[0].values == {"id": "=1+1", "name": "'tHooft"}


BAD = {
    "is a spreadsheet, not a table in text: save it as CSV": b"PK\x03\x04rest",
    "has no rows below a line of headings": b"id,name\n",
    "two columns are called 'id'": b"ID,name,Id\n1,2,3\n",
}


@pytest.mark.parametrize("reason", BAD)
def test_what_is_no_table_is_named_with_the_way_out(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(BAD[reason])
    with pytest.raises(CourseError, match=reason) as error:
        sheet.read(path)
    assert str(path) in str(error.value)


def test_a_table_that_is_not_there_or_far_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CourseError, match=r"none\.csv cannot be read: No such file"):
        sheet.read(tmp_path / "none.csv")
    monkeypatch.setattr(sheet, "MAX_BYTES", 10)
    (tmp_path / "large.csv").write_text("id,name\n" + "a,b\n" * 10)
    with pytest.raises(CourseError, match="more than the"):
        sheet.read(tmp_path / "large.csv")


def test_a_field_without_an_end_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('id,name\na,"' + "x" * 200_000)
    with pytest.raises(CourseError, match=r"line \d+: field larger than field limit"):
        sheet.read(path)
