"""The first line of a cloze cell."""

import subprocess
import sys

import pytest

from course.cloze.magic import as_python, keep, name_of, restored

CELL = "%%cloze step\n>>> x = 'a'\n  ____"


def test_a_cloze_cell_is_an_assignment_to_who_reads_notebooks() -> None:
    names: dict[str, object] = {}
    exec(as_python(CELL), names)
    assert names["step"] == ">>> x = 'a'\n  ____"
    assert as_python("x = 1") == "x = 1"


def test_what_is_left_is_said() -> None:
    names: dict[str, object] = {}
    assert "2 blanks are" in keep(names, " step ", "____ + ____")
    assert names == {"step": "____ + ____"}
    assert "No blank is left" in keep(names, "step", "a + b")


def test_a_first_line_without_a_name_binds_nothing() -> None:
    names: dict[str, object] = {}
    assert "put back" in keep(names, "1; import os", "____")
    assert names == {}


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "%%cloze other\nx = 1",
        "%%cloze\nx = 1",
        "%cloze step\nx = 1",
        "# %%cloze step\nx = 1",
        "%%time\nx = 1",
        "  %%cloze  stepp  \nx = 1",
        "%%Cloze step\nx = 1",
        "\n\n%%python\nx = 1",
    ],
)
def test_the_first_line_is_put_back(source: str) -> None:
    assert restored(source, "step") == "%%cloze step\nx = 1"


def test_a_comment_above_the_first_line_goes_below_it() -> None:
    assert restored("# mine\n%%cloze step\nx", "step") == "%%cloze step\n# mine\nx"


@pytest.mark.parametrize("source", ["%%cloze step\n", "%%cloze step", "\n %%cloze step \nx"])
def test_the_name_is_read(source: str) -> None:
    assert name_of(source) == "step"


IN_IPYTHON = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in (
    "from course import cloze\\ncloze.enable()",
    "%%cloze step\\nfor p in params:\\n    p -= ____\\n!ls\\n? x",
    "%%cloze shape\\n>>> x.shape\\n(2, 3)",
):
    assert shell.run_cell(cell).success
print(repr(shell.user_ns["step"]), repr(shell.user_ns["shape"]))
"""


def test_in_ipython_the_cell_binds_its_text_and_runs_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", IN_IPYTHON], capture_output=True, text=True, check=True)
    said, _, values = done.stdout.strip().splitlines()
    assert said == "1 blank is still to be filled in."
    assert values == r"'for p in params:\n    p -= ____\n!ls\n? x\n' 'x.shape\n(2, 3)\n'"
