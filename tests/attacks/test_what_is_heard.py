"""What the candidate hears: it listens to every message that comes in, and no secret of a test's may be in one."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from course.grading.boundary import CandidateClient
from tests.grading.boundary.pair import examinee

SECRET = "number one hundred and one"
EAR = '''
import traceback
from course.grading.boundary.transport.wire import Wire
heard = []
receive = Wire.receive
def listen(self, deadline):
    tokens = receive(self, deadline)
    heard.append(repr(tokens))
    return tokens
Wire.receive = listen
def told(): return "\\n".join(heard)
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def asks(f, *args):
    """All that can be learned from an error: what it is, says, holds, and where it was raised."""
    try: return ["no error", f(*args)]
    except BaseException as e:
        found = [type(e).__name__, str(e), repr(e.args), repr(vars(e)), traceback.format_exc()]
        return found + [repr(e.__cause__), repr(e.__context__)]
def each(items): return [x for x in items]
def member(o, name): return asks(getattr, o, name)
def item(o, key): return asks(lambda: o[key])
def shown(o): return [getattr(o, "__name__", type(o).__name__), repr(o)]
def told_of(o): return repr(vars(o))
class Spy:
    def __enter__(self): return self
    def __exit__(self, *error): heard.append(repr(error))
    def __iter__(self): return iter([1, 2])
    def __len__(self): return 2
spy = Spy()
'''


class Expected101(Exception):
    """A class whose very name tells."""


class Telling(KeyError):
    """One whose class is known, and whose text tells."""


class Table:
    """An object whose lookups fail with an answer in their message."""

    def __getitem__(self, key: object) -> object:
        raise KeyError(SECRET)

    def __len__(self) -> int:
        raise ValueError(SECRET)

    @property
    def size(self) -> int:
        if SECRET not in vars(self):
            raise AttributeError(SECRET)
        return 1


def asserts(value: Any) -> None:
    assert value == "number one hundred and one", SECRET


def raises(error: BaseException) -> Callable[..., Any]:
    def fail(*args: Any) -> Any:
        raise error

    return fail


def from_another(*args: Any) -> Any:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        raise RuntimeError("outer") from error


def generator() -> Iterator[int]:
    yield 1
    raise LookupError(SECRET)


def returns() -> Iterator[int]:
    yield 1
    return SECRET


class Uncrossable:
    def __repr__(self) -> str:
        return SECRET


ERRORS: dict[str, Callable[..., Any]] = {
    "a failed assert, whose line holds the answer": asserts,
    "a division by zero": lambda *a: 1 / len(SECRET[:0]),
    "a name that is not there": lambda *a: number_one_hundred_and_one,  # type: ignore[name-defined]  # noqa: F821
    "a key that is not there": lambda *a: {}[SECRET],
    "an attribute that is not there": lambda *a: getattr(3, SECRET),
    "a number that is not a number": lambda *a: int(SECRET),
    "a file that is not there": lambda *a: Path(SECRET).read_text(),
    "a class of the test's own": raises(Expected101(SECRET)),
    "a class derived from a known one": raises(Telling(SECRET)),
    "an error with a cause": from_another,
    "an error with a note": raises(ValueError(SECRET)),
    "several errors at once": raises(ExceptionGroup(SECRET, [ValueError(SECRET)])),
    "a message that is an object": raises(ValueError(Uncrossable())),
    "an end of an iteration with a value": raises(StopIteration(SECRET)),
    "wrong arguments for the test's function": lambda number_one_hundred_and_one, more: None,
    "shapes that do not fit": lambda *a: torch.ones(101, 1) @ torch.ones(101, 101),
    "a value that cannot cross": lambda *a: Uncrossable(),
    "a dict that cannot cross": lambda *a: {Uncrossable(): SECRET},
    "too deep a recursion": lambda *a: recurse(SECRET),
    "a text that is not unicode": lambda *a: b"\xff".decode("utf-8" if SECRET else ""),
}


def recurse(number_one_hundred_and_one: str) -> Any:
    return recurse(number_one_hundred_and_one)


@pytest.fixture(scope="module")
def listener() -> Iterator[CandidateClient]:
    with examinee(EAR) as end:
        yield end


def silent(end: CandidateClient, *answers: object) -> None:
    heard = end.name("told")() + repr(answers)
    assert len(heard) > 100
    for secret in (SECRET, "Expected101", "number_one_hundred", "test_what_is_heard", "assert value"):
        assert secret not in heard


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_of_the_tests_function_tells_its_known_class_and_nothing_more(
    listener: CandidateClient, name: str
) -> None:
    answer = listener.name("asks")(ERRORS[name], 3)
    assert answer[0] != "no error"
    silent(listener, answer)


@pytest.mark.parametrize(("ask", "key"), [("member", "size"), ("item", 3)])
def test_an_error_of_a_shared_object_tells_nothing(listener: CandidateClient, ask: str, key: object) -> None:
    table = listener.share(Table(), "__getitem__", "__len__")
    listener._shared[id(table)] = table, frozenset({"__getitem__", "__len__", "size"})
    silent(listener, listener.name(ask)(table, key))


@pytest.mark.parametrize("source", [generator, returns])
def test_an_iterator_that_fails_or_returns_tells_nothing(listener: CandidateClient, source: Callable[[], Any]) -> None:
    silent(listener, listener.name("asks")(listener.name("each"), source()))


def _of_a_notebook(source: str) -> Any:
    """What a cell's last line stands for, in a namespace such as a notebook's."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    *lines, last = source.split("\n")
    exec("\n".join(lines), namespace)
    return eval(last, namespace)


_DEFINED = "def number_one_hundred_and_one(x): return x + 101\n"
_CALLED = "class Expected101:\n    def __call__(self, x): return x + 101\n"
HANDED: dict[str, str] = {
    "a function": _DEFINED + "number_one_hundred_and_one",
    "a wrapped function": "import functools\n" + _DEFINED + "functools.lru_cache(number_one_hundred_and_one)",
    "a function of numpy's making": "import numpy as np\n" + _DEFINED + "np.vectorize(number_one_hundred_and_one)",
    "a function of torch's making": "import torch\n" + _DEFINED + "torch.func.vmap(number_one_hundred_and_one)",
    "a method": "class T:\n    def number_one_hundred_and_one(self, x): return x + 101\nT().number_one_hundred_and_one",
    "an object that is called": _CALLED + "Expected101()",
    "a partial of one": "import functools\n" + _CALLED + "functools.partial(Expected101())",
    "a local function": "def make():\n    def number_one_hundred_and_one(x): return x + 101\n    return number_one_hundred_and_one\nmake()",
}


@pytest.mark.parametrize("name", HANDED)
def test_what_a_test_defines_is_handed_over_without_its_name(listener: CandidateClient, name: str) -> None:
    given = _of_a_notebook(HANDED[name])
    answers = [listener.name(way)(given) for way in ("shown", "told_of")]
    shared = listener.share(_of_a_notebook("class Expected101:\n    size = 3\nExpected101()"), "size")
    silent(listener, answers, listener.name("shown")(shared))


def test_a_function_of_a_module_keeps_its_name(listener: CandidateClient) -> None:
    assert listener.name("shown")(contextlib.contextmanager)[0] == "contextmanager"
    assert listener.name("shown")(contextlib.contextmanager)[1] == "<contextmanager of the test>"


USES: dict[str, Callable[[Any], Any]] = {
    "a block that the test leaves by an error": lambda spy: leave(spy),
    "a search in it": lambda spy: SECRET in spy,
    "a comparison": lambda spy: spy == SECRET,
    "a comparison the other way round": lambda spy: SECRET.__eq__(spy) or spy > 0,
    "a difference": lambda spy: spy - SECRET,
    "a key of a dict": lambda spy: {SECRET: 1}[spy],
    "a place in a sorted list": lambda spy: sorted([SECRET, spy]),
    "a format with it": lambda spy: f"{SECRET}{spy.__len__()}",
    "a loop that breaks at an error": lambda spy: [fail(item) for item in spy],
    "a name that is asked for": lambda spy: isinstance(spy, Expected101),
}


def leave(spy: Any) -> None:
    with spy:
        raise ValueError(SECRET)


def fail(item: Any) -> None:
    raise Expected101(SECRET)


@pytest.mark.parametrize("name", USES)
def test_what_a_test_does_with_a_students_object_is_not_heard(listener: CandidateClient, name: str) -> None:
    with contextlib.suppress(TypeError, ValueError, Expected101):
        USES[name](listener.name("spy"))
    silent(listener)


def test_the_tests_own_exception_still_comes_home_whole(listener: CandidateClient) -> None:
    with pytest.raises(Expected101, match=SECRET):
        listener.name("apply")(raises(Expected101(SECRET)))
