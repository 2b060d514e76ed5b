"""Every attack and every promise has its test, and docs/attacks.md says which."""

import pytest

from course import warm
from course.grading import boundary, jail
from tests.attacks.attempts import ATTEMPTS
from tests.attacks.catalogue import (
    BOUNDARY,
    JAIL,
    KINDS,
    KNOWN,
    PAGE,
    POLICY,
    TESTS,
    TRAPS,
    WARM,
    attack_names,
    page,
    policy,
    sentences,
)


@pytest.mark.parametrize(
    "rows", [KNOWN, TRAPS, JAIL, BOUNDARY, WARM], ids=["known", "traps", "jail", "boundary", "warm"]
)
def test_what_is_said_to_hold_is_a_test(rows: dict[str, tuple[str, ...]]) -> None:
    names = {name for table in attack_names().values() for name in table}
    for what, tests in rows.items():
        for test in tests:
            file, _, function = test.partition("::")
            assert test in names or f"def {function}(" in (TESTS / file).read_text("utf-8"), (what, test)


def test_every_sentence_of_the_docstrings_has_its_tests() -> None:
    attacked = list(dict.fromkeys(attempt.promise for attempt in ATTEMPTS))
    assert [line for side in sentences(jail.__doc__) for line in side] == [*attacked, *JAIL]
    assert [line for side in sentences(boundary.__doc__) for line in side] == list(BOUNDARY)
    assert [line for side in sentences(warm.__doc__) for line in side] == list(WARM)
    untested = [sentence for sentence, tests in (JAIL | BOUNDARY).items() if not tests]
    assert untested == ["A flaw in the kernel, or what can be learnt from timing."]


def test_no_attack_stands_in_the_tables_twice_and_there_are_many() -> None:
    names = [name for table in attack_names().values() for name in table]
    assert len(names) == len(set(names)) > 200


def test_every_attack_is_of_one_kind_and_each_kind_has_many() -> None:
    tables = attack_names()
    kinds = {test: [kind for kind, words in KINDS.items() if any(word in test for word in words)] for test in tables}
    assert all(len(found) == 1 for found in kinds.values())
    for kind in KINDS:
        assert sum(len(tables[test]) for test, found in kinds.items() if kind in found) >= 30


def test_the_page_of_attacks_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.attacks.catalogue"


def test_the_policy_says_what_the_docstrings_promise() -> None:
    assert POLICY.read_text("utf-8") == policy(), "run python -m tests.attacks.catalogue"
    assert all(part for module in (jail, boundary, warm) for part in sentences(module.__doc__))
