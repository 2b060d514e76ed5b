"""What the instructor's side of one notebook is: its source, its release, its tests' plan, files and limits."""

import errno
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_solution
from traitlets import Bool, TraitError
from traitlets.config import Config, Configurable

from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.grading import ready
from course.grading.cells import is_test
from course.grading.gaps import meant_in
from course.grading.limits import Limits, limits_of
from course.grading.plan.imports import calls_checks, imported, is_installed, uses_checks
from course.grading.plan.leaving import Cell, Leaving, Role, leaving
from course.grading.plan.ownership import Needs, Plan, plan
from course.grading.plan.source import graded_source
from course.grading.protocol import ApartTest, CellJob, Draw, StudentCell, TogetherTest


class ClozegradEngine(Configurable):
    """What a course's nbgrader_config.py may say of the engine."""

    leave_out_demonstrations = Bool(
        None,
        allow_none=True,
        help="Whether demonstrations are not run on which no point depends (by default: in lessons of `course build`).",
    ).tag(config=True)


@dataclass(frozen=True)
class Exam:
    """One notebook of an assignment, as the course wrote it."""

    lesson: str
    name: str
    source: NotebookNode
    release: NotebookNode | None
    files: dict[str, bytes]
    limits: Limits
    together: frozenset[str] = frozenset()  # the tests, by grade_id, that run in the student's process
    reasons: Mapping[str, str] = field(default_factory=dict)  # why, or what else calibration found, by grade_id
    tells_apart: bool = False  # whether demonstrations on which no point depends are told from the cells that count
    all_cells: bool = False  # whether they run all the same

    @cached_property
    def plan(self) -> Plan:
        """Which side owns each name that a test reads."""
        provided = [Path(name).stem for name in self.files if name.endswith(".py")]
        return plan(self.source, provided, self.release)

    @cached_property
    def for_the_boundary(self) -> bool:
        """Whether the tests are written with `course.checks`."""
        return uses_checks(self.source)

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """A folder with the course's files, for the tests' side of one submission, which may write there."""
        with tempfile.TemporaryDirectory(prefix="clozegrad-", ignore_cleanup_errors=True) as name:
            for relative, content in self.files.items():
                target = Path(name, relative)
                try:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
                except OSError as error:
                    if error.errno != errno.ENAMETOOLONG:  # the jail says that of the same file, in the verdict
                        raise
            yield Path(name)

    def make_plan(self) -> None:
        """Have the plan ready: it takes a quarter of a second, which the first submission would wait for."""
        self.plan  # noqa: B018

    def look_ahead(self) -> None:
        """Have it ready which cells count for everybody, once it is known which tests can be graded apart."""
        if self.tells_apart:
            self.doubtful  # noqa: B018

    @property
    def language(self) -> str:
        """What the notebook is written in, in small letters."""
        about = self.source.metadata
        named = (about.get("kernelspec") or {}).get("language") or (about.get("language_info") or {}).get("name")
        return str(named or "python").lower()

    @property
    def is_python(self) -> bool:
        return self.language in ("python", "python3", "ipython")

    def graded(self, together: Iterable[str], reasons: Mapping[str, str] | None = None) -> "Exam":
        """The same exam with these tests graded in the student's process."""
        exam = replace(self, together=frozenset(together), reasons=reasons or {})
        vars(exam).update({name: vars(self)[name] for name in OF_THE_TEXT if name in vars(self)})
        return exam

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """What the course's own cells import and may be an installed module: the fork server has it ready."""
        return tuple(sorted({name for name in imported(self.source) if is_installed(name.split(".")[0])}))

    @cached_property
    def tests_use_checks(self) -> bool:
        """Whether every test is written with `course.checks`, or there is none."""
        return all(calls_checks(cell.source) for cell in self.source.cells if is_test(cell) and cell.source.strip())

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """Of masks and tables, what the course's own code deals in."""
        return tuple(sorted(meant_in((cell.source for cell in self.source.cells), self.modules)))

    @cached_property
    def _apart(self) -> Mapping[str, Needs]:
        return self.plan.apart(self.together)

    @cached_property
    def _drawing(self) -> dict[int, Draw]:
        """The source's cells whose draws a test that is graded apart needs as the student's side makes them."""
        cells = sorted({cell for needs in self._apart.values() for cell in needs.draws})
        return {cell: Draw(cell, cell in self.plan.follows) for cell in cells}

    def leaving(self, notebook: NotebookNode) -> Leaving:
        """Which cells of a notebook of this exam count, and which demonstrations stay out, by their places in it."""
        places = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        if not self.tells_apart:
            return Leaving(frozenset(places))
        found = leaving([self._as_read(place, notebook.cells[place]) for place in places], self.doubtful)
        return Leaving(
            frozenset(places[at] for at in found.counting),
            frozenset() if self.all_cells else frozenset(places[at] for at in found.left_out),
            {places[at]: reason for at, reason in found.reasons.items()},
        )

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The texts of the cells on which points may depend in the course's own notebook: they count for everybody."""
        cells = [self._as_read(place, cell) for place, cell in enumerate(self.source.cells) if cell.cell_type == "code"]
        return frozenset(cells[place].source for place in leaving(cells).counting)

    def _as_read(self, place: int, cell: NotebookNode) -> Cell:
        """A cell as `leaving` looks at it: of a test, what it has to do with the student's side."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {place + 1}"
        if is_test(cell) and name in self.together:
            return Cell("test", name, cell.source)
        if is_test(cell):
            needs = self._apart[name]
            return Cell("test", name, needs.gives, needs.rebinds.union(needs.fetch), frozenset(needs.reads))
        if is_solution(cell):
            return Cell("answer", name, cell.source)
        if cell.metadata.get("nbgrader"):
            return Cell("set-up", name, cell.source)
        draw = self._draw_of(cell)
        role: Role = "demonstration" if cell.source.strip() in self._demonstrations else "own"
        return Cell(role, name, cell.source, draws=draw is not None, follows=draw is not None and draw.follows)

    @cached_property
    def _demonstrations(self) -> frozenset[str]:
        """The texts of the course's cells that students got as they stand, and may change."""
        books = [self.source, *([self.release] if self.release is not None else [])]
        texts = [{cell.source.strip() for cell in book.cells if not cell.metadata.get("nbgrader")} for book in books]
        return frozenset(set.intersection(*texts))

    @cached_property
    def _drawing_by_key(self) -> dict[str, Draw]:
        return {key: draw for index, draw in self._drawing.items() for key in _keys(self.source.cells[index])}

    def _draw_of(self, cell: NotebookNode) -> Draw | None:
        """Of a cell of a submission, that of the source's cell which it is: by grade_id, else by its text or its id."""
        keys = _keys(cell)
        return next((self._drawing_by_key[key] for key in keys if key in self._drawing_by_key), None)

    def cell_job(self, index: int, cell: NotebookNode, *, counts: bool = True) -> CellJob:
        """What the examiner is to do with one code cell of a repaired submission."""
        if not is_test(cell):
            return StudentCell(index, cell.source, self._draw_of(cell) if counts else None, aside=not counts)
        meta = cell.metadata["nbgrader"]
        points = float(meta["points"])
        if meta["grade_id"] in self.together:
            return TogetherTest(index, cell.source, points)
        needs = self._apart[meta["grade_id"]]
        return ApartTest(
            index,
            cell.source,
            points,
            prepare=tuple(zip(needs.prepared_in, needs.prepare, strict=True)),
            draws=tuple(draw for draw in self._drawing.values() if draw.cell in needs.prepared_in),
            needs=tuple(sorted(needs.needs)),
            fetch=needs.fetch,
            rebinds=tuple(sorted(needs.rebinds)),
            gives="" if self.for_the_boundary else needs.gives,
            members=tuple(sorted(needs.members)),
            problem=needs.problem,
            made=ready.made(cell.source),
        )


# What an exam finds out from the text of its notebook, whichever tests are graded apart.
OF_THE_TEXT = ("plan", "modules", "gaps", "tests_use_checks")


def _keys(cell: NotebookNode) -> list[str]:
    """By what a cell is known again."""
    if grade_id := cell.metadata.get("nbgrader", {}).get("grade_id"):
        return [f"grade_id {grade_id}"]
    return [f"text {cell.source.strip()}", *([f"id {cell.id}"] if cell.get("id") else [])]


def exams_of(
    folder: CourseFolder, lesson: str, config: Mapping[str, Any] | None = None, *, all_cells: bool = False
) -> list[Exam]:
    """The notebooks of an assignment; CourseError when it has no source.

    Args:
        config: the course's configuration, where that is more than nbgrader_config.py, as on nbgrader's command line.
        all_cells: whether demonstrations run on which no point depends.
    """
    paths = notebooks_of(folder, lesson)
    files = {
        path.relative_to(folder.source / lesson).as_posix(): path.read_bytes() for path in data_files(paths[0].parent)
    }
    exams = [_exam(folder, lesson, path, files, config or folder.config) for path in paths]
    return [replace(exam, all_cells=all_cells) for exam in exams]


def _exam(folder: CourseFolder, lesson: str, path: Path, files: dict[str, bytes], config: Mapping[str, Any]) -> Exam:
    source = graded_source(folder, lesson, path)
    release = folder.release / lesson / path.name
    return Exam(
        lesson=lesson,
        name=path.stem,
        source=source,
        release=_read(release) if release.is_file() else None,
        files=files,
        limits=limits_of(source, path, config, plain_tests=not uses_checks(source)),
        tells_apart=_tells_apart(source, config),
    )


def _tells_apart(source: NotebookNode, config: Mapping[str, Any]) -> bool:
    """Whether demonstrations are left out: where the course says so, or else where `course build` made the notebook."""
    try:
        chosen = ClozegradEngine(config=Config(config)).leave_out_demonstrations
    except TraitError as error:
        raise CourseError(f"nbgrader_config.py: {error}") from error
    return uses_checks(source) if chosen is None else bool(chosen)


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise CourseError(f"{path} is not a readable notebook: {error}") from error


def data_files(folder: Path) -> Iterator[Path]:
    """The files beside the notebooks of a source folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".ipynb" and not any(part.startswith(".") for part in path.parts[-2:]):
            yield path
