"""Each test starts outside any test cell."""

from collections.abc import Iterator

import pytest

from course.checks import cell


@pytest.fixture(autouse=True)
def _no_cell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("CLOZEGRAD_SEED", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    cell._now[0] = cell.Cell()
    yield
    cell.current().close()
    cell._now[0] = cell.Cell()
