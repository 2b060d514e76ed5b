"""The jail around one submission: entered after the fork, before any of the student's code.

There are three rungs; ``find_rung`` tells by trying which is the highest that works here.

``namespaces``  own users, processes, network and file tree; a filter on system calls; limits.
``landlock``    Landlock rules on files, a stricter filter, limits.
``plain``       a session of its own and limits (and another user, where root grades): a fence, no jail.

The upper two protect against the following, and each sentence is a test in tests/attacks:

- No file is read but those of the system's programs, the Python environment and the working folder.
- No file outside the working folder is written, made, removed, or given another mode, owner or time.
- Nothing is reached through a network or a socket of this machine.
- No process outside is seen into, signalled or changed.
- No right is gained: no user, capability, setuid program, namespace, mount or root folder.
- The kernel answers everyday calls only: no keys, tracing, handles, clocks, settings, devices or terminals.
- No memory is held that polling would not see, but the capped folders of the namespaces and small buffers.
- No open file of the grader comes in but those named, and no environment but a clean one.
- Processes, processor time, open files and the size of a file are limited, in namespaces also all files together.
- Nothing is left behind when it ends: no process, no shared memory, no file.

They do not protect against these, and each sentence but the last is a test too:

- Memory is not limited from inside; ``course.grading.watch`` does that by polling.
- Under ``landlock`` the disk can be filled, and it can be seen that a file exists.
- Under ``plain`` all that the grader may read can be read.
- Where root lacks the right to administer (Docker's default), the kernel does not count processes in namespaces.
- With GPUs, kernel drivers are within reach and memory may hide from polling.
- With GPUs, a jail may rename its own threads, and under ``landlock`` take a socket's name that is free.
- A flaw in the kernel, or what can be learnt from timing.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course import datafolder
from course.errors import CourseError
from course.grading.jail import keeper, kernel, landlock, namespaces, privileges, scratch, seccomp, view
from course.grading.jail.privileges import JailLimits
from course.grading.jail.rungs import RUNGS, Rung, find_rung, require, rungs
from course.grading.limits import Limits

__all__ = ["JailLimits", "JailPlan", "Rung", "clean_environment", "enter", "find_rung", "plan_for", "require", "rungs"]

_HARMLESS = ("TZ", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "CLOZEGRAD_DATA")


@dataclass(frozen=True)
class JailPlan:
    """What one jail shows and allows.

    Args:
        rung: one of ``rungs()``.
        hide: folders and files that must not show, even inside a tree that does.
        keep: folders and files that stay readable where they lie, even inside a hidden one.
        files: what the working folder holds at the start, by relative name: bytes, or a file or folder to show there.
        devices: device files to keep, such as ``/dev/nvidia0``.
    """

    rung: str
    hide: tuple[Path, ...] = ()
    keep: tuple[Path, ...] = field(default_factory=view.environment)
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    limits: JailLimits = field(default_factory=JailLimits)
    devices: tuple[Path, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The plan as plain data, to send to the process that will be jailed."""
        paths = {name: [str(path) for path in getattr(self, name)] for name in ("hide", "keep", "devices")}
        files = {name: content if isinstance(content, bytes) else str(content) for name, content in self.files.items()}
        return {"rung": self.rung, **paths, "files": files, "limits": asdict(self.limits)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "JailPlan":
        """The plan that ``as_data`` made plain."""
        hide, keep, devices = (tuple(map(Path, data[name])) for name in ("hide", "keep", "devices"))
        files = {
            name: Path(content) if isinstance(content, str) else content for name, content in data["files"].items()
        }
        return cls(data["rung"], hide, keep, files, JailLimits(**data["limits"]), devices)


def plan_for(
    rung: str, folder: Path, files: Mapping[str, bytes | Path] | None = None, limits: Limits | None = None
) -> JailPlan:
    """The plan for grading in the course ``folder``: it and all homes hidden, the Python environment kept, GPUs too."""
    if folder.resolve() in view.environment():
        raise CourseError(
            f"{folder} is the Python environment itself, which a jail shows; put that in a folder of its own"
        )
    hide = (folder, Path.home(), Path("/home"), Path("/root"))
    keep = (*view.environment(), datafolder.root().resolve())
    devices = tuple(sorted(Path("/dev").glob("nvidia*"))) if kernel.is_linux() else ()
    return JailPlan(rung, hide, keep, files or {}, _jail_limits(limits or Limits()), devices)


def _jail_limits(limits: Limits) -> JailLimits:
    cpu_s = int(limits.submission_s) * (os.cpu_count() or 1)
    sizes = {"file_mb": limits.file_mb, "disk_mb": limits.file_mb, "shm_mb": limits.file_mb}
    return JailLimits(processes=limits.processes, cpu_s=cpu_s, **sizes)


def enter(plan: JailPlan, keep_fds: Iterable[int] = ()) -> None:
    """Jail this forked, single-threaded process: on return the code runs inside, in an empty writable folder.

    Only the open files ``keep_fds`` stay open; 0, 1 and 2 read and write nothing unless named. The process that called
    stays outside, waits, ends as the inner one ends, and dies with its parent; when it dies, so does the inner one.
    Raises CourseError when the jail cannot be built: then the caller must end without running the student's code.
    """
    if plan.rung not in RUNGS:
        raise CourseError(f"there is no jail called {plan.rung!r}; use one of {', '.join(RUNGS)}")
    try:
        privileges.close_other_files(keep_fds)
        if not kernel.is_linux():
            scratch.enter_elsewhere(plan.files, plan.limits)
        elif plan.rung == "namespaces":
            _enter_namespaces(plan)
        else:
            _enter_scratch(plan)
    except OSError as error:
        raise CourseError(
            f"the jail {plan.rung!r} does not stand: {error}; `course doctor` shows which does"
        ) from error


def clean_environment(**more: str) -> dict[str, str]:
    """The environment to start a nursery with: nothing of the instructor's but where libraries and the GPU are.

    It must be there from exec on: what a process was started with stays readable in its memory and its forks'.
    """
    kept = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    path = os.pathsep.join([str(Path(sys.prefix, "bin")), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1", **kept, **more}


def _enter_namespaces(plan: JailPlan) -> None:
    uid = privileges.spare_uid()
    root = namespaces.Root(_shown(plan), plan.devices, plan.files, plan.limits)
    namespaces.separate()
    alive = keeper.fork_inside()
    inner = os.geteuid()
    uid = uid if inner == 0 else None  # a user namespace of its own has one user and nobody else to become
    namespaces.settle(root, owner=inner if uid is None else uid)
    _use(namespaces.WORK, Path("/tmp"))
    own_count = uid is not None or privileges.counts_by_namespace()
    privileges.give_up(plan.limits, uid, own_count=own_count)
    keeper.die_with_keeper(alive)
    seccomp.install(seccomp.rules(own_network=True, devices=bool(plan.devices)))


def _enter_scratch(plan: JailPlan) -> None:
    uid = privileges.spare_uid()
    shown = _shown(plan)
    folder = scratch.make()
    alive = keeper.fork_inside(folder)
    scratch.fill(folder, plan.files, uid)
    _use(folder / "work", folder / "tmp")
    privileges.give_up(plan.limits, uid, own_count=uid is not None, keep=privileges.reading_capability())
    keeper.die_with_keeper(alive)
    if plan.rung == "landlock":
        landlock.restrict(scratch.readable(shown, devices=bool(plan.devices)), [folder], scratch.devices(plan.devices))
        scoped = landlock.holds_signals()
        seccomp.install(seccomp.rules(own_network=False, devices=bool(plan.devices), scoped_signals=scoped))


def _shown(plan: JailPlan) -> dict[Path, Path | None]:
    return view.trees(plan.hide, plan.keep, devices=bool(plan.devices))


def _use(work: Path, temporary: Path) -> None:
    """Stand in the working folder and let programs put their temporary files where they may."""
    os.chdir(work)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)  # the module remembers the nursery's
