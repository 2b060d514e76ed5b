"""The mistakes that mutants are made of: for one node of an answer, what a student might have written instead."""

import ast
import copy
from collections.abc import Iterator
from typing import Any

Proposal = tuple[str, ast.AST | None]  # what went wrong, and the node instead (None: the statement is gone)

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    "mean sum,max min,amax amin,argmax argmin,maximum minimum,zeros ones,zeros_like ones_like,sin cos,floor ceil,"
    "any all,train eval,add_ sub_,mul_ div_,softmax log_softmax,log exp,rand randn,height width,h w,H W,kh kw,ph pw,"
    "sh sw,rows columns,row column,stride padding,beta1 beta2,betas eps,state next_state,states next_states,"
    "reward value,inputs targets,predictions targets,train_x valid_x,train_y valid_y,in_channels out_channels,"
    "gamma alpha,mean std,real fake"
)
NAMES = {a: b for pair in _PAIRS.split(",") for a, b in (pair.split(), pair.split()[::-1])}
DROPPED_METHODS = frozenset(
    (
        "abs",
        "clone",
        "contiguous",
        "cpu",
        "detach",
        "double",
        "exp",
        "float",
        "flatten",
        "log",
        "sqrt",
        "square",
        "squeeze",
        "t",
    )
)
DROPPED_CALLS = frozenset(("abs", "exp", "float", "int", "log", "relu", "sigmoid", "sqrt", "square", "tanh"))
REDUCTIONS = frozenset(
    ("amax", "amin", "argmax", "argmin", "cumsum", "max", "mean", "min", "norm", "prod", "std", "sum", "var")
)
SHOWN = frozenset(("print", "plt", "ax", "axes", "figure", "fig", "display", "warnings"))


def proposals(node: ast.AST) -> Iterator[Proposal]:
    """What could stand in the place of this node after a slip."""
    for kind, slips in _SLIPS.items():
        if isinstance(node, kind):
            yield from slips(node)


def _binary(node: ast.BinOp) -> Iterator[Proposal]:
    for other in OPERATORS.get(type(node.op), ()):
        yield "arithmetic", _changed(node, op=other())
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.FloorDiv) and not _same(node.left, node.right):
        yield "swapped operands", _changed(node, left=node.right, right=node.left)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow | ast.Mod | ast.FloorDiv):
        yield "dropped operand", copy.deepcopy(node.left)
    if isinstance(node.op, ast.Add | ast.Mult):
        yield "dropped operand", copy.deepcopy(node.right)


def _augmented(node: ast.AugAssign) -> Iterator[Proposal]:
    for other in OPERATORS.get(type(node.op), ()):
        yield "arithmetic", _changed(node, op=other())
    yield "= for an update", ast.Assign([node.target], node.value)
    yield "dropped statement", None


def _unary(node: ast.UnaryOp) -> Iterator[Proposal]:
    if isinstance(node.op, ast.USub | ast.Not | ast.Invert) and not _is_one(node.operand):  # -1 is rather an axis
        yield "dropped sign", copy.deepcopy(node.operand)


def _comparison(node: ast.Compare) -> Iterator[Proposal]:
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS.get(type(operator), ()):
            operators = [*node.ops]
            operators[place] = other()
            yield "comparison", _changed(node, ops=operators)


def _logical(node: ast.BoolOp) -> Iterator[Proposal]:
    yield "and for or", _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for value in node.values:
        yield "dropped condition", copy.deepcopy(value)


def _constant(node: ast.Constant) -> Iterator[Proposal]:
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield "constant", ast.Constant(node.value + 1)
        if node.value >= 1:
            yield "constant", ast.Constant(node.value - 1)
    elif isinstance(node.value, float):
        yield "constant", ast.Constant(node.value * 2 if node.value else 1.0)


def _call(node: ast.Call) -> Iterator[Proposal]:
    if _shows(node):
        return
    for keyword in node.keywords:
        if keyword.arg:
            yield "dropped argument", _changed(node, keywords=[one for one in node.keywords if one is not keyword])
    first = [one for one in node.args[:2] if not isinstance(one, ast.Starred)]
    if len(first) == 2 and not _same(*first):
        yield "swapped arguments", _changed(node, args=[first[1], first[0], *node.args[2:]])
    name = _called(node)
    if len(node.args) >= 2 or (len(node.args) == 1 and isinstance(node.func, ast.Attribute) and name in REDUCTIONS):
        yield "dropped argument", _changed(node, args=node.args[:-1])
    if isinstance(node.func, ast.Attribute) and name in DROPPED_METHODS and not node.args:
        yield f"missing {name}", copy.deepcopy(node.func.value)
    if len(node.args) == 1 and not node.keywords and name in DROPPED_CALLS:
        yield f"missing {name}", copy.deepcopy(node.args[0])
    if name in ("var", "std"):
        yield "biased for unbiased", _with_correction(node)
    if name == "range" and not node.keywords:
        yield from _off_by_one(node)


def _off_by_one(node: ast.Call) -> Iterator[Proposal]:
    if len(node.args) == 1:
        yield "off by one", _changed(node, args=[ast.Constant(1), node.args[0]])
    place = 0 if len(node.args) == 1 else 1
    shorter = [*node.args]
    shorter[place] = ast.BinOp(copy.deepcopy(node.args[place]), ast.Sub(), ast.Constant(1))
    yield "off by one", _changed(node, args=shorter)


def _name(node: ast.Name) -> Iterator[Proposal]:
    if isinstance(node.ctx, ast.Load) and node.id in NAMES:
        yield "one for the other", _changed(node, id=NAMES[node.id])


def _attribute(node: ast.Attribute) -> Iterator[Proposal]:
    if node.attr in NAMES and isinstance(node.ctx, ast.Load):
        yield "one for the other", _changed(node, attr=NAMES[node.attr])
    if node.attr in ("T", "mT") and isinstance(node.ctx, ast.Load):
        yield "missing transpose", copy.deepcopy(node.value)


def _tuple(node: ast.Tuple) -> Iterator[Proposal]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) >= 2 and not _same(*node.elts[:2]):
        yield "swapped places", _changed(node, elts=[node.elts[1], node.elts[0], *node.elts[2:]])


def _slice(node: ast.Slice) -> Iterator[Proposal]:
    for part in ("lower", "upper", "step"):
        if getattr(node, part) is not None:
            yield "wrong slice", _changed(node, **{part: None})


def _choice(node: ast.IfExp) -> Iterator[Proposal]:
    yield "dropped branch", copy.deepcopy(node.body)
    yield "dropped branch", copy.deepcopy(node.orelse)


def _branch(node: ast.If) -> Iterator[Proposal]:
    yield "always", _changed(node, test=ast.Constant(True))
    yield "never", _changed(node, test=ast.Constant(False))


def _context(node: ast.With) -> Iterator[Proposal]:
    yield f"missing {ast.unparse(node.items[0].context_expr)}", _changed(node, items=[_nothing()])


def _expression(node: ast.Expr) -> Iterator[Proposal]:
    if isinstance(node.value, ast.Call | ast.Yield | ast.Await) and not (
        isinstance(node.value, ast.Call) and _shows(node.value)
    ):
        yield "dropped statement", None


def _assignment(node: ast.Assign) -> Iterator[Proposal]:
    target = node.targets[0]
    again = isinstance(target, ast.Name) and target.id in {
        inner.id for inner in ast.walk(node.value) if isinstance(inner, ast.Name)
    }
    if again or isinstance(target, ast.Attribute | ast.Subscript):
        yield "dropped statement", None


def _definition(node: ast.FunctionDef) -> Iterator[Proposal]:
    if node.decorator_list:
        yield f"missing @{ast.unparse(node.decorator_list[0])}", _changed(node, decorator_list=node.decorator_list[1:])


def _filter(node: ast.comprehension) -> Iterator[Proposal]:
    if node.ifs:
        yield "dropped condition", _changed(node, ifs=[])


def _break(_: ast.Break) -> Iterator[Proposal]:
    yield "missing break", ast.Pass()


_SLIPS: dict[type[ast.AST], Any] = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.BoolOp: _logical,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Tuple: _tuple,
    ast.Slice: _slice,
    ast.IfExp: _choice,
    ast.If: _branch,
    ast.With: _context,
    ast.Expr: _expression,
    ast.Assign: _assignment,
    ast.FunctionDef: _definition,
    ast.comprehension: _filter,
    ast.Break: _break,
}


def _changed(node: ast.AST, **fields: Any) -> ast.AST:
    """A copy of the node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return copy.deepcopy(changed)


def _with_correction(node: ast.Call) -> ast.AST:
    """A variance over n - 1 for one over n, and the other way round."""
    kept = [one for one in node.keywords if one.arg not in ("correction", "unbiased")]
    if len(kept) < len(node.keywords):
        return _changed(node, keywords=kept)
    return _changed(node, keywords=[*kept, ast.keyword("correction", ast.Constant(0))])


def _nothing() -> ast.withitem:
    empty = ast.Call(ast.Attribute(ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant("contextlib")], []),
                                   "nullcontext", ast.Load()), [], [])  # fmt: skip
    return ast.withitem(empty)


def _called(node: ast.Call) -> str:
    """The last part of a called name, such as `sum` of `x.abs().sum(0)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _shows(node: ast.Call) -> bool:
    """Whether a call only shows something, so that no test needs to see it gone."""
    func: ast.AST = node.func
    while isinstance(func, ast.Attribute | ast.Subscript | ast.Call):
        func = func.func if isinstance(func, ast.Call) else func.value
    return isinstance(func, ast.Name) and func.id in SHOWN


def _is_one(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _same(a: ast.AST, b: ast.AST) -> bool:
    return ast.dump(a) == ast.dump(b)
