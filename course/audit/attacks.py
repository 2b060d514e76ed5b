"""Answers that attack the tests of whatever exercise they are handed in for: none may earn a point.

What the engine itself must hold against is in tests/attacks; these ask whether an exercise's tests believe what is no
data.
"""

from collections.abc import Iterable, Iterator

_AGREES = '''\
class Agrees:
    """Whatever it is asked, it says yes; whatever is asked of it, it is that too."""

    def __init__(self, *args, **kwargs):
        pass

    def _yes(self, *args, **kwargs):
        return True

    def _same(self, *args, **kwargs):
        return Agrees()

    __eq__ = __ge__ = __le__ = __gt__ = __lt__ = __bool__ = __contains__ = _yes
    __call__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __matmul__ = _same
    __enter__ = __neg__ = __abs__ = __round__ = __pow__ = _same

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Agrees()

    def __getitem__(self, place):
        if isinstance(place, int) and place > 8:
            raise IndexError(place)
        return Agrees()

    def __setitem__(self, place, value):
        pass

    def __iter__(self):
        return iter([Agrees()])

    def __next__(self):
        return Agrees()

    def __len__(self):
        return 1

    def __exit__(self, *error):
        return True

    def __float__(self):
        return float("nan")

    def __int__(self):
        return 1

    __index__ = __int__
'''
_PATCHES = """\
import contextlib, sys, unittest
import numpy, torch
from course import checks


def _agree(*args, **kwargs):
    return True


for _owner, _names in (
    (torch, "allclose equal isclose is_tensor"),
    (torch.testing, "assert_close"),
    (torch.Tensor, "__eq__ equal allclose item"),
    (numpy, "allclose array_equal isclose"),
    (numpy.testing, "assert_allclose assert_array_equal assert_equal"),
    (checks, "equal true raises same_shape begin score report"),
    (checks.check, "__exit__"),
):
    for _name in _names.split():
        with contextlib.suppress(AttributeError, TypeError):
            setattr(_owner, _name, _agree)
for _module in [name for name in sys.modules if name.startswith("course.checks.")]:
    for _name, _value in list(vars(sys.modules[_module]).items()):
        if callable(_value) and not _name.startswith("__"):
            with contextlib.suppress(AttributeError, TypeError):
                setattr(sys.modules[_module], _name, _agree)
"""


def attacks(names: Iterable[str], unfilled: str) -> Iterator[tuple[str, str]]:
    """What each attack is, and its text: for an exercise whose answer binds these names and was released like this."""
    bound = sorted(names)
    yield "an object that agrees with everything", _AGREES + "".join(f"\n{name} = Agrees()" for name in bound)
    yield "a class that agrees with everything", _AGREES + "".join(f"\n{name} = Agrees" for name in bound)
    yield "functions that do nothing", "\n".join(f"def {name}(*args, **kwargs):\n    pass\n" for name in bound)
    yield "comparisons patched, nothing answered", f"{_PATCHES}\n{unfilled}"
