"""A card's text as its author writes it, and the HTML that comes of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.cards.markup import read
from course.cards.rendering import answer_of, field_of, question_of


def field(source: str, *, cloze: bool = False) -> str:
    return field_of(read(source, cloze=cloze))


def without_colours(html: str) -> str:
    return re.sub(r'</?span[^>]*>|(?<=<code) class="hl"|(?<=<pre) class="hl"', "", html)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("$x^2$ is a square", r"\(x^2\) is a square"),
        ("$$\\sum_i x_i$$", r"\[\sum_i x_i\]"),
        ("$a < b$", r"\(a &lt; b\)"),
        ("it costs $5, or $6", "it costs $5, or $6"),
        (r"\$x$ is not a formula", "$x$ is not a formula"),
        ("`$x$` is code", "<code>$x$</code> is code"),
        ("a$b$c", "a$b$c"),
        ("x = $ y $", "x = $ y $"),
    ],
)
def test_dollars_hold_maths_where_they_can_mean_nothing_else(source: str, html: str) -> None:
    assert without_colours(field(source)) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and *slanted*", "<strong>bold</strong> and <em>slanted</em>"),
        ("2**n + 3**m", "2**n + 3**m"),
        ("f(*args, **kwargs)", "f(*args, **kwargs)"),
        ("a * b * c", "a * b * c"),
        ("__init__ and w.sub_", "__init__ and w.sub_"),
        ("one\ntwo", "one<br>\ntwo"),
        ("<b>&nbsp;", "&lt;b&gt;&amp;nbsp;"),
        (r"a\_b \*x\* \`y\` &lt;b&gt; &#92;alpha", "a_b *x* `y` &lt;b&gt; \\alpha"),
        (r"C:\new &copy;", r"C:\new &amp;copy;"),
        ("`a ``b` c", "<code>a ``b</code> c"),
        ("``a ` b``", "<code>a ` b</code>"),
    ],
)
def test_of_markdown_only_what_code_in_prose_cannot_be_taken_for(source: str, html: str) -> None:
    assert without_colours(field(source)) == html


def test_a_block_of_code_keeps_its_lines_and_is_highlighted() -> None:
    html = field("Write:\n\n```python\ndef f(x):\n    return '$x$'\n```\n\nDone.")
    assert html.startswith('Write:<pre class="hl"><code><span class="k">def</span> <span class="nf">f</span>(x):\n    ')
    assert "$x$" in html
    assert html.endswith("</code></pre>Done.")


def test_a_block_of_another_language_or_of_none_is_shown_as_it_is() -> None:
    assert field("```klingon\nif <x>\n```") == '<pre class="hl"><code>if &lt;x&gt;</code></pre>'
    assert field("```text\nif 1\n```") == '<pre class="hl"><code>if 1</code></pre>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a {{c1::b}} c", "a {{c1::b}} c"),
        ("{{c2::b::a letter}}", "{{c2::b::a letter}}"),
        ("{{c1::x[::2]}}", "{{c1::x[:<!-- -->:2]}}"),
        ("{{c1::a {{c2::b}}}}", "{{c1::a {{c2::b}}}}"),
        ("{{c1,2::b}}", "{{c1,2::b}}"),
        ('{{c1::{"a": {}}}}', '{{c1::{"a": {}<!-- -->}<!-- -->}}'),
        ('{"a": {{c1::b}}}', '{"a": {{c1::b}}}'),
        ("{{c1::}}}", "{{c1::}<!-- -->}}"),
        ("{{c1::{}} {{c2::x}}", "{{c1::{<!-- -->}} {{c2::x}}"),
        ("{{c0::a}} {{c1::b}}", "{<!-- -->{c0::a}<!-- -->} {{c1::b}}".replace("c0::", "c0:<!-- -->:")),
        ("{{c1::a", "{<!-- -->{c1:<!-- -->:a"),
        (r"${{c1::\frac{1}{x^{2}}}}$", r"\({{c1::\frac{1}{x^{2} } }}\)"),
        ("{{c1::$x$}}", r"{{c1::\(x\)}}"),
        ("{{c1::a `b}} c`", "{{c1::a }}<code>{{c1::b}} c</code>"),
    ],
)
def test_a_cloze_keeps_its_answer_whatever_braces_are_in_it(source: str, html: str) -> None:
    assert without_colours(field(source, cloze=True)) == html


def test_a_cloze_in_code_is_highlighted_around_its_marks() -> None:
    html = field("```\nfor x in {{c1::range(3)}}:\n    pass\n```", cloze=True)
    assert '{{c1::<span class="nb">range</span>(<span class="mi">3</span>)}}:' in html


def test_braces_of_a_card_without_cloze_are_not_read() -> None:
    assert without_colours(field("{{c1::a}}")) == "{<!-- -->{c1:<!-- -->:a}<!-- -->}"


def test_what_anki_would_play_or_draw_is_text() -> None:
    for source in ("[sound:a.mp3]", "[latex]x[/latex]", "[$5]", "[anki:tts lang=en_US]x[/anki:tts]"):
        assert field(source).startswith("[<!-- -->")
    assert without_colours(field(r"`\(x\)`")) == r"<code>\(x\)</code>"
    assert field(r"`\(x\)`").count(r"<span>\</span>") == 2  # no maths where somebody quotes its marks
    assert field("&#92;(x&#92;)") == r"<span>\</span>(x<span>\</span>)"


def test_a_page_hides_a_cloze_in_the_question_and_marks_it_in_the_answer() -> None:
    text = read("The {{c1::sum}} of `x.{{c2::sum::method}}()` is ${{c3::2}} + y$", cloze=True)
    question, answer = question_of(text), answer_of(text)
    assert "sum" not in question
    assert question.count('class="blank"') == 3
    assert "[method]" in question
    assert "<math" not in question  # a formula is set in one piece, so it is hidden in one piece
    assert answer.count("<mark>") == 3
    assert "<math" in answer


def test_an_answer_within_an_answer_is_hidden_once() -> None:
    assert question_of(read("{{c1::a {{c2::b}} c}} d", cloze=True)) == '<span class="blank">[…]</span> d'


def test_what_no_collection_can_hold_is_left_out() -> None:
    assert field("a\x00b\x1fc\ud800d\r\ne") == "abcd<br>\ne"


PIECES = st.sampled_from(
    ["{{c1::", "{{c2::", "}}", "::", "`", "```\n", "$", "$$", "**", "*", "\n", "<b>", "&amp;", "x", " ", "\\("]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=30).map("".join))
def test_elements_and_clozes_nest_and_stay_within_the_text(source: str) -> None:
    text = read(source, cloze=True)
    for cloze in text.clozes:
        assert 0 <= cloze.start < cloze.end <= len(text.text)
        for element in text.elements:
            outside = cloze.end <= element.start or element.end <= cloze.start
            around = cloze.start <= element.start and element.end <= cloze.end
            inside = element.inner <= cloze.start and cloze.end <= element.inner_end
            assert outside or around or inside
    html = field_of(text)
    assert "<b>" not in html
    assert html.count("{{c") == len(text.clozes) == html.count("}}")
    assert answer_of(text).count("<mark>") == answer_of(text).count("</mark>")
