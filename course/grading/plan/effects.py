"""What a statement may change beside the names that it binds, and whether it draws random numbers.

Only the text is looked at, so this errs on the careful side: `surely` changed is what Python's own forms and well-known
methods change in place; `maybe` what is handed to a call that may be there for its effect.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from course.scoping import IN_A_NOTEBOOK, names_in
from course.syntax import Visitor, walk

PLOTTING = frozenset({"matplotlib", "seaborn", "plotly", "altair", "bokeh"})
# Methods that change their object although their value may be used, and those that reach what it was made of.
_CHANGING = frozenset(
    "append extend insert remove discard add pop popitem popleft appendleft clear sort reverse update setdefault fill "  # noqa: SIM905
    "write writelines readline readlines read send put register load_state_dict resize".split()
)
_DEEP = frozenset({"step", "backward", "fit", "train", "zero_grad", "fit_one_cycle", "fine_tune", "learn"})
_FIRST_ARGUMENT = frozenset({"setattr", "delattr", "next", "exec", "heappush", "heappop", "heapify", "shuffle"})
_GENERATORS = frozenset({"default_rng", "RandomState", "Random", "Generator"})
_OF_THE_MACHINE = frozenset({"SystemRandom", "uuid1", "uuid4", "urandom", "getrandom"})  # no seed reaches them
_SEEDED = frozenset({"random_state", "seed", "generator", "rng", "key"})
_DRAWING = frozenset(
    "normal uniform bernoulli multinomial shuffle sample choice choices permutation dropout DataLoader random_split "  # noqa: SIM905
    "train_test_split Linear Conv1d Conv2d Embedding LSTM GRU RNN Dropout "
    "kaiming_normal_ kaiming_uniform_ xavier_normal_ xavier_uniform_ normal_ uniform_ trunc_normal_".split()
)


@dataclass(frozen=True)
class Chance:
    """What code has to do with random numbers.

    Attributes:
        draws: whether it draws from a generator, a global one or one of the notebook's.
        seeds: whether it sets the state of the global ones.
        unrepeatable: whether it draws from the machine, or seeds with that: no seed makes it the same again.
        generators: the names of the notebook's own generators that it draws from.
    """

    draws: bool = False
    seeds: bool = False
    unrepeatable: bool = False
    generators: frozenset[str] = frozenset()


@dataclass
class Function:
    """What calling a function or class of the notebook does, as far as its text tells."""

    parameters: tuple[str, ...]
    changes: frozenset[str]  # its parameters, and names of the notebook
    chance: "Chance"


@dataclass
class Known:
    """What the statements before have made of the names."""

    functions: dict[str, Function] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)  # name: the package that it comes from
    holds: dict[str, frozenset[str]] = field(default_factory=dict)  # name: the values that it was made of
    plain: set[str] = field(default_factory=set)  # data in which no gradient or training can change anything


@dataclass(frozen=True)
class Effects:
    """What one statement does."""

    surely: frozenset[str]
    maybe: frozenset[str]
    chance: Chance


def effects_of(statements: Iterable[ast.stmt], known: Known, shown: ast.stmt | None = None) -> Effects:
    """What running these statements may change; functions that they define are not called by it.

    The statement `shown` is there for its value, as the last of a cell is: `df.head()`.
    """
    watch = _Watch(known, shown)
    for statement in statements:
        watch.visit(statement)
    return Effects(frozenset(watch.surely), frozenset(watch.with_what_it_holds()), watch.chance())


def function_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, known: Known) -> Function:
    """What calling this function (or making an instance of this class) may change."""
    if isinstance(node, ast.ClassDef):
        methods = [line for line in node.body if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef)]
        inner = [function_of(method, known) for method in methods]
        return Function((), frozenset(), _all_of(method.chance for method in inner))
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    names = tuple(argument.arg for argument in every if argument is not None)
    effects = effects_of(node.body, known)
    own = names_in([node])
    outer = {*own.later, *own.may_bind}
    changes = ((effects.surely | effects.maybe) & {*names, *outer}) | (own.may_bind - {node.name})
    return Function(names, changes, replace(effects.chance, generators=effects.chance.generators & outer))


def is_plain(statement: ast.stmt, known: Known) -> bool:
    """Whether a statement binds data, made by libraries of nothing but data, and without gradients."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    parts = walk(statement.value)
    paths = [_path(part.func) for part in parts if isinstance(part, ast.Call)]
    trained = any(isinstance(part, ast.keyword) and part.arg == "requires_grad" for part in parts)
    trained = trained or any({"nn", "optim", "Parameter", "requires_grad_"} & set(path) for path in paths)
    sources = {*known.modules, *known.plain, *IN_A_NOTEBOOK}
    return not trained and all(path and path[0] in sources for path in paths) and value_names(statement) <= sources


def value_names(node: ast.expr | ast.stmt) -> frozenset[str]:
    """Every name that is read in an expression or statement, at once or by a function in it."""
    names = names_in([ast.Expr(node) if isinstance(node, ast.expr) else node])
    return frozenset({*names.reads, *names.later})


class _Watch(Visitor):
    """Gathers the effects of statements, without those of functions that are only defined."""

    def __init__(self, known: Known, shown: ast.stmt | None) -> None:
        self._known, self._shown = known, shown
        self._holds: dict[str, frozenset[str]] = {}  # of names bound in these statements
        self._aliases: dict[str, frozenset[str]] = {}
        self._deep: set[str] = set()
        self.surely: set[str] = set()
        self.maybe: set[str] = set()
        self._chances: list[Chance] = []

    def chance(self) -> Chance:
        """What the statements have to do with random numbers."""
        return _all_of(self._chances)

    def with_what_it_holds(self) -> set[str]:
        """The names that may change, with those that lie behind the names changed."""
        changed = self.maybe | self.surely
        behind = {name for first in changed for name in _closure(first, self._aliases)}
        deep = {name for first in self._deep for name in _closure(first, self._known.holds | self._holds)}
        return self.maybe | behind | (deep - set(self._known.modules) - self._known.plain)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None: ...

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            self._call(call, for_effect=node is not self._shown or isinstance(call.func, ast.Name))
            for part in [call.func, *call.args, *(keyword.value for keyword in call.keywords)]:
                self.visit(part)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self._call(node, for_effect=False)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bound(target, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        self.surely.update(_roots(node.target))

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._bound(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFor = visit_For

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store | ast.Del):
            self.surely.update(_roots(node))
        self.generic_visit(node)

    visit_Subscript = visit_Attribute

    def _bound(self, target: ast.expr, value: ast.expr) -> None:
        parts = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
        held, aliased = value_names(value), frozenset(root for part in parts for root in self._handed_on(part))
        for name in names_in([ast.Expr(target)]).may_bind:
            self._holds[name] = self._holds.get(name, frozenset()) | held
            self._aliases[name] = self._aliases.get(name, frozenset()) | aliased

    def _handed_on(self, value: ast.expr) -> Iterator[str]:
        return iter(()) if self._is_made(value) else _roots(value)

    def _is_made(self, value: ast.expr) -> bool:
        """Whether a library's function made it: `loss = F.mse_loss(x, y)` is not a part of F."""
        path = _path(value.func) if isinstance(value, ast.Call) else []
        return bool(path) and path[0] in self._known.modules

    def _call(self, call: ast.Call, for_effect: bool) -> None:
        path = _path(call.func)
        self._chance(call, path)
        given = {name for part in [*call.args, *(keyword.value for keyword in call.keywords)] for name in _roots(part)}
        if not path or (isinstance(call.func, ast.Attribute) and self._is_made(call.func.value)):
            self.maybe.update(given if for_effect else ())
        elif len(path) > 1:
            self._method(path, given, for_effect)
        elif path[0] in self._known.functions:
            self._own_function(self._known.functions[path[0]], call)
        elif path[0] in _FIRST_ARGUMENT:
            self.surely.update(name for part in call.args[:1] for name in _roots(part))
        elif for_effect and path[0] not in IN_A_NOTEBOOK:
            self.maybe.update(given)

    def _method(self, path: list[str], given: set[str], for_effect: bool) -> None:
        receiver, method = path[0], path[-1]
        in_place = method in _CHANGING or method in _FIRST_ARGUMENT or (method[-1:] == "_" and method[-2:] != "__")
        if "testing" in path or method.startswith("assert") or self._known.modules.get(receiver) in PLOTTING:
            return
        if receiver in self._known.modules:
            changes = for_effect and not _is_seed(method) and not _draws_into(path)
            self.surely.update([receiver] if changes else ())
            self.maybe.update(given if for_effect or in_place else ())
            return
        if in_place or method in _DEEP:
            self.surely.add(receiver)
        elif for_effect:
            self.maybe.add(receiver)
        if method in _DEEP:
            self._deep |= {receiver, *given}
            self.maybe |= given - self._known.plain

    def _own_function(self, function: Function, call: ast.Call) -> None:
        self._chances.append(function.chance)
        self.maybe |= function.changes - set(function.parameters)
        places = dict(enumerate(function.parameters))
        for place, argument in enumerate(call.args):
            if places.get(place, "") in function.changes:
                self.maybe.update(_roots(argument))
        for keyword in call.keywords:
            if keyword.arg is None or keyword.arg in function.changes:
                self.maybe.update(_roots(keyword.value))

    def _chance(self, call: ast.Call, path: list[str]) -> None:
        if not path:
            return
        last, given = path[-1], {keyword.arg: keyword.value for keyword in call.keywords}
        named = {name for key in _SEEDED & set(given) for name in _roots(given[key])} - set(self._known.modules)
        own = {path[0]} - set(self._known.modules) - set(self._known.functions) if len(path) > 1 else set()
        if _is_seed(last):
            by_the_machine = last == "seed" and not call.args and not call.keywords
            self._chances.append(Chance(seeds=True, unrepeatable=by_the_machine))
        elif last in _OF_THE_MACHINE or "secrets" in (path[0], self._known.modules.get(path[0])):
            self._chances.append(Chance(unrepeatable=True))
        elif last in _GENERATORS:
            self._chances.append(Chance(draws=not call.args and not call.keywords))
        elif any(not _is_none(given[key]) for key in _SEEDED & set(given)):
            self._chances.append(Chance(draws=bool(named), generators=frozenset(named)))
        elif _draws(path):
            self._chances.append(Chance(draws=True, generators=frozenset(own)))


def _all_of(chances: Iterable[Chance]) -> Chance:
    """What code that does all of these, one after the other, has to do with random numbers."""
    every = list(chances)
    return Chance(
        any(one.draws for one in every),
        any(one.seeds for one in every),
        any(one.unrepeatable for one in every),
        frozenset(name for one in every for name in one.generators),
    )


def _is_seed(function: str) -> bool:
    """Whether a function of this name sets a generator's state: `seed`, `manual_seed_all`, `seed_everything`."""
    return "seed" in function.lower().split("_")


def _draws(path: list[str]) -> bool:
    last = path[-1]
    makes_layer = "nn" in path[:-1] and last[:1].isupper()
    return last in _DRAWING or last.startswith("rand") or "random" in path[:-1] or makes_layer


def alias_of(statement: ast.stmt) -> str | None:
    """The name at the root of `F = torch.nn.functional`, which binds nothing but what a dotted path stands for."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else None


def _draws_into(path: list[str]) -> bool:
    """Whether a module's function fills its argument with chance (`np.random.shuffle(x)`), or changes that alone."""
    return path[-1].endswith("_") or path[-1] in _DRAWING or "random" in path[:-1]


def _path(node: ast.expr) -> list[str]:
    """The dotted names of `a.b[0].c(...)`, from its root; empty when its root is not a name."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return []
    return [node.id, *reversed(parts)]


def _roots(node: ast.expr) -> Iterator[str]:
    """The names whose objects an expression may hand on: `x`, `x.a[0]`, and the parts of `[x, y]`."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for part in node.elts:
            yield from _roots(part)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _roots(value)
    elif isinstance(node, ast.Starred):
        yield from _roots(node.value)
    else:
        # The parts of model.parameters() are the model's; f(x) is taken to make something new.
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            yield from _path(node)[:1]


def _closure(first: str, links: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    todo = [first]
    while todo:
        for name in links.get(todo.pop(), frozenset()) - found:
            found.add(name)
            todo.append(name)
    return found


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
