"""Ten steps of BranchyNet's joint training, for the page's trainer to agree with.

Writes training/golden_branchy.json: a tiny ResNet's layers (the page adds the branches itself), how its initial weights
and the images are drawn, the losses of all exits over ten steps, and of every weight its first gradient and its value
after the last step, each as its norm and its products with two vectors. All is computed in float64. Numbers come from
the generator below, weights and images alike; every weight begins anew from its own seed.

    state = (1664525 * state + 1013904223) mod 2^32;  byte = state >>> 24
    weight = shift + scale * (byte - 127.5) / 128;  pixel = byte;  label = byte mod CLASSES
    vectors: value = (byte - 127.5) / 128, from the weight's seed + 1000 and + 2000
"""
import json
import sys

import numpy as np
import torch
from torch import nn

import batches
from branchy import BranchyResNet
from resnet import ResNet, basic
from run import rate
from step import loss_of
from topology import graph_of

STEPS, BATCH, CLASSES, SIDE, SEED = 10, 8, 5, 32, 20161213
SHAPE = dict(block=basic, counts=(1, 1, 1, 1), width=1 / 16)
PEAK, DECAY = 0.01, 5e-4
MEAN, STD = [0.45], [0.3]


def drawn(seed, count):
    """uint8 [count]."""
    out, state = np.empty(count, np.uint8), seed
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = state >> 24
    return out


def centred(seed, count):
    return (drawn(seed, count).astype(np.float64) - 127.5) / 128


def weights_of(model):
    """Name in the page's files to (tensor, its view in the files' layout), parameters and running averages."""
    found = {}
    for name, m in model.named_modules():
        if isinstance(m, nn.Conv2d):
            found[f"{name}/kernel"] = (m.weight, lambda t: t.permute(2, 3, 1, 0))
        elif isinstance(m, nn.Linear):
            found[f"{name}/kernel"] = (m.weight, lambda t: t.t())
        elif isinstance(m, nn.BatchNorm2d):
            parts = dict(gamma=m.weight, beta=m.bias, moving_mean=m.running_mean, moving_variance=m.running_var)
            found.update({f"{name}/{part}": (tensor, lambda t: t) for part, tensor in parts.items()})
        if isinstance(m, (nn.Conv2d, nn.Linear)) and m.bias is not None:
            found[f"{name}/bias"] = (m.bias, lambda t: t)
    return found


def start_of(name, shape, index):
    """How a weight is drawn: kernels as large as He et al. have them, the others about what they begin with."""
    role = name.split("/")[1]
    fan_out = shape[-1] * int(np.prod(shape[:-2])) if len(shape) == 4 else shape[-1]
    scale = (6 / fan_out) ** 0.5 if len(shape) == 4 else (3 / shape[0]) ** 0.5 if role == "kernel" else 0.1
    return dict(name=name, shape=list(shape), seed=SEED + index, shift=float(role in ("gamma", "moving_variance")),
                scale=float("%.6g" % scale))


def measures(view, seed):
    """Norm of a tensor and its products with two vectors drawn from the seed."""
    flat = view.detach().contiguous().flatten().double().numpy()
    products = [float(flat @ centred(seed + by, flat.size)) for by in (1000, 2000)]
    return [float("%.9g" % v) for v in (float(np.linalg.norm(flat)), *products)]


def main(path):
    torch.set_num_threads(1)
    model = BranchyResNet(channels=1, classes=CLASSES, **SHAPE).double().train()
    tensors = weights_of(model)
    plan = [start_of(name, tuple(view(t).shape), i) for i, (name, (t, view)) in enumerate(tensors.items())]
    with torch.no_grad():
        for start in plan:
            tensor, view = tensors[start["name"]]
            values = start["shift"] + start["scale"] * centred(start["seed"], tensor.numel())
            view(tensor).copy_(torch.from_numpy(values).view(start["shape"]))
    count = STEPS * BATCH
    images = drawn(SEED - 1, count * SIDE * SIDE).reshape(count, SIDE, SIDE, 1)
    labels = torch.from_numpy(drawn(SEED - 2, count).astype(np.int64) % CLASSES)
    x = batches.tensor_of(images).double()
    x = (x / 255 - MEAN[0]) / STD[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=PEAK, momentum=0.9, nesterov=True, weight_decay=DECAY)
    losses, rates, first = [], [], None
    for i in range(STEPS):
        at = slice(i * BATCH, (i + 1) * BATCH)
        rates.append(rate("onecycle", PEAK, i, STEPS))
        for group in optimizer.param_groups:
            group["lr"] = rates[-1]
        outputs = model(x[at])
        losses.append([float(nn.functional.cross_entropy(logits, labels[at])) for logits in outputs])
        loss = loss_of(outputs, labels[at])
        optimizer.zero_grad()
        loss.backward()
        if first is None:
            first = {n: measures(view(t.grad), p["seed"]) for p, (n, (t, view)) in zip(plan, tensors.items())
                     if t.requires_grad}
        optimizer.step()
    golden = dict(
        made="training/golden_branchy.py, PyTorch " + torch.__version__.split("+")[0],
        batch=BATCH, steps=STEPS, classes=CLASSES, side=SIDE, imageSeed=SEED - 1, labelSeed=SEED - 2,
        mean=MEAN, std=STD, peak=PEAK, decay=DECAY, second=model.second,
        layers=graph_of(ResNet(channels=1, classes=CLASSES, **SHAPE)).layers,
        start=plan, rates=rates, losses=losses, gradient=first,
        end={p["name"]: measures(view(t), p["seed"]) for p, (t, view) in zip(plan, tensors.values())},
    )
    with open(path, "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "training/golden_branchy.json")
