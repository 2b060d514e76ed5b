"""What test cells use: named checks with points, comparisons that explain themselves, and fresh random data.

    checks.begin("p_norm", points=3)
    with checks.check("a 3-4-5 triangle has hypotenuse 5"):
        checks.close(p_norm(torch.tensor([3.0, 4.0]), 2), 5.0)
    checks.score()

The same cell runs in the student's kernel, under plain nbgrader, and in the grading engine's own process. In the first
two the student's code shares the interpreter with these checks: there they resist mistakes and mild mischief, and only
the engine resists an attack.
"""

from course.checks import backend
from course.checks.across import collect, drawn, mutable, on_student_side, share, there
from course.checks.cell import begin, hidden, report, score
from course.checks.compare import between, close, doubles, dtype, raises, shape, true
from course.checks.draw import Rng, rng
from course.checks.exact import equal, unordered
from course.checks.fault import CheckFailed, ChecksFailed
from course.checks.named import check
from course.checks.promises import example, promises
from course.checks.slope import gradient
from course.checks.solution import sealed, solution
from course.checks.standing import hand_in, progress
from course.results import MIMETYPE, CellReport, CheckResult

__all__ = [
    "MIMETYPE",
    "CellReport",
    "CheckFailed",
    "CheckResult",
    "ChecksFailed",
    "Rng",
    "backend",
    "begin",
    "between",
    "check",
    "close",
    "collect",
    "doubles",
    "drawn",
    "dtype",
    "equal",
    "example",
    "gradient",
    "hand_in",
    "hidden",
    "mutable",
    "on_student_side",
    "progress",
    "promises",
    "raises",
    "report",
    "rng",
    "score",
    "sealed",
    "shape",
    "share",
    "solution",
    "there",
    "true",
    "unordered",
]
