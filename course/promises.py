"""The vocabulary of promises: what an exercise may promise, the sentence that students read, and what a break costs.

    promises="leaves-inputs, differentiable(x, weight), any-float, by-hand(det)"

The builder writes the sentence under the exercise and the call of `checks.promises` into its test cell; both come from
here, so a text cannot promise what no check looks at, nor a check ask for what no text says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_ITEM = re.compile(r"\s*(?P<word>[a-z]+(?:-[a-z]+)*)\s*(?:\((?P<inside>[^()]*)\))?\s*(?:,|$)")


class PromiseError(ValueError):
    """A header promises something that is not a promise; the text says what is known."""


@dataclass(frozen=True)
class _Word:
    """One word of the vocabulary: its sentence, what stands in its brackets, and an example."""

    sentence: Callable[[tuple[str, ...]], str]
    takes: str = ""  # what the brackets hold; empty: there are none
    needed: bool = True  # whether the brackets must be there
    example: str = ""


@dataclass(frozen=True)
class Promise:
    """One promise of an exercise, such as `differentiable(x)`."""

    word: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.word}({', '.join(self.arguments)})" if self.arguments else self.word

    @property
    def sentence(self) -> str:
        """What the student reads."""
        return WORDS[self.word].sentence(self.arguments)

    def costs(self, points: float) -> float:
        """What it costs to break it, in an exercise of so many points: one point, of "by hand" half of all."""
        return max(1.0, points / 2) if self.word == "by-hand" else 1.0


def parse(text: str) -> tuple[Promise, ...]:
    """The promises of a header; PromiseError for a word that is unknown, said twice, or without what it needs."""
    found: list[Promise] = []
    place = 0
    while text[place:].strip():
        match = _ITEM.match(text, place)
        if match is None:
            raise PromiseError(f"cannot read the promise at `{text[place:].strip()}`: write {KNOWN}")
        place = match.end()
        found.append(_promise(match["word"], match["inside"]))
    words = [promise.word for promise in found]
    if twice := next((word for word in words if words.count(word) > 1), None):
        raise PromiseError(f"`{twice}` is promised twice: put all into one pair of brackets")
    return tuple(found)


def _promise(word: str, inside: str | None) -> Promise:
    if word not in WORDS:
        raise PromiseError(f"`{word}` is not a promise: known are {KNOWN}")
    arguments = tuple(part for part in re.split(r"\s*,\s*", (inside or "").strip()) if part)
    known = WORDS[word]
    if arguments and not known.takes:
        raise PromiseError(f"`{word}` takes no brackets")
    if known.takes and known.needed and not arguments:
        raise PromiseError(f"`{word}` needs {known.takes} in brackets, such as `{known.example}`")
    if word == "random":
        _check_law(arguments)
    return Promise(word, arguments)


LAWS = {"shuffle": 0, "normal": 2, "uniform": 2, "chance": 1}  # how many numbers follow the name of the law


def _check_law(arguments: tuple[str, ...]) -> None:
    if not arguments:
        return
    law, *given = arguments
    try:
        fits = len([float(number) for number in given]) == LAWS[law]
    except (KeyError, ValueError):
        fits = False
    if not fits:
        raise PromiseError("a law is `shuffle`, `normal, MEAN, STD`, `uniform, LOW, HIGH` or `chance, P`")


def paragraph(promises: tuple[Promise, ...], points: float) -> str:
    """The promises as the student reads them under the exercise; empty when there is none."""
    if not promises:
        return ""
    dearer = [promise for promise in promises if promise.costs(points) > 1]
    price = "each broken promise costs a point" if len(promises) > 1 else "breaking it costs a point"
    if dearer:
        price = f"using a ready-made operation costs {dearer[0].costs(points):g} points"
        if len(promises) > 1:
            price = f"each broken promise costs a point; {price}"
    head = "Your code promises" if len(promises) > 1 else "Your code makes one promise"
    return f"**{head}** ({price}): {'; '.join(promise.sentence for promise in promises)}."


def _plain(sentence: str) -> Callable[[tuple[str, ...]], str]:
    return lambda _: sentence


def _with(sentence: str, joined: str = "and") -> Callable[[tuple[str, ...]], str]:
    return lambda names: sentence.format(_listed([f"`{name}`" for name in names], joined))


def _listed(names: list[str], joined: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joined} {names[-1]}"


def _returned(what: str) -> Callable[[tuple[str, ...]], str]:
    def sentence(names: tuple[str, ...]) -> str:
        if not names:
            return f"it returns {what}"
        return f"{_with('{}')(names)} {'return' if len(names) > 1 else 'returns'} {what}"

    return sentence


def _left(names: tuple[str, ...]) -> str:
    return _with("it leaves {} unchanged")(names) if names else "it leaves its inputs unchanged"


def _sizes(names: tuple[str, ...]) -> str:
    return f"it works for any size ({', '.join(names)})"


def _random(law: tuple[str, ...]) -> str:
    laws = {
        "shuffle": "all orders equally likely",
        "normal": "from the normal distribution with mean {0} and standard deviation {1}",
        "uniform": "uniformly between {0} and {1}",
        "chance": "with probability {0}",
    }
    said = f" ({laws[law[0]].format(*law[1:])})" if law else ""
    return f"every call draws afresh{said} and seeds no random generator"


WORDS = {
    "leaves-inputs": _Word(_left, "argument names", False, "leaves-inputs"),
    "changes": _Word(_with("it changes {} in place and no other input"), "argument names", True, "changes(p)"),
    "differentiable": _Word(_with("gradients flow back to {}"), "argument names", True, "differentiable(x)"),
    "numbers": _Word(_returned("plain Python numbers, not tensors"), "function names", False, "numbers"),
    "tensor": _Word(
        _returned("one tensor, not a list of its rows, an array or a plain number"), "function names", False, "tensor"
    ),
    "tensors": _Word(
        _returned("tensors, not lists of rows, arrays or plain numbers"), "function names", False, "tensors"
    ),
    "no-graph": _Word(_plain("its result holds no autograd graph")),
    "any-float": _Word(_plain("it accepts float32 and float64 and returns tensors of the same type")),
    "any-size": _Word(_sizes, "the sizes that the examples hold", True, "any-size(one row, not square)"),
    "any-layout": _Word(_plain("it accepts non-contiguous tensors, such as a transpose")),
    "no-trace": _Word(
        _plain(
            "it leaves no trace: afterwards, gradient mode, training mode, default dtype and the global random "
            "generators are as they were before"
        )
    ),
    "random": _Word(_random, "a law", False, "random(normal, 0, 0.1)"),
    "keeps-order": _Word(_with("its results are in the same order as {}"), "argument names", True, "keeps-order(x)"),
    "any-order": _Word(_plain("its results may be in any order")),
    "by-hand": _Word(
        _with("it is written by hand, without the ready-made {}", "or"), "operations", True, "by-hand(det, inv)"
    ),
    "iterable": _Word(
        _with(
            "{} may be a list, a tuple, or a generator such as `model.parameters()`, which can be iterated only once"
        ),
        "argument names",
        True,
        "iterable(params)",
    ),
    "sequence": _Word(_plain("it may return its tensors as a list, a tuple or one stacked tensor")),
}
KNOWN = ", ".join(word.example or name for name, word in WORDS.items())
