"""An audit on the screen, and as the table that docs/ keeps."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.audit.result import ExerciseAudit, LessonAudit

HEADS = ("exercise", "right kept", "wrong caught", "attacks held", "mutants caught", "equivalent")


def show(audit: LessonAudit, console: Console) -> None:
    """One lesson's table, then each survivor with its difference, then what is below the bar."""
    table = Table(*HEADS, title=audit.lesson, box=box.SIMPLE, title_justify="left")
    for exercise in audit.exercises:
        style = "red" if any(exercise.complaints()) else "yellow" if exercise.survivors else ""
        table.add_row(*_row(exercise), style=style)
    console.print(table)
    for exercise in audit.exercises:
        for survivor in exercise.survivors:
            console.print(Text(f"{exercise.name}: a mutant passes ({survivor.trial.description})", style="yellow"))
            for row in survivor.trial.difference:
                console.print(Text(f"    {row}", style="red" if row.startswith("-") else "green"), soft_wrap=True)
    if audit.whole:
        console.print(f"graded in one piece: {audit.whole[0]:g} of {audit.whole[1]:g} points in {audit.whole[2]:.1f} s")
    for text in audit.complaints():
        console.print(Text(text, style="red"), soft_wrap=True)


def markdown(audits: Sequence[LessonAudit]) -> str:
    """All lessons in one page: the counts by exercise, and every survivor."""
    parts = [
        "# How well the tests judge\n\n"
        "Made by `make audit`: each answer is graded by the engine. A mutant is the lesson's own solution with one "
        "small mistake; equivalent ones, which nobody can tell, are marked in the lesson with the reason. Attacks are "
        "objects that agree with everything, functions that do nothing and patched comparisons; they earn nothing.\n"
    ]
    for audit in audits:
        parts.append(f"\n## {audit.lesson}\n\n| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}\n")
        parts += [f"| {' | '.join(_row(exercise))} |\n" for exercise in [*audit.exercises]]
        parts.append(f"| **all** | {' | '.join(_sums(audit.exercises))} |\n")
        survivors = [(exercise.name, one.trial) for exercise in audit.exercises for one in exercise.survivors]
        if survivors:
            parts.append("\nMutants that pass:\n\n")
            parts += [f"- {name}: `{'` `'.join(trial.difference)}`\n" for name, trial in survivors]
    return "".join(parts)


def _row(exercise: ExerciseAudit) -> tuple[str, ...]:
    return (exercise.name, *_cells(_numbers(exercise)))


def _numbers(exercise: ExerciseAudit) -> tuple[int, ...]:
    right, wrong = exercise.of("reference", "right"), exercise.of("wrong")
    return (
        len(right) - len(exercise.refused),
        len(right),
        sum(not one.full for one in wrong),
        len(wrong),
        len(exercise.of("attack")) - len(exercise.fooled),
        len(exercise.of("attack")),
        exercise.judged - len(exercise.survivors),
        exercise.judged,
        len(exercise.of("mutant")) - exercise.judged,
    )


def _sums(exercises: Iterable[ExerciseAudit]) -> tuple[str, ...]:
    return _cells(tuple(map(sum, zip(*map(_numbers, exercises), strict=True))))


def _cells(numbers: tuple[int, ...]) -> tuple[str, ...]:
    *pairs, equivalent = numbers
    counts = (f"{good} of {of}" for good, of in zip(pairs[::2], pairs[1::2], strict=True))
    return (*counts, str(equivalent or ""))
