"""Ten Adam steps of an internal classifier of a Shallow-Deep Network, for the page's trainer to agree with.

Writes training/golden_sdn.json: initial weights, losses of ten steps, gradients of the first and the weights after
the last, of a classifier on mixed pooling (alpha * max + (1 - alpha) * avg) and of one without pooling. Feature maps come
from the generator below, in NHWC order, in multiples of 1/64 below 4: they and their averages over 2x2 are exact in 16
bits, so that no rounding hides behind the tolerance.

    state = (1664525 * state + 1013904223) mod 2^32;  r = state >>> 24;  value = r / 64 where r is odd, else 0
"""
import json
import sys

import torch
from torch import nn
from torch.nn import functional as F

STEPS, BATCH, CLASSES, SIDE, CHANNELS, SEED = 10, 18, 5, 8, 3, 20221123


class Numbers:
    def __init__(self, seed):
        self.state = seed

    def byte(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return self.state >> 24

    def value(self):
        r = self.byte()
        return r / 64 if r % 2 else 0.0


def batches(numbers):
    """STEPS pairs of maps [BATCH, CHANNELS, SIDE, SIDE] (drawn in NHWC order) and labels [BATCH]."""
    out = []
    for _ in range(STEPS):
        count = BATCH * SIDE * SIDE * CHANNELS
        maps = torch.tensor([numbers.value() for _ in range(count)])
        labels = torch.tensor([numbers.byte() % CLASSES for _ in range(BATCH)])
        out.append((maps.view(BATCH, SIDE, SIDE, CHANNELS), labels))
    return out


def pooled(maps):
    """[B, H, W, C] max- and average-pooled over 2x2, each flattened in HWC order."""
    x = maps.permute(0, 3, 1, 2)
    flat = lambda y: y.permute(0, 2, 3, 1).reshape(len(maps), -1)
    return flat(F.max_pool2d(x, SIDE // 4)), flat(F.avg_pool2d(x, SIDE // 4))


def train(data, mixed):
    torch.manual_seed(1)
    inputs = 16 * CHANNELS if mixed else SIDE * SIDE * CHANNELS
    linear, alpha = nn.Linear(inputs, CLASSES), nn.Parameter(torch.rand(1))
    numbers = lambda tensor: [float("%.9g" % v) for v in tensor.detach().flatten()]
    weights = lambda get: {
        "weights": numbers(get(linear.weight).t()),
        "bias": numbers(get(linear.bias)),
        "alpha": numbers(get(alpha))[0] if mixed else 0,
    }
    start = weights(lambda p: p)
    parameters = [*linear.parameters()] + ([alpha] if mixed else [])
    adam = torch.optim.Adam(parameters, lr=1e-3)
    losses, first = [], None
    for maps, labels in data:
        if mixed:
            most, mean = pooled(maps)
            x = alpha * most + (1 - alpha) * mean
        else:
            x = maps.reshape(BATCH, -1)
        loss = F.cross_entropy(linear(x), labels)
        adam.zero_grad()
        loss.backward()
        first = first or weights(lambda p: p.grad)
        adam.step()
        losses.append(float(loss.detach()))
    return {"start": start, "losses": losses, "gradient": first, "end": weights(lambda p: p)}


def main(path):
    torch.set_num_threads(1)
    data = batches(Numbers(SEED))
    golden = {
        "made": "training/golden_sdn.py, PyTorch " + torch.__version__.split("+")[0],
        "seed": SEED,
        "steps": STEPS,
        "batch": BATCH,
        "classes": CLASSES,
        "side": SIDE,
        "channels": CHANNELS,
        "mixed": train(data, True),
        "plain": train(data, False),
    }
    with open(path, "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "training/golden_sdn.json")
