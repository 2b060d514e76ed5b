"""From the examiner's records to verdicts, and to the executed notebook that nbgrader and formgrader read."""

import copy
from typing import Any, cast

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from nbgrader.utils import compute_checksum, is_grade, is_solution

from course.grading.exam import Exam, is_test
from course.grading.repair import Repaired
from course.grading.verdicts import CellVerdict, Ending, SubmissionVerdict, ending_for, outputs_of, written_verdict
from course.results import CellReport, CheckResult

Record = dict[str, Any]
NOT_REACHED: Record = {"ending": "could not run", "message": "the grader did not get this far in the time it had"}


def mark(
    student: str, exam: Exam, repaired: Repaired, records: dict[int, Record], rung: str, seconds: float
) -> SubmissionVerdict:
    """The verdict on one submission, from one record a cell."""
    notebook = copy.deepcopy(repaired.notebook)
    verdicts: list[CellVerdict] = []
    for index, cell in enumerate(notebook.cells):
        record = records.get(index, NOT_REACHED)
        if is_test(cell):
            verdict = _test_verdict(cell, record, _untouched(notebook, index))
            cell.outputs = outputs_of(verdict)
        elif is_grade(cell):
            verdict = written_verdict(cell)
        else:
            verdict = None
        if verdict is not None:
            verdicts.append(verdict)
        if cell.cell_type == "code" and not is_test(cell) and index in records:
            cell.outputs = _shown(record)
    notebook.metadata["clozegrad"] = {"jail": rung, "repairs": list(repaired.notes)}
    return SubmissionVerdict(student, exam.lesson, tuple(verdicts), repaired.notes, rung, seconds, notebook, exam.name)


def could_not_run(student: str, exam: Exam, reason: str, rung: str) -> SubmissionVerdict:
    """The verdict on a submission that cannot be read: nothing for each test, with the reason."""
    notebook = copy.deepcopy(exam.release or exam.source)
    notebook.metadata["clozegrad"] = {"jail": rung, "repairs": [], "problem": reason}
    verdicts = []
    for cell in notebook.cells:
        if is_grade(cell):
            meta = cell.metadata["nbgrader"]
            verdicts.append(CellVerdict(meta["grade_id"], float(meta["points"]), 0.0, "could not run", message=reason))
            if is_test(cell):
                cell.outputs = outputs_of(verdicts[-1])
    return SubmissionVerdict(student, exam.lesson, tuple(verdicts), (reason,), rung, 0.0, notebook, exam.name)


def _test_verdict(cell: NotebookNode, record: Record, untouched: bool) -> CellVerdict:
    meta = cell.metadata["nbgrader"]
    points = float(meta["points"])
    report = _report(record.get("report"))
    failed = bool(record.get("error"))
    if report is not None and not failed:
        earned = report.earned
    else:
        earned = 0.0 if failed or "ending" in record else float(record.get("earned", points))
    timeout = "timeout" if record.get("timed_out") and earned < points else None
    ending = cast(Ending, record.get("ending") or timeout or ending_for(earned, points))
    if untouched and earned == 0:
        ending = "blank"
    message = str(record.get("message", "")) if failed or "ending" in record else ""
    return CellVerdict(
        meta["grade_id"], points, earned, ending, report, message, tuple(_outputs(record)), record.get("seconds", 0.0)
    )


def _report(data: Record | None) -> CellReport | None:
    if data is None:
        return None
    return CellReport(data["exercise"], data["points"], tuple(CheckResult(**check) for check in data["checks"]))


def _untouched(notebook: NotebookNode, index: int) -> bool:
    """Whether the answer before a test cell still stands as released."""
    for cell in reversed(notebook.cells[:index]):
        if is_solution(cell):
            return bool(cell.metadata["nbgrader"].get("checksum") == compute_checksum(cell))
    return False


def _shown(record: Record) -> list[NotebookNode]:
    """What a student's own cell shows: its outputs, and how it ended where they do not tell."""
    outputs = _outputs(record)
    if record["ending"] != "passed" and not any(output.output_type == "error" for output in outputs):
        message = str(record["message"])
        outputs.append(new_output("error", ename=record["ending"], evalue=message, traceback=[message]))
    return outputs


def _outputs(record: Record) -> list[NotebookNode]:
    """The outputs of a record as notebook nodes, kept to the four kinds that a notebook knows."""
    kept = []
    for output in record.get("outputs", ()):
        if isinstance(output, dict) and output.get("output_type") in (
            "stream",
            "display_data",
            "execute_result",
            "error",
        ):
            kept.append(from_dict(output))
    return kept
