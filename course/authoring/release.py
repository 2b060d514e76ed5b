"""nbgrader's own generate_assignment, in a scratch course with a scratch gradebook."""

import logging
from copy import deepcopy
from pathlib import Path

from course.authoring.problems import LessonError, Problem
from course.errors import CourseError
from course.folder import CourseFolder

CLEARING = "course.authoring.preprocess.ClearBlanks"


def generate(folder: CourseFolder, lesson: Path, scratch: Path) -> Path:
    """The release folder that nbgrader makes from the lesson's source/ in the scratch course.

    The real gradebook is not touched: nbgrader refuses to change cells of an assignment that has submissions.

    Raises:
        CourseError: the course's configuration does not name ClearBlanks.
        LessonError: nbgrader refuses the notebook.
    """
    from nbgrader.api import Base
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy import create_engine

    config = deepcopy(folder.config)
    if not any(_is_clearing(each) for each in config.GenerateAssignment.get("preprocessors", [])):
        raise CourseError(
            f"{folder.root / 'nbgrader_config.py'}: c.GenerateAssignment.preprocessors must hold {CLEARING} "
            "in the place of nbgrader's ClearSolutions, or students would see what `#?` blanks"
        )
    config.CourseDirectory.root = str(scratch)
    config.CourseDirectory.db_url = f"sqlite:///{scratch / 'gradebook.db'}"
    config.CourseDirectory.assignment_id = lesson.parent.name
    # With the tables there, nbgrader does not look for the `alembic` command, which is on PATH only in an active .venv.
    engine = create_engine(config.CourseDirectory.db_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    log, said = _log()
    coursedir = CourseDirectory(config=config, log=log)
    try:
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except Exception as error:
        text = next((text for text in said if text), str(error))
        raise LessonError([Problem(lesson, 1, f"nbgrader refuses the notebook: {text}")]) from error
    return Path(coursedir.format_path(coursedir.release_directory, ".", lesson.parent.name))


def _is_clearing(preprocessor: object) -> bool:
    if isinstance(preprocessor, str):
        return preprocessor == CLEARING
    return f"{getattr(preprocessor, '__module__', '')}.{getattr(preprocessor, '__qualname__', '')}" == CLEARING


def _log() -> tuple[logging.Logger, list[str]]:
    """A silent logger, and the list in which the last line of each error that it gets is kept."""
    said: list[str] = []
    log = logging.Logger("clozegrad.build", logging.ERROR)
    handler = logging.Handler()
    handler.emit = lambda record: said.append(_last_line(record.getMessage()))  # type: ignore[method-assign]
    log.addHandler(handler)
    return log, said


def _last_line(message: str) -> str:
    """The last line of a traceback; nothing of messages that only say which assignment it was."""
    if "Traceback" not in message:
        return ""
    return message.strip().splitlines()[-1]
