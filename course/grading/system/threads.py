"""Work for threads on a machine that may have no room for another one."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
_TURN_S = 0.0001


def submit(pool: ThreadPoolExecutor, step: Callable[[], T]) -> Future[T]:
    """What `step` will return; where no thread can be started for it, one that is there does it, or this one."""
    taken, future = threading.Lock(), Future[T]()

    def run() -> None:
        if not taken.acquire(blocking=False):
            return
        try:
            future.set_result(step())
        except BaseException as error:
            future.set_exception(error)

    try:
        pool.submit(run)
    except RuntimeError:  # it stands in the queue all the same
        run()
    return future


@contextlib.contextmanager
def short_turns() -> Iterator[None]:
    """Let this thread compute while others wait for processes: one that goes on waits for no more than a turn."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
