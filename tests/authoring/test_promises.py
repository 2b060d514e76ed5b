"""Promises in a lesson: a sentence for students, a line in the test cell, and refusals for what would not be tried."""

from collections.abc import Callable
from pathlib import Path

from course.authoring.lesson import Lesson, read
from course.authoring.notebook import source_notebook
from course.authoring.verify import verify

Make = Callable[..., Path]
Mistakes = Callable[..., list[str]]

HEADER = '# %% solution="root_mean_square"'
TESTS = '# %% tests="root_mean_square" points=2\n'
EXAMPLES = 'def examples(rng):\n    yield checks.example(root_mean_square, {"x": rng.tensor(4)})\n\n\n'
PROMISED = (HEADER, f'{HEADER} promises="leaves-inputs, differentiable(x)"')
GIVEN = (TESTS, TESTS + EXAMPLES)


def cell(lesson: Lesson, name: str) -> str:
    return next(str(cell.source) for cell in source_notebook(lesson).cells if cell.id == name)


def prose(lesson: Lesson) -> str:
    return "\n".join(cell.source for cell in source_notebook(lesson).cells if cell.cell_type == "markdown")


def test_students_read_the_promises_under_the_exercise_and_above_its_hints(make: Make) -> None:
    text = prose(read(make(PROMISED, GIVEN)))
    said = "gradients flow back to `x`."
    assert "it leaves its inputs unchanged; " + said in text
    assert text.index("then the root.") < text.index(said) < text.index("<details><summary>Hint")
    assert "promise" not in prose(read(make()))


def test_the_test_cell_tries_them_at_the_end_of_the_part_that_gives_the_examples(make: Make) -> None:
    line = 'checks.promises(examples, "leaves-inputs, differentiable(x)", points=2)'
    public = cell(read(make(PROMISED, GIVEN)), "root_mean_square_tests")
    assert public.index(line) < public.index("BEGIN HIDDEN")
    begin = "### BEGIN HIDDEN TESTS\n"
    hidden = cell(read(make(PROMISED, (begin, begin + EXAMPLES))), "root_mean_square_tests")
    assert hidden.index("checks.hidden()") < hidden.index(line) < hidden.index("END HIDDEN")


def test_promises_may_go_on_below_a_header_and_no_student_sees_those_lines(make: Make) -> None:
    lesson = read(make((HEADER, f"{HEADER}\n# promises: leaves-inputs,\n# promises: differentiable(x)"), GIVEN))
    assert lesson.exercises[0].solution.promises == "leaves-inputs, differentiable(x)"
    assert cell(lesson, "root_mean_square").startswith("def root_mean_square")


def test_a_promise_without_examples_and_examples_without_a_promise_are_refused(mistakes: Mistakes) -> None:
    (said,) = mistakes(PROMISED)
    assert "`root_mean_square` makes promises: its tests need `def examples(rng):`" in said
    (said,) = mistakes(GIVEN)
    assert "examples without a promise" in said


def test_an_unknown_promise_is_refused_with_those_that_are_known(mistakes: Mistakes) -> None:
    (said,) = mistakes((HEADER, f'{HEADER} promises="fast"'), GIVEN)
    assert "`fast` is not a promise: known are leaves-inputs, " in said


def test_a_size_that_no_example_has_and_an_order_that_no_test_leaves_free_are_refused(mistakes: Mistakes) -> None:
    (said,) = mistakes((HEADER, f'{HEADER} promises="any-size(one row)"'), GIVEN)
    assert "any-size promises `one row`" in said
    (said,) = mistakes((HEADER, f'{HEADER} promises="any-order"'), GIVEN)
    assert "compare with checks.unordered" in said


def test_a_promise_may_name_the_functions_whose_results_it_speaks_of(make: Make, mistakes: Mistakes) -> None:
    header = f'{HEADER} promises="tensor(root_mean_square)"'
    (said,) = mistakes((HEADER, header), GIVEN)
    assert "`tensor(root_mean_square)` names `root_mean_square`: give an example of it" in said
    marked = (TESTS, TESTS + EXAMPLES.replace("})", '}, of="root_mean_square")'))
    assert "`root_mean_square` returns one tensor, not a list of its rows" in prose(
        read(make((HEADER, header), marked))
    )


def test_an_example_is_of_a_function_that_the_answer_defines(mistakes: Mistakes) -> None:
    (said,) = mistakes(PROMISED, (TESTS, TESTS + EXAMPLES.replace("})", '}, of="rms")')))
    assert 'of="rms"): the answer of `root_mean_square` defines no `rms`' in said


def test_a_gradient_that_no_example_can_show_is_not_promised(make: Make, tmp_path: Path) -> None:
    lesson = read(make((HEADER, f'{HEADER} promises="leaves-inputs, differentiable(weight)"'), GIVEN))
    said = "\n".join(map(str, verify(lesson, tmp_path / "cache")))
    assert "no example has an argument or leaf `weight`, which `differentiable(weight)` names" in said


def test_a_solution_that_breaks_its_own_promise_is_not_built(make: Make, tmp_path: Path) -> None:
    path = make((HEADER, f'{HEADER} promises="numbers"'), GIVEN)
    (problem,) = verify(read(path), tmp_path / "cache")
    assert "breaks its promise `it returns plain Python numbers, not tensors`: expected plain" in problem.text
