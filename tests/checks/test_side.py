"""The seam between the test cell's side and the student's."""

from typing import Any

import pytest

from course import checks


def test_in_one_kernel_there_calls_and_share_returns() -> None:
    assert checks.there(divmod, 7, 2) == (3, 1)
    items = [1]
    assert checks.share(items, "append", "pop") is items
    with pytest.raises(AttributeError, match="apend"):
        checks.share(items, "apend")


def test_an_examiner_can_put_its_own_functions_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def there(fn: Any, *args: Any, **kwargs: Any) -> Any:
        return "there", fn(*args, **kwargs)

    monkeypatch.setattr(checks.side, "there", there)
    monkeypatch.setattr(checks.side, "share", lambda obj, *names: (obj, names))
    assert checks.there(divmod, 7, 2) == ("there", (3, 1))
    assert checks.share([], "append") == ([], ("append",))
