"""Who needs a look, and why."""

from dataclasses import replace

from course.report.classpage.attention import concerns
from tests.report.classpage.classes import ended, hand_in, right, wrong


def test_the_gravest_come_first_and_sound_work_is_left_alone() -> None:
    hand_ins = [
        hand_in("fine", right()),
        hand_in("open", ended("manual")),
        hand_in("blank", ended("blank")),
        hand_in("mended", right(), repairs=("a test was missing", "another")),
        hand_in("slow", right("a"), ended("timeout", "b")),
        hand_in("stopped", right("a"), replace(wrong("b"), broken="TimeLimit: stopped after 20 s")),
        hand_in("raised", right("a"), replace(wrong("b"), broken="ValueError: no")),
        hand_in("gone", right("a"), ended("crashed", "b"), ended("out of memory", "c")),
        hand_in("nothing", ended("failed")),
        hand_in("empty", ended("could not run", message="it is empty\nmore"), repairs=("it is empty",)),
        hand_in("wrong", wrong()),
    ]
    assert [(one.student, one.reasons) for one in concerns(hand_ins)] == [
        ("empty", ("could not be graded: it is empty",)),
        ("nothing", ("no points, and yet there is work in it",)),
        ("gone", ("crashed: b", "out of memory: c")),
        ("slow", ("timeout: b",)),
        ("stopped", ("an answer did not come to its end: b",)),
        ("mended", ("2 repairs, first: a test was missing",)),
    ]
