"""Run the tests as an ordinary user where one is root: `python -m tests.attacks.ordinary [pytest's arguments]`.

Without arguments these are the attacks. The user is nobody, with a home of its own, in a mount namespace in which
everybody can read the Python environment and these files, wherever they lie.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534
_NEW_MOUNTS, _PRIVATE = 0x20000, 0x44000


def become(*more: Path) -> None:
    """Give root's rights up for good; the environment, and `more`, stay readable."""
    from course.grading.jail import kernel, namespaces, view

    kernel.call("unshare", _NEW_MOUNTS, what="mounts")
    kernel.call("mount", None, b"/", None, _PRIVATE, None, what="private")
    wanted = (*view.environment(), *more)
    closed = {parent for path in wanted for parent in path.parents if not parent.stat().st_mode & 0o001}
    for folder in closed:
        trees = {path: namespaces._detached(path) for path in wanted if path.is_relative_to(folder)}
        kernel.call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", 0, b"mode=755", what=str(folder))
        for path in sorted(trees, key=lambda path: len(path.parts)):
            os.makedirs(path, exist_ok=True)
            kernel.syscall("move", kernel.SYS_MOVE_MOUNT, trees[path], b"", -100, os.fsencode(path), 4)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # as it is for every program that a user starts


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest as an ordinary user, and tell how that ended."""
    command = [sys.executable, "-m", "tests.attacks.ordinary", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        os.chmod(home, 0o777)
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        changes = {"HOME": home, "TMPDIR": home, "USER": "nobody", "PYTHONDONTWRITEBYTECODE": "1"}
        more = ["-p", "no:cacheprovider", *(arguments or ["tests/attacks"])]
        command = [sys.executable, "-m", "pytest", *more]
        pid = os.fork()
        if not pid:
            if os.geteuid() == 0:
                become(ROOT)
            os.execve(command[0], command, os.environ | changes)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        subprocess.run(["chmod", "-R", "u+rwX", home], check=False)
    sys.exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
