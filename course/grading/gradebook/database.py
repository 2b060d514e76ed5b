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
_WAYS_OUT = {
    "locked": "another program has it open: close that, and run this again",
    "readonly": "it or its folder may not be written: change that, and run this again",
    "unable to open": "its folder is not there or may not be written: change that, and run this again",
    "full": "make room, and run this again: what is graded so far is kept",
    "I/O error": "its disk has a fault or no room: see to that, and run this again",
    "malformed": "put a copy of it back, or move it away: a new one is made, without what people entered",
    "not a database": "put a copy of it back, or move it away: a new one is made, without what people entered",
}


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
        with _session(engine) as db:
            yield db
            db.commit()
    except SQLAlchemyError as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        way_out = next((f" ({text})" for sign, text in _WAYS_OUT.items() if sign in reason), "")
        raise CourseError(f"the gradebook {engine_name(url)} cannot be written: {reason}{way_out}") from error


def engine_name(url: str) -> str:
    """A database address without its password."""
    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    """A session in a transaction that no other process writes beside."""
    with Session(engine, future=True) as db:
        if engine.dialect.name == "sqlite":
            db.execute(text("BEGIN IMMEDIATE"))
        yield db


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """The engine keeps compiled queries but no connection: the file may be replaced at any time."""
    options = {"timeout": WAIT_S} if url.startswith("sqlite") else {}
    return create_engine(url, future=True, poolclass=NullPool, connect_args=options)


def _prepare(engine: Engine, course_id: str) -> None:
    with _session(engine) as db:  # of several that start at once, one makes the tables and the others find them
        tables = set(inspect(db.connection()).get_table_names())
        if not set(Base.metadata.tables) <= tables:
            Base.metadata.create_all(db.connection())
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
