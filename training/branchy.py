"""BranchyNet (Teerapittayanon et al. 2016) on a ResNet: two branches, trained jointly with the network.

Branch 1 hangs on the first convolution's output, branch 2 on the first residual block whose end is at or past a third
of the multiply-accumulates. The paper's branches are as wide as its networks' first layers; on 32x32 images that would
make branch 1 as dear as the rest of ResNet-18, so both start by halving the map and branch 1 is a quarter as wide:

    branch 1: 3x3 stride-2 max-pool, conv 5x5, ReLU, conv 3x3, ReLU, conv 3x3, ReLU, linear
    branch 2: a residual block of stride 2, linear
"""
import torch
from torch import nn

import cost
from resnet import NETWORKS, Block, ResNet, initialise

WEIGHTS = (1 / 6, 1 / 4, 1.0)  # of the cross-entropies of branch 1, branch 2 and the network (E2CM paper, section 4.2)
SHARE = 1 / 3  # of the multiply-accumulates, at or past which branch 2 sits


def flat(x):
    """[N, C, H, W] to [N, H * W * C], in the order in which NHWC maps lie in memory."""
    return x.permute(0, 2, 3, 1).flatten(1)


class ConvBranch(nn.Module):
    """[N, cin, side, side] to logits; `width` channels in the first convolution and half of it in the others."""

    def __init__(self, cin, side, width, classes):
        super().__init__()
        thin = width // 2
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.conv1 = nn.Conv2d(cin, width, 5, padding=2)
        self.conv2 = nn.Conv2d(width, thin, 3, padding=1)
        self.conv3 = nn.Conv2d(thin, thin, 3, padding=1)
        self.fc = nn.Linear(thin * (side // 2) ** 2, classes)

    def forward(self, x):
        x = self.pool(x)
        for m in (self.conv1, self.conv2, self.conv3):
            x = torch.relu(m(x))
        return self.fc(flat(x))


class BlockBranch(nn.Module):
    """[N, cin, side, side] to logits."""

    def __init__(self, cin, side, classes):
        super().__init__()
        self.block = Block([(cin, cin, 3, 2), (cin, cin, 3, 1)], 2)
        self.fc = nn.Linear(cin * (-(-side // 2)) ** 2, classes)

    def forward(self, x):
        return self.fc(flat(self.block(x)))


def second_place(model, channels):
    """Name of the block that branch 2 hangs on, with the channels and the side of its output."""
    shapes = {}
    costs = cost.by_module(model, channels, shapes)
    total, done = sum(costs.values()), costs["conv1"]
    for i in range(1, 5):
        for j, block in enumerate(getattr(model, f"layer{i}")):
            name = f"layer{i}.{j}"
            done += sum(macs for module, macs in costs.items() if module.startswith(f"{name}."))
            if done >= SHARE * total:
                return name, *shapes[f"{name}.conv{block.depth}"][1:3]
    raise AssertionError("a ResNet's blocks end past a third of its cost")


class BranchyResNet(ResNet):
    """A ResNet whose forward pass gives the logits of branch 1, branch 2 and the network."""

    def __init__(self, channels, classes, **shape):
        super().__init__(channels=channels, classes=classes, **shape)
        self.second, cin, side = second_place(ResNet(channels=channels, classes=classes, **shape), channels)
        stem = self.conv1.out_channels
        self.branch1 = initialise(ConvBranch(stem, 16, max(8, stem // 4), classes))
        self.branch2 = initialise(BlockBranch(cin, side, classes))

    def forward(self, x):
        """Normalised images [N, C, 32, 32] to three times [N, K]."""
        x = torch.relu(self.bn1(self.conv1(x)))
        first, x = self.branch1(x), self.pool(x)
        for name, block in self.blocks():
            x = block(x)
            if name == self.second:
                second = self.branch2(x)
        return first, second, self.fc(x.mean((2, 3)))


def build(network, channels, classes, width=1.0):
    """A fresh network with branches: name from NETWORKS, `channels` in (1 or 3), `classes` logits out of each exit."""
    return BranchyResNet(channels=channels, classes=classes, width=width, **NETWORKS[network])
