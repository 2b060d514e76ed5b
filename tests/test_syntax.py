"""Syntax trees from several threads at once."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import scoping
from course.syntax import parsed


class Litter:
    """Something in a circle, which only the collector ends, by running Python in whichever thread is at it."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


@pytest.fixture
def restless() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    source = Path(scoping.__file__).read_text("utf-8")
    failed: list[BaseException] = []

    def parse() -> None:
        for _ in range(40):
            litter = [Litter() for _ in range(5)]
            try:
                assert parsed(source).body
            except BaseException as error:
                failed.append(error)
            del litter

    threads = [threading.Thread(target=parse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
