"""The gradebook's database: one short transaction at a time, made at first use just as nbgrader makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from nbgrader.api import Base, Course
from nbgrader.dbutil import _temp_alembic_ini
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from course.errors import CourseError
from course.folder import CourseFolder

WAIT_S = 30.0  # for another process that writes, formgrader say


@contextmanager
def transaction(folder: CourseFolder, *, prepare: bool = False) -> Iterator[Session]:
    """A session whose changes are all written at its end, or none of them; CourseError when the database refuses.

    With `prepare`, tables, version and course are made where they are missing.
    """
    url = folder.db_url
    try:
        engine = _engine(url)
        if prepare:
            _prepare(engine, str(folder.coursedir().course_id))
        with Session(engine, future=True) as db:
            if engine.dialect.name == "sqlite":
                db.execute(text("BEGIN IMMEDIATE"))
            yield db
            db.commit()
    except SQLAlchemyError as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        held = " (another program has it open: close that, and run this again)" if "locked" in str(reason) else ""
        raise CourseError(f"the gradebook {engine_name(url)} cannot be written: {reason}{held}") from error


def engine_name(url: str) -> str:
    """A database address without its password."""
    return make_url(url).render_as_string(hide_password=True)


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """The engine keeps compiled queries but no connection: the file may be replaced at any time."""
    options = {"timeout": WAIT_S} if url.startswith("sqlite") else {}
    return create_engine(url, future=True, poolclass=NullPool, connect_args=options)


def _prepare(engine: Engine, course_id: str) -> None:
    tables = set(inspect(engine).get_table_names())
    if not set(Base.metadata.tables) <= tables:
        Base.metadata.create_all(engine)
    with Session(engine, future=True) as db:
        if not tables:
            db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            db.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": _newest_version()})
        if db.get(Course, course_id) is None:
            db.add(Course(id=course_id))
        db.commit()


def _newest_version() -> str:
    """nbgrader's newest database version (it asks the alembic command, which need not be on the path)."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    with _temp_alembic_ini("sqlite://") as ini:
        return str(ScriptDirectory.from_config(Config(ini)).get_current_head())
