"""`course new`: a small lesson that builds and passes as it is, to be written over."""

import re
from importlib.resources import files
from pathlib import Path

from course.errors import CourseError
from course.folder import CourseFolder

TEMPLATES = {
    "lesson.py": "lesson.py.template",
    "answers/lesson.py": "answers.py.template",
    "cards.yaml": "cards.yaml.template",
}


def new_lesson(folder: CourseFolder, name: str) -> Path:
    """The path of a new lessons/NAME/lesson.py; CourseError for a bad name or one that is taken."""
    match = re.fullmatch(r"\d\d_(?P<topic>[a-z0-9]+(?:_[a-z0-9]+)*)", name)
    if match is None:
        raise CourseError(f"bad lesson name `{name}`: two digits, _, then small letters and digits, such as 05_sgd")
    target = folder.lessons / name
    if target.exists():
        raise CourseError(f"{target} already exists: choose another name")
    title = match["topic"].replace("_", " ").capitalize()
    for file, template in TEMPLATES.items():
        text = files("course.authoring").joinpath(template).read_text("utf-8")
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text.replace("TITLE", title), "utf-8")
    return target / "lesson.py"
