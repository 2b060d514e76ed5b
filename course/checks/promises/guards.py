"""`promises`: one guard for each promise of an exercise, tried on the calls that its test cell gives as examples.

    def examples(rng):
        yield checks.example(p_norm, {"x": rng.tensor(5), "p": 3})

    checks.promises(examples, "leaves-inputs, differentiable(x)", points=5)  # the builder writes this line

A guard earns nothing: a function that does nothing breaks no promise. Broken, it costs what course.promises says.
The promises that a plain call shows to be kept or broken share one call of each example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import torch

from course import promises as vocabulary
from course.checks import backend
from course.checks.across import mutable
from course.checks.capture import captured
from course.checks.cell import current
from course.checks.draw import Rng, unwatched_rng
from course.checks.fault import CheckFailed, error_text, is_unfilled
from course.checks.named import check
from course.checks.plain import has_class, items, kind
from course.checks.promises import laws
from course.checks.promises.calls import (
    Example,
    alike,
    changed,
    kept,
    leaves,
    mapped,
    not_contiguous,
    tensors,
)
from course.checks.promises.slopes import flows
from course.promises import Promise

Examples = Callable[[Rng], Iterable[Example]]
Guard = Callable[[Promise, list[Example], Rng], None]


@dataclass(frozen=True)
class _Called:
    """A call of an example, and what came of it: its result and the arguments that it changed, or its error."""

    call: Example
    result: Any = None
    changed: tuple[str, ...] = ()
    error: BaseException | None = None

    def has_ended(self) -> _Called:
        """Raises the error that ended the call."""
        if self.error is not None:
            raise self.error
        return self


Look = Callable[[Promise, list[_Called]], None]


def promises(examples: Examples, text: str, *, points: float) -> None:
    """Try each promise of the text on fresh examples, each as a guard of its own; nothing for an unfilled answer."""
    said = vocabulary.parse(text)
    if not _all_passed() and _is_unfilled(examples):
        return
    words = frozenset(promise.word for promise in said)
    watched = not words.isdisjoint({"leaves-inputs", "changes"})
    called = cache(lambda: [_called(call, watched) for call in list(examples(unwatched_rng()))])
    for promise in said:
        guard, look = _GUARDS.get(promise.word), _LOOKS.get(promise.word)
        if guard is None and look is None:  # it allows something, and the tests of the exercise allow it too
            continue
        with check(promise.sentence, points=0, costs=promise.costs(points)), current().inputs.unjudged():
            if look is not None:
                look(promise, called())
                continue
            assert guard is not None
            rng = unwatched_rng()
            calls = list(examples(rng))
            if "any-float" in words and promise.word == "differentiable":
                calls = [call.mapped(lambda tensor: tensor.double()) for call in calls]
            if promise.word == "no-trace" and "random" in words:
                promise = replace(promise, arguments=("random",))
            guard(promise, calls, rng)


def _all_passed() -> bool:
    """Whether the checks before have seen the answer do all that they ask, which one that is unfilled never does."""
    results = current().results
    return bool(results) and all(result.passed for result in results)


def _is_unfilled(examples: Examples) -> bool:
    """Whether the answer is as it was released, so that the checks before have said all there is to say."""
    with captured(), current().inputs.unjudged():
        try:
            for call in examples(unwatched_rng()):
                call()
        except (Exception, SystemExit) as error:  # each promise will say so itself
            return is_unfilled(error)
    return False


def _called(call: Example, watched: bool) -> _Called:
    """The call made, once; where it is `watched`, with what it changed."""
    before = {name: kept(value) for name, value in call.arguments.items()} if watched else {}
    if watched:
        mutable([*call.arguments.values()])  # what changes is told by a promise, by its name
    try:
        result = call()
    except (Exception, SystemExit) as error:  # each promise that looks at this call will say so itself
        return _Called(call, error=error)
    return _Called(call, result, tuple(name for name in before if changed(call.arguments[name], before[name])))


def _leaves_inputs(promise: Promise, calls: list[_Called]) -> None:
    for one in calls:
        _say_changed(one.has_ended().changed)


def _changes(promise: Promise, calls: list[_Called]) -> None:
    having = {id(call) for call in _having(promise, [one.call for one in calls])}
    for one in calls:
        if id(one.call) not in having:
            continue
        moved = one.has_ended().changed
        _say_changed([name for name in moved if name not in promise.arguments])
        for name in promise.arguments:
            if name in one.call.arguments and name not in moved:
                raise CheckFailed(f"`{name}` is unchanged: change the argument itself, in place")


def _say_changed(names: Iterable[str]) -> None:
    if listed := ", ".join(f"`{name}`" for name in names):
        raise CheckFailed(
            f"your code changed {listed}: work on a copy (x.clone(), list(x)), and avoid operations that end in _"
        )


def _differentiable(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for name in promise.arguments:
        having = [call for call in calls if name in call.arguments or name in call.leaves]
        if not having:
            raise ValueError(f"no example has an argument or leaf `{name}`, which `{promise}` names")
        for call in having:
            flows(call, name, rng)


def _numbers(promise: Promise, calls: list[_Called]) -> None:
    for result in _results(promise, calls):
        for leaf in leaves(result):
            if not (leaf is None or type(leaf) is str or has_class(leaf, int, float)):
                raise CheckFailed(f"expected plain Python numbers, got {kind(leaf)}: use .item() or float()")


def _tensor(promise: Promise, calls: list[_Called]) -> None:
    for result in _results(promise, calls):
        if not has_class(result, torch.Tensor):
            raise CheckFailed(f"expected one tensor, got {kind(result)}: {_MAKERS}")


def _tensors(promise: Promise, calls: list[_Called]) -> None:
    for result in _results(promise, calls):
        for part in _parts(result):
            if not has_class(part, torch.Tensor):
                among = "" if part is result else f" in {kind(result)}"
                raise CheckFailed(f"expected tensors, got {kind(part)}{among}: {_MAKERS}")


_MAKERS = "torch.stack makes a tensor of rows, torch.tensor of numbers, torch.from_numpy of an array"


def _results(promise: Promise, calls: list[_Called]) -> Iterator[Any]:
    """Those of the functions that the promise names, or all."""
    for one in calls:
        if not promise.arguments or one.call.of in promise.arguments:
            yield one.has_ended().result


def _parts(result: Any) -> list[Any]:
    """What a result holds, one level deep: a list of rows in place of a tensor is not looked into."""
    if has_class(result, tuple, list):
        return items(result)
    return list(result.values()) if type(result) is dict else [result]


def _no_graph(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in calls:
        given = call.mapped(lambda tensor: tensor.detach().clone().requires_grad_())
        with torch.enable_grad():
            result = given()
        if any(tensor.requires_grad for tensor in tensors(result)):
            raise CheckFailed("the result is still attached to its autograd graph: detach it, or compute under no_grad")


def _any_float(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in calls:
        results = {}
        for dtype in (torch.float32, torch.float64):
            given = call.mapped(lambda tensor, dtype=dtype: tensor.detach().to(dtype))  # type: ignore[misc]
            results[dtype] = given()
            other = [tensor.dtype for tensor in tensors(results[dtype]) if tensor.is_floating_point()]
            if wrong := next((found for found in other if found != dtype), None):
                name = str(dtype).removeprefix("torch.")
                raise CheckFailed(f"for {name} inputs it returns {str(wrong).removeprefix('torch.')}")
        exact = results[torch.float64]
        alike(results[torch.float32], exact, what="float32 beside float64", rtol=1e-2, atol=1e-3 * _scale(exact))


def _scale(result: Any) -> float:
    """About how large the numbers of a result are."""
    sizes = [float(tensor.detach().abs().max()) for tensor in tensors(result) if tensor.numel()]
    return max(1e-3, *sizes) if sizes else 1.0


def _any_size(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for size in promise.arguments:
        found = [call for call in calls if call.size == size]
        if not found:
            raise ValueError(f"no example has size={size!r}")
        for call in found:
            call.compare(_named(f"for {size}", call), f"for {size}")


def _any_layout(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in calls:
        wanted = call.mapped(lambda tensor: tensor.detach().contiguous().clone())()
        got = _named("not contiguous", call.mapped(lambda tensor: not_contiguous(tensor.detach())))
        alike(got, wanted, what="not contiguous", rtol=1e-3, atol=1e-4 * _scale(wanted))


def _no_trace(promise: Promise, calls: list[Example], rng: Rng) -> None:
    may_draw = promise.arguments == ("random",)
    for call in calls:
        arguments = tuple(call.arguments.values())
        if found := backend.on_student_side(_traces, call.function, arguments, may_draw):
            raise CheckFailed(f"after the call, {' and '.join(map(str, found))} is no longer as it was")


def _keeps_order(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in _having(promise, calls):
        first = next(name for name in promise.arguments if name in call.arguments)
        places = torch.arange(len(call.arguments[first]))
        for order in (places.flip(0), places.roll(1)):
            others = {name: _ordered(call.arguments[name], order) for name in promise.arguments}
            wanted = _ordered(call(), order)
            alike(call.having(**others)(), wanted, what="in another order", rtol=1e-3, atol=1e-4 * _scale(wanted))


def _ordered(value: Any, order: torch.Tensor) -> Any:
    if has_class(value, torch.Tensor):
        return value[order]
    if type(value) in (list, tuple) and len(value) == len(order):
        return type(value)(value[int(place)] for place in order)
    raise CheckFailed(f"expected one result for each of {len(order)} inputs, got {kind(value)}")


def _by_hand(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in calls:
        arguments = tuple(call.arguments.values())
        found = backend.on_student_side(_operations, call.function, arguments, promise.arguments)
        if found:
            raise CheckFailed(f"your code calls the library's {', '.join(map(str, found))}: write it yourself")


def _iterable(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for name in promise.arguments:
        for call in _having(Promise("iterable", (name,)), calls):
            wanted = kept(call.having(**_copies(call))())
            for form, make in _FORMS.items():
                copies = _copies(call)
                given = call.having(**{**copies, name: make(copies[name])})
                alike(_named(f"for {form} as `{name}`", given), wanted, what=f"for {form} as `{name}`")


def _copies(call: Example) -> dict[str, Any]:
    return {name: mapped(kept(value), lambda t: t) for name, value in call.arguments.items()}


def _sequence(promise: Promise, calls: list[_Called]) -> None:
    for one in calls:
        result = one.has_ended().result
        if not has_class(result, torch.Tensor, list, tuple):
            raise CheckFailed(f"expected a tensor, or a list or tuple of tensors, got {kind(result)}")


def _random(promise: Promise, calls: list[Example], rng: Rng) -> None:
    for call in calls:
        arguments = tuple(call.arguments.values())
        found, results = backend.on_student_side(_seeds, call.function, arguments, not promise.arguments)
        if found:
            raise CheckFailed(f"your code seeds {' and '.join(map(str, found))}: seeding is up to the caller")
        if not laws.is_shown(promise, results):
            results = backend.on_student_side(_many, call.function, arguments, laws.draws(promise))
            laws.check_law(promise, results)


def _having(promise: Promise, calls: list[Example]) -> list[Example]:
    found = [call for call in calls if any(name in call.arguments for name in promise.arguments)]
    if not found:
        raise ValueError(f"no example has an argument that `{promise}` names")
    return found


def _named(what: str, call: Example) -> Any:
    """The result of a call; an error in it says what was special about it."""
    try:
        return call()
    except Exception as error:
        raise CheckFailed(f"{what}: {error_text(error)}") from None


# What runs on the student's side: each its own source, so that it can cross to another process.


def _traces(function: Any, arguments: Any, may_draw: Any) -> Any:
    from course.checks.promises import seen

    return seen.traces(function, arguments, may_draw)


def _seeds(function: Any, arguments: Any, with_results: Any) -> Any:
    from course.checks.promises import seen

    found, results = seen.seeds(function, arguments)
    return found, results if with_results else []


def _many(function: Any, arguments: Any, count: Any) -> Any:
    from course.checks.promises import seen

    return seen.many(function, arguments, count)


def _operations(function: Any, arguments: Any, unwanted: Any) -> Any:
    from course.checks.promises import seen

    return seen.operations(function, arguments, unwanted)


RUN_THERE = (_traces, _seeds, _many, _operations)
_FORMS: dict[str, Callable[[Any], Any]] = {
    "a tuple": tuple,
    "a generator": lambda values: (value for value in list(values)),
    "a list": list,
}
_LOOKS: dict[str, Look] = {
    "leaves-inputs": _leaves_inputs,
    "changes": _changes,
    "numbers": _numbers,
    "tensor": _tensor,
    "tensors": _tensors,
    "sequence": _sequence,
}
_GUARDS: dict[str, Guard] = {
    "differentiable": _differentiable,
    "no-graph": _no_graph,
    "any-float": _any_float,
    "any-size": _any_size,
    "any-layout": _any_layout,
    "no-trace": _no_trace,
    "random": _random,
    "keeps-order": _keeps_order,
    "by-hand": _by_hand,
    "iterable": _iterable,
}
