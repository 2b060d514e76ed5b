"""`course export gradescope`: the zip file of an autograder, with the lesson, its tests, and clozegrad itself."""

import io
import json
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from course.errors import CourseError
from course.export.autograder import CLASS, SETTINGS
from course.export.files import PRIVATE, Exported, shown_as
from course.export.package import MADE, below, checkout
from course.export.results import VISIBILITIES
from course.folder import CONFIG_NAME, SECRET_NAME, CourseFolder, notebooks_of
from course.whole import write_whole

_SCRIPTS = ("setup.sh", "run_autograder")


def write_gradescope(
    folder: CourseFolder,
    lesson: str,
    out: Path | None = None,
    hidden: str = VISIBILITIES[0],
    *,
    without_jail: bool = False,
) -> Exported:
    """Write the autograder of a lesson; CourseError when the lesson is not built, or clozegrad is no checkout.

    Args:
        hidden: when students may see how hidden tests came out.
        without_jail: grade also where the container has none; then students' code can read the tests.
    """
    if hidden not in VISIBILITIES:
        raise CourseError(f"--hidden {hidden} is none of {', '.join(VISIBILITIES)}")
    settings = {"lesson": lesson, "hidden": hidden, "without_jail": without_jail}
    path = out or folder.exports / f"{lesson}.gradescope.zip"
    data = _zip(folder, lesson, settings)
    write_whole(path, data, PRIVATE)
    what = f"{len(data) / 2**20:.1f} MB; it contains the hidden tests: upload it, and give it to nobody"
    return Exported(path, shown_as(folder, path), what)


def _zip(folder: CourseFolder, lesson: str, settings: dict[str, object]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(_members(folder, lesson)):
            entry = zipfile.ZipInfo(name, MADE)
            entry.external_attr = (0o755 if name in _SCRIPTS else 0o644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(SETTINGS, MADE), json.dumps(settings))
    return made.getvalue()


def _members(folder: CourseFolder, lesson: str) -> Iterator[tuple[str, bytes]]:
    notebooks_of(folder, lesson)  # or there is no such lesson
    for name in _SCRIPTS:
        yield name, files("course.export").joinpath("templates", name).read_bytes()
    yield f"{CLASS}/{CONFIG_NAME}", (folder.root / CONFIG_NAME).read_bytes()
    # Another secret than the course's, always the same: every submission of a student is tested with the same data.
    yield f"{CLASS}/{SECRET_NAME}", folder.seed("gradescope", lesson).encode()
    for part in (folder.source, folder.release):
        yield from below(part / lesson, f"{CLASS}/{part.name}/{lesson}")
    for name, data in checkout():
        yield f"package/{name}", data
