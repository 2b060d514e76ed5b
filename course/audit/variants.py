"""The solution in other forms: spoilers, each with one promise broken, and keepers, which only look different.

A spoiler must lose points and a keeper must lose none. Which apply follows from what the exercise promises, from the
parameters of its functions and from what its public test calls. So each form of a result is either asked for by a
promise or accepted: what the tests make of it is no accident.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping

from course import promises, scoping
from course.audit import rewriting
from course.audit.forms import keeping, results, shared, spoiling
from course.authoring.lesson import Exercise
from course.authoring.promises import FORMS
from course.syntax import parsed

Form = Callable[..., object]
Variant = tuple[str, str]  # what it is, and its text

_BREAKS: dict[str, tuple[Form, ...]] = {
    "leaves-inputs": (spoiling.changes_its_inputs,),
    "changes": (spoiling.works_on_copies,),
    "differentiable": (spoiling.detaches, spoiling.halves_gradients),
    "numbers": (results.returns_tensors,),
    "tensor": (results.returns_lists, results.returns_rows, results.returns_arrays),
    "tensors": (results.returns_lists, results.returns_rows, results.returns_arrays),
    "no-graph": (spoiling.holds_a_graph,),
    "any-float": (results.returns_float32, results.returns_float64),
    "any-layout": (spoiling.needs_contiguous,),
    "no-trace": (spoiling.leaves_no_grad, spoiling.leaves_doubles),
    "keeps-order": (spoiling.reverses_order,),
    "iterable": (spoiling.asks_for_lengths,),
}
_ALWAYS = (
    *(results.returns_columns, results.returns_vectors, spoiling.keeps_first_and_last),
    *(spoiling.returns_absolute, spoiling.takes_absolute),
)
# A form of the result that is as good as the solution's unless one of these promises says otherwise.
_OPEN: tuple[tuple[Form, frozenset[str]], ...] = (
    (results.other_containers, frozenset()),
    (results.returns_tensors, frozenset({"numbers"})),
    (results.returns_rows, frozenset({"tensor", "tensors", "differentiable", "any-float"})),
    (results.returns_lists, frozenset({"tensor", "tensors", "differentiable", "any-float", "sequence"})),
    (results.returns_arrays, frozenset({"tensor", "tensors", "differentiable", "any-float", "sequence"})),
    (results.returns_float64, frozenset({"any-float"})),
)
_READY_MADE = {
    "autograd": "torch.ones(1, requires_grad=True).sum().backward()",
    "batch_norm": "torch.nn.BatchNorm1d(2)(torch.eye(2))",
    "box_iou": "__import__('torchvision').ops.box_iou(torch.eye(4), torch.eye(4))",
    "cholesky": "torch.linalg.cholesky(torch.eye(2))",
    "conv": "torch.nn.functional.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1))",
    "cross_entropy": "torch.nn.functional.cross_entropy(torch.eye(2), torch.tensor([0, 1]))",
    "det": "torch.linalg.det(torch.eye(2))",
    "eig": "torch.linalg.eigh(torch.eye(2))",
    "inv": "torch.linalg.inv(torch.eye(2))",
    "lu": "torch.linalg.lu_factor(torch.eye(2))",
    "matrix_power": "torch.linalg.matrix_power(torch.eye(2), 2)",
    "nms": "__import__('torchvision').ops.nms(torch.eye(4), torch.ones(4), 0.5)",
    "pooling": "torch.nn.functional.max_pool2d(torch.ones(1, 1, 2, 2), 2)",
    "qr": "torch.linalg.qr(torch.eye(2))",
    "softmax": "torch.softmax(torch.eye(2), 0)",
    "solve": "torch.linalg.solve(torch.eye(2), torch.eye(2))",
}
_DRAWS = re.compile(r"\b(rand\w*|normal_?|uniform_?|random|shuffle|bernoulli\w*|multinomial|sample|dropout\w*)\(")
_TRAINS = re.compile(r"\.(backward|step)\(")  # which can be done neither twice nor without gradients
_LOOKS_BACK = re.compile(r"\b(currentframe|_getframe|f_back)\b")


def spoilers(exercise: Exercise) -> Iterator[Variant]:
    """The solution with one promise broken; each must lose points."""
    source = exercise.answer
    public = _public(exercise)
    words = {promise.word: promise for promise in promises.parse(exercise.solution.promises)}
    for name in _tested(exercise):
        forms = [form for word, found in _BREAKS.items() if _speaks_of(words, word, name) for form in found]
        if _DRAWS.search(_part(source, name)):
            forms.append(spoiling.seeds_inside)
        for form in (*forms, *_ALWAYS):
            yield f"{name} {_said(form)}", _wrapped(source, name, form)
        for word in words["by-hand"].arguments if "by-hand" in words else ():
            if word in _READY_MADE:
                yield f"{name} calls the library's {word}", _calling(source, name, _READY_MADE[word])
    yield from rewriting.fixed_parameters(source, public)
    yield from rewriting.expected_results(source, public)
    if (rotated := rewriting.rotated_only(source)) != source:
        yield "an order that is only rotated", rotated


def keepers(exercise: Exercise) -> Iterator[Variant]:
    """The solution in another form; each must keep every point."""
    source = exercise.answer
    if _LOOKS_BACK.search(source):  # its caller's variables are what it is about
        return
    words = {promise.word: promise for promise in promises.parse(exercise.solution.promises)}
    for what, rewrite in (
        ("other local names", rewriting.renamed),
        ("bodies in inner functions", rewriting.nested),
        ("progress bars", rewriting.with_progress),
        ("gradients emptied at the other end of the loop", rewriting.gradients_emptied_elsewhere),
    ):
        if (text := rewrite(source)) != ast.unparse(parsed(source)) and text != source:
            yield what, text
    tested = _tested(exercise)
    if not tested:
        return
    forms: list[Form] = [keeping.calls_by_keyword, keeping.prints]
    functions = [name for name in tested if _is_function(source, name)]
    pure = "leaves-inputs" in words and not _DRAWS.search(source)
    for form in forms:
        yield _said(form), _wrapped(source, tested, form)
    if not functions:
        return
    for form, closed in _OPEN:
        open_ones = [name for name in functions if not any(_speaks_of(words, word, name) for word in closed)]
        if open_ones:
            yield _said(form), _wrapped(source, open_ones, form)
    yield _said(keeping.is_an_object), _wrapped(source, functions, keeping.is_an_object)
    if pure:
        yield _said(keeping.computes_in_doubles), _wrapped(source, functions, keeping.computes_in_doubles)
    if pure and not _TRAINS.search(source):
        yield _said(keeping.runs_twice), _wrapped(source, functions, keeping.runs_twice)
    if pure and "differentiable" not in words:
        yield _said(keeping.goes_through_numpy), _wrapped(source, functions, keeping.goes_through_numpy)


def _speaks_of(words: Mapping[str, promises.Promise], word: str, function: str) -> bool:
    """Whether an exercise makes this promise, and for this function."""
    return word in words and (word not in FORMS or not words[word].arguments or function in words[word].arguments)


def _tested(exercise: Exercise) -> list[str]:
    """The functions and classes of the answer that its test speaks of."""
    bound = [node.name for node in parsed(exercise.answer).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [name for name in bound if name in scoping.reads(exercise.tests.source)]


def _is_function(source: str, name: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in parsed(source).body)


def _part(source: str, name: str) -> str:
    """The text of one function or class of the source."""
    return next(ast.unparse(node) for node in parsed(source).body if getattr(node, "name", "") == name)


def _public(exercise: Exercise) -> str:
    """What students see of its test."""
    return exercise.tests.source.split("### BEGIN HIDDEN TESTS")[0]


def _said(form: Form) -> str:
    """`changes_its_inputs` as words."""
    return form.__name__.replace("_", " ")


def _wrapped(source: str, wrapped: str | list[str], form: Form) -> str:
    """The source with this form around some of what it binds; a class has it around its public methods."""
    tree = parsed(source)
    parts = [source, _HELPERS, inspect.getsource(form)]
    for name in [wrapped] if isinstance(wrapped, str) else wrapped:
        methods = [inner for inner, _ in rewriting.functions(tree) if inner.startswith(f"{name}.")]
        public = [method.split(".")[1] for method in methods if not method.split(".")[1].startswith("_")]
        public += [word for word in ("__call__", "__iter__", "__getitem__") if f"{name}.{word}" in methods]
        parts.append(f"{name} = applied({form.__name__}, {name}, {public!r})")
    return "\n\n\n".join(parts) + "\n"


def _calling(source: str, name: str, line: str) -> str:
    """The source where every call of this function runs one more line."""
    tree = parsed(source)
    for inner, function in rewriting.functions(tree):
        if inner == name or (inner.startswith(f"{name}.") and not inner.split(".")[1].startswith("__i")):
            function.body[:0] = parsed(f"import torch\n{line}").body
    return ast.unparse(ast.fix_missing_locations(tree))


_HELPERS = inspect.getsource(shared)
