"""Finding each blank's text in what came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cloze import markup
from course.cloze.align import locate

CODE = "for p in params:\n    p.data -= {{lr}} * p.{{grad}}\n    p.grad = {{None}}\nprint({{p}})"


def found(code: str, text: str) -> list[str | None]:
    """The blanks' texts, without white space around them."""
    pieces = markup.parse(code)
    answers = [blank.answer for blank in markup.blanks(pieces)]
    texts = locate(markup.segments(pieces), text, lambda number, typed: typed.strip() == answers[number])
    return [None if typed is None else typed.strip() for typed in texts]


@pytest.mark.parametrize(
    "text",
    [
        "for p in params:\n    p.data -= a * p.b\n    p.grad = c\nprint(d)",
        "for p in params:\r\n    p.data -= a * p.b\r\n    p.grad = c\r\nprint(d)\r\n",
        "\n\n  for p in params:\n\tp.data-=a*p.b\n\n\tp.grad=c\n\n\nprint( d )\n\n",
        "for p in params:  # all\n    # one step\n    p.data -= a * p.b  # down\n    p.grad = c\nprint(d)  # so",
        "for p in params :\n    p.data -= (\n    a) * p.b\n    p.grad = c\nprint(d)".replace("(\n    a)", "a"),
    ],
)
def test_white_space_and_comments_do_not_matter(text: str) -> None:
    assert found(CODE, text) == ["a", "b", "c", "d"]


def test_a_line_that_was_rewritten_loses_its_own_blanks_only() -> None:
    text = "for p in params:\n    p.data = p.data - a * p.b\n    p.grad = c\nprint(d)"
    assert found(CODE, text) == [None, None, "c", "d"]


def test_a_prompt_right_behind_a_blank_may_begin_a_line_or_stand_in_it() -> None:
    code = "x = {{1\n}}>>> {{y}}>>> z"
    assert found(code, "x = 1\n>>> y>>> z") == ["1", "y"]
    assert found(code, "x = 1>>> y\n>>> z") == ["1", "y"]


def test_a_line_that_is_gone_loses_its_own_blanks_only() -> None:
    assert found(CODE, "for p in params:\n    p.data -= a * p.b\nprint(d)") == ["a", "b", None, "d"]


def test_a_changed_line_without_blanks_loses_nothing() -> None:
    text = "for q in params:\n    p.data -= a * p.b\n    p.grad = c\nprint(d)"
    assert found(CODE, text) == ["a", "b", "c", "d"]


def test_two_tries_on_two_lines_are_one_text() -> None:
    assert found("x = {{1}}\nprint(x)", "x = 1\nx = 2\nprint(x)") == ["1\nx = 2"]


def test_two_tries_do_not_count_when_another_line_was_rewritten_as_well() -> None:
    texts = found("x = {{1}}\ny = {{2}}\nz = {{3}}", "x = 1\ny = 2\ny = 5\nZ = 3")
    assert "2" not in texts


def test_a_bare_line_takes_all_that_stands_between_its_neighbours() -> None:
    assert found(">>> x.shape\n{{(2,)}}\n>>> y", ">>> x.shape\n(1,)\n(2,)\n(3,)\n>>> y") == ["(1,)\n(2,)\n(3,)"]


def test_fixed_text_that_an_answer_holds_too_is_read_in_the_answers_favour() -> None:
    assert found("f({{a[1, 2]}}, {{b}})", "f(a[1, 2], b)") == ["a[1, 2]", "b"]
    assert found("for {{line}} in {{lines}}:", "for line in lines:") == ["line", "lines"]
    assert found("{{a b}}{{c}}", "a bc") == ["a b", "c"]


def test_prompts_that_a_notebook_strips_do_not_matter() -> None:
    code = ">>> x = {{f}}(2)\n>>> x\n{{3}}"
    assert found(code, "x = f(2)\nx\n3\n") == ["f", "3"]
    assert found(code, ">>> x = f(2)\n>>> x\n3") == ["f", "3"]


def test_part_of_a_word_is_found() -> None:
    assert found("nn.Conv{{2d}}(zero_{{grad}})", "nn.Conv3d(zero_gard)") == ["3d", "gard"]


def test_an_empty_blank_is_empty_and_not_lost() -> None:
    assert found("f({{a}}, {{b}})", "f(, ____)") == ["", "____"]


def test_text_far_longer_than_the_card_is_not_searched() -> None:
    assert found(CODE, CODE + "x" * 1_000_000) == [None] * 4


@pytest.mark.parametrize("filler", ["[", "\n", "a [", "____", ">>> ", "'", "\\", "#\n"])
def test_many_readings_end(filler: str) -> None:
    code = "f(" + "[".join(["{{a}}"] * 20) + "\n{{b}}\n)"
    assert len(found(code, "f(" + filler * (20_000 // len(filler)) + ")")) == 21


@given(st.lists(st.text(st.sampled_from("ab([,'\n #_"), max_size=5), min_size=2, max_size=6), st.data())
def test_right_answers_are_found_whatever_the_code(segments: list[str], data: st.DataObject) -> None:
    answers = [data.draw(st.text(st.sampled_from("ab([,'"), min_size=1, max_size=4)) for _ in segments[1:]]
    text = "".join(part for pair in zip(segments, [*answers, ""], strict=True) for part in pair)
    texts = locate(segments, text, lambda number, typed: typed.strip() == answers[number])
    if not any(segments[1:-1]) or any("#" in segment for segment in segments):
        return  # blanks without anything between them are joined at import; comments may hold a gap
    assert [typed is not None for typed in texts] == [True] * len(answers)
