"""Note what is read off a cell: its variables, the flows between them, and what is used by name."""

import hashlib
from collections.abc import Sequence

from course.grading.plan.objects.flows import Code, Copy, Doings, Flow, Hold, Make, Part, Path, Piece

# What reaches names that do not stand in the text: of Python's and the notebook's names, and of attributes.
_LOOKING_AROUND = frozenset(
    "In Out _ih _oh _dh _i _ii _iii __builtins__ __import__ __main__ builtins compile dir eval exec "  # noqa: SIM905
    "get_ipython globals locals vars".split()
)
_ATTRIBUTES_AROUND = frozenset(
    "__globals__ __subclasses__ f_globals get_objects get_referrers "  # noqa: SIM905
    "import_module user_ns".split()
)
_PATHS_AROUND = frozenset({("sys", "modules")})
_AT_CALLERS = frozenset({"_getframe", "currentframe", "f_back", "f_locals", "getouterframes", "tb_frame"})


class Recording:
    """The piece that comes of one cell, and the code in it that is being read."""

    def __init__(self, source: str) -> None:
        self._key = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._count = 0
        self.piece = Piece(self._key)
        self._code: Code | None = None  # that is being read
        self._locals: frozenset[str] = frozenset()
        self._captures = False
        self._instances: set[str] = set()  # the variables of methods' `self`

    def _variables(self, name: str, stored: bool = False) -> list[str]:
        """What a name may be: of the code that is being read, of the notebook, or, by name alone, of either."""
        if self._code is None:
            return [name]
        outside = self._code.binds if stored else self._code.loads
        local = [f"{self._code.key}:{name}"] if name in self._locals else []
        return [*local, name] if name in outside or not local else local

    def _read(self, name: str) -> str:
        return self._either(self._variables(name))

    def _new(self, flow: type[Make] | None = None, code: str = "") -> str:
        self._count += 1
        made = f"{self._key}#{self._count}"
        if flow is not None:
            self._add(flow(made, code))
        return made

    def _part(self, value: str, attribute: str = "") -> str:
        if not value:
            return ""
        made = self._new()
        self._add(Part(made, value, attribute))
        return made

    def _either(self, values: Sequence[str]) -> str:
        known = [value for value in values if value]
        if len(known) < 2:
            return known[0] if known else ""
        made = self._new()
        for value in known:
            self._add(Copy(made, value))
        return made

    def _container(self, values: Sequence[str]) -> str:
        made = self._new()
        self._add(Hold(made))
        for value in values:
            if value:
                self._add(Hold(made, value))
        return made

    def _add(self, flow: Flow) -> None:
        self.piece.flows.append(flow)

    # What is used by name.
    @property
    def _doings(self) -> Doings:
        return self._code.doings if self._code is not None else self.piece.doings

    def _mention_import(self, path: Path) -> None:
        """Note what is imported by its dotted name."""
        self._doings.imported.add(path)
        self._doings.looks_around |= (_LOOKING_AROUND | _ATTRIBUTES_AROUND) & {*path}
        if path in _PATHS_AROUND:
            self._doings.looks_around.add(".".join(path))

    def _mention(self, path: Path) -> None:
        """Note a dotted name; one of the code's own, and what stands after another expression, has no root."""
        if path[:2] in _PATHS_AROUND:
            self._doings.looks_around.add(".".join(path[:2]))
        if path[0] and path[0] not in {*self._variables(path[0]), *self.piece.imports}:
            path = ("", *path[1:])
        self._doings.mentions.add(path)
        self._doings.looks_around |= ({path[0]} & _LOOKING_AROUND) | ({*path[1:]} & _ATTRIBUTES_AROUND)
        if _AT_CALLERS.intersection(path) or path[:2] == ("inspect", "stack"):
            self._doings.looks_at_callers = True
