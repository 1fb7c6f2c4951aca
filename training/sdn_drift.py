"""Does it matter that SDN's released code trains its classifiers with the backbone in training mode?

Trains the six internal classifiers of ResNet-18 on CIFAR-10 for one epoch, once with batch normalisation frozen (as
everywhere in this project) and once in training mode: batch statistics in the forward pass, running statistics that
drift. Prints what every exit labels right on test in inference mode.

    python3 training/sdn_drift.py --data $OFFRAMP_DATA
"""
import argparse
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

import data
import tfjs
from batches import augment, augmentation_of, epoch_of, normalise, statistics, tensor_of
from proof import PARTS
from resnet import build

SITES = ("layer1.0", "layer1.1", "layer2.1", "layer3.0", "layer3.1", "layer4.1")
FOLDER = Path(__file__).resolve().parent.parent / "public/networks/resnet18-cifar10"


class Classifier(nn.Module):
    """Pooled to 4x4 where the map is 4 or wider, mixed with a learnt alpha; one linear layer."""

    def __init__(self, channels, side):
        super().__init__()
        self.kernel = side // 4 if side >= 4 else 1
        self.alpha = nn.Parameter(torch.rand(1))
        self.fc = nn.Linear(channels * (side // self.kernel) ** 2, 10)

    def forward(self, x):
        if self.kernel > 1:
            x = self.alpha * F.max_pool2d(x, self.kernel) + (1 - self.alpha) * F.avg_pool2d(x, self.kernel)
        return self.fc(x.flatten(1))


def backbone():
    model = build("resnet18", 3, 10)
    _, _, weights = tfjs.read(FOLDER)
    for name, values in weights.items():
        layer, part = name.split("/")
        values = torch.from_numpy(values)
        if part == "kernel":
            values = values.permute(3, 2, 0, 1) if values.ndim == 4 else values.t()
        getattr(model.get_submodule(layer), PARTS[part]).data.copy_(values)
    return model


def outputs(model, x):
    """Maps at the sites, and the network's logits."""
    x = model.stem(x)
    maps = []
    for name, block in model.blocks():
        x = block(x)
        if name in SITES:
            maps.append(x)
    return maps, model.fc(x.mean((2, 3)))


def train(dataset, drift, seed, augmented):
    torch.manual_seed(seed)
    model, (mean, std) = backbone(), statistics(dataset.train.images)
    x, y = tensor_of(dataset.train.images), torch.from_numpy(dataset.train.labels)
    with torch.no_grad():
        maps, _ = outputs(model.eval(), normalise(x[:2], mean, std))
    heads = nn.ModuleList(Classifier(m.shape[1], m.shape[2]) for m in maps)
    adam = torch.optim.Adam(heads.parameters(), lr=1e-3)
    chances = augmentation_of("cifar-10") if augmented else dict(crop=0, flip=False)
    batches = epoch_of(len(x), 128, torch.Generator().manual_seed(seed), **chances)
    model.train(drift)
    for step, (index, corner, mirrored) in enumerate(batches):
        for group in adam.param_groups:
            group["lr"] = 1e-3 if step < 0.6 * len(batches) else 1e-4
        with torch.no_grad():
            maps, _ = outputs(model, normalise(augment(x[index], corner, mirrored, chances["crop"]), mean, std))
        loss = sum(F.cross_entropy(head(m), y[index]) for head, m in zip(heads, maps))
        adam.zero_grad()
        loss.backward()
        adam.step()
    model.eval()
    tx, ty = tensor_of(dataset.test.images), torch.from_numpy(dataset.test.labels)
    right = torch.zeros(len(SITES) + 1)
    with torch.no_grad():
        for i in range(0, len(tx), 500):
            maps, logits = outputs(model, normalise(tx[i : i + 500], mean, std))
            exits = [head(m) for head, m in zip(heads, maps)] + [logits]
            right += torch.tensor([float((z.argmax(1) == ty[i : i + 500]).sum()) for z in exits])
    return right / len(tx)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--data", help="mirror folder (default: $OFFRAMP_DATA)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    dataset = data.load("cifar-10", a.data)
    print("".ljust(34) + "".join(name.rjust(10) for name in (*SITES, "network")))
    for drift, augmented, words in (
        (False, False, "frozen, images as they are"),
        (False, True, "frozen, crops and flips"),
        (True, True, "training mode, crops and flips"),
    ):
        shares = train(dataset, drift, a.seed, augmented)
        print(words.ljust(34) + "".join(f"{100 * share:9.2f}%" for share in shares.tolist()), flush=True)


if __name__ == "__main__":
    main()
