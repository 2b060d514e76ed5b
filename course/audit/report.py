"""An audit on the screen: a lesson's table, its survivors, and what is below the bar."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.audit.result import ExerciseAudit, LessonAudit

HEADS = (
    *("exercise", "right kept", "panel right kept", "keepers kept", "wrong caught", "panel wrong caught"),
    *("spoilers caught", "attacks held", "mutants caught", "steady under draws", "equivalent"),
)


def show(audit: LessonAudit, console: Console) -> None:
    """One lesson's table, then each survivor with its difference, then what is below the bar."""
    console.print(_table(audit))
    for exercise in audit.exercises:
        for survivor in exercise.survivors:
            console.print(Text(f"{exercise.name}: a mutant passes ({survivor.trial.description})", style="yellow"))
            for line in survivor.trial.difference:
                console.print(Text(f"    {line}", style="red" if line.startswith("-") else "green"), soft_wrap=True)
    for own in audit.wholes[:1]:
        took = f"{own.all_cells.seconds:.1f} s, without demonstrations in {own.without.seconds:.1f} s"
        console.print(f"graded in one piece: {own.without.points:g} of {own.without.max_points:g} points in {took}")
    if audit.wholes[1:]:
        same = sum(not any(one.complaints()) for one in audit.wholes)
        console.print(f"{same} of {len(audit.wholes)} whole notebooks earn the same without demonstrations")
    for text in audit.complaints():
        console.print(Text(text, style="red"), soft_wrap=True)


def _table(audit: LessonAudit) -> Table:
    """The counts by exercise; kinds that were tried with none of them are left out, so that the names have room."""
    rows = [row(exercise) for exercise in audit.exercises]
    columns = [place for place in range(len(HEADS)) if any(cells[place] for cells in rows)]
    table = Table(title=audit.lesson, box=box.SIMPLE, title_justify="left")
    for place in columns:
        table.add_column(HEADS[place], no_wrap=place == 0)
    for exercise, cells in zip(audit.exercises, rows, strict=True):
        style = "red" if any(exercise.complaints()) else "yellow" if exercise.survivors else ""
        table.add_row(*(cells[place] for place in columns), style=style)
    return table


def row(exercise: ExerciseAudit) -> tuple[str, ...]:
    """An exercise's name and counts, a text for each of `HEADS`; empty for a kind that was not tried."""
    return (exercise.name, *_cells(_numbers(exercise)))


def _numbers(exercise: ExerciseAudit) -> tuple[int, ...]:
    right, panel_right = exercise.of("solution", "right"), exercise.of("panel right")
    wrong, panel_wrong = exercise.of("wrong"), exercise.of("panel wrong")
    keepers, spoilers = exercise.judged_of("keeper"), exercise.judged_of("spoiler")
    return (
        sum(one.full for one in right),
        len(right),
        sum(one.full for one in panel_right),
        len(panel_right),
        sum(one.full for one in keepers),
        len(keepers),
        sum(not one.full for one in wrong),
        len(wrong),
        sum(not one.full for one in panel_wrong),
        len(panel_wrong),
        sum(not one.full for one in spoilers),
        len(spoilers),
        len(exercise.of("attack")) - len(exercise.fooled),
        len(exercise.of("attack")),
        exercise.judged - len(exercise.survivors),
        exercise.judged,
        sum(one.steady for one in exercise.draws),
        len(exercise.draws),
        len(exercise.of("mutant", "keeper", "spoiler")) - len(exercise.judged_of("mutant", "keeper", "spoiler")),
    )


def _cells(numbers: tuple[int, ...]) -> tuple[str, ...]:
    *pairs, equivalent = numbers
    counts = (f"{good} of {of}" if of else "" for good, of in zip(pairs[::2], pairs[1::2], strict=True))
    return (*counts, str(equivalent or ""))
