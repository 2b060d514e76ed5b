"""A clock on which a process that has no core to run on hardly gets older."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from course.grading.process.shell import TimeLimit, time_limit
from course.grading.system import clock

pytestmark = pytest.mark.skipif(not os.path.isfile("/proc/self/schedstat"), reason="waiting is told in /proc")

SPIN = "import os\nos.sched_setaffinity(0, {max(os.sched_getaffinity(0))})\nprint(flush=True)\nwhile True: pass"


@pytest.fixture
def spinning() -> Iterator[list[int]]:
    """Two processes that share one core and want all of it."""
    made = [subprocess.Popen([sys.executable, "-c", SPIN], stdout=subprocess.PIPE) for _ in range(2)]
    for process in made:
        assert process.stdout
        process.stdout.readline()
    yield [process.pid for process in made]
    clock.follow("nobody")
    for process in made:
        process.kill()
        process.communicate()


def test_what_a_process_waits_for_a_core_hardly_counts(spinning: list[int]) -> None:
    clock.follow(spinning[0])
    world, own, waited = time.monotonic(), clock.now(), clock.waited_s()
    while clock.waited_s() - waited < 0.5:
        time.sleep(0.01)
    assert clock.now() - own < time.monotonic() - world - 0.4
    before = clock.now()
    clock.follow(spinning[1])  # a new candidate: the clock goes on from where it stood
    assert 0 <= clock.now() - before < 1


def test_a_time_limit_is_one_on_that_clock(spinning: list[int]) -> None:
    clock.follow(spinning[0])
    start = clock.now()
    with pytest.raises(TimeLimit):
        _sleep_until_told(0.3)
    assert clock.now() - start >= 0.29


def _sleep_until_told(seconds: float) -> None:
    with time_limit(seconds):
        while True:
            time.sleep(0.01)


def test_a_process_that_has_ended_or_tells_nothing_leaves_the_worlds_clock() -> None:
    clock.follow(2**30)
    world, own = time.monotonic(), clock.now()
    time.sleep(0.05)
    assert clock.now() - own == pytest.approx(time.monotonic() - world, abs=0.05)


def test_what_another_process_waits_is_told_while_it_lives(spinning: list[int]) -> None:
    before = clock.waited_by(spinning[0])
    while clock.waited_by(spinning[0]) - before < 0.2:
        time.sleep(0.01)
    assert clock.waited_by(2**30) == 0


@pytest.mark.parametrize(("seconds", "waiting_s", "counted"), [(10, 0, 10), (10, 5, 5.5), (10, 10, 1), (10, 900, 1)])
def test_waiting_counts_a_tenth_and_never_more_than_there_was_time(
    seconds: float, waiting_s: float, counted: float
) -> None:
    assert clock.as_counted(seconds, waiting_s) == pytest.approx(counted)
