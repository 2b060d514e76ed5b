"""Where code may stand: packages without circles, floors that import downwards only, `__init__` files without logic."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "course").rglob("*.py"))
}
FLOORS = ("transport", "codec", "replicas", "ends")  # of the boundary, from the lowest up


def imports(module: str) -> Iterator[str]:
    """The modules of the course that a module imports, also within its functions."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from {name if name in MODULES else str(node.module) for name in inner}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_boundarys_floors_import_downwards_only(floor: str) -> None:
    home = "course.grading.boundary"
    allowed = {f"{home}.{lower}" for lower in FLOORS[: FLOORS.index(floor) + 1]}
    inside = [module for module in MODULES if module.startswith(f"{home}.{floor}.")]
    assert inside
    upwards = [
        (module, name)
        for module in inside
        for name in imports(module)
        if name.startswith(home) and not any(name == home_ or name.startswith(f"{home_}.") for home_ in allowed)
    ]
    assert upwards == []


def test_every_module_of_the_boundary_stands_on_a_floor() -> None:
    home = MODULES["course.grading.boundary"].parent
    assert {path.name for path in home.iterdir() if path.name != "__pycache__"} == {"__init__.py", *FLOORS}


@pytest.mark.parametrize("path", sorted((ROOT / "course").rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_an_init_file_holds_no_logic(path: Path) -> None:
    body = ast.parse(path.read_text("utf-8")).body
    assert [type(line).__name__ for line in body if not _is_plain(line)] == []


def _is_plain(line: ast.stmt) -> bool:
    """A docstring, an import, or a constant such as `__all__`."""
    text = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
    constant = isinstance(line, ast.Assign) and not any(isinstance(node, ast.Call) for node in ast.walk(line))
    return text or constant or isinstance(line, ast.Import | ast.ImportFrom)


def test_one_place_makes_syntax_trees() -> None:
    """Others would make two at once, which Python 3.11 fails at."""
    makers = [
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("ast.parse", "ast.PyCF_ONLY_AST")
    ]
    assert makers == ["course.syntax"]


PACKAGES = [module for module, path in MODULES.items() if path.name == "__init__.py"]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_stands_side_by_side_imports_in_one_direction(package: str) -> None:
    """A module beside packages counts as they do, and a package with all that is in it."""
    needs: dict[str, set[str]] = {}
    for module in MODULES:
        if mine := _part(module, package):
            needs.setdefault(mine, set()).update(filter(None, (_part(name, package) for name in imports(module))))
            needs[mine].discard(mine)
    circles = [part for part in sorted(needs) if part in _reached(part, needs)]
    assert circles == []


def _part(module: str, package: str) -> str:
    """The part of the package that the module is or lies in; empty where it lies elsewhere."""
    inside = module.removeprefix(f"{package}.")
    return "" if inside == module else inside.partition(".")[0]


def _reached(start: str, needs: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    to_do = list(needs[start])
    while to_do:
        part = to_do.pop()
        if part not in reached:
            reached.add(part)
            to_do += needs[part]
    return reached
