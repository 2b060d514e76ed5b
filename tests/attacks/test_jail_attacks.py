"""Every sentence of the jail's docstring, attacked: in the jail it must fail, and outside it must work where it can."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.attacks.attempts import ATTEMPTS, Attempt
from tests.attacks.prison import USERS, Prison
from tests.attacks.world import world

if not os.path.isdir("/proc/self"):
    pytest.skip("the jail needs Linux", allow_module_level=True)

CODES = {attempt.name: attempt.code for attempt in ATTEMPTS}


@dataclass(frozen=True)
class Results:
    """What each attempt printed, in the jails and in a bare process of the same user."""

    user: str
    by_rung: dict[str | None, dict[str, str]]


@pytest.fixture(scope="module", params=USERS)
def results(request: pytest.FixtureRequest) -> Iterator[Results]:
    user = str(request.param)
    if user != "ordinary" and os.geteuid() != 0:
        pytest.skip("these tests do not run as root")
    with world(user) as names, Prison(user) as prison:
        free = {attempt.name: attempt.code for attempt in ATTEMPTS if user in attempt.succeeds_for}
        jails = {
            rung: prison.attempt_all(CODES, rung, world=names, hide=[names["folder"]])
            for rung in ("namespaces", "landlock")
        }
        yield Results(user, {**jails, None: prison.attempt_all(free, None, world=names)})


@pytest.mark.parametrize("rung", ["namespaces", "landlock"])
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_the_jail_holds(results: Results, attempt: Attempt, rung: str) -> None:
    text = results.by_rung[rung][attempt.name]
    assert "ESCAPED" not in text
    assert "held: " in text
    assert not any(mistake in text for mistake in ("NameError", "SyntaxError", "ImportError", "TypeError", "KeyError"))


@pytest.mark.parametrize(
    ("results", "attempt"),
    [(user, attempt) for user in USERS for attempt in ATTEMPTS if user in attempt.succeeds_for],
    indirect=["results"],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_the_same_attack_works_without_a_jail(results: Results, attempt: Attempt) -> None:
    assert "ESCAPED" in results.by_rung[None][attempt.name]
