"""Whatever students hand in comes out in the course's structure, with their answers, or as Unreadable with a reason."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, DeduplicateIds, OverwriteCells, OverwriteKernelspec
from nbgrader.utils import compute_checksum

from course.grading.gradebook.record import ensure_assignment
from course.grading.submission.markup import has_marks
from course.grading.submission.repair import Repaired, Unreadable, repair
from tests.grading.notebooks import (
    ANSWERS,
    NORM,
    answer,
    filled,
    graded,
    make_course,
    norms,
    notebook,
    raw,
    released,
    written,
)

SOURCE = norms()
RELEASE = released(SOURCE)
KEPT = [cell.metadata.nbgrader.grade_id for cell in SOURCE.cells if "nbgrader" in cell.metadata]


def handed_in() -> NotebookNode:
    return filled(RELEASE, ANSWERS)


def repaired(node: NotebookNode | bytes) -> Repaired:
    return repair(node if isinstance(node, bytes) else raw(node), SOURCE, RELEASE)


def ids(node: NotebookNode) -> list[str]:
    """The grade_ids in their order."""
    return [cell.metadata.nbgrader.grade_id for cell in node.cells if "nbgrader" in cell.metadata]


def cell_of(node: NotebookNode, grade_id: str) -> NotebookNode:
    return next(cell for cell in node.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def place(node: NotebookNode, grade_id: str) -> int:
    return node.cells.index(cell_of(node, grade_id))


def own(node: NotebookNode) -> list[str]:
    """The texts of the cells that are the student's own."""
    return [cell.source for cell in node.cells if "nbgrader" not in cell.metadata]


def run(node: NotebookNode) -> dict[str, Any]:
    """What is bound after every code cell ran in order, tests too; a cell that fails does not stop the next."""
    space: dict[str, Any] = {"failed": []}
    for cell in node.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, space)
            except Exception:
                space["failed"].append(cell.metadata.get("nbgrader", {}).get("grade_id"))
    return space


def assert_sound(result: NotebookNode) -> None:
    """It has the course's cells once each, with what nbgrader wants to find in them."""
    nbformat.validate(result)
    MetadataValidator().validate_nb(result)
    assert sorted(ids(result)) == sorted(KEPT)
    assert len({cell.id for cell in result.cells}) == len(result.cells)
    for wanted in SOURCE.cells:
        if "nbgrader" not in wanted.metadata:
            continue
        cell, meta = cell_of(result, wanted.metadata.nbgrader.grade_id), wanted.metadata.nbgrader
        assert cell.cell_type == wanted.cell_type
        assert {key: cell.metadata.nbgrader[key] for key in meta} == meta
        if not meta.solution:
            assert cell.source == wanted.source
            assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


def assert_full_marks(result: NotebookNode) -> None:
    assert_sound(result)
    assert run(result)["failed"] == []
    assert cell_of(result, "why").source == ANSWERS["why"]


def test_an_honest_submission_comes_back_as_it_is() -> None:
    result = repaired(handed_in())
    assert result.notes == ()
    assert_full_marks(result.notebook)
    assert [cell.id for cell in result.notebook.cells] == [cell.id for cell in SOURCE.cells]
    for grade_id, text in ANSWERS.items():
        assert cell_of(result.notebook, grade_id).source == text
    assert own(result.notebook) == own(RELEASE)


def test_an_untouched_release_is_seen_to_be_untouched() -> None:
    result = repaired(RELEASE).notebook
    for grade_id in ANSWERS:
        cell = cell_of(result, grade_id)
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    assert cell_of(repaired(handed_in()).notebook, "why").metadata.nbgrader.checksum != compute_checksum(
        cell_of(handed_in(), "why")
    )


def test_without_a_release_the_stubs_are_made_from_the_source() -> None:
    result = repair(raw(RELEASE), SOURCE).notebook
    cell = cell_of(result, "norm")
    assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


def test_the_metadata_is_that_of_the_release() -> None:
    got = cell_of(repaired(handed_in()).notebook, "norm").metadata.nbgrader
    assert got == cell_of(RELEASE, "norm").metadata.nbgrader


def test_of_two_copies_of_an_answer_the_last_changed_one_is_graded_and_both_run() -> None:
    node = handed_in()
    first = from_dict(cell_of(node, "norm"))
    first.source = "def norm(x, p):\n    return 0"
    node.cells.insert(place(node, "norm"), first)
    node.cells.insert(place(node, "mean"), from_dict(cell_of(RELEASE, "norm")))
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert cell_of(result.notebook, "norm").source == NORM
    assert first.source in own(result.notebook)
    assert "answer cell 'norm' appears 3 times: the last changed one is graded" in result.notes


def test_an_answer_under_the_grade_id_of_another_goes_home_and_leaves_the_others_own() -> None:
    node = handed_in()
    cell_of(node, "mean").metadata.nbgrader.grade_id = "norm"
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert cell_of(result.notebook, "norm").source == cell_of(handed_in(), "norm").source
    assert repaired(result.notebook).notebook == result.notebook


def test_a_stub_pasted_after_the_answer_does_not_undo_it() -> None:
    node = handed_in()
    node.cells.insert(place(node, "norm") + 1, new_code_cell(cell_of(RELEASE, "norm").source))
    assert_full_marks(repaired(node).notebook)


@pytest.mark.parametrize("given", ["import math", "def root(x):\n    return x**0.5", "root = abs"])
def test_what_a_stub_gives_to_work_with_stays_in_the_answer(given: str) -> None:
    work = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
    source = notebook(answer("f", f"{given}\n\n{work}"), graded("f_tests", "assert f(4) == 4"))
    mine = f"{given}\n\ndef f(x):\n    return x"
    result = repair(raw(filled(released(source), {"f": mine})), source)
    assert (cell_of(result.notebook, "f").source, result.notes) == (mine, ())


def test_a_stub_beside_its_answer_is_left_out_and_what_it_gives_stays() -> None:
    given = "def root(x):\n    return x**0.5"
    source = notebook(answer("f", f"{given}\n\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"))
    mine = released(source)
    mine.cells[0].source = f"{given}\n\ndef f(x):\n    return x\n" + mine.cells[0].source
    text = cell_of(repair(raw(mine), source).notebook, "f").source
    assert ("NotImplementedError" in text, given in text) == (False, True)


def test_a_copied_test_is_there_once() -> None:
    node = handed_in()
    node.cells.insert(2, from_dict(cell_of(node, "norm_tests")))
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert place(result.notebook, "norm_tests") == place(SOURCE, "norm_tests")


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("marked", ["both", "first", "second"])
def test_an_answer_split_within_its_function_becomes_one_again(at: int, marked: str) -> None:
    node = handed_in()
    lines = NORM.splitlines()
    first, second = from_dict(cell_of(node, "norm")), from_dict(cell_of(node, "norm"))
    first.source, second.source = "\n".join(lines[:at]), "\n".join(lines[at:])
    for part, name in ((first, "second"), (second, "first")):
        if marked == name:
            part.metadata = NotebookNode()
    node.cells[place(node, "norm") : place(node, "norm") + 1] = [first, second]
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert cell_of(result.notebook, "norm").source == NORM


def test_an_answer_split_between_statements_keeps_both_cells() -> None:
    node = handed_in()
    first, second = from_dict(cell_of(node, "mean")), from_dict(cell_of(node, "mean"))
    first.source, second.source = "mean = 3", "spread = 5"
    node.cells[place(node, "mean") : place(node, "mean") + 1] = [first, second]
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert "mean = 3" in own(result.notebook)


def test_a_written_answer_split_in_two_is_one_again() -> None:
    node = handed_in()
    second = from_dict(cell_of(node, "why"))
    second.source = "And squares are positive."
    node.cells.insert(place(node, "why") + 1, second)
    assert cell_of(repaired(node).notebook, "why").source == f"{ANSWERS['why']}\n\nAnd squares are positive."


@pytest.mark.parametrize("grade_id", ["setup_1", "setup_2", "norm_tests", "mean_tests", "spread_tests"])
def test_a_deleted_cell_of_the_course_is_back_in_its_place(grade_id: str) -> None:
    node = handed_in()
    del node.cells[place(node, grade_id)]
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert ids(result.notebook) == KEPT
    assert any(grade_id in note and "missing" in note for note in result.notes)


def test_a_restored_test_comes_after_the_cells_that_the_student_added() -> None:
    node = handed_in()
    cell_of(node, "norm").source = "def norm(x, p):\n    return helper(x, p)"
    node.cells[place(node, "norm_tests")] = new_code_cell(NORM.replace("norm", "helper"))
    assert_full_marks(repaired(node).notebook)


def test_a_deleted_answer_is_blank() -> None:
    node = handed_in()
    del node.cells[place(node, "norm")]
    result = repaired(node)
    assert_sound(result.notebook)
    assert ids(result.notebook) == KEPT
    cell = cell_of(result.notebook, "norm")
    assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    assert run(result.notebook)["failed"] == ["norm_tests"]
    assert "answer cell 'norm' was deleted: put back as released, without an answer" in result.notes


def test_an_answer_moved_to_a_new_cell_is_found_by_what_it_defines() -> None:
    node = handed_in()
    del node.cells[place(node, "norm")]
    node.cells.append(new_code_cell(NORM))
    assert_full_marks(repaired(node).notebook)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_cell_has_its_type_again(kind: str) -> None:
    node = handed_in()
    for grade_id in ("norm", "norm_tests", "setup_1"):
        cell = cell_of(node, grade_id)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert any("'norm' had become" in note for note in result.notes)


def test_a_changed_test_or_locked_cell_has_the_text_of_the_course() -> None:
    node = handed_in()
    cell_of(node, "norm_tests").source = "pass"
    cell_of(node, "setup_1").source = ""
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert "test cell 'norm_tests' was changed: the course's own text is used" in result.notes


def test_the_students_order_stays_and_each_test_follows_its_answer() -> None:
    node = handed_in()
    cells = node.cells
    cells.append(cells.pop(place(node, "norm")))
    cells.insert(0, cells.pop(place(node, "mean")))
    result = repaired(node)
    assert_full_marks(result.notebook)
    order = ids(result.notebook)
    assert order.index("mean") < order.index("norm") < order.index("norm_tests")
    assert order.index("setup_2") < order.index("mean")
    assert any("another order" in note for note in result.notes)


def test_a_locked_cell_is_not_lifted_over_an_answer_that_it_follows() -> None:
    source = notebook(
        answer("a", "a = 1"),
        graded("a_tests", "assert a == 1"),
        answer("b", "b = a"),
        *norms().cells[1:2],
        answer("c", "c = b"),
        graded("c_tests", "assert c == 1"),
    )
    release = released(source)
    node = filled(release, {name: f"{name} = 1" for name in "abc"})
    node.cells.insert(2, node.cells.pop(4))
    assert ids(repair(raw(node), source, release).notebook).index("b") == 3


@pytest.mark.parametrize("keep_ids", [True, False])
def test_stripped_metadata_is_found_again(keep_ids: bool) -> None:
    node = handed_in()
    for cell in node.cells:
        cell.metadata = NotebookNode()
        if not keep_ids:
            del cell["id"]
    node.nbformat_minor = 5 if keep_ids else 4
    result = repaired(node)
    assert_full_marks(result.notebook)
    assert ids(result.notebook) == KEPT
    assert own(result.notebook) == own(RELEASE)


def test_stripped_metadata_is_found_again_among_cells_of_the_students_own() -> None:
    node = handed_in()
    node.cells.insert(0, new_code_cell("!pip install torch"))
    node.cells.insert(5, new_code_cell("norm_of_it = 3"))
    node.cells.insert(9, new_markdown_cell("My notes: ask about the mean."))
    node.cells.append(new_code_cell("print('done')"))
    for cell in node.cells:
        cell.metadata, cell["id"] = NotebookNode(), cell.id[::-1]
    result = repaired(node)
    assert_sound(result.notebook)
    assert cell_of(result.notebook, "mean").source == ANSWERS["mean"]
    assert cell_of(result.notebook, "norm").source == NORM
    assert cell_of(result.notebook, "why").source == ANSWERS["why"]


def test_cells_that_only_look_like_stubs_are_told_apart_by_place() -> None:
    source = notebook(answer("a", "x = 1"), graded("at", "assert x"), answer("b", "y = 2"), graded("bt", "assert y"))
    release = released(source)
    node = filled(release, {"a": "for x in [3]: pass", "b": "for y in [4]: pass"})
    for cell in node.cells:
        cell.metadata, cell["id"] = NotebookNode(), f"new-{cell.id}"
    assert ids(repair(raw(node), source, release).notebook) == ["a", "at", "b", "bt"]


def colab(node: NotebookNode) -> dict[str, Any]:
    """As Colab saves: format 4.0, ids in the metadata, its own keys, outputs."""
    data = json.loads(raw(node))
    data.update(nbformat_minor=0, metadata={"colab": {"provenance": []}, "kernelspec": {"name": "python3"}})
    for number, cell in enumerate(data["cells"]):
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"o{number}"}
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": ["x" * 10_000]}]
    return dict(data)


def vscode(node: NotebookNode) -> dict[str, Any]:
    """As VS Code saves: ids of its own, no nbgrader metadata, another kernel."""
    data = json.loads(raw(node))
    data["metadata"] = {"kernelspec": {"name": "venv", "language": "python"}, "vscode": {"interpreter": {"hash": "0"}}}
    for number, cell in enumerate(data["cells"]):
        cell["id"] = f"X{number}sZmlsZQ%3D%3D"
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    return dict(data)


def format3(node: NotebookNode) -> dict[str, Any]:
    """As an old IPython saves."""
    cells = []
    for cell in json.loads(raw(node))["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        key = "input" if cell["cell_type"] == "code" else "source"
        cells.append(old | {key: cell["source"], "outputs": [], "language": "python"})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def old_schema(node: NotebookNode) -> dict[str, Any]:
    """With the nbgrader metadata of the first version."""
    data = json.loads(raw(node))
    for cell in data["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        for key in ("schema_version", "task", "cell_type", "checksum"):
            meta.pop(key, None)
    return dict(data)


def colab_without_metadata(node: NotebookNode) -> dict[str, Any]:
    data = colab(node)
    for number, cell in enumerate(data["cells"]):
        cell["metadata"] = {"id": f"{number:012}"}
    return data


@pytest.mark.parametrize("save", [colab, vscode, format3, old_schema, colab_without_metadata])
def test_what_other_editors_save_earns_full_marks(save: Callable[[NotebookNode], dict[str, Any]]) -> None:
    result = repaired(json.dumps(save(handed_in())).encode())
    assert_full_marks(result.notebook)
    assert ids(result.notebook) == KEPT
    assert result.notebook.metadata == SOURCE.metadata


def reread(data: dict[str, Any]) -> NotebookNode:
    return nbformat.reads(json.dumps(data), as_version=4)


def test_a_source_with_old_metadata_gives_metadata_in_force() -> None:
    result = repair(raw(handed_in()), reread(old_schema(SOURCE)), reread(old_schema(RELEASE))).notebook
    MetadataValidator().validate_nb(result)
    assert_full_marks(result)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    node = handed_in()
    cell_of(node, "why").source = "Größe ist nie negativ."
    assert cell_of(repaired(json.dumps(node, ensure_ascii=False).encode(encoding)).notebook, "why").source == (
        "Größe ist nie negativ."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (raw(SOURCE)[:200], "ends in the middle"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"%PDF-1.7 \xff", "PDF"),
        (b"PK\x03\x04\x00\xff", "zip"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xd0\xcf\x11\xe0", "Office"),
        (b"{\\rtf1 \\ansi}", "word-processor"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "large file storage"),
        (b'"a text"', "not JSON"),
        (b"import torch", "not JSON"),
        (b"[1, 2]", "not a list of cells"),
        (b"{}", "no list of cells"),
        (b'{"cells": 3}', "no list of cells"),
        (b'{"cells": []}', "no cells"),
        (b'{"cells": [3, null]}', "no cells"),
        (b'{"cells": [}', "broken at line 1"),
        (b'{"a": ' + b"[" * 100_000, "cannot be read"),
        (b'{"a": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{\n<<<<<<< HEAD\n"a": 1\n=======\n>>>>>>> b\n}', "conflict marks"),
        (b'{"cells": [' + b'{"source": ""},' * 3000 + b'{"source": ""}]}', "cells, more than the"),
        (b'{"cells": [{"source": "' + b"x" * 6_000_000 + b'"}]}', "characters"),
        (b" " * (101 * 2**20), "101 MB"),
    ],
)
def test_what_is_no_notebook_is_unreadable_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        repaired(data)


def test_another_notebook_is_all_blank_with_a_note() -> None:
    result = repaired(notebook(new_code_cell("print('hello')")))
    assert_sound(result.notebook)
    assert result.notes[0] == "no cell of this lesson was recognised: is it the right notebook?"
    assert "print('hello')" in own(result.notebook)


def test_nbgraders_own_clean_up_finds_nothing_to_do(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = make_course(tmp_path, norms=SOURCE)
    ensure_assignment(folder, "ps1")
    node = handed_in()
    node.cells.insert(0, from_dict(cell_of(node, "norm")))
    del node.cells[place(node, "mean_tests")]
    cell_of(node, "setup_1").source = "import maths"
    cell_of(node, "spread_tests").cell_type = "raw"
    result = repaired(node).notebook
    about = {"notebook": "norms", "assignment": "ps1", "student": "ada", "db_url": folder.db_url}
    cleaned = from_dict(result)
    for step in (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata):
        cleaned, _ = step()(cleaned, ResourcesDict(nbgrader=about))
    assert cleaned == result
    assert caplog.records == []


def test_huge_outputs_are_dropped() -> None:
    node = handed_in()
    cell_of(node, "norm").outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}]
    assert len(raw(repaired(node).notebook)) < 20_000


def test_pictures_in_a_written_answer_stay() -> None:
    node = handed_in()
    cell_of(node, "why")["attachments"] = {"a.png": {"image/png": "AAAA"}, "bad": 3}
    assert cell_of(repaired(json.dumps(node).encode()).notebook, "why").attachments == {"a.png": {"image/png": "AAAA"}}


def test_a_task_keeps_its_text_and_its_points() -> None:
    task = written("task", "Plot it below.", points=4)
    task.metadata.nbgrader.update(grade=False, solution=False, task=True, locked=True)
    source = notebook(task)
    node = from_dict(source)
    node.cells[0].source = "Done."
    result = repair(raw(node), source, source).notebook
    MetadataValidator().validate_nb(result)
    assert result.cells[0].source == "Plot it below."
    assert result.cells[0].metadata.nbgrader.points == 4


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([cell.source for cell in [*SOURCE.cells, *RELEASE.cells]]),
    st.sampled_from(
        [NORM, "    return 1", "def f():", "x = (", ")", "____", "%%bash\nls", "\x00", "\ud800", "a\r\r\nb"]
    ),
)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
KEYS = st.sampled_from(["source", "metadata", "cell_type", "id", "attachments", "outputs", "input", "level"])
NUMBER = st.integers(0, 40)


@st.composite
def mutilations(draw: st.DrawFn) -> bytes:
    """A submission to which several bad things happened."""
    data = json.loads(raw(handed_in()))
    cells = data["cells"]
    for _ in range(draw(st.integers(1, 8))):
        at = draw(NUMBER) % len(cells) if cells else 0
        match draw(st.integers(0, 9)) if cells else 6:
            case 0:
                del cells[at]
            case 1:
                cells.insert(draw(NUMBER) % len(cells), json.loads(json.dumps(cells[at])))
            case 2:
                cells.insert(draw(NUMBER) % len(cells), cells.pop(at))
            case 3 if isinstance(cells[at], dict):
                cells[at][draw(KEYS)] = draw(JUNK)
            case 4 if isinstance(cells[at], dict):
                cells[at]["source"] = draw(TEXTS)
            case 5 if isinstance(cells[at], dict):
                cells[at]["metadata"] = {"nbgrader": {"grade_id": draw(st.sampled_from(KEPT))}}
            case 6:
                cells.insert(
                    at, {"cell_type": draw(st.sampled_from(["code", "markdown", "raw"])), "source": draw(TEXTS)}
                )
            case 7 if isinstance(cells[at], dict):
                cells[at].pop(draw(KEYS), None)
            case 8:
                cells[at] = draw(JUNK)
            case 9 if isinstance(cells[at], dict) and isinstance(cells[at].get("source"), list):
                lines = cells[at]["source"]
                cut = draw(NUMBER) % (len(lines) + 1)
                cells.insert(at + 1, {**json.loads(json.dumps(cells[at])), "source": lines[cut:]})
                cells[at]["source"] = lines[:cut]
    return json.dumps(data).encode()


SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(mutilations())
@SLOW
def test_any_mutilation_gives_a_sound_notebook_and_repairing_twice_changes_nothing(data: bytes) -> None:
    try:
        result = repaired(data)
    except Unreadable:
        return
    assert_sound(result.notebook)
    again = repaired(result.notebook)
    assert again.notebook == result.notebook
    assert all("another order" in note for note in again.notes)


@given(st.binary(max_size=200) | JUNK.map(lambda junk: json.dumps(junk).encode()) | st.text().map(str.encode))
@SLOW
def test_any_file_gives_a_notebook_or_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        repaired(data)


@given(st.binary(max_size=3), NUMBER)
@SLOW
def test_broken_bytes_give_a_notebook_or_are_unreadable(noise: bytes, at: int) -> None:
    data = raw(handed_in())
    at = at * len(data) // 40
    try:
        result = repaired(data[:at] + noise + data[at + len(noise) :])
    except Unreadable:
        return
    assert_sound(result.notebook)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), min_size=3, max_size=3))
@example(["", "~~~", ""])
@SLOW
def test_answers_come_back_letter_for_letter(texts: list[str]) -> None:
    assume(not any(has_marks(text) and text.strip("`~") for text in texts))  # out of which code is taken
    answers = dict(zip(ANSWERS, texts, strict=True))
    result = repaired(filled(RELEASE, answers))
    assert {grade_id: cell_of(result.notebook, grade_id).source for grade_id in answers} == answers
    assert result.notes == ()


def test_far_more_cells_than_the_course_has_are_not_read_but_a_large_lesson_is() -> None:
    flood = handed_in()
    flood.cells += [new_markdown_cell("x", id=f"more-{number}") for number in range(1500)]
    with pytest.raises(Unreadable, match="cells, more than the"):
        repaired(flood)
    large = handed_in()
    large.cells += [new_markdown_cell(f"card {number}", id=f"card-{number}") for number in range(1500)]
    assert repair(nbformat.writes(large).encode(), large).notes == ()
