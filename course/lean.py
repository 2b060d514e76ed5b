"""Leave out what libraries import for uses that no command here has: it takes longer than what the commands need."""

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, cast

_EXTENSIONS = tuple(
    f"nbgrader.server_extensions.{name}"
    for name in ("assignment_list", "course_list", "formgrader", "validate_assignment")
)
_FORMATS = ("rfc3987_syntax", "isoduration")  # of web addresses and durations, for jsonschema, which can do without
_ARCHIVES = "setuptools.archive_util"  # for nbgrader's collecting from zip files; it brings all of setuptools
_UNPACKING = ("unpack_archive", "unpack_tarfile", "unpack_zipfile")


def import_nbgrader() -> None:
    """Import nbgrader's package without its server's extensions, which bring a web server and all of nbgrader's apps.

    Whoever imports one of them afterwards gets the extension itself.
    """
    for name in _FORMATS:
        sys.modules.setdefault(name, cast(ModuleType, None))
    sys.modules.setdefault(_ARCHIVES, _Archives(_ARCHIVES))
    if "nbgrader" not in sys.modules:
        with _stood_in(_EXTENSIONS):
            import nbgrader  # noqa: F401


@contextlib.contextmanager
def _stood_in(names: tuple[str, ...]) -> Iterator[None]:
    """Let what is imported inside take an empty module for each of these."""
    made = {name: _Extension(name) for name in names}
    sys.modules.update(made)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]


class _Extension(ModuleType):
    """A server's extension that has never been loaded."""

    def load_jupyter_server_extension(self, *_: Any) -> None: ...


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
