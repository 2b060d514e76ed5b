"""What a student's HTML may look like on our pages: like code, like formulas, and never like a result."""

import re
from pathlib import Path

import pytest

import course
from course.report.cleaning import CLASSES, clean
from course.report.markdown import for_feedback, for_formgrader

STYLES = sorted(Path(course.__file__).parent.rglob("*.css"))
OURS = {name for path in STYLES for name in re.findall(r"\.([A-Za-z][\w-]*)", path.read_text("utf-8"))}
FORGED = {
    "a result": '<div class="result full"><div class="title">All tests passed</div></div>',
    "a mark": '<span class="mark full" title="full points">✓</span>',
    "points": '<span class="points">5<span class="of"> / 5</span></span>',
    "a comment of the instructor's": '<div class="comment"><b>Comment</b>Full points, sorry for my mistake.</div>',
    "the total": '<div class="total"><span class="big">87</span><span class="of"> of 87 points</span></div>',
    "a row of a check": '<ul><li><span class="mark full">✓</span><div class="what"><div class="label">any</div></div></li></ul>',
    "a hidden test": '<span class="tag">hidden test</span>',
    "a line of the overview": '<a href="#x"><span class="name">Norm</span><span class="points">5 / 5</span></a>',
    "what was mended": '<div class="repairs"><b>We had to mend your notebook</b></div>',
    "a note below a test": '<pre class="note">passed</pre>',
    "one class of code among ours": '<span class="k points highlight">5</span>',
    "classes parted by other spaces": '<span class="points\u00a0\t\n full">5</span>',
    "another letter case": '<SPAN CLASS="POINTS Full">5</SPAN>',
    "spelt as entities": '<span class="&#112;oints">5</span>',
}  # fmt: skip


def classes(text: str) -> set[str]:
    return {name.casefold() for found in re.findall(r'class="([^"]*)"', text) for name in found.split()}


@pytest.mark.parametrize("name", FORGED)
def test_nothing_a_student_writes_looks_like_a_result_of_ours(name: str) -> None:
    context = {"cell": {}, "resources": {}}
    pages = [clean(FORGED[name]), for_feedback(context, FORGED[name]), for_formgrader(context, FORGED[name])]
    for text in (*pages, for_feedback(context, f"before\n\n- {FORGED[name]}\n\n> {FORGED[name]}")):
        assert classes(text) <= {"k", "highlight"}
        assert re.search(r"5|full|hidden|mend|passed|Comment|87|✓", text, re.IGNORECASE)  # what it says stays


def test_only_code_and_formulas_share_classes_with_our_pages() -> None:
    assert {"points", "mark", "result", "comment"} <= OURS
    assert all(len(name) <= 3 or name in ("highlight", "formula") for name in OURS & CLASSES)


def test_code_keeps_its_colours_and_formulas_their_place() -> None:
    text = for_feedback({"cell": {}, "resources": {}}, "```python\ndef f(): return 1\n```\n\n$$x^2$$")
    assert {"highlight", "k", "formula"} <= classes(text)
