"""The hash of the engine's code is over all code that grading runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.grading import version
from tests.test_layout import MODULES, imports


def reached(start: str) -> Iterator[str]:
    seen: set[str] = set()
    to_do = [name for name in MODULES if name.startswith(start)]
    while to_do:
        module = to_do.pop()
        if module not in seen:
            seen.add(module)
            to_do += imports(module)
            yield module


def test_nothing_that_grading_imports_is_left_out() -> None:
    starts = ("course.grading", "course.checks", "course.cloze")
    used = {part for start in starts for module in reached(start) for part in module.split(".")[1:2]}
    assert used & version.ELSEWHERE == set()
    assert {path.parent.name for path in version.code()} >= {"grading", "checks", "cloze", "process", "course"}


def test_hashes_are_the_same_within_a_process() -> None:
    assert version.engine_hash() == version.engine_hash() != version.installed_hash()


def test_a_checkout_that_says_what_it_is_changes_no_hash_and_another_package_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version.installed()
    monkeypatch.syspath_prepend(tmp_path)
    for own in ("clozegrad.egg-info", "clozegrad-9.0.dist-info"):
        (tmp_path / own).mkdir()
    assert version.installed() == before
    (tmp_path / "other-1.0.dist-info").mkdir()
    assert version.installed() != before
