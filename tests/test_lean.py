"""A command of ours starts without what it does not need; what is asked for afterwards is whole all the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import lean
from course.grading.system import gpu
from tests.grading.notebooks import answer, filled, graded, make_course, notebook, raw, released

# Each takes a good part of a second to import, or brings one that does.
HEAVY = (
    *("IPython.core.interactiveshell", "bleach", "bs4", "jinja2", "jupyter_client", "jupyter_server", "lark"),
    *("matplotlib", "mistune", "nbclient", "nbconvert.exporters.html"),
    *("nbgrader.apps", "nbgrader.converters", "nbgrader.preprocessors.execute"),
    *("nbgrader.server_extensions.formgrader", "pandas", "pydantic", "requests", "setuptools", "torch", "yaml", "zmq"),
)
START = "from course import lean; lean.start(); "


def printed(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def run_here(*arguments: str, cwd: Path) -> list[str]:
    """Run a command of ours without a warm engine; what it had imported at its end."""
    program = f"import atexit, sys; sys.argv = {['course', *arguments]!r}; "
    program += "atexit.register(lambda: print('imported', *sys.modules)); from course.entry import main; main()"
    environment = os.environ | {"CLOZEGRAD_WARM": "0"}
    run = subprocess.run([sys.executable, "-c", program], cwd=cwd, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1].split()[1:]


def test_a_class_of_bare_notebooks_is_graded_without_what_only_other_commands_need(tmp_path: Path) -> None:
    right = "import gc\ncollects, double = gc.isenabled(), lambda x: 2 * x"
    source = notebook(answer("a", right), graded("t", "assert collects and double(3) == 6"))
    folder = make_course(tmp_path, bare=source)
    place = folder.submitted / "ann/ps1"
    place.mkdir(parents=True)
    (place / "bare.ipynb").write_bytes(raw(filled(released(source), {"a": right})))
    used = run_here("grade", "ps1", cwd=tmp_path)
    assert json.loads((folder.autograded / "ann/ps1/bare.verdict.json").read_text())["points"] == 1
    assert {"nbgrader.api", "rich.table"} <= set(used)
    assert set(HEAVY) & set(used) == set()
    if not gpu.find():
        assert "pynvml" not in used


@pytest.mark.parametrize("command", [(), ("grade",)])
def test_help_imports_hardly_more_than_its_parser(command: tuple[str, ...], tmp_path: Path) -> None:
    used = run_here(*command, "--help", cwd=tmp_path)
    assert set(used) & {*HEAVY, "nbformat", "nbgrader", "numpy", "sqlalchemy", "traitlets"} == set()


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


@pytest.mark.parametrize("package", lean._PACKAGES)
def test_a_package_of_which_only_parts_are_there_gives_what_the_whole_one_gives(package: str) -> None:
    names = {**lean._PACKAGES[package], "__version__": ""} if "." not in package else lean._PACKAGES[package]
    parts = f"import {package} as part; before = [getattr(part, name) for name in {[*names]!r}]; "
    whole = f"dir(part); after = [vars(part)[name] for name in {[*names]!r}]; "
    same = "print(all(one is other for one, other in zip(before, after, strict=True)), part.__spec__.loader.name)"
    assert printed(f"{START}{parts}{whole}{same}") == f"True {package}"


def test_what_is_in_no_known_part_of_a_package_is_in_the_whole() -> None:
    asked = "from nbconvert.preprocessors import TagRemovePreprocessor as found; print(found.__module__); "
    missing = "import IPython; print(hasattr(IPython, 'get_ipython'), hasattr(IPython, 'no_such_thing'))"
    assert printed(START + asked + missing).split() == ["nbconvert.preprocessors.tagremove", "True", "False"]


def test_what_a_schema_could_check_can_be_imported_afterwards() -> None:
    asked = "import jsonschema, webcolors; print(webcolors.__name__)"
    assert printed(START + asked) == "webcolors"


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
