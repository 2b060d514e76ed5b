"""The attacks as an ordinary user runs them, where the tests run as root: one of each table, whole, in one run."""

import os
import re

import pytest

from tests.attacks import ordinary

ONE_OF_EACH = (
    "test_engine_attacks.py::test_a_lie_gains_nothing[a list that equals everything-namespaces]",
    "test_engine_attacks.py::test_a_lie_gains_nothing[patched pickle-landlock]",
    "test_engine_attacks.py::test_a_break_in_gains_nothing[the course folder is read-namespaces]",
    "test_engine_attacks.py::test_a_break_in_gains_nothing[forks without end-namespaces]",
    "test_engine_attacks.py::test_a_break_in_gains_nothing[memory of others is read-landlock]",
    "test_engine_attacks.py::test_what_a_hidden_test_passed_in_is_kept_from_the_students_page",
    "test_belief_attacks.py::test_what_the_course_wrote_to_judge_an_answer_is_not_taken_from_the_student[a helper of a helper]",
    "test_content_attacks.py::test_what_a_hand_in_holds_costs_nobody_but_itself",
    "test_what_is_heard.py::test_an_error_of_the_tests_function_tells_its_known_class_and_nothing_more",
    "test_output_attacks.py::test_text_that_is_no_unicode_costs_only_its_own_check",
    "test_collect_attacks.py::test_no_name_makes_work_anothers_or_earlier[another's folder within work for another lesson]",
    "test_handin_attacks.py::test_a_folder_that_is_a_link_brings_nobody_elses_answers",
    "test_handin_attacks.py::test_folders_deeper_than_any_path_stay_behind_with_a_note[1200-d]",
    "test_handin_attacks.py::test_no_notebook_takes_long_to_be_read_and_repaired[carriage returns]",
    "test_jail_endings.py::test_a_daemon_ends_with_the_jail",
    "test_jail_endings.py::test_the_working_folder_does_not_stay",
)


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever is no root runs all attacks as an ordinary user anyway")
def test_an_ordinary_user_is_as_safe() -> None:
    ended = ordinary.run("-q", *(f"tests/attacks/{one}" for one in ONE_OF_EACH))
    if "[Errno 1]" in ended.stderr and "mounts" in ended.stderr:
        pytest.skip("root may not make a mount namespace here, so no ordinary user could read the environment")
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", ended.stdout)}
    assert (ended.returncode, counts.get("failed", 0) + counts.get("error", 0)) == (0, 0), ended.stdout + ended.stderr
    assert counts["passed"] >= 30
