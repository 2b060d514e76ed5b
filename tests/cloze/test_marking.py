"""One check a blank: points, messages, and what earns nothing."""

from collections.abc import Callable

import pytest

from course import checks, cloze
from course.cloze import markup
from course.cloze.marking import LOOK
from course.results import CellReport

CODE = "for p in params:\n    p.data -= {{lr||rate::the step size}} * p.{{grad.data}}\n    f({{a=1, b='x'}})"
Grade = Callable[..., CellReport]


@pytest.fixture(autouse=True)
def _at_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")


def graded(text: object, code: str = CODE) -> CellReport:
    """What the test cell finds at grading."""
    pieces = markup.parse(code)
    checks.begin("card", points=len(markup.blanks(pieces)))
    sheet = cloze.given(text, code)
    sheet.mark(*(cloze.blank(one.answer, *one.alternatives, hint=one.hint) for one in markup.blanks(pieces)))
    sheet.look()
    checks.score()
    return checks.report()


def looked(text: object) -> CellReport:
    """What the test cell of a release finds."""
    checks.begin("card", points=3)
    cloze.given(text, CODE).look()
    checks.score()
    return checks.report()


def with_answers(*answers: str) -> str:
    rest = iter(answers)
    return "".join(next(rest) if not isinstance(piece, str) else piece for piece in markup.parse(CODE))


def test_the_answers_earn_all_and_so_do_alternatives() -> None:
    assert graded(with_answers("lr", "grad.data", "a=1, b='x'")).earned == 3
    assert graded(with_answers("rate", "grad . data", 'b="x",a=1,')).earned == 3


@pytest.mark.parametrize("nothing", ["____", "_", "", " "])
def test_an_empty_blank_earns_nothing_and_says_so(nothing: str) -> None:
    report = graded(with_answers(nothing, nothing, nothing))
    assert report.earned == 0
    assert all("is empty" in check.message for check in report.checks)


def test_each_blank_has_its_points_label_message_and_hint() -> None:
    report = graded(with_answers("LR", "grad.data", "a=1"))
    first, second, third = report.checks
    assert report.earned == 1
    assert first.label == "blank 1: p.data -= ____ * p.…"
    assert first.message == "you typed `LR`; capital and small letters matter"
    assert first.hint == "the step size"
    assert second.passed
    assert "you typed `a=1`" in third.message


def test_no_message_holds_an_answer() -> None:
    for typed in ("x", "'lr'", "“lr”", "(", "x" * 500, "____"):
        text = "\n".join(line for check in graded(with_answers(*[typed] * 3)).checks for line in check.lines())
        assert "grad.data" not in text
        assert "b='x'" not in text


def test_a_rewritten_line_is_named_and_shown_as_it_was() -> None:
    report = graded(with_answers("lr", "grad.data", "a=1, b='x'").replace("p.data -=", "p.data = p.data -"))
    assert report.earned == 1
    assert report.checks[0].message == ("line 3 was changed: put back `p.data -= ____ * p.____` and fill in its blanks")


class Agreeing(str):
    """A text that says it is equal to any other."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize("value", [None, 3, b"x", ["lr"], Agreeing("x"), object()])
def test_what_is_no_plain_text_earns_nothing(value: object) -> None:
    report = graded(value)
    assert report.earned == 0
    assert "%%cloze" in report.checks[0].message


@pytest.mark.parametrize("typed", ["lr, rate", "lr rate", "lr or rate", "lr\nrate", "lr # rate\nrate", "[lr, rate][0]"])
def test_all_alternatives_at_once_earn_nothing(typed: str) -> None:
    assert not graded(with_answers(typed, "x", "x")).checks[0].passed


def test_all_alternatives_on_lines_of_their_own_earn_nothing() -> None:
    lines = "    p.data -= lr * p.grad.data\n    p.data -= rate * p.grad.data\n"
    text = with_answers("lr", "grad.data", "a=1, b='x'")
    assert graded(text.replace("    p.data -= lr * p.grad.data\n", lines)).earned < 3
    assert graded(text.replace("    p.data -= lr * p.grad.data\n", lines.replace("lr", "wrong"))).earned < 3


def test_an_underscore_can_be_an_answer() -> None:
    assert graded("for _ in x:", "for {{_}} in x:").earned == 1
    assert graded("for ____ in x:", "for {{_}} in x:").earned == 0


def test_a_release_says_what_is_still_empty_or_was_changed() -> None:
    report = looked(with_answers("____", "grad", "").replace("f(", "g("))
    assert report.earned == 0
    assert "blank 1 is empty, line 3: p.data -= ____ * p.____ (the step size)" in report.checks[0].message
    assert "line 4 was changed" in report.checks[0].message


def test_a_release_is_content_with_any_answers() -> None:
    report = looked(with_answers("a", "b", "c"))
    assert [check.label for check in report.checks] == [LOOK]
    assert report.earned == 3


def test_answers_that_do_not_fit_the_template_are_the_authors_mistake() -> None:
    with pytest.raises(ValueError, match="1 answers for 3 blanks"):
        cloze.given("", CODE).mark(cloze.blank("lr"))
