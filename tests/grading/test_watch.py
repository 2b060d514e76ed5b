"""Watching a tree of processes and ending it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from course.grading import watch

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="watching needs /proc")

SHARED = """
import os, time
held = bytearray(os.urandom(1) * (64 << 20))
for _ in range(3):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(60)
"""
DAEMON = """
import ctypes, os, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # adopt orphans, as the keeper of a jail does
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('sleep', ['sleep', '600'])
    os._exit(0)
os.wait()
time.sleep(600)
"""
BOMB = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(5):
    os.fork()
while True:
    try:
        if os.fork() == 0: os._exit(0)
        os.wait()
    except OSError: pass
"""

Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(code: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", code]))
        return started[-1]

    yield run
    for process in started:
        watch.kill(process.pid)
        process.wait()


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_process_that_has_ended_uses_nothing(start: Start) -> None:
    process = start("pass")
    process.wait()
    assert watch.measure(process.pid) == watch.Usage(0, 0.0, 0.0)


def test_descendants_are_counted_however_they_left_their_session(start: Start) -> None:
    process = start(DAEMON)
    assert until(lambda: watch.measure(process.pid).processes == 2)


def test_memory_that_forks_share_counts_once(start: Start) -> None:
    process = start(SHARED)
    assert until(lambda: watch.measure(process.pid).processes == 4)
    assert 60 < watch.measure(process.pid, exact_above_mb=0).rss_mb < 140
    assert watch.measure(process.pid, exact_above_mb=10_000).rss_mb > 240


def test_memory_is_seen_to_grow(start: Start) -> None:
    process = start("import time\nheld = bytearray(b'x' * (100 << 20))\ntime.sleep(60)")
    assert until(lambda: watch.measure(process.pid).rss_mb > 100)


def test_processor_time_includes_children_that_were_waited_for(start: Start) -> None:
    work = "import time\nwhile time.process_time() < 0.5: pass"
    process = start(
        f"import os, subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {work!r}])\ntime.sleep(60)"
    )
    assert until(lambda: watch.measure(process.pid).cpu_s >= 0.5)


@pytest.mark.parametrize("code", [SHARED, DAEMON, BOMB], ids=["forks", "daemon", "bomb"])
def test_a_killed_tree_leaves_no_process(start: Start, code: str) -> None:
    process = start(code)
    assert until(lambda: watch.measure(process.pid).processes > 1)
    before = watch.tree(process.pid)
    watch.kill(process.pid)
    process.wait()
    assert not watch.tree(process.pid)
    assert until(lambda: not any(map(watch.tree, before)), 2)


def test_killing_what_has_ended_is_no_error(start: Start) -> None:
    process = start("pass")
    process.wait()
    watch.kill(process.pid)


def test_what_many_sockets_may_hold_is_counted(start: Start) -> None:
    code = "import socket, time\nheld = [socket.socketpair() for _ in range({})]\ntime.sleep(60)"
    few, many = start(code.format(1)), start(code.format(200))
    assert until(lambda: watch.measure(many.pid).rss_mb - watch.measure(few.pid).rss_mb > 80)
