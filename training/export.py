"""Write a checkpoint as a tfjs layers model with its card and golden logits, and prove that it is right.

    python3 training/export.py --checkpoint training/checkpoints/resnet18-cifar10 --id resnet18-cifar10

The files are read back and run by an independent interpreter; only when its logits equal the trained
network's and the quantised network is about as accurate do they replace what was there. With --weights-out the
files go to another folder, and only the card comes into public/networks.
"""
import argparse
import json
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

import data
import golden
import run
import tfjs
from card import card_of
from proof import ExportError, check
from topology import graph_of

NETWORKS = Path(__file__).resolve().parent.parent / "public" / "networks"


@contextmanager
def replacing(folder):
    """An empty folder to fill, which takes the place of `folder` unless something fails."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def digits(logits):
    """[N, K] as lists, with as many digits as float32 holds."""
    return [[float(f"{v:.9g}") for v in row] for row in logits.numpy().astype(np.float64)]


def write_card(folder, card):
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def export(checkpoint, identity, kernels, mirror, target, weights_out=None, plain=None):
    """Fill target/identity from a checkpoint file; returns the card.

    `plain` is the id of the network of the same layers without branches, for one with branches.

    With `weights_out` the files fill weights_out/identity, and target/identity holds the card alone.
    """
    state = torch.load(checkpoint, map_location="cpu")
    if state.get("within", {}).get("step"):
        raise ExportError(f"{checkpoint} is of the middle of an epoch: train on with --resume until that is over.")
    if weights_out and weights_out.resolve() == target.resolve():
        raise ExportError("--weights-out and --target are the same folder.")
    if bool(plain) != bool(run.complete(state["settings"])["branches"]):
        raise ExportError("--plain ID goes with a network with branches, and with no other.")
    s = state["settings"]
    model = run.build(s, state["channels"], len(state["classes"]))
    model.load_state_dict(state["model"])
    with replacing((weights_out or target) / identity) as folder:
        size = tfjs.write(folder, identity, graph_of(model), kernels)
        accuracy, logits = check(folder, model, state, data.load(s["dataset"], mirror).test)
        card = card_of(identity, state, model, kernels, accuracy, size, weights_out is not None, plain)
        write_card(folder, card)
        gold = dict(
            seed=golden.SEED, count=golden.COUNT, shape=[32, 32, state["channels"]], classes=state["classes"],
            logits=digits(logits[-1]),
        )
        if plain:
            gold["branches"] = [digits(branch) for branch in logits[:-1]]
        (folder / "golden.json").write_text(json.dumps(gold) + "\n")
    if weights_out:
        card = dict(card, weights="elsewhere")
        with replacing(target / identity) as folder:
            write_card(folder, card)
    return card


def main():
    p = argparse.ArgumentParser(description="Export a checkpoint as a tfjs layers model.")
    p.add_argument("--checkpoint", required=True, type=Path, help="folder that train.py wrote, or its checkpoint.pt")
    p.add_argument("--id", required=True, help="the network's name: a folder below --target")
    p.add_argument("--kernels", default="uint8", choices=("uint8", "float16", "float32"))
    p.add_argument("--data", help="mirror folder (default: $OFFRAMP_DATA)")
    p.add_argument("--target", type=Path, default=NETWORKS, help="default: public/networks")
    p.add_argument("--weights-out", type=Path, help="the files go below here, only the card to --target")
    p.add_argument("--plain", help="of a network with branches: id of that of the same layers without")
    a = p.parse_args()
    # OpenMP alone may settle for one, whatever the machine has.
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    file = a.checkpoint / "checkpoint.pt" if a.checkpoint.is_dir() else a.checkpoint
    try:
        card = export(file, a.id, a.kernels, a.data, a.target, a.weights_out, a.plain)
    except (data.DataError, ExportError) as error:
        sys.exit(str(error))
    accuracy = card["testAccuracy"]
    shares = f"test accuracy {accuracy['before']:.4f}, {accuracy['after']:.4f} quantised"
    print(f"{a.id}: {shares}; {card['weightsBytes']} bytes of weights")


if __name__ == "__main__":
    main()
