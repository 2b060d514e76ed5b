"""A large mixed class, from Moodle's zip files to feedback, report, review decks and gradebook files, by commands alone.

Honest, wrong, mangled, late, extended, handed in twice, unknown, hostile, copied and missing: who is on the roster or in
a zip file must be accounted for at the end, exactly once.
"""

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.grading import ROOT
from course.authoring.lesson import Lesson, read
from course.authoring.notebook import fill
from course.demo import mess
from course.demo.run import scratch_course
from course.folder import CourseFolder

LESSON = "02_linear_algebra"
DEADLINE, IN_TIME, TOO_LATE = "2026-01-30", "Friday, 30 January 2026, 10:00 AM", "Sunday, 1 February 2026, 10:00 AM"
SHAPES: tuple[Callable[[NotebookNode, str], bytes], ...] = (
    *(mess.deleted_test, mess.duplicated, mess.split, mess.stripped, mess.colab, mess.crashing, mess.exiting),
    *(mess.flooding, mess.truncated, mess.without_cells, mess.empty),
)
NAMES = ("Copy of {}.ipynb", "{} (1).ipynb", "{}.ipynb.txt", "work/{}.ipynb", "{}.IPYNB", "final.ipynb")
LATER = ("late", "extended", "twice")  # who hands in on Sunday
# They do harm where nothing holds them, so that nothing is graded here without the strongest jail.
HOSTILE = (
    "import os, sys\nos.kill(os.getppid(), 9)",
    "import sys\nsys.modules['course.checks'] = None",
    "import gc\nfor one in gc.get_objects():\n    getattr(one, 'clear', int)()",
    "open('/etc/passwd', 'a').write('x')",
    "import os\nwhile True:\n    os.fork()",
)


@dataclass(frozen=True)
class Person:
    """One member of the class, and what becomes of them: a kind of those in `kinds`."""

    number: int
    kind: str

    @property
    def id(self) -> str:
        return f"s{self.number:04d}"

    @property
    def name(self) -> str:
        return f"{_FIRST[self.number % len(_FIRST)]} {_LAST[self.number // len(_FIRST) % len(_LAST)]}{self.number}"


_FIRST = ("Ada", "Alan", "Noor", "José", "Mira", "Wei", "Zoë", "Ravi", "Åsa", "Lin")
_LAST = ("Holm", "Okafor", "García", "Sato", "Nguyễn", "Brandt", "Mensah", "Rossi", "Petrov", "Costa")
_SHARES = {  # of a hundred
    "honest": 62,
    "mangled": 10,
    "misnamed": 6,
    "twice": 5,
    "late": 3,
    "extended": 3,
    "copied": 4,
    "hostile": 3,
    "missing": 4,
}


def people(count: int) -> list[Person]:
    """The class, each kind by its share, and at least one of each; whoever is left is honest."""
    kinds = [kind for kind, share in _SHARES.items() if kind != "honest" for _ in range(max(1, share * count // 100))]
    kinds = ["honest"] * (count - len(kinds)) + kinds
    return [Person(number, kind) for number, kind in enumerate(kinds)]


def work(lesson: Lesson, release: NotebookNode, person: Person, attempt: int = 0) -> NotebookNode:
    """A notebook with right and wrong answers of the lesson's own and its panel's, the same for whoever copies."""
    chance = random.Random(f"{person.number // 2 if person.kind == 'copied' else person.number} {attempt}")
    answers = {question.name: f"I, {person.id}, would look at the picture first." for question in lesson.questions}
    for exercise in lesson.exercises:
        wrong = [one.source for one in exercise.wrong] or [exercise.answer]
        right = [exercise.answer, *(one.source for one in exercise.right)]
        answers[exercise.name] = chance.choice(wrong if chance.random() < 0.2 else right)
    if person.kind == "hostile":
        answers[lesson.exercises[0].name] = HOSTILE[person.number % len(HOSTILE)]
    return fill(release, answers)


def files_of(lesson: Lesson, release: NotebookNode, person: Person, attempt: int = 0) -> Iterator[tuple[str, bytes]]:
    """What one person's folder in the zip file holds."""
    notebook = work(lesson, release, person, attempt)
    plain = nbformat.writes(notebook).encode()
    if person.kind == "mangled":
        runs = [exercise.name for exercise in lesson.exercises if not exercise.solution.pieces]
        yield f"{lesson.name}.ipynb", SHAPES[person.number % len(SHAPES)](notebook, runs[person.number % len(runs)])
    elif person.kind == "misnamed":
        yield NAMES[person.number % len(NAMES)].format(lesson.name), plain
    else:
        yield f"{lesson.name}.ipynb", plain


def write_downloads(folder: CourseFolder, lesson: Lesson, everyone: list[Person], strangers: list[Person]) -> None:
    """Moodle's zip files of two days, its worksheet of times, a roster and the extensions, in the course's folder."""
    release = nbformat.read(folder.release / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    with zipfile.ZipFile(folder.root / "friday.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for person in [*everyone, *strangers]:
            if person.kind not in ("missing", "late", "extended"):
                _put(archive, person, files_of(lesson, release, person))
    with zipfile.ZipFile(folder.root / "sunday.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for person in everyone:
            if person.kind in LATER:
                _put(archive, person, files_of(lesson, release, person, 1))
    rows = "".join(f"{one.id},{one.name},{one.id}@uni.example,{one.number}\n" for one in everyone)
    (folder.root / "roster.csv").write_text(f"student_id,name,email,student number\n{rows}", "utf-8")
    extended = "".join(f"{one.id},3 days\n" for one in everyone if one.kind == "extended")
    (folder.root / "extensions.csv").write_text(f"student,extension\n{extended}", "utf-8")
    for day, time_of in (
        ("friday", lambda one: IN_TIME),
        ("sunday", lambda one: TOO_LATE if one.kind in LATER else IN_TIME),
    ):
        (folder.root / f"{day}.csv").write_text(_worksheet(everyone, time_of), "utf-8")


def _worksheet(everyone: list[Person], time_of: Callable[[Person], str]) -> str:
    head = 'Identifier,"Full name","Email address",Status,Grade,"Last modified (submission)"\n'
    return head + "".join(
        f'"Participant {one.number}","{one.name}",{one.id}@uni.example,"Submitted for grading",,"{time_of(one)}"\n'
        for one in everyone
        if one.kind != "missing"
    )


def _put(archive: zipfile.ZipFile, person: Person, files: Iterator[tuple[str, bytes]]) -> None:
    for name, data in files:
        archive.writestr(f"{person.name}_{70_000 + person.number}_assignsubmission_file/{name}", data)


def steps(lesson: str) -> dict[str, list[str]]:
    """The commands, in order."""
    collect = ["collect", lesson, "--deadline", DEADLINE]
    return {
        "collect, Friday": [*collect, "--times", "friday.csv", "friday.zip"],
        "collect, Sunday": [*collect, "--times", "sunday.csv", "sunday.zip", "--json", "collected.json"],
        "grade": ["grade", lesson, "-j2", "--require-jail", "--csv", "table.csv"],
        "grade again, nothing new": ["grade", lesson, "-j2", "--require-jail"],
        "feedback": ["feedback", lesson],
        "report": ["report", lesson],
        "similar": ["similar", lesson],
        "review": ["review", lesson],
        "export csv": ["export", "csv", lesson, "--out", "marks.csv"],
        "export canvas": ["export", "canvas", lesson, "--missing-zero"],
        "export moodle": ["export", "moodle", lesson, "--roster", "sunday.csv", "--out", "moodle.csv"],
    }


def main() -> None:
    """Build the class, run the commands, account for everybody, and write benchmarks/term.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--lesson", default=LESSON)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="term-") as place:
        text = walk(options.lesson, options.students, options.keep or Path(place) / "course")
    print(text)
    (ROOT / "benchmarks/term.md").write_text(text, "utf-8")


def walk(name: str, count: int, place: Path) -> str:
    """Everything from the zip files on, and the page about it."""
    lesson = read(ROOT / "lessons" / name)
    folder = scratch_course(CourseFolder(ROOT), name, place)
    everyone, strangers = people(count), [Person(count + number, "unknown") for number in range(max(1, count // 100))]
    write_downloads(folder, lesson, everyone, strangers)
    took = {}
    for step, command in steps(name).items():
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "course", *command], cwd=folder.root, capture_output=True, text=True, check=False
        )
        took[step] = time.perf_counter() - start
        expected = (0, 1) if step.startswith(("collect", "feedback", "review")) else (0,)  # 1: somebody needs a look
        if done.returncode not in expected:
            raise SystemExit(f"course {' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        (folder.root / f"{step.replace(' ', '_').replace(',', '')}.log").write_text(done.stdout + done.stderr, "utf-8")
    lines = "".join(f"| {step} | {seconds:.1f} | {1000 * seconds / count:.0f} |\n" for step, seconds in took.items())
    return (
        f"# A mixed class of {count}, from zip files to gradebook files\n\n"
        f"Lesson {name} on two cores, `python -m benchmarks.term`: two downloads from Moodle with a worksheet of times, a "
        "roster and extensions, then these commands.\n\n"
        f"| command | wall s | ms per student |\n|---|---|---|\n{lines}| all | {sum(took.values()):.1f} | "
        f"{1000 * sum(took.values()) / count:.0f} |\n\n{accounts(folder, name, everyone, strangers)}"
    )


def accounts(folder: CourseFolder, lesson: str, everyone: list[Person], strangers: list[Person]) -> str:
    """Who was handed in what and got what; SystemExit when anybody is missing or there twice."""
    with (folder.root / "table.csv").open(encoding="utf-8", newline="") as file:
        graded = {row["student"]: row for row in csv.DictReader(file)}
    handed_in = {one.id for one in everyone if one.kind != "missing"}
    pages = Counter(path.parts[-3] for path in folder.feedback.glob(f"*/{lesson}/*.html"))
    verdicts = Counter(path.parts[-3] for path in folder.autograded.glob(f"*/{lesson}/*.verdict.json"))
    with (folder.root / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        marks = Counter(row["student"] for row in csv.DictReader(file))
    faults = []
    if set(graded) != handed_in:
        faults.append(f"graded and handed in differ: {sorted(set(graded) ^ handed_in)}")
    if verdicts != Counter(handed_in):
        faults.append(f"verdicts: {verdicts - Counter(handed_in)}, {Counter(handed_in) - verdicts}")
    if pages != Counter(handed_in):
        faults.append(f"feedback: {pages - Counter(handed_in)}, {Counter(handed_in) - pages}")
    if marks != Counter(one.id for one in everyone):
        faults.append(f"marks.csv: {marks.keys() ^ {one.id for one in everyone}}")
    said = (folder.root / "collect_Friday.log").read_text("utf-8")
    faults += [f"{one.name} is not named as unknown" for one in strangers if one.name not in said]
    if faults:
        raise SystemExit("\n".join(faults))
    rows = ""
    for kind in _SHARES:
        ids = [one.id for one in everyone if one.kind == kind]
        points = sorted(float(graded[one]["points"]) for one in ids if one in graded)
        middle = f"{points[len(points) // 2]:g}" if points else "–"
        rows += f"| {kind} | {len(ids)} | {len(points)} | {middle} | {sum(1 for one in points if one == 0)} |\n"
    return (
        "Everybody on the roster and every stranger is accounted for exactly once.\n\n"
        f"| kind | students | graded | median points | with none |\n|---|---|---|---|---|\n{rows}"
        f"\nUnknown people in the zip files: {len(strangers)}, each named by `course collect`.\n"
    )


if __name__ == "__main__":
    main()
