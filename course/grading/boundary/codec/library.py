"""Classes and functions of known libraries cross by name, so that a test can hand in nn.ReLU, SGD or ValueError."""

from __future__ import annotations

import importlib
import sys
from typing import Any

PACKAGES = frozenset({"torch", "numpy", "math", "builtins", "operator", "torchvision", "fastai"})
_HOMES = ("torch", "torch.nn.functional", "math", "numpy", "builtins", "operator")


def name_of(value: Any) -> tuple[str, str] | None:
    """Module and name of a library's class or function, if that is how to find it again."""
    names = [getattr(value, attribute, None) for attribute in ("__qualname__", "__name__")]
    homes = [home for home in (getattr(value, "__module__", None), *_HOMES) if isinstance(home, str)]
    for module in homes:
        if module.partition(".")[0] not in PACKAGES:
            continue
        for name in names:
            if isinstance(name, str) and _find(module, name) is value:
                return module, name
    return None


def told_name(value: Any, otherwise: str) -> str:
    """The name under which a module of this side has the value; what a notebook defines goes without its name."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    in_a_module = isinstance(module, str) and isinstance(name, str) and module != "__main__"
    return str(name) if in_a_module and _find(str(module), str(name)) is value else otherwise


def resolve(module: str, name: str) -> Any:
    """The class or function of that name; raises ImportError when this side has it not."""
    if module.partition(".")[0] not in PACKAGES:
        raise ImportError(f"{module} is not a library that the test may name")
    importlib.import_module(module)
    found = _find(module, name)
    if found is None:
        raise ImportError(f"{module}.{name} is not there")
    return found


def _find(module: str, name: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found
