"""Tensors, arrays, lists and generators that were passed across stay alike on both sides; gradients flow across."""

import gc
import weakref
from array import array

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course.grading.boundary import StudentError, WireLimits
from course.grading.boundary.replicas import registry
from tests.grading.boundary.pair import examinee

SOURCE = """
import numpy as np, torch
from torch import nn
def identity(x): return x
def double_(x): x.mul_(2)
def data_(x): x.data *= 2
def replace_data(x): x.data = x.data * 2
def numpy_(x): x.numpy()[0] = 5
def same(x, y): return x is y
def share_memory(x, y):
    y[0] = 77.0
    return bool((x.flatten()[0] == 77).item())
def square(x): return (x ** 2).sum()
def parts(x): return x * 2, x ** 3
def loss_and_backward(x): (x ** 3).sum().backward()
def inspect(x): return type(x).__name__, x.is_leaf, x.requires_grad, x.grad
def needs_grad(x): return x.requires_grad, torch.is_grad_enabled(), (x * 2).requires_grad
def weighted(ps, x): return sum((p * x).sum() for p in ps["w"])
def step(params, lr):
    with torch.no_grad():
        for p in params: p -= lr * p.grad
def zero(params):
    for p in params: p.grad = None
class Keeper:
    def __init__(self, x): self.x = x
    def get(self): return self.x
    def sum(self): return self.x.sum()
    def add(self): self.x += 1
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)
    def forward(self, x): return self.layer(x)
class Sub(torch.Tensor): pass
torch.manual_seed(0)
net = Net()
weight = torch.tensor([1.0, 2.0], requires_grad=True)
def scaled(x): return x * weight
def weight_grad(): return weight.grad
"""


@pytest.fixture
def student():
    with examinee(SOURCE) as end:
        yield end


# Values.
@pytest.mark.parametrize(
    "tensor",
    [
        torch.tensor(3.5),
        torch.zeros(0, 3),
        torch.arange(6).reshape(2, 3).T,
        torch.tensor([True, False]),
        torch.tensor([1.5, float("nan")], dtype=torch.bfloat16),
        torch.tensor([1 + 2j]),
        torch.tensor([1 + 2j]).conj(),
        torch.ones(3).expand(2, 3),
        torch.tensor([1, 200], dtype=torch.uint8),
        torch.tensor([1.0, 0.0]).to_sparse().to_dense(),
        torch.tensor([2.0], dtype=torch.float16),
        torch.randn(1000, 600),
    ],
    ids=lambda t: f"{t.dtype}{tuple(t.shape)}",
)
def test_a_tensor_of_any_dtype_comes_back_as_it_was(student, tensor):
    back = student.there(lambda x: x.clone(), tensor)
    assert back.dtype == tensor.dtype
    torch.testing.assert_close(back, tensor, equal_nan=True)


@pytest.mark.parametrize(
    "code",
    [
        "Sub([1.0, 2.0])",
        "nn.Parameter(torch.tensor([1.0, 2.0]))",
        "torch.tensor([1.0, 2.0]).as_subclass(Sub)",
        "torch.tensor([1.0, 2.0]).to_sparse()",
    ],
)
def test_every_kind_of_tensor_comes_as_a_plain_one(student, code):
    student.run_cell(f"made = {code}", deadline_s=5)
    made = student.name("made")
    assert type(made) is torch.Tensor
    assert made.tolist() == [1.0, 2.0]
    assert made.requires_grad is ("Parameter" in code)


def test_a_tensor_without_data_is_a_reference(student):
    student.run_cell("made = torch.ones(2, device='meta')", deadline_s=5)
    assert student.name("made").shape == torch.Size([2])


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3).T,
        np.array("ab"),
        np.array([b"x"]),
        np.zeros((0, 2), bool),
        np.array(3, np.int8),
        np.array([1j]),
        np.arange(3, dtype=">i4"),
    ],
    ids=lambda a: f"{a.dtype}{a.shape}",
)
def test_an_array_comes_back_as_it_was(student, array):
    back = student.there(lambda x: x.copy(), array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_an_array_of_objects_is_a_reference(student):
    student.run_cell("made = np.array([[net, None]], dtype=object)", deadline_s=5)
    made = student.name("made")
    assert made.shape == (1, 2)
    assert made[0, 1] is None


# In-place changes.
@pytest.mark.parametrize("change", ["double_", "data_", "replace_data"])
@pytest.mark.parametrize("needs", [False, True])
def test_a_change_in_place_comes_home(student, change, needs):
    if change == "double_" and needs:
        student.run_cell("def double_(x):\n with torch.no_grad(): x.mul_(2)", deadline_s=5)
    x = torch.tensor([1.0, 2.0], requires_grad=needs)
    assert student.name(change)(x) is None
    assert x.tolist() == [2.0, 4.0]
    assert x.requires_grad is needs


def test_a_change_through_numpy_comes_home(student):
    x = torch.tensor([1.0, 2.0])
    student.name("numpy_")(x)
    assert x.tolist() == [5.0, 2.0]


def test_a_change_of_a_large_tensor_comes_home(student):
    x = torch.zeros(3_000_000)
    student.run_cell("def poke(x): x[1234567] = 1", deadline_s=5)
    student.name("poke")(x)
    assert x.sum() == 1


def test_a_change_of_shape_and_of_requires_grad_comes_home(student):
    x = torch.tensor([1.0, 2.0])
    student.run_cell("def change(x):\n x.unsqueeze_(0)\n x.requires_grad_()", deadline_s=5)
    student.name("change")(x)
    assert x.shape == (1, 2)
    assert x.requires_grad


def test_a_tensor_keeps_its_identity_as_long_as_the_student_holds_it(student):
    x = torch.tensor([1.0, 2.0])
    keeper = student.name("Keeper")(x)
    student.members = frozenset({"get", "sum", "add"})
    assert keeper.get() is x
    x += 1
    assert keeper.sum() == 5
    keeper.add()
    assert x.tolist() == [3.0, 4.0]
    assert student.name("same")(x, x) is True
    assert student.there(lambda k, x: k.x is x, keeper, x) is True


def test_the_students_own_tensor_goes_back_as_itself(student):
    weight = student.name("weight")
    assert student.there(lambda w, f: f.__globals__["weight"] is w, weight, student.name("scaled")) is True
    with torch.no_grad():
        weight += 1
    assert student.name("scaled")(torch.ones(2)).tolist() == [2.0, 3.0]
    student.run_cell("weight.data[0] = 9.0", deadline_s=5)
    assert weight.tolist() == [9.0, 3.0]


def test_a_parameter_and_its_data_share_memory_over_there(student):
    share = student.name("share_memory")
    p = torch.nn.Parameter(torch.ones(2))
    assert share(p, p.data) is True
    assert p.tolist() == [77.0, 1.0]
    x = torch.ones(2, 3)
    assert share(x, x[0]) is True
    assert x[0, 0] == 77
    z = torch.ones(2, 3)
    assert share(z, z.T[0]) is True


def test_arrays_change_in_place_both_ways(student):
    q = np.zeros((2, 2))
    student.run_cell("def learn(q): q[0, 1] += 0.5", deadline_s=5)
    student.name("learn")(q)
    student.name("learn")(q)
    assert q.tolist() == [[0, 1.0], [0, 0]]
    student.run_cell("table = np.ones(2)", deadline_s=5)
    table = student.name("table")
    student.run_cell("table[0] = 5", deadline_s=5)
    assert table.tolist() == [5, 1]


def test_an_array_that_cannot_be_written_cannot_be_written_there(student):
    q = np.zeros(2)
    q.flags.writeable = False
    student.run_cell("def learn(q): q[0] = 1", deadline_s=5)
    with pytest.raises(ValueError, match="read-only"):
        student.name("learn")(q)


def test_lists_dicts_and_sets_change_in_place(student):
    student.run_cell(
        "def fill(l, d, s):\n l.append(torch.ones(1)); l.sort(key=float); d['n'] = d.pop('m') + 1; s.add(3)",
        deadline_s=5,
    )
    items, table, members = [3.0, 2.0], {"m": 1}, {1}
    student.name("fill")(items, table, members)
    assert (items, table, members) == ([torch.ones(1), 2.0, 3.0], {"n": 2}, {1, 3})


def test_a_list_that_the_student_keeps_is_the_same_list(student):
    student.run_cell(
        "class Buffer:\n def __init__(self, to): self.to = to\n def push(self, x): self.to.append(x)", deadline_s=5
    )
    items: list = []
    buffer = student.name("Buffer")(items)
    buffer.push([1])
    buffer.push(net := student.name("net"))
    assert items[0] == [1]
    assert items[1] is net
    items.clear()
    buffer.push(2)
    assert items == [2]
    assert buffer.to is items


def test_nested_lists_change_too(student):
    student.run_cell("def fill(l): l[0].append(1); l[1]['a'] = 2", deadline_s=5)
    outer: list = [[], {}]
    inner = outer[0]
    student.name("fill")(outer)
    assert outer == [[1], {"a": 2}]
    assert outer[0] is inner


@pytest.mark.parametrize(
    "make", [lambda: torch.Generator().manual_seed(1), lambda: np.random.default_rng(1)], ids=["torch", "numpy"]
)
def test_a_generator_goes_on_where_the_student_left_it(student, make):
    student.run_cell(
        "def draw(g): return float(torch.rand((), generator=g)) if isinstance(g, torch.Generator) else g.random()",
        deadline_s=5,
    )
    mine, theirs, draw = make(), make(), student.name("draw")

    def here(g):
        return float(torch.rand((), generator=g)) if isinstance(g, torch.Generator) else g.random()

    assert [draw(theirs), draw(theirs), here(theirs)] == [here(mine), here(mine), here(mine)]


# Gradients.
def test_backward_reaches_what_was_passed_in(student):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = student.name("square")(x) * 2
    y.backward()
    assert x.grad.tolist() == [4.0, 8.0, 12.0]
    student.name("square")(x).backward()
    assert x.grad.tolist() == [6.0, 12.0, 18.0]


def test_backward_goes_through_tensors_inside_a_graph_here(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    u = x * 3
    (student.name("square")(u) + x.sum()).backward()
    assert x.grad.tolist() == [19.0, 37.0]


def test_a_leaf_and_what_was_made_of_it_count_once_each(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    u = x * 2
    student.run_cell("def product(x, u): return (x * u).sum()", deadline_s=5)
    student.name("product")(x, u).backward()
    assert x.grad.tolist() == [4.0, 8.0]


def test_a_chain_through_both_sides_twice(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    scaled = student.name("scaled")
    y = scaled(x)
    z = scaled(y * 2).sum()
    z.backward()
    assert x.grad.tolist() == [2.0, 8.0]
    assert student.name("weight_grad")().tolist() == [4.0, 16.0]


def test_a_returned_tensor_passed_back_is_the_students_own_with_its_graph(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = student.name("scaled")(x)
    assert student.name("identity")(y) is y
    student.name("square")(y).backward()
    assert x.grad.tolist() == [2.0, 16.0]


def test_several_outputs_and_second_calls(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    a, b = student.name("parts")(x)
    (a + b).sum().backward(retain_graph=True)
    assert x.grad.tolist() == [5.0, 14.0]
    b.sum().backward()
    assert x.grad.tolist() == [8.0, 26.0]


def test_autograd_grad_leaves_grad_alone(student):
    x = torch.ones(2, 3, requires_grad=True)
    net = student.name("net")
    (g,) = torch.autograd.grad(net(x).sum(), x)
    assert g.shape == x.shape
    assert x.grad is None
    assert all(p.grad is None for p in net.parameters())


def test_autograd_grad_for_the_students_parameters(student):
    net = student.name("net")
    params = list(net.parameters())
    grads = torch.autograd.grad(net(torch.ones(4, 3)).sum(), params)
    assert grads[0].tolist() == [[4.0] * 3] * 2
    assert grads[1].tolist() == [4.0] * 2
    assert params[0].grad is None


def test_second_derivatives(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    student.run_cell("def cube(x): return (x ** 3).sum()", deadline_s=5)
    (g,) = torch.autograd.grad(student.name("cube")(x), x, create_graph=True)
    assert g.tolist() == [3.0, 12.0]
    (h,) = torch.autograd.grad(g.sum(), x)
    assert h.tolist() == [6.0, 12.0]
    assert torch.autograd.gradcheck(
        student.name("cube"), torch.tensor([0.5, 1.0], dtype=torch.float64, requires_grad=True)
    )


def test_the_students_parameters_gather_their_gradient(student):
    net, x = student.name("net"), torch.randn(4, 3)
    before = list(net.parameters())
    F.mse_loss(net(x), torch.zeros(4, 2)).backward()
    grads = [p.grad.clone() for p in net.parameters()]
    assert all(torch.equal(p.grad, g) for p, g in zip(before, grads, strict=True))
    mirror = torch.nn.Linear(3, 2)
    mirror.load_state_dict({"weight": before[0].detach(), "bias": before[1].detach()})
    F.mse_loss(mirror(x), torch.zeros(4, 2)).backward()
    assert torch.allclose(grads[0], mirror.weight.grad)
    net.zero_grad()
    assert before[0].grad is None


def test_backward_called_by_the_student(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    student.name("loss_and_backward")(x)
    assert x.grad.tolist() == [3.0, 12.0]
    student.name("loss_and_backward")(x)
    assert x.grad.tolist() == [6.0, 24.0]


def test_backward_called_by_the_student_through_a_graph_here(student):
    p = torch.tensor([1.0, 2.0], requires_grad=True)
    student.run_cell("def train(f):\n f().sum().backward()", deadline_s=5)
    student.name("train")(lambda: p * 3)
    student.name("zero")([])
    assert p.grad.tolist() == [3.0, 3.0]
    student.run_cell("def train(f, p):\n (f() * 2).sum().backward()\n return p.grad", deadline_s=5)
    p.grad = None
    assert student.name("train")(lambda: p * 3, p).tolist() == [6.0, 6.0]
    assert p.grad.tolist() == [6.0, 6.0]


def test_grad_crosses_with_its_tensor_and_an_optimiser_steps(student):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    w.grad = torch.tensor([10.0, 10.0])
    student.name("step")([w], 0.1)
    assert torch.allclose(w, torch.tensor([0.0, 1.0]))
    assert w.grad.tolist() == [10.0, 10.0]
    student.name("zero")([w])
    assert w.grad is None


def test_parameters_in_lists_and_dicts(student):
    ps = {"w": [torch.nn.Parameter(torch.ones(2)) for _ in range(2)]}
    student.name("weighted")(ps, torch.tensor([1.0, 2.0])).backward()
    assert [p.grad.tolist() for p in ps["w"]] == [[1.0, 2.0]] * 2
    assert student.name("inspect")(ps["w"][0])[:3] == ("Parameter", True, True)


def test_no_grad_goes_over(student):
    x = torch.ones(2, requires_grad=True)
    assert student.name("needs_grad")(x) == (True, True, True)
    with torch.no_grad():
        assert student.name("needs_grad")(x) == (True, False, False)
        assert not student.name("square")(x).requires_grad


def test_a_change_in_place_after_the_call_is_refused_by_autograd_or_right(student):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = student.name("scaled")(x)
    y *= 3
    student.name("square")(y).backward()
    assert x.grad.tolist() == [18.0, 144.0]


def test_the_students_error_in_backward_is_a_student_error(student):
    student.run_cell(
        "class Bad(torch.autograd.Function):\n"
        " @staticmethod\n def forward(ctx, x): return x * 1\n"
        " @staticmethod\n def backward(ctx, g): raise ValueError('bad backward')\n"
        "def bad(x): return Bad.apply(x)",
        deadline_s=5,
    )
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(StudentError, match="bad backward"):
        student.name("bad")(x).sum().backward()
    assert student.name("square")(x) == 2


# Ends of life.
def test_nothing_piles_up_on_either_side(student):
    def tensors():
        import gc

        import torch

        return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())

    net, zero = student.name("net"), student.name("zero")
    before = student.there(tensors)
    for _ in range(50):
        x = torch.randn(4, 3)
        (net(x) ** 2).mean().backward()
        zero([])
    del x
    gc.collect()
    student.name("identity")(0)
    assert len(student.replicas.by_key) <= 3
    assert len(student.graphs.own) == 0
    assert student.there(tensors) < before + 10


def test_tensors_here_are_freed_when_the_student_lets_go(student):
    x = torch.ones(3)
    watch = weakref.ref(x)
    keeper = student.name("Keeper")(x)
    del x
    student.name("identity")(0)
    assert watch() is not None
    del keeper
    student.name("identity")(0)
    student.name("identity")(0)
    assert watch() is None


def test_a_failed_message_leaves_no_trace(student):
    x = torch.ones(2)
    with pytest.raises(TypeError):
        student.name("same")(x, object())
    before = len(student.replicas.by_key)
    student.name("double_")(x)
    assert x.tolist() == [2.0, 2.0]
    assert before == 0


def test_a_change_that_cannot_cross_fails_once_and_not_for_ever():
    with examinee(SOURCE, limits=WireLimits(nodes=5000)) as student:
        student.run_cell("def spoil(d): d[net] = 1\ndef fill(l): l.extend(range(6000))", deadline_s=5)
        table: dict = {}
        keeper = student.name("Keeper")(table)
        with pytest.raises(TypeError, match="keys"):
            student.there(lambda k, f: f(k.x), keeper, student.name("spoil"))
        assert student.name("identity")(1) == 1
        with pytest.raises(StudentError, match="cannot cross"):
            student.name("fill")([])
        assert student.name("identity")(1) == 1


CHANGES = {
    "in place": "x.mul_(2)",
    "through data": "x.data *= 2",
    "other memory": "x.data = x.data * 2",
    "through numpy": "x.numpy()[0] = 5",
    "turned in place": "x.t_()",
    "turned through data": "x.data = x.data.t()",
    "other numbers for the same bytes": "x.data = x.data.view(torch.int32)",
    "other shape of the same bytes": "x.data = x.data.reshape(4)",
    "fewer rows of the same memory": "x.data = x.data[:1]",
    "negated lazily": "x.data = torch._neg_view(x.data)",
    "a gradient wanted": "x.requires_grad_()",
    "a gradient set by hand": "x.grad = torch.full_like(x, 3)",
    "a gradient computed": "x.requires_grad_(); x.sum().backward()",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_tensor_that_stayed_alike_for_long_is_still_watched(change: str) -> None:
    source = (
        f"import torch\nkept = []\ndef keep(x): kept.append(x)\ndef rest(): return None\n"
        f"def change(x): {change}\ndef told(x): return x * 1, x.grad"
    )
    here, alone = torch.arange(4.0).reshape(2, 2), torch.arange(4.0).reshape(2, 2)
    namespace: dict[str, object] = {}
    exec(source, namespace)
    namespace["change"](alone)  # type: ignore[operator]
    with examinee(source) as student:
        student.name("keep")(here)  # or its replica would end with each call
        for _ in range(4):  # its look has proved lasting on both sides
            student.name("rest")()
        student.name("change")(here)
        for _ in range(4):
            student.name("rest")()
        assert torch.equal(here, alone)
        assert (here.dtype, here.shape, here.requires_grad) == (alone.dtype, alone.shape, alone.requires_grad)
        assert (here.grad is None) == (alone.grad is None)
        exec(change, {"x": here, "torch": torch})  # and once more, on this side
        exec(change, {"x": alone, "torch": torch})
        numbers, grad = student.name("told")(here)
        assert torch.equal(numbers, alone * 1)
        assert grad is None or torch.equal(grad, alone.grad)


def test_one_entry_in_the_registry_is_all_that_a_new_type_needs(monkeypatch):
    with examinee("def extend(data): data.extend(b'!')") as student, pytest.raises(TypeError, match=r"array\.array"):
        student.name("extend")(array("B", b"hello"))

    def change(reader, value):
        value[:] = array("B", reader.token(bytes))

    entry = registry.ReplicaType(
        array,
        "array",
        lambda writer, value: writer.payload(bytes(value)),
        lambda reader: array("B", reader.token(bytes)),
        registry.Sync(bytes, lambda writer, value, *_: writer.payload(bytes(value)), change, weak=False),
    )
    monkeypatch.setitem(registry.REPLICA_TYPES, array, entry)
    with examinee("kept = []\ndef extend(data):\n    kept.append(data)\n    data.extend(b'!')") as student:
        here = array("B", b"hello")
        student.name("extend")(here)
        assert bytes(here) == b"hello!"
        here.append(ord("?"))
        assert student.there(lambda kept: bytes(kept[0]), student.name("kept")) == b"hello!?"
