"""The page of a class: what is on it, what never is, and how large it gets."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from course.report.classpage.handins import HandIn
from course.report.classpage.history import change, now
from course.report.classpage.items import items
from course.report.classpage.page import page_of, spread
from tests.report.classpage.classes import Answered, answered, check, class_of, ended, hand_in, right, wrong

WHEN = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVIL = "<script>alert(1)</script><img src=https://example.org/spy.png onerror=x()>"


def page(hand_ins: list[HandIn]) -> str:
    return page_of("01_tiny", hand_ins, items(hand_ins), None, 2, WHEN)


class Elements(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_nothing_that_a_student_wrote_becomes_an_element() -> None:
    evil = answered(EVIL, check(EVIL, message=f"expected 1, got {EVIL}"), answer=EVIL)
    found = Elements(page([hand_in(f"{EVIL}{number}", evil, repairs=(EVIL,)) for number in range(12)]))
    assert not {"script", "img", "link", "iframe", "object"} & {*found.tags}
    assert [name for name, _ in found.attributes if name.startswith("on")] == []


def test_the_page_loads_nothing() -> None:
    text = page(class_of(20, lambda number: (right(), wrong("mean") if number % 3 else right("mean"))))
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "@import" not in text
    assert {value for name, value in Elements(text).attributes if name in ("src", "href")} <= {
        f"#{one}" for one in re.findall(r'id="([^"]+)"', text)
    }


def test_every_id_stands_once() -> None:
    ids = re.findall(r'\bid="([^"]+)"', page(class_of(20, lambda number: (right(), wrong("mean")))))
    assert sorted(ids) == sorted(set(ids))


def test_charts_take_their_colours_from_the_page_and_are_told_in_words() -> None:
    text = page(
        class_of(
            20,
            lambda number: tuple(
                (right, wrong)[number % every > 0](name) for name, every in (("norm", 2), ("mean", 3))
            ),
        )
    )
    charts = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(charts) == 4
    for chart in charts:
        assert 'role="img"' in chart
        assert re.search(r'aria-label="[^"]{20,}"', chart)
        assert "var(--" in chart
        assert not re.search(r"#[0-9a-f]{6}\b", chart)


def test_signs_that_turn_the_way_of_writing_are_taken_out() -> None:
    assert "\u202e" not in page([hand_in(f"a\u202e{number}", wrong(message="got \u202e3")) for number in range(2)])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_small_class_has_a_page_without_correlations(count: int) -> None:
    text = page(class_of(count, lambda number: (right(), ended("timeout", "mean"))))
    assert "it is left out" in text
    assert text.count("<svg") == 3


def test_a_class_of_which_nothing_could_be_read_has_a_page() -> None:
    assert "could not be graded" in page([hand_in("a", ended("could not run", message="it is empty"))])


def test_a_thousand_students_fit_on_a_page() -> None:
    def exercises(number: int) -> tuple[Answered, ...]:
        return tuple(
            wrong(f"exercise_{place}", message=f"expected {place} or {'abcdefgh'[(number + place) % 8]}, got 3")
            if (number * place) % 3 == 0
            else right(f"exercise_{place}")
            for place in range(24)
        )

    assert len(page(class_of(1000, exercises)).encode()) < 3_000_000


def test_what_changed_is_on_the_page() -> None:
    before, after = [hand_in("ada", wrong())], [hand_in("ada", right())]
    moved = change(now(before, items(before), WHEN), now(after, items(after), WHEN))
    text = page_of("01_tiny", after, items(after), moved, 0, WHEN)
    assert '<th scope="row">ada</th><td>1</td><td>2</td>' in text


def test_the_bins_of_a_histogram_hold_everybody() -> None:
    found = spread([0.0, 3.0, 77.5, 78.0, 78.0], 78.0)
    assert sum(found.counts) == 5
    assert (found.lowest, found.middle, found.highest) == (0.0, 77.5, 78.0)
    assert spread([0.0, 0.0]).middle == 0.0
