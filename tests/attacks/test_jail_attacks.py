"""Every sentence of the jail's docstring, attacked: in the jail it must fail, and outside it must work where it can."""

import os
from functools import cache

import pytest

from course.grading import jail
from tests.attacks.attack_target import attack_target
from tests.attacks.attempts import ATTEMPTS, MEMORY, Attempt
from tests.attacks.prison import USERS, Prison

if not os.path.isdir("/proc/self"):
    pytest.skip("the jail needs Linux", allow_module_level=True)

CODES = {attempt.name: attempt.code for attempt in ATTEMPTS}


UPPER = ("namespaces", "landlock")
WITH_GPU = [f"{isolation}, with a GPU" for isolation in UPPER]
PAIRS = [(user, attempt) for user in USERS for attempt in ATTEMPTS]


def name(value: object) -> str:
    return value.name if isinstance(value, Attempt) else str(value)


@cache
def texts(user: str) -> dict[str | None, dict[str, str]]:
    """What each attempt printed, in the jails and (None) in a bare process of the same user."""
    if user != "ordinary" and os.geteuid() != 0:
        pytest.skip("these tests do not run as root")
    free = {attempt.name: attempt.code for attempt in ATTEMPTS if user in attempt.succeeds_for}
    with attack_target(user) as names, Prison(user) as prison:
        more = {"world": names, "hide": [names["folder"]]}
        found: dict[str | None, dict[str, str]] = {}
        for isolation, with_gpu in zip(UPPER, WITH_GPU, strict=True):
            found[isolation] = prison.attempt_all(CODES, isolation, **more)
            found[with_gpu] = prison.attempt_all(CODES, isolation, devices=["/dev/null"], **more)
        found[None] = prison.attempt_all(free, None, **more)  # last: it changes what it reaches
        return found


@pytest.mark.parametrize(
    ("user", "attempt", "isolation"),
    [(*pair, isolation) for pair in PAIRS for isolation in UPPER]
    + [(*pair, isolation) for pair in PAIRS for isolation in WITH_GPU if not pair[1].succeeds_with_gpu],
    ids=name,
)
def test_the_jail_holds(user: str, attempt: Attempt, isolation: str) -> None:
    text = texts(user)[isolation][attempt.name]
    assert "ESCAPED" not in text
    assert "held: " in text
    assert not any(mistake in text for mistake in ("NameError", "SyntaxError", "ImportError", "TypeError", "KeyError"))


@pytest.mark.parametrize(
    ("user", "attempt", "isolation"),
    [(*pair, isolation) for pair in PAIRS for isolation in WITH_GPU if pair[1].succeeds_with_gpu],
    ids=name,
)
def test_with_a_gpu_memory_may_hide(user: str, attempt: Attempt, isolation: str) -> None:
    assert attempt.promise == MEMORY
    assert "ESCAPED" in texts(user)[isolation][attempt.name]


@pytest.mark.parametrize(
    ("user", "attempt"), [(user, attempt) for user, attempt in PAIRS if user in attempt.succeeds_for], ids=name
)
def test_the_same_attack_works_without_a_jail(user: str, attempt: Attempt) -> None:
    if attempt.prepared_by_root and os.geteuid() != 0:
        pytest.skip("only root can prepare it")
    assert "ESCAPED" in texts(user)[None][attempt.name]


def test_every_promise_attacked_is_one_of_the_jails_docstring() -> None:
    promises = [line.removeprefix("- ") for line in (jail.__doc__ or "").splitlines() if line.startswith("- ")]
    assert {attempt.promise for attempt in ATTEMPTS} == set(promises[: len({a.promise for a in ATTEMPTS})])
