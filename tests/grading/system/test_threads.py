"""Work is done once, whether or not the machine has room for another thread."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from course.grading.system import threads


def refuse(self: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_without_any_thread_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", refuse)
    done: list[int] = []
    pool = ThreadPoolExecutor(2)
    futures = [threads.submit(pool, lambda n=n: done.append(n) or n) for n in range(3)]
    assert [future.result() for future in futures] == done == [0, 1, 2]


def test_with_fewer_threads_than_wanted_each_step_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        hold = threading.Event()
        first = threads.submit(pool, hold.wait)
        with monkeypatch.context() as scarce:
            scarce.setattr(threading.Thread, "start", refuse)
            second = threads.submit(pool, lambda: done.append(2))
        hold.set()
        third = threads.submit(pool, lambda: done.append(3))
        assert first.result()
        second.result()
        third.result()
    assert sorted(done) == [2, 3]


def test_an_error_is_the_futures() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        threads.submit(pool, lambda: 1 / 0).result()


def test_turns_are_short_while_one_computes_and_then_as_they_were() -> None:
    before = sys.getswitchinterval()
    with threads.short_turns():
        assert sys.getswitchinterval() < before / 10
    assert sys.getswitchinterval() == before
