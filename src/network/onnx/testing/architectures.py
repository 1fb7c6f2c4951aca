"""Small networks of the architectures that torchvision has, exported to ONNX with random weights.

    python3 architectures.py FOLDER [NAME ...]

writes for each NAME.onnx, NAME.json (shapes of every module's output) and NAME.bin (an input and those outputs as
float32 in a row, maps as [N, H, W, C]). The blocks are those of torchvision; widths and depths are cut.
"""

import json
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
SIZE = 32
CLASSES = 7


def conv_bn(i, o, k=3, s=1, g=1, act=nn.ReLU):
    layers = [nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Bottleneck(nn.Module):
    """ResNet's, ResNeXt's (groups) and RegNet's (squeeze-and-excitation)."""

    def __init__(self, i, w, o, s=1, groups=1, squeeze=0):
        super().__init__()
        self.a, self.b, self.c = conv_bn(i, w, 1), conv_bn(w, w, 3, s, groups), conv_bn(w, o, 1, act=None)
        self.se = Squeeze(w, squeeze, nn.ReLU, nn.Sigmoid) if squeeze else None
        self.downsample = conv_bn(i, o, 1, s, act=None) if s > 1 or i != o else None
        self.relu = nn.ReLU()

    def forward(self, x):
        y = self.b(self.a(x))
        y = self.se(y) if self.se else y
        return self.relu(self.c(y) + (self.downsample(x) if self.downsample else x))


class Basic(nn.Module):
    def __init__(self, i, o, s=1):
        super().__init__()
        self.conv1, self.conv2 = conv_bn(i, o, 3, s), conv_bn(o, o, act=None)
        self.downsample = conv_bn(i, o, 1, s, act=None) if s > 1 or i != o else None
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.conv2(self.conv1(x)) + (self.downsample(x) if self.downsample else x))


class Squeeze(nn.Module):
    def __init__(self, c, r, act, gate):
        super().__init__()
        self.avgpool, self.fc1, self.fc2 = nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, r, 1), nn.Conv2d(r, c, 1)
        self.activation, self.scale = act(), gate()

    def forward(self, x):
        return x * self.scale(self.fc2(self.activation(self.fc1(self.avgpool(x)))))


class Head(nn.Module):
    def __init__(self, features, channels, *more):
        super().__init__()
        self.features, self.avgpool = features, nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(*more, nn.Dropout(0.2), nn.Linear(channels, CLASSES))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class ResNet(nn.Module):
    def __init__(self, block, widths):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        i = 8
        for n, o in enumerate(widths, 1):
            s = 1 if n == 1 else 2
            setattr(self, f"layer{n}", nn.Sequential(block(i, o, s), block(o, o, 1)))
            i = o
        self.n, self.avgpool, self.fc = len(widths), nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(i, CLASSES)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for n in range(1, self.n + 1):
            x = getattr(self, f"layer{n}")(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Inverted(nn.Module):
    """MobileNet's and EfficientNet's block."""

    def __init__(self, i, e, o, k, s, act, squeeze=None):
        super().__init__()
        layers = [conv_bn(i, e, 1, act=act)] if e != i else []
        layers += [conv_bn(e, e, k, s, e, act)]
        layers += [Squeeze(e, max(4, e // 4), *squeeze)] if squeeze else []
        self.block = nn.Sequential(*layers, conv_bn(e, o, 1, act=None))
        self.residual = s == 1 and i == o

    def forward(self, x):
        return x + self.block(x) if self.residual else self.block(x)


def mobilenet_v2():
    act = nn.ReLU6
    return Head(
        nn.Sequential(
            conv_bn(3, 8, 3, 2, act=act), Inverted(8, 8, 8, 3, 1, act), Inverted(8, 24, 12, 3, 2, act),
            Inverted(12, 36, 12, 3, 1, act), Inverted(12, 36, 16, 3, 2, act), conv_bn(16, 32, 1, act=act),
        ), 32)


def mobilenet_v3():
    act, se = nn.Hardswish, (nn.ReLU, nn.Hardsigmoid)
    return Head(
        nn.Sequential(
            conv_bn(3, 8, 3, 2, act=act), Inverted(8, 8, 8, 3, 2, nn.ReLU, se), Inverted(8, 24, 12, 5, 1, act, se),
            Inverted(12, 36, 12, 5, 1, act, se), conv_bn(12, 32, 1, act=act),
        ), 40, nn.Linear(32, 40), nn.Hardswish())


def mnasnet():
    return Head(
        nn.Sequential(
            conv_bn(3, 8, 3, 2), conv_bn(8, 8, 3, 1, 8), conv_bn(8, 6, 1, act=None), Inverted(6, 18, 10, 3, 2, nn.ReLU),
            Inverted(10, 30, 10, 5, 1, nn.ReLU), conv_bn(10, 32, 1),
        ), 32)


def efficientnet():
    act, se = nn.SiLU, (nn.SiLU, nn.Sigmoid)
    return Head(
        nn.Sequential(
            conv_bn(3, 8, 3, 2, act=act), Inverted(8, 8, 8, 3, 1, act, se), Inverted(8, 32, 12, 5, 2, act, se),
            Inverted(12, 48, 12, 5, 1, act, se), conv_bn(12, 32, 1, act=act),
        ), 32)


class Shuffle(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.s, h = s, o // 2
        first = i if s > 1 else h
        self.branch1 = nn.Sequential(conv_bn(i, i, 3, s, i, None), conv_bn(i, h, 1)) if s > 1 else None
        self.branch2 = nn.Sequential(conv_bn(first, h, 1), conv_bn(h, h, 3, s, h, None), conv_bn(h, h, 1))

    def forward(self, x):
        if self.s == 1:
            a, b = x.chunk(2, dim=1)
            y = torch.cat((a, self.branch2(b)), 1)
        else:
            y = torch.cat((self.branch1(x), self.branch2(x)), 1)
        n, c, h, w = y.size()
        return torch.transpose(y.view(n, 2, c // 2, h, w), 1, 2).contiguous().view(n, c, h, w)


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.maxpool = conv_bn(3, 8, 3, 2), nn.MaxPool2d(3, 2, 1)
        self.stage2 = nn.Sequential(Shuffle(8, 16, 2), Shuffle(16, 16, 1), Shuffle(16, 16, 1))
        self.conv5, self.fc = conv_bn(16, 24, 1), nn.Linear(24, CLASSES)

    def forward(self, x):
        return self.fc(self.conv5(self.stage2(self.maxpool(self.conv1(x)))).mean([2, 3]))


class Fire(nn.Module):
    def __init__(self, i, s, e):
        super().__init__()
        self.squeeze, self.a, self.b = nn.Conv2d(i, s, 1), nn.Conv2d(s, e, 1), nn.Conv2d(s, e, 3, padding=1)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.act(self.squeeze(x))
        return torch.cat([self.act(self.a(x)), self.act(self.b(x))], 1)


class SqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2), nn.ReLU(), pool, Fire(8, 4, 8), Fire(16, 4, 8), nn.MaxPool2d(3, 2, ceil_mode=True),
            Fire(16, 6, 12))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(24, CLASSES, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


class Inception(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.branch1, self.branch2 = conv_bn(i, o, 1), nn.Sequential(conv_bn(i, o, 1), conv_bn(o, o, 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), conv_bn(i, o, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch4(x)], 1)


class GoogLeNet(nn.Module):
    """With an auxiliary classifier: two outputs."""

    def __init__(self):
        super().__init__()
        self.conv1, self.maxpool1 = conv_bn(3, 8, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception3a, self.inception3b = Inception(8, 6), Inception(18, 8)
        self.aux = nn.Sequential(nn.AvgPool2d(3, 2, 1), nn.Flatten(), nn.Linear(18 * 16, CLASSES))
        self.inception4a, self.avgpool, self.fc = Inception(24, 8), nn.AdaptiveAvgPool2d(1), nn.Linear(24, CLASSES)

    def forward(self, x):
        # As torchvision's transform_input.
        x = torch.cat([(x[:, c : c + 1] * s + b) for c, s, b in ((0, 0.9, 0.1), (1, 0.8, 0.2), (2, 0.7, 0.3))], 1)
        x = self.inception3a(self.maxpool1(self.conv1(x)))
        aux = self.aux(x)
        x = self.inception4a(self.inception3b(x))
        return self.fc(torch.flatten(self.avgpool(x), 1)), aux


class Dense(nn.Module):
    def __init__(self, i, grow):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(i), nn.Conv2d(i, 4 * grow, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * grow), nn.Conv2d(4 * grow, grow, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))
        return torch.cat([x, y], 1)


def densenet():
    transition = nn.Sequential(nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 8, 1, bias=False), nn.AvgPool2d(2, 2))
    return Head(
        nn.Sequential(
            conv_bn(3, 8, 7, 2), nn.MaxPool2d(3, 2, 1), nn.Sequential(Dense(8, 4), Dense(12, 4)), transition,
            nn.Sequential(Dense(8, 4), Dense(12, 4)), nn.BatchNorm2d(16), nn.ReLU(),
        ), 16)


def vgg():
    features, i = [], 3
    for o in (8, "M", 12, 12, "M", 16, "M"):
        if o == "M":
            features += [nn.MaxPool2d(2, 2)]
        else:
            features += [nn.Conv2d(i, o, 3, padding=1), nn.ReLU(inplace=True)]
            i = o

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.features, self.avgpool = nn.Sequential(*features), nn.AdaptiveAvgPool2d((2, 2))
            self.classifier = nn.Sequential(
                nn.Linear(64, 24), nn.ReLU(True), nn.Dropout(), nn.Linear(24, CLASSES))

        def forward(self, x):
            return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

    return Net()


class ConvNext(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.dw, self.norm = nn.Conv2d(c, c, 7, padding=3, groups=c), nn.LayerNorm(c, eps=1e-6)
        self.up, self.act, self.down = nn.Linear(c, 4 * c), nn.GELU(), nn.Linear(4 * c, c)
        self.layer_scale = nn.Parameter(torch.rand(c, 1, 1))

    def forward(self, x):
        y = self.norm(self.dw(x).permute(0, 2, 3, 1))
        y = self.down(self.act(self.up(y))).permute(0, 3, 1, 2)
        return x + self.layer_scale * y


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = F.layer_norm(x.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


def convnext():
    features = nn.Sequential(
        nn.Sequential(nn.Conv2d(3, 8, 4, 4), LayerNorm2d(8)), ConvNext(8), ConvNext(8),
        nn.Sequential(LayerNorm2d(8), nn.Conv2d(8, 12, 2, 2)), ConvNext(12))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.features, self.avgpool = features, nn.AdaptiveAvgPool2d(1)
            self.classifier = nn.Sequential(LayerNorm2d(12), nn.Flatten(1), nn.Linear(12, CLASSES))

        def forward(self, x):
            return self.classifier(self.avgpool(self.features(x)))

    return Net()


NETWORKS = {
    "resnet": lambda: ResNet(Basic, (8, 12, 16)),
    "resnet50": lambda: ResNet(lambda i, o, s: Bottleneck(i, o // 2, o, s), (16, 24)),
    "resnext": lambda: ResNet(lambda i, o, s: Bottleneck(i, o, o, s, 4), (16, 24)),
    "regnet": lambda: ResNet(lambda i, o, s: Bottleneck(i, o, o, s, 2, 6), (16, 24)),
    "mobilenet_v2": mobilenet_v2,
    "mobilenet_v3": mobilenet_v3,
    "mnasnet": mnasnet,
    "efficientnet": efficientnet,
    "shufflenet": ShuffleNet,
    "squeezenet": SqueezeNet,
    "googlenet": GoogLeNet,
    "densenet": densenet,
    "vgg": vgg,
    "convnext": convnext,
}

# Operation sets beside the default one, so that older and newer spellings are read too.
OPSETS = {"resnet": 9, "mobilenet_v3": 12, "efficientnet": 16, "convnext": 13, "shufflenet": 11}


def randomise(network):
    """Statistics of normalisations as a training would leave them, so that folding is seen."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)


def last(x):
    return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).contiguous()


def export(name, folder):
    torch.manual_seed(len(name))
    network = NETWORKS[name]()
    randomise(network)
    network.eval()
    x = torch.randn(2, 3, SIZE, SIZE)
    outputs = {}

    def keep(path):
        def hook(_module, _inputs, output):
            if isinstance(output, torch.Tensor):
                outputs[path] = last(output.detach()).clone()

        return hook

    hooks = [m.register_forward_hook(keep(path)) for path, m in network.named_modules() if path]
    with torch.no_grad():
        whole = network(x)
    for hook in hooks:
        hook.remove()
    for n, output in enumerate(whole if isinstance(whole, tuple) else (whole,)):
        outputs[f"output {n}"] = output.detach()
    torch.onnx.export(
        network, torch.zeros(1, 3, SIZE, SIZE), str(folder / f"{name}.onnx"), opset_version=OPSETS.get(name, 14),
        input_names=["image"], dynamic_axes={"image": {0: "batch"}})
    arrays = {"input": last(x), **outputs}
    (folder / f"{name}.json").write_text(json.dumps({key: list(a.shape) for key, a in arrays.items()}))
    (folder / f"{name}.bin").write_bytes(b"".join(a.float().numpy().tobytes() for a in arrays.values()))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for each in sys.argv[2:] or NETWORKS:
        export(each, target)
