"""A class of hand-ins in every shape, graded by the command line: one right verdict each, and each says what was done."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from course.folder import CourseFolder
from course.grading.process.forkserver import ForkServer
from course.grading.run import grade
from course.grading.verdict import stored
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.notebooks import make_course
from tests.grading.shapes import (
    ANSWERS,
    CHANGES,
    ENCODINGS,
    POINTS,
    SHAPES,
    SILENT,
    SOURCE,
    inserted,
    made,
    rewritten,
    untouched,
    with_kernel,
)
from tests.grading.submission.test_choosing import zipped

HONEST = SHAPES["honest"]
AREA = "def area(r):\n    return math.pi * r**2"
RUNS = {  # what runs otherwise in the engine than in a test of repair
    "a widget": "from ipywidgets import interact\ninteract(lambda x: x, x=3)",
    "a bar for notebooks": "from tqdm.notebook import tqdm\nfor step in tqdm(range(3)):\n    pass",
    "a figure in a widget": "%matplotlib widget\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "a figure of the old kind": "%matplotlib notebook\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "a question that nobody answers": "name = input('who are you? ')\nprint(name)",
    "a secret that nobody types": "import getpass\ngetpass.getpass()",
    "odd names": "t = checks = _ = __ = In = Out = exit = quit = 5",
    "no IPython": "get_ipython = None\ndisplay = None",
    "a builtin rebound": "print = sum = None",
    "a drive of Colab's": "from google.colab import drive\ndrive.mount('/content/drive')",
}
SHOWN = (
    "all answers merged",
    "every cell merged into one",
    "no line ends in any cell",
    "an answer in a fence",
    "an answer typed into the test cell",
    "a demonstration that gives the name away",
    "cells of another release",
    "stripped of metadata and ids",
    "metadata of widgets without their state",
    "no kernel",
    "format 3",
    "UTF-16",
    "a broken cell",
    "a script with cells",
    "source cut into equal pieces",
    "answers merged in one assignment",
    "the cells in reverse",
    "an answer in HTML",
    "a list of cells",
)
FILES: dict[str, dict[str, bytes]] = {
    **{name: {"ps1/sheet.ipynb": SHAPES[name]} for name in SHOWN},
    **{name: {"ps1/sheet.ipynb": made(inserted("area", source))} for name, source in RUNS.items()},
    "a question in the answer": {"ps1/sheet.ipynb": made(rewritten("area", f"{AREA}\nname = input('who? ')"))},
    "one more extension": {"ps1/sheet.ipynb.txt": HONEST},
    "another one": {"ps1/sheet.ipynb.json": HONEST},
    "capitals": {"ps1/SHEET.IPYNB": HONEST},
    "two folders deeper": {"ps1/a/b/sheet.ipynb": HONEST, "ps1/a/b/.DS_Store": b"\0"},
    "a copy": {"ps1/Copy of sheet.ipynb": HONEST, "ps1/sheet.ipynb": untouched()},
    "another copy": {"ps1/sheet (1).ipynb": untouched(), "ps1/sheet.ipynb": HONEST},
    "renamed": {"ps1/my final work.ipynb": HONEST},
    "zipped": {"ps1/ps1.zip": zipped({"ps1/sheet.ipynb": HONEST, "__MACOSX/ps1/._sheet.ipynb": b"\0"})},
    "zipped beside the untouched one": {"ps1/sheet.ipynb": untouched(), "ps1/a.zip": zipped({"sheet.ipynb": HONEST})},
    "a script without cells": {"ps1/sheet.py": "\n\n".join(["import math", *ANSWERS.values()]).encode()},
    "kept by Jupyter": {"ps1/sheet.ipynb": untouched(), "ps1/.ipynb_checkpoints/sheet-checkpoint.ipynb": HONEST},
    "a copy of the folder": {"ps1/sheet.ipynb": untouched(), "ps1 (1)/sheet.ipynb": HONEST},
    "a folder of another name": {"ps1-copy/sheet.ipynb": HONEST},
    "a folder around the lesson's": {"submission/ps1/sheet.ipynb": HONEST},
    "a lesson in capitals": {"PS1/sheet.ipynb": HONEST},
    "odd\u200bname": {"ps1/sheet.ipynb": HONEST},
    "line\nbreak": {"ps1/sheet.ipynb": HONEST},
    "right\u202eleft": {"ps1/sheet.ipynb": HONEST},
    "dots..": {"ps1/sheet.ipynb": HONEST},
    "jose\u0301": {"ps1/sheet.ipynb": HONEST},
    "jos\u00e9": {"ps1/sheet.ipynb": HONEST},
    "\U0001f469\u200d\U0001f4bb": {"ps1/sheet.ipynb": HONEST},
    os.fsdecode(b"caf\xe9"): {"ps1/sheet.ipynb": HONEST},
}
LOST: dict[str, tuple[dict[str, bytes], str]] = {  # what earns nothing, and the reason that is given
    "untouched": ({"ps1/sheet.ipynb": untouched()}, "3 not answered"),
    "an empty file": ({"ps1/sheet.ipynb": b""}, "it is empty"),
    "a page": ({"ps1/sheet.html": b"<html>"}, "found instead: sheet.html"),
    "a PDF": ({"ps1/sheet.ipynb": b"%PDF-1.7"}, "it is a PDF file"),
    "nothing": ({"ps1/.keep": b""}, "no notebook sheet.ipynb was handed in"),
    "another notebook": ({"ps1/other.ipynb": b'{"cells": [{"source": "1"}]}'}, "is it the right notebook?"),
}
TOLD = set(SHOWN) - SILENT | {
    "one more extension",
    "another one",
    "capitals",
    "two folders deeper",
    "a copy",
    "renamed",
    "zipped beside the untouched one",
    "a script without cells",
    "kept by Jupyter",
    "a copy of the folder",
    "a folder of another name",
    "a folder around the lesson's",
}


EVERYONE = {**FILES, **{name: files for name, (files, _) in LOST.items()}}
HONEST_ONES = {f"honest_{number:02}": {"ps1/sheet.ipynb": HONEST} for number in range(12)}
SPIN = "while True: pass"
pytestmark = pytest.mark.timeout(1500)  # as long as it takes beside other work


def furnish(root: Path, everyone: Mapping[str, Mapping[str, bytes]]) -> CourseFolder:
    """A course whose source has been through other tools as well, and a class's hand-ins."""
    source = with_kernel(SOURCE, None)
    source.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}
    folder = make_course(root.resolve(), sheet=source)
    nbformat.write(SOURCE, folder.source / "ps1/sheet.ipynb")
    data = json.loads((folder.source / "ps1/sheet.ipynb").read_text("utf-8"))
    data["metadata"] = dict(source.metadata)
    (folder.source / "ps1/sheet.ipynb").write_text(json.dumps(data), "utf-8")
    for student, files in everyone.items():
        for place, content in files.items():
            path = folder.submitted / student / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


@pytest.mark.slow
def test_a_class_in_every_shape_gets_one_right_verdict_each(tmp_path: Path) -> None:
    folder = furnish(tmp_path, EVERYONE)
    verdicts = graded(folder)
    assert {len(names) for names in verdicts.values()} == {1}
    assert len(verdicts) == len(EVERYONE)
    points = {student: found[0].points for student, found in verdicts.items()}
    for student in FILES:
        name = as_kept(student)
        assert points[name] == POINTS, (student, verdicts[name])
        assert verdicts[name][0].repairs or student not in TOLD, student
    assert {points[student] for student in LOST} == {0}
    with (folder.root / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert "odd\\u200bname" in rows
    for student, (_, reason) in LOST.items():
        assert reason in rows[student]["what_went_wrong"], rows[student]


@pytest.mark.slow
def test_on_a_busy_machine_with_its_fork_server_killed_three_times_each_still_gets_one_right_verdict(
    tmp_path: Path,
) -> None:
    everyone = EVERYONE | HONEST_ONES
    assert len(everyone) >= 60
    folder = furnish(tmp_path, everyone)
    deaths = sorted(random.sample(range(1, len(everyone) - 5), 3))
    struck: list[int] = []
    seen: list[SubmissionVerdict] = []
    with ForkServer(torch=False) as forkserver, busy(len(os.sched_getaffinity(0))):

        def strike(verdict: SubmissionVerdict) -> None:
            seen.append(verdict)
            due = [death for death in deaths if death <= len(seen)]
            if len(due) > len(struck) == forkserver.generation:  # verdicts are kept behind those that are graded
                os.kill(forkserver.pid, signal.SIGKILL)
                struck.append(len(seen))

        verdicts = grade(folder, "ps1", jobs=2, forkserver=forkserver, on_progress=strike)
        assert struck
        assert forkserver.generation in (len(struck), len(struck) - 1)  # nobody may need a fork after the last one
    assert sorted(verdict.student for verdict in seen) == sorted(map(as_kept, everyone))
    wrong = {v.student: v for v in verdicts if v.points != (0 if v.student in LOST else POINTS)}
    assert wrong == {}, struck
    assert len(verdicts) == len(everyone)


def as_kept(student: str) -> str:
    """A student's name as it stands in verdict and gradebook."""
    return os.fsencode(student).decode("utf-8", "backslashreplace")


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """As many processes as there are cores that do nothing but take time."""
    spinning = [subprocess.Popen([sys.executable, "-I", "-S", "-c", SPIN]) for _ in range(cores)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def graded(folder: CourseFolder) -> dict[str, list[stored.SubmissionVerdict]]:
    """The verdicts by student that `course grade` leaves beside the notebooks."""
    command = [sys.executable, "-m", "course", "grade", "ps1", "--csv", "table.csv"]
    done = subprocess.run(command, cwd=folder.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[stored.SubmissionVerdict]] = {}
    for path in sorted(folder.autograded.glob("*/ps1/*.verdict.json")):
        verdict = stored.read(path)
        found.setdefault(verdict.student, []).append(verdict)
    return found


def test_every_listed_shape_is_one_that_there_is() -> None:
    assert set(SHOWN) <= set(CHANGES) | set(ENCODINGS)
