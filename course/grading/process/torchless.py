"""The engine without torch, for a course that has none: importing it takes ten seconds, and forks of it more memory.

The boundary and `course.checks` name torch's classes in their tables. While they are imported, a stand-in takes torch's
place: each of its names is a class that nothing is an instance of, so that no value is ever taken for a tensor. After
that it is gone, and student's code that imports torch gets torch itself, whose tensors then cross as references.
"""

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

TORCH = "torch"
_MODULES = (TORCH, "torch.nn", "torch.nn.functional", "torch.autograd", "torch.autograd.graph")
BRINGING = frozenset(  # packages that import torch
    "torch torchvision torchaudio torchtext fastai fastcore course lightning pytorch_lightning torchmetrics timm "  # noqa: SIM905
    "transformers sentence_transformers accelerate diffusers skorch stable_baselines3 botorch gpytorch pyro".split()
)


def brings_torch(modules: Iterable[str]) -> bool:
    """Whether a course that imports these modules has torch."""
    return any(module.partition(".")[0] in BRINGING for module in modules)


def seems_to_bring_torch(source: Path) -> bool:
    """A glance at the notebooks in a folder: whether one imports such a package, at the cost of reading them."""
    imports = re.compile(rb"\b(?:import|from) +(\w+)")
    texts = (path.read_bytes() for path in sorted(source.glob("*.ipynb")) if path.is_file())
    return any(brings_torch([name.decode()]) for text in texts for name in imports.findall(text))


@contextlib.contextmanager
def stand_in() -> Iterator[None]:
    """Let what is imported inside take a stand-in for torch."""
    if TORCH in sys.modules:
        yield
        return
    made = {name: _Module(name) for name in _MODULES}
    sys.modules.update(made)
    try:
        yield
    finally:
        for name, module in made.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _Names(type):
    """A class that has a class of each name; `torch.nn.Parameter` is one."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        made = _Names(name, (_Nothing,), {})
        setattr(cls, name, made)
        return made


class _Nothing(metaclass=_Names):
    """A class without instances; calling it gives a context manager that does nothing."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _Module(ModuleType):
    """A module of such classes, except for what each message asks of torch."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        if name == TORCH:
            self.is_grad_enabled = lambda: True
            self.manual_seed = self.set_grad_enabled = lambda *_: None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        made = _Names(name, (_Nothing,), {})
        setattr(self, name, made)
        return made
