"""What is read, as a notebook shows it: nbconvert's Markdown renderer is the judge that no tag of a deck comes alive."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from course.cards.markdown import escape, escape_start
from course.cards.reading.clozes import NoteError
from course.cards.reading.parts import parts
from tests.cards.reading.html_strategy import SOUP

MARKUP = frozenset(
    [
        "p",
        "strong",
        "em",
        "code",
        "pre",
        "br",
        "hr",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
        "a",
        "sup",
        "sub",
    ]
)
TEXT = st.text(
    st.one_of(st.sampled_from("<>&*_`$[]()!#+-=|~\\:/ab1. "), st.characters(categories=["L", "N", "P", "S"])),
    min_size=1,
)


class Page(HTMLParser):
    """The text of a rendered page, its tags, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update({name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXT.map(lambda text: " ".join(text.split())).filter(bool))
@settings(max_examples=200, deadline=None)
@example("<script>alert(1)</script>")
@example("[a](javascript:x) ![b](c) <https://a.b > &lt; \\(x\\) $5 and $6")
@example("- a")
@example("1. a")
@example("# a")
@example("__a__ *b* `c` ~~d~~ | e |")
def test_escaped_text_is_shown_as_it_stands(text: str) -> None:
    page = Page(markdown2html_mistune(escape_start(escape(text))))
    assert page.tags <= {"p", "a"}  # a bare address becomes a link to itself
    assert page.text.strip() == text


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_a_notebook_shows_only_harmless_tags(html: str) -> None:
    try:
        found = parts(html)
    except NoteError:
        return
    for part in found:
        page = Page(markdown2html_mistune(part.text if type(part).__name__ == "Prose" else ""))
        assert page.tags <= MARKUP
        assert not any(name.startswith("on") for name in page.attributes)
        assert not any("javascript:" in value for value in page.attributes.values())


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("a <b>b</b> <i>c</i>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("a<br>b", "<p>a<br />b</p>"),
        ("x <code>a|b_c_</code>", "<p>x <code>a|b_c_</code></p>"),
        ("snake_case_name and *", "<p>snake_case_name and *</p>"),
    ],
)
def test_markup_of_a_deck_is_shown(html: str, shown: str) -> None:
    assert markdown2html_mistune(parts(html)[0].text).strip().replace("\n", "") == shown
