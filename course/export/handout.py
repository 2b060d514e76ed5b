"""`course export lesson`: what students get, as one zip file: the released lesson, and the package that it needs."""

import io
import zipfile
from importlib.resources import files
from pathlib import Path

from course.errors import CourseError
from course.export import package
from course.export.files import Exported, shown_as
from course.folder import CourseFolder
from course.whole import write_whole

_README = "README.txt"


def write_handout(folder: CourseFolder, lesson: str, out: Path | None = None) -> Exported:
    """Write the zip file; CourseError when the lesson is not built, or clozegrad is no checkout."""
    released = folder.release / lesson
    if not (released / f"{lesson}.ipynb").is_file():
        raise CourseError(f"{released / lesson}.ipynb is missing: run `course build {lesson}` first")
    wheel, code = package.wheel()
    text = files("course.export").joinpath("templates", _README).read_text("utf-8")
    members = dict(package.below(released, lesson))
    members[f"{lesson}/{wheel}"] = code
    members[f"{lesson}/{_README}"] = text.replace("@LESSON@", lesson).replace("@WHEEL@", wheel).encode()
    path = out or folder.exports / f"{lesson}.zip"
    write_whole(path, _zip(members))
    return Exported(path, shown_as(folder, path), "for your students: the lesson, and the package that it needs")


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in sorted(members.items()):
            entry = zipfile.ZipInfo(name, package.MADE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()
