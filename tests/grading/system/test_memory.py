"""Memory in large pages, and given back."""

import subprocess
import sys

import pytest

HELD = """
import re, sys
from pathlib import Path
from course.grading.system import memory

def mb(kind):
    return int(re.search(rf"{kind}: +(\\d+) kB", Path("/proc/self/smaps_rollup").read_text())[1]) / 1024
"""
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", HELD + code], capture_output=True, text=True, check=True).stdout


@LINUX
def test_what_is_held_stays_as_it_was_and_lies_in_large_pages_where_the_kernel_has_them() -> None:
    code = """
held = [bytes([n % 251]) * 1000 for n in range(120_000)]
areas = memory.enlarge()
large = mb("AnonHugePages")
assert all(piece == bytes([n % 251]) * 1000 for n, piece in enumerate(held))
print(areas > 0, large > 50)
"""
    assert run(code) in ("True True\n", "False False\n")


@LINUX
def test_a_small_process_keeps_its_small_pages() -> None:
    assert run("print(memory.enlarge(), mb('Rss') < 60)") == "0 True\n"


@LINUX
def test_memory_that_was_freed_goes_back() -> None:
    code = """
held = [bytearray(100_000) for _ in range(1000)]
held[-1:] = [bytearray(10)]  # something small stays behind the rest
full = mb("Rss")
del held[:-1]
memory.give_back()
print(full - mb("Rss") > 50)
"""
    assert run(code) == "True\n"
