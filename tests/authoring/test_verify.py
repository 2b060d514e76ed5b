"""A lesson whose solutions fail its own tests is not built: the check and the line are named."""

from collections.abc import Callable
from pathlib import Path

from course.authoring.lesson import read
from course.authoring.verify import verify

Make = Callable[..., Path]

# A lesson that loads nothing heavy.
PLAIN = """\
# %% [markdown]
# # Plain

# %% setup
import os

print(os.getcwd())

# %%
def halve(x):
    return x.half


print("three")
"""


def line(path: Path, text: str) -> int:
    return next(number for number, row in enumerate(path.read_text("utf-8").splitlines(), 1) if text in row)


def test_checks_that_fail_and_cells_that_raise_are_named_with_their_lines(make: Make, tmp_path: Path) -> None:
    path = make(
        ("    return x.pow(2).mean().sqrt()", "    return x.mean()"),
        ('with checks.check("one number', 'torch.nothing_there()\nwith checks.check("one number'),
    )
    first, *_, third = verify(read(path), tmp_path / "cache")
    assert first.line == line(path, "3 and 4 give the root of 12.5")
    assert "the solution of `root_mean_square` fails its own check `3 and 4 give the root of 12.5`: " in first.text
    assert third.line == line(path, "torch.nothing_there()")
    assert "the lesson stops here: AttributeError: " in third.text


def test_the_line_that_raised_is_named_also_in_an_earlier_cell(make: Make, tmp_path: Path) -> None:
    path = make(text=PLAIN + "\n# %%\nhalve(3)\n")
    (problem,) = verify(read(path), tmp_path / "cache")
    assert problem.line == line(path, "x.half")
    assert problem.text.endswith("stops here: AttributeError: 'int' object has no attribute 'half'")


def test_a_cell_that_ends_the_process_is_named(make: Make, tmp_path: Path) -> None:
    path = make(text=PLAIN + "\n# %%\n\nos._exit(3)\n")
    (problem,) = verify(read(path), tmp_path / "cache")
    assert problem.line == line(path, "os._exit") - 2
    assert "status 3" in problem.text


def test_a_cell_that_does_not_end_is_named(make: Make, tmp_path: Path) -> None:
    path = make(text=PLAIN + "\n# %%\nimport time\n\ntime.sleep(600)\n")
    (problem,) = verify(read(path), tmp_path / "cache", limit_s=3)
    assert "still running after 3 s" in problem.text


def test_data_files_lie_where_the_notebook_finds_them(make: Make, tmp_path: Path) -> None:
    path = make(text=PLAIN + "\n# %%\nprint(open('data/waves.csv').read())\n")
    assert len(verify(read(path), tmp_path / "cache")) == 1
    (path.parent / "data").mkdir()
    (path.parent / "data" / "waves.csv").write_text("1,2\n", "utf-8")
    assert verify(read(path), tmp_path / "cache") == ()


def test_what_passed_is_not_run_again_until_its_code_changes(make: Make, tmp_path: Path) -> None:
    count = tmp_path / "count"
    text = PLAIN + f"\n# %%\nwith open({str(count)!r}, 'a') as file:\n    file.write('x')\n"
    for each in (text, text, text.replace("# # Plain", "# # Other"), text.replace("three", "four")):
        assert verify(read(make(text=each)), tmp_path / "cache") == ()
    assert count.read_text() == "xx"
