"""An audit on the screen, and as the table that docs/ keeps."""

from collections import Counter
from collections.abc import Iterable, Sequence

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


def markdown(audits: Sequence[LessonAudit], rounds: str = "") -> str:
    """All lessons in one page: the counts by exercise, where mutants survive, and what each round of the panel found.

    `rounds` is lessons/panel_rounds.tsv: round, lesson, answers, and how many of them were judged otherwise.
    """
    parts = [
        "# How well the tests judge\n\n"
        "Made by `make audit`: each answer is graded by the engine. The panel's answers were written from the released "
        "notebooks alone. A mutant is the lesson's own solution with one "
        "small mistake, a spoiler one with a promise broken or a parameter fixed, a keeper one that is written in "
        "another form. Equivalent ones, which no test can tell, are marked in the lesson with the reason. Attacks are "
        "objects that agree with everything, functions that do nothing, patched comparisons, inputs overwritten, and "
        "the course's own names and modules bound anew; they earn nothing.\n"
    ]
    for audit in audits:
        parts.append(f"\n## {audit.lesson}\n\n| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}\n")
        parts += [f"| {' | '.join(_row(exercise))} |\n" for exercise in [*audit.exercises]]
        parts.append(f"| **all** | {' | '.join(_sums(audit.exercises))} |\n")
        survivors = [exercise.name for exercise in audit.exercises for _ in exercise.survivors]
        if survivors:
            parts.append(
                "\nMutants that pass (`course audit` prints each; this page is public, and they are solutions):\n\n"
            )
            parts += [f"- {name}: {count}\n" for name, count in Counter(survivors).items()]
    return "".join(parts) + _rounds(rounds)


def _rounds(text: str) -> str:
    """Round by round, how many of a blind panel's answers the tests judged otherwise than they were meant."""
    counts: dict[str, list[int]] = {}
    for line in text.splitlines()[1:]:
        number, _, *given = line.split("\t")
        answers, otherwise = map(int, given)
        sofar = counts.setdefault(number, [0, 0])
        counts[number] = [sofar[0] + answers, sofar[1] + otherwise]
    if not counts:
        return ""
    rows = [f"| {n} | {every} | {wrong} | {wrong / every:.1%} |\n" for n, (every, wrong) in counts.items()]
    return (
        "\n## The panel, round by round\n\nEach round was written by people who had seen neither tests nor the rounds "
        "before. An answer counts where the tests of the time kept a wrong one or took points from a right one; "
        "afterwards test or text was mended, with others of its kind.\n\n"
        "| round | answers | judged otherwise | rate |\n|---|---|---|---|\n" + "".join(rows)
    )


def _row(exercise: ExerciseAudit) -> tuple[str, ...]:
    return (exercise.name, *_cells(_numbers(exercise)))


def _numbers(exercise: ExerciseAudit) -> tuple[int, ...]:
    right, panel_right = exercise.of("reference", "right"), exercise.of("panel right")
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


def _sums(exercises: Iterable[ExerciseAudit]) -> tuple[str, ...]:
    return _cells(tuple(map(sum, zip(*map(_numbers, exercises), strict=True))))


def _cells(numbers: tuple[int, ...]) -> tuple[str, ...]:
    *pairs, equivalent = numbers
    counts = (f"{good} of {of}" if of else "" for good, of in zip(pairs[::2], pairs[1::2], strict=True))
    return (*counts, str(equivalent or ""))
