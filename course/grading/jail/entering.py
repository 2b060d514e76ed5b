"""The way into a jail: from a fresh fork to an empty folder in which the student's code may run."""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from course.errors import CourseError
from course.grading.jail import kernel, landlock, namespaces, privileges, reaper, scratch, seccomp, view
from course.grading.jail.plan import ISOLATION_LEVELS, JailPlan


def enter(plan: JailPlan, keep_fds: Iterable[int] = ()) -> None:
    """Jail this forked, single-threaded process: on return the code runs inside, in an empty writable folder.

    Only the open files `keep_fds` stay open; 0, 1 and 2 read and write nothing unless named. The process that called
    stays outside, waits, ends as the inner one ends, and dies with its parent; when it dies, so does the inner one.
    Raises CourseError when the jail cannot be built: then the caller must end without running the student's code.
    """
    if plan.isolation not in ISOLATION_LEVELS:
        raise CourseError(f"there is no jail called {plan.isolation!r}; use one of {', '.join(ISOLATION_LEVELS)}")
    _be_first_to_go()
    try:
        privileges.close_other_files(keep_fds)
        if not kernel.is_linux():
            scratch.enter_elsewhere(plan.files, plan.limits)
        elif plan.isolation == "namespaces":
            _enter_namespaces(plan)
        else:
            _enter_scratch(plan)
    except OSError as error:
        raise CourseError(
            f"the jail {plan.isolation!r} could not be set up: {error}; `course doctor` shows which one works"
        ) from error


def _be_first_to_go() -> None:
    """Where the machine's memory comes to its end, let the kernel end a student's process before any other."""
    with contextlib.suppress(OSError):  # elsewhere than on Linux
        Path("/proc/self/oom_score_adj").write_text("1000")


def settle_on(plan: JailPlan, cores: Iterable[int]) -> None:
    """Keep this jail to its cores from now on; inside the upper levels nothing can leave them.

    A neighbour's hundred processes then share one core, which is not this one.
    """
    if cores := tuple(cores):
        os.sched_setaffinity(0, cores)
        if plan.isolation != "plain":
            seccomp.install(seccomp.for_settled())


def _enter_namespaces(plan: JailPlan) -> None:
    uid = privileges.spare_uid()
    root = namespaces.Root(_shown(plan), plan.devices, plan.files, plan.limits)
    namespaces.separate()
    alive = reaper.fork_inside()
    inner = os.geteuid()
    uid = uid if inner == 0 else None  # a user namespace of its own has one user and nobody else to become
    namespaces.settle(root, owner=inner if uid is None else uid)
    _use(namespaces.WORK, Path("/tmp"))
    own_count = uid is not None or privileges.counts_by_namespace()
    privileges.give_up(plan.limits, uid, own_count=own_count)
    reaper.die_with_reaper(alive)
    seccomp.install(seccomp.for_namespaces(devices=bool(plan.devices)))


def _enter_scratch(plan: JailPlan) -> None:
    uid = privileges.spare_uid()
    shown = _shown(plan)
    folder = scratch.make()
    alive = reaper.fork_inside(folder)
    scratch.fill(folder, plan.files, uid)
    _use(folder / "work", folder / "tmp")
    privileges.give_up(plan.limits, uid, own_count=uid is not None, keep=privileges.reading_capability())
    reaper.die_with_reaper(alive)
    if plan.isolation == "landlock":
        landlock.restrict(scratch.readable(shown, devices=bool(plan.devices)), [folder], scratch.devices(plan.devices))
        scoped = landlock.holds_signals()
        chosen = seccomp.rules(own_network=False, devices=bool(plan.devices), scoped_signals=scoped)
        seccomp.install(seccomp.compile_rules(chosen))


def _shown(plan: JailPlan) -> dict[Path, Path | None]:
    return view.trees(plan.hide, plan.keep, devices=bool(plan.devices))


def _use(work: Path, temporary: Path) -> None:
    """Stand in the working folder and let programs put their temporary files where they may."""
    os.chdir(work)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(
        temporary
    )  # the module remembers the fork server's
