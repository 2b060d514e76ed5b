"""Each sentence of the boundary's docstring, and the way tests work with a student's objects."""

import copy
import functools
import math
import time

import numpy as np
import pytest
import torch

from course.grading.boundary import (
    CandidateDied,
    CandidateEnded,
    CandidateHung,
    CellOutcome,
    Reference,
    StudentError,
    WireLimits,
)
from tests.grading.boundary.pair import examinee

PLAIN = '''
import collections, contextlib, torch
answer, word, pair, table = 42, "hello", (1, [2.0]), {"a": {1, 2}}
def identity(x): return x
def kind(x): return type(x).__module__ + "." + type(x).__qualname__
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def boom(text="no"): raise ValueError(text)
class Counter:
    """Counts."""
    step = 2
    def __init__(self, start=0): self.n, self._hidden = start, "h"
    def add(self, by=1, *, times=1):
        self.n += by * times
        return self
    def __len__(self): return self.n
    def __getitem__(self, i): return {"item": i}
    def __setitem__(self, i, v): self.n = (i, v)
    def __delitem__(self, i): self.n = 0
    def __iter__(self): return iter([1, Counter(5), "x"])
    def __float__(self): return float(self.n)
    def __int__(self): return int(self.n)
    def __str__(self): return f"Counter({self.n})"
    def __call__(self, x): return x + self.n
counter = Counter(3)
class Own(Exception): pass
class Detail(Own, KeyError): pass
'''


@pytest.fixture
def student():
    with examinee(PLAIN) as end:
        end.members = frozenset({"add"})
        yield end


# Values, names, references.
def test_data_under_a_name_comes_as_data(student):
    assert student.name("answer") == 42
    assert student.name("word") == "hello"
    assert student.name("pair") == (1, [2.0])
    assert student.name("table") == {"a": {1, 2}}


def test_a_missing_name_is_a_name_error(student):
    with pytest.raises(NameError, match="'nope' is not defined"):
        student.name("nope")


def test_a_cell_runs_over_there_and_gives_its_outcome(student):
    assert student.run_cell("answer += 1", deadline_s=5) == CellOutcome(["answer += 1"])
    assert student.name("answer") == 43


def test_cells_in_a_row_tell_their_outcomes_one_by_one_and_names_come_last(student):
    outcomes = []
    values = student.run_cells(
        ["answer += 1", "answer *= 2"], ["answer", "nope", "word"], deadline_s=5, take=outcomes.append
    )
    assert outcomes == [CellOutcome(["answer += 1"]), CellOutcome(["answer *= 2"])]
    assert values == {"answer": 86, "word": "hello"}
    assert student.run_cells([], ["pair"], deadline_s=5) == {"pair": (1, [2.0])}


def test_a_seed_comes_after_cells_and_names(student):
    draw = "import random\ndrawn = random.random()"
    student.run_cells([draw, draw], ["drawn"], deadline_s=5, seed=3)
    first = student.run_cells([draw], ["drawn"], deadline_s=5)
    student.seed(3)
    assert student.run_cells([draw], ["drawn"], deadline_s=5) == first


def test_a_cell_in_a_row_is_told_of_before_the_next_ends(student, tmp_path):
    told = tmp_path / "told"
    waiting = f"import pathlib, time\nwhile not pathlib.Path({str(told)!r}).exists(): time.sleep(0.01)"
    student.run_cells(["x = 1", waiting], deadline_s=20, take=lambda outcome: told.touch())


def test_each_cell_in_a_row_has_the_whole_time(student):
    outcomes = []
    sleep = "import time; time.sleep(3)"
    student.run_cells([sleep, sleep], deadline_s=5, take=outcomes.append)
    with pytest.raises(CandidateHung):
        student.run_cells(["x = 1", "while True: pass"], deadline_s=1, take=outcomes.append)
    assert len(outcomes) == 3


def test_a_cell_in_a_row_that_cannot_be_told_of_ends_the_row_there(student):
    outcomes = []
    with pytest.raises(StudentError, match="division"):
        student.run_cells(["answer = 1", "1 / 0", "answer = 2"], ["answer"], deadline_s=5, take=outcomes.append)
    assert len(outcomes) == 1
    assert student.name("answer") == 1


def test_the_end_of_the_process_in_a_row_comes_after_the_outcomes_before_it(student):
    outcomes = []
    with pytest.raises(CandidateDied):
        student.run_cells(["x = 1", "import os; os._exit(3)", "x = 2"], deadline_s=5, take=outcomes.append)
    assert len(outcomes) == 1


def test_a_value_that_cannot_cross_fails_the_names_that_it_comes_with(student):
    outcomes = []
    with pytest.raises(StudentError, match="contains itself"):
        student.run_cells(["a = []; a.append(a)"], ["a", "word"], deadline_s=5, take=outcomes.append)
    assert len(outcomes) == 1
    assert student.name("word") == "hello"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**100,
        1.5,
        1j,
        "é\ud800",
        b"\0",
        [1, [2]],
        (1, (2,)),
        {"a": [1]},
        {1, 2},
        frozenset({3}),
        range(3),
        slice(1, None),
        ...,
        torch.Size([2]),
        torch.int8,
        torch.device("cpu"),
        np.float32(0.5),
        {(1, 2): None},
    ],
    ids=repr,
)
def test_data_passed_through_the_student_comes_back_as_it_was(student, value):
    back = student.name("identity")(value)
    assert back == value
    assert type(back) is type(value)


def test_the_student_gets_the_exact_built_in_types(student):
    kind = student.name("kind")
    values = [1, "a", [1], {"a": 1}, {1}, torch.ones(1), np.ones(1), torch.Size([1])]
    kinds = ["builtins.int", "builtins.str", "builtins.list", "builtins.dict", "builtins.set", "torch.Tensor"]
    assert [kind(value) for value in values] == [*kinds, "numpy.ndarray", "torch.Size"]


def test_an_object_can_be_used_through_its_reference(student):
    counter = student.name("counter")
    assert type(counter) is Reference
    assert counter.add(2, times=3).n == 9
    assert counter.step == 2
    assert counter._hidden == "h"
    assert len(counter) == 9
    assert counter[1:2] == {"item": slice(1, 2)}
    assert counter(1) == 10
    assert (float(counter), int(counter), str(counter)) == (9.0, 9, "Counter(9)")
    assert repr(counter) == "<student's object of type Counter>"
    counter.n = 4
    assert counter.n == 4
    counter["k"] = 1
    assert counter.n == ("k", 1)
    del counter["k"]
    assert counter.n == 0


def test_a_class_makes_objects_and_keeps_its_name(student):
    make = student.name("Counter")
    assert make(start=7).n == 7
    assert make.__name__ == "Counter"
    assert make.__doc__ == "Counts."


def test_the_same_object_is_the_same_reference(student):
    counter = student.name("counter")
    assert counter.add() is counter
    assert student.name("identity")(counter) is counter


def test_iteration_gives_data_and_references(student):
    one, other, text = student.name("counter")
    assert (one, other.n, text) == (1, 5, "x")


def test_membership_is_decided_on_this_side(student):
    assert 1 in student.name("counter")
    assert 2 not in student.name("counter")


def test_a_missing_attribute_is_an_attribute_error(student):
    counter = student.name("counter")
    with pytest.raises(AttributeError, match="nope"):
        counter.nope  # noqa: B018
    assert not hasattr(counter, "nope")


def test_references_are_copied_over_there(student):
    counter = student.name("counter")
    other = copy.deepcopy(counter)
    other.add(10)
    assert (counter.n, other.n) == (3, 13)
    assert copy.copy(counter).n == 3


def test_dead_references_are_given_back(student):
    make = student.name("Counter")
    for _ in range(100):
        make()
    source = "def f():\n import gc\n return sum(type(o).__name__ == 'Counter' and not isinstance(o, dict) for o in gc.get_objects())"
    assert student.there_source(source, "f") <= 3


REFUSED = {
    "equal": lambda r: r == 1,
    "unequal": lambda r: r != 1,
    "less": lambda r: r < 1,
    "greater": lambda r: r > 1,
    "truth": bool,
    "not": lambda r: not r,
    "hash": hash,
    "key": lambda r: {r: 1},
    "add": lambda r: r + 1,
    "reflected": lambda r: 1 - r,
    "in place": lambda r: r.__iadd__(1),
    "matmul": lambda r: torch.ones(1) @ r,
    "abs": abs,
    "tensor": lambda r: torch.ones(1) - r,
    "index": lambda r: [1][r],
    "negative": lambda r: -r,
    "isinstance": lambda r: isinstance(r, int),
    "in a list": lambda r: r in [1],
    "pickle": lambda r: r.__reduce_ex__(2),
    "round": round,
    "two": lambda r: r == r,
    "array": lambda r: np.ones(2) * r,
}


@pytest.mark.parametrize("use", REFUSED.values(), ids=REFUSED)
def test_a_reference_cannot_decide_a_verdict(student, use):
    with pytest.raises(TypeError, match="plain data"):
        use(student.name("counter"))


JUDGES = (
    "equal eq ne lt le gt ge __eq__ __ne__ allclose isclose all any not_equal greater less_equal equals array_equal "
    "sub mul_ abs absolute matmul isnan logical_and issubset startswith add addcmul bitwise_xor hypot norm sum "
    "replace strip get pop remove sort most_common subtract as_integer_ratio timestamp nonzero radd truediv"
)
AGREES = """
class Agrees:
    def __getattr__(self, name): return lambda *args, **kwargs: True
class Vector:
    def __init__(self, *xs): self.xs = xs
    def sub(self, other): return Vector(*(a - b for a, b in zip(self.xs, other.xs)))
"""


@pytest.mark.parametrize("name", JUDGES.split())
def test_a_reference_is_not_asked_how_right_it_is(student, name):
    student.members = frozenset()
    student.run_cell(AGREES, deadline_s=5)
    with pytest.raises(TypeError, match="plain data"):
        getattr(student.name("Agrees")(), name)(torch.ones(1))


def test_a_method_that_the_course_itself_defines_may_be_used_whatever_its_name(student):
    student.run_cell(AGREES, deadline_s=5)
    student.members = frozenset({"sub"})
    vector = student.name("Vector")
    assert vector(4, 6).sub(vector(3, 4)).xs == (1, 2)


@pytest.mark.parametrize("name", ["to", "keys", "append", "tolist", "forward"])
def test_a_method_that_neither_compares_nor_calculates_may_be_asked_of_any_object(student, name):
    student.run_cell(AGREES, deadline_s=5)
    assert getattr(student.name("Agrees")(), name)(1) is True


def test_an_attribute_that_is_data_may_have_any_name(student):
    student.run_cell("class Law: mean, max = 0.5, [1]", deadline_s=5)
    law = student.name("Law")()
    assert (law.mean, law.max) == (0.5, [1])


UNEVEN = """
class Uneven:
    def __init__(self, length, *items): self.length, self.items = length, [*items]
    def __len__(self): return self.length
    def __iter__(self): return iter(self.items)
    def drop(self): self.length -= 1
def shorten(uneven): uneven.drop()
"""


@pytest.mark.parametrize(
    "use",
    [
        lambda few: len(few) == 3 and all(a == b for a, b in zip(few, [1, 2, 3], strict=False)),
        lambda few: len(few) == 3 and few.length == 3 and list(few),
        lambda few: list(few) and len(few),
        lambda few: len(few) == 3 and 9 in few,
    ],
)
def test_an_object_whose_items_end_before_its_length_is_an_error(student, use):
    student.run_cell(UNEVEN, deadline_s=5)
    with pytest.raises(TypeError, match="length is 3, but it gave only 1 items"):
        use(student.name("Uneven")(3, 1))


def test_a_length_that_the_test_does_not_ask_for_may_be_of_something_else(student):
    student.run_cell(UNEVEN, deadline_s=5)
    samples = student.name("Uneven")(100, "batch")
    assert [list(samples), list(samples), sorted(samples)] == [["batch"]] * 3
    assert list(samples) == ["batch"]


def test_a_length_holds_until_the_object_may_have_changed(student):
    student.run_cell(UNEVEN, deadline_s=5)
    uneven = student.name("Uneven")(2, 1)
    for change in (
        lambda: uneven.drop(),
        lambda: student.name("shorten")(uneven),
        lambda: setattr(uneven, "length", 1),
    ):
        uneven.length = 2
        assert len(uneven) == 2
        change()
        assert list(uneven) == [1]


# Exceptions.
def test_a_students_exception_is_a_student_error_and_a_built_in_one(student):
    with pytest.raises(ValueError, match="no") as caught:
        student.name("boom")()
    error = caught.value
    assert isinstance(error, StudentError)
    assert error.student_type == "ValueError"
    assert "Exception" in error.student_bases
    assert "in boom" in error.traceback_text
    assert "answering" not in error.traceback_text


def test_an_exception_class_of_the_student_is_known_by_its_bases(student):
    student.run_cell("def detail(): raise Detail('x')", deadline_s=5)
    with pytest.raises(KeyError) as caught:
        student.name("detail")()
    assert caught.value.student_type == "Detail"
    assert caught.value.student_bases[:3] == ("Detail", "Own", "KeyError")


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "quit()", "raise KeyboardInterrupt", "raise StopIteration"])
def test_exits_and_interrupts_in_a_call_are_errors_of_that_call(student, code):
    student.run_cell(f"def leave():\n {code}", deadline_s=5)
    with pytest.raises(StudentError):
        student.name("leave")()
    assert student.name("answer") == 42


def test_messages_and_tracebacks_are_capped(student):
    with pytest.raises(StudentError) as caught:
        student.name("boom")("x" * 1_000_000)
    assert len(str(caught.value)) <= 20_000
    assert len(caught.value.traceback_text) <= 20_000


def test_an_exception_without_a_message_that_can_be_shown_is_told_all_the_same(student):
    student.run_cell("class Mute(Exception):\n def __str__(self): raise self\ndef mute(): raise Mute()", deadline_s=5)
    with pytest.raises(StudentError, match="cannot be shown"):
        student.name("mute")()


# Callables and shared objects.
def test_a_lambda_runs_here_when_the_student_calls_it(student):
    seen = []
    assert student.name("apply")(lambda x, *, k: seen.append((x, k)) or x + k, 1, k=2) == 3
    assert seen == [(1, 2)]


def test_a_passed_function_comes_back_as_itself(student):
    def mine():
        """Mine."""

    assert student.name("identity")(mine) is mine


def test_bound_methods_and_partials_can_be_passed(student):
    apply = student.name("apply")
    items: list = []
    apply(items.append, 5)
    assert items == [5]
    assert apply(functools.partial(pow, 2), 5) == 32


def test_calls_nest_in_both_directions(student):
    student.run_cell("def down(f, n): return n if n == 0 else f(n - 1) + 1", deadline_s=5)
    down = student.name("down")

    def up(n):
        return down(up, n)

    assert down(up, 6) == 6


def test_nesting_without_end_is_a_clear_error(student):
    student.run_cell("def down(f): return f()", deadline_s=5)
    down = student.name("down")

    def up():
        return down(up)

    with pytest.raises(RecursionError, match="nest more than"):
        down(up)
    assert student.name("answer") == 42


def test_the_tests_own_exception_comes_back_through_the_students_code(student):
    class Mine(Exception):
        pass

    def fail():
        raise Mine("secret")

    with pytest.raises(Mine, match="secret"):
        student.name("apply")(fail)
    student.run_cell("def guard(f):\n try: f()\n except Exception as e: return str(e)", deadline_s=5)
    assert student.name("guard")(fail) == "a function of the test failed"


def test_a_built_in_exception_of_a_passed_function_can_be_caught_over_there(student):
    student.run_cell("def guard(f):\n try: f()\n except ZeroDivisionError as e: return str(e)", deadline_s=5)
    assert student.name("guard")(lambda: 1 / 0) == "a function of the test failed"


def test_a_value_of_the_tests_that_cannot_cross_is_told_to_the_test_in_full(student):
    with pytest.raises(TypeError, match="cannot be handed to the student's code") as caught:
        student.name("apply")(lambda: Env())
    assert "Env" in str(caught.value)


@pytest.mark.parametrize(
    "thing",
    [
        torch.nn.ReLU,
        torch.optim.SGD,
        torch.nn.functional.relu,
        torch.relu,
        math.sin,
        np.tanh,
        np.float32,
        ValueError,
        len,
        int,
        torch.nn.init.kaiming_normal_,
    ],
    ids=lambda thing: getattr(thing, "__name__", "x"),
)
def test_a_librarys_class_or_function_is_passed_by_name(student, thing):
    student.run_cell("def name(x): return x.__name__, type(x).__name__", deadline_s=5)
    assert student.name("name")(thing) == (thing.__name__, type(thing).__name__)


class Env:
    def __init__(self):
        self.steps, self.secret, self.size = 0, 7, 3

    def step(self, action):
        self.steps += action
        return self.steps

    def __len__(self):
        return self.size

    def __getitem__(self, i):
        return i * 2

    def __iter__(self):
        return iter(range(self.size))


def test_an_object_must_be_shared_to_be_passed(student):
    with pytest.raises(TypeError, match=r"checks\.share"):
        student.name("identity")(Env())
    with pytest.raises(TypeError, match="Linear"):
        student.name("identity")([torch.nn.Linear(1, 1)])
    assert student.name("answer") == 42


def test_the_student_reaches_the_shared_members_only(student):
    env = student.share(Env(), "step", "size")
    student.run_cell("def play(env): return env.step(2) + env.step(3), env.size", deadline_s=5)
    assert student.name("play")(env) == (7, 3)
    assert env.steps == 5
    for code in (
        "env.secret",
        "env.__class__.mro()[0].secret",
        "env.__dict__['secret']",
        "len(env)",
        "env[0]",
        "env()",
    ):
        student.run_cell(f"def peek(env): return {code}", deadline_s=5)
        with pytest.raises(StudentError):
            student.name("peek")(env)
    student.run_cell("def poke(env): env.size = 9", deadline_s=5)
    with pytest.raises(AttributeError):
        student.name("poke")(env)
    assert env.size == 3


def test_special_members_are_shared_by_name_too(student):
    env = student.share(Env(), "__len__", "__getitem__", "__iter__")
    student.run_cell("def use(env): return len(env), env[4], list(env), bool(env)", deadline_s=5)
    assert student.name("use")(env) == (3, 8, [0, 1, 2], True)


def test_a_misspelt_member_fails_when_it_is_shared(student):
    with pytest.raises(AttributeError):
        student.share(Env(), "stepp")


def test_an_iterator_of_the_test_is_drawn_as_far_as_the_student_goes(student):
    def forever():
        n = 0
        while True:
            yield (n := n + 1)

    source = forever()
    student.run_cell("def first(it): return [next(it), next(it)], [x for x, _ in zip(it, range(2))]", deadline_s=5)
    assert student.name("first")(source) == ([1, 2], [3, 4])
    assert next(source) > 4


# There.
def test_a_function_runs_on_the_students_side(student):
    def grow(counter, by):
        import math

        return type(counter).__name__, counter.add(math.floor(by)).n

    assert student.there(grow, student.name("counter"), 2.5) == ("Counter", 5)
    assert student.there(lambda c: isinstance(c, object), student.name("counter")) is True


def test_a_function_inside_another_brings_its_modules_and_library_functions_and_itself(student):
    import math as numbers
    from math import comb

    def down(n):
        return comb(4, 2) + numbers.floor(0.5) if n == 0 else down(n - 1)

    def helper(n):
        return n

    assert student.there(down, 2) == 6
    with pytest.raises(TypeError, match="cannot take <lambda> with helper from around it"):
        student.there(lambda n: helper(n), 2)


def test_a_function_that_was_passed_in_says_in_plain_words_what_it_has_not(student):
    def net(x):
        return x

    def look(net):
        return net.eval()

    with pytest.raises(AttributeError, match="what you were handed here is a function of the test, and has no 'eval'"):
        student.there(look, net)


def test_a_function_with_surroundings_cannot_run_over_there(student):
    outer = 3
    with pytest.raises(TypeError, match="outer"):
        student.there(lambda: outer)


# Loops, blocks.
def test_a_generators_side_effects_come_item_by_item(student):
    student.run_cell("def count():\n global answer\n for answer in range(100, 103): yield answer", deadline_s=5)
    for item in student.name("count")():
        assert student.name("answer") == item


def test_next_ends_with_stop_iteration(student):
    student.run_cell("def one(): yield 1", deadline_s=5)
    source = student.name("one")()
    assert next(source) == 1
    assert next(source, "end") == "end"


def test_a_loop_without_end_is_ended():
    with examinee("import itertools", limits=WireLimits(items=50)) as student:
        cycle = student.name("itertools").cycle
        with pytest.raises(ValueError, match="50 items"):
            list(cycle([1]))


BLOCK = """
class Block:
    log = []
    def __enter__(self): return "inside"
    def __exit__(self, kind, error, trace):
        self.log.append(str(error))
        return True
def boom(): raise ValueError("x")
"""


def test_a_with_block_may_swallow_the_students_exceptions_only():
    with examinee(BLOCK) as student:
        block = student.name("Block")()
        with block as inside:
            assert inside == "inside"
        with block:
            student.name("boom")()
        with pytest.raises(AssertionError, match="expected 5"), block:
            raise AssertionError("expected 5")
        assert block.log == ["None", *["the block ended in an exception"] * 2]


# Endings.
def test_a_hang_ends_at_the_deadline():
    with examinee("def hang():\n while True: pass", call_s=0.3) as student:
        hang = student.name("hang")
        start = time.perf_counter()
        with pytest.raises(CandidateHung):
            hang()
        assert time.perf_counter() - start < 2
        assert isinstance(student.gone, CandidateHung)
        with pytest.raises(CandidateHung):
            student.name("hang")


def test_calling_back_for_ever_ends_at_the_deadline():
    with examinee("def hang(f):\n while True: f()", call_s=0.3) as student, pytest.raises(CandidateHung):
        student.name("hang")(lambda: 1)


@pytest.mark.parametrize("code", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_death_is_told_apart(code):
    with examinee(f"def die():\n {code}") as student:
        with pytest.raises(CandidateDied):
            student.name("die")()
        with pytest.raises(CandidateDied):
            student.name("die")


def test_the_close_of_this_end_ends_the_other():
    with examinee("x = 1") as student:
        student.close()
        with pytest.raises(CandidateEnded):
            student.name("x")


def test_a_value_above_the_cap_is_an_error_of_that_call_only():
    with examinee("big = 'x' * 5000\nsmall = 1", limits=WireLimits(frame_bytes=4000)) as student:
        with pytest.raises(StudentError, match="cannot cross"):
            student.name("big")
        assert student.name("small") == 1
        with pytest.raises(ValueError, match="cannot cross"):
            student.share(student, "name").ask("name", "y" * 5000)
        assert student.name("small") == 1


def test_a_cycle_is_an_error_of_that_call_only(student):
    student.run_cell("loop = []; loop.append(loop)", deadline_s=5)
    with pytest.raises(ValueError, match="contains itself"):
        student.name("loop")
    mine: list = []
    mine.append(mine)
    with pytest.raises(ValueError, match="contains itself"):
        student.name("identity")(mine)
    assert student.name("answer") == 42


def test_what_calls_print_is_kept_for_the_owner():
    import contextlib
    import io

    @contextlib.contextmanager
    def around():
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            yield text.getvalue

    with examinee("def say(x):\n print(x)\n if x == 'b': raise ValueError", around=around) as student:
        say = student.name("say")
        say("a")
        with pytest.raises(ValueError):
            say("b")
        assert student.printed == "a\nb\n"
        assert student.printed == ""


def test_an_interrupt_in_the_students_code_leaves_both_ends_in_step():
    import contextlib
    import signal

    class Limit(KeyboardInterrupt):
        pass

    @contextlib.contextmanager
    def around():
        def ring(*_):
            raise Limit

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            yield lambda: ""
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    source = "def hang():\n while True: pass\ndef wait(f): f()\nx = 5"
    with examinee(source, around=around) as student:
        for call in (lambda: student.name("hang")(), lambda: student.name("wait")(lambda: time.sleep(0.3))):
            with pytest.raises(StudentError) as caught:
                call()
            assert caught.value.student_type == "Limit"
            assert student.name("x") == 5


def test_seeds_go_over(student):
    student.run_cell("def draw(): return torch.rand(3)", deadline_s=5)
    student.seed(3)
    torch.manual_seed(3)
    assert torch.equal(student.name("draw")(), torch.rand(3))


def test_a_child_of_the_students_process_cannot_use_the_socket(student):
    student.run_cell(
        "import os\ndef split(f):\n r, w = os.pipe()\n pid = os.fork()\n if not pid:\n"
        "  try: f()\n  except RuntimeError: os.write(w, b'refused')\n  os._exit(0)\n"
        " os.waitpid(pid, 0)\n return os.read(r, 20)",
        deadline_s=5,
    )
    assert student.name("split")(lambda: 1) == b"refused"
    assert student.name("answer") == 42
