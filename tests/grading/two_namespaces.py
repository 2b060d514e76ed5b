"""Grade a notebook in two namespaces that share only what the plan lets through: the engine without its processes."""

import copy
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from course.grading.plan.ownership import plan
from course.grading.process.chance import Chance


def grade(source: NotebookNode, submission: NotebookNode | None = None) -> dict[str, str]:
    """Each test's outcome, with student and examiner in two namespaces that share only what the plan lets through."""
    student: dict[str, Any] = {"__name__": "__main__"}
    examiner: dict[str, Any] = {"__name__": "__main__"}
    whole, outcomes = plan(source), {}
    needs, chance = whole.tests, {"student": Chance(), "examiner": Chance()}
    drawing = {cell for one in needs.values() for cell in one.draws}

    def drawn_by(side: str, cell: int) -> AbstractContextManager[None]:
        return chance[side].drawing(f"cell {cell}", cell in whole.follows) if cell in drawing else nullcontext()

    for index, cell in enumerate((submission or source).cells):
        if cell.cell_type != "code":
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id not in needs:
            with drawn_by("student", index):
                run(cell.source, student)
            continue
        for place, piece in zip(needs[grade_id].prepared_in, needs[grade_id].prepare, strict=True):
            with chance["examiner"].kept(), drawn_by("examiner", place):
                assert run(piece, examiner) == "", piece
        for name in needs[grade_id].fetch:
            examiner.pop(name, None)
            if name in student:
                examiner[name] = copied(student[name])
        outcomes[grade_id] = run(cell.source, examiner)
    return outcomes


def run(source: str, space: dict[str, Any]) -> str:
    try:
        exec(TransformerManager().transform_cell(source), space)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def copied(value: Any) -> Any:
    """Data crosses as a copy, anything else as it is."""
    return copy.deepcopy(value) if isinstance(value, list | dict | set | tuple) else value
