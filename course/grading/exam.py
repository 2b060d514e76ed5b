"""What the instructor's side of one notebook is: its source, its release, its tests' plan, files and limits."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from course.cloze.magic import as_python
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.assignment import graded_source
from course.grading.limits import Limits, limits_of
from course.grading.mapping import Plan, plan


@dataclass(frozen=True)
class Exam:
    """One notebook of an assignment, as the course wrote it."""

    lesson: str
    name: str
    source: NotebookNode
    release: NotebookNode | None
    files: dict[str, bytes]
    limits: Limits

    @cached_property
    def plan(self) -> Plan:
        """Which side owns each name that a test reads."""
        return plan(self.source, provided=[Path(name).stem for name in self.files if name.endswith(".py")])

    def make_plan(self) -> None:
        """Have the plan ready: it takes a quarter of a second, which the first submission would wait for."""
        self.plan  # noqa: B018

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Every installed module that the course's own cells import: what the nursery has ready."""
        return tuple(sorted({name for cell in self.source.cells for name in _imports(cell)}))

    def step(self, index: int, cell: NotebookNode) -> dict[str, Any]:
        """The examiner's instruction for one code cell of a repaired submission."""
        if not is_test(cell):
            return {"index": index, "kind": "run", "source": cell.source}
        meta = cell.metadata["nbgrader"]
        needs = self.plan.tests[meta["grade_id"]]
        return {
            "index": index,
            "kind": "test",
            "source": cell.source,
            "points": float(meta["points"]),
            "prepare": list(zip(needs.prepared_in, needs.prepare, strict=True)),
            "needs": sorted(needs.needs),
            "fetch": list(needs.fetch),
            "rebinds": sorted(needs.rebinds),
            "problem": needs.problem,
        }


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is an autograded test: graded, and not an answer of the student's."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def exams_of(folder: CourseFolder, lesson: str) -> list[Exam]:
    """The notebooks of an assignment; CourseError when it has no source."""
    paths = notebooks_of(folder, lesson)
    files = {
        path.relative_to(folder.source / lesson).as_posix(): path.read_bytes() for path in _data_files(paths[0].parent)
    }
    return [_exam(folder, lesson, path, files) for path in paths]


def notebooks_of(folder: CourseFolder, lesson: str) -> list[Path]:
    """The source notebooks of an assignment; CourseError, which names those that there are, when it has none."""
    paths = sorted((folder.source / lesson).glob("*.ipynb")) if lesson == Path(lesson).name != ".." else []
    if not paths:
        known = sorted({path.parent.name for path in folder.source.glob("*/*.ipynb")})
        raise CourseError(
            f"{folder.source / lesson} holds no notebook to grade against. "
            + (f"Lessons here: {', '.join(known)}." if known else "Run `course build` first.")
        )
    return paths


def uses_checks(source: NotebookNode) -> bool:
    """Whether the tests go through `course.checks`, under which one check that fails does not end the cell."""
    return any(name.split(".")[0] == "course" for cell in source.cells for name in _imports(cell))


def _exam(folder: CourseFolder, lesson: str, path: Path, files: dict[str, bytes]) -> Exam:
    source = graded_source(folder, lesson, path)
    release = folder.release / lesson / path.name
    return Exam(
        lesson=lesson,
        name=path.stem,
        source=source,
        release=_read(release) if release.is_file() else None,
        files=files,
        limits=limits_of(source, path, folder.config, plain_tests=not uses_checks(source)),
    )


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise CourseError(f"{path} is not a notebook that can be read: {error}") from error


def _data_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".ipynb" and not any(part.startswith(".") for part in path.parts[-2:]):
            yield path


def _imports(cell: NotebookNode) -> Iterator[str]:
    """The modules that a course cell imports and that are installed as packages, not files of the lesson."""
    if cell.cell_type != "code" or "import" not in cell.source:
        return
    source = as_python(cell.source)  # what a cloze holds is no code of the course's, and may come from anywhere
    try:
        tree = ast.parse("\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        yield from (name for name in names if _installed(name.split(".")[0]))


def _installed(package: str) -> bool:
    spec = importlib.util.find_spec(package)
    return spec is not None and (
        spec.origin is None or "site-packages" in spec.origin or package == "course" or "lib/python" in spec.origin
    )
