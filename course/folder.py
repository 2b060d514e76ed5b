"""A course folder: where lessons, notebooks, submissions and the gradebook of one course lie."""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import CourseError

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

CONFIG_NAME = "nbgrader_config.py"
SECRET_NAME = ".course_secret"
_STUDENTS_FOLDERS = {
    "submitted",
    "autograded",
    "feedback",
    "downloaded",
    "exchange",
    "inbound",
    "collected",
}  # the last is ours, the others as nbgrader names them


@dataclass(frozen=True)
class CourseFolder:
    """One nbgrader course on disk; any folder with an `nbgrader_config.py` is one.

    `settings` are those that a command of nbgrader's runs with, which may come from files elsewhere and from options;
    without them, the folder's own file counts.
    """

    root: Path
    settings: "Config | None" = field(default=None, compare=False)
    gradebook: str | None = None  # an address in place of the configured one

    @classmethod
    def find(cls, start: Path | None = None) -> "CourseFolder":
        """The course folder that holds `start` (default: the current folder); CourseError when there is none.

        What was handed in is not a course, whatever lies in it: its configuration, which is code, is never run.
        """
        here = (start or Path.cwd()).resolve()
        found: CourseFolder | None = None
        for folder in reversed((here, *here.parents)):
            if (folder / CONFIG_NAME).is_file() and not (found and found._holds_as_handed_in(folder)):
                found = cls(folder)
        if found is not None:
            return found
        raise CourseError(
            f"{here} is not in a course folder: no {CONFIG_NAME} here or above. "
            "Change to the course folder, or name it with --course."
        )

    @contextlib.contextmanager
    def stood_in(self) -> Iterator[None]:
        """Stand in the course folder, as whoever runs nbgrader does: its plug-ins and autotests.yml are found there."""
        before, root = Path.cwd(), str(self.root)
        os.chdir(root)
        with self.importable():
            try:
                yield
            finally:
                os.chdir(before)

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """Let modules beside nbgrader_config.py be imported, such as the course's plug-ins."""
        root = str(self.root)
        sys.path.insert(0, root)
        try:
            yield
        finally:
            if root in sys.path:
                sys.path.remove(root)

    @cached_property
    def config(self) -> "Config":
        """What the course's nbgrader_config.py sets; CourseError when that file does not run."""
        if self.settings is not None:
            return self.settings
        from traitlets.config.loader import PyFileConfigLoader

        try:
            with self.importable():
                return PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()
        except Exception as error:
            raise CourseError(f"{self.root / CONFIG_NAME} does not run: {type(error).__name__}: {error}") from error

    def coursedir(self) -> "CourseDirectory":
        """nbgrader's own view of this folder, with its configuration applied."""
        from nbgrader.coursedir import CourseDirectory

        directory = CourseDirectory(config=self.config)
        if not directory.root or "root" not in self.config.get("CourseDirectory", {}):
            directory.root = str(self.root)
        return directory

    @cached_property
    def _directory(self) -> "CourseDirectory":
        return self.coursedir()

    @property
    def lessons(self) -> Path:
        return self.root / "lessons"

    @property
    def source(self) -> Path:
        return self._nbgrader_folder("source_directory")

    @property
    def release(self) -> Path:
        return self._nbgrader_folder("release_directory")

    @property
    def selfstudy(self) -> Path:
        return self.root / "selfstudy"

    @property
    def submitted(self) -> Path:
        return self._nbgrader_folder("submitted_directory")

    @property
    def autograded(self) -> Path:
        return self._nbgrader_folder("autograded_directory")

    @property
    def feedback(self) -> Path:
        return self._nbgrader_folder("feedback_directory")

    @property
    def collected(self) -> Path:
        return self.root / "collected"

    @property
    def review(self) -> Path:
        return self.root / "review"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def traces(self) -> Path:
        return self.root / "traces"

    @property
    def db_url(self) -> str:
        """The gradebook's SQLAlchemy address."""
        return self.gradebook or str(self._directory.db_url)

    def keeping_scores_in(self, url: str | None) -> "CourseFolder":
        """The same course with the gradebook at this address; None: where the configuration says."""
        return replace(self, gradebook=url) if url else self

    @property
    def repository(self) -> str | None:
        """The `owner/name` slug that Colab badges point to; None when the course has not set one."""
        chosen = os.environ.get("CLOZEGRAD_REPOSITORY") or self._settings().get("repository")
        return str(chosen) if chosen else None

    def lesson_names(self) -> list[str]:
        """The lessons written here, in order: the folders of `lessons/` that hold a lesson.py or chapters."""
        return sorted(path.name for path in self.lessons.glob("*/") if lesson_files(path))

    def seed(self, student: str, lesson: str) -> str:
        """What a student's random test inputs are drawn from: unknown to students, the same at every regrade."""
        return hmac.new(self._secret(), f"{student}\0{lesson}".encode(), hashlib.sha256).hexdigest()

    def seal(self, text: bytes) -> str:
        """A mark that only this course can put under a text."""
        return hmac.new(self._secret(), text, hashlib.sha256).hexdigest()

    def _holds_as_handed_in(self, path: Path) -> bool:
        """Whether a folder lies where students' files do: those that were sent, collected, graded or returned."""
        if _STUDENTS_FOLDERS.intersection(path.relative_to(self.root).parts):
            return True
        with contextlib.suppress(CourseError):  # it does not run; whoever means that course will be told
            return any(path.is_relative_to(place.resolve()) for place in self._students_folders())
        return False

    def _students_folders(self) -> Iterator[Path]:
        yield from (self.submitted, self.autograded, self.feedback)
        for section, name in (("ZipCollectApp", "downloaded_directory"), ("Exchange", "root"), ("Exchange", "cache")):
            if chosen := self.config.get(section, {}).get(name):
                yield self.root / str(chosen)

    def _nbgrader_folder(self, trait: str) -> Path:
        return self.root / str(getattr(self._directory, trait))

    def _settings(self) -> dict[str, object]:
        import tomllib

        path = self.root / "pyproject.toml"
        if not path.is_file():
            return {}
        try:
            return dict(tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("clozegrad", {}))
        except tomllib.TOMLDecodeError as error:
            raise CourseError(f"{path} is not valid TOML: {error}") from error

    def _secret(self) -> bytes:
        """The course secret, made at first use; only the owner of the folder can read it."""
        path = self.root / SECRET_NAME
        if not path.exists():
            # Written aside and linked into place: of several that start at once, one wins and none reads half of it.
            handle, made = tempfile.mkstemp(dir=self.root, prefix=SECRET_NAME)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_hex(32).encode())
            with contextlib.suppress(FileExistsError):
                os.link(made, path)
            os.unlink(made)
        if not (kept := path.read_bytes().strip()):
            raise CourseError(f"{path} is empty: delete it, and a new secret is made")
        return kept


def lesson_files(folder: Path) -> tuple[Path, ...]:
    """What a lesson's folder holds for its notebook, in order: lesson.py, then chapters such as `2_line.py`."""
    chapters = [path for path in folder.glob("*.py") if re.fullmatch(r"\d+_\w+", path.stem)]
    chapters.sort(key=lambda path: (int(path.stem.partition("_")[0]), path.stem))
    whole = folder / "lesson.py"
    return (whole, *chapters) if whole.is_file() else tuple(chapters)


def notebooks_of(folder: CourseFolder, lesson: str) -> list[Path]:
    """The source notebooks of an assignment; CourseError, which names those that there are, when it has none."""
    paths = sorted((folder.source / lesson).glob("*.ipynb")) if lesson == Path(lesson).name != ".." else []
    if not paths:
        known = sorted({path.parent.name for path in folder.source.glob("*/*.ipynb")})
        raise CourseError(
            f"{folder.source / lesson} holds no notebook. "
            + (f"Lessons here: {', '.join(known)}." if known else "Run `course build` first.")
        )
    return paths
