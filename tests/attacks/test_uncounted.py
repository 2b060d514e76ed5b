"""Where the kernel does not count a jail's processes, as for root in Docker, the grader does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.ordinary import ROOT
from tests.attacks.prison import DOCKER_CAPABILITIES
from tests.grading.notebooks import answer, filled, graded, make_course, notebook, raw

BOMB = """
import os, time
def f(x):
    for _ in range(300):
        if os.fork() == 0: time.sleep(60)
    time.sleep(60)
"""
GRADED = """
import sys
from pathlib import Path
from course.folder import CourseFolder
from course.grading.run import grade
(verdict,) = grade(CourseFolder(Path(sys.argv[1])), "ps1")
print(verdict.jail, [(cell.earned, cell.ending, cell.message) for cell in verdict.cells])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its rights up")
def test_a_fork_bomb_that_the_kernel_does_not_count_costs_only_its_own_call(tmp_path: Path) -> None:
    source = notebook(
        answer("f", "def f(x): return x"),
        graded("f_tests", "assert f(1) == 1"),
        answer("g", "g = 1"),
        graded("g_tests", "assert g == 1"),
    )
    source.metadata["clozegrad"] = {"processes": 40}
    folder = make_course(tmp_path.resolve(), norms=source)
    (folder.submitted / "eve/ps1").mkdir(parents=True)
    (folder.submitted / "eve/ps1/norms.ipynb").write_bytes(raw(filled(source, {"f": BOMB})))
    script = f"""
import os, sys
from course.grading.jail import kernel
for number in range(64):
    if number not in {DOCKER_CAPABILITIES}:
        try: kernel.prctl(kernel.PR_CAPBSET_DROP, number)
        except OSError: break
os.execv(sys.executable, [sys.executable, "-c", {GRADED!r}, {str(folder.root)!r}])
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    found = "(0.0, 'crashed', 'the notebook started more than 40 processes'), (1.0, 'passed', '')"
    assert run.stdout == f"namespaces [{found}]\n", run.stderr
