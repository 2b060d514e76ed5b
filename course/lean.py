"""Leave out what libraries import for uses that no command here has: it takes longer than what the commands need.

Whatever was left out is there for whoever asks for it afterwards.
"""

import contextlib
import gc
import importlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it would bring the reading of resources
    from importlib.abc import Loader

# Packages whose own code imports kernels, web servers and exporters, and in which of their modules the names are that
# are needed here.
_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "IPython": {},
    "nbconvert": {},
    "nbconvert.exporters": {},
    "nbconvert.filters": {"strip_ansi": "ansi"},
    "nbconvert.preprocessors": {"ClearOutputPreprocessor": "clearoutput", "Preprocessor": "base"},
    "nbgrader": {"__version__": "_version"},
    "nbgrader.auth": {"Authenticator": "base"},
    "nbgrader.preprocessors": {
        "CheckCellMetadata": "checkcellmetadata",
        "ClearHiddenTests": "clearhiddentests",
        "ClearMarkScheme": "clearmarkingscheme",
        "ClearOutput": "clearoutput",
        "ClearSolutions": "clearsolutions",
        "ComputeChecksums": "computechecksums",
        "IncludeHeaderFooter": "headerfooter",
        "InstantiateTests": "instantiatetests",
        "LockCells": "lockcells",
        "NbGraderPreprocessor": "base",
        "SaveCells": "savecells",
    },
}
_CHECKING = "jsonschema._format"  # of addresses, durations and colours, which no notebook has: it can do without these
_FORMATS = (
    *("fqdn", "idna", "isoduration", "jsonpointer", "rfc3339_validator", "rfc3986_validator", "rfc3987"),
    *("rfc3987_syntax", "uri_template", "webcolors"),
)
_ARCHIVES = "setuptools.archive_util"  # for nbgrader's collecting from zip files; it brings all of setuptools
_UNPACKING = ("unpack_archive", "unpack_tarfile", "unpack_zipfile")
_OBJECTS = 100_000  # that are new when Python looks for garbage; of what is imported, nothing is


def start() -> None:
    """Have imports from here on leave out what no command needs; what is imported already stays as it is."""
    gc.set_threshold(_OBJECTS)
    sys.modules.setdefault(_ARCHIVES, _Archives(_ARCHIVES))
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds these packages, and that module, where Python does, to have them loaded in another way."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, _: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _PACKAGES and name != _CHECKING:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _LeanLoader(spec.loader)  # type: ignore[assignment]
        return spec


class _LeanLoader:
    """Makes a package without running its code; runs that module's code without what it can do without."""

    def __init__(self, loader: "Loader") -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        if module.__name__ in _PACKAGES:
            module.__class__ = _Package
            module._loader = self._loader  # type: ignore[attr-defined]
            return
        with _without(_FORMATS):
            self._loader.exec_module(module)


class _Package(ModuleType):
    """A package whose own code has not run: it does when a name is asked for that is in none of its known modules."""

    def __getattr__(self, name: str) -> Any:
        part = _PACKAGES[self.__name__].get(name)
        with contextlib.suppress(ImportError, AttributeError):
            module = importlib.import_module(f"{self.__name__}.{part or name}")
            return getattr(module, name) if part else module
        if self.__dict__.get("_runs_in") == threading.get_ident():
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")  # yet
        self._run()
        return getattr(self, name)

    def __dir__(self) -> list[str]:
        self._run()
        return dir(self)

    def _run(self) -> None:
        self._runs_in = threading.get_ident()
        try:
            self._loader.exec_module(self)
            object.__setattr__(self, "__class__", ModuleType)
        finally:
            del self.__dict__["_runs_in"]


@contextlib.contextmanager
def _without(names: Sequence[str]) -> Iterator[None]:
    """Let modules that are not there yet be impossible to import."""
    missing = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


class _Archives(ModuleType):
    """A module that is imported when it is first needed: its functions can be bound before."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _later(name) if name in _UNPACKING else getattr(_archives(), name)


def _later(name: str) -> Callable[..., Any]:
    return lambda *args, **options: getattr(_archives(), name)(*args, **options)


def _archives() -> ModuleType:
    if isinstance(sys.modules.get(_ARCHIVES), _Archives):
        del sys.modules[_ARCHIVES]
    return importlib.import_module(_ARCHIVES)
