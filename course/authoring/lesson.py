"""Lessons: their files read into cells, exercises and questions, with every mistake that can be seen in it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from course.authoring import blanks, cards, clozes, headings, leaning, promises, regions, rules
from course.authoring.cards import Card
from course.authoring.headings import Heading
from course.authoring.percent import KEPT, PRIVATE, Cell, parse
from course.authoring.problems import ANSWERS, LessonError, Problem
from course.authoring.script import PANEL, Script, open_script
from course.errors import CourseError


@dataclass(frozen=True)
class Answer:
    """A known right or wrong answer: what the whole solution cell could hold instead, and what exactly it earns."""

    description: str
    source: str
    line: int
    earns: float | None = None  # of a wrong one: not known but for blanks, each of which has its points
    by_panel: bool = False  # written from the released notebook alone, by somebody who read nothing else
    place: str = ""  # the file and the line where it stands


@dataclass(frozen=True)
class Exercise:
    """One graded exercise: its solution cell, its test cell, and the answers that the audit grades."""

    name: str
    title: str
    difficulty: int
    minutes: int
    cards: tuple[str, ...]
    points: float
    solution: Cell
    tests: Cell
    uses: tuple[str, ...]
    right: tuple[Answer, ...]
    wrong: tuple[Answer, ...]
    equivalent: tuple[Answer, ...]  # mutants that no test can tell, each as the audit prints its difference
    reasoning: str = ""  # why the solution is right, in Markdown; shown with it, and never before

    @property
    def answer(self) -> str:
        """The lesson's own solution as a student would have written it: without the builder's marks."""
        if self.solution.pieces:
            return self.solution.source
        kept = [line for line in self.solution.lines if not regions.mentions(line) and regions.starter(line) is None]
        return "\n".join(blanks.MARK.split(line)[0].rstrip() for line in kept).strip("\n")


@dataclass(frozen=True)
class Question:
    """One written question, graded by hand against its mark scheme."""

    name: str
    points: float
    text: tuple[str, ...]
    scheme: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Lesson:
    """One lesson as its author wrote it."""

    name: str
    title: str
    script: Script
    cells: tuple[Cell, ...]
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]
    cards: tuple[Card, ...]

    @property
    def path(self) -> Path:
        """The file that the lesson begins with."""
        return self.script.path

    @property
    def folder(self) -> Path:
        """The lesson's folder: its chapters, `answers/`, `data/` and cards.yaml."""
        return self.path.parent

    @property
    def data(self) -> tuple[Path, ...]:
        """The data files that students get: all that lies in `data/` beside its chapters."""
        found = (path for path in (self.folder / "data").rglob("*") if path.is_file())
        return tuple(sorted(path for path in found if "__pycache__" not in path.parts))

    @property
    def points(self) -> float:
        return sum(e.points for e in self.exercises) + sum(q.points for q in self.questions)

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name; CourseError when the lesson has none."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        known = ", ".join(exercise.name for exercise in self.exercises)
        raise CourseError(f"{self.name} has no exercise `{name}`; it has {known}")


def read(path: Path) -> Lesson:
    """The lesson in a folder (or that one of its files belongs to); LessonError names every mistake with its line."""
    script = open_script(path)
    path = script.path
    cells, problems = _parsed(script)
    cells, cloze_problems = clozes.expanded(cells)
    problems += [Problem(path, line, text) for line, text in cloze_problems]
    cells = promises.joined(cells)
    own, card_problems = cards.read(path.parent / "cards.yaml")
    reader = _Reader(script, cells, own)
    lesson = reader.lesson()
    found = [*problems, *card_problems, *reader.problems, *rules.check(path, cells)]
    if not found:
        found = leaning.check(path, cells)
    if found:
        raise LessonError(map(script.located, found))
    return lesson


def _parsed(script: Script) -> tuple[tuple[Cell, ...], list[Problem]]:
    """The cells of each file, their lines counted through all files, and what is wrong with them."""
    cells: list[Cell] = []
    problems: list[Problem] = []
    for (path, rows), start in zip(script.files, script.starts, strict=True):
        found, wrong = parse(path, "\n".join(rows))
        problems += [Problem(script.path, start + each.line - 1, each.text) for each in wrong]
        cells += [replace(cell, line=start + cell.line - 1, first=start + cell.first - 1) for cell in found]
        if path.parent.name == ANSWERS:
            problems += [
                Problem(script.path, start + cell.line - 1, f"`{cell.kind}` is not an answer: it belongs in a chapter")
                for cell in found
                if cell.kind not in (*PRIVATE, "markdown")
            ]
    return tuple(cell for cell in cells if not _is_remark(cell, script)), problems


def _is_remark(cell: Cell, script: Script) -> bool:
    """Whether a cell is prose among the answers, which is for whoever reads them."""
    return cell.kind == "markdown" and script.place(cell.line)[0].parent.name == ANSWERS


class _Reader:
    """Puts cells together into exercises and questions, and collects what does not fit."""

    def __init__(self, script: Script, cells: tuple[Cell, ...], own: tuple[Card, ...]) -> None:
        self.script, self.path, self.cells, self.cards = script, script.path, cells, own
        self.problems: list[Problem] = []

    def lesson(self) -> Lesson:
        name = self.path.parent.name
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            self._problem(1, f"bad lesson name `{name}`: use letters, digits, _ and -, such as 04_mnist_baseline")
        self._names_are_unique()
        exercises, questions = self._exercises(), self._questions()
        return Lesson(name, self._title(), self.script, self.cells, exercises, questions, self.cards)

    def _problem(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.path, line, text))

    def _line(self, line: int) -> str:
        """A line as another line of the same lesson calls it."""
        path, number = self.script.place(line)
        return f"line {number}" if len(self.script.files) == 1 else f"line {number} of {path.name}"

    def _title(self) -> str:
        first = self.cells[0] if self.cells else None
        if first is None or first.kind != "markdown" or not first.source.startswith("# "):
            self._problem(first.line if first else 1, "the first cell must be [markdown] with the title: `# # Title`")
            return self.path.parent.name
        return first.lines[0].removeprefix("# ").strip()

    def _names_are_unique(self) -> None:
        for kinds in (("solution", "question"), ("tests",)):
            taken: dict[str, int] = {}
            for cell in self.cells:
                if cell.kind not in kinds:
                    continue
                if cell.name in taken:
                    what = "tests" if cell.kind == "tests" else "an exercise or question"
                    self._problem(cell.line, f"{self._line(taken[cell.name])} already has {what} named `{cell.name}`")
                taken.setdefault(cell.name, cell.line)
        descriptions: dict[tuple[str, str], int] = {}
        for cell in self.cells:
            if cell.kind in KEPT:
                before = descriptions.setdefault((cell.name, cell.note), cell.line)
                if before != cell.line:
                    self._problem(cell.line, f"{self._line(before)} already has an answer `{cell.name}: {cell.note}`")

    def _exercises(self) -> tuple[Exercise, ...]:
        solutions = {cell.name: cell for cell in reversed(self.cells) if cell.kind == "solution"}
        tests = {cell.name: cell for cell in reversed(self.cells) if cell.kind == "tests"}
        for cell in self.cells:
            if cell.kind in ("tests", *PRIVATE) and cell.name not in solutions:
                known = f" (there is {', '.join(sorted(solutions))})" if solutions else ""
                self._problem(cell.line, f'`{cell.kind}`: no exercise `{cell.name}`: no solution="{cell.name}"{known}')
        found = []
        titles = self._headings()
        for name in reversed(solutions):
            solution, test = solutions[name], tests.get(name)
            if test is None:
                self._problem(solution.line, f'exercise `{name}` has no tests: add `# %% tests="{name}" points=N`')
            elif test.line < solution.line:
                self._problem(test.line, f"the tests of `{name}` come before its solution cell")
            if test is not None and solution.line in titles:
                found.append(self._exercise(titles[solution.line], solution, test))
        return tuple(found)

    def _exercise(self, heading: Heading, solution: Cell, test: Cell) -> Exercise:
        answers: dict[str, list[Answer]] = {kind: [] for kind in KEPT}
        for cell in self.cells:
            if cell.kind in answers and cell.name == solution.name:
                by_panel = self.script.place(cell.line)[0].name.startswith(PANEL)
                place = self.script.named(cell.line)
                answers[cell.kind].append(Answer(cell.note, cell.source, cell.line, by_panel=by_panel, place=place))
        if solution.pieces:
            line, points = solution.line, test.points or 0
            answers["right"] += [Answer(*each, line) for each in clozes.right_answers(solution)]
            wrong = clozes.wrong_answers(solution, points)
            answers["wrong"] += [Answer(note, source, line, earns) for note, source, earns in wrong]
        return Exercise(
            name=solution.name,
            title=heading.title,
            difficulty=heading.difficulty,
            minutes=heading.minutes,
            cards=heading.cards,
            points=test.points or 0,
            solution=solution,
            tests=test,
            uses=test.uses,
            right=tuple(answers["right"]),
            wrong=tuple(answers["wrong"]),
            equivalent=tuple(answers["equivalent"]),
            reasoning="\n\n".join(c.source for c in self.cells if c.kind == "explains" and c.name == solution.name),
        )

    def _headings(self) -> dict[int, Heading]:
        """The heading of each solution cell, by the solution's line."""
        found, problems = headings.pair(self.cells)
        known = {card.id for card in self.cards}
        for heading in found.values():
            for card in heading.cards:
                if card not in known:
                    text = f"unknown card `{card}`: cards.yaml beside this lesson has no such id"
                    self._problem(heading.line + 1, text)
        for line, text in problems:
            self._problem(line, text)
        return found

    def _questions(self) -> tuple[Question, ...]:
        return tuple(self._question(cell) for cell in self.cells if cell.kind == "question")

    def _question(self, cell: Cell) -> Question:
        found, _ = regions.spans(cell.lines, "MARK SCHEME")  # what is wrong with the markers is reported by rules
        text, scheme = list(cell.lines), list[str]()
        for span in reversed(found):
            scheme = [*cell.lines[span.begin + 1 : span.end], *scheme]
            del text[span.begin : span.end + 1]
        if not "".join(scheme).strip():
            text_ = f"question `{cell.name}` has no mark scheme: add ### BEGIN MARK SCHEME ... ### END MARK SCHEME"
            self._problem(cell.line, text_)
        if not "".join(text).strip():
            self._problem(cell.line, f"question `{cell.name}` asks nothing: put its text above the mark scheme")
        return Question(cell.name, cell.points or 0, _stripped(text), _stripped(scheme), cell.line)


def _stripped(lines: list[str]) -> tuple[str, ...]:
    return tuple("\n".join(lines).strip("\n").split("\n"))
