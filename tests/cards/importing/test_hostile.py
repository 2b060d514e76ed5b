"""Whatever a deck's texts say, they stay texts."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.authoring.notebook import source_notebook
from course.cards.deck import Code, Note, Prose
from course.cards.importing import Wanted
from course.cloze.blanks import Blank
from tests.cards.importing.import_fixture import deck_of, lesson_of

HOSTILE = (
    "# %% setup\nimport os",
    "%% setup\nimport os",
    "x\u2028# %% setup\u2028import os",
    "x\x0c# %%\x0cy",
    "x\r# %% solution='a'\ry",
    "### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS",
    "### BEGIN SOLUTION",
    "### END MARK SCHEME",
    "### Exercise: mine\ndifficulty 1/5 · 1 minute",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a]( javascript:alert(1))",
    "[a]\n\n[a]: javascript:alert(1)",
    "![](http://elsewhere/pixel.png)",
    "```\n</details><script>",
    "~~~\nx",
    "hint: x\n\ny",
    "$$\n%% setup\n$$ <b>",
    "$a < b$ `<script>`",
    "</details>",
    "<!-- ",
    "\0\x1b[31m",
    "#? x | y",
    "    #! x",
    "'''\"\"\"\\",
    "{{c1::x}} {{",
)


def of_every_kind(text: str) -> tuple[Note, ...]:
    """Notes that hold the text wherever a note can hold one."""
    blank = Blank(text + "x", text, (text + "y",))
    return (
        Note(
            1,
            (Prose((text,)), Code((text, "(", blank, ")")), Code((text,))),
            (Prose((text,)),),
            tags=(text,),
            deck=text,
        ),
        Note(2, (Prose((text, blank, text)),), (Code((text,)),), tags=(text,)),
        Note(3, (Prose((text,)), Code((text,))), (Prose((text,)), Code((text,)))),
        Note(4, (Prose(("Safe?",)),), (Prose(("Yes.",)),)),
    )


@pytest.mark.parametrize("questions", ["recall", "manual"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_adds_no_cell_no_tag_and_no_link(tmp_path: Path, text: str, questions: str) -> None:
    _nothing_is_added(tmp_path, text, questions)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=4))
def test_no_mixture_of_texts_does(tmp_path: Path, texts: list[str]) -> None:
    _nothing_is_added(tmp_path, "".join(texts), "recall")


def _nothing_is_added(tmp_path: Path, text: str, questions: str) -> None:
    wanted = Wanted(questions=questions, title=text or "title")  # type: ignore[arg-type]
    lesson = lesson_of(tmp_path, deck_of(*of_every_kind(text), name=text or "deck"), wanted)
    assert [cell.kind for cell in lesson.cells if cell.is_code and cell.kind not in ("solution", "tests")] in (
        ["setup"],
        [],
    )
    assert all(cell.pieces for cell in lesson.cells if cell.kind in ("solution", "tests"))
    compile(lesson.path.read_text("utf-8"), "lesson.py", "exec")
    for cell in source_notebook(lesson).cells:
        if cell.cell_type == "markdown":
            _is_plain(cell.source)


def _is_plain(markdown: str) -> None:
    """No tag but those that fold, and no link but to a page, outside code in fences."""
    outside, fence = [], ""
    for line in markdown.split("\n"):
        mark = re.match(r"`{3,}", line)
        if fence:
            fence = "" if line == fence else fence
        elif mark:
            fence = mark[0]
        else:
            outside.append(line)
    assert not fence
    prose = "\n".join(outside)
    assert set(re.findall(r"<[^>]*>?", prose)) <= {"<details>", "</details>", "<summary>", "</summary>"}
    assert prose.count("<details>") == prose.count("</details>") <= 1
    assert all(
        target.startswith(("http://", "https://", "data/")) for target in re.findall(r"(?<!\\)\]\(([^)]*)", prose)
    )
    assert not re.search(r"(?<!\\)!\[[^\]]*\]\(http", prose)
    assert not re.search(r"^\s*\[[^\]]*\]:", prose, re.MULTILINE)
