"""The same mistake made by many: hand-ins that failed the same checks in the same words, or whose answers are alike.

Numbers are left out of the words, since every student is tested with other ones. Answers are compared as syntax trees,
without comments, and with the names that a function keeps to itself counted through.
"""

import ast
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.report.classpage.handins import Answered, HandIn
from course.report.screen import harmless
from course.syntax import parsed

FEWEST = 2  # hand-ins that make a cluster
_LONGEST_ANSWER = 20_000  # characters that are read as Python
_LONGEST_LINE = 300
_NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?j?|(?<!\w)-?(?:inf|nan)(?!\w)", re.IGNORECASE)
_LIST = re.compile(r"\[#[^\[\]]*\]")
_GOT = re.compile(r"\bgot +(.+?)(?: \(\d+ of \d+ differ\))?$")


@dataclass(frozen=True)
class Member:
    """One student in a cluster, and what they wrote."""

    student: str
    answered: Answered


@dataclass(frozen=True)
class Cluster:
    """One mistake: its name, what went wrong, and who made it; `answers` counts how many different ones they wrote."""

    id: str
    exercise: str
    signs: tuple[str, ...]
    members: tuple[Member, ...]
    answers: int
    example: str

    @property
    def students(self) -> tuple[str, ...]:
        return tuple(member.student for member in self.members)


@dataclass(frozen=True)
class Told:
    """A message, or a wrong value, that several students got from one check."""

    exercise: str
    check: str
    text: str
    count: int


def clusters(hand_ins: Sequence[HandIn]) -> tuple[Cluster, ...]:
    """Every mistake that at least two students made, by exercise as in the lesson, the most frequent first."""
    by_exercise: dict[str, list[Member]] = defaultdict(list)
    for one in hand_ins:
        for name, answered in one.exercises.items():
            if is_mistake(answered):
                by_exercise[name].append(Member(one.student, answered))
    order = dict.fromkeys(name for one in hand_ins for name in one.exercises)
    return tuple(cluster for name in order for cluster in _clusters(name, by_exercise[name]))


def is_mistake(answered: Answered) -> bool:
    """Whether an answer lost points by itself: it was given, could be run, and was judged by a test."""
    cell = answered.cell
    return cell.earned is not None and cell.earned < cell.points and cell.ending not in ("blank", "could not run")


def signs(answered: Answered) -> tuple[str, ...]:
    """What went wrong, in words that are the same for everybody who made the mistake."""
    if answered.broken:
        return (plain(answered.broken),)
    cell = answered.cell
    failed = [check for check in cell.report.checks if not check.passed] if cell.report else []
    if failed:
        return tuple(f"{check.label}: {plain(check.message)}" for check in failed)
    return (plain(f"{cell.ending}: {cell.message}").removesuffix(": "),)


def plain(text: str) -> str:
    """The first line of a message, with a sign in place of each number."""
    line = harmless(text).strip().split("\n")[0][:_LONGEST_LINE]
    return _LIST.sub("[…]", _NUMBER.sub("#", line))


def messages(hand_ins: Sequence[HandIn], most: int) -> list[Told]:
    """What checks said most often, numbers left out."""
    return _most_frequent(((name, label, plain(message)) for name, label, message in _failures(hand_ins)), most)


def wrong_values(hand_ins: Sequence[HandIn], most: int) -> list[Told]:
    """The values that checks got most often where they expected others."""
    found = (
        (name, label, match[1])
        for name, label, message in _failures(hand_ins)
        if (match := _GOT.search(harmless(message).split("\n")[0][:_LONGEST_LINE]))
    )
    return _most_frequent(found, most)


def normalised(answer: str) -> str:
    """What two answers have in common that differ only in comments, layout, and names inside of functions."""
    squeezed = re.sub(r"\s+", " ", answer).strip()
    if len(answer) > _LONGEST_ANSWER:
        return squeezed
    try:
        tree = parsed(answer)
        for function in _outermost(tree):
            _count_through(function)
        return ast.dump(_Undocumented().visit(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return squeezed


class _Undocumented(ast.NodeTransformer):
    """Leaves out docstrings and other texts that stand alone."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if is_text else self.generic_visit(node)


def _outermost(node: ast.AST) -> Iterator[ast.AST]:
    """The functions that stand in no other function."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _outermost(child)


def _count_through(function: ast.AST) -> None:
    """Call what a function binds for itself v0, v1 and so on."""
    inner = list(ast.walk(function))
    bound = [node.arg for node in inner if isinstance(node, ast.arg)]
    bound += [node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    names = {name: f"v{number}" for number, name in enumerate(dict.fromkeys(bound))}
    for node in inner:
        if isinstance(node, ast.arg):
            node.arg = names[node.arg]
        elif isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)


def _clusters(exercise: str, members: Sequence[Member]) -> list[Cluster]:
    seen = {member.student: signs(member.answered) for member in members}
    written = {member.student: normalised(member.answered.answer) for member in members}
    sizes = Counter(seen.values())
    by_answer: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for student, text in written.items():
        by_answer[text][seen[student]] += 1
    # The same answer is the same mistake, also where chance let it fail otherwise: it goes where most of it went.
    home = {text: max(found, key=lambda one: (found[one], sizes[one], one)) for text, found in by_answer.items()}
    grouped: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for member in members:
        grouped[home[written[member.student]]].append(member)
    found = [_cluster(exercise, what, who, written) for what, who in grouped.items() if len(who) >= FEWEST]
    return sorted(found, key=lambda cluster: (-len(cluster.members), cluster.id))


def _cluster(exercise: str, what: tuple[str, ...], who: Sequence[Member], written: dict[str, str]) -> Cluster:
    digest = hashlib.sha256("\0".join((exercise, *what)).encode("utf-8", "replace")).hexdigest()[:6]
    common = Counter(written[member.student] for member in who)
    most = common.most_common(1)[0][0]
    example = next(member.answered.answer for member in who if written[member.student] == most)
    return Cluster(f"{exercise}-{digest}", exercise, what, tuple(who), len(common), example)


def _failures(hand_ins: Iterable[HandIn]) -> Iterator[tuple[str, str, str]]:
    """Exercise, label and message of every failed check."""
    for one in hand_ins:
        for name, answered in one.exercises.items():
            if is_mistake(answered) and answered.cell.report:
                for check in answered.cell.report.checks:
                    if not check.passed:
                        yield name, check.label, check.message


def _most_frequent(found: Iterable[tuple[str, str, str]], most: int) -> list[Told]:
    counted = Counter(found)
    return [Told(*what, count) for what, count in counted.most_common(most) if count >= FEWEST]
