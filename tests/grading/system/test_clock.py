"""A clock on which a process that has no core to run on hardly gets older."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from course.grading.process.shell import TimeLimit, time_limit
from course.grading.system import clock, tree

pytestmark = pytest.mark.skipif(not os.path.isfile("/proc/self/schedstat"), reason="waiting is told in /proc")

ON_ONE_CORE = "import os\nos.sched_setaffinity(0, {max(os.sched_getaffinity(0))})\n"
SPIN = ON_ONE_CORE + "print(flush=True)\nwhile True: pass"
WITH_CHILDREN = (
    ON_ONE_CORE + "for _ in range(8):\n    if os.fork() == 0: break\nelse: print(flush=True)\nwhile True: pass"
)


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


@pytest.fixture
def parent() -> Iterator[int]:
    """A process that shares one core with its children, all of which want all of it."""
    process = subprocess.Popen([sys.executable, "-c", WITH_CHILDREN], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    yield process.pid
    clock.follow("nobody")
    tree.kill(process.pid)
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


@pytest.mark.parametrize(
    ("waiting_s", "used_s", "counted"),
    [
        (0, 10, 10),
        (5, 5, 5.5),  # a neighbour had the core half of the time
        (10, 0, 1),
        (900, 0, 1),  # no more than there was time
        (9.9, 10, 10),  # its own children had it
        (9.8, 5, 5.5),  # its own children and a neighbour's
        (5, 2.5, 5.5),  # one thread on two cores, both of them wanted by others
        (0, 20, 10),
    ],
)
def test_waiting_counts_a_tenth_unless_the_processes_themselves_had_the_cores(
    waiting_s: float, used_s: float, counted: float
) -> None:
    account = clock.Account()
    account.add(10, waiting_s, used_s)
    assert account.seconds == pytest.approx(counted)


def test_waiting_that_is_told_late_counts_a_tenth_as_well() -> None:
    account = clock.Account()
    account.add(0.5, 0, 0)
    account.add(0.1, 0.5, 0.1)
    assert account.seconds == pytest.approx(0.15)


def test_no_wait_for_ones_own_is_made_good_by_an_earlier_rest() -> None:
    account = clock.Account()
    account.add(60, 0, 0)
    for _ in range(60):
        account.add(1, 0.99, 1)
    assert account.seconds > 118


def test_what_a_process_waits_for_what_it_started_counts(parent: int) -> None:
    watch, used_s = clock.Watch(), 0.0
    watch.look(tree.tree(parent))
    clock.follow(parent)
    before = clock.now()
    while used_s < 2:
        time.sleep(0.05)
        used_s += sum(spent.used_s for spent in watch.look(tree.tree(parent)).values())
    assert clock.now() - before > 0.7 * used_s


def test_what_is_spent_counts_from_the_last_look_or_the_start_and_stays_when_a_process_ends(
    spinning: list[int],
) -> None:
    watch = clock.Watch()
    watch.look(spinning[:1])
    time.sleep(0.05)
    steps = watch.look([*spinning, 2**30])
    assert set(steps) == set(spinning)
    whole = clock.Watch().look(spinning)
    for pid in spinning:
        assert 0 <= steps[pid].used_s <= whole[pid].used_s
        assert 0 <= steps[pid].waited_s <= whole[pid].waited_s


def test_the_time_of_threads_other_than_the_main_one_is_seen() -> None:
    code = "import threading, time\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code])
    watch, used_s = clock.Watch(), 0.0
    watch.look([process.pid])
    try:
        while used_s < 0.3:  # the test's own time is up where it is not
            time.sleep(0.05)
            used_s += watch.look([process.pid])[process.pid].used_s
    finally:
        process.kill()
        process.wait()
