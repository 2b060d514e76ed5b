"""A student names a notebook as people do: without its ending, by its folder, with a slip."""

from pathlib import Path

import pytest

from course.errors import CourseError
from course.handin.finding import notebook_at


def test_a_notebook_is_found_without_its_ending_and_in_its_folder(tmp_path: Path) -> None:
    place = tmp_path / "01_tiny" / "01_tiny.ipynb"
    place.parent.mkdir()
    place.write_text("{}")
    assert notebook_at(place) == place
    assert notebook_at(place.with_suffix("")) == place
    assert notebook_at(place.parent) == place


def test_what_was_meant_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"is a folder: name the notebook in it, which holds none that ends in"):
        notebook_at(tmp_path)
    for name in ("01_tiny.ipynb", "02_more.ipynb"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(CourseError, match=r"is a folder: name the notebook in it, such as 01_tiny\.ipynb"):
        notebook_at(tmp_path)
    with pytest.raises(CourseError, match=r"there is no .*/01_tinny\.ipynb; did you mean 01_tiny\.ipynb\?"):
        notebook_at(tmp_path / "01_tinny.ipynb")
    with pytest.raises(CourseError, match=r"there is no .*/nowhere/x\.ipynb$"):
        notebook_at(tmp_path / "nowhere/x.ipynb")
