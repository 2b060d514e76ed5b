"""The version, the changelog and the tags say the same."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERSION = str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
HEADINGS = re.findall(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no git history here: {done.stderr.strip()}")
    return done.stdout.split()


def test_the_newest_release_in_the_changelog_is_the_version() -> None:
    assert HEADINGS[0][0] == VERSION
    assert [date for _, date in HEADINGS] == sorted((date for _, date in HEADINGS), reverse=True)


def test_every_tag_of_a_release_is_in_the_changelog() -> None:
    tags = [tag.removeprefix("v") for tag in git("tag", "--list", "v*")]
    assert sorted(set(tags) - {version for version, _ in HEADINGS}) == []


def test_a_tagged_commit_has_the_version_of_its_tag() -> None:
    tags = [tag for tag in git("tag", "--points-at", "HEAD") if tag.startswith("v")]
    assert tags in ([], [f"v{VERSION}"])
