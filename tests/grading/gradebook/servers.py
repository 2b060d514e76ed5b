"""A PostgreSQL server of the tests' own, on a free port, with a password; skips where the programs cannot be had."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "not a secret"
_DEBIAN = "/usr/lib/postgresql"


class Server:
    """A server that can be stopped and started again."""

    def __init__(self, programs: Path, place: Path, who: str | None) -> None:
        self._programs, self._data, self._who = programs, place / "data", who
        self.port = _free_port()
        secret = place / "password"
        secret.write_text(PASSWORD)
        if who:
            for path in (place, secret):
                shutil.chown(path, who)
        self._run("initdb", "-U", "course", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")
        self.start()

    def _run(self, program: str, *options: str) -> None:
        how: dict[str, Any] = {"user": self._who} if self._who else {}
        command = [self._programs / program, "-D", self._data, *options]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **how)

    def start(self) -> None:
        settings = f"-p {self.port} -k {self._data} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-l", str(self._data / "log"), "-o", settings)

    def stop(self, how: str = "immediate") -> None:
        """As a crash; `how` is pg_ctl's mode."""
        self._run("pg_ctl", "stop", "-w", "-m", how)

    def url(self, name: str = "postgres", password: str = PASSWORD) -> str:
        """The address of a database."""
        secret = password.replace(" ", "%20")
        return f"postgresql+psycopg://course:{secret}@127.0.0.1:{self.port}/{name}"

    def make(self, name: str) -> str:
        """A new database; its address."""
        psycopg = pytest.importorskip("psycopg")
        address = self.url().replace("+psycopg", "")
        with contextlib.closing(psycopg.connect(address, autocommit=True)) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server; the test is skipped where it cannot be had."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'clozegrad[postgres]'")
    programs = _programs()
    who = _other_user() if os.geteuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = Server(programs, place, who)
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):  # it has been stopped
                server.stop()
    finally:
        shutil.rmtree(place)


def _programs() -> Path:
    places = [*sorted(Path(_DEBIAN).glob("*/bin"), reverse=True), *map(Path, os.environ.get("PATH", "").split(":"))]
    for place in places:
        if (place / "initdb").is_file() and (place / "pg_ctl").is_file():
            return place
    pytest.skip("no PostgreSQL server here: apt-get install postgresql")


def _other_user() -> str:
    """PostgreSQL does not run as root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
