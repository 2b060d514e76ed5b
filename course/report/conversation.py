"""What the tests asked and what came back, for the terminal: the steps of one grading as they happen."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from course.grading.protocol import Step
from course.grading.replay import exercise_of
from course.grading.verdict.model import SubmissionVerdict
from course.report.screen import harmless
from course.results import points_text

Line = tuple[str, str]  # a text and its style
_INDENT = " " * 6
_PHRASES = {
    "get": "{what}.{0}", "set": "{what}.{0} = {1}", "item": "{what}[{0}]", "set item": "{what}[{0}] = {1}",
    "delete item": "del {what}[{0}]", "iterator": "iter({what})", "name": "{what}", "bind": "{what} = {0}",
}  # fmt: skip
_QUIET = ("name", "bind", "seed")  # the examiner's own housekeeping


class Conversation:
    """Prints the steps of one grading.

    Args:
        exercise: only the steps of this one.
    """

    def __init__(self, console: Console, exercise: str | None = None) -> None:
        self._console, self._exercise = console, exercise
        self._cell: int | None = None
        self._source = ""

    def show(self, step: Step) -> None:
        """Print one step."""
        if self._exercise is not None and step["event"] != "disturbed" and exercise_of(step) != self._exercise:
            return
        for text, style in self._lines(step):
            self._console.print(Text(harmless(text), style=style), soft_wrap=True)

    def _lines(self, step: Step) -> Iterator[Line]:
        if step["event"] in ("asked", "check", "stopped") and step.get("op") != "cells":
            yield from self._head(step)
            if not step.get("passed"):
                yield from self._line(step)
        match step:
            case {"event": "asked", "op": op} if op not in ("cells", *_QUIET):
                yield f"{_INDENT}{question(step)}", ""
            case {"event": "answered"}:
                yield from self._answer(step)
            case {"event": "raised", "error": error}:
                yield f"{_INDENT}  raised {error}: {step['message']}", "red"
                yield from ((f"{_INDENT}  {line}", "dim") for line in step["traceback"].splitlines())
            case {"event": "called back"}:
                yield f"{_INDENT}  the student's code asks the test: {question(step)}", "cyan"
            case {"event": "gave", "value": value}:
                yield f"{_INDENT}  and is given {value}", "cyan"
            case {"event": "check"}:
                yield from _check(step)
            case {"event": "stopped"}:
                yield f"{_INDENT}the test ended here", "red"
            case {"event": "cut", "questions": count}:
                yield f"{_INDENT}and {count} more questions", "dim"
            case {"event": "ran", "error": error}:
                yield f"{_INDENT}{error}: {step.get('message', '')}", "red"
            case {"event": "ran", "ending": ending} if ending != "passed":
                yield from self._head(step)
                yield f"{_INDENT}{ending}: {step.get('message', '')}", "red"
            case {"event": "lost", "ending": ending, "message": message}:
                yield f"{_INDENT}the student's process is gone: {ending}: {message}", "magenta"
            case {"event": "restart"}:
                yield f"{_INDENT}another takes its place and reruns what had run before", "magenta"
            case {"event": "disturbed", "message": message}:
                yield f"graded again: {message}", "magenta"

    def _head(self, step: Step) -> Iterator[Line]:
        if step.get("cell") != self._cell:
            self._cell, self._source = step.get("cell"), ""
            yield "", ""
            yield f"{step.get('grade_id') or 'cell ' + str(self._cell)}", "bold"

    def _line(self, step: Step) -> Iterator[Line]:
        """The line of the test, where it is another than the one shown last."""
        if "line" in step and (where := f"{step['line']:>4}  {step['text']}") != self._source:
            self._source = where
            yield where, "blue"

    def _answer(self, step: Step) -> Iterator[Line]:
        if step["op"] in ("cells", *_QUIET):
            return
        for value in step.get("inputs_after", ()):
            yield f"{_INDENT}  input now: {value}", ""
        yield f"{_INDENT}  → {step['value']}   {step['seconds'] * 1000:.1f} ms", "green"


def question(step: Step) -> str:
    """What was asked, as code."""
    what, inputs = step["what"], step["inputs"]
    if step["op"] == "get":
        return f"{what}.{inputs[0][1:-1]}"
    if (phrase := _PHRASES.get(step["op"])) is not None:
        return phrase.format(*inputs, what=what)
    if step["op"] in ("call", "there"):
        return f"{what}({', '.join(inputs)})"
    return f"{step['op']}({', '.join([what, *inputs])})"


def print_results(verdicts: Sequence[SubmissionVerdict], console: Console, exercise: str | None = None) -> None:
    """Print what each test earned, and how the hand-in was mended."""
    for verdict in verdicts:
        console.print()
        for note in verdict.repairs:
            console.print(Text(harmless(f"note: {note}")), soft_wrap=True)
        for cell in verdict.cells:
            if exercise in (None, cell.grade_id.removesuffix("_tests")):
                earned = "by hand" if cell.earned is None else f"{cell.earned:g} / {cell.points:g}"
                console.print(Text(f"{cell.grade_id}  {earned}  {cell.ending}"), soft_wrap=True)
        console.print(Text(f"jail: {verdict.jail}; nothing was saved", style="dim"))


def _check(step: Step) -> Iterator[Line]:
    mark, style = ("✓", "green") if step["passed"] else ("✗", "bold red")
    hidden = " · hidden" if step["hidden"] else ""
    yield f"    {mark} {step['label']}{points_text(step['points'], step['earned'])}{hidden}", style
    yield from ((f"{_INDENT}{line}", "red") for line in step["message"].splitlines())
