"""The two files of pinned versions say the same, and name no address."""

from pathlib import Path

import pytest
import yaml

from benchmarks import pins

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def constraints() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def conda_pins() -> dict[str, str]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"][-1]["pip"]
    return dict(entry.split("==") for entry in entries if not entry.startswith("-"))


def test_conda_users_get_the_pinned_versions(constraints: dict[str, str]) -> None:
    assert conda_pins() == {name: constraints[name] for name in pins.direct()}


def test_the_pins_are_what_is_installed(constraints: dict[str, str]) -> None:
    here = pins.installed()
    assert {name: here.get(name, version) for name, version in constraints.items()} == constraints


@pytest.mark.parametrize("name", ["constraints.txt", "environment.yml"])
def test_no_pin_carries_an_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text
