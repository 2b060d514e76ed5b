"""Values that lie about themselves gain nothing in any comparison; honest subclasses are read as what they are."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from course import checks

EXPECTED = torch.tensor([1.0, 2.0, 3.0])


class Yes:
    """An object that agrees with everything and claims to be a tensor."""

    __class__ = torch.Tensor  # type: ignore[assignment]
    shape, dtype, ndim = EXPECTED.shape, EXPECTED.dtype, 1

    def __eq__(self, other: object) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return Yes() if not name.startswith("__array") else (lambda *a, **k: EXPECTED.numpy())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Yes()

    def __float__(self) -> float:
        return 1.0

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return EXPECTED.numpy()

    def __iter__(self) -> Iterator[float]:
        return iter([1.0, 2.0, 3.0])

    def __len__(self) -> int:
        return 3

    __hash__ = None  # type: ignore[assignment]


class YesTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if "get" in str(func):
            return torch.Size([3])
        return EXPECTED if "eq" not in str(func) else torch.tensor(True)

    def detach(self) -> torch.Tensor:
        return EXPECTED

    clone = cpu = numpy = to = detach  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        return True

    __hash__ = None  # type: ignore[assignment]


class LazyTensor(torch.Tensor):
    """A wrapper subclass: it has no data, and answers every operation as it likes."""

    @staticmethod
    def __new__(cls) -> Any:
        return torch.Tensor._make_wrapper_subclass(cls, (3,), dtype=torch.float32)  # type: ignore[attr-defined]

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return EXPECTED.clone()


class YesFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 1.0

    def __abs__(self) -> float:
        return 0.0

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.array(1.0)

    __sub__ = __rsub__ = lambda self, other: 0.0
    __hash__ = float.__hash__


class YesInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    __int__ = __index__ = lambda self: 1
    __hash__ = int.__hash__


class YesComplex(complex):
    __complex__ = lambda self: 1 + 0j  # noqa: E731


class YesScalar(np.float64):
    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.array(1.0)

    def item(self, *args: Any) -> Any:
        return 1.0

    __float__ = item


class YesArray(np.ndarray):
    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return EXPECTED.numpy()

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
        return np.zeros(3)

    def __array_finalize__(self, obj: Any) -> None:
        pass

    def astype(self, *args: Any, **kwargs: Any) -> Any:
        return EXPECTED.numpy()

    view = copy = __array__


class YesList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        return iter([1.0, 2.0, 3.0])

    def __eq__(self, other: object) -> bool:
        return True

    def __len__(self) -> int:
        return 3

    def __getitem__(self, at: Any) -> Any:
        return 1.0

    __hash__ = None  # type: ignore[assignment]


class YesStr(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        return "right"

    __hash__ = str.__hash__


class YesDict(dict[Any, Any]):
    def items(self) -> Any:
        return {"a": 1}.items()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


WRONG_VECTORS: list[Callable[[], Any]] = [
    Yes,
    LazyTensor,
    lambda: torch.zeros(3).as_subclass(YesTensor),
    lambda: np.zeros(3).view(YesArray),
    lambda: YesList([0.0, 0.0, 0.0]),
    lambda: [YesFloat(0), YesFloat(0), YesFloat(0)],
    lambda: [YesInt(0), YesInt(0), YesInt(0)],
    lambda: [Yes(), Yes(), Yes()],
]
WRONG_NUMBERS: list[Callable[[], Any]] = [
    Yes,
    lambda: YesFloat(0),
    lambda: YesInt(0),
    lambda: YesComplex(0),
    lambda: YesScalar(0),
    lambda: torch.tensor(0.0).as_subclass(YesTensor),
]


@pytest.mark.parametrize("make", WRONG_VECTORS)
@pytest.mark.parametrize("compare", [checks.close, checks.equal])
def test_a_lying_vector_is_wrong(make: Callable[[], Any], compare: Callable[..., None]) -> None:
    with pytest.raises(checks.CheckFailed):
        compare(make(), EXPECTED)


@pytest.mark.parametrize("make", WRONG_NUMBERS)
@pytest.mark.parametrize("compare", [checks.close, checks.equal])
def test_a_lying_number_is_wrong(make: Callable[[], Any], compare: Callable[..., None]) -> None:
    with pytest.raises(checks.CheckFailed):
        compare(make(), 1.0)


def test_a_lie_of_the_other_comparisons_is_found_too() -> None:
    for bad in (Yes(), YesFloat(0), torch.tensor(0.0).as_subclass(YesTensor)):
        with pytest.raises(checks.CheckFailed):
            checks.between(bad, 0.5, 1.5)
        with pytest.raises(checks.CheckFailed):
            checks.true(bad, "holds")
    with pytest.raises(checks.CheckFailed):
        checks.shape(torch.zeros(4).as_subclass(YesTensor), 3)
    with pytest.raises(checks.CheckFailed):
        checks.shape(Yes(), 3)
    with pytest.raises(checks.CheckFailed):
        checks.dtype(torch.zeros(3, dtype=torch.int64).as_subclass(YesTensor), torch.float32)


@pytest.mark.parametrize(
    ("lie", "right"),
    [
        (YesStr("wrong"), "right"),
        (YesDict(b=2), {"a": 1}),
        (YesList(["no"]), ["a", "b", "c"]),
        ({"a": YesInt(0)}, {"a": 1}),
        ({YesStr("b"): 1}, {"a": 1}),
        ({YesInt(0)}, {1}),
        ([None, Yes()], [None, 1]),
        (slice(YesInt(0), None), slice(1, None)),
        (Yes(), None),
        (Yes(), torch.float32),
        (Yes(), "right"),
        (Yes(), ["a"]),
        (Yes(), {"a": 1}),
    ],
)
def test_lies_inside_plain_data_are_found(lie: Any, right: Any) -> None:
    with pytest.raises(checks.CheckFailed):
        checks.equal(lie, right)


def test_the_truth_inside_a_subclass_counts() -> None:
    checks.close(EXPECTED.as_subclass(YesTensor), EXPECTED)
    checks.close(np.array([1.0, 2.0, 3.0]).view(YesArray), EXPECTED)
    checks.close(YesFloat(7), 7.0)
    checks.equal(YesInt(7), 7)
    checks.equal(YesStr("right"), "right")
    checks.close(YesList([1.0, 2.0, 3.0]), EXPECTED)


def test_fastai_tensors_are_numbers_like_others() -> None:
    core = pytest.importorskip("fastai.torch_core")
    base = core.TensorBase(EXPECTED)
    checks.close(base, EXPECTED)
    checks.equal(core.TensorCategory(torch.tensor([1, 2])), [1, 2])
    checks.close(EXPECTED, base)
    with pytest.raises(checks.CheckFailed):
        checks.close(core.TensorImage(torch.zeros(3)), EXPECTED)


def test_a_tensor_class_with_other_bases_is_no_special_tensor() -> None:
    class Extra:
        pass

    class Mixed(torch.Tensor, Extra):
        pass

    checks.close(EXPECTED.as_subclass(Mixed), EXPECTED)


def test_patching_torch_and_numpy_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("allclose", "equal", "isclose", "eq"):
        monkeypatch.setattr(torch, name, lambda *a, **k: True)
    for name in ("allclose", "array_equal", "isclose"):
        monkeypatch.setattr(np, name, lambda *a, **k: True)
    monkeypatch.setattr(torch.Tensor, "__eq__", lambda *a: True)
    monkeypatch.setattr(torch.Tensor, "detach", lambda *a: EXPECTED, raising=False)
    monkeypatch.setattr(np.testing, "assert_allclose", lambda *a, **k: None)
    with pytest.raises(checks.CheckFailed):
        checks.close(torch.zeros(3), EXPECTED)
    with pytest.raises(checks.CheckFailed):
        checks.equal(torch.zeros(3), EXPECTED)


class Reference:
    """Stands for a student's object as the engine's boundary shows it: no data, and no comparison."""

    __slots__ = ("student_type",)

    def __init__(self) -> None:
        object.__setattr__(self, "student_type", "Net")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the boundary was asked for {name}")

    def __eq__(self, other: object) -> bool:
        raise TypeError("a Net cannot be compared: return plain data")

    def __bool__(self) -> bool:
        raise TypeError("a Net has no truth value: return plain data")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "compare",
    [
        lambda ref: checks.close(ref, 1.0),
        lambda ref: checks.equal(ref, [1]),
        lambda ref: checks.equal([ref], [1]),
        lambda ref: checks.shape(ref, 3),
        lambda ref: checks.dtype(ref, torch.float32),
        lambda ref: checks.between(ref, 0, 1),
        lambda ref: checks.true(ref, "holds"),
        lambda ref: checks.true(ref == 1, "holds"),
    ],
)
def test_a_reference_from_the_engine_is_a_failed_check_with_its_class_named(compare: Callable[[Any], None]) -> None:
    checks.begin("net", 1)
    with checks.check("compares"):
        compare(Reference())
    assert checks.score() == 0
    assert "Net" in checks.report().checks[0].message


def test_fresh_memory_never_holds_the_answer() -> None:
    checks.begin("copy", 1)
    seen: list[bool] = []
    for size in (3, 8, 100, 5000):
        right = torch.randint(1, 1000, (size,)).double()
        for _ in range(20):
            with checks.check("again"):
                # As in a test cell: the expected value is a temporary that only the comparison ever held.
                checks.close(torch.zeros(size, dtype=torch.float64), right.clone())
            for dtype in (torch.float64, torch.float32):
                found = torch.empty(size, dtype=dtype).tolist()
                seen.append(any(f == r for f, r in zip(found, right.tolist(), strict=True)))
        gc.collect()
    assert not any(seen)
