"""Watching a tree of processes and ending it."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.grading.system import tree
from tests.attacks.prison import Prison

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
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # adopt orphans, as the reaper of a jail does
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
        tree.kill(process.pid)
        process.wait()


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_process_that_has_ended_uses_nothing(start: Start) -> None:
    process = start("pass")
    process.wait()
    assert tree.measure(process.pid) == tree.Usage(0, 0.0)


def test_a_process_that_goes_while_it_is_looked_at_is_gone() -> None:
    """A process may go between any two looks at it, and every second time it did between the two that this took."""
    for _ in range(30):
        process = subprocess.Popen(["sleep", "0.01"])
        born = tree.birth(process.pid)
        reaper = threading.Thread(target=process.wait)
        reaper.start()
        while seen := tree.birth(process.pid):
            assert seen == born
        reaper.join()


def test_descendants_are_counted_however_they_left_their_session(start: Start) -> None:
    process = start(DAEMON)
    assert until(lambda: tree.measure(process.pid).processes == 2)


def test_memory_that_forks_share_counts_once(start: Start) -> None:
    process = start(SHARED)
    assert until(lambda: tree.measure(process.pid).processes == 4)
    assert 60 < tree.measure(process.pid, exact_above_mb=0).rss_mb < 140
    assert tree.measure(process.pid, exact_above_mb=10_000).rss_mb > 240


def test_what_takes_too_long_to_be_told_exactly_is_taken_at_most(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    process = start(SHARED)
    assert until(lambda: tree.measure(process.pid).processes == 4)
    monkeypatch.setattr(tree, "_EXACT_S", 0.0)
    assert tree.measure(process.pid, exact_above_mb=0).rss_mb > 240


def test_memory_is_seen_to_grow(start: Start) -> None:
    process = start("import time\nheld = bytearray(b'x' * (100 << 20))\ntime.sleep(60)")
    assert until(lambda: tree.measure(process.pid).rss_mb > 100)


@pytest.mark.parametrize("code", [SHARED, DAEMON, BOMB], ids=["forks", "daemon", "bomb"])
def test_a_killed_tree_leaves_no_process(start: Start, code: str) -> None:
    process = start(code)
    assert until(lambda: tree.measure(process.pid).processes > 1)
    before = tree.tree(process.pid)
    tree.kill(process.pid)
    process.wait()
    assert not tree.tree(process.pid)
    assert until(lambda: not any(map(tree.tree, before)), 2)


def test_killing_what_has_ended_is_no_error(start: Start) -> None:
    process = start("pass")
    process.wait()
    tree.kill(process.pid)


def test_the_tables_of_pages_that_were_only_read_are_counted(start: Start) -> None:
    code = (
        "import mmap, time\nheld = mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=1)\n"
        "held.madvise(mmap.MADV_NOHUGEPAGE)\nfor place in range(0, 64 << 30, 2 << 20): held[place]\ntime.sleep(60)"
    )
    process = start(code)
    assert until(lambda: tree.measure(process.pid, exact_above_mb=10_000).rss_mb > 120)
    assert until(lambda: tree.measure(process.pid).rss_mb > 120)  # less what it shares with others


def test_what_hides_its_open_files_counts_as_if_it_had_all_that_it_may() -> None:
    code = """
    import ctypes, time
    from course.grading.system import tree
    pids = []
    for hidden in (0, 1):
        r, w = os.pipe()
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(4, 1 - hidden, 0, 0, 0)
            os.write(w, b"x")
            time.sleep(60)
        os.read(r, 1)
        pids.append(pid)
    plain, hidden = (tree.measure(pid).rss_mb for pid in pids)
    for pid in pids: os.kill(pid, 9)
    print(hidden - plain > 40)
    """
    with Prison("ordinary") as prison:
        assert prison.run(textwrap.dedent(code), None).text.startswith("True")


def test_what_many_sockets_may_hold_is_counted(start: Start) -> None:
    code = "import socket, time\nheld = [socket.socketpair() for _ in range({})]\ntime.sleep(60)"
    few, many = start(code.format(1)), start(code.format(200))
    assert until(lambda: tree.measure(many.pid).rss_mb - tree.measure(few.pid).rss_mb > 80)


def test_what_sockets_of_many_processes_may_hold_is_counted_with_a_few_free_for_all_of_them(start: Start) -> None:
    code = "import os, socket, time\nfor _ in range(20):\n    if os.fork() == 0: break\n"
    code += "held = [socket.socketpair() for _ in range({})]\ntime.sleep(60)"
    none, many = start(code.format(0)), start(code.format(14))
    assert until(lambda: tree.measure(many.pid).rss_mb - tree.measure(none.pid).rss_mb > 120)


def test_a_socket_that_processes_share_counts_once_and_a_file_holds_nothing(start: Start) -> None:
    code = "import os, socket, time\nhere = [socket.socketpair() for _ in range(20)], [open(os.devnull) for _ in range(150)]\n"
    code += "for _ in range(20):\n    if os.fork() == 0: break\nprint(flush=True)\ntime.sleep(60)"
    process = start(code)
    assert until(lambda: tree.measure(process.pid).processes == 21)
    assert tree._buffers_mb(tree.tree(process.pid)) == pytest.approx(
        (40 + 3 - tree._FEW_BUFFERS) * tree._BUFFER_MB, abs=1
    )


def test_the_mapped_areas_that_hold_nothing_are_counted(start: Start) -> None:
    code = """
    import ctypes, os, time
    libc = ctypes.CDLL(None)
    libc.mmap.restype, libc.mmap.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    base = libc.mmap(None, 40_000 * 4096, 0, 0x22, -1, 0)
    for place in range(0, 40_000, {}):
        libc.mprotect(base + place * 4096, 4096, 1)
    for _ in range(9):
        if os.fork() == 0: break
    time.sleep(60)
    """
    few, many = (start(textwrap.dedent(code.format(step))) for step in (20_000, 2))
    assert until(lambda: {tree.measure(process.pid).processes for process in (few, many)} == {10})
    exact_mb = tree.measure(many.pid).rss_mb
    assert exact_mb - tree.measure(few.pid).rss_mb > 80
    assert tree.measure(many.pid, exact_above_mb=10_000).rss_mb >= exact_mb


@pytest.mark.parametrize("name", [r"\rVmRSS:", r"\x0bVmSwap: x", r"\x1cVmRSS: 1 kB", r"\nVmRSS: 1 kB", r"a) Z 1 ("])
def test_a_process_that_takes_a_strange_name_is_measured_as_any_other(start: Start, name: str) -> None:
    code = f"import ctypes, time\nctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)\nprint(flush=True)\ntime.sleep(60)"
    process = start(code)
    assert until(lambda: b"python" not in Path(f"/proc/{process.pid}/comm").read_bytes())
    assert tree.measure(process.pid).processes == 1
    assert tree.measure(process.pid).rss_mb > 5
