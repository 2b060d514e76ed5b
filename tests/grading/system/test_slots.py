"""Who may run when, and on which cores."""

import threading

import pytest

from course.grading.system.slots import Slots, shares


def test_a_slot_is_one_pairs_until_it_gives_it_back() -> None:
    slots = Slots(5, ["GPU-a1", "GPU-b2"])
    with slots.one() as first, slots.one() as second:
        assert [slot.environment["CUDA_VISIBLE_DEVICES"] for slot in (first, second)] == ["GPU-a1", "GPU-b2"]
    with slots.one() as third, slots.one() as fourth:
        assert third != fourth
    assert slots.count == 2


def test_without_a_gpu_there_are_as_many_slots_as_are_wanted() -> None:
    slots = Slots(3)
    with slots.one() as one, slots.one() as two, slots.one() as three:
        assert one.environment == two.environment == three.environment == {}


@pytest.mark.parametrize(
    ("count", "cores", "expected"),
    [
        (2, (0, 1), [(0,), (1,)]),
        (2, (0, 1, 2, 3, 4), [(0, 1), (2, 3)]),
        (1, (4, 5), [(4, 5)]),
        (3, (0, 1), [(0,), (1,), (0,)]),
        (2, (), [(), ()]),
    ],
)
def test_slots_have_cores_of_their_own_while_there_are_enough(
    count: int, cores: tuple[int, ...], expected: list[tuple[int, ...]]
) -> None:
    assert shares(count, cores) == expected


def test_who_runs_alone_waits_for_all_others_and_keeps_them_waiting() -> None:
    slots, order, held = Slots(2), [], threading.Event()

    def alone() -> None:
        held.set()
        with slots.alone():
            order.append("alone")
            assert slots._free.empty()

    with slots.one():
        thread = threading.Thread(target=alone)
        thread.start()
        held.wait()
        order.append("one")
    thread.join()
    with slots.one(), slots.one():
        assert order == ["one", "alone"]
