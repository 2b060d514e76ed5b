"""How the commanding process reaches workers: a scheduler's address, or workers of its own on this machine.

Addresses that begin with tls:// use what Dask's configuration says (`distributed.comm.tls`). Workers of its own are
joined by TLS too, with keys that exist in memory alone: another user of this machine could else run code through them.
"""

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.errors import CourseError

if TYPE_CHECKING:  # it takes a second to import, and need not be installed
    from distributed import Client

CONNECT_S = 15.0
# Workers of its own take no look at themselves a hundred times a second, which nobody would see.
_UNWATCHED = {"distributed.worker.profile.enabled": False}
_UNREACHABLE = (OSError, ValueError, TypeError, RuntimeError, AssertionError)  # the last where Dask's loop starts late


@dataclass(frozen=True)
class Cluster:
    """Where to grade: the scheduler of this address, or so many workers on this machine; whether on GPUs."""

    scheduler: str | None = None
    workers: int | None = None
    gpu: bool = False

    @property
    def named(self) -> str:
        """What it is called in messages."""
        return f"the scheduler at {self.scheduler}" if self.scheduler is not None else "the workers on this machine"


def cluster(scheduler: str | None, workers: int | None, *, gpu: bool, **alone: object) -> Cluster | None:
    """What was asked for; None when this process is to grade. CourseError for options that exclude each other.

    Args:
        alone: options, by name, that are for grading in this process.
    """
    if scheduler is None and workers is None:
        if gpu:
            raise CourseError("--gpu says which workers to use: add --scheduler ADDRESS; here, GPUs are used anyhow")
        return None
    if scheduler is not None and workers is not None:
        raise CourseError("--scheduler and --workers exclude each other: workers join a scheduler by themselves")
    for name, given in alone.items():
        if given:
            option = "--" + name.replace("_", "-")
            raise CourseError(f"{option} is for grading without --scheduler and --workers: leave out one of them")
    return Cluster(scheduler, workers, gpu)


@contextlib.contextmanager
def joined(cluster: Cluster) -> Iterator["Client"]:
    """A connection to the scheduler; CourseError when there is none to be had."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise CourseError(
            f"--scheduler and --workers need Dask, which cannot be imported ({error}): "
            "install it by `pip install 'clozegrad[cluster]'`"
        ) from error
    _be_quiet()
    with contextlib.ExitStack() as stack:
        if cluster.scheduler is not None:
            address: Any = cluster.scheduler
        else:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="clozegrad-", ignore_cleanup_errors=True))
            stack.enter_context(dask.config.set(_UNWATCHED))
            address = stack.enter_context(
                LocalCluster(
                    n_workers=cluster.workers,
                    threads_per_worker=1,
                    security=True,
                    protocol="tls://",
                    dashboard_address=None,
                    local_directory=scratch,
                    silence_logs=logging.CRITICAL,
                    resources={"GPU": 1} if cluster.gpu else None,
                )
            )
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False, name="clozegrad")
        except _UNREACHABLE as error:
            raise CourseError(_why(cluster, error)) from error
        stack.enter_context(client)
        yield client


def _why(cluster: Cluster, error: Exception) -> str:
    """Why there is no connection, and what to do."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, AssertionError):
        reason = "Dask did not start in time: when this machine is less busy, try again"
    way_out = "is it running, and is this its address? `dask scheduler` prints it"
    if "ssl" in reason.casefold() or "tls" in str(cluster.scheduler):
        way_out = "for tls:// addresses, Dask's configuration has to name keys (docs: scaling, TLS)"
    return f"{cluster.named} cannot be reached: {reason}; {way_out}"


def _be_quiet() -> None:
    """Have Dask not write to the screen what the command says itself."""
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
    warnings.filterwarnings("ignore", module="distributed")
