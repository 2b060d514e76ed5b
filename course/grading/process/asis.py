"""What IPython makes of a cell before it runs it, without the work where that is nothing.

Nearly every cell is plain Python, which IPython's transformations leave as it is, after they have taken it into tokens.
"""

from __future__ import annotations
import __future__

import ast
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

from course.grading import ready
from course.syntax import parsed

_SIGNS = frozenset("%!?")  # with which everything begins or ends that IPython adds to Python
_PROMPTS = (">>>", "...:", "In [")
_OF_GRAMMAR = __future__.barry_as_FLUFL.compiler_flag  # `from __future__ import` of what changes how text is read
_trees: dict[str, ast.Module] = {}  # of the cell that is about to run


def expect(cell: str, made: bytes) -> None:
    """Have a cell that runs next be what was made of it beforehand."""
    if made:
        _trees[_ended(cell)] = ready.as_tree(made)


class Transformer(TransformerManager):
    """IPython's transformations, left out for Python that none of them changes."""

    def __init__(self) -> None:
        super().__init__()
        self._own = self._all()

    def transform_cell(self, cell: str) -> str:
        """The cell as Python."""
        if self._all() == self._own and (_ended(cell) in _trees or _is_python(cell)):
            return _ended(cell)
        return super().transform_cell(cell)

    def _all(self) -> list[object]:
        return [*self.cleanup_transforms, *self.line_transforms, *self.token_transformers]


class Compiler(CachingCompiler):
    """IPython's compiler, which parses no cell once more that was parsed to see whether it is Python."""

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.Module:
        """The tree of a cell, for whoever asks first; SyntaxError when it is not Python."""
        tree = _trees.pop(source, None) if symbol == "exec" and not self.flags & _OF_GRAMMAR else None
        _trees.clear()
        return tree or super().ast_parse(source, filename, symbol)

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The file that a cell is to tracebacks; what was compiled beforehand says so itself."""
        tree = _trees.get(transformed_code)
        if tree is not None and any(hasattr(statement, "compiled") for statement in tree.body):
            return ready.name_of(transformed_code)
        return str(super().get_code_name(raw_code, transformed_code, number))

    def __call__(self, source: Any, filename: str, symbol: str, *more: Any, **how: Any) -> Any:
        """The code of one statement, or of a text."""
        return ready.code_of(source) or super().__call__(source, filename, symbol, *more, **how)


class Hook(DisplayHook):
    """IPython's hook for a cell's last value, which looks for a semicolon behind it only where one can be."""

    @staticmethod
    def semicolon_at_end_of_expression(expression: str) -> bool | None:
        """Whether the last token is a semicolon."""
        for line in reversed(expression.splitlines()):
            if ";" in line:
                return DisplayHook.semicolon_at_end_of_expression(expression)
            if line.strip() and not line.lstrip().startswith("#"):
                return False
        return False


def _is_python(cell: str) -> bool:
    """Whether it is Python that IPython leaves as it is."""
    if not cell or cell[0].isspace() or any(prompt in cell for prompt in _PROMPTS):
        return False
    if _SIGNS.isdisjoint(cell):
        return True
    try:
        _trees[_ended(cell)] = parsed(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _ended(cell: str) -> str:
    return cell if cell.endswith("\n") else cell + "\n"
