"""A course of one tiny lesson, built once and copied fresh for each test that asks for it."""

import contextlib
import functools
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import nbformat
import pytest
from hypothesis import is_hypothesis_test, settings
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment

from course.authoring.lesson import read
from course.authoring.notebook import fill, source_notebook, write
from course.folder import CONFIG_NAME, CourseFolder
from course.grading.adapters.converter import convert
from course.grading.engine import Engine
from course.grading.plan.exam import exams_of
from tests.grading.exam_fixture import LESSON as ROOM
from tests.grading.exam_fixture import Room, furnish

# Fuzzing takes its number of examples from here: pytest --hypothesis-profile fuzz (make fuzz) tries many more.
settings.register_profile("quick", max_examples=80, deadline=None, derandomize=True)  # the same every time
settings.register_profile("fuzz", max_examples=20_000, deadline=None)
settings.load_profile("quick")

os.environ["CLOZEGRAD_WARM"] = "0"  # a developer's own engine is none of the tests' business
for size in ("COLUMNS", "LINES"):  # of the terminal that the tests were started from, which parallel workers are told
    os.environ.pop(size, None)

# Whoever starts the tests in the background (`make test &`, nohup) has these ignored, and tests send them.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

TESTS = Path(__file__).parent
ROOT = TESTS.parent
LONGEST = (
    "audit/",
    "warm/",
    "grading/test_run",
    "grading/test_engine",
    "grading/cluster/",
    "demo/",
    "browser/",
    "docs/",
    "cards/importing/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files that take minutes first, or a worker ends with one of them while the other is idle.

    Tests that try many examples of the same are not measured: that would double their time, and others run those lines.
    """
    items.sort(key=lambda item: not item.path.relative_to(TESTS).as_posix().startswith(LONGEST))
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """A test that leaves Ctrl-C meaning something else fails itself, not one that happens to follow in this process."""
    before = signal.getsignal(signal.SIGINT)
    yield
    after = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)
    assert after is before, f"{item.nodeid} leaves SIGINT to {after}"


TINY = "01_tiny"
LESSON = """\
# %% [markdown]
# # Doubling
# A formula to look at: $\\|x\\|_2 = \\sqrt{\\sum_i x_i^2}$.

# %% setup
from course import checks

# %% [markdown]
# ### Exercise: twice
# difficulty 1/5 · 1 minutes
#
# Give back twice the number.
#
# hint: A sum does it too.

# %% solution="twice"
def twice(number):
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION


# %% tests="twice" points=3
with checks.check("twice two is four", points=1):
    checks.equal(twice(2), 4)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any whole number", points=2, hint="What about numbers below zero?"):
    number = rng.integer(-900_000_000, -100_000_000)
    checks.equal(twice(number), number + number)
### END HIDDEN TESTS

# %% right="twice: by a sum"
def twice(number):
    return number + number


# %% wrong="twice: loses the sign"
def twice(number):
    return 2 * abs(number)


# %% [markdown]
# ### Exercise: area of a rectangle
# difficulty 1/5 · 1 minutes

# %% setup
width, height = 3, 4

# %% solution="area"
area = width * height  #? width | height

# %% tests="area" points=1
with checks.check("three by four is twelve"):
    checks.equal(area, 12)

# %% wrong="area: adds"
area = width + height

# %% [markdown] question="why" points=2
# Why does doubling keep the sign?
#
# ### BEGIN MARK SCHEME
# Because two is positive.
# ### END MARK SCHEME
"""


@pytest.fixture
def untraced() -> Iterator[None]:
    """For checks that watch their inputs: where coverage is measured they would not, as under a debugger."""
    before = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(before)


@pytest.fixture(scope="session")
def tiny_master(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """The tiny course as built: source/, release/ and a gradebook that knows the lesson."""
    root = tmp_path_factory.mktemp("course").resolve()
    shutil.copy(ROOT / CONFIG_NAME, root)
    folder = CourseFolder(root)
    path = folder.lessons / TINY / "lesson.py"
    path.parent.mkdir(parents=True)
    path.write_text(LESSON, "utf-8")
    source = folder.source / TINY / f"{TINY}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(write(source_notebook(read(path))), "utf-8")
    convert(GenerateAssignment, folder, TINY, ".")
    return folder


@pytest.fixture
def tiny_course(tiny_master: CourseFolder, tmp_path: Path) -> CourseFolder:
    """A copy of the tiny course to grade in."""
    root = (tmp_path / "course").resolve()
    shutil.copytree(tiny_master.root, root)
    return CourseFolder(root)


@pytest.fixture
def tiny_release(tiny_course: CourseFolder) -> NotebookNode:
    """The notebook that the tiny course's students open."""
    return nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)


def hand_in(folder: CourseFolder, student: str, notebook: NotebookNode | bytes, **answers: str) -> None:
    """Put a student's notebook into submitted/, with answers filled in."""
    target = folder.submitted / student / TINY
    target.mkdir(parents=True)
    raw = notebook if isinstance(notebook, bytes) else nbformat.writes(fill(notebook, answers)).encode()
    (target / f"{TINY}.ipynb").write_bytes(raw)


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A course with a warm engine for each jail that is asked for."""
    folder = furnish(tmp_path_factory.mktemp("room").resolve())
    with contextlib.ExitStack() as engines:

        @functools.cache
        def engine(isolation: str) -> Engine:
            return engines.enter_context(Engine(folder, exams_of(folder, ROOM), jobs=1, isolation=isolation))

        yield Room(folder, engine)
