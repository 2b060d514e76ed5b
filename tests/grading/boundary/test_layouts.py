"""The steps of tensors and arrays cross with them: an answer, and a test, sees the layout that there would be in one kernel."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch

from course.grading.boundary import CandidateClient, StudentError
from tests.grading.boundary.pair import examinee
from tests.grading.exam_fixture import Room, scores
from tests.grading.notebooks import answer, graded, locked, notebook

STUDENT = """
import numpy as np, torch
def same(x): return x
def steps(x): return tuple(x.stride()) if isinstance(x, torch.Tensor) else x.strides
def flat(x): return x.view(-1)
def turned(x): return (2 * x).T
def zeroed(x): x.zero_()
def memory(x): return [float(v) for v in x.as_strided((x.untyped_storage().nbytes() // 4,), (1,), 0)]
def made(source): return eval(source)
"""
TENSORS: dict[str, Callable[[], torch.Tensor]] = {
    "turned": lambda: torch.arange(6.0).view(2, 3).T,
    "every other column": lambda: torch.arange(12.0).view(3, 4)[:, ::2],
    "one column": lambda: torch.arange(12.0).view(3, 4)[:, 1],
    "channels last": lambda: torch.rand(2, 3, 4, 5).to(memory_format=torch.channels_last),
    "axes moved": lambda: torch.rand(2, 3, 4).permute(1, 2, 0),
    "a column of whole numbers": lambda: torch.arange(12).view(3, 4)[:, 1],
    "windows that do not meet": lambda: torch.arange(12.0).unfold(0, 2, 3),
    "a parameter": lambda: torch.nn.Parameter(torch.rand(2, 3).T),
    "a leaf": lambda: torch.rand(2, 3).T.requires_grad_(),
    "a result in a graph": lambda: (2 * torch.rand(2, 3).requires_grad_()).T,
}
ARRAYS: dict[str, Callable[[], np.ndarray]] = {
    "Fortran's order": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "turned": lambda: np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0),
    "backwards": lambda: np.arange(6)[::-1],
    "backwards in both": lambda: np.arange(12).reshape(3, 4)[::-1, ::-2],
    "every third": lambda: np.arange(12.0)[1::3],
    "real parts": lambda: np.arange(4, dtype=complex).real,
    "texts": lambda: np.array(["a", "bc", "d", "e"])[::2],
}


@pytest.fixture(scope="module")
def student() -> Iterator[CandidateClient]:
    with examinee(STUDENT) as end:
        yield end


@pytest.mark.parametrize("name", TENSORS)
def test_a_tensor_keeps_its_steps_on_the_way_there(student: CandidateClient, name: str) -> None:
    x = TENSORS[name]()
    assert student.name("steps")(x) == x.stride()
    assert student.name("made")("lambda x: x.tolist()")(x) == x.tolist()


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_keeps_its_steps_in_both_directions(student: CandidateClient, name: str) -> None:
    x = ARRAYS[name]()
    assert student.name("steps")(x) == x.strides
    back = student.name("made")("lambda x: x[...]")(x)
    assert (back.tolist(), back.strides) == (x.tolist(), x.strides)


MADE = {
    "turned": "torch.arange(6.0).view(2, 3).T",
    "every other": "torch.arange(6.0)[::2]",
    "in a graph": "(torch.ones(2, 3, requires_grad=True) * 2).T",
    "one column": "torch.ones(3, 4)[:, 1]",
}  # fmt: skip


@pytest.mark.parametrize("source", MADE.values(), ids=MADE)
def test_what_comes_back_has_the_steps_that_it_has_there(student: CandidateClient, source: str) -> None:
    value, back = eval(source), student.name("made")(source)
    assert (back.stride(), back.is_contiguous(), back.tolist()) == (value.stride(), False, value.tolist())


def test_code_that_needs_one_block_of_memory_fails_on_a_view(student: CandidateClient) -> None:
    with pytest.raises(StudentError, match="view size is not compatible"):
        student.name("flat")(torch.ones(2, 3).T)
    assert student.name("flat")(torch.ones(2, 3)).shape == (6,)


def test_what_lies_between_the_elements_of_a_view_is_not_sent(student: CandidateClient) -> None:
    secret = 31415.0
    base = torch.tensor([1.0, secret, 2.0, secret, 3.0])
    assert secret not in student.name("memory")(base[::2])


OVERLAPPING = {
    "one element for all": lambda: torch.ones(1).expand(4),
    "windows that meet": lambda: torch.arange(5.0).unfold(0, 3, 1),
    "a few elements far apart": lambda: torch.zeros(1 << 20)[:: 1 << 19],
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_elements_that_share_a_place_or_lie_too_far_apart_arrive_one_after_the_other(
    student: CandidateClient, name: str
) -> None:
    x = OVERLAPPING[name]()
    assert student.name("steps")(x) == x.contiguous().stride()
    assert student.name("made")("lambda x: x.tolist()")(x) == x.tolist()


def test_a_view_that_the_answer_overwrites_is_known_and_so_is_what_the_test_changes(student: CandidateClient) -> None:
    x = torch.ones(2, 3).T
    student.name("same")(x)
    x += 1
    assert student.name("made")("lambda x: x.sum().item()")(x) == 12
    found: list[object] = []
    student.overwritten = lambda changed: found.extend(one.value for one in changed)  # type: ignore[method-assign]
    student.name("zeroed")(x)
    del student.overwritten  # type: ignore[method-assign]
    assert found[0] is x
    assert x.tolist() == [[0, 0]] * 3


WINDOWS = {
    "of the test": ("x = torch.arange(6.0).view(2, 3).T\nassert f(x).tolist() == x.reshape(-1).tolist()", "x.view(-1)", "x.reshape(-1)"),
    "of the answer": ("assert f(torch.ones(2, 3)).is_contiguous()", "x.T", "x.T.contiguous()"),
    "of the answer, a view wanted": ("assert f(torch.ones(2, 3)).stride() == (1, 3)", "x.T.contiguous()", "x.T"),
    "in numpy": ("assert f(np.ones((2, 3))).flags.f_contiguous", "x * 2", "np.asfortranarray(x)"),
}  # fmt: skip


def test_in_the_engine_an_answer_that_minds_the_layout_loses_and_one_that_does_not_keeps_its_point(room: Room) -> None:
    cells = [locked("setup", "import numpy as np\nimport torch")]
    for place, (test, _, right) in enumerate(WINDOWS.values()):
        named = test.replace("f(", f"f{place}(")
        cells += [answer(f"a{place}", f"def f{place}(x): return {right}"), graded(f"a{place}_tests", named)]
    wrong, right = (
        room.grade_other(
            notebook(*cells),
            {f"a{place}": f"def f{place}(x): return {one[which]}" for place, one in enumerate(WINDOWS.values())},
        )
        for which in (1, 2)
    )
    assert [*scores(wrong).values()] == [0] * len(WINDOWS)
    assert [*scores(right).values()] == [1] * len(WINDOWS)
