"""Every test file on disk is collected: a folder's name must not hide its tests from pytest."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def test_every_test_file_below_what_was_asked_for_is_collected(request: pytest.FixtureRequest) -> None:
    asked = [Path(request.config.invocation_params.dir, arg.partition("::")[0]) for arg in request.config.args]
    if (
        any("::" in arg for arg in request.config.args)
        or request.config.option.keyword
        or request.config.option.markexpr
    ):
        pytest.skip("only some tests of a file were asked for")
    collected = {item.path for item in request.session.items}
    here = {path for path in TESTS.rglob("test_*.py") if any(path.is_relative_to(place) for place in asked)}
    assert sorted(here - collected) == []


def test_no_tests_name_holds_an_address(request: pytest.FixtureRequest) -> None:
    """It would be another in each worker, which then run nothing at all."""
    assert [item.nodeid for item in request.session.items if " at 0x" in item.nodeid] == []


def test_test_files_are_named_so_that_pytest_sees_them() -> None:
    """A file with test functions under another name would never run."""
    others = [path for path in TESTS.rglob("*.py") if not path.name.startswith("test_")]
    assert [path for path in others if "\ndef test_" in path.read_text("utf-8")] == []
