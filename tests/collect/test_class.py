"""A whole class, in every state that a download shows: each one is accounted for, and both graders see the same."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.collect.asked import Wanted
from course.collect.outcome import Collected
from course.collect.run import collect
from course.folder import CourseFolder
from course.grading.run import grade
from course.grading.submission.files import students_of
from tests.collect import samples
from tests.collect.samples import ADA, ALAN, GRACE, JOSE, Person, work, zipped
from tests.grading.gradebook.test_record import nbgrader

FIRST = ("Ada", "Björn", "Chloé", "Đặng", "Elif", "François", "Gül", "Hana", "İpek", "João")
LAST = (
    "Lovelace",
    "O'Neill",
    "García Márquez",
    "Müller-Lüdenscheid",
    "Świątek",
    "van der Berg",
    "Nguyễn",
    "李",
    "Ødegård",
    "Smith",
)
PENALTY = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"


def class_of(count: int) -> list[Person]:
    """Students with names of many languages; some share one."""
    names = [(first, last) for first in FIRST for last in LAST]
    return [
        Person(
            f"s{number:04}", *names[number % len(names)][:1], f"{names[number % len(names)][1]}{_more(number)}", number
        )
        for number in range(1, count + 1)
    ]


def _more(number: int) -> str:
    return "" if number <= len(FIRST) * len(LAST) else f" {'Jr' if number <= 200 else 'Sr'}"


KINDS = ("plain", "renamed", "zipped", "messy zip", "empty", "pdf", "7z", "hostile", "late", "missing")


def files_of(kind: str, number: int) -> dict[str, bytes]:
    own = work(number)
    match kind:
        case "renamed":
            return {f"norms - Kopie ({number % 4}).ipynb": own}
        case "zipped":
            return {"my work.zip": zipped({"my work/norms.ipynb": own, "my work/a.csv": b"1"})}
        case "messy zip":
            inner = {"__MACOSX/._norms.ipynb": b"", "a/norms.ipynb": own, "a/norms (1).ipynb": samples.untouched()}
            return {"hw.zip": zipped({**inner, "a/.ipynb_checkpoints/norms-checkpoint.ipynb": b"{}", "x.exe": b"MZ\0"})}
        case "empty":
            return {"norms.ipynb": b""}
        case "pdf":
            return {"norms.pdf": b"%PDF-1.7"}
        case "7z":
            return {"norms.7z": b"7z\xbc\xaf\x27\x1c"}
        case "hostile":
            return {"hw.zip": zipped({"../../evil.py": b"1", "/etc/evil": b"2", "norms.ipynb": own})}
    return {"norms.ipynb": own}


def handed_in(people: list[Person]) -> dict[Person, str]:
    return {person: KINDS[number % len(KINDS)] for number, person in enumerate(people)}


@pytest.fixture(scope="module")
def three_hundred(tmp_path_factory: pytest.TempPathFactory) -> tuple[CourseFolder, dict[Person, str], Collected]:
    """Half the class by Moodle with its worksheet, half by Blackboard, in one command."""
    root = tmp_path_factory.mktemp("class")
    people = class_of(300)
    folder = samples.a_course(root / "course", people)
    kinds = handed_in(people)
    sent: dict[Person, Mapping[str, bytes]] = {
        person: files_of(kind, person.number) for person, kind in kinds.items() if kind != "missing"
    }
    order = list(sent)
    random.Random(7).shuffle(order)
    by_moodle, by_blackboard = order[: len(order) // 2], order[len(order) // 2 :]
    times = {one: f"Friday, {5 if kinds[one] == 'late' else 2} January 2026, 10:00 AM" for one in by_moodle}
    (root / "w.csv").write_text(samples.worksheet(by_moodle, times), "utf-8")
    twice = next(one for one in by_blackboard if kinds[one] == "plain")
    dated = [(one, f"2026-01-0{5 if kinds[one] == 'late' else 2}-10-00-00", sent[one]) for one in by_blackboard]
    paths = [
        samples.moodle({one: sent[one] for one in by_moodle}, root / "m.zip"),
        samples.blackboard([*dated, (twice, "2026-01-01-10-00-00", {"norms.ipynb": work("earlier")})], root / "b.zip"),
    ]
    asked = Wanted(deadline="2026-01-03", zone="UTC", times=root / "w.csv")
    return folder, kinds, collect(folder, "ps1", paths, asked)


def test_each_of_three_hundred_is_accounted_for(
    three_hundred: tuple[CourseFolder, dict[Person, str], Collected],
) -> None:
    _, kinds, found = three_hundred
    assert found.strays == found.failed == ()
    assert len(found.lines) == 300
    by_id = {line.student: line for line in found.lines}
    for person, kind in kinds.items():
        line = by_id[person.id]
        assert line.status == {"missing": "missing", "late": "late"}.get(kind, "on time"), (person, kind)
        assert bool(line.problem) == (kind in ("empty", "pdf", "7z")), (person, kind, line.problem)
    assert Counter(line.attempts for line in found.lines) == {1: 269, 0: 30, 2: 1}


def test_each_good_hand_in_is_laid_out_as_it_was_sent(
    three_hundred: tuple[CourseFolder, dict[Person, str], Collected],
) -> None:
    folder, kinds, _ = three_hundred
    for person, kind in kinds.items():
        notebook = folder.submitted / person.id / "ps1/norms.ipynb"
        if kind not in ("missing", "pdf", "7z", "empty"):
            assert notebook.read_bytes() == work(person.number), (person, kind)
    assert len(students_of(folder, "ps1")) == 270
    assert not list(folder.root.rglob("*evil*"))


def test_both_graders_see_what_was_collected_and_the_late_lose_their_points(tmp_path: Path) -> None:
    folder = samples.a_course(tmp_path / "course")
    (folder.root / "nbgrader_config.py").open("a").write(PENALTY)
    (folder.root / "extensions.csv").write_text("student,extension\naturing,3 days\n")
    late = "2026-01-04-10-00-00"
    sent = [
        (ADA, "2026-01-02-10-00-00", {"Copy of norms.ipynb": work()}),
        (ALAN, late, {"hw.zip": zipped({"hw/norms (1).ipynb": work()})}),
        (GRACE, late, {"norms.ipynb": work()}),
        (JOSE, "2026-01-02-10-00-00", {"norms.pdf": b"%PDF"}),
    ]
    collect(folder, "ps1", [samples.blackboard(sent, tmp_path / "b.zip")], Wanted(deadline="2026-01-02", zone="UTC"))
    verdicts = {verdict.student: verdict.points for verdict in grade(folder, "ps1")}
    assert verdicts == {ADA.id: 6.0, ALAN.id: 6.0, GRACE.id: 6.0, JOSE.id: 0.0}
    assert scores(folder) == {ADA.id: 6.0, ALAN.id: 6.0, GRACE.id: 0.0, JOSE.id: 0.0}
    for person in (ADA, ALAN, GRACE):
        nbgrader(folder, "autograde", "ps1", "--student", person.id, "--force")
    assert scores(folder) == {ADA.id: 6.0, ALAN.id: 6.0, GRACE.id: 0.0, JOSE.id: 0.0}


def scores(folder: CourseFolder) -> dict[str, float]:
    with Gradebook(folder.db_url, "foreign") as book:
        return {
            one.student_id: sum(each.score - (each.late_submission_penalty or 0) for each in one.notebooks)
            for one in book.find_assignment("ps1").submissions
        }
