"""Write constraints.txt and environment.yml from what is installed in this environment (``make pins``).

constraints.txt pins the whole closure, without addresses; environment.yml gives conda users the packages that
pyproject.toml names, at the same versions.
"""

import importlib.metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Written by `make pins`; change pyproject.toml, then run it again.\n"


def direct() -> list[str]:
    """The normalised names of every package that pyproject.toml names, the extras' too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    return sorted({normal(re.split(r"[\[<>=!~; ]", item)[0]) for item in wanted})


def normal(name: str) -> str:
    """A package's name as the Python packaging rules compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """Every installed package and its version, this project left out."""
    found: dict[str, str] = {}
    for item in importlib.metadata.distributions():
        found.setdefault(normal(item.metadata["Name"]), item.version)  # setuptools carries copies, later on the path
    return {name: found[name] for name in sorted(found) if name not in ("clozegrad", "pip")}


def constraints(versions: dict[str, str]) -> str:
    """The text of constraints.txt."""
    return HEAD + "".join(f"{name}=={version.split('+')[0]}\n" for name, version in versions.items())


def environment(versions: dict[str, str]) -> str:
    """The text of environment.yml."""
    pins = "".join(f"      - {name}=={versions[name].split('+')[0]}\n" for name in direct())
    return (
        HEAD
        + "name: clozegrad\nchannels:\n  - conda-forge\ndependencies:\n  - python>=3.11,<3.14\n  - pip\n  - pip:\n"
        + pins
        + "      - --editable .\n"
    )


def main() -> None:
    """Write both files."""
    versions = installed()
    (ROOT / "constraints.txt").write_text(constraints(versions), "utf-8")
    (ROOT / "environment.yml").write_text(environment(versions), "utf-8")


if __name__ == "__main__":
    main()
