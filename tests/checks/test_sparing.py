"""`unfilled`: large weights are not drawn, small ones are, and nothing is different afterwards."""

import torch
from torch import nn
from torchvision.models import resnet18

from course.checks.sparing import unfilled


def test_a_network_without_numbers_draws_nothing() -> None:
    before = torch.get_rng_state()
    with unfilled(on="meta"):
        net = resnet18(num_classes=7)
    assert torch.equal(torch.get_rng_state(), before)
    assert {p.device.type for p in net.parameters()} == {"meta"}
    assert sum(p.numel() for p in net.parameters()) == sum(p.numel() for p in resnet18(num_classes=7).parameters())


def test_small_layers_are_drawn_and_large_ones_are_not() -> None:
    def draws(make_layer: object) -> bool:
        before = torch.get_rng_state()
        assert callable(make_layer)
        make_layer()
        return not torch.equal(torch.get_rng_state(), before)

    large = torch.empty(100, 101)
    with unfilled():
        assert draws(lambda: nn.Conv2d(3, 4, 5))
        assert not draws(lambda: nn.init.kaiming_normal_(large))
        assert not draws(lambda: nn.init.xavier_uniform_(tensor=large))
        assert not draws(lambda: large.normal_())
        first, second = (nn.Linear(3, 2).weight for _ in range(2))
    assert not torch.equal(first, second)
    assert draws(lambda: large.normal_())  # afterwards all is filled again


def test_an_unfilled_network_can_be_run_for_its_shapes() -> None:
    with unfilled():
        net = resnet18(num_classes=3).eval()
    with torch.no_grad():
        assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 3)
