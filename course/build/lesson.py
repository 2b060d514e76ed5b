"""Lessons: a lesson.py read into cells, exercises and questions, with every mistake that can be seen in it."""

import re
from dataclasses import dataclass
from pathlib import Path

from course.build import cards, clozes, headings, leaning, regions, rules
from course.build.cards import Card
from course.build.headings import Heading
from course.build.percent import KEPT, Cell, parse
from course.build.problems import LessonError, Problem
from course.errors import CourseError


@dataclass(frozen=True)
class Answer:
    """A known right or wrong answer: what the whole solution cell could hold instead, and what exactly it earns."""

    description: str
    source: str
    line: int
    earns: float | None = None  # of a wrong one: not known but for blanks, each of which has its points


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
    path: Path
    cells: tuple[Cell, ...]
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]
    cards: tuple[Card, ...]

    @property
    def data(self) -> tuple[Path, ...]:
        """The data files that students get: all that lies in ``data/`` beside lesson.py."""
        found = (path for path in (self.path.parent / "data").rglob("*") if path.is_file())
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
    """The lesson in a lesson.py (or in the folder that holds it); LessonError names every mistake with its line."""
    path = (path / "lesson.py" if path.is_dir() else path).resolve()
    if not path.is_file():
        raise CourseError(f"{path} does not exist: a lesson is a folder of lessons/ with a lesson.py")
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LessonError([Problem(path, 1, f"not UTF-8 text ({error.reason} at byte {error.start})")]) from None
    cells, problems = parse(path, text)
    cells, cloze_problems = clozes.expanded(cells)
    problems += tuple(Problem(path, line, text) for line, text in cloze_problems)
    own, card_problems = cards.read(path.parent / "cards.yaml")
    reader = _Reader(path, cells, own)
    lesson = reader.lesson()
    found = [*problems, *card_problems, *reader.problems, *rules.check(path, cells)]
    if not found:
        found = leaning.check(path, cells)
    if found:
        raise LessonError(found)
    return lesson


class _Reader:
    """Puts cells together into exercises and questions, and collects what does not fit."""

    def __init__(self, path: Path, cells: tuple[Cell, ...], own: tuple[Card, ...]) -> None:
        self.path, self.cells, self.cards = path, cells, own
        self.problems: list[Problem] = []

    def lesson(self) -> Lesson:
        name = self.path.parent.name
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            self._problem(1, f"bad lesson name `{name}`: use letters, digits, _ and -, such as 04_mnist_baseline")
        self._names_are_unique()
        exercises, questions = self._exercises(), self._questions()
        return Lesson(name, self._title(), self.path, self.cells, exercises, questions, self.cards)

    def _problem(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.path, line, text))

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
                    self._problem(cell.line, f"line {taken[cell.name]} already has {what} named `{cell.name}`")
                taken.setdefault(cell.name, cell.line)
        descriptions: dict[tuple[str, str], int] = {}
        for cell in self.cells:
            if cell.kind in KEPT:
                before = descriptions.setdefault((cell.name, cell.note), cell.line)
                if before != cell.line:
                    self._problem(cell.line, f"line {before} already has an answer `{cell.name}: {cell.note}`")

    def _exercises(self) -> tuple[Exercise, ...]:
        solutions = {cell.name: cell for cell in reversed(self.cells) if cell.kind == "solution"}
        tests = {cell.name: cell for cell in reversed(self.cells) if cell.kind == "tests"}
        for cell in self.cells:
            if cell.kind in ("tests", *KEPT) and cell.name not in solutions:
                known = f" (there is {', '.join(sorted(solutions))})" if solutions else ""
                self._problem(cell.line, f'`{cell.kind}`: no exercise `{cell.name}`: no solution="{cell.name}"{known}')
        found = []
        titles = self._headings()
        for name in reversed(solutions):
            solution, test = solutions[name], tests.get(name)
            if test is None:
                self._problem(solution.line, f'exercise `{name}` has no tests: add `# %% tests="{name}" points=N`')
            elif test.line < solution.line:
                self._problem(test.line, f"the tests of `{name}` stand before its solution cell")
            if test is not None and solution.line in titles:
                found.append(self._exercise(titles[solution.line], solution, test))
        return tuple(found)

    def _exercise(self, heading: Heading, solution: Cell, test: Cell) -> Exercise:
        answers: dict[str, list[Answer]] = {kind: [] for kind in KEPT}
        for cell in self.cells:
            if cell.kind in answers and cell.name == solution.name:
                answers[cell.kind].append(Answer(cell.note, cell.source, cell.line))
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
            self._problem(cell.line, f"question `{cell.name}` asks nothing: its text stands above the mark scheme")
        return Question(cell.name, cell.points or 0, _stripped(text), _stripped(scheme), cell.line)


def _stripped(lines: list[str]) -> tuple[str, ...]:
    return tuple("\n".join(lines).strip("\n").split("\n"))
