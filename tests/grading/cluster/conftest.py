"""Two workers that grade for all tests of a module, and Dask's warnings about itself left aside."""

from collections.abc import Iterator

import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'clozegrad[cluster]'")

from tests.grading.cluster.rooms import Room, room


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "cluster" in item.path.parts:
            item.add_marker(pytest.mark.filterwarnings("ignore::Warning:distributed"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room(tmp_path_factory.mktemp("room")) as made:
        made.hire("first", "--preload", "course.grading.cluster.worker")
        made.hire("second", "--preload", "course.grading.cluster.worker")
        made.wait(2)
        yield made
