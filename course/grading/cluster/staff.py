"""Which workers may be used: those that grade with what this machine has, in one kind of jail, and have not erred."""

import json
import platform
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from course.errors import CourseError
from course.grading import jail
from course.grading.cluster import worker
from course.grading.cluster.joining import Cluster
from course.grading.submission.folders import few
from course.grading.version import engine_hash, installed

if TYPE_CHECKING:
    from distributed import Client

WAIT_S = 60.0  # for the first worker, and for another when all are gone
ANSWER_S = 60.0  # in which a worker says what it grades with
_POLL_S = 0.5
_FRESH_S = 2.0  # for which what the scheduler said last is good enough
_MOST_NAMED = 3


class Staff:
    """The workers of a cluster as the commanding process knows them.

    Args:
        require_jail: whether only the strongest jail will do.
        on_note: told of each worker that is left out, and why.
    """

    def __init__(
        self, client: "Client", cluster: Cluster, *, require_jail: bool, on_note: Callable[[str], None]
    ) -> None:
        self._client, self._cluster, self._on_note = client, cluster, on_note
        self._known: set[str] = set()
        self._lost_s: dict[str, float] = {}  # by address, since when a worker could not be reached
        self._out: dict[str, str] = {}  # by address, why it is not used
        self._present: Mapping[str, Any] = {}
        self._asked = 0.0
        self.grader = worker.grader()
        self.jail = ""
        levels = jail.isolation_levels()
        self._jails = levels[:1] if require_jail else levels
        self._await_one()

    def look(self) -> None:
        """Ask workers that are new what they grade with, and leave out those that do not fit."""
        self._refresh()
        new = [address for address in self._present if address not in self._known]
        if not new:
            return
        asked = {"workers": new, "on_error": "return", "callback_timeout": ANSWER_S}
        try:
            answers = self._client.run(worker.about, **asked)
        except (OSError, TimeoutError) as error:
            answers = dict.fromkeys(new, error)
        told = {address: _told(answer) for address, answer in self._reached(answers).items()}
        self.jail = self.jail or self._best_jail(told)
        for address, one in told.items():
            self._known.add(address)
            if reason := self._unfit(address, one):
                self.dismiss(address, reason)

    def dismiss(self, address: str, reason: str) -> None:
        """Use a worker no more in this run; CourseError when no other is left."""
        if address not in self._out:
            self._out[address] = reason
            self._on_note(f"the worker {address} is not used: {reason}")
        if self._present and not self.usable():
            raise CourseError(
                f"{self._cluster.named}: no worker can be used: {few(sorted(set(self._out.values())), _MOST_NAMED)}. "
                "What is graded so far is kept"
            )

    def allowed(self, avoid: Collection[str] = ()) -> list[str] | None:
        """The workers to choose from, if possible without those to avoid; None: any."""
        if not self._out and not avoid:
            return None
        self._refresh()
        usable = self.usable()
        return [address for address in usable if address not in avoid] or usable or None

    def usable(self) -> list[str]:
        """The workers of the cluster that are there and fit, as the scheduler said last."""
        return [address for address, one in self._present.items() if address not in self._out and self._at_once(one)]

    def room(self) -> int:
        """How many hand-ins all workers grade at once."""
        if time.monotonic() > self._asked + _FRESH_S:
            self._refresh()
        return sum(self._at_once(self._present[address]) for address in self.usable())

    def _await_one(self) -> None:
        """Until a worker that fits has said so: one that ends before it answers may be started again."""
        until = time.monotonic() + WAIT_S
        while not self.jail:
            try:
                self._client.wait_for_workers(1, timeout=max(_POLL_S, until - time.monotonic()))
            except TimeoutError:
                raise CourseError(
                    f"no worker has joined {self._cluster.named} for {WAIT_S:g} s: start one with "
                    f"`dask worker {self._cluster.scheduler}`"
                ) from None
            self.look()
            if not self.jail and time.monotonic() > until + ANSWER_S:
                raise CourseError(
                    f"{self._cluster.named}: workers end while they are asked what they grade with: see what they print"
                )
            if not self.jail:
                time.sleep(_POLL_S)

    def _reached(self, answers: Mapping[str, object]) -> dict[str, object]:
        """The answers without those of workers that have gone meanwhile or may yet be reached."""
        lost = [address for address, answer in answers.items() if _is_lost(answer)]
        if lost:
            self._refresh()
        now = time.monotonic()
        self._lost_s = {address: self._lost_s.get(address, now) for address in lost if address in self._present}
        waiting = {address for address, since in self._lost_s.items() if now < since + ANSWER_S}
        return {
            address: answer
            for address, answer in answers.items()
            if address in self._present and address not in waiting
        }

    def _refresh(self) -> None:
        self._present = self._client.scheduler_info(n_workers=-1)["workers"]
        self._asked = time.monotonic()

    def _at_once(self, present: Mapping[str, Any]) -> int:
        return int(present.get("resources", {}).get(worker.GPU, 0) if self._cluster.gpu else present["nthreads"])

    def _best_jail(self, told: Mapping[str, Mapping[str, Any] | str]) -> str:
        """The strongest jail of the workers that fit otherwise."""
        found = {one["jail"] for one in told.values() if not isinstance(one, str) and one["grader"] == self.grader}
        return next((name for name in jail.isolation_levels() if name in found), "")

    def _unfit(self, address: str, told: Mapping[str, Any] | str) -> str:
        """Why a worker cannot be used; empty when it can."""
        if isinstance(told, str):
            return f"it cannot say what it grades with ({told}); install clozegrad there as here"
        if told["grader"] != self.grader:
            return _difference(told)
        if told["jail"] not in self._jails:
            return f"its jail is {told['jail']}, and --require-jail asks for {self._jails[0]}"
        if told["jail"] != self.jail:
            return f"its jail is {told['jail']}, and others have {self.jail}"
        if self._cluster.gpu:
            if not self._at_once(self._present[address]):
                return "it was not started with --resources GPU=1, and --gpu asks for that"
            if not told["gpus"]:
                return "it was started with --resources GPU=1, and has no GPU"
        return ""


def _is_lost(answer: object) -> bool:
    """Whether the scheduler did not reach a worker, which is not to say that it was reached and did not answer."""
    return isinstance(answer, OSError) and not isinstance(answer, TimeoutError)


def _told(answer: object) -> Mapping[str, Any] | str:
    """What a worker said of itself; a text where it could not."""
    try:
        if not isinstance(answer, bytes):
            raise TypeError(f"{type(answer).__name__}: {answer}")
        told = json.loads(answer)
        kinds = {"grader": str, "engine": str, "python": str, "installed": list, "jail": str, "gpus": int}
        if not all(isinstance(told[name], kind) for name, kind in kinds.items()):
            raise TypeError("it says something else")
        return dict(told)
    except (ValueError, KeyError, TypeError) as error:
        return str(error).splitlines()[0]


def _difference(told: Mapping[str, Any]) -> str:
    """In what a worker's grader is another than this machine's."""
    if told["python"] != platform.python_version():
        return f"it has Python {told['python']}, this machine {platform.python_version()}"
    if told["engine"] != engine_hash():
        return "its clozegrad is not the same as this machine's: install the same version on both"
    here, there = set(installed()), set(map(str, told["installed"]))
    differing = [f"{name} only there" for name in sorted(there - here)]
    differing += [f"{name} only here" for name in sorted(here - there)]
    return f"its packages are not this machine's ({few(differing, _MOST_NAMED) or 'another build of Python'})"
