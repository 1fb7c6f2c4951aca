"""How much each residual block of a trained network changes what comes in.

    python3 training/residuals.py --checkpoint training/checkpoints/resnet152-kmnist

For every block the norm of its branch beside that of what it is added to, an image at a time, mean over the first test
images, in inference mode. Where a block adds next to nothing, an exit behind it knows what the exit before it knew. The
last column is how far the block's output turns away from its shortcut: 1 less the cosine of the two.
"""
import argparse
from pathlib import Path

import torch

import data
import run
from batches import normalise, tensor_of


def changes(model, x):
    """(block, norm of the branch / norm of the shortcut, 1 - cosine of output and shortcut) of normalised images, in order."""
    model.eval()
    found = []
    with torch.no_grad():
        x = model.stem(x)
        for name, block in model.blocks():
            branch, shortcut = (part(x).flatten(1) for part in (block.branch, block.shortcut))
            ratio = branch.norm(dim=1) / shortcut.norm(dim=1)
            x = block(x)
            cosine = torch.cosine_similarity(x.flatten(1), torch.relu(shortcut))
            found.append((name, ratio.mean().item(), 1 - cosine.mean().item()))
    return found


def main():
    p = argparse.ArgumentParser(description="How much each residual block of a trained network changes what comes in.")
    p.add_argument("--data", help="folder of the datasets (default: OFFRAMP_DATA)")
    p.add_argument("--checkpoint", required=True, type=Path, help="folder of checkpoint.pt")
    p.add_argument("--images", type=int, default=500, help="test images that are looked at")
    a = p.parse_args()
    state = torch.load(a.checkpoint / "checkpoint.pt", map_location="cpu")
    settings = state["settings"]
    model = run.build(settings, state["channels"], len(state["classes"]))
    model.load_state_dict(state["model"])
    images = data.load(settings["dataset"], a.data).test.images[: a.images]
    print(f"{settings['network']} on {settings['dataset']}, {len(images)} test images, {state['epoch']} epochs")
    print("| block | branch / shortcut | turn |\n|---|---:|---:|")
    for name, ratio, turn in changes(model, normalise(tensor_of(images), state["mean"], state["std"])):
        print(f"| {name} | {ratio:.3f} | {turn:.4f} |")


if __name__ == "__main__":
    main()
