"""The seam between the test cell's side and the student's."""

import itertools
from typing import Any

import pytest

from course import checks


def test_in_one_kernel_there_calls_and_share_returns() -> None:
    assert checks.on_student_side(divmod, 7, 2) == (3, 1)
    items = [1]
    assert checks.share(items, "append", "pop") is items
    with pytest.raises(AttributeError, match="apend"):
        checks.share(items, "apend")


def test_what_a_generator_gives_out_is_drawn_whole_and_not_for_ever() -> None:
    assert checks.collect(iter("abc")) == ["a", "b", "c"]
    assert checks.collect([1, 2], at_most=2) == [1, 2]
    with pytest.raises(checks.CheckFailed, match="more than 5 items: does it ever end"):
        checks.collect(itertools.count(), at_most=5)
    with pytest.raises(checks.CheckFailed, match="more than 1 items"):
        checks.collect((1, 2), at_most=1)
    with pytest.raises(TypeError, match="not iterable"):
        checks.collect(3)  # type: ignore[arg-type]


def test_an_examiner_can_put_its_own_functions_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def there(fn: Any, *args: Any, **kwargs: Any) -> Any:
        return "there", fn(*args, **kwargs)

    monkeypatch.setattr(checks.backend, "on_student_side", there)
    monkeypatch.setattr(checks.backend, "share", lambda obj, *names: (obj, names))
    assert checks.on_student_side(divmod, 7, 2) == ("there", (3, 1))
    assert checks.share([], "append") == ([], ("append",))
