"""The gradebook's database: one short transaction at a time, made at first use just as nbgrader makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader.api import Base, Course
from nbgrader.dbutil import _temp_alembic_ini
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from course.errors import CourseError
from course.folder import CourseFolder

WAIT_S = 30.0  # for another process that writes, formgrader say
_CONNECT_S, _SILENCE_S = 10, 60  # for a server to answer, and for a network that carries nothing any more
_LOCK = 0x636C6F7A65  # of PostgreSQL: whoever writes here holds it, as BEGIN IMMEDIATE holds a file of SQLite's
_START = "start it and run this again: what is graded so far is kept"
_RIGHTS = "give that user the right to, and run this again"
_COPY = "put a copy of it back, or move it away: a new one is made, without what people entered"
_WAYS_OUT = {
    "locked": "another program has it open: close that, and run this again",
    "lock timeout": "another program has it open: close that, and run this again",
    "readonly": "it or its folder may not be written: change that, and run this again",
    "read-only": "it may not be written: change that, and run this again",
    "unable to open": "its folder is not there or may not be written: change that, and run this again",
    "full": "make room, and run this again: what is graded so far is kept",
    "No space left": "make room on the server, and run this again: what is graded so far is kept",
    "I/O error": "its disk has a fault or no room: see to that, and run this again",
    "malformed": _COPY,
    "not a database": _COPY,
    "no password supplied": "put user and password into its address, or the password into ~/.pgpass",
    "password": "put the right user and password into its address",
    "resolve host": "put the right host into its address",
    "translate host": "put the right host into its address",
    'database "': "make it with `createdb`, or put the right name into the address",
    "permission denied": _RIGHTS,
    "Connection refused": f"no server listens there: {_START}",
    "timeout expired": f"no server answers there: {_START}",
    "connection timeout": f"no server answers there: {_START}",
    "server closed the connection": f"the server has gone: {_START}",
    "terminating connection": f"the server has gone: {_START}",
    "consuming input failed": f"the server has gone: {_START}",
    "starting up": "the server is about to start: run this again",
    "shutting down": f"the server is about to stop: {_START}",
    "too many": "the server has no room for another connection: close some, and run this again",
}


@contextmanager
def transaction(folder: CourseFolder, *, prepare: bool = False) -> Iterator[Session]:
    """A session whose changes are all written at its end, or none of them; CourseError when the database refuses.

    With `prepare`, tables, version and course are made where they are missing.
    """
    url = folder.db_url
    engine = _engine(url)
    try:
        if prepare:
            _prepare(engine, str(folder.coursedir().course_id))
        with _session(engine) as db:
            yield db
            db.commit()
    except SQLAlchemyError as error:
        reason = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
        way_out = next((f" ({text})" for sign, text in _WAYS_OUT.items() if sign in reason), "")
        raise CourseError(f"the gradebook {engine_name(url)} cannot be written: {reason}{way_out}") from error


def is_there(folder: CourseFolder) -> bool:
    """Whether there is a gradebook yet: its file, or its tables; CourseError when its server does not answer."""
    address = address_of(folder.db_url)
    if address.get_backend_name() == "sqlite":
        return Path(address.database or "").is_file()
    with transaction(folder) as db:
        return set(Base.metadata.tables) <= set(inspect(db.connection()).get_table_names())


def engine_name(url: str) -> str:
    """A database address without its password."""
    return str(make_url(url).render_as_string(hide_password=True))


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    """A session in a transaction that no other process writes beside."""
    with Session(engine, future=True) as db:
        if engine.dialect.name == "sqlite":
            db.execute(text("BEGIN IMMEDIATE"))
        elif engine.dialect.name == "postgresql":
            db.execute(text(f"SET LOCAL lock_timeout = '{int(WAIT_S * 1000)}ms'"))
            db.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        yield db


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """The engine keeps compiled queries but no connection: the file may be replaced, the server go, at any time."""
    address = address_of(url)
    options: dict[str, Any] = {}
    if address.get_backend_name() == "sqlite":
        options = {"timeout": WAIT_S}
    elif address.get_dialect().driver.startswith("psycopg"):
        options = {"connect_timeout": _CONNECT_S, "keepalives_idle": _SILENCE_S // 2}
        options["tcp_user_timeout"] = _SILENCE_S * 1000
    try:
        return create_engine(address, future=True, poolclass=NullPool, connect_args=options)
    except ImportError as error:
        raise CourseError(_no_driver(address.get_backend_name(), address.get_driver_name(), error)) from error


def address_of(url: str) -> Any:
    """A database address in its parts; CourseError, which does not show it, when it is none."""
    try:
        address = make_url(url)
        address.get_dialect()
    except (ArgumentError, ValueError) as error:  # it may hold a password: it is not shown
        raise CourseError(
            f"the gradebook's address cannot be understood ({type(error).__name__}): it has to be like "
            "sqlite:////folder/gradebook.db or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE; see --db, "
            "CLOZEGRAD_GRADEBOOK and c.CourseDirectory.db_url in nbgrader_config.py"
        ) from error
    except ImportError as error:
        raise CourseError(_no_driver(url.partition(":")[0].partition("+")[0], "", error)) from error
    return address


def _no_driver(backend: str, driver: str, error: ImportError) -> str:
    way_out = f"install {driver or 'its driver'}"
    if backend == "postgresql":
        way_out = "`pip install 'clozegrad[postgres]'`, and write its address as postgresql+psycopg://..."
    return f"the gradebook's database needs a package that is not installed ({error}): {way_out}"


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
