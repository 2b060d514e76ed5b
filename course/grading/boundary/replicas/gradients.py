"""backward() through a value that came from the other side.

A tensor with a graph crosses with the list of what it depends on over there: leaves that both sides know, and tensors
that this side had sent. Here it gets an autograd node on those inputs, whose backward asks the other side for its share
of the chain rule. Each side only walks its own part of the graph: what lies behind the other's node is left to it.

Leaves that only the owner knows (a student's weights) get their gradient when this side's backward() accumulates, and
not when torch.autograd.grad only computes; the owner is told with the next message.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.autograd.graph import GradientEdge

from course.grading.boundary.transport.wire import WireViolation

Leaf, FromPeer = tuple[torch.Tensor, None], tuple[None, int]
AskGradient = Callable[[int, torch.Tensor, bool], list[torch.Tensor | None]]


@dataclass(frozen=True)
class Graph:
    """A tensor of this side that the other side may ask the gradient of."""

    tensor: torch.Tensor
    inputs: list[Any]  # tensors or graph edges that the other side knows
    unshared: list[torch.Tensor]  # leaves that only this side knows


class Lease:
    """Lives as long as this side can still ask for one graph's gradient."""

    __slots__ = ("__weakref__",)


@dataclass
class Graphs:
    """What one end knows of graphs: its own that the other side may ask for, and news for the other side."""

    ask: AskGradient
    own: dict[int, Graph] = field(default_factory=dict)
    finished: list[int] = field(default_factory=list)  # graphs of the other side that this side needs no longer
    accumulated: list[int] = field(default_factory=list)  # graphs of the other side that a backward() here went through
    _computed: dict[int, list[torch.Tensor | None]] = field(default_factory=dict)
    _next: int = 1
    _cut: int = 0

    def record(self, tensor: torch.Tensor, known: Callable[[torch.Tensor], int | None]) -> tuple[int, bool, list[Any]]:
        """Keep a tensor's graph; return its number, if it has unshared leaves, and its inputs by the peer's names."""
        leaves, nodes = _ends(tensor)
        inputs: list[Any] = [GradientEdge(node, 0) for node in nodes]
        names: list[tuple[bool, int]] = [(True, node.number) for node in nodes]
        unshared = []
        for leaf in leaves:
            key = known(leaf)
            if key is None:
                unshared.append(leaf)
            else:
                inputs.append(leaf)
                names.append((False, key))
        number, self._next = self._next, self._next + 1
        self.own[number] = Graph(tensor, inputs, unshared)
        return number, bool(unshared), names

    def join(self, number: int, unshared: bool, value: torch.Tensor, inputs: list[torch.Tensor]) -> torch.Tensor:
        """The other side's tensor as part of a graph here."""
        anchor = None
        if unshared or not any(tensor.requires_grad for tensor in inputs):
            anchor = torch.zeros((), requires_grad=True)
            anchor.register_post_accumulate_grad_hook(lambda anchor: self._note(number, anchor))
        with torch.enable_grad():
            joined: torch.Tensor = Across.apply(self, number, [value], anchor, *inputs)
        return joined

    def _note(self, number: int, anchor: torch.Tensor) -> None:
        anchor.grad = None
        self.accumulated.append(number)

    def tensor(self, number: int) -> torch.Tensor:
        """This side's tensor of that graph; raises WireViolation when there is none."""
        graph = self.own.get(number)
        if graph is None:
            raise WireViolation("a graph that does not exist")
        return graph.tensor

    def gradient(self, number: int, grad: torch.Tensor, create_graph: bool) -> list[torch.Tensor | None]:
        """The gradients of the graph's inputs; those of its unshared leaves are kept until the peer accumulates."""
        tensor, graph = self.tensor(number), self.own[number]
        wanted = (*graph.inputs, *graph.unshared)
        if not wanted:
            return []
        with self._only_this_side():
            grads = torch.autograd.grad(
                tensor, wanted, grad, retain_graph=True, create_graph=create_graph, allow_unused=True
            )
        self._computed[number] = list(grads[len(graph.inputs) :])
        return list(grads[: len(graph.inputs)])

    @contextmanager
    def _only_this_side(self) -> Iterator[None]:
        self._cut += 1
        try:
            yield
        finally:
            self._cut -= 1

    def is_cut(self) -> bool:
        """Whether a gradient is computed for the peer, which sees to its own part itself."""
        return self._cut > 0

    def accumulate(self, number: int) -> None:
        """Add the gradients last computed for the peer to the unshared leaves; numbers that have none are nothing."""
        computed = self._computed.pop(number, None)
        if computed is None or number not in self.own:
            return
        with torch.no_grad():
            for leaf, grad in zip(self.own[number].unshared, computed, strict=True):
                if grad is not None:
                    leaf.grad = grad.detach().clone() if leaf.grad is None else leaf.grad.add_(grad.detach())

    def forget(self, number: int) -> None:
        """The peer will ask for this graph no more."""
        self.own.pop(number, None)
        self._computed.pop(number, None)

    def undo(self, before: int) -> None:
        """Take back the graphs recorded after the first `before`: the message that told of them was not sent."""
        for number in list(self.own)[before:]:
            self.forget(number)

    def lease(self, number: int) -> Lease:
        """A token whose end tells the peer to forget the graph."""
        lease = Lease()
        weakref.finalize(lease, self.finished.append, number).atexit = False
        return lease


class Across(torch.autograd.Function):
    """The node between a tensor from the other side and its inputs on this one."""

    @staticmethod
    def forward(ctx: Any, graphs: Graphs, number: int, value: list[torch.Tensor], *inputs: Any) -> torch.Tensor:
        ctx.graphs, ctx.number, ctx.lease = graphs, number, graphs.lease(number)
        ctx.wanted = [isinstance(tensor, torch.Tensor) and tensor.requires_grad for tensor in inputs]
        return value.pop()

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        blank = (None, None, None)
        if ctx.graphs.is_cut():
            return (*blank, *(None for _ in ctx.wanted))
        found = ctx.graphs.ask(ctx.number, grads[0], torch.is_grad_enabled())
        anchor = torch.zeros(()) if ctx.wanted[0] else None
        return (*blank, anchor, *(grad if wanted else None for grad, wanted in zip(found, ctx.wanted[1:], strict=True)))


_NODE: type = Across._backward_cls


def _ends(tensor: torch.Tensor) -> tuple[list[torch.Tensor], list[Any]]:
    """The leaves that a tensor's graph starts from, and the nodes of the peer's tensors in it."""
    leaves: list[torch.Tensor] = []
    nodes: list[Any] = []
    seen: set[Any] = set()
    stack: list[Any] = [tensor.grad_fn]
    while stack:
        node = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if isinstance(node, _NODE):
            nodes.append(node)
        elif type(node).__name__ == "AccumulateGrad":
            leaves.append(node.variable)
        else:
            stack += [before for before, _ in node.next_functions]
    return leaves, nodes
