"""Where servers listen: a folder that is this user's alone, held open while it is used, so that nobody can swap it.

A folder that belongs to somebody else, that others may enter, or that is a link is refused, and so is a peer of another
user on either side. Against the same user there is no protection: who has your rights needs no socket.
"""

import contextlib
import fcntl
import os
import re
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = "clozegrad"
CACHE_FOLDER = "clozegrad-engines"
_SOCKET = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{16}\.sock")
_CREDENTIALS = struct.Struct("3i")
_BACKLOG = 64


class Unfit(Exception):
    """There is no place that is safe to use here, and why."""


def works_here() -> bool:
    """Whether this system has what a server rests on: /proc, pidfds and the kernel's word on who a peer is."""
    return sys.platform.startswith("linux") and hasattr(os, "pidfd_open") and hasattr(socket, "SO_PEERCRED")


def path() -> Path:
    """The folder: in XDG_RUNTIME_DIR where there is one, else in the user's cache."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/") and os.path.isdir(runtime):
        return Path(runtime, FOLDER)
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache.startswith("/") else Path.home() / ".cache") / CACHE_FOLDER


class Place:
    """The folder, open; Unfit when it is not this user's alone, FileNotFoundError when there is none."""

    def __init__(self, *, make: bool = False) -> None:
        if not works_here():
            raise Unfit("a warm engine needs Linux")
        self.path = path()
        if make:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileExistsError):
                    self.path.mkdir(mode=0o700)
            except OSError as error:
                raise Unfit(f"{self.path} cannot be made: {error.strerror}") from error
        try:
            self._folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Unfit(f"{self.path} is not a folder of its own: {error.strerror}") from error
        about = os.fstat(self._folder)
        if about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
            self.close()
            raise Unfit(f"{self.path} is accessible to others; remove it, or set its mode to 0700")

    def close(self) -> None:
        os.close(self._folder)

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self) -> list[str]:
        """The names under which servers listen, or did."""
        return sorted(found.removesuffix(".sock") for found in os.listdir(self._folder) if _SOCKET.fullmatch(found))

    def connect(self, name: str, wait_s: float) -> socket.socket:
        """A line to the server of that name, each answer of which is awaited so long.

        OSError when none is there, Unfit when somebody else answers.
        """
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(wait_s)
            line.connect(self._inside(f"{name}.sock"))
            if not is_own(line):
                raise Unfit("the engine's socket is answered by another user")
        except BaseException:
            line.close()
            raise
        return line

    @contextlib.contextmanager
    def listening(self, name: str) -> Iterator[socket.socket | None]:
        """The socket on which servers of that name are asked; None when another one has it.

        What a server that was killed has left is replaced.
        """
        lock = os.open(self._inside(f"{name}.lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        owner = os.getpid()
        try:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # it ends with this process, and no fork inherits it
            except OSError:
                yield None
                return
            address = self._inside(f"{name}.sock")
            with contextlib.suppress(FileNotFoundError):
                os.unlink(address)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                listener.listen(_BACKLOG)
                try:
                    yield listener
                finally:
                    if os.getpid() == owner:
                        with contextlib.suppress(FileNotFoundError):
                            os.unlink(address)
        finally:
            if os.getpid() == owner:
                os.close(lock)

    def log(self, name: str) -> int:
        """A new file for what a server in the background has to say."""
        return os.open(self._inside(f"{name}.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)

    def _inside(self, name: str) -> str:
        return f"/proc/self/fd/{self._folder}/{name}"


def is_own(line: socket.socket) -> bool:
    """Whether the process at the other end is this user's."""
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    return bool(user == os.geteuid())
