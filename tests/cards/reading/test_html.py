"""HTML to Markdown and code: what the edges of our deck do not show."""

import pytest

from course.cards.deck import Note, Part
from course.cards.reading.clozes import CLOSE, NoteError, mark
from course.cards.reading.limits import Limits
from course.cards.reading.notes import Row, note
from course.cards.reading.parts import parts
from course.cards.reading.tags import whole_tags
from course.cloze.blanks import Blank
from tests.cards.decks import blank, code, prose


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "- a\n\n   - b\n\n- c"),
        ("<ol><li>a</li><li>b</li></ol>x", "1. a\n2. b\n\nx"),
        ("a<ul><li></li></ul>", "a"),
        ("a<br><br>b<p>c</p>d", "a\n\nb\n\nc\n\nd"),
        ("<br>a<br>", "a"),
        ("x <b> y </b>z", "x **y** z"),
        ("<b><i>x</i></b> <b> </b> <b>open", "***x*** open"),
        ("<b>a<br>b</b>", "a  \nb"),
        ("<h2>T</h2>x<hr>y", "T\n\nx\n\ny"),
        ("- a<br>1. b<br># c<br>+ d<br>=== e", "\\- a  \n1\\. b  \n\\# c  \n\\+ d  \n\\=== e"),
        ("<code>`a`</code> and <code></code>", "`` `a` `` and"),
        ("inline <code>&lt;b&gt;</code>", "inline &lt;b&gt;"),
        ("<a href='https://a.b/c?d=1&amp;e=2'>t</a>", "[t](https://a.b/c?d=1&e=2)"),
        ("<a href='https://a.b/c)d'>t</a> <a href='data:x'>u</a>", "t u"),
        ("<img src='p.png' alt='a [b](c)'>", "![a (b)(c)](p.png)"),
        ("<img src='https://a.b/c.png'>", "[picture](https://a.b/c.png)"),
        ("<img src='//a.b/x.png'> <img src='data:image/png;base64,x'> <img>", "(picture) (picture) (picture)"),
        (
            "<table><tr><th>a|b</th></tr><tr><td><code>c|d</code><br>e</td></tr></table>z",
            "| a\\|b |\n| --- |\n| `c\\|d` e |\n\nz",
        ),
        ("<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>", "| a |\n| --- |"),
        ("[sound:a*b.mp3]", "[sound:a\\*b.mp3\\]"),
        ("<a class=hint href='#' onclick='x'>Show</a><div class=hint style='display: none'>so</div>", "Hint: so"),
        ("[[type:Back]] say it [anki:play:q:0]", "say it"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    read = note(Row(1, 0, (html,)), Limits())
    assert isinstance(read, Note)
    assert read.front == (prose(markdown),)


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        (r"\(a<b\)", "$a< b$"),
        (r"\(a &lt;script&gt;\)", "$a < script>$"),
        (r"\( x<br>y \)", "$x y$"),
        (r"\[<div>x</div>\]", "$$x$$"),
        (r"\(a $ \$ b\)", r"$a \$ \$ b$"),
        (r"\(x", "&#92;(x"),
        (r"x\) \(y\)", "x&#92;) $y$"),
        (r"\(a <b>\b</b>\)", r"$a \b$"),
        (r"[latex]\begin{align}a\\b\end{align}[/latex]", r"$$\begin{align}a\\b\end{align}$$"),
        (r"[latex]\[a\][/latex] [LaTeX]$$b$$[/latex]", "$$a$$ $$b$$"),
        ("[latex]Let $x$ be $y$[/latex]", "Let $x$ be $y$"),
        (r"[$]\frac{a}{b}[/$] costs $5", r"$\frac{a}{b}$ costs \$5"),
        (r"call <code>re.sub(r'\(x\)')</code> now", r"call `re.sub(r'\(x\)')` now"),
        (r"\(\)", ""),
    ],
)
def test_maths_stands_between_dollars(source: str, markdown: str) -> None:
    assert parts(source) == ((prose(markdown),) if markdown else ())


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("<code>x\ny</code>", (code("x\ny"),)),
        ("see<div><code>a = 1</code></div>", (prose("see"), code("a = 1"))),
        ("<pre>a\n</pre>\n<pre>b</pre>", (code("a"), code("b"))),
        ("<pre>\n\n  a\n\n</pre>", (code("  a"),)),
        ("<pre>a\r\nb\u200bc</pre>", (code("a\nbc"),)),
        (
            r"<pre>re.sub(r'\(x\)', '$1')  # [sound:a.mp3] {{x}}</pre>",
            (code(r"re.sub(r'\(x\)', '$1')  # [sound:a.mp3] {{x}}"),),
        ),
        ("<pre>a<ul><li>b</li><li>c</li></ul></pre>", (code("a\nb\nc"),)),
        ("<pre>x<img src=p.png></pre>", (code("x"), prose("![](p.png)"))),
        ("<pre>never <b>closed", (code("never closed"),)),
        ("{{c1::a<pre>b</pre>c::h}}", (prose(blank("a", "h")), code(blank("b")), prose(blank("c")))),
        ("<pre><input name=f_12345678 value=g>(x)</pre>", (code(blank("f"), "(x)"),)),
        ("<pre><INPUT NAME='F_12345678'></pre>", (code(blank("F")),)),
        ("<pre><input name='a_123456789'><input name='a_1234567x'>b</pre>", (code("b"),)),
        ("<pre><input name='a_1_12345678'></pre>", (code(blank("a_1")),)),
        ("<pre><input name='&nbsp;x_12345678'></pre>", (code(blank(" x")),)),
        ("<pre><input name='a&#10;b_12345678'></pre>", (code(blank("a\nb")),)),
        ("{{c1::a}}{{c1::b}}", (prose(blank("a"), blank("b")),)),
        ("{{c1::a<br>b}} c", (prose(blank("a  \nb"), " c"),)),
        ("{{c1::{{c1::x}}}}", (prose(blank("x")),)),
        ("<code>{{c1::x}}</code> is", (prose(blank("`x`"), " is"),)),
        ("a <code>x.{{c1::y}}</code> is", (prose("a x.", blank("y"), " is"),)),
        ("a }} b {{c1 ::c}}", (prose("a }} b {{c1 ::c}}"),)),
        ("{{c1::a::<b>h</b>&lt;}}", (prose(blank("a", "h<")),)),
        ("{{c1::x::}}", (prose(blank("x")),)),
        ("{{c1::a <!-- }} -->b}}", (prose(blank("a"), " b}}"),)),
        ('<b class="{{c1::x}}">y</b> {{c2::z}}', None),
        ("x<sup>{{c1::2}}</sup>", (prose("x^(", blank("2"), ")"),)),
        ("a <span class=cloze-inactive data-ordinal=1>b</span>", (prose("a b"),)),
        (
            "<span class=cloze data-cloze='a &lt;span class=&quot;cloze&quot; data-cloze=&quot;b&quot; data-ordinal=2&gt;[...]&lt;/span&gt;'"
            " data-ordinal=1>[<i>h</i>]</span>",
            (prose(blank("a ", "h"), blank("b", "", 1, 2)),),
        ),
        (
            "<pre>x = <span class=cloze data-cloze='f&lt;br&gt;g' data-ordinal='1,3'>[...]</span></pre>",
            (code("x = ", blank("f\ng", "", 1, 3)),),
        ),
    ],
)
def test_code_blanks_and_clozes(source: str, want: tuple[Part, ...] | None) -> None:
    if want is None:
        with pytest.raises(NoteError, match="c1 hides nothing"):
            parts(source)
    else:
        assert parts(source) == want


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("a<!-- b -->c<!-- d", "ac"),
        ("a<!DOCTYPE b>c<?php d ?>e", "ace"),
        ("a<SCRIPT src='x'>b</script >c", "ac"),
        ("a<script>b</scripty>c", "a"),
        ("a<style>b<title>c", "a"),
        ("a<svg onload=x><circle/></svg>b</svg>", "ab"),
        ("1 < 2 <3 <", "1 &lt; 2 &lt;3 &lt;"),
        ("<a <b>c", "<a <b>c"),
        ("<a href='>'>", "<a href='>'>"),
        ("<a href='b", "&lt;a href='b"),
        ("<scripts>x", "<scripts>x"),
    ],
)
def test_only_whole_tags_are_left_for_the_parser(html: str, left: str) -> None:
    assert whole_tags(html) == left


def test_marks_of_clozes_outlive_what_is_left_out() -> None:
    marked, clozes = mark("{{c1::a <script>}}</script>b")
    assert (len(clozes), whole_tags(marked).count(CLOSE)) == (1, 1)
    assert parts("{{c1::a <script>}}</script>b") == (prose(blank("a"), " b"),)


def test_characters_that_marks_are_made_of_cannot_be_smuggled_in() -> None:
    found = parts("\ufdd07\ufdd1x\ufdd2 {{c1::y}}")
    assert [piece for part in found for piece in part.pieces if isinstance(piece, Blank)] == [blank("y")]
