"""A command ends as Python would end it, though it does not take itself apart."""

import signal
import subprocess
import sys

import pytest

START = "import atexit, sys, threading; from course.ending import leave, status_of; "


def run(program: str, **where: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", START + program], stderr=subprocess.PIPE, text=True, **where
    )


@pytest.mark.parametrize(
    ("ends", "status", "said"),
    [
        ("pass", 0, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('no room')", 1, "no room\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
        ("raise KeyboardInterrupt", -signal.SIGINT, "KeyboardInterrupt\n"),
    ],
)
def test_the_status_is_that_which_python_gives(ends: str, status: int, said: str) -> None:
    ended = run(f"leave(status_of(lambda: exec({ends!r})))", stdout=subprocess.DEVNULL)
    assert ended.returncode == status
    assert ended.stderr.endswith(said)
    assert bool(ended.stderr) == bool(said)


def test_what_was_said_is_written_and_what_is_due_at_the_end_is_done() -> None:
    due = "print('first', end=' '); atexit.register(lambda: print('third')); "
    due += "threading.Timer(0.2, lambda: print('second', end=' ')).start(); leave(0)"
    assert run(due, stdout=subprocess.PIPE).stdout == "first second third\n"


def test_what_cannot_be_written_is_said() -> None:
    with open("/dev/full", "w") as full:
        ended = run("print('lost'); leave(0)", stdout=full)
    assert ended.returncode != 0
    assert "No space left on device" in ended.stderr
