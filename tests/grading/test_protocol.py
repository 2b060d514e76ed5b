"""Messages between the grader's own processes, and the line that they go over."""

import ast
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgpack
import pytest

from course.grading import protocol
from course.grading.framing import Channel
from course.grading.jail import JailPlan
from course.grading.process.channel import Control
from course.grading.warm import line
from course.grading.warm.line import Line
from course.results import CellReport, CheckResult

REPORT = CellReport("norm", 3, (CheckResult("open", 1, 1), CheckResult("secret", 2, 0, hidden=True)))
DRAWS = (protocol.Draw(0, follows=False), protocol.Draw(4, follows=True))
MESSAGES = [
    protocol.Prepare(["torch"]),
    protocol.Prepared("pyarrow"),
    protocol.Fork("examiner"),
    protocol.Forked(7),
    protocol.AskEnd(7),
    protocol.End(None, known=False),
    protocol.AskImported(),
    protocol.Imported(["os"], ["/lib/os.py"]),
    protocol.LentJob("/tmp", 0o22),
    protocol.Refused("no memory"),
    protocol.Failed("half of a pair: \ud800"),
    protocol.CandidateJob(
        JailPlan("plain", (Path("/hidden"),), files={"caf\udce9.csv": b"1", "data": Path("/d")}), 1.0, 2.0
    ),
    protocol.ExaminerJob(
        (
            protocol.StudentCell(0, "x = 1"),
            protocol.StudentCell(0, "x = 1", protocol.Draw(3, follows=True), aside=True),
            protocol.ApartTest(
                1, "assert x", 2.0, ((0, "y = 1"),), (0,), ("x",), ("f",), "import z", ("m",), "no", DRAWS, b"\xe3"
            ),
            protocol.TogetherTest(2, "assert x", 1.0),
        ),
        "seed",
        "/tmp",
        *(1.0, 2.0, 3.0, 4.0),
        steady=True,
        handed={"a.csv": "digest"},
        stop_at=[1, 2],
    ),
    protocol.Turn([0, 1], {"CUDA_VISIBLE_DEVICES": "0"}),
    protocol.CellDone(3, protocol.CellRecord("passed", outputs=[{"output_type": "stream", "text": "x"}], seconds=0.5)),
    protocol.CellDone(4, protocol.CellRecord(error="E", earned=0.0, timed_out=True, report=REPORT)),
    protocol.Traced({"event": "asked", "cell": 3}),
    protocol.CandidateLost("CandidateDied", "gone"),
    protocol.Loss("crashed", "killed"),
    protocol.NewCandidate(),
    protocol.Line(),
    protocol.Written({"a.txt": b"1"}),
    protocol.Done(),
]


WARM = [
    line.Run("name", ["course", "grade", "caf\udce9"], "", 0o27, {"HOME": "/home/\udce9"}, [1, 2]),
    line.Ready(),
    line.Go(),
    line.Ended(-9),
    line.Borrow(False, ["numpy"], "/tmp", 0o22, {"HOME": "/tmp"}),
    line.Lent(7),
    line.AskStatus(),
    line.Status(7, 1.5, 0, 1800.0),
    line.Stop(),
    line.Stopped(),
    line.Refused("changed"),
]


@pytest.mark.parametrize(
    ("end", "union", "messages"),
    [(Control, protocol.Message, MESSAGES), (Line, line.Message, WARM)],
    ids=["cold", "warm"],
)
def test_every_message_crosses_unchanged(end: type[Channel[object]], union: object, messages: list[object]) -> None:
    assert {type(message) for message in messages} == set(get_args(union))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for message in messages:
            end(ours).send(message)
            assert end(theirs).receive() == message


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        ["Done"],
        ["Done", {"x": 1}],
        ["Fork", {}],
        ["CellDone", {"index": 0, "record": ["Turn", {}]}],
        ["os", {}],
        [1, 2, 3],
        ["Ready", {}],
        {"wish": "status"},
    ],
)
def test_what_is_no_message_is_refused_and_the_line_stands(data: object) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        body = msgpack.packb(data)
        ours.sendall(struct.pack(">I", len(body)) + body)
        Control(ours).send(protocol.Done())
        with pytest.raises(ValueError, match="not a message"):
            Control(theirs).receive()
        assert Control(theirs).receive() == protocol.Done()


def test_files_come_with_their_message_and_no_other() -> None:
    ours, theirs = socket.socketpair()
    read, write = os.pipe()
    with ours, theirs:
        Control(ours).send(protocol.Fork("candidate"), [write])
        Control(ours).send(protocol.Done())
        message, files, files_lost = Control(theirs).receive_with_files()
        assert (message, len(files), files_lost) == (protocol.Fork("candidate"), 1, False)
        os.write(files[0], b"x")
        assert os.read(read, 1) == b"x"
        assert Control(theirs).receive_with_files() == (protocol.Done(), [], False)
        for file in (read, write, *files):
            os.close(file)


def test_a_line_that_ends_or_brings_another_message_than_is_due_says_so() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            Control(ours).send(protocol.Done())
        with pytest.raises(EOFError, match="a Done came, and no Turn"):
            Control(theirs).expect(protocol.Turn)
        with pytest.raises(EOFError, match="the other end is gone"):
            Control(theirs).receive()


def test_a_message_of_a_warm_engines_is_short_and_of_its_own_kinds() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Control(ours).send(protocol.Fork("lent"))
        with pytest.raises(ValueError, match="not a message"):
            Line(theirs).receive()
        ours.sendall(struct.pack(">I", 16 * 2**20 + 1))
        with pytest.raises(EOFError, match="a message of 16777217 bytes"):
            Line(theirs).receive()


def test_a_message_that_stops_halfway_takes_no_longer_than_the_sockets_own_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(struct.pack(">I", 9) + b"half")
        theirs.settimeout(0.01)
        with pytest.raises(TimeoutError):
            Line(theirs).receive()


GRADING = Path(protocol.__file__).parent
ROOMS = (GRADING / "process", GRADING / "warm", GRADING.parent / "warm")
NOTEBOOK = {"Output"}  # the name of nbformat's own form of an output
EXCEPTIONS = {"outputs._bundle"}  # nbformat's, too
NAMESPACES = {  # names of the student's and of the test's, whose values may be anything
    *("examiner._let_run", "examiner._examine", "examiner._bind", "session.follow", "recorder.__init__"),
}


def test_no_function_of_these_processes_takes_or_returns_a_dict_of_anything() -> None:
    loose = {"dict[str, Any]"}
    while aliases := _aliases(loose) - loose:
        loose |= aliases
    found = {
        f"{path.stem}.{function.name}"
        for path in (*(path for room in ROOMS for path in room.glob("*.py")), GRADING / "outputs.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and any(_names(part, loose) for part in _signature(function))
    }
    assert found - NAMESPACES == EXCEPTIONS


def _aliases(loose: set[str]) -> set[str]:
    """The names that the grading's modules give to a type made of these."""
    lines = [line for path in GRADING.rglob("*.py") for line in ast.parse(path.read_text("utf-8")).body]
    assigned = [line for line in lines if isinstance(line, ast.Assign) and _names(line.value, loose)]
    return {ast.unparse(line.targets[0]) for line in assigned} - NOTEBOOK


def _signature(function: ast.FunctionDef) -> Iterator[ast.expr]:
    parts = [node.annotation for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    yield from filter(None, (*parts, function.returns))


def _names(annotation: ast.expr, loose: set[str]) -> bool:
    return any(
        ast.unparse(node) in loose for node in ast.walk(annotation) if isinstance(node, ast.Subscript | ast.Name)
    )
