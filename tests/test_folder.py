"""A course folder finds itself, and keeps its secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from course.errors import CourseError
from course.folder import CONFIG_NAME, CourseFolder


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return CourseFolder(tmp_path)


def test_the_course_is_found_from_below(folder: CourseFolder) -> None:
    below = folder.root / "a/b"
    below.mkdir(parents=True)
    assert CourseFolder.find(below) == folder


def test_no_course_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="--course"):
        CourseFolder.find(tmp_path)


def test_a_seed_repeats_and_differs_by_student_and_lesson(folder: CourseFolder) -> None:
    seeds = [folder.seed("ann", "04"), folder.seed("bob", "04"), folder.seed("ann", "05")]
    assert len(set(seeds)) == 3
    assert CourseFolder(folder.root).seed("ann", "04") == seeds[0]


def test_only_its_owner_can_read_the_secret(folder: CourseFolder) -> None:
    folder.seed("ann", "04")
    assert stat.S_IMODE((folder.root / ".course_secret").stat().st_mode) == 0o600


def test_an_empty_secret_is_refused(folder: CourseFolder) -> None:
    (folder.root / ".course_secret").write_text("")
    with pytest.raises(CourseError, match="is empty"):
        folder.seed("ann", "04")


def test_folders_follow_nbgraders_configuration(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.source_directory = "src"\nc.CourseDirectory.db_url = "sqlite:///x.db"\n'
    )
    folder = CourseFolder(tmp_path)
    assert folder.source == tmp_path / "src"
    assert folder.db_url == "sqlite:///x.db"


def test_the_repository_slug_comes_from_the_project_file(folder: CourseFolder) -> None:
    assert folder.repository is None
    (folder.root / "pyproject.toml").write_text('[tool.clozegrad]\nrepository = "ann/course"\n')
    assert folder.repository == "ann/course"


def test_lessons_are_the_folders_that_hold_one(folder: CourseFolder) -> None:
    for name in ("02_b", "01_a", "notes"):
        (folder.root / "lessons" / name).mkdir(parents=True)
    for name in ("02_b", "01_a"):
        (folder.root / "lessons" / name / "lesson.py").write_text("")
    assert folder.lesson_names() == ["01_a", "02_b"]


def test_graders_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with ThreadPoolExecutor(16) as pool:
        seeds = set(pool.map(lambda _: CourseFolder(tmp_path).seed("mira", "01"), range(64)))
    assert len(seeds) == 1
    assert (tmp_path / ".course_secret").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [".course_secret", "nbgrader_config.py"]


@pytest.mark.parametrize(
    "place",
    [
        "submitted/eve/ps1",
        "submitted/eve/ps1/deeper",
        "autograded/eve/ps1",
        "feedback/eve",
        "downloaded/ps1/extracted/eve",
        "collected/ps1/attempts/eve/001_no-time_abc/files",
        "exchange/a/inbound/eve+ps1",
        "term/exchange/a",
        "inbound/eve",
    ],
)
def test_a_configuration_that_was_handed_in_is_never_run(tmp_path: Path, place: str) -> None:
    root = tmp_path.resolve()
    (root / CONFIG_NAME).write_text("c = get_config()\n")
    here = root / place
    here.mkdir(parents=True)
    (here / CONFIG_NAME).write_text(f"open({str(root / 'ran')!r}, 'w')\nc = get_config()\n")
    found = CourseFolder.find(here)
    assert found.root == root
    assert found.config is not None
    assert not (root / "ran").exists()


@pytest.mark.parametrize(
    "setting",
    ["CourseDirectory.submitted_directory", "ZipCollectApp.downloaded_directory", "Exchange.root", "Exchange.cache"],
)
def test_a_course_that_names_its_folders_otherwise_keeps_them_as_well(tmp_path: Path, setting: str) -> None:
    root = tmp_path.resolve()
    (root / CONFIG_NAME).write_text(f"c = get_config()\nc.{setting} = 'inbox'\n")
    (root / "inbox/eve/ps1").mkdir(parents=True)
    (root / "inbox/eve/ps1" / CONFIG_NAME).write_text("c = get_config()\n")
    assert CourseFolder.find(root / "inbox/eve/ps1").root == root


def test_a_course_inside_another_one_is_found_where_it_is_no_hand_in(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    for place in (root, root / "scratch/course"):
        place.mkdir(parents=True, exist_ok=True)
        (place / CONFIG_NAME).write_text("c = get_config()\n")
    assert CourseFolder.find(root / "scratch/course").root == root / "scratch/course"
    (root / CONFIG_NAME).write_text("1 / 0\n")
    assert CourseFolder.find(root / "scratch/course").root == root / "scratch/course"
