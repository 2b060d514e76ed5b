"""The law of hand-ins, driven at random: a worked answer that can be found is graded, and no hand-in stops another."""

import ast
import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.folder import CourseFolder
from course.grading.plan.exam import exams_of
from course.grading.submission.files import handed_in, students_of
from course.grading.submission.names import shown
from course.grading.submission.parsing import Unreadable
from tests.grading.notebooks import make_course
from tests.grading.shapes import ANSWERS, RELEASE, SOURCE, cell, honest, text
from tests.grading.submission.test_shapes import failed, repaired

BOUNDED = settings(deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(sorted(ANSWERS))
STUBS = {one.metadata.nbgrader.grade_id: one.source for one in RELEASE.cells if "nbgrader" in one.metadata}
Data = dict[str, Any]


def home(data: Data, name: str) -> Data | None:
    """The cell that still bears an answer's metadata, and holds its code alone; None once that has gone elsewhere."""
    return next((one for one in data["cells"] if _id(one) == name and text(one).strip() == ANSWERS[name].strip()), None)


def _id(one: Data) -> str:
    return str(one["metadata"].get("nbgrader", {}).get("grade_id", ""))


def is_whole(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def split(data: Data, draw: st.DrawFn) -> None:
    """An answer cut after one of its lines; the rest is a cell of its own, with the metadata again or without."""
    one = home(data, draw(NAMES))
    if one is None or one["cell_type"] != "code":
        return
    lines = text(one).split("\n")
    at = draw(st.integers(2, max(2, len(lines) - 1)))
    rest = copy.deepcopy(one)
    rest["metadata"] = rest["metadata"] if draw(st.booleans()) else {}
    rest["id"] = "rest"
    one["source"], rest["source"] = "\n".join(lines[:at]), "\n".join(lines[at:])
    data["cells"].insert(data["cells"].index(one) + 1, rest)


def merge(data: Data, draw: st.DrawFn) -> None:
    """A code cell put at the end of another before it, whatever the two are, but for parts of split ones."""
    codes = [one for one in data["cells"] if one["cell_type"] == "code" and is_whole(text(one))]
    if len(codes) < 2:
        return
    at = draw(st.integers(1, len(codes) - 1))
    first, second = codes[at - 1], codes[at]
    first["source"] = f"{text(first)}\n\n{text(second)}"
    data["cells"].remove(second)


def retype(data: Data, draw: st.DrawFn) -> None:
    one = home(data, draw(NAMES))
    if one is None:
        return
    one["cell_type"] = draw(st.sampled_from(["markdown", "raw"]))
    mark = draw(st.sampled_from(["", "```", "~~~", "````"]))
    if mark:
        tag = draw(st.sampled_from(["", "python", "py", "{python}", "Python 3"]))
        one["source"] = f"{mark}{tag}\n{text(one)}\n{mark}"
    one.pop("outputs", None), one.pop("execution_count", None)


def strip(data: Data, draw: st.DrawFn) -> None:
    """A cell without its metadata, and with another id."""
    one = data["cells"][draw(st.integers(0, 50)) % len(data["cells"])]
    one["metadata"], one["id"] = {}, draw(st.sampled_from(["a", "b", "", "same"])) if one["id"] != "rest" else "rest"


def stub_behind(data: Data, draw: st.DrawFn) -> None:
    """The released stub, pasted behind the answer, with the answer's metadata or without."""
    name = draw(NAMES)
    one = home(data, name)
    if one is not None:
        twin = {**copy.deepcopy(one), "source": STUBS[name], "id": "twin", "cell_type": "code"}
        twin["metadata"] = twin["metadata"] if draw(st.booleans()) else {}
        data["cells"].insert(data["cells"].index(one) + 1, twin)


def move_down(data: Data, draw: st.DrawFn) -> None:
    """An answer at the very end, where no test comes after it."""
    if (one := home(data, draw(NAMES))) is not None:
        data["cells"].remove(one)
        data["cells"].append(one)


def drop(data: Data, draw: st.DrawFn) -> None:
    """A cell of the course's that is not an answer is gone."""
    others = [one for one in data["cells"] if _id(one).endswith("_tests") or _id(one) == "given"]
    others = [one for one in others if not any(f"def {name}" in text(one) for name in ANSWERS)]
    if others:
        data["cells"].remove(draw(st.sampled_from(others)))


def clutter(data: Data, draw: st.DrawFn) -> None:
    """A cell of the student's own that binds none of the exercises' names for good."""
    lines = [
        "x = 3",
        "print('here')",
        "raise ValueError",
        "def helper():\n    return 1",
        "%matplotlib inline",
        "!ls",
        "",
    ]
    one = {"cell_type": "code", "metadata": {}, "source": draw(st.sampled_from(lines)), "id": "own"}
    at = draw(st.integers(0, len(data["cells"]) - 1))
    if data["cells"][at]["id"] != "rest":  # not between the parts of an answer
        data["cells"].insert(at, one)


def lose_ends(data: Data, draw: st.DrawFn) -> None:
    for one in data["cells"]:
        if draw(st.booleans()):
            one["source"] = text(one).split("\n")


def cut(data: Data, draw: st.DrawFn) -> None:
    """Sources as lists of pieces that end anywhere."""
    size = draw(st.integers(1, 60))
    for one in data["cells"]:
        if draw(st.booleans()):
            whole = text(one)
            one["source"] = [whole[at : at + size] for at in range(0, len(whole), size)]


CHANGES: list[Callable[[Data, st.DrawFn], None]] = [
    split, merge, retype, strip, stub_behind, move_down, drop, clutter
]  # fmt: skip


@st.composite
def hand_ins(draw: st.DrawFn) -> bytes:
    """Honest answers to which some of these things happened, in one of the encodings."""
    data = honest()
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=3, unique=True)):
        change(data, draw)
    if spoil := draw(st.sampled_from([None, lose_ends, cut])):
        spoil(data, draw)
    whole = json.dumps(data, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    return whole.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])))


@given(hand_ins())
@BOUNDED
def test_a_worked_answer_that_can_be_found_is_graded(data: bytes) -> None:
    result = repaired(data)
    assert failed(result.notebook) == [], (data.decode("utf-8", "replace"), result.notes)


def tear(data: Data, draw: st.DrawFn) -> None:
    """A function cut within, other cells between its parts, its head perhaps at the end of the code above."""
    one = home(data, draw(NAMES))
    if one is None:
        return
    lines = text(one).split("\n")
    at = draw(st.integers(2, len(lines) - 1))
    head, rest = "\n".join(lines[:at]), "\n".join(lines[at:])
    between = [_code("x = 3"), {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "Now the rest."}]
    place = data["cells"].index(one)
    above = next((c for c in reversed(data["cells"][:place]) if c["cell_type"] == "code"), None)
    if above is not None and is_whole(text(above)) and draw(st.booleans()):
        above["source"] = f"{text(above)}\n\n{head}"
        data["cells"][place:place] = between[: draw(st.integers(0, 2))]
        one["source"] = rest
    else:
        one["source"] = head
        data["cells"][place + 1 : place + 1] = [*between[: draw(st.integers(0, 2))], {**_code(rest), "id": "rest"}]


def _code(source: str) -> Data:
    return {
        "cell_type": "code",
        "id": "between",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    data = honest()
    tear(data, draw)
    return json.dumps(data).encode()


@given(torn())
@settings(BOUNDED, max_examples=40)
def test_a_function_torn_anywhere_is_graded(data: bytes) -> None:
    result = repaired(data)
    assert failed(result.notebook) == [], (data.decode(), result.notes)


@given(st.data())
@BOUNDED
def test_a_file_cut_anywhere_keeps_the_answers_before_the_cut(draw: st.DataObject) -> None:
    whole = json.dumps(honest())
    at = draw.draw(st.integers(0, len(whole)))
    try:
        notebook = repaired(whole[:at].encode()).notebook
    except Unreadable as error:
        reason = str(error)
    else:
        reason = ""
    if reason:
        assert "middle" in reason or "empty" in reason
        return
    lost = {name for name in ANSWERS if f'"grade_id": "{name}_tests"' not in whole[:at]}
    assert {one.split(":")[0].removesuffix("_tests") for one in failed(notebook)} <= lost


BITS = st.sampled_from(["Copy of ", "", "my ", "Kopie von ", "1234_", " ", "\u200b", "(old) "])
TAILS = st.sampled_from(["", " (1)", "-Copy1", " final", " - Kopie", "_v2", " copy 3", "\u00a0"])
ENDS = st.sampled_from([".ipynb", ".IPYNB", ".ipynb.txt", ".ipynb.json", ".json", "", ".ipynb.ipynb", ".ipynb (2)"])
FOLDERS = st.sampled_from(["", "ps1/", "a/b/c/", "Neuer Ordner/", "x.ipynb/"])
PATHS = st.tuples(FOLDERS, BITS, TAILS, ENDS).map(lambda parts: f"{parts[0]}{parts[1]}sheet{parts[2]}{parts[3]}")
JUNK = st.sampled_from(
    [
        ".DS_Store",
        "__MACOSX/._sheet.ipynb",
        "data.csv",
        "notes.txt",
        "a/deep/er/x.bin",
        ".ipynb_checkpoints/sheet.ipynb",
    ]
)
STUDENTS = st.binary(min_size=1, max_size=40).filter(lambda name: not {*b"/\0"} & {*name} and name not in (b".", b".."))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    return make_course(tmp_path_factory.mktemp("law").resolve(), sheet=SOURCE)


@given(st.data())
@BOUNDED
def test_the_worked_file_is_found_whatever_it_is_called_and_whoever_sent_it(
    course: CourseFolder, draw: st.DataObject
) -> None:
    students = draw.draw(st.lists(STUDENTS, min_size=1, max_size=3, unique=True))
    folders = [course.submitted / os.fsdecode(name) for name in students]
    before = set(students_of(course, "ps1")) if course.submitted.exists() else set()
    for folder in folders:
        worked = draw.draw(PATHS)
        put(folder / "ps1" / worked, json.dumps(honest()).encode())
        for junk in draw.draw(st.lists(JUNK, max_size=3, unique=True)):
            put(folder / "ps1" / junk, b"\0 junk")
        untouched = draw.draw(st.none() | PATHS)
        if untouched and untouched != worked:
            put(folder / "ps1" / untouched, json.dumps(RELEASE).encode())
    graded = students_of(course, "ps1")
    assert len(set(graded) - before) <= len(folders)
    for hand_in in handed_in(course, exams_of(course, "ps1"), graded):
        assert hand_in.repaired().answered == len(ANSWERS), shown(str(hand_in.folder))
        assert shown(hand_in.student).isprintable()
        hand_in.student.encode()


def put(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(data)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        pass


def test_the_shape_tests_start_from_what_is_honest() -> None:
    assert text(cell(honest(), "area")) == ANSWERS["area"]
