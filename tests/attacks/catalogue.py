"""Which test holds which attack and which promise: what `docs/attacks.md` is made of (`python -m tests.attacks.catalogue`),
and SECURITY.md, from the promises in the docstrings of the jail, the boundary and the warm engine.

A test is named as FILE::NAME below tests/, or, for the attacks that one test goes through, by the attack's own name.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from course import warm
from course.grading import boundary, jail
from course.grading.jail.plan import ISOLATION_LEVELS
from tests.attacks.attempts import ATTEMPTS

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs/attacks.md"
POLICY = TESTS.parent / "SECURITY.md"

# What defeats other graders, as published or measured, and what holds it here.
KNOWN = {
    "an object, number or text whose `__eq__` always agrees": ("an object that equals everything", "an int that equals everything", "a float that equals everything", "a text that equals everything"),
    "an input or AST transformer that empties later cells": ("an input transformer that empties cells", "an AST transformer that empties cells"),
    "hidden tests read from the working folder, source/ or gradebook": ("the course folder is read", "read the source notebook", "read the gradebook"),
    "another student's grade edited in the gradebook": ("change the gradebook",),
    "`TestCaseResult.__init__` patched": ("TestCaseResult patched",),
    "`pickle.dump` patched: a command in the grader's parent": ("patched pickle", "an object whose pickle runs code"),
    "`os._exit` or `quit()` in a function": ("grading/test_engine.py::test_every_ending_of_a_call_has_its_word_and_costs_only_its_cell",),
    "a process that outlives the kernel": ("a daemon is left", "attacks/test_jail_endings.py::test_a_daemon_ends_with_the_jail"),
    "frames, gc, inspect, linecache": ("the frames above", "the garbage collector", "inspect and linecache"),
    "patched `torch.allclose` or `numpy.testing`": ("patched torch.allclose", "patched numpy.testing"),
    "NaN as a wildcard": ("not a number",),
    "zeros within a loose tolerance": ("zeros",),
    "caching by `id()`": ("a caching function by identity",),
    "inputs changed in place": ("the input changed in place", "the input changed in place, in numpy", "the input changed through data"),
    "`torch.empty` on the memory that held the expected value": ("memory that others have freed",),
    "lazy tensor subclasses": ("a tensor subclass with its own functions", "a lazy object that looks at who asks"),
    "patched clocks": ("a patched clock",),
    "fork bombs": ("forks without end", "attacks/test_jail_endings.py::test_a_fork_bomb_meets_the_limit_and_leaves_nothing"),
    "full disks": ("a full disk", "attacks/test_jail_endings.py::test_all_files_together_cannot_fill_the_disk"),
    "output floods": ("a flood of output", "a flood of pictures"),
    "SIGINT ignored": ("signals ignored", "grading/test_engine.py::test_a_cell_that_does_not_end_costs_only_its_own_exercise"),
}  # fmt: skip

# What costs honest students their points under nbgrader, and the test that it does not here.
TRAPS = {
    "text on stderr in a test cell scores 0": ("grading/test_engine.py::test_honest_code_keeps_full_points",),
    "the last expression is points: negative, nan, text, numpy numbers": ("grading/verdict/test_points.py::test_the_last_value_of_a_test_cell_is_its_points",),
    "one duplicated or split cell aborts the run": ("grading/submission/test_repair.py::test_of_two_copies_of_an_answer_the_last_changed_one_is_graded_and_both_run", "grading/submission/test_repair.py::test_an_answer_split_within_its_function_becomes_one_again"),
    "a deleted test cell leaves no score": ("grading/submission/test_repair.py::test_a_deleted_cell_of_the_course_is_back_in_its_place",),
    "stripped metadata is a silent 0": ("grading/submission/test_repair.py::test_stripped_metadata_is_found_again",),
    "feedback prints the hidden tests": ("report/test_feedback.py::test_a_page_shows_the_result_of_each_check_and_nothing_hidden", "attacks/test_engine_attacks.py::test_what_a_hidden_test_passed_in_is_kept_from_the_students_page"),
    "no limit of memory, no score for a dead kernel": ("grading/test_engine.py::test_every_ending_of_a_call_has_its_word_and_costs_only_its_cell",),
    "several processes on one gradebook": ("grading/gradebook/test_record.py::test_many_writers_at_once_lose_nothing",),
    "an assignment with submissions cannot change": ("grading/gradebook/test_record.py::test_the_source_may_change_after_submissions",),
    "students' scripts run in formgrader": ("report/test_formgrader.py::test_a_hand_in_runs_nothing_in_formgrader",),
}  # fmt: skip

# Each sentence of a docstring that promises, or says what is not promised.
JAIL = {
    "Only named open files of the grader are passed in, and only a clean environment.": ("attacks/test_jail_endings.py::test_no_open_file_of_the_fork_server_comes_in", "grading/jail/test_jail.py::test_a_clean_environment_has_nothing_of_the_instructors"),
    "Processes, CPU time, open files and file sizes are limited; in namespaces, so is the size of all files together.": ("attacks/test_jail_endings.py::test_a_fork_bomb_meets_the_limit_and_leaves_nothing", "attacks/test_jail_endings.py::test_processor_time_is_limited", "attacks/test_jail_endings.py::test_open_files_are_limited", "attacks/test_jail_endings.py::test_a_file_cannot_grow_past_the_limit", "attacks/test_jail_endings.py::test_all_files_together_cannot_fill_the_disk", "attacks/test_jail_endings.py::test_limits_cannot_be_raised_again"),
    "A jail that is pinned to its cores stays there, in one session, whatever it starts.": ("attacks/test_jail_endings.py::test_a_jail_stays_on_its_core_and_in_one_session",),
    "Nothing is left behind when it ends: no process, no shared memory, no file.": ("attacks/test_jail_endings.py::test_a_daemon_ends_with_the_jail", "attacks/test_jail_endings.py::test_a_file_in_shared_memory_does_not_stay", "attacks/test_jail_endings.py::test_the_working_folder_does_not_stay", "attacks/test_jail_endings.py::test_no_folder_stays_whatever_was_made_of_it", "attacks/test_jail_endings.py::test_a_process_whose_first_thread_has_ended_ends_with_the_jail"),
    "Where the machine's memory comes to its end, the kernel ends a jail's processes before all others.": ("attacks/test_jail_endings.py::test_a_jail_is_the_first_to_go_where_memory_ends",),
    "Memory is not limited from inside; `course.grading.system.tree` limits it by polling.": ("attacks/test_jail_endings.py::test_memory_is_not_limited_from_inside", "grading/system/test_tree.py::test_the_mapped_areas_that_hold_nothing_are_counted", "grading/system/test_tree.py::test_what_sockets_of_many_processes_may_hold_is_counted_with_a_few_free_for_all_of_them", "grading/system/test_tree.py::test_the_tables_of_pages_that_were_only_read_are_counted", "attacks/test_jail_endings.py::test_what_the_kernel_keeps_for_a_jail_counts", "attacks/test_jail_endings.py::test_a_process_whose_first_thread_has_ended_still_counts"),
    "Under `landlock` the disk can be filled, and the existence of files can be seen.": ("attacks/test_jail_endings.py::test_under_landlock_the_disk_can_be_filled_and_files_seen_to_exist",),
    "Under `plain` everything that the grader may read can be read.": ("attacks/test_jail_endings.py::test_plain_is_no_jail",),
    "The location of the Python environment can be seen, and with it the name of a course folder around it.": ("attacks/test_jail_endings.py::test_where_the_environment_lies_can_be_seen",),
    "Without namespaces, the processes of an ordinary user's jails are counted together, so one runs at a time.": ("grading/jail/test_jail.py::test_jails_that_count_their_processes_together_run_one_at_a_time",),
    "Where root lacks the right to administer (Docker's default), only polling counts processes in namespaces.": ("attacks/test_jail_endings.py::test_a_fork_bomb_that_the_kernel_does_not_count_still_dies_with_the_jail", "attacks/test_uncounted.py::test_a_fork_bomb_that_the_kernel_does_not_count_costs_only_its_own_call"),
    "With GPUs, kernel drivers are within reach and memory may hide from polling.": ("attacks/test_jail_endings.py::test_with_gpus_memory_may_hide_from_polling",),
    "With GPUs, a jail may rename its own threads and, under `landlock`, take any free socket name.": ("attacks/test_jail_endings.py::test_with_gpus_a_jail_may_rename_its_own_threads", "attacks/test_jail_endings.py::test_with_gpus_a_jail_without_namespaces_may_take_a_sockets_name"),
    "A flaw in the kernel, or what can be learnt from timing.": (),
}  # fmt: skip
BOUNDARY = {
    "The test's code never runs in the candidate, and no code of the student's ever runs in the examiner.": ("attacks/test_boundary_attacks.py::test_each_side_runs_its_own_code_in_its_own_process", "attacks/test_boundary_attacks.py::test_patched_libraries_over_there_change_nothing_here"),
    "What arrives from the candidate is rebuilt as exact built-in types, tensors and arrays, or stays a reference.": ("attacks/test_boundary_attacks.py::test_no_liar_agrees_with_what_it_is_not", "grading/boundary/test_wire.py::test_subclasses_become_their_exact_base_without_being_asked", "attacks/test_boundary_attacks.py::test_a_copy_stays_what_it_was_while_the_student_changes_the_original"),
    "A reference cannot be compared, tested for truth, hashed or calculated with, so a verdict rests on data.": ("grading/boundary/test_boundary.py::test_a_reference_cannot_decide_a_verdict", "attacks/test_boundary_attacks.py::test_a_liar_decides_nothing"),
    "Nor has it a method of a tensor, an array or Python's own types, unless the course's own code defines one so named.": ("grading/boundary/test_boundary.py::test_a_reference_is_not_asked_how_right_it_is", "grading/plan/test_ownership.py::test_members_are_what_the_courses_code_defines_and_not_what_it_reads", "attacks/test_belief_attacks.py::test_what_solves_nothing_is_not_believed"),
    "Where a test asks for its length and loops over it, the items do not end before the length does.": ("grading/boundary/test_boundary.py::test_an_object_whose_items_end_before_its_length_is_an_error",),
    "A student's container is judged by data that it told once, and what changes it answers as Python's own would.": ("attacks/test_content_attacks.py::test_data_agrees_with_nothing_that_it_does_not_hold", "attacks/test_content_attacks.py::test_parts_that_would_grow_or_take_long_make_nothing", "attacks/test_content_attacks.py::test_no_file_is_read_for_the_name_of_a_zone", "grading/boundary/test_contents.py::test_a_container_of_the_students_is_changed_where_it_lives_and_judged_by_what_it_holds_then"),
    "Looked at twice with nothing done in between, it tells the same, and it changes no tensor by being looked at.": ("grading/boundary/test_told.py::test_what_tells_something_else_when_it_is_asked_again_is_refused", "grading/boundary/test_told.py::test_a_tensor_that_changes_as_another_is_looked_at_is_put_back", "attacks/test_belief_attacks.py::test_what_solves_nothing_is_not_believed"),
    "What is masked or missing agrees with nothing, unless the course's own code deals in masks or tables.": ("attacks/test_content_attacks.py::test_data_agrees_with_nothing_that_it_does_not_hold",),
    "Of a view, its steps and its elements cross, and nothing that lies between them in memory.": ("grading/boundary/test_layouts.py::test_what_lies_between_the_elements_of_a_view_is_not_sent", "grading/boundary/test_layouts.py::test_a_tensor_keeps_its_steps_on_the_way_there", "grading/boundary/test_layouts.py::test_what_comes_back_has_the_steps_that_it_has_there"),
    "Of an exception in the test, the candidate learns the built-in class and nothing else.": ("attacks/test_what_is_heard.py::test_an_error_of_the_tests_function_tells_its_known_class_and_nothing_more", "attacks/test_what_is_heard.py::test_what_a_test_does_with_a_students_object_is_not_heard"),
    "Of a function or object that a test cell defines and hands over, the candidate does not learn even the name.": ("attacks/test_what_is_heard.py::test_what_a_test_defines_is_handed_over_without_its_name",),
    "When a call ends, every value of the test's that the student's code changed is known, with its former contents.": ("grading/boundary/test_overwritten.py::test_a_value_that_was_changed_is_found_and_can_be_put_back", "attacks/test_belief_attacks.py::test_what_solves_nothing_is_not_believed"),
    "Whatever bytes the candidate sends, the examiner gets a value, a StudentError or a CandidateEnded, in time.": ("attacks/test_boundary_attacks.py::test_random_tokens_give_a_value_an_error_or_an_end", "attacks/test_boundary_attacks.py::test_honest_messages_with_one_token_changed_give_a_value_an_error_or_an_end", "attacks/test_boundary_attacks.py::test_code_that_finds_the_socket_only_ends_itself", "attacks/test_boundary_attacks.py::test_a_flood_of_requests_ends_at_the_deadline"),
    "The candidate reaches only what it was given: functions to call, named members, contents of tensors and lists.": ("attacks/test_boundary_attacks.py::test_what_was_not_shared_is_not_done", "attacks/test_boundary_attacks.py::test_the_tests_functions_can_be_called_and_not_looked_into", "attacks/test_boundary_attacks.py::test_a_shared_object_opens_the_members_named_and_nothing_beneath_them", "attacks/test_boundary_attacks.py::test_only_what_was_passed_is_changed"),
    "A value above the caps is an error of that one call; the candidate continues.": ("grading/boundary/test_boundary.py::test_a_value_above_the_cap_is_an_error_of_that_call_only", "attacks/test_boundary_attacks.py::test_arguments_above_the_caps_never_reach_the_tests_function"),
    "A test that gives the student the answer, or trusts what was computed or drawn on the student's side.": ("attacks/test_boundary_attacks.py::test_a_test_that_hands_the_answer_over_is_answered_with_it", "attacks/test_boundary_attacks.py::test_what_runs_on_the_students_side_is_the_students_word"),
    "A test that passes over what is masked or missing, in a course whose own code deals in masks or tables.": ("attacks/test_content_attacks.py::test_a_course_that_deals_in_masks_and_tables_gets_them_as_they_are",),
    "A target whose gradient a test sends back through the student's function: a later call may answer with it.": ("attacks/test_boundary_attacks.py::test_a_gradient_tells_the_target_to_the_next_call",),
    "An infinite loop in the test's own functions, which the student may call as often as the deadline allows.": ("attacks/test_boundary_attacks.py::test_the_tests_own_functions_run_as_long_as_they_do",),
    "Anything that the candidate does outside this socket: that is the jail's job.": ("attacks/test_boundary_attacks.py::test_what_the_candidate_does_elsewhere_is_not_the_boundarys_work",),
}  # fmt: skip

WARM = {
    "Only processes of its own user can send it requests, through a folder that nobody else may enter.": ("warm/test_servers.py::test_a_folder_that_is_not_ones_own_is_never_used", "warm/test_servers.py::test_a_socket_that_somebody_else_answers_is_told_nothing", "warm/test_servers.py::test_a_stranger_is_told_nothing"),
    "No code of a student's or of a course's runs in the process that stays, nor in a fork server that it keeps.": ("warm/test_servers.py::test_nothing_of_a_command_stays_in_the_server_or_its_fork_servers", "warm/test_templates.py::test_one_that_has_imported_the_same_lends_again"),
    "Nothing of a command stays in them: no answer, test, setting, secret or variable.": ("warm/test_servers.py::test_nothing_of_a_command_stays_in_the_server_or_its_fork_servers",),
    "A command that ends, however it ends, leaves no process behind.": ("warm/test_commands.py::test_ctrl_c_ends_it_as_it_ends_any_command", "warm/test_commands.py::test_a_command_whose_client_is_killed_ends", "warm/test_commands.py::test_a_command_that_is_killed_says_so_and_the_next_one_is_whole"),
    "What was installed or changed since is never graded with what was imported before.": ("warm/test_servers.py::test_one_whose_own_code_has_changed_leaves_before_it_runs_anything", "warm/test_templates.py::test_one_whose_module_has_changed_lends_no_more"),
    "Another program of the same user, which has the same rights without it.": (),
    "A command runs under the server's control group: where jobs are billed or limited by that, as under Slurm, use none.": (),
}  # fmt: skip


# What the attacks of a table aim at, by words in the name of the test that goes through it.
KINDS = {
    "what the test believes": ("belief_attacks",),
    "what an answer holds": ("agrees_with_nothing", "parts_that_would"),
    "what the student's side hears": ("is_heard",),
    "what a hand-in costs others": ("handin_attacks", "output_attacks", "costs_nobody", "keeps_the_others"),
    "what a hand-in claims": ("anothers_or_earlier", "another_platforms", "looks_like_a_result"),
    "lies to the engine": ("a_lie_gains",),
    "ways out of the jail": ("jail_attacks", "a_break_in"),
}


_IN_THE_ENGINE = ("belief_attacks", "agrees_with_nothing", "costs_nobody")  # by the same words, in the strongest jail


def attack_names() -> dict[str, list[str]]:
    """Every attack that is a line of a table, by the test that goes through the table."""
    from tests.attacks.test_belief_attacks import ATTEMPTS as BELIEFS
    from tests.attacks.test_belief_attacks import HELPERS
    from tests.attacks.test_collect_attacks import CLAIMS, COSTLY, MASKED
    from tests.attacks.test_content_attacks import ATTEMPTS as CONTENTS
    from tests.attacks.test_content_attacks import BOMBS as PARTS
    from tests.attacks.test_content_attacks import ENDLESS
    from tests.attacks.test_engine_attacks import BREAK_INS, LIES
    from tests.attacks.test_handin_attacks import BOMBS, TEARS
    from tests.attacks.test_output_attacks import BULKY
    from tests.attacks.test_what_is_heard import ERRORS, HANDED, USES
    from tests.report.test_cleaning import FORGED

    jail = {f"attacks/test_jail_attacks.py, {promise}": [] for promise in dict.fromkeys(a.promise for a in ATTEMPTS)}
    for attempt in ATTEMPTS:
        jail[f"attacks/test_jail_attacks.py, {attempt.promise}"].append(attempt.name)
    engine = "attacks/test_engine_attacks.py::"
    heard = "attacks/test_what_is_heard.py::test_"
    content = "attacks/test_content_attacks.py::test_"
    return {
        engine + "test_a_lie_gains_nothing": [*LIES],
        engine + "test_a_break_in_gains_nothing": [*BREAK_INS],
        "attacks/test_belief_attacks.py::test_what_solves_nothing_is_not_believed": [*BELIEFS],
        "attacks/test_belief_attacks.py::test_what_the_course_wrote_to_judge_an_answer_is_not_taken_from_the_student": [
            *HELPERS
        ],
        content + "data_agrees_with_nothing_that_it_does_not_hold": [*CONTENTS],
        content + "what_a_hand_in_holds_costs_nobody_but_itself": [*ENDLESS],
        content + "parts_that_would_grow_or_take_long_make_nothing": [*PARTS],
        "attacks/test_collect_attacks.py::test_no_name_makes_work_anothers_or_earlier": [*CLAIMS],
        "attacks/test_collect_attacks.py::test_no_number_of_files_makes_a_download_another_platforms": [*MASKED],
        "report/test_cleaning.py::test_nothing_a_student_writes_looks_like_a_result_of_ours": [*FORGED],
        "attacks/test_collect_attacks.py::test_no_file_keeps_the_others_from_being_collected_or_graded": [*COSTLY],
        "attacks/test_handin_attacks.py::test_no_notebook_takes_long_to_be_read_and_repaired": [*BOMBS],
        "attacks/test_handin_attacks.py::test_no_torn_function_takes_a_cell_of_the_courses_with_it": [*TEARS],
        heard + "an_error_of_the_tests_function_tells_its_known_class_and_nothing_more": [*ERRORS],
        heard + "what_a_test_defines_is_handed_over_without_its_name": [*HANDED],
        heard + "what_a_test_does_with_a_students_object_is_not_heard": [*USES],
        "attacks/test_output_attacks.py::test_all_cells_together_show_no_more_than_a_page_can_hold": [*BULKY],
        **jail,
    }


def page() -> str:
    """The text of docs/attacks.md."""
    tables = attack_names()
    count = sum(map(len, tables.values()))
    parts = [
        "# Attacks, and the tests that stop them",
        f"Generated by `python -m tests.attacks.catalogue`. The tables at the end list {count} attacks, each run as a "
        "test; the jail's run for three kinds of user on two isolation levels. "
        "Where the tests run as root, `python -m tests.attacks.ordinary` runs all attacks as an ordinary user, and one test runs some "
        "of each table so.",
        "## How many of each kind",
        _counts(tables),
        "## How many runs on each isolation level",
        _rungs(tables),
        "## What defeats other graders",
        _table("attack", KNOWN),
        "## What costs honest students their points elsewhere",
        _table("trap", TRAPS),
        "## What the jail promises, and its tests",
        "Its first seven sentences are the headings of its attacks below.",
        _table("sentence", JAIL),
        "## What the boundary promises, and its tests",
        _table("sentence", BOUNDARY),
        "## What the warm engine promises, and its tests",
        _table("sentence", WARM),
        "## Every attack",
    ]
    for test, names in tables.items():
        parts += [f"### {test} ({len(names)})", "\n".join(f"- {name}" for name in names)]
    return "\n\n".join(parts) + "\n"


def _counts(tables: dict[str, list[str]]) -> str:
    """How many attacks there are of each kind, and how many honest answers look unusual and keep their points."""
    from tests.grading.test_unusual import ANSWERS

    kinds = {
        kind: sum(len(names) for test, names in tables.items() if any(word in test for word in words))
        for kind, words in KINDS.items()
    }
    lines = ["| kind | attacks |", "|---|---|", *(f"| {kind} | {count} |" for kind, count in kinds.items())]
    lines.append("")
    lines.append(
        f"{len(ANSWERS)} honest but unusual answers keep their points on both upper isolation levels "
        "(`tests/grading/test_unusual.py`)."
    )
    return "\n".join(lines)


def _rungs(tables: dict[str, list[str]]) -> str:
    """How often attacks run on each isolation level, by who grades."""
    from tests.attacks.prison import USERS

    apart = "none needed: files, names, outputs and messages, before any code runs or beside it"
    counts = {level: dict.fromkeys(USERS, 0) for level in (*ISOLATION_LEVELS, apart)}
    for test, names in tables.items():
        for user, levels in _levels(test, apart).items():
            for level in levels:
                counts[level][user] += len(names)
    heads = {"root": "as root", "container": "as root that may not administer", "ordinary": "as an ordinary user"}
    lines = [f"| isolation level | {' | '.join(heads[user] for user in USERS)} |", "|---|---|---|---|"]
    lines += [f"| {level} | {' | '.join(str(by[user] or '–') for user in USERS)} |" for level, by in counts.items()]
    return "\n".join(lines)


def _levels(test: str, apart: str) -> Mapping[str, Sequence[str]]:
    """On which isolation levels the attacks of a table run, by user."""
    from tests.attacks.prison import USERS
    from tests.attacks.test_engine_attacks import BREAK_INS_ON, LIES_ON
    from tests.attacks.test_jail_attacks import UPPER

    where: dict[str, Mapping[str, Sequence[str]]] = {"jail_attacks": dict.fromkeys(USERS, UPPER)}
    where |= {"a_lie_gains": LIES_ON, "a_break_in": BREAK_INS_ON}
    where |= {word: {"root": UPPER[:1], "ordinary": UPPER[:1]} for word in _IN_THE_ENGINE}
    return next((by for word, by in where.items() if word in test), {"root": (apart,), "ordinary": (apart,)})


def policy() -> str:
    """The text of SECURITY.md."""
    jail_holds, jail_leaves = sentences(jail.__doc__)
    boundary_holds, boundary_leaves = sentences(boundary.__doc__)
    warm_holds, warm_leaves = sentences(warm.__doc__)
    parts = [
        "# Security",
        "Made by `python -m tests.attacks.catalogue` from the docstrings of `course.grading.jail`, "
        "`course.grading.boundary` and `course.warm`; each sentence is a test ([which one](docs/attacks.md)).",
        "## Report a weakness",
        "If student code can raise a grade, read a hidden test, reach another hand-in or the machine, or stop a class, "
        "report it privately: on the project's GitHub page choose *Security*, then *Report a vulnerability*. Attach the "
        "smallest notebook that shows it, and the output of `course doctor`, which names the isolation level in force. "
        "The fix arrives with a test made from your notebook, and CHANGELOG names you "
        "unless you ask us not to. Please do not open a public issue before the fix is released.",
        "Fixes are made for the latest release and the main branch.",
        "## What the jail promises",
        "On the isolation levels `namespaces` and `landlock`; a verdict and `course doctor` say which one was in force, "
        "and `course grade --require-jail` refuses to grade on a lower one.",
        _points(jail_holds),
        "## What the jail does not promise",
        _points(jail_leaves),
        "## What the boundary promises",
        "For every test that is graded apart from the student's code. In other nbgrader courses some tests must run "
        "together with it, in its jail; the verdict names them, student code could tamper with them, and "
        "`course grade --require-apart` refuses to grade with any.",
        _points(boundary_holds),
        "## What the boundary does not promise",
        _points(boundary_leaves),
        "## What the warm engine promises",
        "Where one runs: after `course serve-engine` or `course grade --warm`.",
        _points(warm_holds),
        "## What the warm engine does not promise",
        _points(warm_leaves),
        "## In one kernel",
        "`course grade --engine nbgrader` and `nbgrader autograde` without this course's configuration run tests and "
        "student code in one process. There none of this holds.",
    ]
    return "\n\n".join(parts) + "\n"


def sentences(docstring: str | None) -> tuple[list[str], list[str]]:
    """The sentences of a docstring that promise, and those that say what is not promised."""
    kept: tuple[list[str], list[str]] = ([], [])
    side = 0
    for line in (docstring or "").splitlines():
        side = 1 if "not protect against" in line else side
        if line.startswith("- "):
            kept[side].append(line.removeprefix("- "))
    return kept


def _points(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: str, rows: dict[str, tuple[str, ...]]) -> str:
    lines = [f"| {head} | tested by |", "|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {_listed(tests)} |" for what, tests in rows.items())])


def _listed(tests: Iterable[str]) -> str:
    return "<br>".join(f"`{test}`" if "::" in test else test for test in tests) or "nothing"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    POLICY.write_text(policy(), "utf-8")
