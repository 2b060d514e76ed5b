"""The nursery on machines whose libraries do more at import than they should."""

import os
import signal
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import course
from course.errors import CourseError
from course.grading.nursery import FAILED_TO_START, Nursery

if not Path("/proc/self/task").is_dir():
    pytest.skip("threads are counted in /proc", allow_module_level=True)

RESTLESS = "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), daemon=True).start()\n"


def test_a_module_that_starts_threads_is_left_to_the_forks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = environment(tmp_path, restless=RESTLESS, wrapper="import restless", quiet="")
    monkeypatch.setattr(sys, "executable", python)
    with Nursery() as nursery:
        nursery.prepare(["quiet", "wrapper", "restless"])
        assert len(list(Path(f"/proc/{nursery.pid}/task").iterdir())) == 1
        assert nursery.status(nursery.fork("examiner", {})) == FAILED_TO_START  # it forks, and finds no work


def test_a_nursery_that_was_killed_says_so() -> None:
    with Nursery() as nursery:
        nursery.prepare()
        os.kill(nursery.pid, signal.SIGKILL)
        with pytest.raises(CourseError, match=r"has died \(killed by signal 9\)"):
            nursery.fork("examiner", {})


def environment(folder: Path, **modules: str) -> str:
    """The Python of a new environment that sees this one's packages, and these modules by name besides."""
    venv.create(folder, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    places = (sysconfig.get_paths()["purelib"], str(Path(course.__file__).parents[1]))
    (packages / "these.pth").write_text("\n".join(places))
    for name, source in modules.items():
        (packages / f"{name}.py").write_text(source)
    return str(folder / "bin" / "python")
