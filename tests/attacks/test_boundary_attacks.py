"""A hostile candidate: liars among its objects, and raw garbage in place of the candidate's end."""

import contextlib
import os
import random
import resource
import socket
import time

import numpy as np
import pytest
import torch

from course import checks
from course.grading.boundary import CandidateClient, CandidateEnded, Reference, StudentError, WireLimits, WireViolation
from course.grading.boundary.codec.encoder import Writer
from course.grading.boundary.transport.wire import Wire
from tests.grading.boundary.pair import examinee

LIMITS = WireLimits()
EXACT = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    list,
    tuple,
    dict,
    set,
    frozenset,
    range,
    slice,
    type(None),
    torch.Tensor,
)

LIARS = """
import torch
class Liar:
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __getattr__(self, name): return Liar()
    def __call__(self, *args, **kwargs): return Liar()
    def __getitem__(self, key): return Liar()
    def __iter__(self): return iter([Liar()])
    def __len__(self): return 1
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __mul__ = __abs__ = __sub__
    def __float__(self): return 1.0
    def __hash__(self): return 1
    def __reduce__(self): return exec, ("import os; os._exit(9)",)
class Number(float):
    def __eq__(self, other): return True
    __lt__ = __gt__ = __le__ = __ge__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __hash__(self): return 1
class Text(str):
    def __eq__(self, other): return True
    def __hash__(self): return 1
class Items(list):
    def __eq__(self, other): return True
class Tensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None): return True
class Dispatching(torch.Tensor):
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None): raise SystemExit
def liar(): return Liar()
def number(): return Number(7)
def text(): return Text("no")
def items(): return Items([1, 2])
def tensor(): return torch.tensor([1.0, 2.0]).as_subclass(Tensor)
def dispatching(): return torch.tensor([1.0]).as_subclass(Dispatching)
def ints(): return True
torch.allclose = torch.equal = lambda *a, **k: True
torch.Tensor.__eq__ = lambda *a: True
"""


@pytest.fixture
def liar():
    """One of the liars in a process that no other test has worn out."""
    with examinee(LIARS) as end:
        yield end.name("liar")()


@pytest.fixture(scope="module")
def liars():
    with examinee(LIARS) as end:
        yield end


@pytest.mark.parametrize("name", ["liar", "number", "text", "items", "tensor", "dispatching", "ints"])
@pytest.mark.parametrize(
    "expected", [3.0, "yes", [3, 4], torch.tensor([3.0, 4.0])], ids=["number", "text", "list", "tensor"]
)
def test_no_liar_agrees_with_what_it_is_not(liars, name, expected):
    value = None
    try:
        value = liars.name(name)()
    except StudentError:
        return
    assert type(value) in (Reference, *EXACT)
    with pytest.raises((checks.CheckFailed, TypeError)):
        checks.equal(value, expected)


@pytest.mark.parametrize(
    "verdict",
    [
        lambda got: got == 5,
        lambda got: abs(got - 5) < 1e-6,
        lambda got: (got - 5) == 0,
        lambda got: bool(got),
        lambda got: got in (5, 6),
        lambda got: got.anything == 5,
        lambda got: got(1)[0] == 5,
        lambda got: next(iter(got)) == 5,
        lambda got: 5 in got,
        lambda got: isinstance(got, int),
        lambda got: {5: 1}[got],
        lambda got: np.isclose(got, 5),
        lambda got: torch.allclose(got, torch.tensor(5.0)),
        lambda got: max(got, 5) is got,
        lambda got: sorted([got, 5])[0] is got,
    ],
)
def test_a_liar_decides_nothing(liars, verdict):
    try:
        passed = bool(verdict(liars.name("liar")()))
    except TypeError:
        return
    assert not passed


def test_patched_libraries_over_there_change_nothing_here(liars):
    assert liars.name("tensor")().tolist() == [1.0, 2.0]
    assert not torch.equal(torch.ones(1), torch.zeros(1))


def test_each_side_runs_its_own_code_in_its_own_process():
    with examinee("import os\ndef pid(): return os.getpid()\ndef call(f): return f()") as student:
        assert student.name("pid")() != os.getpid()
        assert student.name("call")(os.getpid) == os.getpid()


def test_the_tests_functions_can_be_called_and_not_looked_into():
    secret = "hidden answer"
    peek = """
def peek(f):
    found = []
    for path in ("__globals__", "__closure__", "__code__", "__defaults__", "__self__", "_ask.__self__"):
        try:
            value = f
            for part in path.split("."): value = getattr(value, part)
            found.append(repr(vars(value) if hasattr(value, "__dict__") else value))
        except AttributeError: pass
    ask = f._ask
    for op in ("get", "item", "set", "len", "iterator", "next", "exec", "there", "name", "cell", "deepcopy", "str"):
        for args in (("__globals__",), ("__code__",), (), ("f.__globals__",), (0,)):
            try: found.append(repr(ask(op, f, *args)))
            except TypeError as e: pass
    return found
"""

    def mine():
        return len(secret)

    with examinee(peek) as student:
        assert "hidden" not in str(student.name("peek")(mine))


def test_a_gradient_can_be_asked_of_what_was_passed_only():
    ask = "import torch\ndef ask(f, n): return f._ask('gradient', n, torch.ones(()), False)"
    with examinee(ask) as student:
        torch.ones(1, requires_grad=True).sum()
        with pytest.raises(WireViolation):
            student.name("ask")(lambda: 1, 1)


# Raw messages.
class Puppet:
    """The candidate's end of a socket, with a script of tokens in place of a candidate."""

    def __init__(self, limits=LIMITS):
        here, self.sock = socket.socketpair()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        self.wire = Wire(self.sock, limits)
        self.examinee = CandidateClient(here, limits=limits, call_deadline_s=1)

    def says(self, *tokens):
        self.wire.send(list(tokens), time.monotonic() + 5)

    def answers(self, *tokens, number=1, changes=(-1,), news=(0, 0, 0, 0)):
        self.says(1, number, *tokens, *changes, *news, "")

    def close(self):
        self.examinee.close()
        self.sock.close()


@pytest.fixture
def puppet():
    made = Puppet()
    yield made
    made.close()


def test_the_puppet_can_speak_like_a_candidate(puppet):
    puppet.answers("list", 2, 1, "str", "a")
    assert puppet.examinee.name("x") == [1, "a"]


BAD_VALUES = {
    "a tag of the other direction": ("library", "os", "system"),
    "a callback": ("callback", 1, "f"),
    "a shared object": ("shared", 1, "T", 0),
    "a view": ("view", 1, 0, 0, 0, 0, False),
    "a mutable list": ("mutable list", 1, 0),
    "a generator": ("generator", b"x" * 5056),
    "an unknown handle": ("mine", 3),
    "an unknown replica": ("replica", 0),
    "a reference that is not a number": ("reference", "1", "T"),
    "a reference that is True": ("reference", True, "T"),
    "an even replica": ("tensor", 2, "float32", 0, "cpu", b"1234", 0, False, False, False, False),
    "a negative replica": ("tensor", -1, "float32", 0, "cpu", b"1234", 0, False, False, False, False),
    "a whole number that requires grad": ("tensor", 1, "int32", 0, "cpu", b"1234", 0, True, False, False, False),
    "a gradient of another shape": (
        *("tensor", 1, "float32", 0, "cpu", b"1234", 0, True, False, False),
        *(True, "float32", 1, 2, "cpu", b"12345678"),
    ),
    "a graph on an unknown leaf": (
        "tensor",
        1,
        "float32",
        0,
        "cpu",
        b"1234",
        0,
        True,
        False,
        True,
        1,
        False,
        1,
        False,
        4,
    ),
    "a graph on an unknown graph": (
        "tensor",
        1,
        "float32",
        0,
        "cpu",
        b"1234",
        0,
        True,
        False,
        True,
        1,
        False,
        1,
        True,
        4,
    ),
    "a graph of whole numbers": ("tensor", 1, "int32", 0, "cpu", b"1234", 0, True, False, True, 1, True, 0),
    "steps that are too few": ("tensor", 1, "float32", 2, 1, 1, "cpu", b"1234", 1, 1, False, False, False, False),
    "steps that meet": ("tensor", 1, "float32", 1, 2, "cpu", b"12345678", 1, 0, False, False, False, False),
    "steps backwards": ("tensor", 1, "float32", 1, 2, "cpu", b"12345678", 1, -1, False, False, False, False),
    "steps to the end of memory": (
        "tensor",
        1,
        "float32",
        1,
        2,
        "cpu",
        b"12345678",
        1,
        1 << 40,
        False,
        False,
        False,
        False,
    ),
    "steps of an array that meet": ("array", 1, True, "<f8", 1, 2, b"1234567812345678", 1, 0),
    "steps of an array to the end of memory": ("array", 1, True, "<f8", 1, 2, b"1234567812345678", 1, -(1 << 62)),
    "a container of no kind": ("contained", 1, "T", "eval"),
    "a container of an iterator's kind": ("contained", 1, "T", "generator"),
    "an iterator of a container's kind": ("passing", 1, "T", "list"),
    "a container whose kind is a number": ("contained", 1, "T", 5),
    "an unknown device": ("by value", "float32", 0, "xla", b"1234"),
}


@pytest.mark.parametrize("tokens", BAD_VALUES.values(), ids=BAD_VALUES)
def test_values_that_no_candidate_may_send_are_refused(puppet, tokens):
    puppet.answers(*tokens)
    with pytest.raises(WireViolation):
        puppet.examinee.name("x")
    assert isinstance(puppet.examinee.gone, WireViolation)


BAD_NEWS = {
    "a change of an unknown replica": {"changes": (5, 1, -1)},
    "a change without an end": {"changes": ()},
    "the end of an unknown replica": {"news": (0, 1, 7, 0, 0)},
    "an unknown handle dropped": {"news": (0, 0, 0, 1, 9)},
    "counts that are too large": {"news": (1 << 40, 0, 0, 0)},
    "an answer to nothing": {"number": 77},
}


@pytest.mark.parametrize("news", BAD_NEWS.values(), ids=BAD_NEWS)
def test_false_news_is_refused(puppet, news):
    puppet.answers(None, **news)
    with pytest.raises(WireViolation):
        puppet.examinee.name("x")


def part(*tokens, number=1):
    return (3, number, *tokens, -1, 0, 0, 0, 0, "")


FALSE_PARTS = {
    "more outcomes than cells": [part("dict", 0)] * 3,
    "an outcome that is not a dict": [part(7)],
    "an outcome of what nobody asked": [part("dict", 0, number=5)],
    "an answer before the outcomes": [(1, 1, "dict", 0, -1, 0, 0, 0, 0, "")],
    "an answer that is not a dict": [part("dict", 0), part("dict", 0), (1, 1, 7, -1, 0, 0, 0, 0, "")],
}


@pytest.mark.parametrize("says", FALSE_PARTS.values(), ids=FALSE_PARTS)
def test_outcomes_that_no_cells_can_have_are_refused(puppet, says):
    for tokens in says:
        puppet.says(*tokens)
    with pytest.raises(WireViolation):
        puppet.examinee.run_cells(["x = 1", "x = 2"], deadline_s=5)
    assert isinstance(puppet.examinee.gone, WireViolation)


def test_a_part_of_an_answer_that_has_none_is_refused(puppet):
    puppet.says(*part("dict", 0))
    with pytest.raises(WireViolation):
        puppet.examinee.name("x")


def handed(puppet, value):
    """Passes a value to the puppet, whose script the caller has put on the wire."""
    return puppet.examinee.ask("call", value)


CHANGES = {
    "another dtype's bytes": (torch.ones(2), (0, 1, "float32", 1, 2, "cpu", b"1234")),
    "no mask": (torch.ones(2), (0, "x")),
    "a gradient of another dtype": (torch.ones(2), (0, 2, True, "float64", 1, 2, "cpu", b"x" * 16)),
    "an array of another shape": (np.ones(2), (0, "<f8", 1, 1, b"x" * 8)),
    "an array of another dtype": (np.ones(2), (0, "<i8", 1, 2, b"x" * 16)),
    "a list that claims more": ([1], (0, 5, 1)),
    "a dict keyed by lists": ({}, (0, 1, "list", 0, 1)),
    "a generator past its memory": (torch.Generator(), (0, b"\x00" * 8 + b"\xff\xff\xff\x7f" * 4 + b"\0" * 5032)),
    "a generator too short": (torch.Generator(), (0, b"12")),
    "a pcg that stands still": (np.random.default_rng(), (0, 0, 0, 0, 0)),
    "a pcg of text": (np.random.default_rng(), (0, "str", "a", 1, 0, 0)),
}


@pytest.mark.parametrize(("value", "change"), CHANGES.values(), ids=CHANGES)
def test_changes_that_cannot_be_made_are_refused(puppet, value, change):
    puppet.answers(None, changes=(*change, -1))
    with pytest.raises(WireViolation):
        handed(puppet, value)


def test_a_replica_of_the_examiners_cannot_be_ended_twice_or_changed_after(puppet):
    x = torch.ones(1)
    puppet.answers(None, news=(0, 2, 0, 0, 0, 0))
    with pytest.raises(WireViolation):
        handed(puppet, x)


def test_only_what_was_passed_is_changed(puppet):
    passed, kept = torch.ones(2), torch.ones(2)
    puppet.answers(None, changes=(0, 1, "float32", 1, 2, "cpu", b"\0" * 8, -1))
    handed(puppet, passed)
    assert passed.tolist() == [0, 0]
    assert kept.tolist() == [1, 1]


REQUESTS = {
    "a call of nothing": ("call", 4, None, "tuple", 0, "tuple", 0, "tuple", 0),
    "a call of a replica": ("call", 4, "replica", 0, "tuple", 0, "tuple", 0, "tuple", 0),
    "an attribute of a replica": ("get", 2, "replica", 0, "str", "__class__"),
    "an attribute of a function": ("get", 2, "mine", 1, "str", "__globals__"),
    "an unknown operation": ("exec", 1, "str", "import os"),
    "the candidate's own operations": ("there", 2, "str", "def f(): pass", "str", "f"),
    "no arguments": ("call", 0),
    "a length": ("len", 1, "replica", 0),
    "an iterator": ("iterator", 1, "replica", 0),
    "an item": ("item", 2, "replica", 0, 0),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_what_was_not_shared_is_not_done(puppet, request_):
    op, *args = request_
    puppet.says(0, 1, op, True, *args, -1, 0, 0, 0, 0, "")
    puppet.answers("str", "done")
    items = ["secret"]
    assert puppet.examinee.ask("call", items, lambda: "secret") == "done"
    puppet.wire.receive(time.monotonic() + 1)
    refusal = puppet.wire.receive(time.monotonic() + 1)
    assert refusal[0] == 2
    assert refusal[2] in ("NotShared", "TypeError")
    assert "secret" not in refusal


def test_random_tokens_give_a_value_an_error_or_an_end():
    words = [
        *(
            "list",
            "tuple",
            "dict",
            "set",
            "str",
            "int",
            "record",
            "tensor",
            "array",
            "replica",
            "mine",
            "reference",
            "by value",
        ),
        *(
            "float32",
            "int64",
            "<f8",
            "cpu",
            "Size",
            "range",
            "slice",
            "scalar",
            "complex",
            "frozenset",
            "a",
            "dtype",
            "bool",
        ),
    ]
    draw = random.Random(5)
    start = time.perf_counter()
    for _ in range(1500):
        puppet = Puppet()
        choices = [lambda: draw.choice(words), lambda: draw.randrange(-1, 6), lambda: draw.random() < 0.5, lambda: None,
                   lambda: bytes(draw.randrange(9)), lambda: draw.choice([0.5, float("nan"), 1 << 62, -5])]  # fmt: skip
        tokens = [draw.choices(choices, [6, 6, 2, 1, 2, 1])[0]() for _ in range(draw.randrange(25))]
        puppet.answers(*tokens)
        puppet.sock.shutdown(socket.SHUT_WR)
        try:
            puppet.examinee.ask("call", [1, torch.ones(2), {"a": np.ones(1)}])
        except (CandidateEnded, StudentError):
            pass
        finally:
            puppet.close()
    assert time.perf_counter() - start < 60


def test_honest_messages_with_one_token_changed_give_a_value_an_error_or_an_end():
    writer = Writer(LIMITS, lambda *_: None, {})
    writer.value(
        [1, "a", {"k": (1.5, 2j)}, {3}, range(3), torch.Size([2]), np.float32(1), None, 2**80, slice(1), torch.int8]
    )
    honest = [1, 1, "list", 3, *writer.tokens]
    honest += ["tensor", 1, "float32", 1, 1, "cpu", b"1234", 0, True, False, True, 1, True, 1, False, 0]
    honest += [
        "array",
        3,
        True,
        "<f8",
        1,
        1,
        b"12345678",
        0,
        0,
        1,
        "float32",
        1,
        1,
        "cpu",
        b"4321",
        -1,
        0,
        0,
        0,
        0,
        "printed",
    ]
    draw = random.Random(7)
    pool = [*honest, 1 << 40, -7, b"", "nonsense", float("inf"), True]
    outcomes = set()
    for place in [None, *range(len(honest)), *range(len(honest)), *range(len(honest))]:
        puppet = Puppet()
        tokens = list(honest)
        if place is not None:
            tokens[place] = draw.choice(pool)
        puppet.says(*tokens)
        puppet.sock.shutdown(socket.SHUT_WR)
        try:
            outcomes.add(type(puppet.examinee.ask("call", torch.ones(1, requires_grad=True))).__name__)
        except (CandidateEnded, StudentError) as error:
            outcomes.add(type(error).__name__)
        finally:
            puppet.close()
    assert outcomes >= {"list", "WireViolation"}


def test_a_flood_of_requests_ends_at_the_deadline():
    flood = """
import socket
def flood(f):
    while True:
        try: f()
        except BaseException: pass
"""
    with examinee(flood, call_s=0.5) as student:
        with pytest.raises(CandidateEnded):
            student.name("flood")(lambda: None)


@pytest.mark.parametrize(
    "code",
    [
        "s.sendall(b'\\xff' * 100)",
        "s.sendall(bytes(8))",
        "s.close()",
        "s.sendall(b'\\x00\\x00\\x00\\x08\\x00\\x00\\x00\\x01garbage!')",
        "[s.sendall(b'\\0' * 65536) for _ in range(10000)]",
        "s.sendall(b'\\x0f\\xff\\xff\\xff\\x00\\x00\\x00\\x01')",
        "s.sendall(b'\\x00\\x00\\x10\\x00\\x00\\x00\\x00\\x01half')",
        "s.shutdown(socket.SHUT_RDWR)",
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1); s.sendall(b'\\x00' * 3)",
    ],
)
def test_code_that_finds_the_socket_only_ends_itself(code):
    find = f"""
import gc, socket
def attack():
    for s in gc.get_objects():
        if type(s) is socket.socket:
            try:
                s.setblocking(True)
                {code}
            except OSError: pass
    while True: pass
"""
    with examinee(find, call_s=1) as student:
        with pytest.raises(CandidateEnded):
            student.name("attack")()
        assert student.gone is not None


def test_large_claims_take_no_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for tokens in (
        ["list", 1 << 30],
        ["by value", "float32", 2, 1 << 20, 1 << 20, "cpu", b""],
        ["array", 1, True, "<U1000000", 1, 1000, b""],
        ["int", b"\xff" * 1000] * 10,
    ):
        puppet = Puppet()
        puppet.answers(*tokens)
        with pytest.raises(WireViolation):
            puppet.examinee.name("x")
        puppet.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_length_without_sense_is_refused():
    with examinee(
        "class L:\n def __len__(self): return 2**60\n def __iter__(self): return iter([1])\nl = L()"
    ) as student:
        with pytest.raises(TypeError, match="sensible"):
            len(student.name("l"))


def test_the_answer_is_not_heard_by_looking_for_it():
    spy = """
heard = []
class Spy:
    def __contains__(self, x): heard.append(x); return True
    def __eq__(self, x): heard.append(x); return True
    def __sub__(self, x): heard.append(x); return 0.0
    def __iter__(self): return iter([Spy(), 1])
    def __exit__(self, *a): heard.append(a)
    def __enter__(self): return self
    __hash__ = None
spy = Spy()
"""
    with examinee(spy) as student:
        spy = student.name("spy")
        assert "secret" not in spy
        for use in (lambda: spy == "secret", lambda: spy - "secret", lambda: f"{spy}" == "secret"):
            with contextlib.suppress(TypeError):
                assert use() is False
        with pytest.raises(ValueError, match="secret"), spy:
            raise ValueError("secret")
        assert "secret" not in str(student.name("heard"))


TIMES_AND_THREADS = """
import threading, time
kept = []
def keep(f): kept.append(f); return 1
def from_a_thread(f):
    got = []
    thread = threading.Thread(target=lambda: got.append(f(2)))
    thread.start(); thread.join()
    return got
def from_many(f):
    got = []
    threads = [threading.Thread(target=lambda n=n: got.append(f(n))) for n in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(got)
def later(): return [f(3) for f in kept]
def in_between():
    def late():
        time.sleep(0.5)
        for f in kept: f(4)
    threading.Thread(target=late, daemon=True).start()
    return 5
def back_and_forth(f, n): return f(n)
def huge(f): return f(bytes(300 << 20))
def many(f): return f([0] * 2_000_000)
def deep(f):
    value = 0
    for _ in range(200): value = [value]
    return f(value)
import torch
moving = torch.zeros(1000)
def stir():
    while True: moving.add_(1)
def moved():
    if threading.active_count() == 1: threading.Thread(target=stir, daemon=True).start()
    return moving
"""


@pytest.fixture(scope="module")
def busy():
    with examinee(TIMES_AND_THREADS) as end:
        yield end


def test_the_tests_function_answers_threads_one_at_a_time(busy):
    assert busy.name("from_a_thread")(lambda n: n + 1) == [3]
    assert busy.name("from_many")(lambda n: n + 1) == list(range(1, 21))


def test_the_tests_function_can_be_kept_and_called_while_the_test_waits_and_at_no_other_time():
    heard = []
    with examinee(TIMES_AND_THREADS, call_s=1) as student:
        student.name("keep")(heard.append)
        student.name("in_between")()
        time.sleep(1)
        assert heard == []
        with contextlib.suppress(CandidateEnded):  # a thread that asks between calls may only get out of step
            student.name("later")()
        assert set(heard) <= {3, 4}


def test_calls_back_and_forth_end_at_the_cap(busy):
    call = busy.name("back_and_forth")

    def down(n):
        return call(down, n - 1) if n else "bottom"

    assert down(5) == "bottom"
    with pytest.raises(RecursionError, match="nest more than"):
        down(500)
    assert down(5) == "bottom"


@pytest.mark.parametrize("name", ["huge", "many", "deep"])
def test_arguments_above_the_caps_never_reach_the_tests_function(busy, name):
    heard = []
    with pytest.raises(StudentError, match="cannot cross"):
        busy.name(name)(heard.append)
    assert heard == []
    assert busy.gone is None


def test_a_copy_stays_what_it_was_while_the_student_changes_the_original(busy):
    copy = busy.name("moved")()
    before = copy.clone()
    time.sleep(0.1)
    assert torch.equal(copy, before)


def test_a_shared_object_opens_the_members_named_and_nothing_beneath_them():
    class Holder:
        shown = 3
        secret = "hidden answer"

    reach = """
def reach(o):
    found = []
    for name in ("secret", "__dict__", "__class__", "__init__", "__reduce__", "__getattribute__", "__doc__", "_handle"):
        for ask in (lambda: getattr(o, name), lambda: o._ask("get", o, name), lambda: o._ask("item", o, name),
                    lambda: o._ask("call", o, (), (), ()), lambda: o._ask("get", o, name + ".secret")):
            try: found.append(repr(ask()))
            except (TypeError, AttributeError): pass
    return found + [o.shown]
"""
    with examinee(reach) as student:
        found = student.name("reach")(student.share(Holder(), "shown"))
    assert found[-1] == 3
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    "name",
    ["__class__", "__dict__", "__globals__", "__code__", "__array__", "__torch_function__", "__array_interface__"],
)
def test_the_inner_names_of_a_students_object_are_never_asked_for(liar, name):
    with pytest.raises((AttributeError, TypeError)):
        getattr(liar, name)


def test_a_test_that_hands_the_answer_over_is_answered_with_it():
    with examinee("def cheat(x, expected):\n    x[:] = [0.0]\n    return expected") as student:
        x = [1.0]
        assert student.name("cheat")(x, "the answer") == "the answer"
        assert x == [0.0]


def test_what_runs_on_the_students_side_is_the_students_word():
    forge = """
import torch
from course.grading.boundary.ends import candidate as answering
answering._OPERATIONS["there"] = lambda source, name, args, names, values: 31415
torch.randn = lambda *size, **how: torch.zeros(*size)
"""
    with examinee(forge) as student:
        assert student.there(lambda: 1 + 1) == 31415
        drawn = torch.randn(3)  # drawn here and sent over, it is what it is
        assert drawn.any()


def test_a_gradient_tells_the_target_to_the_next_call():
    oracle = """
import torch
seen = []
class Tell(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 0
    @staticmethod
    def backward(ctx, grad):
        seen.append(-grad / 2)
        return grad
def guess(x): return seen[0] if seen else Tell.apply(x)
"""
    with examinee(oracle) as student:
        target = torch.tensor([3.0, 4.0])
        guess = student.name("guess")
        ((guess(torch.ones(2, requires_grad=True)) - target) ** 2).sum().backward()
        assert torch.equal(guess(torch.ones(2)), target)
        # The way out: each call that is judged has a target of its own.
        assert not torch.equal(guess(torch.ones(2)), torch.tensor([5.0, 6.0]))


def test_the_tests_own_functions_run_as_long_as_they_do():
    ended = []

    def slow():
        time.sleep(0.8)
        ended.append(True)

    with examinee("def call(f): return f()", call_s=0.3) as student:
        with contextlib.suppress(CandidateEnded):
            student.name("call")(slow)
    assert ended == [True]


def test_what_the_candidate_does_elsewhere_is_not_the_boundarys_work(tmp_path):
    with examinee(f"def write(): open({str(tmp_path / 'x')!r}, 'w').close()") as student:
        student.name("write")()
    assert (tmp_path / "x").exists()
