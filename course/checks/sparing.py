"""Networks that a test makes for their shapes: to fill millions of weights takes longer than all else it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

_LARGE = 10_000  # numbers of a tensor; smaller ones are drawn as ever
_DRAWS = ("normal_", "uniform_")  # what fills a tensor at random; all of torch.nn.init comes down to these


@contextmanager
def unfilled(on: str = "cpu") -> Iterator[None]:
    """Leave large weights as their memory was, whoever makes them and however; ``on="meta"`` gives none any numbers.

    For use within a function of `checks.on_student_side`, and for the network that it is compared with.
    """
    if on == "meta":
        with torch.device(on), _sparing(0):
            yield
    else:
        with _sparing(_LARGE):
            yield


@contextmanager
def shallow() -> Iterator[None]:
    """Let torchvision make its ResNets with one thin layer for each stage of blocks: shapes and ends are as ever.

    For what only a first or last layer tells: of the eleven million weights of a ResNet-18 a fiftieth is left.
    """
    from torchvision.models.resnet import ResNet

    def stage(net: Any, block: Any, planes: int, blocks: int, stride: int = 1, dilate: bool = False) -> torch.nn.Module:
        width, net.inplanes = net.inplanes, planes * block.expansion
        return torch.nn.Sequential(torch.nn.Conv2d(width, net.inplanes, 1, stride, bias=False))

    whole, ResNet._make_layer = ResNet._make_layer, stage
    try:
        yield
    finally:
        ResNet._make_layer = whole


@contextmanager
def _sparing(most: int) -> Iterator[None]:
    """Hand back tensors of more numbers than `most` that are to be filled; as methods, since a mode sees every call."""
    fills = {name: getattr(torch.Tensor, name) for name in _DRAWS}
    for name, fill in fills.items():
        setattr(torch.Tensor, name, _spared(fill, most))
    try:
        yield
    finally:
        for name, fill in fills.items():
            setattr(torch.Tensor, name, fill)


def _spared(fill: Callable[..., torch.Tensor], most: int) -> Callable[..., torch.Tensor]:
    def spared(tensor: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        return tensor if tensor.numel() > most else fill(tensor, *args, **kwargs)

    return spared
