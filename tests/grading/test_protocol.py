"""Messages between the grader's own processes, and the line that they go over."""

import os
import socket
import struct
from typing import get_args

import msgpack
import pytest

from course.grading import protocol
from course.grading.process.channel import Control
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
    protocol.CandidateJob({"files": {"caf\udce9.csv": b"1"}}, 1.0, 2.0),
    protocol.ExaminerJob(
        (
            protocol.StudentCell(0, "x = 1"),
            protocol.StudentCell(0, "x = 1", protocol.Draw(3, follows=True)),
            protocol.ApartTest(
                1, "assert x", 2.0, ((0, "y = 1"),), (0,), ("x",), ("f",), "import z", ("m",), "no", DRAWS
            ),
            protocol.TogetherTest(2, "assert x", 1.0),
        ),
        "seed",
        "/tmp",
        *(1.0, 2.0, 3.0, 4.0),
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


def test_every_message_crosses_unchanged() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(protocol.Message))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for message in MESSAGES:
            Control(ours).send(message)
            assert Control(theirs).receive() == message


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
