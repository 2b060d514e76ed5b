"""A command of ours starts without nbgrader's server; what is asked for afterwards is whole all the same."""

import shutil
import subprocess
import sys
from pathlib import Path

START = "from course import lean; lean.start(); "
GRADING = "import course.cli, course.grading.run, course.report.table; "


def printed(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_grading_imports_no_server_and_no_torch() -> None:
    heavy = (
        "jupyter_server",
        "nbgrader.apps",
        "nbgrader.server_extensions.formgrader",
        "torch",
        "pandas",
        "matplotlib",
        "setuptools",
        "arrow",
    )
    shown = printed(f"{START}{GRADING}import sys; print([name for name in {heavy!r} if name in sys.modules])")
    assert shown == "[]"


def test_a_command_that_is_handed_over_imports_next_to_nothing() -> None:
    found = "[name for name, one in sys.modules.items() if getattr(one, '__file__', None) and name not in before]"
    ours = "import sys; before = {*sys.modules}; from course.grading.warm import client; "
    stdlib = "sys.stdlib_module_names"
    shown = printed(f"{ours}print(*sorted(name for name in {found} if name.split('.')[0] not in {stdlib}))")
    assert shown.split() == [
        "course",
        "course.grading",
        "course.grading.framing",
        *(f"course.grading.warm{part}" for part in ("", ".client", ".fitting", ".line", ".place")),
        *("msgpack", "msgpack._cmsgpack", "msgpack.exceptions", "msgpack.ext"),
    ]


def test_an_extension_that_is_asked_for_afterwards_is_the_real_one() -> None:
    asked = "import nbgrader.server_extensions.formgrader as found; print(found.__file__ is not None)"
    assert printed(START + asked) == "True"


def test_nbgraders_apps_can_be_imported_afterwards() -> None:
    assert printed(f"{START}from nbgrader.apps import NbGraderApp; print(NbGraderApp.__name__)") == "NbGraderApp"


def test_nothing_is_left_out_where_nbgrader_is_imported_already() -> None:
    asked = "import nbgrader; from course import lean; lean.start(); print(bool(nbgrader.load_formgrader.__module__))"
    assert printed(asked) == "True"


def test_nbgrader_still_unpacks_what_it_collects(tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "handed_in"), "zip", tmp_path)
    unpack = "from nbgrader.utils import unzip; unzip({zip!r}, {to!r}); "
    look = "from setuptools.archive_util import UnrecognizedFormat; print(UnrecognizedFormat.__name__)"
    (tmp_path / "to").mkdir()
    program = START + unpack.format(zip=str(tmp_path / "handed_in.zip"), to=str(tmp_path / "to")) + look
    assert printed(program) == "UnrecognizedFormat"
