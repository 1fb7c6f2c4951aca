#!/usr/bin/env python3
"""Holds the package's recording of a shipped network against the page's engine on the same weights and images.

    npm run record -- --dataset cifar-10 --network resnet18-cifar10 --train-images 2000 --test-images 1000 \
        --confidence float32 --data DATA --out DIR
    python3 python/checks/page.py --dataset cifar-10 --network resnet18-cifar10 --data DATA --page DIR

The number of images is the page's. Exit status 0 where labels are the same but for ties and confidences agree to 1e-4,
relative; where the label differs, the package's two surest classes must be as close as that. DATA is a mirror folder as
training/README.md describes it (strokes: npm run strokes).
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "training")]

import data  # noqa: E402
import offramp  # noqa: E402
import tfjs  # noqa: E402
from batches import normalise, tensor_of  # noqa: E402
from offramp.taps import Tapped, tapped_tensor  # noqa: E402
from resnet import build  # noqa: E402

TOLERANCE = 1e-4
PARTS = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var", "bias": "bias"}


def load_network(folder):
    """The ResNet of public/networks/<id> with the weights that the page has, and its card."""
    card = json.loads((folder / "card.json").read_text())
    model = build(card["network"], card["input"]["channels"], len(card["classes"]), card["width"])
    state = model.state_dict()
    for name, values in tfjs.read(folder)[2].items():
        module, part = name.rsplit("/", 1)
        tensor = torch.from_numpy(values)
        if part == "kernel":
            part, tensor = "weight", tensor.permute(3, 2, 0, 1) if tensor.ndim == 4 else tensor.t()
        state[f"{module}.{PARTS.get(part, part)}"].copy_(tensor)
    return model.eval(), card


def batches(split, card, count, size=250):
    x, mean, std = tensor_of(split.images[:count]), card["input"]["mean"], card["input"]["std"]
    return [(normalise(x[i : i + size], mean, std), split.labels[i : min(i + size, count)]) for i in range(0, count, size)]


def record(dataset, network, mirror, train_count, test_count):
    """The package's recording of the first images of both splits; exits as the page has them."""
    model, card = load_network(ROOT / "public/networks" / network)
    images = data.load(dataset, mirror)
    exits = [offramp.Tap("pool", "conv1", input=True), *(name for name, _ in model.blocks())]
    train, test = batches(images.train, card, train_count), batches(images.test, card, test_count)
    names = dict(dataset=dataset, network=network, classes=card["classes"])
    return offramp.record(model, exits=exits, train=train, test=test, **names), model, (train, test)


def compare(ours, page):
    """(where labels differ, bool [M, N]; what is wrong, a sentence each)."""
    faults = []
    for name in ("classes", "network_flops", "split", "count"):
        if getattr(ours, name) != getattr(page, name):
            faults.append(f"{name}: {getattr(ours, name)} here, {getattr(page, name)} in the page.")
    if len(ours.exits) != len(page.exits):
        return None, faults + [f"There are {len(ours.exits)} exits here and {len(page.exits)} in the page."]
    for a, b in zip(ours.exits, page.exits):
        if (a.name, a.flops, a.size) != (b.name, b.flops, b.size):
            faults.append(f"exit {a} here, {b} in the page.")
    if (ours.label != page.label).any():
        faults.append("The true labels differ: the images are not the same ones.")
    gap = np.abs(ours.confidence.astype(np.float64) - page.confidence) / page.confidence
    differs = ours.prediction != page.prediction
    print(f"{ours.split}: {ours.count} images × {len(ours.exits)} exits; {differs.sum()} labels differ, confidences by at most {gap.max():.2e}")
    for j, i in zip(*np.nonzero(differs)):
        print(f"  exit {ours.exits[j].name}, image {i}: {ours.prediction[j, i]} here, {page.prediction[j, i]} in the page, at {ours.confidence[j, i]:.6f}")
    if gap.max() > TOLERANCE:
        faults.append(f"Confidences of {ours.split} differ by {gap.max():.2e}; at most {TOLERANCE} is allowed.")
    return differs, faults


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--dataset", required=True)
    p.add_argument("--network", required=True)
    p.add_argument("--data", required=True, help="mirror folder of the datasets")
    p.add_argument("--page", required=True, type=Path, help="folder that npm run record wrote")
    asked = p.parse_args()
    pages = [offramp.load(asked.page / f"{asked.dataset}-{asked.network}-e2cm-{split}.trace.json") for split in ("train", "test")]
    recording, model, splits = record(asked.dataset, asked.network, asked.data, pages[0].count, pages[1].count)
    faults = []
    for ours, page, split in zip(recording.traces, pages, splits):
        differs, found = compare(ours, page)
        faults += found
        if differs is not None and differs.any():
            faults += ties(recording.means, model, split, ours, page, differs)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def ties(means, model, split, ours, page, differs):
    """Faults: an image's label differs though its two surest classes are further apart than rounding."""
    faults, taps = [], means.taps
    x = torch.cat([inputs for inputs, _ in split])
    for i in sorted({int(i) for i in np.nonzero(differs)[1]}):
        seen = {}

        def visit(j, raw):
            seen[j] = tapped_tensor(taps[j], raw, 1)

        with torch.no_grad(), Tapped(model, taps, visit) as tapped:
            logits = tapped.run(x[i : i + 1], None)[0].double().numpy()
        for j in np.nonzero(differs[:, i])[0]:
            last = j == len(taps)
            sureness = -logits if last else means.distances(j, seen[j])[0] / means.normaliser[j]
            here, there = sureness[ours.prediction[j, i]], sureness[page.prediction[j, i]]
            if abs(there - here) > TOLERANCE * abs(here):
                faults.append(
                    f"{ours.split} image {i} has another label at {ours.exits[j].name} and it is no tie: {here:.6f} "
                    f"and {there:.6f}."
                )
    return faults


if __name__ == "__main__":
    sys.exit(main())
