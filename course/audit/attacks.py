"""Answers that attack the tests of whatever exercise they are handed in for: none may earn a point.

What the engine itself must hold against is in tests/attacks; these ask whether an exercise's tests trust what is not
data.
"""

from collections.abc import Iterable, Iterator

_HOME = "ends.candidate"  # the module of the boundary that serves the student's side
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


_WRAPPED = """\

import functools as _functools


def _apart(value, depth=0):
    import numpy, torch
    if depth > 3:
        return
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    for part in parts:
        _apart(part, depth + 1)
    try:
        if isinstance(value, torch.Tensor):
            value.data.zero_()
        elif isinstance(value, numpy.ndarray):
            value[...] = 0
        elif isinstance(value, (list, dict, set)):
            value.clear()
    except Exception:
        pass


def _wrap(call, before, after):
    @_functools.wraps(call)
    def inner(*args, **kwargs):
        for value in (*args, *kwargs.values()):
            before(value)
        return after(call(*args, **kwargs))
    return inner


def _nothing(value):
    import torch
    if isinstance(value, torch.Tensor):
        return value * 0
    if isinstance(value, (list, tuple)):
        return type(value)(map(_nothing, value)) if type(value) in (list, tuple) else value
    return 0 * value if type(value) in (int, float) else value


def _same(value):
    return value


for _name in NAMES:
    _made = globals().get(_name)
    if isinstance(_made, type):
        for _method in ("__call__", "forward", "step"):
            if _method in vars(_made):
                setattr(_made, _method, _wrap(vars(_made)[_method], BEFORE, AFTER))
    elif callable(_made):
        globals()[_name] = _wrap(_made, BEFORE, AFTER)
"""
_THERE = """

import course.grading.boundary.{home} as _home
from course import checks as _checks
from course.checks import backend as _backend
_home._OPERATIONS["there"] = lambda source, name, args, names, values: {answer}
_backend.on_student_side = lambda fn, *args, **kwargs: {answer}
"""
_NO_CHANCE = """

import random as _random
import numpy as _numpy
import torch as _torch
for _name in ("randn", "rand", "randn_like", "rand_like", "normal", "ones", "empty", "randint", "randperm"):
    def _zeros(*args, _name=_name, **kwargs):
        kwargs.pop("generator", None)
        try:
            sizes = [arg for arg in args if isinstance(arg, (int, tuple, list, _torch.Size))]
            return _torch.zeros_like(args[0]) if isinstance(args[0], _torch.Tensor) else _torch.zeros(*sizes, **kwargs)
        except Exception:
            return _torch.zeros(())
    setattr(_torch, _name, _zeros)
_random.random = lambda: 0.0
"""
_MEMBERS = """

import numpy as _numpy, torch as _torch
for _name in NAMES:
    _made = globals().get(_name)
    if not callable(_made):
        continue
    for _home in (_torch, _torch.nn, _torch.nn.functional, _torch.optim, _torch.utils.data, _numpy, _numpy.linalg):
        for _member in dir(_home):
            _old = getattr(_home, _member)
            _kin = isinstance(_made, type) and isinstance(_old, type) and issubclass(_old, _torch.nn.Module)
            if _kin or _member.strip("_").lower() == _name.replace("_", "").lower():
                setattr(_home, _member, _made)
import numpy.testing as _testing
for _name in dir(_testing):
    if _name.startswith("assert_"):
        setattr(_testing, _name, lambda *args, **kwargs: None)
"""
_BOUND_ANEW = """

import types as _types


def _lenient(value):
    import numpy, torch
    if isinstance(value, (torch.Tensor, numpy.ndarray)):
        return value * 0
    if type(value) in (list, tuple, dict, set, str):
        return type(value)()
    return (lambda *args, **kwargs: True) if callable(value) else 1e9


for _name, _value in list(globals().items()):
    if _name not in NAMES and not _name.startswith("_") and not isinstance(_value, _types.ModuleType):
        globals()[_name] = _lenient(_value)
"""


def disguises(answer: str, names: Iterable[str], first: bool) -> Iterator[tuple[str, str]]:
    """Ways to make a wrong answer pass for a right one, and their texts; some of them only for the `first` of several.

    None may earn more than the wrong answer does by itself.
    """
    bound = repr(sorted(names))
    spoilt = _WRAPPED.replace("NAMES", bound).replace("BEFORE", "_apart").replace("AFTER", "_same")
    yield "its inputs overwritten", answer + spoilt
    yield "the course's names bound anew", answer + _BOUND_ANEW.replace("NAMES", repr([*sorted(names), "get_ipython"]))
    if first:
        for words, value in (("yes", "True"), ("what it is given", "args[0] if args else None")):
            text = _THERE.format(home=_HOME, answer=value)
            yield f"the student's side answering {words}", answer + text
        yield "members of libraries replaced by it", answer + _MEMBERS.replace("NAMES", bound)


def hollow(solution: str, names: Iterable[str]) -> str:
    """The solution with zeros for every number that its functions return: right in its form and in nothing else."""
    return solution + _WRAPPED.replace("NAMES", repr(sorted(names))).replace("BEFORE", "_same").replace(
        "AFTER", "_nothing"
    )


def without_chance(answer: str) -> str:
    """The answer where every random number of the student's side is zero."""
    return _NO_CHANCE + answer


def attacks(names: Iterable[str], unfilled: str) -> Iterator[tuple[str, str]]:
    """What each attack is, and its text: for an exercise whose answer binds these names and was released like this."""
    bound = sorted(names)
    yield "an object that agrees with everything", _AGREES + "".join(f"\n{name} = Agrees()" for name in bound)
    yield "a class that agrees with everything", _AGREES + "".join(f"\n{name} = Agrees" for name in bound)
    yield "functions that do nothing", "\n".join(f"def {name}(*args, **kwargs):\n    pass\n" for name in bound)
    yield "comparisons patched, nothing answered", f"{_PATCHES}\n{unfilled}"
