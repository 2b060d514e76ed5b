"""Who is in the demo class, and what each of them hands in: answers from the lesson's own right and wrong ones."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from course.authoring.lesson import Exercise, Lesson
from course.authoring.notebook import fill
from course.demo import mess

Answers = dict[str, str]
WRITTEN = "I would say: look at the numbers first, then at the pictures, and change one thing at a time."


@dataclass(frozen=True)
class Student:
    """One member of the demo class with the bytes of the file handed in; `story` says what is special about it."""

    name: str
    story: str
    notebook: bytes


def class_of(lesson: Lesson, release: NotebookNode) -> tuple[Student, ...]:
    """The class, the same every time: sound work first, then what happens to notebooks on the way to a grader."""
    students = [
        Student(name, story, _saved(fill(release, choose(lesson, random.Random(name)))))
        for name, story, choose in _HONEST
    ]
    solid = fill(release, _solutions(lesson, random.Random(0)))
    run = [exercise for exercise in lesson.exercises if not exercise.solution.pieces] or lesson.exercises
    target = run[len(run) // 2].name
    students += [Student(name, story, spoil(solid, target)) for name, story, spoil in _MESSY]
    return tuple(students)


def _solutions(lesson: Lesson, _: random.Random) -> Answers:
    return _all(lesson, lesson.exercises)


def _other_ways(lesson: Lesson, chance: random.Random) -> Answers:
    """Every exercise by another right answer, where the lesson knows one."""
    other = {e.name: chance.choice(e.right).source for e in lesson.exercises if e.right}
    return _all(lesson, lesson.exercises) | other


def _mistakes(count: int) -> Callable[[Lesson, random.Random], Answers]:
    def choose(lesson: Lesson, chance: random.Random) -> Answers:
        possible = [exercise for exercise in lesson.exercises if exercise.wrong]
        missed = chance.sample(possible, min(count, len(possible)))
        return _all(lesson, lesson.exercises) | {e.name: chance.choice(e.wrong).source for e in missed}

    return choose


def _half(lesson: Lesson, _: random.Random) -> Answers:
    return {e.name: e.answer for e in lesson.exercises[: (len(lesson.exercises) + 1) // 2]}


def _nothing(_: Lesson, __: random.Random) -> Answers:
    return {}


def _all(lesson: Lesson, exercises: Iterable[Exercise]) -> Answers:
    written = {question.name: WRITTEN for question in lesson.questions}
    return {exercise.name: exercise.answer for exercise in exercises} | written


def _saved(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()


_HONEST: tuple[tuple[str, str, Callable[[Lesson, random.Random], Answers]], ...] = (
    ("mira_holm", "answers everything right", _solutions),
    ("noor_haddad", "answers everything right, each in her own way", _other_ways),
    ("jonas_okafor", "makes one mistake", _mistakes(1)),
    ("elsa_brandt", "makes one mistake", _mistakes(1)),
    ("ravi_menon", "makes several mistakes", _mistakes(4)),
    ("zoe_marchetti", "makes many mistakes", _mistakes(8)),
    ("kofi_mensah", "got half way", _half),
    ("otto_lindqvist", "handed in the notebook as it was", _nothing),
)
_MESSY: tuple[tuple[str, str, Callable[[NotebookNode, str], bytes]], ...] = (
    ("pia_sandoval", "deleted a test cell", mess.deleted_test),
    ("hana_sato", "copied an answer cell to try something", mess.duplicated),
    ("felix_amsel", "split an answer cell in two", mess.split),
    ("yara_costa", "pasted all cells into a new notebook", mess.stripped),
    ("tomas_varga", "worked in Colab", mess.colab),
    ("leila_farah", "left a cell that crashes", mess.crashing),
    ("max_petrov", "wrote a loop that never ends", mess.endless),
    ("nina_rossi", "ends Python inside an answer", mess.exiting),
    ("sami_aalto", "prints two hundred thousand lines", mess.flooding),
    ("ilse_vogel", "sent half a file", mess.truncated),
    ("lin_castell", "sent a notebook without cells", mess.without_cells),
    ("ada_winter", "sent an empty file", mess.empty),
)
