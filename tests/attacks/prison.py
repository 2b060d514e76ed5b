"""A small fork server for tests: forks code into a jail, as root or as an ordinary user, and tells what came of it.

Run as a program it is the fork server; imported, ``Prison`` drives it. Where tests run as root, an ordinary user
is made in a mount namespace of its own, in which everybody can read the Python environment.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.attacks.ordinary import ROOT, become

USERS = ("root", "container", "ordinary")  # container: root without the right to administer, as in Docker
DOCKER_CAPABILITIES = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)


@dataclass(frozen=True)
class Outcome:
    """What jailed code printed, how its process ended, and how long that took."""

    text: str
    status: int
    seconds: float


class Prison:
    """The driver's side; ``refuse`` names system calls that the whole fork server is denied, as by another sandbox."""

    def __init__(self, user: str, *, refuse: tuple[str, ...] = (), cover_proc: bool = False, preload: str = "") -> None:
        from course.grading.jail import clean_environment

        self.user = user
        config = {"user": user, "refuse": refuse, "cover_proc": cover_proc, "preload": preload}
        self.process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,  # not where a test before has left this process: an ordinary user may not walk up from there
            env=clean_environment(PYTHONPATH=str(ROOT)),
        )

    def run(self, code: str, isolation: str | None, **more: Any) -> Outcome:
        """Run ``code`` in the jail ``isolation`` (None: a bare fork); ``more`` goes to the plan, ``world`` to the code."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"code": code, "isolation": isolation, **more}, default=str) + "\n")
        self.process.stdin.flush()
        return Outcome(**json.loads(self.process.stdout.readline()))

    def attempt_all(self, codes: dict[str, str], isolation: str | None, **more: Any) -> dict[str, str]:
        """Try each of ``codes`` in a process of its own, all in one jail; what each printed, by name."""
        outcome = self.run("", isolation, attempts=codes, **more)
        results: dict[str, str] = json.loads(outcome.text)
        return results

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait(10)
        self.process.stdout.close()  # type: ignore[union-attr]

    def __enter__(self) -> "Prison":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _main(config: dict[str, Any]) -> None:
    if config["preload"]:
        __import__(config["preload"])
    if config["cover_proc"]:
        _cover_proc()
    if config["user"] == "ordinary" and os.geteuid() == 0:
        become()
    if config["user"] == "container":
        from course.grading.jail import kernel

        kernel.set_capabilities(sum(1 << number for number in DOCKER_CAPABILITIES))
    if config["refuse"]:
        from course.grading.jail import kernel, seccomp

        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.install(seccomp.compile_rules(tuple(seccomp.Rule(name) for name in config["refuse"])))
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _run(job: dict[str, Any]) -> dict[str, object]:
    read, write = os.pipe()
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        code = 70
        try:
            code = _jailed(job)
        finally:
            os._exit(code)
    os.close(write)
    text = _all_of(read, until=time.monotonic() + float(job.get("wait_s", 60)))
    _, status = os.waitpid(pid, 0)
    return {"text": text, "status": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - start}


def _jailed(job: dict[str, Any]) -> int:
    from course.grading.jail import JailLimits, JailPlan, enter, kernel, settle_on, syscalls

    limits = JailLimits(**job.get("limits", {}))
    hide, keep, devices = (tuple(map(Path, job.get(name, ()))) for name in ("hide", "keep", "devices"))
    files = {name: text.encode() for name, text in job.get("files", {}).items()}
    trees = {name: Path(path) for name, path in job.get("trees", {}).items()}
    attack_target = {**job.get("world", {}), "os": os, "kernel": kernel, "number": syscalls.numbers(), "Path": Path}
    try:
        if job["isolation"] is not None:
            plan = JailPlan(job["isolation"], hide, (*JailPlan("plain").keep, *keep), files | trees, limits, devices)
            enter(plan, keep_fds=(1, 2))
            settle_on(plan, job.get("cores", ()))
        if "attempts" in job:
            attack_target["reaper"] = os.getppid()
            print(
                json.dumps({name: _attempt(code, attack_target) for name, code in job["attempts"].items()}), flush=True
            )
            return 0
        exec(job["code"], attack_target)
        print("ESCAPED", flush=True)
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException as error:
        print(f"held: {type(error).__name__}: {error}", flush=True)
    return 0


def _attempt(code: str, attack_target: dict[str, Any]) -> str:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        signal.alarm(20)
        try:
            exec(code, dict(attack_target))
            print("ESCAPED", flush=True)
        except BaseException as error:
            print(f"held: {type(error).__name__}: {error}", flush=True)
        finally:
            os._exit(0)
    os.close(write)
    text = _all_of(read, until=time.monotonic() + 30)
    os.waitpid(pid, 0)
    return text


def _all_of(fd: int, until: float) -> str:
    parts = []
    while select.select([fd], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(fd, 1 << 16)
        if not part:
            break
        parts.append(part)
    else:
        parts.append(b"\n(still open after the time allowed)")
    os.close(fd)
    return b"".join(parts).decode(errors="replace")


def _cover_proc() -> None:
    """Hide a part of /proc, as container runtimes do; the kernel then refuses a new /proc in a user namespace."""
    from course.grading.jail import kernel

    kernel.call("unshare", 0x20000, what="mounts")
    kernel.call("mount", None, b"/", None, 0x44000, None, what="private")
    kernel.call("mount", b"tmpfs", b"/proc/sys", b"tmpfs", 0, None, what="/proc/sys")


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
