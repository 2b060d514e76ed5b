"""From the examiner's records to verdicts, and to the executed notebook that nbgrader and formgrader read."""

import copy
from collections.abc import Collection
from typing import cast

from nbformat import NotebookNode, from_dict
from nbgrader.utils import is_grade, is_solution

from course.grading.cells import is_as_released, is_test
from course.grading.plan.exam import Exam
from course.grading.protocol import CellRecord
from course.grading.submission.repair import Repaired
from course.grading.verdict.model import (
    CellVerdict,
    Ending,
    SubmissionVerdict,
    ending_for,
    output_node,
    outputs_of,
    written_verdict,
)
from course.grading.verdict.reading import broken_answers

NOT_RUN = "not run to grade: this is as it was handed in"
NOT_REACHED = CellRecord("could not run", "the grader did not get this far in the time it had")


def mark(
    student: str,
    exam: Exam,
    repaired: Repaired,
    records: dict[int, CellRecord],
    isolation: str,
    seconds: float,
    left_out: Collection[int] = (),
) -> SubmissionVerdict:
    """The verdict on one submission, from one record a cell but for those left out, which show what they had shown."""
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
        elif index in left_out:
            cell.outputs = [*map(from_dict, repaired.shown.get(cell.id, ())), _not_run()]
    not_run = tuple(notebook.cells[index].id for index in sorted(left_out))
    together = tuple(verdict.grade_id for verdict in verdicts if verdict.grade_id in exam.together)
    notebook.metadata["clozegrad"] = {"jail": isolation, "repairs": list(repaired.notes)}
    if not_run:
        notebook.metadata["clozegrad"]["not_run"] = list(not_run)
    if together:  # the student's code could have tampered with these
        notebook.metadata["clozegrad"]["together"] = list(together)
    return SubmissionVerdict(
        student=student,
        lesson=exam.lesson,
        cells=tuple(verdicts),
        repairs=repaired.notes,
        jail=isolation,
        seconds=seconds,
        notebook=notebook,
        notebook_name=exam.name,
        together=together,
        answers=broken_answers(notebook),
        not_run=not_run,
    )


def could_not_run(
    student: str, exam: Exam, reason: str, isolation: str, *, disturbed: bool = False
) -> SubmissionVerdict:
    """The verdict on a submission that cannot be read, or that the machine disturbed: nothing, with the reason."""
    notebook = copy.deepcopy(exam.release or exam.source)
    notebook.metadata["clozegrad"] = {"jail": isolation, "repairs": [], "problem": reason}
    verdicts = []
    for cell in notebook.cells:
        if is_grade(cell):
            meta = cell.metadata["nbgrader"]
            verdicts.append(CellVerdict(meta["grade_id"], float(meta["points"]), 0.0, "could not run", message=reason))
            if is_test(cell):
                cell.outputs = outputs_of(verdicts[-1])
    about = student, exam.lesson, tuple(verdicts), (reason,), isolation, 0.0, notebook, exam.name
    return SubmissionVerdict(*about, disturbed=disturbed)


def _test_verdict(cell: NotebookNode, record: CellRecord, untouched: bool) -> CellVerdict:
    meta = cell.metadata["nbgrader"]
    points = float(meta["points"])
    ended = record.error is not None or record.ending is not None
    if record.report is not None and record.error is None:
        earned = record.report.earned
    elif ended:
        earned = 0.0
    else:
        earned = points if record.earned is None else float(record.earned)
    timeout = "timeout" if record.timed_out and earned < points else None
    ending = cast(Ending, record.ending or timeout or ending_for(earned, points))
    if untouched and earned == 0:
        ending = "blank"
    message = record.message if ended else ""
    return CellVerdict(
        meta["grade_id"], points, earned, ending, record.report, message, tuple(_outputs(record)), record.seconds
    )


def _untouched(notebook: NotebookNode, index: int) -> bool:
    """Whether the answer before a test cell still stands as released."""
    for cell in reversed(notebook.cells[:index]):
        if is_solution(cell):
            return is_as_released(cell)
    return False


def _shown(record: CellRecord) -> list[NotebookNode]:
    """What a student's own cell shows: its outputs, and how it ended where they do not tell."""
    outputs = _outputs(record)
    if record.ending != "passed" and not any(output.output_type == "error" for output in outputs):
        outputs.append(output_node("error", ename=record.ending, evalue=record.message, traceback=[record.message]))
    return outputs


def _not_run() -> NotebookNode:
    """The line under what a demonstration had shown."""
    return output_node("stream", name="stdout", text=f"[{NOT_RUN}]\n")


def _outputs(record: CellRecord) -> list[NotebookNode]:
    """The outputs of a record as notebook nodes, kept to the four kinds that a notebook knows."""
    kept = []
    for output in record.outputs:
        if isinstance(output, dict) and output.get("output_type") in (
            "stream",
            "display_data",
            "execute_result",
            "error",
        ):
            kept.append(from_dict(output))
    return kept
