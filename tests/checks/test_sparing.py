"""`unfilled`: large weights are not drawn, small ones are, and nothing is different afterwards.

`shallow`: ResNets with the shapes and the ends of whole ones.
"""

import torch
from torch import nn
from torchvision.models import resnet18, resnet50

from course.checks.sparing import shallow, unfilled


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


def test_a_shallow_network_has_the_shapes_and_the_ends_of_a_whole_one() -> None:
    pictures = torch.zeros(2, 3, 64, 48)
    for make in (resnet18, resnet50):
        with shallow():
            thin = make(num_classes=5).eval()
        whole = make(num_classes=5).eval()  # afterwards they are whole again
        assert 5 * sum(p.numel() for p in thin.layer4.parameters()) < sum(p.numel() for p in whole.layer4.parameters())
        assert str(thin.conv1) == str(whole.conv1)
        assert str(thin.fc) == str(whole.fc)
        with torch.no_grad():
            assert thin(pictures).shape == whole(pictures).shape
            for stages in range(1, 5):
                layers = [f"layer{number}" for number in range(1, stages + 1)]
                found = [
                    nn.Sequential(net.conv1, net.maxpool, *map(net.get_submodule, layers)) for net in (thin, whole)
                ]
                assert found[0](pictures).shape == found[1](pictures).shape
