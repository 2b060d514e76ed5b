"""One lesson from lesson.py to source/ and release/, or to selfstudy/: read, verify, build in scratch, scan, move."""

import filecmp
import os
import shutil
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal, get_args

from course.authoring import leaks, lessonmap, notebook, release, selfstudy, verify
from course.authoring.lesson import Lesson, read
from course.authoring.problems import LessonError, Problem
from course.errors import CourseError
from course.folder import CourseFolder

Edition = Literal["class", "self-study"]


@dataclass(frozen=True)
class Outcome:
    """What became of one lesson; `files` are those that were written, or that a check would have written."""

    name: str
    exercises: int
    points: float
    files: tuple[str, ...]

    def __str__(self) -> str:
        files = f"wrote {', '.join(self.files)}" if self.files else "nothing to do"
        exercises = f"{self.exercises} exercise{'s' if self.exercises != 1 else ''}"
        return f"{self.name}: {exercises}, {self.points:g} points; {files}"


def edition_of(name: str) -> Edition:
    """The edition of this name; CourseError when there is none."""
    for known in get_args(Edition):
        if known == name:
            return known
    raise CourseError(f"there is no edition `{name}`: there is {' and '.join(get_args(Edition))}")


def build(
    folder: CourseFolder, names: list[str] | None = None, check: bool = False, edition: Edition = "class"
) -> list[Outcome]:
    """Build the lessons (default: all) and say what changed; with `check` nothing is written.

    A lesson with mistakes keeps its old notebooks and stops no other lesson. The edition for classes is source/ and
    release/; the one for self-study is selfstudy/, and leaves those two alone.

    Raises:
        LessonError: every mistake of every lesson, after the others are built.
        CourseError: with `check`, the files that are out of date, and what in release/ students must not get.
    """
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    chosen = _chosen(folder, names)
    for name in chosen:
        try:
            outcomes.append(_build(folder, name, check, edition))
        except LessonError as error:
            problems += error.problems
    if problems:
        raise LessonError(problems)
    if check:
        _fail_when_stale(folder, chosen, outcomes, edition, everything=not names)
    return outcomes


def _fail_when_stale(
    folder: CourseFolder, names: list[str], outcomes: list[Outcome], edition: Edition, everything: bool
) -> None:
    option = "" if edition == "class" else f" --edition {edition}"
    lines = [
        f"{file} is out of date: run `course build {each.name}{option}`" for each in outcomes for file in each.files
    ]
    found = leaks.scan(folder) if edition == "class" else []  # a notebook for self-study is scanned as it is made
    lines += [str(leak) for leak in found if everything or leak.path.parts[1] in names]
    if lines:
        raise CourseError("\n".join(lines))


def _chosen(folder: CourseFolder, names: list[str] | None) -> list[str]:
    known = folder.lesson_names()
    if not known:
        raise CourseError(f"{folder.lessons} holds no lesson: make one with `course new 01_topic`")
    # A path is as good as a name: a shell completes `lessons/04_x/`.
    chosen = [Path(name).name for name in names or []]
    for name in chosen:
        if name not in known:
            raise CourseError(f"no lesson `{name}` in {folder.lessons}: there is {', '.join(known)}")
    return list(dict.fromkeys(chosen or known))


def _build(folder: CourseFolder, name: str, check: bool, edition: Edition) -> Outcome:
    lesson = read(folder.lessons / name)
    cache = folder.root / ".cache"
    cache.mkdir(exist_ok=True)
    problems = leaks.given_away(lesson) or verify.verify(lesson, cache)
    if problems:
        raise LessonError(problems)
    with tempfile.TemporaryDirectory(prefix="build-", dir=cache) as made:
        scratch = Path(made).resolve()
        fresh = [(_source(folder, lesson, scratch), folder.source / name)]
        fresh.append((release.generate(folder, lesson.path, scratch), folder.release / name))
        _nothing_leaks(lesson, leaks.scan_release(fresh[1][0].parent, {name: lesson}, fresh[0][0].parent))
        if edition == "self-study":
            own = selfstudy.generate(lesson, fresh[1][0], scratch / "selfstudy" / name)
            _nothing_leaks(lesson, selfstudy.scan(lesson, own, fresh[0][0].parent))
            fresh = [(own, folder.selfstudy / name)]
        ignored = [str(pattern) for pattern in folder.coursedir().ignore]
        _nothing_else_there(lesson, fresh, ignored)
        changed = [(new, old) for pair in fresh for new, old in _changed(*pair)]
        files = tuple(old.relative_to(folder.root).as_posix() for _, old in changed)
        if not check:
            for new, old in changed:
                old.parent.mkdir(parents=True, exist_ok=True)
                os.replace(new, old)
    return Outcome(name, len(lesson.exercises), lesson.points, files)


def _source(folder: CourseFolder, lesson: Lesson, scratch: Path) -> Path:
    """Write source/NAME of a scratch course."""
    target = scratch / folder.source.relative_to(folder.root) / lesson.name
    target.mkdir(parents=True)
    way = lessonmap.way(lessonmap.read_map(folder.lessons), lesson)
    text = notebook.write(notebook.source_notebook(lesson, folder.repository, way))
    (target / f"{lesson.name}.ipynb").write_text(text, "utf-8")
    for path in lesson.data:
        copy = target / path.relative_to(lesson.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


def _nothing_leaks(lesson: Lesson, found: list[leaks.Leak]) -> None:
    if found:
        raise LessonError([Problem(lesson.path, 1, f"students would see it: {leak}") for leak in found])


def _nothing_else_there(lesson: Lesson, fresh: list[tuple[Path, Path]], ignored: list[str]) -> None:
    """Raise for files beside the built ones: nbgrader would hand them to students; they are not ours to delete."""
    extra = [
        path
        for new, old in fresh
        for path in sorted(old.rglob("*"))
        if path.is_file()
        and not (new / path.relative_to(old)).is_file()
        and not _ignored(path.relative_to(old), ignored)
    ]
    if extra:
        home = f"lessons/{lesson.name}/data/"
        say = f"comes from no lesson: delete it, or move it to {home} if students need it"
        raise LessonError([Problem(lesson.path, 1, f"{'/'.join(path.parts[-3:])} {say}") for path in extra])


def _ignored(path: Path, patterns: list[str]) -> bool:
    return any(fnmatch(part, pattern) for part in path.parts for pattern in patterns)


def _changed(new: Path, old: Path) -> list[tuple[Path, Path]]:
    """The files of a built folder that are not the same in place, each with its place."""
    pairs = [(path, old / path.relative_to(new)) for path in sorted(new.rglob("*")) if path.is_file()]
    return [
        (path, place) for path, place in pairs if not place.is_file() or not filecmp.cmp(path, place, shallow=False)
    ]
