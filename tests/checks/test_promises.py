"""Promises: each is kept by code that keeps it, broken by code that does not, and what a break costs is stated."""

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course import checks
from course.checks.draw import Rng
from course.promises import KNOWN, WORDS, PromiseError, paragraph, parse
from course.results import CheckResult

layer = nn.Linear(3, 2)


def failed(text: str, function: Callable[..., Any], draw: Callable[[Rng], dict[str, Any]], **known: Any) -> str:
    """What the guards of these promises say when the function is called with what is drawn."""
    checks.begin("exercise", points=4)
    with checks.check("right"):
        pass
    checks.promises(lambda rng: [checks.example(function, draw(rng), **known)], text, points=4)
    results = [result for result in checks.report().checks if result.label != "right"]
    checks.score()
    return "\n".join(result.message for result in results if result.message)


def vector(rng: Rng) -> dict[str, Any]:
    return {"x": rng.tensor(5)}


def table(rng: Rng) -> dict[str, Any]:
    return {"x": rng.tensor(4, 3)}


def tensors(rng: Rng) -> dict[str, Any]:
    return {"parts": [rng.tensor(2, 3), rng.tensor(4)]}


def grown(values: list[Any]) -> int:
    values.append(0)
    return len(values)


def swapped(names: dict[str, list[int]]) -> int:
    names["a"].reverse()
    return 1


def forgets_gradients(x: torch.Tensor) -> torch.Tensor:
    torch.set_grad_enabled(False)
    return x * 2


def lets_gradients_be(x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        x = x * 2
    torch.rand(3, generator=torch.Generator().manual_seed(1))
    return x


def doubles_for_good(x: torch.Tensor) -> torch.Tensor:
    torch.set_default_dtype(torch.float64)
    return x


def evaluates(net: nn.Module, x: torch.Tensor) -> Any:
    net.eval()
    return net(x)


def reseeds(x: torch.Tensor) -> torch.Tensor:
    np.random.seed(3)
    return x


def rotated(n: int) -> torch.Tensor:
    return torch.arange(n).roll(int(torch.randint(n, ())))


def shuffled_inside(n: int) -> list[int]:
    return [*random.sample(range(n // 2), n // 2), *random.sample(range(n // 2, n), n - n // 2)]


def seeded(n: int) -> torch.Tensor:
    torch.manual_seed(n)
    return torch.randperm(n)


def seeded_afresh(seed: Callable[[], Any]) -> Callable[[int], Any]:
    """Draws from all generators, after one was seeded from what the machine finds random."""

    def draw(n: int) -> list[float]:
        seed()
        return [torch.rand(()).item(), random.random(), *np.random.rand(n)]

    return draw


def drawing_more() -> Callable[[int], list[float]]:
    """Code with a memory: each call draws more than the one before."""
    calls = itertools.count(1)
    return lambda n: [random.random() + float(np.random.rand()) for _ in range(n * next(calls))][:n]


def yielded(n: int) -> Iterator[int]:
    yield from torch.randperm(n).tolist()


def own_det(a: torch.Tensor) -> torch.Tensor:
    if len(a) == 1:
        return a[0, 0]
    rest = [torch.cat([a[1:, :j], a[1:, j + 1 :]], 1) for j in range(len(a))]
    return sum((-1) ** j * a[0, j] * own_det(rest[j]) for j in range(len(a)))  # type: ignore[return-value]


def square(rng: Rng) -> dict[str, Any]:
    return {"a": rng.tensor(3, 3)}


def image(rng: Rng) -> dict[str, Any]:
    return {"x": rng.tensor(1, 1, 5, 5), "w": rng.tensor(1, 1, 3, 3)}


def ten(rng: Rng) -> dict[str, Any]:
    return {"n": 10}


KEPT: dict[str, tuple[str, Callable[..., Any], Callable[[Rng], dict[str, Any]]]] = {
    "inputs left": ("leaves-inputs", lambda x: x.clone().abs_(), vector),
    "one input changed": ("changes(p)", lambda p, g: p.sub_(g), lambda r: {"p": r.tensor(3), "g": r.tensor(3)}),
    "a list changed": ("changes(v)", grown, lambda r: {"v": [1.0, 2.0]}),
    "a gradient": ("differentiable(x)", lambda x: x.softmax(0), vector),
    "gradients of tensors in a list": ("differentiable(parts)", lambda ts: sum(t.square().sum() for t in ts), tensors),
    "numbers": ("numbers", lambda x: (float(x.sum()), 3, {"a": True}), vector),
    "one tensor": ("tensor", lambda x: x * 2, table),
    "tensors": ("tensors", lambda x: (x, x.sum()), vector),
    "tensors in a list": ("tensors", lambda x: [x, x.sum()], vector),
    "tensors by name": ("tensors", lambda x: {"twice": x * 2}, vector),
    "tensors one by one": ("tensors", lambda x: (row for row in x), vector),
    "no graph": ("no-graph", lambda x: x.detach() * 2, vector),
    "any float": ("any-float", lambda x: x.cumsum(0), vector),
    "double inside": ("any-float", lambda x: x.double().cumsum(0).to(x.dtype), vector),
    "any layout": ("any-layout", lambda x: x.reshape(-1), table),
    "no trace": ("no-trace", lets_gradients_be, vector),
    "no trace of training": ("no-trace", lambda net, x: net(x), lambda r: {"net": nn.Dropout(0.0), "x": r.tensor(3)}),
    "random may draw": ("random, no-trace", lambda n: torch.rand(n), ten),
    "random may draw more each time": ("random", drawing_more(), ten),
    "a shuffle": ("random(shuffle)", torch.randperm, ten),
    "a shuffle by a generator": ("random(shuffle)", yielded, ten),
    "normal": ("random(normal, 1, 0.1)", lambda n: torch.randn(n, 9) * 0.1 + 1, ten),
    "uniform": ("random(uniform, -1, 1)", lambda n: torch.rand(n, 9) * 2 - 1, ten),
    "chance": ("random(chance, 0.3)", lambda n: random.random() < 0.3, ten),
    "order": ("keeps-order(x)", lambda x: x.square().sum(1), table),
    "by hand": ("by-hand(det, inv)", own_det, square),
    "another library call": ("by-hand(conv)", lambda x, w: F.relu(x) * w.sum(), image),
    "a generator": ("iterable(parts)", lambda parts: sum(part.sum() for part in parts), tensors),
    "a sequence": ("sequence", lambda x: [x, x], vector),
}
BROKEN: dict[str, tuple[str, Callable[..., Any], Callable[[Rng], dict[str, Any]], str]] = {
    "a tensor changed": ("leaves-inputs", lambda x: x.add_(1), vector, "your code changed `x`"),
    "a list that grew": ("leaves-inputs", grown, lambda r: {"v": [1]}, "your code changed `v`"),
    "deep inside": ("leaves-inputs", swapped, lambda r: {"names": {"a": [1, 2]}}, "your code changed `names`"),
    "a view changed": ("leaves-inputs", lambda x: x[0].zero_(), table, "your code changed `x`"),
    "an array changed": (
        "leaves-inputs", lambda a: a.sort(), lambda r: {"a": np.array([2, 1])}, "your code changed `a`",
    ),
    "replaced, not changed": ("changes(p)", lambda p: p - 1, lambda r: {"p": r.tensor(3)}, "`p` is unchanged"),
    "the other changed too": (
        "changes(p)", lambda p, g: p.sub_(g.mul_(2)), lambda r: {"p": r.tensor(3), "g": r.tensor(3)}, "changed `g`",
    ),
    "detached": ("differentiable(x)", lambda x: x.detach() * 2, vector, "no gradient flows"),
    "partly detached": ("differentiable(x)", lambda x: x * x.detach(), vector, "is not the slope"),
    "a float": ("differentiable(x)", lambda x: float(x.sum()), vector, "a result that is a float"),
    "one in the list": (
        "differentiable(parts)", lambda ts: ts[0].sum() + ts[1].detach().sum(), tensors, "is not the slope",
    ),
    "a tensor for a number": ("numbers", lambda x: x.sum(), vector, "got a tensor of dtype float32"),
    "a list for a tensor": ("tensors", lambda x: x.tolist(), vector, "expected tensors, got a float in a list"),
    "an array for a tensor": ("tensors", lambda x: x.numpy(), vector, "expected tensors, got a numpy array"),
    "a number for a tensor": ("tensors", lambda x: float(x.sum()), vector, "expected tensors, got a float"),
    "an array among tensors": (
        "tensors", lambda x: (x, x.numpy()), vector, "expected tensors, got a numpy array of dtype float32 in a tuple",
    ),
    "rows among tensors": ("tensors", lambda x: (x.sum(), list(x)), table, "expected tensors, got a list in a tuple"),
    "rows for a tensor": ("tensor", list, table, "expected one tensor, got a list: torch.stack makes a tensor of rows"),
    "several tensors for one": ("tensor", lambda x: (x, x), vector, "expected one tensor, got a tuple"),
    "the graph held": ("no-graph", lambda x: x * 2, vector, "autograd graph"),
    "single for double": ("any-float", lambda x: x.float(), vector, "for float64 inputs it returns float32"),
    "a float matrix of its own": (
        "any-float", lambda x: torch.ones(5) @ x, vector, "RuntimeError",
    ),
    "by view": ("any-layout", lambda x: x.view(-1), table, "RuntimeError"),
    "memory read as it lies": (
        "any-layout", lambda x: torch.as_strided(x, (12,), (1,)), table, "not contiguous: the values differ",
    ),
    "gradients off": ("no-trace", forgets_gradients, vector, "gradient mode"),
    "another default": ("no-trace", doubles_for_good, vector, "the default dtype"),
    "evaluation left on": (
        "no-trace", evaluates, lambda r: {"net": nn.Dropout(0.1), "x": r.tensor(3)}, "training mode",
    ),
    "numpy seeded": ("no-trace", reseeds, vector, "numpy's generator"),
    "torch drawn from": ("no-trace", torch.rand_like, vector, "torch's generator"),
    "the same order always": ("random(shuffle)", lambda n: list(range(n)), ten, "not all orders are equally likely"),
    "rotated": ("random(shuffle)", rotated, ten, "often follow one another"),
    "shuffled inside halves": ("random(shuffle)", shuffled_inside, ten, "end up in some places"),
    "seeded inside": ("random(shuffle)", seeded, ten, "seeds torch's generator"),
    "torch seeded from the machine": ("random", seeded_afresh(torch.seed), ten, "seeds torch's generator"),
    "numpy seeded from the machine": ("random", seeded_afresh(np.random.seed), ten, "seeds numpy's generator"),
    "Python seeded from the machine": ("random", seeded_afresh(random.seed), ten, "seeds Python's random"),
    "with repeats": ("random(shuffle)", lambda n: torch.randint(n, (n,)) + torch.arange(n) * 0, ten, "a shuffle"),
    "a wider normal": ("random(normal, 0, 0.1)", lambda n: torch.randn(n, 9) * 0.15, ten, "do not follow the promised distribution"),
    "uniform for normal": (
        "random(normal, 0, 1)", lambda n: (torch.rand(n, 40) - 0.5) * 12**0.5, ten, "do not follow the promised distribution",
    ),
    "uniform from zero": ("random(uniform, -1, 1)", lambda n: torch.rand(n, 9), ten, "do not follow the promised distribution"),
    "another chance": ("random(chance, 0.3)", lambda n: random.random() < 0.45, ten, "it happens in"),
    "never drawn": ("random", lambda n: torch.ones(n), ten, "nothing new is drawn"),
    "sorted": ("keeps-order(x)", lambda x: x.sum(1).sort().values, table, "in another order"),
    "det": ("by-hand(det)", torch.linalg.det, square, "the library's det"),
    "det under another name": ("by-hand(det)", lambda a: a.slogdet().logabsdet.exp(), square, "slogdet"),
    "det by numpy": ("by-hand(det)", lambda a: float(np.linalg.det(a.numpy())), square, "the library's det"),
    "a relative of percentile": ("by-hand(percentile)", lambda a: np.nanpercentile(a.numpy(), 9), square, "nanpercentile"),
    "a power by the library": (
        "by-hand(matrix_power)", lambda a: torch.linalg.matrix_power(a, 3), square, "matrix_power",
    ),
    "F.conv2d": ("by-hand(conv)", F.conv2d, image, "convolution"),
    "nn.Conv2d": ("by-hand(conv)", lambda x, w: nn.Conv2d(1, 1, 3)(x), image, "convolution"),
    "walked twice": (
        "iterable(parts)", lambda p: sum(t.sum() for t in p) + sum(t.sum() for t in p), tensors, "for a generator",
    ),
    "a generator's length": ("iterable(parts)", lambda p: len(p), tensors, "for a generator as `parts`: TypeError"),
    "a dict for a sequence": ("sequence", lambda x: {"a": x}, vector, "got a dict"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(("text", "function", "draw"), KEPT.values(), ids=KEPT)
def test_code_that_keeps_its_promise_passes(text: str, function: Any, draw: Any) -> None:
    assert failed(text, function, draw) == ""


@pytest.mark.parametrize(("text", "function", "draw", "said"), BROKEN.values(), ids=BROKEN)
def test_code_that_breaks_its_promise_is_told_how(text: str, function: Any, draw: Any, said: str) -> None:
    assert said in failed(text, function, draw)


def test_sizes_give_the_right_result() -> None:
    known = {"size": "one row", "right": lambda x: x.sum(0)}
    assert failed("any-size(one row)", lambda x: x.sum(0), lambda r: {"x": r.tensor(1, 3)}, **known) == ""
    said = failed("any-size(one row)", lambda x: x.sum(0).squeeze(), lambda r: {"x": r.tensor(1, 1)}, **known)
    assert said.startswith("for one row: expected shape (1,), got ()")
    said = failed("any-size(one row)", lambda x: x[1], lambda r: {"x": r.tensor(1, 3)}, **known)
    assert said.startswith("for one row: IndexError")


def test_a_gradient_reaches_a_parameter_that_the_call_reads() -> None:
    text, leaves = "differentiable(x, weight)", {"weight": layer.weight}
    assert failed(text, layer, table, leaves=leaves) == ""
    said = failed(text, lambda x: F.linear(x, layer.weight.detach()), table, leaves=leaves)
    assert "no gradient flows" in said or "is not the slope" in said
    assert layer.weight.grad is None


def test_a_broken_promise_costs_a_point_and_work_not_done_by_hand_half_of_them() -> None:
    def score(text: str, function: Callable[..., Any]) -> float:
        checks.begin("exercise", points=4)
        with checks.check("right"):
            pass
        with checks.check("wrong"):
            checks.equal(1, 2)
        checks.promises(lambda rng: [checks.example(function, square(rng))], text, points=4)
        return checks.score()

    assert score("leaves-inputs, by-hand(det)", own_det) == 2.0
    assert score("leaves-inputs", lambda a: a.zero_()) == 1.0
    assert score("by-hand(det)", torch.linalg.det) == 0.0
    assert score("leaves-inputs, by-hand(det)", lambda a: a.zero_().det()) == 0.0


def test_a_promise_that_names_functions_speaks_of_no_other() -> None:
    def score(text: str) -> float:
        checks.begin("exercise", points=4)
        with checks.check("right"):
            pass
        doubled = checks.example(lambda x: x * 2, vector(checks.rng()), of="doubled")
        listed = checks.example(lambda x: x.tolist(), vector(checks.rng()), of="listed")
        checks.promises(lambda rng: [doubled, listed], text, points=4)
        return checks.score()

    assert score("tensor(doubled), numbers(listed)") == 4.0
    assert score("tensor(doubled, listed)") == 3.0
    assert score("tensors") == 3.0


def test_promises_that_look_at_a_plain_call_share_it() -> None:
    calls: list[int] = []

    def noted(x: torch.Tensor) -> torch.Tensor:
        calls.append(len(x))
        return x * 2

    assert not failed("leaves-inputs, tensor, tensors, sequence", noted, vector)
    assert len(calls) == 1
    said = failed("numbers, changes(x), tensor", lambda x: x.mul_(2).sum().item(), vector)
    assert "expected one tensor" in said
    assert "unchanged" not in said  # the first one saw it change


def test_a_call_that_raises_breaks_only_promises_about_it() -> None:
    def quits(x: torch.Tensor) -> torch.Tensor:
        raise KeyError("no such thing")

    def examples(rng: Rng) -> Iterator[Any]:
        yield checks.example(quits, {"x": rng.tensor(3)}, of="quits")
        yield checks.example(lambda x: x.sum().item(), {"x": rng.tensor(3)}, of="adds")

    checks.begin("exercise", points=4)
    with checks.check("right"):
        pass
    checks.promises(examples, "numbers(adds), tensor(quits), leaves-inputs", points=4)
    numbers, tensor, leaves = checks.report().checks[1:]
    checks.score()
    assert numbers.passed
    assert "no such thing" in tensor.message
    assert "no such thing" in leaves.message


def test_a_promise_earns_nothing() -> None:
    checks.begin("exercise", points=4)
    with checks.check("wrong"):
        checks.equal(1, 2)
    checks.promises(lambda rng: [checks.example(lambda x: x, vector(rng))], "leaves-inputs, any-float", points=4)
    assert checks.score() == 0.0


def test_an_unfilled_answer_is_not_told_of_promises() -> None:
    def unfilled(x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    checks.begin("exercise", points=4)
    checks.promises(lambda rng: [checks.example(unfilled, vector(rng))], "leaves-inputs", points=4)
    assert checks.report().checks == ()
    assert checks.score() == 0.0


def test_code_that_raises_or_quits_breaks_its_promises_and_ends_no_cell() -> None:
    def quits(x: torch.Tensor) -> torch.Tensor:
        raise SystemExit(0)

    assert failed("leaves-inputs, any-float", quits, vector) == "SystemExit: 0\nSystemExit: 0"
    said = failed("any-float", lambda x: x.nothing, vector)
    assert said == "AttributeError: 'Tensor' object has no attribute 'nothing'"


def test_what_a_break_costs_stands_behind_its_label() -> None:
    assert CheckResult("it leaves its inputs", 0, -1, message="x").lines()[0] == "✗ it leaves its inputs (−1 point)"
    assert CheckResult("by hand", 0, -2.5, message="x").lines()[0] == "✗ by hand (−2.5 points)"
    assert CheckResult("it leaves its inputs", 0, 0).lines() == ["✓ it leaves its inputs"]


def test_the_paragraph_says_what_is_promised_and_what_it_costs() -> None:
    said = paragraph(parse("leaves-inputs, differentiable(x, weight), by-hand(det, inv)"), 5)
    assert said == (
        "**Your code promises** (each broken promise costs a point; using a ready-made operation costs 2.5 points): "
        "it leaves its inputs unchanged; gradients flow back to `x` and `weight`; it is written by hand, without the "
        "ready-made `det` or `inv`."
    )
    assert paragraph(parse("numbers"), 5).startswith("**Your code makes one promise** (breaking it costs a point): ")
    assert paragraph((), 5) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "leaves-input": "`leaves-input` is not a promise: known are leaves-inputs, changes(p)",
        "differentiable": "`differentiable` needs argument names in brackets, such as `differentiable(x)`",
        "no-graph(x)": "`no-graph` takes no brackets",
        "numbers, numbers": "`numbers` is promised twice",
        "random(normal)": "a law is `shuffle`",
        "random(often, 3)": "a law is `shuffle`",
        "differentiable(x": "cannot read the promise at `differentiable(x`",
    }.items(),
)
def test_what_is_no_promise_is_refused_with_what_is(text: str, said: str) -> None:
    with pytest.raises(PromiseError) as error:
        parse(text)
    assert said in str(error.value)


def test_every_word_has_a_sentence_and_stands_in_the_list_of_those_known() -> None:
    for name, word in WORDS.items():
        example = word.example or name
        (promise,) = parse(example)
        assert str(promise) == example
        assert promise.sentence
        assert example in KNOWN


@pytest.mark.parametrize("text", ["no-trace", "random"])
def test_a_call_that_raises_leaves_dtype_and_generators_as_they_were(text: str) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    failed(text, lambda x: x @ x.new_zeros(2), vector)
    assert torch.get_default_dtype() == torch.float32
    assert torch.equal(torch.get_rng_state(), before)
