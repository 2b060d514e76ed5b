"""What coverage leaves out is there, and runs in processes that cannot be measured."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OMITTED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["run"]["omit"]


def test_every_file_that_is_left_out_is_there() -> None:
    assert [name for name in OMITTED if not (ROOT / name).is_file()] == []


def test_only_the_sides_of_the_line_and_the_jail_are_left_out() -> None:
    rooms = {str(Path(name).parent) for name in OMITTED}
    assert rooms == {"course/grading/boundary/ends", "course/grading/jail", "course/grading/process"}
