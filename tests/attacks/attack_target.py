"""What an attack may wish for: a course folder with secrets, services, a victim; all owned by the grader's user."""

import contextlib
import ctypes
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.attacks.ordinary import NOBODY

MARK = "the-hidden-answer"


@contextlib.contextmanager
def attack_target(user: str) -> Iterator[dict[str, Any]]:
    """Names for the attacks' code; everything is there for real, so that an attack outside a jail succeeds."""
    folder = Path(tempfile.mkdtemp(prefix="course-"))
    shared = Path("/dev/shm", f"grader-{folder.name}")
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(shared.unlink, missing_ok=True)
        _write_course(folder)
        shared.write_text(MARK)
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagrams.bind(("127.0.0.1", 0))
        named = stack.enter_context(socket.socket(socket.AF_UNIX))
        named.bind(str(folder / "service.sock"))
        named.listen()
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(f"\0{folder.name}")
        abstract.listen()
        logs = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        logs.bind(str(folder / "log.sock"))
        segment = stack.enter_context(_segment())
        as_other = user == "ordinary" and os.geteuid() == 0
        victim = stack.enter_context(_victim(NOBODY if as_other else None))
        if as_other:
            _give_away(folder, shared)
        yield {
            "folder": str(folder),
            "shared": str(shared),
            "port": listener.getsockname()[1],
            "datagram_port": datagrams.getsockname()[1],
            "abstract": f"\0{folder.name}",
            "victim": victim,
            "segment": segment,
            "mark": MARK,
            "python": sys.prefix,
        }


def _write_course(folder: Path) -> None:
    for name in ("source/ps1/ps1.ipynb", "submitted/alice/ps1/ps1.ipynb", "home/.ssh/id_ed25519", ".course_secret"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(MARK)
        (folder / name).chmod(0o600)
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as database:
        database.execute("create table grade (mark text)")
        database.execute("insert into grade values (?)", (MARK,))
        database.commit()
    shutil.copy("/usr/bin/id", folder / "setuid-id")
    (folder / "setuid-id").chmod(0o4755)


def _give_away(folder: Path, shared: Path) -> None:
    for path in (folder, *folder.rglob("*"), shared):
        if path.name != "setuid-id":
            os.chown(path, NOBODY, NOBODY)
    os.chmod(folder, 0o755)


@contextlib.contextmanager
def _victim(uid: int | None) -> Iterator[int]:
    environment = {"SECRET": MARK, "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(["sleep", "600"], env=environment, user=uid, group=uid, extra_groups=[] if uid else None)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _segment() -> Iterator[int]:
    """The number of a System V shared memory segment that everybody may read."""
    libc = ctypes.CDLL(None)
    number = libc.shmget(0, 4096, 0o1666)
    try:
        yield number
    finally:
        libc.shmctl(number, 0, None)
