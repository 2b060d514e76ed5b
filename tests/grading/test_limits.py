"""What a submission may use: defaults, nbgrader_config.py, and the metadata of a lesson's own notebook."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from course.errors import CourseError
from course.grading.limits import Limits, limits_of
from course.grading.verdict.model import ENDINGS
from tests.grading.notebooks import code, notebook

PATH = Path("source/ps1/norms.ipynb")


def limits(metadata: Any = None, *, config: dict[str, Any] | None = None, plain: bool = False) -> Limits:
    made = notebook(code("1"), code("2"))
    if metadata is not None:
        made.metadata["clozegrad"] = metadata
    return limits_of(made, PATH, config or {}, plain_tests=plain)


def test_a_lesson_without_wishes_has_the_defaults() -> None:
    assert limits() == Limits()


def test_a_lesson_may_set_each_limit() -> None:
    wish = {
        "cell_s": 1,
        "call_s": 2.5,
        "test_s": 3,
        "submission_s": 4,
        "grace_s": 0.5,
        "memory_mb": 100,
        "processes": 5,
    }
    wish |= {"file_mb": 6, "restarts": 7}
    assert limits(wish) == Limits(**wish)


@pytest.mark.parametrize("section", ["Execute", "ExecutePreprocessor", "NotebookClient"])
@pytest.mark.parametrize(("timeout", "seconds"), [(7, 7.0), (None, 3600.0), (-1, 3600.0), (float("inf"), 3600.0)])
def test_the_courses_timeout_is_the_limit_of_a_cell(section: str, timeout: Any, seconds: float) -> None:
    assert limits(config={section: {"timeout": timeout}}).cell_s == seconds


def test_nbgraders_own_section_counts_before_those_that_it_derives_from() -> None:
    config = {"Execute": {"timeout": 5}, "ExecutePreprocessor": {"timeout": 6}, "NotebookClient": {"timeout": 7}}
    assert limits(config=config).cell_s == 5


def test_the_notebooks_own_limit_counts_before_the_courses() -> None:
    assert limits({"cell_s": 9}, config={"Execute": {"timeout": 5}}).cell_s == 9


def test_plain_asserts_have_no_limits_that_nbgrader_has_not() -> None:
    made = limits(config={"Execute": {"timeout": 400}}, plain=True)
    assert (made.cell_s, made.call_s, made.test_s, made.submission_s) == (400, 400, 400, 800)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"cell_seconds": 3}, "unknown limit 'cell_seconds'"),
        ({"cell_s": "10"}, "limit 'cell_s' .* is '10'; it must be a number above 0"),
        ({"cell_s": True}, "limit 'cell_s' .* is True"),
        ({"call_s": 0}, "limit 'call_s' .* is 0"),
        ({"test_s": -3}, "limit 'test_s' .* is -3"),
        ({"memory_mb": float("nan")}, "limit 'memory_mb' .* is nan"),
        ({"memory_mb": float("inf")}, "limit 'memory_mb' .* is inf"),
        ({"restarts": 2.5}, "limit 'restarts' .* is 2.5; it must be a whole number above 0"),
        ([3], r"its clozegrad metadata is \[3\]"),
    ],
)
def test_a_bad_limit_is_an_error_that_names_file_and_key(metadata: Any, message: str) -> None:
    with pytest.raises(CourseError, match=f"{PATH}: .*{message}"):
        limits(metadata)


@pytest.mark.parametrize("timeout", ["30", True, float("nan"), [1]])
def test_a_bad_timeout_is_an_error_that_names_file_and_key(timeout: Any) -> None:
    with pytest.raises(CourseError, match=r"nbgrader_config.py: c.Execute.timeout is .*must be seconds"):
        limits(config={"Execute": {"timeout": timeout}})


def test_the_page_about_grading_has_each_limit_with_its_default() -> None:
    text = (Path(__file__).parents[2] / "docs/grading.md").read_text("utf-8")
    for field in dataclasses.fields(Limits):
        assert f"| `{field.name}` | {field.default:g} |" in text


def test_the_page_about_grading_has_each_ending() -> None:
    text = " ".join((Path(__file__).parents[2] / "docs/grading.md").read_text("utf-8").split())
    assert not [ending for ending in ENDINGS if f"`{ending}`" not in text]
