"""Two workers that grade for all tests of a module, and Dask's warnings about itself left aside."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.grading.cluster.rooms import Room, room

if find_spec("distributed") is None:  # the extra `cluster` is not installed, which `make setup` does
    collect_ignore_glob = ["test_*.py"]


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
