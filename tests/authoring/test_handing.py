"""What a test cannot hand over while grading is named when the lesson is built, with its line and the way out."""

from collections.abc import Callable
from pathlib import Path

from course.authoring.lesson import read
from course.authoring.verify import verify

Make = Callable[..., Path]
AT = 'with checks.check("3 and 4 give the root of 12.5", points=1):'

MADE = """
import os, threading
import numpy as np
from collections import namedtuple
class Board:
    def __init__(self): self.rows = []
class Called:
    def __call__(self): return 1
Row = namedtuple("Row", "low high")
seen = []
def over_there(answer):
    class Own: pass
    return answer(torch.ones(1), Own())
"""
REFUSED = {
    "Board()": "an object of its class Board",
    "[{1: Board()}]": "an object of its class Board",
    "Board": "the class Board, which it defines",
    "threading.Lock()": "a lock of threads",
    "open(os.devnull)": "an open file",
    "np.array([None], object)": "an array of dtype object",
}
CROSSES = (
    "checks.share(Board(), 'rows')",
    "lambda: seen.append(Board())",
    "Called()",
    "(Board() for _ in range(3))",
    "ValueError",
    "Row(1, 2)",
    "root_mean_square(torch.ones(1), keep=True)",
    "[torch.ones(2), {'a': np.ones(2)}]",
    "checks.on_student_side(over_there, root_mean_square)",
)


def test_what_a_test_cannot_hand_over_is_named_with_its_line_and_the_way_out(make: Make, tmp_path: Path) -> None:
    head = "def root_mean_square(x: torch.Tensor"
    body = "    return x.pow(2).mean().sqrt()"
    calls = "\n".join(f"    root_mean_square(torch.ones(1), {given})" for given in (*REFUSED, *CROSSES))
    path = make(
        (head, f"class Kept:\n    pass\n\n\n{head}, more=None, keep=False"),
        (body, f"    if keep:\n        return Kept()\n{body}"),
        (AT, f"{MADE}\n{AT}\n{calls}"),
    )
    text = path.read_text("utf-8").splitlines()
    found = {text[problem.line - 1].strip(): problem.text for problem in verify(read(path), tmp_path / "cache")}
    assert [*found] == [f"root_mean_square(torch.ones(1), {given})" for given in REFUSED]
    for words, said in zip(REFUSED.values(), found.values(), strict=True):
        assert said.startswith(f"the test of `root_mean_square` hands {words} to the student's code")
        assert "checks.share(obj" in said
