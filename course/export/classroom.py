"""`course export github-classroom`: a template repository whose workflow runs the tests that students can see."""

import shlex
import shutil
from importlib.resources import files
from pathlib import Path

from course.errors import CourseError
from course.export.files import Exported, shown_as
from course.folder import CourseFolder

WORKFLOW = Path(".github/workflows/classroom.yml")


def write_classroom(folder: CourseFolder, lesson: str, out: Path | None = None, install: str = "") -> Exported:
    """Write the released lesson with a workflow into a folder; CourseError when it is not built, or one is there.

    Args:
        install: what pip installs (default: the course's repository, as pyproject.toml names it).
    """
    notebook = folder.release / lesson / f"{lesson}.ipynb"
    if not notebook.is_file():
        raise CourseError(f"{notebook} is missing: run `course build {lesson}` first")
    if not (install or folder.repository):
        raise CourseError(
            "from where are students to install clozegrad? Set repository under [tool.clozegrad] in pyproject.toml, "
            "or name it, as in --install 'clozegrad[instructor]'"
        )
    wanted = install or f"clozegrad[instructor] @ git+https://github.com/{folder.repository}"
    path = out or folder.exports / f"{lesson}.github-classroom"
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CourseError(f"{shown_as(folder, path)} is not an empty folder: remove it, or name another with --out")
    shutil.copytree(notebook.parent, path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    text = files("course.export").joinpath("templates/classroom.yml").read_text("utf-8")
    (path / WORKFLOW).parent.mkdir(parents=True)
    filled = text.replace("@INSTALL@", shlex.quote(wanted)).replace("@NOTEBOOK@", shlex.quote(notebook.name))
    (path / WORKFLOW).write_text(filled, "utf-8")
    return Exported(path, shown_as(folder, path), "a template repository without hidden tests")
