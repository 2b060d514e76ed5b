"""Classes and functions of known libraries cross by name, so that a test can hand in nn.ReLU, SGD or ValueError."""

from __future__ import annotations

import importlib
import sys
from typing import Any

PACKAGES = frozenset({"torch", "numpy", "math", "builtins", "operator", "torchvision", "fastai"})
_HOMES = ("torch", "torch.nn.functional", "math", "numpy", "builtins", "operator")


def name_of(value: Any) -> tuple[str, str] | None:
    """Module and name of a library's class or function, if that is how to find it again."""
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str) or isinstance(getattr(value, "__self__", None), type):
        name = getattr(value, "__name__", None)
    if not isinstance(name, str):
        return None
    home = getattr(value, "__module__", None)
    for module in (home, *_HOMES):
        if isinstance(module, str) and module.partition(".")[0] in PACKAGES and _find(module, name) is value:
            return module, name
    return None


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
