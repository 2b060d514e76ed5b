"""Tests are graded apart where that changes nothing for the course's own answers and blank, and together otherwise."""

import json
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading import cached
from course.grading.calibration import KIND, CellWay, summary, ways
from course.grading.plan.exam import exams_of
from course.grading.run import calibrate, grade
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.notebooks import answer, code, filled, graded, make_course, notebook, released

CLASS = "class Dot:\n    def __init__(self, x):\n        self.x = x"
BOTH = notebook(
    answer("double_answer", "def double(x):\n    return 2 * x"),
    graded("double", "assert double(3) == 6", points=2),
    answer("dot_answer", CLASS),
    graded("dot", "assert isinstance(Dot(1), Dot)", points=3),
    graded("wrong", "assert double(3) == 7"),
)


def hand_in(folder: CourseFolder, student: str, source: NotebookNode, answers: Mapping[str, str]) -> None:
    place = folder.submitted / student / "ps1"
    place.mkdir(parents=True)
    nbformat.write(filled(released(source), answers), place / "norms.ipynb")


def course(tmp_path: Path, source: NotebookNode, **classes: Mapping[str, str]) -> CourseFolder:
    """A course of one notebook, with what its students handed in: the source's own answers, but for these."""
    folder = make_course(tmp_path.resolve(), norms=source)
    marked = [cell for cell in source.cells if "nbgrader" in cell.metadata]
    own = {cell.metadata["nbgrader"]["grade_id"]: cell.source for cell in marked}
    for student, answers in classes.items():
        hand_in(folder, student, source, own | dict(answers))
    return folder


def executed(folder: CourseFolder, student: str = "ann") -> NotebookNode:
    """The notebook as it was graded."""
    return nbformat.read(folder.autograded / student / "ps1/norms.ipynb", as_version=4)


def earned(verdict: SubmissionVerdict) -> dict[str, float | None]:
    return {cell.grade_id: cell.earned for cell in verdict.cells}


def test_one_notebook_may_hold_both_ways_and_the_verdict_says_which(tmp_path: Path) -> None:
    folder = course(tmp_path, BOTH, ann={}, bob={"double_answer": "def double(x):\n    return x"})
    notes: list[str] = []
    ann, bob = grade(folder, "ps1", on_note=notes.append)
    assert earned(ann) == {"double": 2, "dot": 3, "wrong": 0}
    assert earned(bob) == {"double": 0, "dot": 3, "wrong": 0}
    assert ann.together == ("dot",)
    assert executed(folder).metadata["clozegrad"]["together"] == ["dot"]
    assert len(notes) == 2
    assert notes[0].startswith("1 of 3 tests run in the process of the student's code")
    assert "wrong: the course's own answer loses 1 points" in notes[1]


def test_a_draw_that_cannot_be_repeated_lets_a_test_run_together_with_the_answers_that_read_it(tmp_path: Path) -> None:
    cells = (
        code("import os, random\nbytes_ = os.urandom(8)\nvalues = [random.random() for _ in range(9)]"),
        answer("low_answer", "low = min(bytes_)"),
        graded("low", "assert low <= 255 and min(bytes_) >= 0"),
        answer("top_answer", "top = max(values)"),
        graded("top", "assert top == max(values)"),
    )
    (exam,) = calibrate(course(tmp_path, notebook(*cells)), "ps1")
    low, top = ways(exam)
    assert (low.way, top) == ("together", CellWay("top", "apart"))
    assert low.reason.startswith("the student's code reads bytes_ too, drawn in a way that cannot be repeated")


def test_what_was_found_is_kept_until_the_source_changes(tmp_path: Path) -> None:
    folder = course(tmp_path, BOTH)
    (exam,) = calibrate(folder, "ps1")
    assert [(way.grade_id, way.way) for way in ways(exam)] == [
        ("double", "apart"),
        ("dot", "together"),
        ("wrong", "apart"),
    ]
    path = cached.place(folder, KIND, "ps1", "norms")
    kept = json.loads(path.read_text())
    kept["cells"][0] |= {"way": "together", "reason": "written here by hand"}
    path.write_text(json.dumps(kept))
    (again,) = calibrate(folder, "ps1")
    assert ways(again)[0] == CellWay("double", "together", "written here by hand")
    changed = notebook(*[cell.copy() for cell in BOTH.cells[:2]])
    changed.cells[1].source += "\nassert double(0) == 0"
    nbformat.write(changed, folder.source / "ps1/norms.ipynb")
    (anew,) = calibrate(folder, "ps1")
    assert ways(anew) == [CellWay("double", "apart")]


@pytest.mark.parametrize("broken", ["", "{", '{"key": 3}', "[]"])
def test_a_damaged_record_is_made_anew(tmp_path: Path, broken: str) -> None:
    folder = course(tmp_path, notebook(answer("a", "x = 1"), graded("t", "assert x == 1")))
    path = cached.place(folder, KIND, "ps1", "norms")
    path.parent.mkdir(parents=True)
    path.write_text(broken)
    assert ways(*calibrate(folder, "ps1")) == [CellWay("t", "apart")]
    assert json.loads(path.read_text())["cells"] == [{"grade_id": "t", "way": "apart", "reason": ""}]


def test_require_apart_refuses_before_anything_is_graded_and_names_the_cell(tmp_path: Path) -> None:
    folder = course(tmp_path, BOTH, ann={})
    with pytest.raises(CourseError, match=r"1 tests cannot be graded apart .* norms: dot \(apart, the course's own"):
        grade(folder, "ps1", require_apart=True)
    assert not folder.autograded.exists()


def test_a_lesson_whose_tests_are_written_with_checks_is_not_calibrated(tiny_course: CourseFolder) -> None:
    (exam,) = exams_of(tiny_course, "01_tiny")
    assert exam.tests_use_checks
    assert exam.together == frozenset()
    assert summary([exam]) == []


def test_a_test_that_runs_together_cannot_be_read_before_its_turn(tmp_path: Path) -> None:
    look = (
        "def found():\n    import re\n    places = []\n"
        "    for line in open('/proc/self/maps'):\n        where, rights = line.split()[:2]\n"
        "        start, stop = (int(part, 16) for part in where.split('-'))\n"
        "        if rights.startswith('rw') and stop - start < 1 << 28:\n            places.append((start, stop))\n"
        "    with open('/proc/self/mem', 'rb', 0) as memory:\n        for start, stop in places:\n"
        "            try:\n                memory.seek(start)\n                if re.search(rb'hush[-]4711', memory.read(stop - start)):\n"
        "                    return True\n            except OSError:\n                pass\n    return False\n"
        "print('before:', found())"
    )
    source = notebook(
        answer("first", CLASS + "\nprint('before:', False)\ndef found():\n    return None"),
        graded("dot", "### BEGIN HIDDEN TESTS\nassert isinstance(Dot('hush-4711'), Dot)\n### END HIDDEN TESTS"),
        answer("second", "print('after:', found())"),
    )
    folder = course(tmp_path, source, ann={"first": CLASS + "\n" + look})
    (verdict,) = grade(folder, "ps1")
    assert verdict.together == ("dot",)
    cells = executed(folder).cells
    printed = "".join(output.text for cell in cells for output in cell.outputs if "text" in output)
    assert printed == "before: False\nafter: True\n"


def test_a_process_that_ends_in_such_a_test_costs_that_test_only(tmp_path: Path) -> None:
    source = notebook(
        answer("dot_answer", CLASS + "\n    def grow(self):\n        self.x += 1\n        return self"),
        graded("grow", "assert isinstance(Dot(1).grow(), Dot)"),
        graded("dot", "assert isinstance(Dot(1), Dot)"),
    )
    leaving = CLASS + "\n    def grow(self):\n        import os\n        os._exit(0)"
    folder = course(tmp_path, source, ann={"dot_answer": leaving})
    (verdict,) = grade(folder, "ps1")
    assert [(cell.earned, cell.ending) for cell in verdict.cells] == [(0, "exited"), (1, "passed")]


def test_a_value_that_such_a_test_ends_with_is_its_points(tmp_path: Path) -> None:
    source = notebook(
        answer("dot_answer", CLASS),
        graded("some", "score = 1.5 if isinstance(Dot(2), Dot) else 0\nscore", points=2),
        graded("much", "99 if isinstance(Dot(2), Dot) else 0", points=2),
        graded("words", "'well done' if isinstance(Dot(2), Dot) else 0", points=2),
        graded("quiet", "import sys\nsys.stderr.write('hm')\nassert isinstance(Dot(2), Dot)", points=2),
    )
    (verdict,) = grade(course(tmp_path, source, ann={}), "ps1")
    assert set(verdict.together) == {"some", "much", "words", "quiet"}
    assert earned(verdict) == {"some": 1.5, "much": 2, "words": 2, "quiet": 2}


def test_the_answer_in_a_cell_without_marks_is_the_students(tmp_path: Path) -> None:
    source = notebook(nbformat.v4.new_code_cell("rate = 5"), graded("t", "assert rate == 5"))
    folder = course(tmp_path, source)
    blank = notebook(nbformat.v4.new_code_cell("# your rate here"), graded("t", "assert rate == 5"))
    (folder.release / "ps1").mkdir(parents=True)
    nbformat.write(blank, folder.release / "ps1/norms.ipynb")
    for student, text in (("ann", "rate = 10 / 2"), ("bob", "# your rate here")):
        (folder.submitted / student / "ps1").mkdir(parents=True)
        blank.cells[0].source = text
        nbformat.write(blank, folder.submitted / student / "ps1/norms.ipynb")
    ann, bob = grade(folder, "ps1")
    assert (earned(ann), earned(bob)) == ({"t": 1}, {"t": 0})
    assert ann.together == ()


def test_what_cells_wrote_and_the_courses_files_stand_beside_the_graded_notebook(tmp_path: Path) -> None:
    write = "import os\nopen('mine.txt', 'w').write('1')\nopen('given.txt', 'w').write('2')\nos.makedirs('deep')\n"
    write += "open('deep/er.txt', 'w').write('3')\nos.symlink('/etc/passwd', 'link')\nopen('x.ipynb', 'w').write('4')\nopen('o.verdict.json', 'w').write('5')"
    source = notebook(answer("a", "open('mine.txt', 'w').close()"), graded("t", "open('mine.txt').close()"))
    folder = course(tmp_path, source, ann={"a": write})
    (folder.source / "ps1/given.txt").write_text("the course's")
    (verdict,) = grade(folder, "ps1")
    assert earned(verdict) == {"t": 1}
    graded_folder = folder.autograded / "ann/ps1"
    found = {path.relative_to(graded_folder).as_posix() for path in graded_folder.rglob("*") if path.is_file()}
    assert found == {"norms.ipynb", "norms.verdict.json", "mine.txt", "given.txt", "deep/er.txt"}
    assert (graded_folder / "given.txt").read_text() == "the course's"
    assert (graded_folder / "mine.txt").read_text() == "1"


def test_a_source_without_cells_is_graded(tmp_path: Path) -> None:
    folder = course(tmp_path, notebook(), ann={})
    (verdict,) = grade(folder, "ps1")
    assert (verdict.points, verdict.max_points) == (0, 0)


def test_a_course_without_torch_is_graded_in_processes_without_torch(tmp_path: Path) -> None:
    source = notebook(
        answer("a", "import sys\nloaded = 'torch' in sys.modules"), graded("t", "import sys\nassert not loaded\nassert 'torch' not in sys.modules")
    )  # fmt: skip
    (verdict,) = grade(course(tmp_path, source, ann={}), "ps1")
    assert earned(verdict) == {"t": 1}
