"""Fork servers that fork nothing but fork servers: one for each set of modules that courses import, ready and unused.

Each is started when it is first asked for, never by what a course wrote but by the names of what it imports, and goes
when a file that it has imported changes, or when others are asked for more.
"""

import contextlib
import os
import select
import socket
import subprocess
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.grading import framing
from course.grading.jail import reaper
from course.grading.process.channel import Control
from course.grading.process.forkserver import TORCH, forkserver_environment, launch, scratch_folder
from course.grading.protocol import (
    AskEnd,
    AskImported,
    End,
    Failed,
    Fork,
    Forked,
    Imported,
    LentJob,
    Message,
    Prepare,
    Prepared,
)
from course.grading.warm.line import Borrow, Lent, Line, Refused
from course.warm import world

MOST = 3  # each with torch holds half a GB
Key = tuple[bool, tuple[str, ...]]
_ANSWER_S = 10.0  # of one that is ready, and only forks


@dataclass
class Loan:
    """Somebody who waits for a fork server."""

    borrower: Line
    owner: int  # the fork server's end of its owner's line
    complaints: int
    scratch: str
    umask: int

    def close(self) -> None:
        framing.close([self.owner, self.complaints])


@dataclass
class Template:
    """One of them."""

    key: Key
    left_out: list[str]
    waiting: list[Loan] = field(default_factory=list)
    is_ready: bool = False
    stays: bool = True  # whether nothing changed while it imported
    files: dict[str, world.Stat] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()
    lent: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start it, or start it anew; OSError where there is no room."""
        self.since_ns = time.time_ns()
        self.scratch = scratch_folder()
        ours, theirs = socket.socketpair()
        self.control = Control(ours)
        with theirs:
            self.process = launch(theirs.fileno(), self.scratch, self.left_out)
        self.control.send(Prepare(list(self.key[1])))

    def take_in(self) -> str | None:
        """Read what it says, when it does; why it is of no use, if so."""
        if self.is_ready:
            return "it has ended"
        try:
            reply = self.control.receive(_ANSWER_S)
            if isinstance(reply, Prepared) and (culprit := reply.starts_threads):
                self._start_without(culprit)
                return None
            if reply != Prepared():
                return reply.reason if isinstance(reply, Failed) else "it could not start"
            imported = self._ask(AskImported())
        except (OSError, EOFError, ValueError) as error:
            return str(error) or "it has ended"
        if isinstance(imported, Imported):
            self.imported = frozenset(imported.modules)
            self.files = {path: world.stat_of(path) for path in imported.paths}
            self.stays = world.newest(self.files) < self.since_ns
        self.is_ready = True
        return None

    def _start_without(self, culprit: str) -> None:
        self.close()
        if culprit == TORCH:  # what the course imports brings it after all
            self.left_out.remove(TORCH)
        else:
            self.left_out.append(culprit)
        self.start()

    def lend(self, loan: Loan) -> None:
        """Fork a fork server for this borrower; OSError, EOFError or ValueError when it cannot."""
        self._reap()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                reply = self._ask(Fork("lent"), [theirs.fileno(), loan.owner, loan.complaints])
            if not isinstance(reply, Forked):
                raise ValueError(getattr(reply, "reason", "it does not fork"))
            self.lent.append(reply.pid)
            Control(ours).send(LentJob(loan.scratch, loan.umask))
        handle = os.pidfd_open(reply.pid)
        with contextlib.suppress(OSError):  # a borrower who has gone: its fork server sees that
            loan.borrower.send(Lent(reply.pid), [handle])
        os.close(handle)

    def _reap(self) -> None:
        """Let those that have ended go."""
        for pid in list(self.lent):
            reply = self._ask(AskEnd(pid))
            if isinstance(reply, End) and (reply.status is not None or not reply.known):
                self.lent.remove(pid)

    def _ask(self, question: Message, files: Sequence[int] = ()) -> Message:
        self.control.send(question, files)
        return self.control.receive(_ANSWER_S)

    def equals(self, key: Key) -> bool:
        """Whether it is as one for these modules would be: it has imported all of them, and for nothing else."""
        torch, modules = key
        return self.key[0] == torch and self.imported.issuperset(modules) and set(self.key[1]).issubset(modules)

    def is_fit(self) -> bool:
        """Whether it stands, and has imported what an import would find now."""
        return self.stays and self.process.poll() is None and world.unchanged(self.files)

    def close(self) -> None:
        """End it; the fork servers that it forked go on."""
        self.control.socket.close()
        try:
            self.process.wait(timeout=0.5 if self.is_ready else 0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            reaper.remove(Path(self.scratch))


class Templates:
    """All of them, the one that was asked for last at the end."""

    def __init__(self) -> None:
        self._all: OrderedDict[Key, Template] = OrderedDict()
        self._environment = forkserver_environment()

    def sockets(self) -> list[socket.socket]:
        """On which they speak."""
        return [template.control.socket for template in self._all.values()]

    def lend(self, wish: Borrow, files: Sequence[int], borrower: Line) -> None:
        """Answer the borrower, now or when the template is ready: a fork server's process, or why there is none."""
        if len(files) != 2 or wish.environment != self._environment:
            framing.close(files)
            _refuse(borrower, "it does not fit")
            return
        key = (bool(wish.torch), tuple(map(str, wish.modules)))  # a key, whatever a borrower has put in their place
        loan = Loan(borrower, files[0], files[1], wish.scratch, wish.umask)
        try:
            template = self._of(key)
        except OSError as error:
            loan.close()
            _refuse(borrower, str(error))
            return
        template.waiting.append(loan)
        if template.is_ready:
            self._serve(template)

    def make(self, key: Key) -> None:
        """Have one ready for whoever asks; OSError where there is no room."""
        self._of(key)

    def wait_until_ready(self) -> None:
        """Wait until each is ready, or has failed."""
        while waiting := [one for one in self._all.values() if not one.is_ready]:
            select.select([waiting[0].control.socket], [], [])
            self.attend(waiting[0].control.socket)

    def attend(self, sock: socket.socket) -> None:
        """One of them has something to say."""
        template = next(one for one in self._all.values() if one.control.socket is sock)
        reason = template.take_in()
        if reason is not None:
            self._drop(template, reason)
        elif template.is_ready:
            self._serve(template)

    def _of(self, key: Key) -> Template:
        template = self._all.get(key) or next((one for one in self._all.values() if one.equals(key)), None)
        if template is not None and template.is_ready and not template.is_fit():
            self._drop(template, "it has changed")
            template = None
        if template is None:
            template = Template(key, [] if key[0] else [TORCH])
            template.start()
            self._all[key] = template
            self._make_room()
        self._all.move_to_end(template.key)
        return template

    def _make_room(self) -> None:
        for template in list(self._all.values())[:-1]:
            if len(self._all) > MOST and not template.waiting:
                self._drop(template, "")

    def _serve(self, template: Template) -> None:
        while template.waiting:
            loan = template.waiting[0]
            try:
                template.lend(loan)
            except (OSError, EOFError, ValueError) as error:
                self._drop(template, str(error))
                return
            loan.close()
            del template.waiting[0]
        if not template.stays:
            self._drop(template, "")

    def _drop(self, template: Template, reason: str) -> None:
        """End it, and tell those who wait for it: each starts one of its own, and sees what is wrong with it."""
        del self._all[template.key]
        for loan in template.waiting:
            loan.close()
            _refuse(loan.borrower, reason)
        with contextlib.suppress(OSError):
            template.close()

    def close(self) -> None:
        """End all of them."""
        for template in list(self._all.values()):
            self._drop(template, "the engine leaves")

    def forget(self) -> None:
        """In a fork: close what is the server's."""
        for template in self._all.values():
            template.control.socket.close()
            for loan in template.waiting:
                loan.close()


def _refuse(borrower: Line, reason: str) -> None:
    with contextlib.suppress(OSError):
        borrower.send(Refused(reason))
