"""The page of tables that docs/ keeps: the counts of every lesson, of which an audit brings some or all anew."""

from collections.abc import Iterable, Sequence

from course.audit.report import HEADS, row
from course.audit.result import LessonAudit

ABOUT = (
    "# How well the tests judge\n\n"
    "Made by `make audit`: each answer is graded by the engine, mutants and spoilers only where their test alone lets "
    "them pass. The panel's answers were written from the released notebooks alone. A mutant is the lesson's own "
    "solution with one small mistake, a spoiler one with a promise broken or a parameter fixed, a keeper one that is "
    "written in another form. Equivalent ones, which no test can tell, are marked in the lesson with the reason. "
    "Attacks are objects that agree with everything, functions that do nothing, patched comparisons, inputs "
    "overwritten, and the course's own names and modules bound anew; they earn nothing. Steady is an answer whose "
    "verdict is the same under every draw of the tests' data: 100 draws for one that keeps its points, 20 for one "
    "that loses them. A lesson that is missing here has yet to be audited whole.\n"
)
SURVIVORS = "Mutants that pass (`course audit` prints each; this page is public, and they are solutions):"
ALL = "**all**"


def page(audits: Sequence[LessonAudit], rounds: str = "", before: str = "") -> str:
    """All lessons in one page: the counts by exercise, where mutants survive, and what each round of the panel found.

    `rounds` is lessons/panel_rounds.tsv: round, lesson, answers, and how many of them were judged otherwise. `before`
    is the page as it was: lessons, exercises and kinds that were not audited now stay as they stand there.
    """
    lessons = _read(before)
    for audit in audits:
        kept = lessons.get(audit.lesson, {})
        fresh = {exercise.name: _merged(row(exercise), kept.get(exercise.name, ())) for exercise in audit.exercises}
        lessons[audit.lesson] = kept | fresh if not audit.wholes else fresh
    parts = [ABOUT]
    for lesson in sorted(lessons):
        rows = lessons[lesson]
        parts.append(f"\n## {lesson}\n\n| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}\n")
        parts += [f"| {' | '.join(cells)} |\n" for cells in rows.values()]
        parts.append(f"| {ALL} | {' | '.join(_sums(rows.values()))} |\n")
    if surviving := [text for lesson in sorted(lessons) for text in _surviving(lesson, lessons[lesson])]:
        parts.append(f"\n## What passes\n\n{SURVIVORS}\n\n{''.join(surviving)}")
    return "".join(parts) + _rounds(rounds)


def _read(text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """The rows of a page by lesson and exercise; those of a page with other columns are left out."""
    lessons: dict[str, dict[str, tuple[str, ...]]] = {}
    lesson = ""
    for line in text.splitlines():
        if line.startswith("## "):
            lesson = line.removeprefix("## ")
        cells = tuple(cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))
        if (
            line.startswith("|")
            and len(cells) == len(HEADS)
            and cells[0] not in (HEADS[0], ALL)
            and set(cells[0]) - {"-"}
        ):
            lessons.setdefault(lesson, {})[cells[0]] = cells
    return lessons


def _merged(fresh: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    """A row in which a kind that was not tried now is as it was before."""
    return tuple(new or old for new, old in zip(fresh, kept or ("",) * len(fresh), strict=True))


def _sums(rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_sum(column) for column in list(zip(*rows, strict=True))[1:]]


def _sum(column: tuple[str, ...]) -> str:
    """Of texts such as `3 of 4` or `2`, or empty ones, the sum."""
    pairs = [[int(number) for number in text.split(" of ")] for text in column if text]
    return " of ".join(str(sum(numbers)) for numbers in zip(*pairs, strict=True))


def _surviving(lesson: str, rows: dict[str, tuple[str, ...]]) -> Iterable[str]:
    place = HEADS.index("mutants caught")
    for name, cells in rows.items():
        caught, _, of = cells[place].partition(" of ")
        if caught != of and of:
            yield f"- {lesson}, {name}: {int(of) - int(caught)}\n"


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
