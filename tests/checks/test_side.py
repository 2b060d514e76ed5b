"""The seam between the test cell's side and the student's."""

from collections.abc import Iterator
from typing import Any

import pytest

from course import checks
from course.checks import side


class Labelled(side.OneKernel):
    """Another side that can be told from the first."""

    def there(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return ("there", fn(*args, **kwargs))


@pytest.fixture
def labelled() -> Iterator[None]:
    before = side.install(Labelled())
    yield
    side.install(before)


def test_in_one_kernel_there_calls_and_share_returns() -> None:
    assert checks.there(divmod, 7, 2) == (3, 1)
    items = [1]
    assert checks.share(items, "append", "pop") is items
    with pytest.raises(AttributeError, match="apend"):
        checks.share(items, "apend")


@pytest.mark.usefixtures("labelled")
def test_an_examiner_can_put_its_own_side_in_force() -> None:
    assert checks.there(divmod, 7, 2) == ("there", (3, 1))
