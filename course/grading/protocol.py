"""What the processes of a grading say to each other: each message a frozen class of plain data.

Owner, fork server, examiner and candidate's start speak so, all trusted code; what the student's code answers goes over
the boundary, in another form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypedDict

from course.grading.jail import JailPlan
from course.results import CellReport

Output = dict[str, Any]  # of a cell, in nbformat's own form


class Result(TypedDict):
    """What a trace says of a test at its end."""

    grade_id: str
    earned: float | None
    points: float
    ending: str


class Step(TypedDict, total=False):
    """A line of a trace; docs/grading.md says which event has which fields."""

    event: str
    at: float
    cell: int
    grade_id: str
    number: int
    op: str
    what: str
    inputs: list[str]
    inputs_after: list[str]
    line: int
    text: str
    value: str
    seconds: float
    error: str
    message: str
    traceback: str
    label: str
    points: float
    earned: float
    hidden: bool
    passed: bool
    ending: str
    printed: str
    questions: int
    cells: list[Result]
    schema: str
    version: int
    student: str
    lesson: str
    notebook: str
    started: str


@dataclass(frozen=True)
class Prepare:
    """To the fork server: import these too, and be ready to fork."""

    modules: list[str]


@dataclass(frozen=True)
class Prepared:
    """It is ready; or a module has started threads, and it has to be started again without that one."""

    starts_threads: str = ""


@dataclass(frozen=True)
class Fork:
    """To the fork server: fork a process of this role, with the sockets that come along."""

    role: str


@dataclass(frozen=True)
class Forked:
    """The fork's process."""

    pid: int


@dataclass(frozen=True)
class AskEnd:
    """To the fork server: has this fork ended?"""

    pid: int


@dataclass(frozen=True)
class End:
    """How a fork ended: its exit status, minus the signal that killed it, None while it runs; or it is not ours."""

    status: int | None
    known: bool = True


@dataclass(frozen=True)
class AskImported:
    """To the fork server: what has been imported?"""


@dataclass(frozen=True)
class Imported:
    """The modules, and the files of those that have one."""

    modules: list[str]
    paths: list[str]


@dataclass(frozen=True)
class LentJob:
    """To a fork of a fork server that is to be a fork server itself: where its jails' folders go, its owner's umask."""

    scratch: str
    umask: int


@dataclass(frozen=True)
class Refused:
    """The machine has no room for that now; asking again may help."""

    reason: str


@dataclass(frozen=True)
class Failed:
    """The grader's own process could not do its work; asking again would not help."""

    reason: str


@dataclass(frozen=True)
class CandidateJob:
    """To a candidate: its jail and its time, nothing of the tests."""

    jail: JailPlan
    cell_s: float
    call_s: float


@dataclass(frozen=True)
class Draw:
    """A cell of the source whose random draws both sides make alike; `follows`, from where the last one ended."""

    cell: int
    follows: bool


@dataclass(frozen=True)
class StudentCell:
    """A cell for the student's side to run; `index` is its place in the notebook.

    No point depends on one that is `aside`: what it draws is to be seen by no other.
    """

    index: int
    source: str
    draw: Draw | None = None
    aside: bool = False


@dataclass(frozen=True)
class ApartTest:
    """A test cell for the examiner to run on its own side; course.grading.plan.ownership.Needs says what the parts are.

    Attributes:
        prepare: code of the course's to run first, each with the source's cell that it is from.
        draws: those of these cells whose random draws the student's side makes alike.
        made: what course.grading.ready has made of the source.
    """

    index: int
    source: str
    points: float
    prepare: tuple[tuple[int, str], ...] = ()
    needs: tuple[int, ...] = ()
    fetch: tuple[str, ...] = ()
    rebinds: tuple[str, ...] = ()
    gives: str = ""
    members: tuple[str, ...] = ()
    problem: str = ""
    draws: tuple[Draw, ...] = ()
    made: bytes = b""


@dataclass(frozen=True)
class TogetherTest:
    """A test cell that runs as a cell of the student's process."""

    index: int
    source: str
    points: float


CellJob = StudentCell | ApartTest | TogetherTest


@dataclass(frozen=True)
class ExaminerJob:
    """To an examiner: every code cell in the student's order, each test with what it needs, and the limits."""

    cells: tuple[CellJob, ...]
    seed: str
    folder: str  # where the course's files lie, and where tests may write
    cell_s: float
    call_s: float
    test_s: float
    grace_s: float
    gaps: tuple[str, ...] = ()  # whether the course's own code deals in masks, and in tables
    steady: bool = False  # whether cells that count, and tests, draw the same whatever ran between them
    handed: dict[str, str] | None = None  # the files that were handed in, by digest; then what cells wrote comes back
    trace: bool = False  # whether each question to the student's side is told of
    stop_at: list[int] | None = None  # a cell and the number of its question, where the student's side opens a debugger


@dataclass(frozen=True)
class Turn:
    """To an examiner, which tells its candidates: the turn has come, with these cores and variables."""

    cores: list[int]
    environment: dict[str, str]


@dataclass(frozen=True)
class CellRecord:
    """What one cell gave.

    Attributes:
        ending: how it ended, where its points do not tell.
        outputs: as a notebook has them.
        error: the name of the exception that ended it.
        earned: the points of a test without checks; None is all of them.
        timed_out: whether a call of the student's code took longer than it may.
        report: what its checks found.
        seconds: how long it took.
    """

    ending: str | None = None
    message: str = ""
    outputs: list[Output] = field(default_factory=list)
    error: str | None = None
    earned: float | None = None
    timed_out: bool = False
    report: CellReport | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class CellDone:
    """From an examiner: what a cell gave."""

    index: int
    record: CellRecord


@dataclass(frozen=True)
class Traced:
    """From an examiner: a step of its conversation with the student's side."""

    event: Step


@dataclass(frozen=True)
class CandidateLost:
    """From an examiner: its candidate is gone, as it saw it; the owner answers with a Loss."""

    kind: str
    message: str


@dataclass(frozen=True)
class Loss:
    """To an examiner: how its candidate really ended."""

    ending: str
    message: str


@dataclass(frozen=True)
class NewCandidate:
    """From an examiner: it needs another; the owner answers with a Line."""


@dataclass(frozen=True)
class Line:
    """To an examiner: the socket that comes along leads to the candidate."""


@dataclass(frozen=True)
class Written:
    """From an examiner: the files that the cells wrote."""

    files: dict[str, bytes]


@dataclass(frozen=True)
class Done:
    """From an examiner: every cell has its record."""


Message = (
    Prepare | Prepared | Fork | Forked | AskEnd | End | AskImported | Imported | LentJob | Refused | Failed
    | CandidateJob | ExaminerJob | Turn | CellDone
    | Traced | CandidateLost | Loss | NewCandidate | Line | Written | Done
)  # fmt: skip
