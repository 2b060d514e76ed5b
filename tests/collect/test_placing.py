"""The attempt that counts is put into `submitted/` whole, or what was there stays."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course.collect.keeping import About, Attempt, digests_of, sums
from course.collect.places import arranged, digest
from course.collect.placing import place

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def attempt(tmp_path: Path, time: datetime | None = NOON) -> Attempt:
    folder = tmp_path / "kept/001"
    (folder / "files/hw").mkdir(parents=True)
    (folder / "files/hw/mine.ipynb").write_text("{}")
    (folder / "files/hw/a.csv").write_text("1")
    notebooks = {"ps1": "hw/mine.ipynb"}
    found = sums(folder / "files")
    laid_out = digest({to: found[source] for to, source in arranged(found, notebooks).items()})
    return Attempt("ann", folder, About(1, "", "x", time, laid_out=laid_out, notebooks=notebooks))


def test_an_attempt_is_laid_out_once(tmp_path: Path) -> None:
    target = tmp_path / "submitted/ann/ps1"
    one = attempt(tmp_path)
    assert place(one, target, tmp_path / "kept")
    assert {path.name: path.read_text() for path in target.iterdir()} == {
        "ps1.ipynb": "{}", "a.csv": "1", "timestamp.txt": "2026-01-02 12:00:00.000000 UTC\n"
    }  # fmt: skip
    assert digests_of(target) == {one.about.laid_out}
    assert not place(one, target, tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["001"]


def test_a_time_that_became_known_is_written_beside_what_lies_there(tmp_path: Path) -> None:
    target = tmp_path / "submitted/ann/ps1"
    undated = attempt(tmp_path, None)
    place(undated, target, tmp_path / "kept")
    assert not (target / "timestamp.txt").exists()
    before = (target / "ps1.ipynb").stat()
    dated = Attempt("ann", undated.folder, About(**{**vars(undated.about), "time": NOON}))
    assert place(dated, target, tmp_path / "kept")
    assert (target / "ps1.ipynb").stat() == before
    assert (target / "timestamp.txt").read_text() == "2026-01-02 12:00:00.000000 UTC\n"


def test_a_date_that_somebody_wrote_stays_where_no_better_one_is_known(tmp_path: Path) -> None:
    target = tmp_path / "submitted/ann/ps1"
    undated = attempt(tmp_path, None)
    place(undated, target, tmp_path / "kept")
    (target / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    assert not place(undated, target, tmp_path / "kept")
    assert (target / "timestamp.txt").read_text() == "2026-01-01 00:00:00 UTC"


def test_what_was_there_stays_where_the_new_cannot_be_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "submitted/ann/ps1"
    target.mkdir(parents=True)
    (target / "old.ipynb").write_text("old")
    move = shutil.move

    def refuse(source: Path, to: Path) -> None:
        if Path(source).name == "new":
            raise OSError(28, "No space left on device")
        move(source, to)

    monkeypatch.setattr(shutil, "move", refuse)
    one = attempt(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        place(one, target, tmp_path / "kept")
    assert [path.name for path in target.iterdir()] == ["old.ipynb"]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["001"]
