"""ResNets as in torchvision: 7x7 stride-2 stem, 3x3 stride-2 max-pool, four layers of residual blocks.

Fed 32x32 images the maps are 16x16 after the stem, 8x8 in layer1, then 4x4, 2x2 and 1x1.
"""
from collections import OrderedDict

import torch
from torch import nn

SIZE = 32  # side of the input images in pixels


def conv(cin, cout, kernel, stride=1):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    """Convolutions with BN, a shortcut, ReLU after all; `shapes` lists (cin, cout, kernel, stride) of each."""

    def __init__(self, shapes, stride):
        super().__init__()
        self.depth = len(shapes)
        for i, shape in enumerate(shapes, 1):
            self.add_module(f"conv{i}", conv(*shape))
            self.add_module(f"bn{i}", nn.BatchNorm2d(shape[1]))
        cin, cout = shapes[0][0], shapes[-1][1]
        self.downsample = None
        if stride != 1 or cin != cout:
            parts = OrderedDict(conv=conv(cin, cout, 1, stride), bn=nn.BatchNorm2d(cout))
            self.downsample = nn.Sequential(parts)

    def branch(self, x):
        """What is added to the shortcut."""
        for i in range(1, self.depth + 1):
            x = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))
            if i < self.depth:
                x = torch.relu(x)
        return x

    def shortcut(self, x):
        return x if self.downsample is None else self.downsample(x)

    def forward(self, x):
        """[N, cin, H, W] to [N, cout, H/stride, W/stride]."""
        return torch.relu(self.branch(x) + self.shortcut(x))


def basic(cin, planes, stride, widen):
    """Two 3x3 convolutions; `planes` channels out."""
    return Block([(cin, planes, 3, stride), (planes, planes, 3, 1)], stride)


def bottleneck(cin, planes, stride, widen):
    """1x1, 3x3 (which strides), 1x1; 4 * `planes` channels out, `widen` times the inner width."""
    inner = planes * widen
    return Block([(cin, inner, 1, 1), (inner, inner, 3, stride), (inner, 4 * planes, 1, 1)], stride)


def initialise(module):
    """He et al.'s start for every convolution in `module`, which is returned; biases at zero."""
    for m in module.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    return module


class ResNet(nn.Module):
    def __init__(self, block, counts, channels, classes, width=1.0, expansion=1, widen=1):
        super().__init__()
        planes = [max(1, round(p * width)) for p in (64, 128, 256, 512)]
        self.conv1 = conv(channels, planes[0], 7, 2)
        self.bn1 = nn.BatchNorm2d(planes[0])
        self.pool = nn.MaxPool2d(3, 2, 1)
        cin = planes[0]
        for i, (count, p) in enumerate(zip(counts, planes), 1):
            blocks = []
            for j in range(count):
                blocks.append(block(cin, p, 2 if i > 1 and j == 0 else 1, widen))
                cin = p * expansion
            self.add_module(f"layer{i}", nn.Sequential(*blocks))
        self.fc = nn.Linear(cin, classes)
        initialise(self)

    def zero_residuals(self):
        """Start every residual branch at zero, so that a deep network begins as a shallow one (Goyal et al. 2017)."""
        for m in self.modules():
            if isinstance(m, Block):
                nn.init.zeros_(getattr(m, f"bn{m.depth}").weight)

    def blocks(self):
        """Every residual block with its name, in order."""
        for i in range(1, 5):
            for j, block in enumerate(getattr(self, f"layer{i}")):
                yield f"layer{i}.{j}", block

    def stem(self, x):
        """Normalised images [N, C, 32, 32] to what the first block sees [N, planes, 8, 8]."""
        return self.pool(torch.relu(self.bn1(self.conv1(x))))

    def forward(self, x):
        """Normalised images [N, C, 32, 32] to logits [N, K]."""
        x = self.stem(x)
        for _, block in self.blocks():
            x = block(x)
        return self.fc(x.mean((2, 3)))


NETWORKS = {
    "resnet18": dict(block=basic, counts=(2, 2, 2, 2)),
    "resnet152": dict(block=bottleneck, counts=(3, 8, 36, 3), expansion=4),
    "wideresnet101-2": dict(block=bottleneck, counts=(3, 4, 23, 3), expansion=4, widen=2),
}
TITLES = {"resnet18": "ResNet-18", "resnet152": "ResNet-152", "wideresnet101-2": "WideResNet-101-2"}


def build(network, channels, classes, width=1.0):
    """A fresh network: name from NETWORKS, `channels` in (1 or 3), `classes` logits out."""
    return ResNet(channels=channels, classes=classes, width=width, **NETWORKS[network])
