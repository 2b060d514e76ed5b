"""Read a cell: its flows between variables, the code that it defines, and what it uses by name."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from course.grading.plan.objects.facts import (
    Function,
    as_read,
    bound_within,
    dotted,
    imported_by,
    is_blind,
    is_field,
    only_defines,
    parameters_of,
)
from course.grading.plan.objects.flows import (
    Call,
    Code,
    Copy,
    Hold,
    Import,
    Inherit,
    Kind,
    Make,
    Mark,
    Part,
    Piece,
)
from course.grading.plan.objects.recording import Recording
from course.scoping import has_star, is_magic, names_in, python
from course.syntax import parsed, walk

# Of Python's functions, those whose result is a number, a text or nothing, and those that only look.
_PLAIN = frozenset(
    "abs all any bin bool bytes callable chr complex divmod float format hasattr hash hex id int isinstance "  # noqa: SIM905
    "issubclass len oct ord pow print range repr round str".split()
)
# Decorators of libraries under which a function stays what it is: it keeps nothing from one call to the next.
_KEEPING_NOTHING = frozenset(
    "abstractmethod classmethod contextmanager dataclass enable_grad inference_mode no_grad override property setter "  # noqa: SIM905
    "staticmethod total_ordering wraps".split()
)
_SET_BACK = frozenset({"set_grad_enabled", "set_detect_anomaly", "rc_context", "context"})  # as a block ends
_OF_THE_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})  # their first argument is the class
_INTO_WHAT_IS_GIVEN = frozenset({"vars", "dir"})
_HISTORY = frozenset({"_", "__", "___"})
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
Defining = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@lru_cache(maxsize=4096)
def read(source: str) -> Piece:
    """The cell as a piece; one that is not Python, or nested too deeply, says so as its `problem`."""
    try:
        text = python(source)
        statements = parsed(text).body
        if source.strip() and not text.strip():
            return Piece(problem="it is not Python")
        return _Cell(source).read(statements)
    except (SyntaxError, ValueError):
        return Piece(problem="it is not Python")
    except RecursionError:
        return Piece(problem="it is nested too deeply")


class _Cell(Recording):
    """Gathers the flows of one cell."""

    def read(self, statements: Sequence[ast.stmt]) -> Piece:
        """The piece of these statements."""
        kept = [statement for statement in statements if not is_magic(statement)]
        magics = [line for line in statements if is_magic(line)]
        self.piece.doings.magics += [ast.unparse(line) for line in magics]
        self.piece.doings.looks_around |= {"a line of IPython's" for line in magics if not is_blind(line)}
        names = names_in(kept)
        self.piece.loads = frozenset({*names.reads, *names.later})
        running = names_in([line for line in kept if not only_defines(line)])
        self.piece.calls = frozenset({*running.reads, *running.later})
        self.piece.binds = names.may_bind | names.deletes
        self.piece.doings.looks_around |= _HISTORY & names.leads
        for node in (node for statement in kept for node in walk(statement)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, _, bound in imported_by(node):
                    self.piece.imports.setdefault(name, set()).add(bound)
        if any(has_star(statement) for statement in kept):
            self.piece.problem = "it imports names that do not stand in it (`import *`)"
        self._statements(kept)
        return self.piece

    # Statements.
    def _statements(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._define(node)
            case ast.Assign(targets=targets, value=value):
                made = self._value(value)
                for target in targets:
                    self._store(target, made)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self._store(target, self._value(value))
            case ast.AugAssign(target=target, value=value):
                self._store(target, self._mixed([as_read(target), value]))
            case ast.For(target=target, iter=iter_) | ast.AsyncFor(target=target, iter=iter_):
                self._store(target, self._part(self._value(iter_)))
                self._statements([*node.body, *node.orelse])
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    entered = self._entered(item.context_expr)
                    if item.optional_vars is not None:
                        self._store(item.optional_vars, entered)
                if any(isinstance(inner, ast.Yield | ast.YieldFrom) for line in node.body for inner in walk(line)):
                    self._doings.leaves_open = True
                self._statements(node.body)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._store(target, "")
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Return(value=ast.expr() as value):
                self._returned(self._value(value))
            case ast.Match(subject=subject, cases=cases):
                self._match(self._value(subject), cases)
            case _:
                self._children(node)

    def _entered(self, node: ast.expr) -> str:
        """What a `with` block is given; what a library sets back at its end changes nothing."""
        if not isinstance(node, ast.Call) or not _SET_BACK.intersection(dotted(node.func)[-1:]):
            return self._mixed([node])
        return self._part(self._known(node))

    def _known(self, node: ast.Call) -> str:
        """What comes of a call of a library's that keeps nothing; the notebook may have a function of that name."""
        callee = self._base(node.func)
        given = [self._value(part) for part in [*node.args, *(keyword.value for keyword in node.keywords)]]
        made = self._new()
        self._add(Call(made, callee, spread=tuple(filter(None, given)), is_known=True))
        return made

    def _children(self, node: ast.AST) -> None:
        """Whatever stands in a node, in order."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._value(child)
            elif isinstance(child, ast.stmt):
                self._statement(child)
            else:
                self._children(child)

    def _match(self, subject: str, cases: Iterable[ast.match_case]) -> None:
        for case in cases:
            for node in walk(case.pattern):
                captured = getattr(node, "name", None) or getattr(node, "rest", None)
                if isinstance(captured, str):
                    self._bind(captured, self._either([subject, self._part(subject)]))
                elif isinstance(node, ast.expr):
                    self._value(node)
            if case.guard is not None:
                self._value(case.guard)
            self._statements(case.body)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name, path, _ in imported_by(node):
            self._mention_import(path)
            if name != "*":
                for variable in self._variables(name, stored=True):
                    self._add(Import(variable))

    def _store(self, target: ast.expr, value: str) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                inner = self._part(value)
                for part in parts:
                    self._store(part, inner)
            case ast.Starred(value=part):
                self._store(part, self._container([value]))
            case ast.Attribute(value=base, attr=attribute):
                self._mark(self._value(base), attribute, value)
            case ast.Subscript(value=base, slice=index):
                self._value(index)
                self._mark(self._value(base), "[]", value)
            case _:
                self._value(target)

    def _bind(self, name: str, value: str) -> None:
        for variable in self._variables(name, stored=True):
            if value:
                self._add(Copy(variable, value))

    def _mark(self, base: str, attribute: str, value: str) -> None:
        if base:
            owner = self._code.key if self._code else self._key
            self._add(Mark(base, attribute, value, owner, is_instance=base in self._instances))

    def _returned(self, value: str) -> None:
        if self._code is not None and value:
            self._add(Hold(self._code.instance, value) if self._code.is_class else Copy(self._code.result, value))

    # Expressions: each gives the variable of its value, or an empty one for what cannot be changed and holds nothing.
    def _value(self, node: ast.expr) -> str:
        match node:
            case ast.Constant():
                return ""
            case ast.Name(id=name):
                self._mention((name,))
                return self._read(name)
            case ast.Attribute(value=base, attr=attribute):
                self._mention(dotted(node) or ("", attribute))
                return self._kind(base) if attribute == "__class__" else self._part(self._base(base), attribute)
            case ast.Subscript(value=base, slice=index):
                self._value(index)
                return self._part(self._value(base))
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                return self._function(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                values = [self._value(part) for part in parts]
                return self._container(values) if any(values) or not isinstance(node, ast.Tuple) else ""
            case ast.Dict(keys=keys, values=values):
                return self._container([self._value(part) for part in [*keys, *values] if part is not None])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._value(test)
                return self._either([self._value(body), self._value(orelse)])
            case ast.NamedExpr(target=target, value=value):
                made = self._value(value)
                self._store(target, made)
                return made
            case ast.JoinedStr() | ast.FormattedValue():
                self._children(node)
                return ""
            case ast.Yield() | ast.YieldFrom():
                return self._yield(node)
            case ast.Starred(value=value):
                return self._part(self._value(value))
            case _:
                return self._mixed([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)])

    def _base(self, node: ast.expr) -> str:
        """The value of what stands before a dot: a dotted name is mentioned as a whole, not piece by piece."""
        if isinstance(node, ast.Attribute) and dotted(node):
            return self._part(self._base(node.value), node.attr)
        return self._read(node.id) if isinstance(node, ast.Name) else self._value(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> str:
        for clause in node.generators:
            self._store(clause.target, self._part(self._value(clause.iter)))
            for test in clause.ifs:
                self._value(test)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return self._container([self._value(part) for part in parts])

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> str:
        if self._code is None:
            return ""
        value = self._value(node.value) if node.value is not None else ""
        self._returned(self._container([value]))
        return self._part(self._code.instance if self._code.is_class else self._code.result)

    def _call(self, node: ast.Call) -> str:
        given = tuple(self._value(part) for part in node.args)
        spread = tuple(value for value, part in zip(given, node.args, strict=True) if isinstance(part, ast.Starred))
        named = [(keyword.arg, self._value(keyword.value)) for keyword in node.keywords]
        spread += tuple(self._part(value) for name, value in named if name is None)
        keywords = tuple((name, value) for name, value in named if name is not None)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("setattr", "delattr") and given:
            attribute = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else "*"
            self._mark(given[0], str(attribute), given[2] if len(given) > 2 else "")
            return ""
        if name == "type" and len(given) == 1:
            return self._kind(node.args[0])
        if name == "super":
            return self._code.instance if self._code is not None else ""
        looks_inside = name in _INTO_WHAT_IS_GIVEN and bool(given)
        self._doings.mentions |= {(name,)} if looks_inside else set()
        callee, receiver, method = ("", "", "") if looks_inside else self._callee(node.func)
        made = self._new()
        self._add(Call(made, callee, receiver, method, given, keywords, spread, is_plain=name in _PLAIN))
        return made

    def _callee(self, node: ast.expr) -> tuple[str, str, str]:
        """The variable of what is called; of a method, that of its object and its name."""
        if not isinstance(node, ast.Attribute):
            return self._value(node), "", ""
        self._mention(dotted(node) or ("", node.attr))
        return "", self._base(node.value), node.attr

    def _kind(self, node: ast.expr) -> str:
        made = self._new()
        self._add(Kind(made, self._value(node)))
        return made

    def _mixed(self, nodes: Sequence[ast.expr]) -> str:
        """What an operator may give: one of its operands, a part of one, or something that holds them."""
        values = [value for node in nodes if (value := self._value(node))]
        if not values:
            return ""
        made = self._container(values)
        for value in values:
            self._add(Copy(made, value))
        self._add(Part(made, made))
        return made

    # What is defined.
    def _define(self, node: Defining) -> None:
        value = self._class(node) if isinstance(node, ast.ClassDef) else self._function(node)
        self._bind(node.name, self._decorated(node, value))

    def _decorated(self, node: Defining, value: str) -> str:
        """What the decorators make of a function or class."""
        for part in reversed(node.decorator_list):
            path = dotted(part.func if isinstance(part, ast.Call) else part)
            is_known = bool(_KEEPING_NOTHING.intersection(path[-1:]))
            decorator = self._known(part) if is_known and isinstance(part, ast.Call) else self._value(part)
            made = self._new()
            self._add(Call(made, decorator, given=(value,), is_known=is_known))
            value = self._either([value, made]) if is_known else made
        return value

    def _function(self, node: Function) -> str:
        """A function: one at the top of the cell is code of its own, one in other code is a part of that."""
        names = parameters_of(node)
        if self._code is not None:
            self._captures = True
            self._code.inner |= {f"{self._code.key}:{name}" for name in names}
            self._signature(node, self._code)
            self._body(node)
            return self._either([self._new(Make, self._code.key), self._code.instance])
        code = self._coded(node)
        code.parameters = tuple(f"{code.key}:{name}" for name in names)
        code.rest = tuple(f"{code.key}:{one.arg}" for one in (node.args.vararg, node.args.kwarg) if one is not None)
        self._signature(node, code)
        with self._inside(code, node):
            self._body(node)
        return self._new(Make, code.key)

    def _class(self, node: ast.ClassDef) -> str:
        if self._code is not None:
            self._captures = True
            self._class_body(node, self._code)
            return self._either([self._new(Make, self._code.key), self._code.instance])
        code = self._coded(node)
        with self._inside(code, node):
            self._class_body(node, code)
        return self._new(Make, code.key)

    def _class_body(self, node: ast.ClassDef, code: Code) -> None:
        for base in [*node.bases, *(keyword.value for keyword in node.keywords)]:
            if value := self._value(base):
                self._add(Inherit(code.key, value))
        others = [line for line in node.body if not isinstance(line, _FUNCTION) and not is_field(line)]
        self._statements(others)
        for name in sorted(names_in(others).may_bind):
            self._add(Copy(code.state, f"{code.key}:{name}"))
        for line in node.body:
            if isinstance(line, _FUNCTION):
                self._method(line, code)
        self._add(Hold(code.instance, code.state))

    def _method(self, node: ast.FunctionDef | ast.AsyncFunctionDef, code: Code) -> None:
        """A function of a class: any of its arguments may be whatever lies in an instance."""
        if node.decorator_list:
            self._add(Copy(code.state, self._decorated(node, self._new(Make, code.key))))
        self._signature(node, code)
        decorators = {path[-1] for part in node.decorator_list if (path := dotted(part))}
        variables = [f"{code.key}:{name}" for name in parameters_of(node)]
        if variables and "staticmethod" not in decorators:
            own = variables.pop(0)
            is_class = "classmethod" in decorators or node.name in _OF_THE_CLASS
            if is_class:
                self._add(Make(own, code.key))
            else:
                self._instances.add(own)
                self._add(Copy(own, code.instance))
        for variable in variables:
            self._add(Part(variable, code.instance))
        self._body(node)

    def _signature(self, node: Function, code: Code) -> None:
        """What the parameters may be before anything is given, and what their annotations run."""
        arguments = node.args
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            if default is not None and (value := self._value(default)):
                self._add(Copy(code.state, value))
                for name in parameters_of(node):
                    self._add(Copy(f"{code.key}:{name}", value))
        for argument in (arguments.vararg, arguments.kwarg):
            if argument is not None:
                self._add(Hold(f"{code.key}:{argument.arg}"))
        notes = [argument.annotation for argument in walk(arguments) if isinstance(argument, ast.arg)]
        for note in [*notes, getattr(node, "returns", None)]:
            if note is not None:
                self._value(note)

    def _body(self, node: Function) -> None:
        if isinstance(node, ast.Lambda):
            self._returned(self._value(node.body))
        else:
            self._statements(node.body)

    def _coded(self, node: Function | ast.ClassDef) -> Code:
        """New code of the notebook's."""
        self._count += 1
        names = names_in([ast.Expr(node) if isinstance(node, ast.expr) else node])
        code = Code(
            f"{self._key}.{self._count}",
            isinstance(node, ast.ClassDef),
            loads=frozenset({*names.reads, *names.later}),
            binds=(names.may_bind | names.deletes) - {getattr(node, "name", "")},
        )
        self.piece.codes[code.key] = code
        return code

    @contextmanager
    def _inside(self, code: Code, node: Function | ast.ClassDef) -> Iterator[None]:
        """Read what stands in the code; functions in it keep whatever its names stand for."""
        self._code, self._locals, self._captures = code, frozenset(bound_within(node)), False
        yield
        if self._captures:
            self._add(Hold(code.instance))
            for name in sorted(self._locals):
                self._add(Hold(code.instance, f"{code.key}:{name}"))
        self._code, self._locals = None, frozenset()
