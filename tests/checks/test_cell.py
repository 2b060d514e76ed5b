"""Named checks, their points, and what the student and the instructor get to read."""

import json
import logging
import math
import os
import signal
import sys
import threading
import time
import warnings
from typing import Any

import numpy as np
import pytest
import torch

from course import checks


def one_check(body: Any, **options: Any) -> checks.CheckResult:
    checks.begin("exercise", points=1)
    with checks.check("it works", **options):
        body()
    checks.score()
    return checks.report().checks[0]


def fail(error: BaseException) -> Any:
    raise error


def test_points_are_shared_out_by_weight() -> None:
    checks.begin("exercise", points=6)
    with checks.check("right", points=1):
        checks.close(1.0, 1.0)
    with checks.check("wrong", points=2):
        checks.close(1.0, 2.0)
    assert checks.score() == 2.0


def test_all_public_checks_passing_give_every_point_once_the_hidden_part_is_gone() -> None:
    checks.begin("exercise", points=3)
    with checks.check("right", points=1):
        pass
    assert checks.score() == 3.0


@pytest.mark.parametrize("points", [0, 1, 0.1, 1 / 3, 7])
@pytest.mark.parametrize("passed", [0, 1, 2, 3])
def test_a_score_is_a_plain_float_between_zero_and_the_points(points: float, passed: int) -> None:
    checks.begin("exercise", points=points)
    for number in range(3):
        with checks.check("part", points=1 / 3):
            checks.true(number < passed, "wrong")
    score = checks.score()
    assert type(score) is float
    assert 0 <= score <= points
    assert (score == points) == (passed == 3 or points == 0)
    assert float(repr(score)) == score


def test_no_check_no_points() -> None:
    checks.begin("exercise", points=3)
    assert checks.score() == 0.0


def test_a_cell_of_checks_without_weight_is_all_or_nothing() -> None:
    for body, points in ((True, 2.0), (False, 0.0)):
        checks.begin("exercise", points=2)
        with checks.check("a remark", points=0):
            checks.true(body, "wrong")
        assert checks.score() == points


@pytest.mark.parametrize("points", [-1, math.nan, math.inf, "3", None])
def test_points_that_nbgrader_would_misread_are_refused(points: Any) -> None:
    with pytest.raises(ValueError, match="points must be a number"):
        checks.begin("exercise", points=points)
    with pytest.raises(ValueError, match="points must be a number"):
        checks.check("label", points=points)


def test_numpy_points_still_score_as_a_plain_float() -> None:
    checks.begin("exercise", points=np.float64(1.5))
    with checks.check("right", points=np.float64(1)):
        pass
    assert repr(checks.score()) == "1.5"


class Strange(BaseException):
    pass


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("too small"), "ValueError: too small"),
        (KeyError("w"), "KeyError: there is no key 'w'"),
        (AssertionError("not sorted"), "not sorted"),
        (AssertionError(), "AssertionError"),
        (SystemExit(0), "SystemExit: 0"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (Strange("x"), "Strange: x"),
        (Mute(), "Mute: (its message cannot be shown: RuntimeError)"),
        (NotImplementedError(), "not filled in yet (NotImplementedError)"),
        (NotImplementedError("not implemented for 'Long'"), "NotImplementedError: not implemented for 'Long'"),
        (NotImplementedError("mean() of bool"), "NotImplementedError: mean() of bool"),
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth exceeded"),
        (StopIteration(), "StopIteration"),
    ],
)
def test_whatever_is_raised_costs_that_check_only(error: BaseException, message: str) -> None:
    checks.begin("exercise", points=2)
    with checks.check("raises"):
        raise error
    with checks.check("right"):
        pass
    assert checks.score() == 1.0
    assert checks.report().checks[0].message == message


def test_a_missing_name_comes_with_advice() -> None:
    message = one_check(lambda: undefined_name).message  # type: ignore[name-defined]  # noqa: F821
    assert message.startswith("NameError: name 'undefined_name' is not defined\nIs the name spelt")


def test_an_endless_message_is_cut() -> None:
    message = one_check(lambda: fail(ValueError("line\n" * 1000 + "x" * 10_000))).message
    assert message.count("\n") < 12
    assert len(message) < 5000


def test_a_real_interrupt_passes_through_and_is_recorded() -> None:
    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)

    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        one_check(interrupt)
    assert "interrupted" in checks.report().checks[0].message
    assert signal.getsignal(signal.SIGINT) is handler
    assert checks.score() == 0.0


def test_ignoring_interrupts_ends_with_the_check() -> None:
    handler = signal.getsignal(signal.SIGINT)
    one_check(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert signal.getsignal(signal.SIGINT) is handler


def test_checks_work_in_a_thread() -> None:
    results: list[checks.CheckResult] = []
    thread = threading.Thread(target=lambda: results.append(one_check(lambda: fail(ValueError("x")))))
    thread.start()
    thread.join()
    assert results[0].message == "ValueError: x"


def test_the_lines_of_a_public_check(capsys: pytest.CaptureFixture[str]) -> None:
    def body() -> None:
        print("shape is", (3,))
        checks.close(1.5, 2.5)

    one_check(body, hint="Where is the 1?", points=2)
    assert capsys.readouterr().out == (
        "shape is (3,)\n✗ it works (0/2)\n    expected 2.5, got 1.5\n    hint: Where is the 1?\n"
    )


def test_a_hint_is_for_those_who_need_it(capsys: pytest.CaptureFixture[str]) -> None:
    one_check(lambda: None, hint="Add.")
    assert capsys.readouterr().out == "✓ it works (1/1)\n"


def test_a_hidden_check_shows_label_points_and_hint_only(capfd: pytest.CaptureFixture[str]) -> None:
    checks.begin("exercise", points=1)
    checks.hidden()
    with checks.check("any size", hint="Think."):
        print("the input is 42")
        warnings.warn("the input is 42", stacklevel=1)
        os.write(1, b"the input is 42")
        os.write(2, b"the input is 42")
        sys.stderr.write("the input is 42")
        sys.displayhook("the input is 42")
        checks.close(42.0, 43.0)
    checks.score()
    assert capfd.readouterr() == ("✗ any size (0/1)\n    hint: Think.\n", "")
    result = checks.report().checks[0]
    assert result.hidden
    assert result.message == "expected 43, got 42"
    assert result.printed.count("the input is 42") == 6


def test_checks_after_hidden_are_hidden_and_those_before_are_not() -> None:
    checks.begin("exercise", points=1)
    with checks.check("public"):
        pass
    checks.hidden()
    with checks.check("hidden"):
        pass
    assert [check.hidden for check in checks.report().checks] == [False, True]
    checks.begin("next", points=1)
    with checks.check("public again"):
        pass
    assert not checks.report().checks[0].hidden


def test_nothing_reaches_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("student")
    handler = logging.StreamHandler(sys.stderr)
    logger.addHandler(handler)

    def body() -> None:
        warnings.warn("deprecated shape", UserWarning, stacklevel=1)
        logger.warning("logged")
        print("to stderr", file=sys.stderr)
        os.write(2, b"from C\n")
        torch.nn.functional.mse_loss(torch.zeros(3), torch.zeros(3, 1))

    try:
        one_check(body)
    finally:
        logger.removeHandler(handler)
    out, err = capfd.readouterr()
    assert err == ""
    for text in ("UserWarning: deprecated shape", "logged", "to stderr", "from C", "target size"):
        assert text in out


def test_a_flood_of_output_is_cut() -> None:
    def body() -> None:
        for _ in range(1000):
            print("x" * 1000)

    printed = one_check(body).printed
    assert len(printed) < 25_000
    assert "(more was printed)" in printed


def test_streams_filters_and_hooks_are_given_back() -> None:
    before = (sys.stdout, sys.stderr, sys.displayhook, warnings.showwarning, list(warnings.filters))

    def body() -> None:
        sys.stdout = sys.stderr = None  # type: ignore[assignment]
        warnings.simplefilter("error")

    one_check(body)
    assert (sys.stdout, sys.stderr, sys.displayhook, warnings.showwarning, list(warnings.filters)) == before
    assert "write" not in vars(sys.stdout)


def test_students_code_cannot_open_checks_of_its_own_inside_a_check() -> None:
    def cheat() -> None:
        with checks.check("mine", points=1000):
            pass

    assert "while a check was running" in one_check(cheat).message
    for escape in (lambda: checks.begin("mine", 1), checks.hidden, checks.score):
        assert "while a check was running" in one_check(escape).message
    assert len(checks.report().checks) == 1


def test_a_cell_that_broke_off_leaves_nothing_to_the_next() -> None:
    checks.begin("first", points=5)
    checks.hidden()
    with checks.check("one"):
        pass
    checks.begin("second", points=2)
    assert checks.report() == checks.CellReport("second", 2.0)


def test_outside_a_test_cell_a_failure_is_loud() -> None:
    with checks.check("fine"):
        pass
    with pytest.raises(checks.ChecksFailed, match="it works\nexpected 2, got 1"):
        with checks.check("it works"):
            checks.close(1, 2)


def test_validate_raises_a_message_worth_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    checks.begin("p_norm", points=3)
    with checks.check("right"):
        pass
    with checks.check("a 3-4-5 triangle has hypotenuse 5", points=2, hint="What is missing at the end?"):
        checks.close(torch.tensor(25.0), 5.0)
    with pytest.raises(checks.ChecksFailed) as caught:
        checks.score()
    assert str(caught.value) == (
        "p_norm: 1 of 2 checks failed, 1 of 3 points\n"
        "✗ a 3-4-5 triangle has hypotenuse 5 (0/2)\n"
        "    expected 5, got 25\n"
        "    hint: What is missing at the end?"
    )
    assert caught.value._render_traceback_() == str(caught.value).splitlines()


def test_validate_is_content_when_all_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    checks.begin("exercise", points=3)
    with checks.check("right"):
        pass
    assert checks.score() == 3.0


def test_the_report_is_json() -> None:
    one_check(lambda: checks.close(1, 2), hint="h")
    data = json.loads(json.dumps(checks.report().data()))
    assert data == {
        "exercise": "exercise",
        "points": 1.0,
        "checks": [
            {
                "label": "it works",
                "points": 1.0,
                "earned": 0.0,
                "hidden": False,
                "hint": "h",
                "message": "expected 2, got 1",
                "printed": "",
                "told": "",
            }
        ],
    }


def test_checks_bring_no_heavy_package_along() -> None:
    import subprocess

    heavy = ("torchvision", "fastai", "pandas", "matplotlib", "IPython", "nbgrader", "mlxtend", "rich", "sklearn")
    code = f"import course.checks, sys; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
