"""Small networks and traces that tests share."""
from __future__ import annotations

import unittest
from pathlib import Path

import numpy as np

import offramp

try:
    import torch
    from torch import nn
except ImportError:
    torch = None

ROOT = Path(__file__).resolve().parents[2]

needs_torch = unittest.skipIf(torch is None, "PyTorch is not installed")


def small_trace(count=200, exits=4, k=5, seed=0, **changes):
    """Confidences with ties, labels that get better with depth."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, k, count)
    right = rng.random((exits, count)) < np.linspace(0.4, 0.9, exits)[:, None]
    prediction = np.where(right, label, rng.integers(0, k, (exits, count)))
    confidence = np.round(rng.random((exits, count)) * 0.5 + 0.4 * right, 2)
    asked = dict(labels=label, prediction=prediction, confidence=confidence, rule="above", flops=np.arange(1, exits + 1) * 100)
    return offramp.from_arrays(**{**asked, **changes})


class Sentences(unittest.TestCase):
    """Faults are sentences that say what they are about, and nothing else comes out."""

    def refuses(self, pattern, work, *args, **kwargs):
        with self.assertRaisesRegex(offramp.TraceError, pattern) as caught:
            work(*args, **kwargs)
        for fault in caught.exception.faults:
            self.assertRegex(fault, r"^\S.*[.)\]]$", "a sentence ends with a full stop")
        return caught.exception


if torch is not None:

    class Block(nn.Module):
        """torchvision's BasicBlock."""

        def __init__(self, cin, cout, stride=1):
            super().__init__()
            self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(cout)
            self.relu = nn.ReLU(inplace=True)
            self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(cout)
            self.downsample = None
            if stride != 1 or cin != cout:
                self.downsample = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

        def forward(self, x):
            y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            return self.relu(y + (x if self.downsample is None else self.downsample(x)))

    class ResNet(nn.Module):
        """torchvision's ResNet, two stages of it, four channels wide."""

        def __init__(self, classes=5):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(4)
            self.relu = nn.ReLU(inplace=True)
            self.maxpool = nn.MaxPool2d(3, 2, 1)
            self.layer1 = nn.Sequential(Block(4, 4), Block(4, 4))
            self.layer2 = nn.Sequential(Block(4, 8, 2), Block(8, 8))
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.fc = nn.Linear(8, classes)

        def forward(self, x):
            x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
            x = self.layer2(self.layer1(x))
            return self.fc(torch.flatten(self.avgpool(x), 1))

    class Transformer(nn.Module):
        """Tokens [B, T, 12], three encoder layers, the mean token classified."""

        def __init__(self, classes=5):
            super().__init__()
            layer = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 3)
            self.head = nn.Linear(12, classes)

        def forward(self, x):
            return self.head(self.encoder(x).mean(1))

    class TwoOutputs(nn.Module):
        """A branch and the network's own output."""

        def __init__(self, classes=5, keys=None):
            super().__init__()
            self.first, self.second = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 6, 3, padding=1)
            self.branch, self.fc = nn.Linear(4, classes), nn.Linear(6, classes)
            self.keys = keys

        def forward(self, x):
            x = torch.relu(self.first(x))
            y = torch.relu(self.second(x))
            found = self.branch(x.mean((2, 3))), self.fc(y.mean((2, 3)))  # the branch runs after the second convolution
            return found if self.keys is None else dict(zip(self.keys, found))

    def seeded(network, seed=0, **kwargs):
        """The network with random weights and statistics of its batch normalisations, in inference mode."""
        torch.manual_seed(seed)
        model = network(**kwargs)
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 1.5)
        return model.eval()

    def loader(count=60, batch=16, shape=(3, 32, 32), classes=5, seed=1):
        """Batches of noise whose brightness depends on the class; the last one smaller."""
        generator = torch.Generator().manual_seed(seed)
        y = torch.randint(0, classes, (count,), generator=generator)
        x = torch.randn(count, *shape, generator=generator) + 0.5 * y.view(-1, *[1] * len(shape))
        return [(x[i : i + batch], y[i : i + batch]) for i in range(0, count, batch)]
