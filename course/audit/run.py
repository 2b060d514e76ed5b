"""`course audit`: lesson by lesson, try every answer and every mutant, and say what is below the bar."""

import json as json_format
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from course.audit import report
from course.audit.draws import Draws, draws
from course.audit.page import page
from course.audit.result import LessonAudit, by_exercise
from course.audit.trials import KINDS, Kind, Outcome, TrialRoom, sampled, trials
from course.audit.wholes import Whole, graded_both_ways
from course.authoring.lesson import read
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.system.slots import usable_cores
from course.report.progress import bar
from course.report.screen import wide_console
from course.whole import write_whole

PANEL_ROUNDS = "panel_rounds.tsv"  # among the lessons: how many of a panel's answers were judged otherwise
DERIVED: tuple[Kind, ...] = (
    "spoiler",
    "mutant",
)  # tried by their test alone first, and by the engine if it lets them pass
OTHERS = ("seeds", "demonstrations")  # what an audit does besides its trials
SOON_S = 10.0  # for one of those: what takes longer is left to the engine and its limits
DRAWN: tuple[Kind, ...] = ("solution", "right", "panel right", "wrong", "panel wrong")  # tried under several seeds


@dataclass(frozen=True)
class Wanted:
    """What to audit.

    Args:
        kinds: the kinds of trials to grade by the engine (default: all); none with `seeds` for the seeds alone.
        exercise: one exercise of one lesson (default: all).
        jobs: how many trials run at once (default: as the engine has it).
        sample: of each kind at most so many trials of each exercise, chosen by `day`.
        seeds: under how many draws right answers are tried as well (wrong ones under at most 20).
        demonstrations: whether every right and wrong answer is graded with and without the demonstrations, and not the
            lesson's own solutions alone.
    """

    kinds: frozenset[Kind] = frozenset(KINDS)
    exercise: str | None = None
    jobs: int | None = None
    sample: int | None = None
    day: str = ""
    seeds: int = 0
    demonstrations: bool = False

    def command(self, lessons: Sequence[str]) -> str:
        """The command that audits the same sample on any day."""
        parts = ["course audit", *lessons]
        parts += [f"-e {self.exercise}"] if self.exercise else []
        if self.kinds == {*KINDS} - {"mutant"}:
            parts.append("--no-mutants")
        elif self.kinds != {*KINDS}:
            parts += [f"--only {kind.replace(' ', '-')}" for kind in KINDS if kind in self.kinds]
        if self.seeds:
            parts.append(f"--seeds {self.seeds}" if self.kinds else f"--only seeds --seeds {self.seeds}")
        return " ".join([*parts, f"--sample {self.sample} --date {self.day}"])


def chosen_kinds(only: Sequence[str] | None, *, mutants: bool = True) -> frozenset[Kind]:
    """The kinds of trials that a command names; CourseError for an unknown one. `seeds` and others stand for none."""
    if not only:
        return frozenset(kind for kind in KINDS if mutants or kind != "mutant")
    known = {kind.replace(" ", "-"): kind for kind in KINDS}
    only = ["solution" if name == "reference" else name for name in only]  # its name up to 0.2
    if unknown := [name for name in only if name not in {*known, *OTHERS}]:
        named = f"{', '.join((*known, *OTHERS[:-1]))} and {OTHERS[-1]}"
        raise CourseError(f"--only {unknown[0]}: there is no such kind of trial; known are {named}")
    kinds = frozenset(known[name] for name in only if name in known)
    return kinds | {"wrong", "hollow"} if "attack" in kinds else kinds  # an attack is judged by what it disguises


def audit_lessons(
    folder: CourseFolder,
    names: Sequence[str],
    wanted: Wanted,
    *,
    json: Path | None = None,
    table: Path | None = None,
    console: Console | None = None,
) -> bool:
    """Audit lessons (default: all), print each, write what is asked for; whether all are above the bar.

    Raises CourseError when a lesson is not there, or one exercise of several lessons is asked for.
    """
    console = console or wide_console()
    names = list(names) or folder.lesson_names()
    if wanted.exercise and len(names) != 1:
        raise CourseError(f"--exercise {wanted.exercise} needs the name of one lesson: course audit LESSON -e EXERCISE")
    audits = []
    for name in names:
        audits.append(audit(folder, name, wanted))
        report.show(audits[-1], console)
        if json:
            write_whole(json, json_format.dumps([one.data() for one in audits], indent=1).encode() + b"\n")
        if table:
            _write_table(table, audits[-1], folder.lessons / PANEL_ROUNDS)
    good = not any(one.complaints() for one in audits)
    if wanted.sample is not None and not good:
        failed = [one.lesson for one in audits if one.complaints()]
        console.print(Text(f"the same sample again: {wanted.command(failed)}"), soft_wrap=True)
    return good


def _write_table(table: Path, audit: LessonAudit, rounds: Path) -> None:
    """After each lesson, since all of them take hours; what the page holds of others stays."""
    before = table.read_text("utf-8") if table.is_file() else ""
    write_whole(table, page([audit], rounds.read_text("utf-8") if rounds.is_file() else "", before).encode())


def audit(folder: CourseFolder, lesson: str, wanted: Wanted) -> LessonAudit:
    """The audit of one lesson as it stands in lessons/."""
    read_lesson = read(folder.lessons / lesson)
    known = trials(read_lesson, with_mutants="mutant" in wanted.kinds, only=wanted.exercise)
    todo = [trial for trial in known if trial.kind in wanted.kinds]
    if wanted.sample is not None:
        todo = sampled(todo, wanted.sample, wanted.day)
    jobs = wanted.jobs or len(usable_cores()) or 1
    drawn = [trial for trial in known if trial.kind in DRAWN] if wanted.seeds else []
    if wanted.sample is not None:
        drawn = sampled(drawn, wanted.sample, wanted.day)
    found: list[Draws] = []
    outcomes: list[Outcome] = []
    wholes: list[Whole] = []
    with bar(len(drawn) + len(todo)) as advance:
        derived = [trial for trial in todo if trial.kind in DERIVED]
        for each in draws(read_lesson.folder, derived, 1, jobs, SOON_S):
            if not each.touched or (not each.passed and each.ended):
                todo.remove(each.trial)
                advance(each.trial.exercise.name)
            if each.touched and not each.passed and each.ended:
                outcomes.append(_caught(each))
        for each in draws(read_lesson.folder, drawn, wanted.seeds, jobs):
            found.append(each)
            advance(each.trial.exercise.name)
        if todo or wanted.demonstrations:
            with TrialRoom(folder, read_lesson, wanted.jobs) as room:
                for outcome in room.run(todo):
                    outcomes.append(outcome)
                    advance(outcome.trial.exercise.name)
                if wanted.exercise is None:
                    wholes += graded_both_ways(room, every_answer=wanted.demonstrations)
    return LessonAudit(lesson, by_exercise(outcomes, found), tuple(wholes))


def _caught(drawn: Draws) -> Outcome:
    """What the test alone made of an answer that loses points there: the engine would take no less."""
    (ran,) = drawn.ran.values()
    return Outcome(drawn.trial, ran.earned, (ran.said,) if ran.said else (), 0.0)
