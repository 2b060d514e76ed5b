"""What the candidate holds of the test's own things: functions it may call, objects with a few members open to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Ask = Callable[..., Any]


class Callback:
    """A function of the test; calling it runs it in the examiner."""

    def __init__(self, ask: Ask, handle: int, name: str) -> None:
        self._ask, self._handle, self.__name__ = ask, handle, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", self, args, tuple(kwargs), tuple(kwargs.values()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"what you were handed here is a function of the test, and has no {name!r}")

    def __repr__(self) -> str:
        return f"<{self.__name__} of the test>"


class Shared:
    """An object of the test; the members named when it was shared can be used."""

    def __init__(self, ask: Ask, handle: int, kind: str, names: tuple[str, ...]) -> None:
        vars(self).update(_ask=ask, _handle=handle, _kind=kind, _names=names)

    def __getattr__(self, name: str) -> Any:
        if name not in vars(self)["_names"]:
            raise AttributeError(f"{name!r} of this {self._kind} is not shared by the test; {_listed(self._names)}")
        return self._ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"attributes of a {self._kind} that the test shared cannot be set")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", self, args, tuple(kwargs), tuple(kwargs.values()))

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", self, key)

    def __len__(self) -> int:
        return int(self._ask("len", self))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ask("iterator", self))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self._kind} shared by the test>"


class Stream:
    """An iterator of the test."""

    def __init__(self, ask: Ask, handle: int) -> None:
        self._ask, self._handle = ask, handle

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> Any:
        going, item = self._ask("next", self)
        if not going:
            raise StopIteration
        return item


def _listed(names: tuple[str, ...]) -> str:
    return f"what is: {', '.join(names)}" if names else "nothing of it is"
