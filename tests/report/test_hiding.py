"""What a student may see of a graded cell."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course.checks import CellReport, CheckResult
from course.grading.verdict.model import CellVerdict, outputs_of
from course.grading.verdict.reading import verdicts_in
from course.report import hiding

SOURCE = """\
assert twice(2) == 4
### BEGIN HIDDEN TESTS
assert twice(123456) == 246912
### END HIDDEN TESTS
print("done")"""
MARKS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


META = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False}


def graded(*outputs: NotebookNode, source: str = SOURCE) -> tuple[CellVerdict, str, list[str]]:
    """The verdict on a test with these outputs, its visible source and its hidden lines."""
    cell = new_code_cell(source, outputs=list(outputs), metadata={"nbgrader": {**META, "grade_id": "t", "points": 3}})
    (verdict,) = verdicts_in(new_notebook(cells=[cell]))
    return verdict, *hiding.cut(source, *MARKS)


def test_hidden_regions_are_cut_and_the_rest_keeps_its_order() -> None:
    assert hiding.cut(SOURCE, *MARKS) == (
        'assert twice(2) == 4\nprint("done")',
        ["assert twice(123456) == 246912"],
    )


def test_a_region_that_never_ends_hides_the_rest_of_the_cell() -> None:
    assert hiding.cut("a\n### BEGIN HIDDEN TESTS\nb\nc", *MARKS) == ("a", ["b", "c"])


def test_a_hidden_check_shows_label_points_and_hint_and_nothing_else() -> None:
    checks = (
        CheckResult("open one", 1, 0, message="expected 4, got 5", printed="open print"),
        CheckResult("secret one", 2, 0, hidden=True, hint="mind the sign", message="got 777", printed="x = 777"),
    )
    test = graded(*outputs_of(CellVerdict("t", 3, 0.0, "failed", CellReport("t", 3, checks))))
    shown = hiding.shown(*test)
    text = repr(shown) + repr(hiding.as_outputs(shown))
    assert "777" not in text
    assert "expected 4, got 5" in text
    assert "open print" in text
    assert "mind the sign" in text
    assert [(row.label, row.passed, row.earned, row.points) for row in shown.rows] == [
        ("open one", False, 0, 1),
        ("secret one", False, 0, 2),
    ]


def test_a_hidden_check_tells_the_kind_of_fault_and_quotes_only_the_students_own_line() -> None:
    def message(told: str) -> str:
        report = CellReport("t", 1, (CheckResult("secret", 1, 0, hidden=True, message="x = 777", told=told),))
        test = graded(*outputs_of(CellVerdict("t", 1, 0.0, "failed", report)))
        return hiding.shown(*test, own=frozenset({"return x[k]"})).rows[0].message

    assert message("expected dtype float32, got float64") == "expected dtype float32, got float64"
    own = "your code raises KeyError at line 3: `return x[k]`"
    assert message(own) == own
    assert message("your code raises KeyError at line 3: `the input was 777`") == "your code raises KeyError at line 3"


def test_the_hint_of_a_check_that_passed_is_not_shown() -> None:
    report = CellReport("t", 1, (CheckResult("fine", 1, 1, hidden=True, hint="a hint"),))
    test = graded(*outputs_of(CellVerdict("t", 1, 1.0, "passed", report)))
    assert hiding.shown(*test).rows[0].hint == ""


def test_of_two_records_in_a_cell_the_last_counts() -> None:
    forged, real = (CellReport("t", 1, (CheckResult(label, 1, 1),)) for label in ("forged", "real"))
    outputs = [outputs_of(CellVerdict("t", 1, 1.0, "passed", report))[0] for report in (forged, real)]
    test = graded(*outputs)
    assert [row.label for row in hiding.shown(*test).rows] == ["real"]


@pytest.mark.parametrize("record", [{}, {"checks": 7}, {"exercise": "t", "points": "x", "checks": []}, "text", [1]])
def test_a_record_that_is_none_is_passed_over(record: object) -> None:
    output = new_output("display_data", data={"application/vnd.clozegrad.checks+json": record})
    assert hiding.shown(*graded(output)).rows == ()


def traceback(line: str) -> NotebookNode:
    shown = f"\x1b[32m----> 1\x1b[39m \x1b[38;5;28;01massert\x1b[39;00m {line}"
    return new_output("error", ename="AssertionError", evalue="not 246912", traceback=["Cell In[3], line 1", shown])


def test_an_error_from_a_hidden_line_says_only_that_a_hidden_test_failed() -> None:
    shown = hiding.shown(*graded(traceback("twice(123456) == 246912")))
    assert shown.notes == ("A hidden test did not pass.",)


def test_an_error_from_a_visible_line_is_quoted_with_that_line() -> None:
    error = traceback("twice(2) == 4")
    assert hiding.shown(*graded(error)).notes == ("AssertionError: not 246912\n    assert twice(2) == 4",)


def test_an_error_without_a_place_is_taken_for_a_hidden_one() -> None:
    error = new_output("error", ename="failed", evalue="twice(123456)", traceback=["twice(123456)"])
    assert "123456" not in repr(hiding.shown(*graded(error)))


def test_what_a_cell_with_hidden_tests_printed_is_dropped_and_without_them_kept() -> None:
    printed = new_output("stream", name="stdout", text="x = 123456\n")
    assert hiding.shown(*graded(printed)).notes == ()
    assert hiding.shown(*graded(printed, source="assert twice(2) == 4")).notes == ("x = 123456",)


def test_how_a_cell_ended_is_told_in_our_own_words() -> None:
    error = new_output("error", ename="timeout", evalue="in twice(123456)", traceback=["twice(123456)"])
    (note,) = hiding.shown(*graded(error)).notes
    assert "took too long" in note
    assert "123456" not in note


def test_lines_that_quote_hidden_source_are_cut_from_other_cells() -> None:
    secrets = hiding.telling(["assert twice(123456) == 246912", "x = 1"], ["x = 1"])
    coloured = "\x1b[31massert\x1b[0m twice(123456) == 246912"
    cell = new_code_cell(
        "show()",
        outputs=[
            new_output("stream", name="stdout", text="before\nassert twice(123456) == 246912\nafter"),
            new_output("error", ename="E", evalue="assert twice(123456) == 246912", traceback=["x", coloured]),
            new_output("execute_result", data={"text/plain": "'assert twice(123456) == 246912'"}),
            new_output("display_data", data={"text/html": "<b>assert twice(123456) == 246912</b>"}),
        ],
    )
    hiding.hide_outputs(cell, secrets)
    assert "246912" not in repr(cell.outputs)
    assert "before" in cell.outputs[0].text
    assert "after" in cell.outputs[0].text


def test_pictures_stay_and_what_needs_scripts_goes() -> None:
    data = {"image/png": "iVBORw0KGgo=", "application/javascript": "alert(1)", "text/plain": "a figure"}
    cell = new_code_cell("plot()", outputs=[new_output("display_data", data=data)])
    hiding.hide_outputs(cell, frozenset({"something hidden"}))
    assert set(cell.outputs[0].data) == {"image/png", "text/plain"}


@pytest.mark.parametrize("error", ["ZeroDivisionError", "KeyError", "Mine", None])
def test_below_a_hidden_test_every_cell_shows_the_same_line_whatever_it_showed(error: str | None) -> None:
    quiet, loud = new_code_cell("x"), new_code_cell("x", outputs=[new_output("stream", text="31")])
    if error is not None:
        loud.outputs.append(new_output("error", ename=error, evalue="31", traceback=[]))
    for cell in (quiet, loud):
        hiding.withhold_outputs(cell)
    assert quiet.outputs == loud.outputs
    assert "31" not in repr(loud.outputs)
    assert "Error" not in repr(loud.outputs)


def test_a_visible_check_after_a_hidden_one_quotes_nothing_that_the_students_code_returned() -> None:
    checks = (
        CheckResult("secret one", 1, 0, hidden=True, message="got 777"),
        CheckResult("open one", 1, 0, message="expected 4, got 777", printed="777"),
    )
    test = graded(*outputs_of(CellVerdict("t", 2, 0.0, "failed", CellReport("t", 2, checks))))
    assert "777" not in repr(hiding.shown(*test))
