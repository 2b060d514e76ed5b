"""Which notebook a student means: what was typed, or what it is meant to be."""

from difflib import get_close_matches
from pathlib import Path

from course.errors import CourseError

ENDING = ".ipynb"


def notebook_at(given: Path) -> Path:
    """The notebook of that name, also without its ending, or the only one in that folder.

    Raises CourseError when there is none, and says which name was meant where one is alike.
    """
    if given.is_file():
        return given
    if given.is_dir():
        found = sorted(path for path in given.glob(f"*{ENDING}") if path.is_file())
        if len(found) == 1:
            return found[0]
        named = f", such as {found[0].name}" if found else f", which holds none that ends in {ENDING}"
        raise CourseError(f"{given} is a folder: name the notebook in it{named}")
    if (whole := given.with_name(given.name + ENDING)).is_file():
        return whole
    folder = given.parent
    known = [path.name for path in folder.glob(f"*{ENDING}")] if folder.is_dir() else []
    alike = get_close_matches(given.name, known, n=1)
    meant = f"; did you mean {alike[0]}?" if alike else ""
    raise CourseError(f"there is no {folder.resolve() / given.name}{meant}")
