"""The engine: right answers get their points, every ending has its word, and one cell never costs another its points."""

import dataclasses
import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from course.grading.engine import Engine, Submission
from course.grading.process.forkserver import ForkServer
from course.grading.submission.files import HandIn, handed_in
from course.grading.system import tree
from course.grading.system.slots import usable_cores
from tests.grading.exam_fixture import ANSWERS, HIDDEN, LESSON, Room, cell, scores
from tests.grading.notebooks import answer, filled, graded, locked, notebook, raw

FULL = {"double": 3, "field": 1, "Tiny": 2, "step": 1}


def test_right_answers_get_full_points(room: Room) -> None:
    verdict = room.grade(ANSWERS)
    assert scores(verdict) == FULL
    assert {one.ending for one in verdict.cells} == {"passed"}
    assert verdict.jail == "namespaces"


def test_the_untouched_release_gets_nothing_and_is_called_blank(room: Room) -> None:
    verdict = room.grade({})
    assert verdict.points == 0
    assert {one.ending for one in verdict.cells} == {"blank"}


def test_a_wrong_answer_keeps_the_points_of_its_right_checks(room: Room) -> None:
    verdict = room.grade(ANSWERS | {"double": "def double(x):\n    return x * 0 + 2"})
    assert scores(verdict) == FULL | {"double": 1}
    assert cell(verdict, "double").ending == "partial"


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        ("def double(x):\n    while True: pass", "timeout"),
        ("import os\ndef double(x):\n    os._exit(0)", "exited"),
        ("import os\ndef double(x):\n    os.abort()", "crashed"),
        ("import ctypes\ndef double(x):\n    ctypes.string_at(0)", "crashed"),
        ("def double(x):\n    raise SystemExit", "failed"),
        ("def double(x):\n    exit()", "failed"),
        (
            "import signal\ndef double(x):\n    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
            "timeout",
        ),
        (
            "import mmap, time\ndef double(x):\n    held = []\n    while True:\n        held.append(b'x' * 50_000_000)\n"
            "        if len(held) > 60: time.sleep(0.05)",
            "out of memory",
        ),
    ],
)
def test_every_ending_of_a_call_has_its_word_and_costs_only_its_cell(room: Room, answer: str, ending: str) -> None:
    verdict = room.grade(ANSWERS | {"double": answer})
    assert scores(verdict) == FULL | {"double": 0}
    assert cell(verdict, "double").ending == ending


@pytest.mark.parametrize(
    "answer",
    [
        "import os\nos._exit(0)",
        "while True: pass",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "1 / 0",
        "def double(x:",
        "quit()",
    ],
)
def test_a_cell_that_does_not_end_costs_only_its_own_exercise(room: Room, answer: str) -> None:
    assert scores(room.grade(ANSWERS | {"double": answer})) == FULL | {"double": 0}


@pytest.mark.parametrize(
    "honest",
    [
        "import warnings\ndef double(x):\n    warnings.warn('careful')\n    return 2 * x",
        "import sys\ndef double(x):\n    print('hello', file=sys.stderr)\n    return 2 * x",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], check=True)\ndef double(x):\n    return 2 * x",
        "import threading\ndef double(x):\n    got = []\n    t = threading.Thread(target=lambda: got.append(2 * x))\n"
        "    t.start(); t.join()\n    return got[0]",
        "from torch.utils.data import DataLoader\ntotal = sum(b.sum() for b in DataLoader(torch.arange(8), batch_size=2, num_workers=2))\n"
        "assert total == 28\ndef double(x):\n    return 2 * x",
        "%matplotlib inline\n%timeit -n1 -r1 1 + 1\ndef double(x):\n    return 2 * x",
        "!echo hello\ndef double(x):\n    return 2 * x",
        "import asyncio\nawait asyncio.sleep(0.01)\ndef double(x):\n    return 2 * x",
        "import tempfile, pathlib\nwith tempfile.TemporaryDirectory() as d:\n    pathlib.Path(d, 'a').write_text('x')\n"
        "pathlib.Path('notes.txt').write_text('mine')\ndef double(x):\n    return 2 * x",
        "from google.colab import drive\ndrive.mount('/content/drive')\ndef double(x):\n    return 2 * x",
        "assert torch.get_num_threads() == 1\ndef double(x):\n    return 2 * x",
        "import ipywidgets\nslider = ipywidgets.IntSlider()\ndisplay(slider)\ndef double(x):\n    return 2 * x",
        "def double(x):\n    return (2 * x).numpy()",
        "def double(x):\n    return [2 * v for v in x.tolist()]",
        "def double(x):\n    return x.double() * 2",
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n    pool.map(abs, [1, 2])\n"
        "def double(x):\n    return 2 * x",
        "def double(x):\n    for _ in range(2_000_000): pass\n    return 2 * x",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ndef double(x):\n    return 2 * x",
        "import logging\nlogging.getLogger().warning('hm')\ndef double(x):\n    logging.error('no')\n    return 2 * x",
        "for i in range(1000): print('x' * 1000)\ndef double(x):\n    return 2 * x",
        "x = input if False else 1\ndouble = lambda x: 2 * x",
        "import functools\nclass D:\n    def __call__(self, x): return 2 * x\ndouble = D()",
        "double = torch.jit._dumps if False else (lambda x: x.mul(2))",
        "import random, numpy as np\nrandom.seed(0); np.random.seed(0); torch.manual_seed(0)\ndef double(x):\n    return 2 * x",
        "def double(x):\n    with torch.no_grad():\n        return torch.add(x, x)",
        "def double(x, *, factor=2, **rest):\n    return factor * x",
        "%%time\ndef double(x):\n    return 2 * x",
        "%%capture out\nprint('kept')\ndouble = lambda x: 2 * x",
        "names = !ls\nassert not [name for name in names if 'missing' in name]\ndef double(x):\n    return 2 * x",
        "import asyncio\nasync def half():\n    await asyncio.sleep(0)\n    return 1\ntwo = sum(await asyncio.gather(half(), half()))\n"
        "def double(x):\n    return asyncio.new_event_loop().run_until_complete(half()) * two * x",
        "import ipywidgets\nfrom IPython.display import HTML, clear_output\nipywidgets.interact(lambda n: n, n=3)\ndisplay(HTML('<b>x</b>'))\n"
        "clear_output(wait=True)\ndef double(x):\n    display(x)\n    return 2 * x",
        "from concurrent.futures import ThreadPoolExecutor\ndef double(x):\n    with ThreadPoolExecutor(2) as pool:\n        return torch.stack(list(pool.map(lambda v: v + v, x)))",
        "from tqdm.auto import tqdm\ndef double(x):\n    for _ in tqdm(range(50)): pass\n    return 2 * x",
        "import numpy as np\ndef double(x):\n    return [np.float32(v) * 2 for v in x.numpy()]",
        "import time\ndef double(x):\n    time.sleep(0.5)\n    return 2 * x",
        "import google.colab\nfrom google.colab import files, output\nif 'google.colab' in str(get_ipython()): files.upload()\ndef double(x):\n    return 2 * x",
        "import gc, inspect, sys\ngc.collect()\ndef double(x):\n    assert 'double' in inspect.getsource(double) and sys._getframe()\n    return 2 * x",
    ],
)  # fmt: skip
def test_honest_code_keeps_full_points(room: Room, honest: str) -> None:
    verdict = room.grade(ANSWERS | {"double": honest})
    assert scores(verdict) == FULL, [
        check.message for one in verdict.cells if one.report for check in one.report.checks
    ]


ON_BOTH_LEVELS = {
    "folders and bookmarks": "%cd .\n%bookmark here\n%cd -b here\n%bookmark -l\n",
    "a loader with workers": "from torch.utils.data import DataLoader\nloader = DataLoader(torch.arange(8), batch_size=2, num_workers=2)\n"
    "assert sum(batch.sum() for batch in loader) == 28\n",
    "a pool": "import multiprocessing\nwith multiprocessing.Pool(2) as pool:\n    assert pool.map(abs, [-1, 2]) == [1, 2]\n",
    "a shared value and its lock": "import multiprocessing\nshared = multiprocessing.Value('i', 3)\n"
    "def add():\n    with shared.get_lock(): shared.value += 1\n"
    "workers = [multiprocessing.Process(target=add) for _ in range(3)]\nfor worker in workers: worker.start()\n"
    "for worker in workers: worker.join()\nassert shared.value == 6\n",
    "a fork that goes on": "import os\nmine = os.getpid()\nos.fork()\nassert os.getpid() == mine\n",
    "a compiled function": "compiled = torch.compile(lambda x: 2 * x)\nassert compiled(torch.ones(1)) == 2\n",
}  # fmt: skip


@pytest.mark.parametrize("isolation", ["namespaces", "landlock"])
@pytest.mark.parametrize("honest", ON_BOTH_LEVELS)
def test_honest_code_keeps_full_points_on_both_upper_levels(room: Room, honest: str, isolation: str) -> None:
    verdict = room.grade(ANSWERS | {"double": ON_BOTH_LEVELS[honest] + ANSWERS["double"]}, isolation=isolation)
    assert scores(verdict) == FULL, [
        output.get("traceback") or output for one in verdict.notebook.cells for output in one.get("outputs", [])
    ]


@pytest.mark.parametrize("isolation", ["namespaces", "landlock"])
def test_a_package_that_cannot_be_fetched_costs_no_time(room: Room, isolation: str) -> None:
    lesson = notebook(answer("told", "told = ''"), graded("told_tests", "assert 'error' in told.lower(), told"))
    installing = "told = '\\n'.join(get_ipython().getoutput('pip install surely-not-there-1 2>&1'))"
    (told,) = room.grade_other(lesson, {"told": installing}, isolation, cell_s=120).cells
    assert told.ending == "passed", told.message


def test_a_function_that_forks_and_goes_on_costs_nobody_a_point(room: Room) -> None:
    forking = "import os\ndef double(x):\n    os.fork()\n    return 2 * x"
    assert scores(room.grade(ANSWERS | {"double": forking})) == FULL


def test_pages_that_were_only_read_are_memory_too(room: Room) -> None:
    lesson = notebook(answer("sparse", "sparse = 1"), graded("sparse_tests", "assert sparse() == 1"))
    reading = (
        "import mmap\ndef sparse():\n    held = []\n    while True:\n"
        "        held.append(mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=1))\n"
        "        held[-1].madvise(mmap.MADV_NOHUGEPAGE)\n"
        "        for place in range(0, 64 << 30, 2 << 20): held[-1][place]"
    )
    verdict = room.grade_other(lesson, {"sparse": reading}, memory_mb=900, call_s=50)
    assert verdict.cells[0].ending == "out of memory"


def test_why_a_jail_could_not_be_set_up_stands_in_the_verdict(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = room.engines("namespaces")
    monkeypatch.setattr(engine, "isolation", "landlock")
    exam = dataclasses.replace(engine.exams[0], files={"data/" + "x" * 300: b"1"})
    notebook = room.folder.submitted / "ann" / LESSON / f"{LESSON}.ipynb"
    verdict = engine.grade_one(HandIn("ann", exam, notebook, notebook.parent))
    assert {one.ending for one in verdict.cells} == {"could not run"}
    assert "the jail 'landlock' could not be set up: [Errno 36] File name too long" in verdict.cells[0].message


@pytest.mark.skipif(len(usable_cores()) < 2, reason="needs a core for each of two")
def test_a_hundred_spinning_processes_starve_no_neighbour(room: Room) -> None:
    spinning = (
        "import os\nfor _ in range(100):\n    if os.fork() == 0:\n        os.setsid()\n        while True: pass\n"
    )
    working = "import time\nbusy = time.process_time\n\ndef double(x):\n    end = busy() + 1.5\n    while busy() < end: pass\n    return 2 * x"
    engine = Engine(room.folder, room.engines("namespaces").exams, jobs=2, isolation="namespaces")
    for student, answer_to_double in {"eve": spinning + ANSWERS["double"], "neighbour": working}.items():
        place = room.folder.submitted / student / LESSON
        place.mkdir(parents=True, exist_ok=True)
        answers = ANSWERS | {"double": answer_to_double}
        (place / f"{LESSON}.ipynb").write_bytes(raw(filled(room.release(), answers)))
    with engine:
        verdicts = engine.grade(handed_in(room.folder, engine.exams, ["eve", "neighbour"]))
        assert {one.student: scores(one) for one in verdicts}["neighbour"] == FULL


def test_hand_ins_are_read_while_the_fork_server_imports(room: Room) -> None:
    students = ["early_1", "early_2", "early_3"]
    read, are_read, in_time = [], threading.Event(), []

    class Late(ForkServer):
        def prepare(self, modules: Iterable[str] = ()) -> None:
            in_time.append(are_read.wait(120))
            super().prepare(modules)

    class Reading(Engine):
        def _prepare(self, hand_in: HandIn) -> Submission:
            read.append(hand_in.student)
            if len(read) == len(students):
                are_read.set()
            return super()._prepare(hand_in)

    exams = room.engines("namespaces").exams
    for student in students:
        place = room.folder.submitted / student / LESSON
        place.mkdir(parents=True)
        (place / f"{LESSON}.ipynb").write_bytes(raw(filled(room.release(), ANSWERS)))
    with Reading(room.folder, exams, jobs=1, isolation="namespaces", forkserver=Late(), calibrate=False) as engine:
        verdicts = list(engine.grade(handed_in(room.folder, engine.exams, students)))
    assert in_time == [True]
    assert read == students
    assert {one.student: scores(one) for one in verdicts} == dict.fromkeys(students, FULL)


@pytest.mark.parametrize(
    "value", ["np.int64(112)", "np.float32(112)", "112.0", "torch.tensor(112)", "np.array(112)", "np.uint8(112)"]
)
def test_a_number_of_any_library_is_that_number(room: Room, value: str) -> None:
    assert scores(room.grade(ANSWERS | {"field": f"import numpy as np\nfield = {value}"})) == FULL


def test_a_file_that_was_handed_in_can_be_written_over(room: Room) -> None:
    writing = "open('weights.bin', 'wb').write(b'2')\nopen('log.txt', 'a').write('more')\n" + ANSWERS["double"]
    files = {"weights.bin": b"old", "log.txt": b"line"}
    assert scores(room.grade(ANSWERS | {"double": writing}, files=files)) == FULL


def test_a_file_with_a_name_that_is_no_text_costs_nothing(room: Room) -> None:
    odd = "import os\nassert os.fsdecode(b'caf\\xe9.csv') in os.listdir('.')\n" + ANSWERS["double"]
    assert scores(room.grade(ANSWERS | {"double": odd}, files={os.fsdecode(b"caf\xe9.csv"): b"1"})) == FULL


def test_a_test_that_keeps_all_it_gets_ends_and_costs_only_itself(room: Room) -> None:
    greedy = notebook(
        locked("setup", "import torch"),
        answer("batches", "def batches():\n    ### BEGIN SOLUTION\n    yield torch.zeros(3)\n    ### END SOLUTION"),
        graded("batches_tests", "assert [b.shape for b in list(batches())] == [(3,)]"),
        answer("other", "other = 1"),
        graded("other_tests", "assert other == 1"),
    )
    flood = "def batches():\n    while True: yield torch.zeros(10_000_000)"
    verdict = room.grade_other(greedy, {"batches": flood, "other": "other = 1"}, memory_mb=1500, call_s=120, test_s=240)
    endings = {one.grade_id: one.ending for one in verdict.cells}
    assert endings["batches_tests"] == "out of memory"
    assert endings["other_tests"] == "passed"


@pytest.mark.parametrize(
    ("killer", "error"),
    [("import os\nos._exit(0)", "exited"), ("1 / 0", "ZeroDivisionError"), ("while 1: pass", "TimeLimit")],
)
def test_of_cells_in_a_row_each_has_its_own_ending(room: Room, killer: str, error: str) -> None:
    row = notebook(
        answer("a", "a = 1"),
        answer("b", "b = 1"),
        answer("c", "c = 1"),
        graded("tests", "assert (a, c) == (1, 2)"),
        answer("d", "d = 1"),
    )
    answers = {"a": "a = 1\nprint('first')", "b": killer, "c": "c = a + 1\nprint('third')", "d": "print('last')"}
    verdict = room.grade_other(row, answers, cell_s=2)
    assert verdict.cells[0].ending == "passed"
    outputs = [cell.outputs for cell in verdict.notebook.cells]
    assert [outputs[place][0].text for place in (0, 2, 4)] == ["first\n", "third\n", "last\n"]
    assert [output.ename for output in outputs[1]] == [error]


@pytest.mark.parametrize("bad", ["bad = []; bad.append(bad)", "bad = list(range(2_000_000))", "pass"])
def test_a_value_that_cannot_cross_does_not_take_its_neighbours_along(room: Room, bad: str) -> None:
    pair = notebook(
        answer("two", "good, bad = 1, 2"),
        graded("good_tests", "try:\n    bad\nexcept NameError:\n    pass\nassert good == 1"),
    )
    assert room.grade_other(pair, {"two": f"good = 1\n{bad}"}).cells[0].ending == "passed"


def test_a_generator_is_drawn_on_the_students_side_and_one_without_end_fails_its_check(room: Room) -> None:
    counting = notebook(
        locked("setup", "from course import checks"),
        answer("count", "def count():\n    yield from (1, 2)"),
        graded(
            "count_tests",
            'checks.begin("count", points=1)\nwith checks.check("two"):\n    checks.equal(checks.collect(count()), [1, 2])\nchecks.score()',
        ),
    )
    assert scores(room.grade_other(counting, {"count": "def count():\n    yield from (1, 2)"})) == {"count": 1}
    verdict = room.grade_other(counting, {"count": "def count():\n    while True: yield 1"})
    assert scores(verdict) == {"count": 0}
    report = verdict.cells[0].report
    assert report is not None
    assert "does it ever end?" in report.checks[0].message


def test_a_side_that_refuses_what_only_the_grader_asks_costs_only_its_test(room: Room) -> None:
    rebinding = notebook(
        answer("helper", "def helper():\n    return 1\ndef use():\n    return helper()"),
        graded("use_tests", "true_helper = helper\nhelper = lambda: 5\nassert use() == 5"),
        answer("other", "other = 1"),
        graded("other_tests", "assert other == 1"),
    )
    honest = "def helper():\n    return 1\ndef use():\n    return helper()"
    refusing = "\nfrom course.grading.boundary.ends.candidate import Candidate\ndef refuse(*_): raise ValueError\nCandidate._bind = refuse"
    assert scores(room.grade_other(rebinding, {"helper": honest, "other": "other = 1"})) == {"use": 1, "other": 1}
    verdict = room.grade_other(rebinding, {"helper": honest + refusing, "other": "other = 1"})
    assert scores(verdict) == {"use": 0, "other": 1}
    assert cell(verdict, "use").ending == "failed"


def test_a_file_that_the_student_wrote_stays_for_the_next_cell(room: Room) -> None:
    writing = "open('weights.bin', 'wb').write(b'2')\nfield = 112"
    reading = (
        "factor = int(open('weights.bin').read())\ndef step(params, lr):\n    for p in params: p.data -= lr * p.grad"
    )
    assert scores(room.grade(ANSWERS | {"field": writing, "step": reading})) == FULL


def test_a_module_that_the_student_handed_in_can_be_imported(room: Room) -> None:
    verdict = room.grade(
        ANSWERS | {"double": "from helper import double"}, files={"helper.py": b"def double(x): return 2 * x\n"}
    )
    assert scores(verdict) == FULL


def test_a_regrade_draws_the_same_inputs_and_another_student_others(room: Room) -> None:
    printing = {"double": "def double(x):\n    print('saw', x.tolist())\n    return 2 * x"}

    def printed(student: str) -> str:
        report = cell(room.grade(printing, student), "double").report
        assert report is not None
        return report.checks[-1].printed

    assert printed("ann") == printed("ann") != printed("bob")


def test_what_code_prints_in_a_hidden_test_reaches_only_the_instructor(room: Room) -> None:
    verdict = room.grade(ANSWERS | {"double": "def double(x):\n    print('saw', x.tolist())\n    return 2 * x"})
    report = cell(verdict, "double").report
    assert report is not None
    assert "31.41" in report.checks[1].printed
    shown = [output.text for one in verdict.notebook.cells for output in one.get("outputs", []) if "text" in output]
    assert "31.41" not in "".join(shown)


def test_a_student_who_ends_the_process_everywhere_still_gets_a_verdict(room: Room) -> None:
    bomb = "import os\ndef {0}(*a, **k):\n    os._exit(1)"
    answers = {
        "double": bomb.format("double"),
        "Tiny": bomb.format("Tiny"),
        "step": bomb.format("step"),
        "field": "field = 112",
    }
    verdict = room.grade(answers)
    assert scores(verdict) == {"double": 0, "field": 1, "Tiny": 0, "step": 0}


def test_extra_cells_and_other_orders_are_graded(room: Room) -> None:
    notebook = filled(room.release(), ANSWERS)
    notebook.cells.insert(1, new_code_cell("helper = 1", id="extra-1"))
    notebook.cells.append(new_code_cell("print('done')", id="extra-2"))
    assert scores(room.grade_raw(raw(notebook))) == FULL


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"cells": []}', b"x" * 1000])
def test_what_is_no_notebook_gets_a_verdict_that_says_why(room: Room, text: bytes) -> None:
    verdict = room.grade_raw(text)
    assert verdict.points == 0
    assert {one.ending for one in verdict.cells} == {"could not run"}
    assert all(one.message for one in verdict.cells)


def test_a_submission_that_sleeps_past_its_whole_time_is_ended_and_keeps_what_it_had(room: Room) -> None:
    source = notebook(
        answer("one", "one = 1"), graded("one_tests", "assert one == 1"),
        answer("two", "two = 2"), graded("two_tests", "assert two == 2"),
    )  # fmt: skip
    answers = {"one": "one = 1", "two": "import time\ntime.sleep(3600)\ntwo = 2"}
    verdict = room.grade_other(source, answers, cell_s=7200.0, submission_s=5.0)
    assert [cell.earned for cell in verdict.cells] == [1, 0]
    assert verdict.seconds < 3600


def test_nothing_outlives_a_submission(room: Room) -> None:
    daemon = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n    os._exit(0)\n"
        "field = 112"
    )
    assert scores(room.grade(ANSWERS | {"field": daemon}))["field"] == 1
    forkserver = room.engines("namespaces").forkserver.pid
    assert tree.descendants(forkserver) == ()


def test_the_executed_notebook_reads_the_same_to_nbgrader(room: Room) -> None:
    from nbgrader.utils import determine_grade, is_grade

    verdict = room.grade(ANSWERS | {"double": "def double(x):\n    return x * 0 + 2", "field": "field = 3"})
    read = {one.metadata.nbgrader.grade_id: determine_grade(one)[0] for one in verdict.notebook.cells if is_grade(one)}
    assert read == {one.grade_id: one.earned for one in verdict.cells}


def test_the_fork_server_holds_no_test_and_no_secret(room: Room) -> None:
    pid = room.engines("namespaces").forkserver.pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"SECRET" not in environment.upper().replace(b"CLOZEGRAD_DATA", b"")
    opened = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    assert sum(name.startswith("socket:") for name in opened) == 1
    assert not any(name.endswith((".ipynb", ".db")) for name in opened)


def test_the_hidden_number_is_in_no_students_page(room: Room) -> None:
    verdict = room.grade(ANSWERS)
    outputs = [one.get("outputs", []) for one in verdict.notebook.cells]
    assert str(HIDDEN) not in json.dumps(outputs)


def test_the_fork_server_keeps_no_file_open_that_a_fork_would_close_under_another_ones_number(room: Room) -> None:
    room.grade(ANSWERS)  # until it has imported all, it reads files
    opened = Path(f"/proc/{room.engines('namespaces').forkserver.pid}/fd")
    places = [os.readlink(path) for path in opened.iterdir() if int(path.name) > 2]
    assert [place for place in places if not place.startswith("socket:")] == []
    assert len(places) == 1


def test_a_fork_imports_nothing_that_the_fork_server_could_have_imported(room: Room) -> None:
    noting = "import sys\nbefore = set(sys.modules)\n" + ANSWERS["double"]
    training = (
        "w = torch.zeros(3, requires_grad=True)\n(w * 2).sum().backward()\n"
        "optimizer = torch.optim.SGD([w], lr=0.1)\noptimizer.step()\noptimizer.zero_grad()\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        "print('imported', sorted(set(sys.modules) - before))\n" + ANSWERS["step"]
    )
    verdict = room.grade(ANSWERS | {"double": noting, "step": training})
    printed = [output.get("text", "") for one in verdict.notebook.cells for output in one.get("outputs", [])]
    assert [text for text in printed if "imported" in text] == ["imported []\n"]


def test_large_files_beside_the_notebook_reach_the_code(room: Room) -> None:
    data = b"x" * 3_000_000
    reading = "double = (lambda x: 2 * x) if len(open('data.bin', 'rb').read()) == 3_000_000 else None"
    assert scores(room.grade(ANSWERS | {"double": reading}, files={"data.bin": data})) == FULL


def test_the_fork_server_keeps_nothing_of_a_submission(room: Room) -> None:
    trace = b"only-in-" + b"this-submission"
    room.grade(ANSWERS, student="carl", files={"data.bin": trace * 20_000})
    assert not _in_memory(room.engines("namespaces").forkserver.pid, trace * 3)


def _in_memory(pid: int, text: bytes) -> bool:
    """Whether a process holds the bytes in memory that is its own to write."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if rights.startswith("rw") and end - start < 1 << 30:
                try:
                    memory.seek(start)
                    if text in memory.read(end - start):
                        return True
                except (OSError, ValueError, OverflowError):
                    continue
    return False
