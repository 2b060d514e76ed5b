"""What the guide for instructors shows of a regrade is what the command prints."""

import re
from pathlib import Path

from typer.testing import CliRunner

from course.cli import app
from tests.grading.gradebook.test_record import hand_in
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, released, write_source

GUIDE = (Path(__file__).parents[2] / "docs/instructors.md").read_text("utf-8")
CLASS = {
    "ada": ANSWERS,
    "alan": ANSWERS | {"norm": "def norm(x, p):\n    return sum(v**p for v in x) ** (1 / p)"},
    "grace": ANSWERS | {"norm": "def norm(x, p):\n    return sum(x)"},
}


def play(root: Path) -> str:
    """The second of two commands, between which a hidden test has become more lenient."""
    folder = make_course(root.resolve(), norms=norms())
    for who, answers in CLASS.items():
        hand_in(folder, who, filled(released(norms()), answers))
    grade = ["grade", "ps1", "--jobs", "1", "--cold", "--course", str(folder.root)]
    assert CliRunner().invoke(app, grade).exit_code == 0
    assert "3 submissions, 3 unchanged and not graded again" in CliRunner().invoke(app, grade).stdout
    source = norms()
    test = next(cell for cell in source.cells if cell.id == "norm_tests")
    test.source = test.source.replace("[-3, 4]", "[3, 4]")
    write_source(folder.root, source)
    return CliRunner().invoke(app, grade).stdout


def shown(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_the_regrade_in_the_guide_is_the_one_that_is_printed(tmp_path: Path) -> None:
    (said,) = re.findall(r"```text\n\$ course grade ps1\n(.*?)```", GUIDE, re.DOTALL)
    printed = re.sub(r"jail: \w+", "jail: namespaces", play(tmp_path / "course"))
    assert shown(said) == shown(printed)
