"""The audit of a small lesson, through the real engine."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from rich.console import Console
from typer.testing import CliRunner

from course.audit.draws import Draws, Ran
from course.audit.page import page
from course.audit.result import ExerciseAudit, LessonAudit
from course.audit.run import Wanted, audit, audit_lessons, chosen_kinds
from course.audit.trials import Outcome, Trial, sampled, trials
from course.audit.wholes import Whole, notebooks
from course.authoring.lesson import read
from course.authoring.problems import short
from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.verdict.model import CellVerdict, SubmissionVerdict
from tests.conftest import LESSON, TINY

pytestmark = pytest.mark.usefixtures("untraced")

NO_MUTANTS = chosen_kinds(None, mutants=False)
ENOUGH = """
# %% right="twice: by a shift"
def twice(number):
    return number << 1

# %% wrong="twice: the square"
def twice(number):
    return number**2

# %% wrong="twice: a constant"
def twice(number):
    return 4

# %% wrong="twice: breaks off"
def twice(number):
    raise ValueError(number)
"""
MARKED = """
# %% equivalent="area: a product knows no order"
# - area = width * height
# + area = height * width
"""


def course_with(tmp_path: Path, text: str) -> CourseFolder:
    root = tmp_path.resolve()
    root.mkdir(exist_ok=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    folder = CourseFolder(root)
    (folder.lessons / TINY).mkdir(parents=True)
    (folder.lessons / TINY / "lesson.py").write_text(text, "utf-8")
    return folder


DEMONSTRATION = "# %%\nprint([twice(number) for number in range(3)])\n\n"


def audited(tmp_path: Path, text: str, exercise: str | None = None) -> LessonAudit:
    return audit(course_with(tmp_path, text), TINY, Wanted(exercise=exercise, jobs=1))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LessonAudit:
    return audited(tmp_path_factory.mktemp("audit"), LESSON + ENOUGH)


def test_right_answers_are_kept_and_wrong_ones_and_mutants_caught(tiny: LessonAudit) -> None:
    twice = tiny.exercises[0]
    assert [len(twice.refused), len(twice.missed), twice.survivors] == [0, 0, []]
    assert len(twice.of("right")) == 2
    assert twice.judged >= 3
    (own,) = tiny.wholes
    assert (own.without.points, own.without.max_points) == (4.0, 4.0)


def test_attacks_earn_nothing_and_a_check_that_believes_them_is_named(tiny: LessonAudit, tmp_path: Path) -> None:
    assert len(tiny.exercises[0].of("attack")) >= 4
    assert [exercise.fooled for exercise in tiny.exercises] == [[], []]
    credulous = LESSON.replace("checks.equal(twice(2), 4)", "twice(2)")
    audit = audited(tmp_path, credulous + ENOUGH, "twice")
    assert len(audit.exercises[0].fooled) >= 3
    assert any("twice: gives 1 points to an attack: functions that do nothing" in text for text in audit.complaints())


UNSEEDED = """
# %% setup
import numpy as np
from course import checks
rows = np.random.rand(50)
def accuracy(predict):
    return sum(predict(row) == (row > 0.5) for row in rows) / len(rows)

# %% [markdown]
# ### Exercise: predict
# difficulty 1/5 · 1 minutes

# %% solution="predict"
def predict(row):
    ### BEGIN SOLUTION
    return row > 0.5 + 0 * rows[0]
    ### END SOLUTION

# %% tests="predict" points=1
with checks.check("most rows"):
    checks.true(accuracy(predict) > 0.95, "too few are right")

# %% wrong="predict: always the same"
def predict(row):
    return True

# %% wrong="predict: the other way round"
def predict(row):
    return row < 0.5
"""


def test_helpers_over_data_drawn_without_a_seed_are_not_taken_from_an_attack(tmp_path: Path) -> None:
    text = LESSON[: LESSON.index("# %% setup")] + UNSEEDED
    wanted = Wanted(chosen_kinds(["solution", "wrong", "hollow", "attack"]), jobs=1)
    (predict,) = audit(course_with(tmp_path, text), TINY, wanted).exercises
    anew = [one for one in predict.of("attack") if "names bound anew" in one.trial.description]
    assert len(anew) == 2
    assert [one.trial.description for one in (*predict.refused, *predict.missed, *predict.fooled)] == []


def test_the_panels_answers_are_graded_and_counted_apart(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON)
    answers = folder.lessons / TINY / "answers"
    answers.mkdir()
    doubled = "def twice(number):\n    return {}\n"
    panel = [
        ("right", "a float", "number * 2.0"), ("right", "a list", "[number] * 2"), ("wrong", "a shift", "number << 1"),
    ]  # fmt: skip
    cells = (f'# %% {kind}="twice: {what}"\n{doubled.format(value)}' for kind, what, value in panel)
    (answers / "panel.py").write_text("\n".join(cells), "utf-8")
    (twice,) = audit(folder, TINY, Wanted(NO_MUTANTS, exercise="twice", jobs=1)).exercises
    assert [one.trial.description for one in twice.refused] == ["a list"]
    assert [one.trial.description for one in twice.missed] == ["a shift"]
    assert twice.data()["panel right"] == {"good": 1, "of": 2}
    assert twice.data()["panel wrong"] == {"good": 0, "of": 1}
    assert [len(twice.of("right")), len(twice.of("wrong"))] == [1, 1]
    assert not [one for one in twice.of("attack") if one.trial.beside == "a shift"]
    assert "twice: has 1 right answer besides its solution: write at least 2" in twice.complaints()


def test_too_few_answers_are_a_complaint(tiny: LessonAudit) -> None:
    complaints = tiny.complaints()
    assert not [text for text in complaints if " twice: " in text]
    assert any("area: has 0 right answers besides" in text for text in complaints)
    assert any("area: has 1 wrong answer:" in text for text in complaints)


def test_a_test_that_is_too_loose_lets_mutants_and_wrong_answers_pass(tmp_path: Path) -> None:
    loose = LESSON.replace("checks.equal(area, 12)", "checks.true(area > 0, 'positive')")
    (area,) = audited(tmp_path, loose, "area").exercises
    assert [outcome.trial.description for outcome in area.missed] == ["adds"]
    assert ("- area = width * height", "+ area = width / height") in [one.trial.difference for one in area.survivors]
    assert any("at least 95%" in text for text in area.complaints())


def test_a_test_that_is_too_strict_is_named_with_what_it_said(tmp_path: Path) -> None:
    strict = LESSON + '\n# %% right="area: as a float"\narea = float(width * height)\n'
    strict = strict.replace("checks.equal(area, 12)", "checks.true(type(area) is int, 'no whole number')")
    complaints = audited(tmp_path, strict, "area").complaints()
    assert any("right `as a float`" in text and "no whole number" in text for text in complaints)


def test_a_mutant_that_is_marked_does_not_count_and_a_stale_mark_is_named(tmp_path: Path) -> None:
    loose = LESSON.replace("checks.equal(area, 12)", "checks.true(area < 12.5 and area > 0.5, 'no')")
    mark = "\n".join(['# %% equivalent="area: because"', "# - area = width * height", "# + area = width / height", ""])
    (before,) = audited(tmp_path / "a", loose, "area").exercises
    (after,) = audited(tmp_path / "b", f"{loose}\n{mark}{MARKED}", "area").exercises
    assert len(after.survivors) == len(before.survivors) - 1
    assert any("no mutant has this difference" in text for text in after.complaints())


def test_the_command_prints_writes_and_fails_below_the_bar(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    result, table = folder.root / "audit.json", folder.root / "audit.md"
    arguments = ["audit", TINY, "--course", str(folder.root), "--json", str(result), "--table", str(table), "-j1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "has 0 right answers" in done.output
    (lesson,) = json.loads(result.read_text("utf-8"))
    assert lesson["exercises"][0]["right"] == {"good": 3, "of": 3}
    row = "| twice | 3 of 3 |  | 10 of 10 | 4 of 4 |  | 2 of 2 | 16 of 16 | 5 of 5 |  |  |"
    assert row in table.read_text("utf-8")


def test_what_was_audited_is_kept_when_a_later_lesson_fails(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    table = folder.root / "audit.md"
    wanted = Wanted(kinds=frozenset({"wrong"}), jobs=1)
    with pytest.raises(CourseError):
        audit_lessons(folder, [TINY, "no-such-lesson"], wanted, table=table, console=Console(file=StringIO()))
    assert f"## {TINY}\n" in table.read_text("utf-8")


def test_one_exercise_needs_one_lesson(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON)
    with pytest.raises(CourseError, match="needs the name of one lesson"):
        audit_lessons(folder, ["a", "b"], Wanted(exercise="area"), console=Console(file=StringIO()))
    with pytest.raises(CourseError, match="has no exercise `nonsense`"):
        audit(folder, TINY, Wanted(exercise="nonsense"))


def test_a_sample_is_the_same_on_one_day_and_keeps_what_attacks_are_judged_by(tmp_path: Path) -> None:
    todo = trials(read(course_with(tmp_path, LESSON + ENOUGH).lessons / TINY), with_mutants=False)
    one = sampled(todo, 2, "2026-11-29")
    assert one == sampled(todo, 2, "2026-11-29")
    assert {tuple(sampled(todo, 2, f"day {day}")) for day in range(9)} != {tuple(one)}
    for kind in ("right", "wrong", "attack"):
        assert 0 < sum(trial.kind == kind and trial.exercise.name == "twice" for trial in one) <= 2
    assert {trial.description for trial in todo if trial.kind in ("solution", "empty")} <= {
        trial.description for trial in one
    }
    plain = {trial.description for trial in one if trial.kind in ("wrong", "hollow")}
    assert all(trial.beside in plain for trial in one if trial.beside)


def test_a_sample_that_fails_says_how_to_have_it_again(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    arguments = ["audit", TINY, "--course", str(folder.root), "--only", "solution", "--only", "panel-wrong", "-j1"]
    done = CliRunner().invoke(app, [*arguments, "--sample", "1", "--date", "2026-02-03"])
    assert done.exit_code == 1  # of area there are no right answers
    again = f"course audit {TINY} --only solution --only panel-wrong --sample 1 --date 2026-02-03"
    assert f"the same sample again: {again}\n" in done.output
    assert "the same sample again" not in CliRunner().invoke(app, arguments).output
    whole = Wanted(NO_MUTANTS, exercise="twice", sample=3, day="2026-02-03")
    assert whole.command([TINY]) == f"course audit {TINY} -e twice --no-mutants --sample 3 --date 2026-02-03"
    drawn = Wanted(frozenset(), sample=1, day="2026-02-03", seeds=100)
    assert drawn.command([TINY]) == f"course audit {TINY} --only seeds --seeds 100 --sample 1 --date 2026-02-03"


def test_a_sample_is_all_that_is_tried_under_several_draws(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    every = trials(read(folder.lessons / TINY), with_mutants=False, only="twice")
    kinds = ("solution", "right", "panel right", "wrong", "panel wrong")
    counts = {kind: sum(trial.kind == kind for trial in every) for kind in kinds}
    assert max(counts.values()) > 1
    drawn = audit(folder, TINY, Wanted(frozenset(), exercise="twice", jobs=1, sample=1, day="2026-02-03", seeds=2))
    (found,) = drawn.exercises
    assert len(found.draws) == sum(min(1, count) for count in counts.values())


def test_spoilers_that_pass_and_keepers_that_fail_are_named_unless_marked(tmp_path: Path) -> None:
    careless = LESSON.replace("checks.equal(twice(number), number + number)", "twice(number)")
    wary = "    checks.equal(checks.on_student_side(lambda made: type(made).__name__, twice), 'function')\n"
    careless = careless.replace("    checks.equal(twice(2), 4)\n", f"    checks.equal(twice(2), 4)\n{wary}")
    mark = """
# %% equivalent="twice: in this test"
# spoiler: number of twice is always 2, as in the public test
# spoiler: twice is never called
"""
    wanted = Wanted(chosen_kinds(["spoiler", "keeper"]), exercise="twice", jobs=1)
    (found,) = audit(course_with(tmp_path, careless + mark), TINY, wanted).exercises
    assert [one.trial.description for one in found.missed] == ["twice returns what the public test expects"]
    assert [one.trial.description for one in found.refused] == ["is an object"]
    complaints = "\n".join(found.complaints())
    assert "passes although wrong: spoiler `twice returns what the public test expects`" in complaints
    assert "loses points although right: keeper `is an object`" in complaints
    assert "there is no `spoiler: twice is never called` any more: delete the line" in complaints
    assert found.data()["spoilers"] == {"good": 0, "of": 1}
    assert found.data()["equivalent"] == 1


def test_a_spoiler_that_finds_nothing_to_spoil_is_no_trial(tmp_path: Path) -> None:
    wanted = Wanted(chosen_kinds(["spoiler"]), exercise="twice", jobs=1)
    (found,) = audit(course_with(tmp_path, LESSON), TINY, wanted).exercises
    assert {one.trial.description for one in found.outcomes} == {  # no row of results, and no float with a sign
        "number of twice is always 2, as in the public test", "twice returns what the public test expects",
    }  # fmt: skip


def test_the_table_ends_with_the_rate_of_each_round_of_the_panel() -> None:
    rounds = "round\tlesson\tanswers\tjudged otherwise\n1\t02_a\t100\t6\n1\t04_b\t50\t0\n2\t02_a\t120\t1\n"
    text = page([], rounds)
    assert "| 1 | 150 | 6 | 4.0% |\n| 2 | 120 | 1 | 0.8% |\n" in text
    assert "round by round" not in page([])


def graded(earned: float) -> SubmissionVerdict:
    cells = (CellVerdict("twice_tests", 3, earned, "partial", message=f"{earned:g} of them"),)
    return SubmissionVerdict("audit", TINY, cells, (), "namespaces", 1.0, new_notebook())


def test_points_that_demonstrations_change_are_a_complaint() -> None:
    equal, other = Whole("right answers", graded(2), graded(2)), Whole("wrong answers", graded(1), graded(2))
    audit = LessonAudit(TINY, (), (Whole("own", graded(3), graded(3)), equal, other))
    assert audit.complaints() == [
        f"{TINY}: wrong answers: twice_tests gives 1 points with the demonstrations and 2 without: 1 of them | 2 of them"
    ]


def test_every_answer_is_graded_with_and_without_the_demonstrations(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON.replace('# %% tests="area"', DEMONSTRATION + '# %% tests="area"') + ENOUGH)
    lesson = read(folder.lessons / TINY)
    books = [*notebooks(lesson, every_answer=True)]
    held = {(name, source) for _, answers in books for name, source in answers.items()}
    assert {(one.name, answer.source) for one in lesson.exercises for answer in (*one.right, *one.wrong)} < held
    found = audit(folder, TINY, Wanted(frozenset(), jobs=1, demonstrations=True))
    assert len(found.wholes) == len(books)
    assert found.complaints() == []
    assert {(len(one.all_cells.not_run), len(one.without.not_run)) for one in found.wholes} == {(0, 1)}


def test_what_is_audited_again_changes_its_own_place_in_the_table_alone(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH)
    lesson = read(folder.lessons / TINY)
    twice = next(one for one in trials(lesson, with_mutants=True, only="twice") if one.kind == "mutant")
    area = next(one for one in trials(lesson, with_mutants=True, only="area") if one.kind == "wrong")

    def of(trial: Trial, earned: float) -> ExerciseAudit:
        return ExerciseAudit(trial.exercise, (Outcome(trial, earned, (), 0.0),))

    first = page([LessonAudit(TINY, (of(area, 0.0), of(twice, 9.0))), LessonAudit("zz", (of(area, 0.0),))])
    assert "| area |  |  |  | 1 of 1 |" in first
    assert f"- {TINY}, twice: 1\n" in first
    again = page([LessonAudit(TINY, (of(twice, 0.0),))], before=first)
    assert again == first.replace("| 0 of 1 |", "| 1 of 1 |").partition("\n## What passes")[0]
    kept = page([LessonAudit(TINY, (ExerciseAudit(twice.exercise, ()),))], before=first)
    assert kept == first
    whole = page([LessonAudit(TINY, (of(twice, 0.0),), (Whole("all", graded(1.0), graded(1.0)),))], before=first)
    assert "| area |" not in whole.partition("## zz")[0]


def test_a_complaint_names_the_line_of_the_answer(tmp_path: Path) -> None:
    folder = course_with(tmp_path, LESSON + ENOUGH + MARKED)
    path = folder.lessons / TINY / "lesson.py"
    lines = path.read_text("utf-8").splitlines()
    lesson = read(folder.lessons / TINY)
    square = next(one for one in trials(lesson, with_mutants=False) if one.description == "the square")
    found = ExerciseAudit(square.exercise, (Outcome(square, 9.0, (), 0.0),))
    (complaint,) = found.complaints()
    line = lines.index('# %% wrong="twice: the square"') + 1
    assert f"wrong `the square` at {short(path)}:{line}; " in complaint
    mutant = next(one for one in trials(lesson, with_mutants=True, only="area") if one.kind == "mutant")
    stale = list(ExerciseAudit(mutant.exercise, (Outcome(mutant, 0.0, (), 0.0),)).complaints())
    line = lines.index('# %% equivalent="area: a product knows no order"') + 1
    assert any(f"equivalent `a product knows no order` at {short(path)}:{line}: " in text for text in stale)


def test_an_attack_fools_a_test_that_gives_it_more_than_its_wrong_answer_gets_under_any_draw(tmp_path: Path) -> None:
    lesson = read(course_with(tmp_path, LESSON + ENOUGH).lessons / TINY)
    wrong = next(one for one in trials(lesson, with_mutants=False) if one.description == "the square")
    attack = replace(wrong, kind="attack", description="the square; disguised", beside=wrong.description)
    outcomes = (Outcome(wrong, 0.0, (), 0.0), Outcome(attack, 0.5, (), 0.0))
    for earned, fooled in ((0.0, 1), (0.5, 0)):
        luck = Draws(wrong, {"seed 1": Ran(0.0, "", True), "seed 2": Ran(earned, "", True)})
        assert len(ExerciseAudit(wrong.exercise, outcomes, (luck,)).fooled) == fooled
    assert len(ExerciseAudit(wrong.exercise, outcomes).fooled) == 1


def test_attacks_alone_are_judged_by_the_wrong_answers_that_they_disguise() -> None:
    assert chosen_kinds(["attack"]) == {"attack", "wrong", "hollow"}


def test_the_solutions_kind_may_be_called_by_its_old_name() -> None:
    assert chosen_kinds(["reference", "wrong"]) == chosen_kinds(["solution", "wrong"]) == {"solution", "wrong"}
