"""Work for threads on a machine that may have no room for another one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


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
