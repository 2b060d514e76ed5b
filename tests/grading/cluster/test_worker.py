"""What a worker says of itself, and what it refuses."""

import json

import pytest

from course.grading import jail
from course.grading.cluster import staff, worker
from course.grading.cluster.wire import Task
from course.grading.version import engine_hash, installed


def task(grader: str, isolation: str) -> Task:
    return Task("run", grader, isolation, False, 0, [], "ada", "seed", "{}", [], "{}", {})


def test_a_worker_refuses_what_another_grader_or_jail_is_to_grade() -> None:
    mine = jail.find_isolation().name
    other = next(name for name in jail.isolation_levels() if name != mine)
    assert worker._unfit(task(worker.grader(), mine)) == ""
    assert worker._unfit(task(worker.grader(), other)) == f"its jail is {mine}, not {other}"
    assert "its grader or its packages" in worker._unfit(task("another", mine))


def test_a_worker_tells_what_it_grades_with() -> None:
    told = staff._told(worker.about())
    assert not isinstance(told, str)
    assert told["grader"] == worker.grader()
    assert told["jail"] == jail.find_isolation().name


@pytest.mark.parametrize("answer", [None, b"", b"\xff", b"[]", b"3", b'{"grader": 1}', ModuleNotFoundError("course")])
def test_a_worker_that_tells_nonsense_is_told_from_one_that_fits(answer: object) -> None:
    assert isinstance(staff._told(answer), str)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"python": "2.7.18"}, "it has Python 2.7.18, this machine "),
        ({"engine": "other"}, "its clozegrad is not the same"),
        ({"installed": [*installed(), "odd-1.0.dist-info"]}, "odd-1.0.dist-info only there"),
        ({"installed": installed()[1:]}, f"{installed()[0]} only here"),
        ({}, "another build of Python"),
    ],
)
def test_a_difference_is_named(change: dict[str, object], message: str) -> None:
    told = json.loads(worker.about()) | change
    assert told["engine"] in (engine_hash(), "other")
    assert message in staff._difference(told)
