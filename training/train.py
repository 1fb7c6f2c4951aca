"""Train a network on a dataset; stop and resume at any step.

    python3 training/train.py --dataset cifar-10 --epochs 24 --out training/checkpoints/resnet18-cifar10
"""
import argparse
import os
import sys
import time
from pathlib import Path

import torch

import data
import smallmaps
from batches import augmentation_of
from resnet import NETWORKS
from run import Run
from step import recorder


def arguments():
    p = argparse.ArgumentParser(description="Train a network on a dataset.")
    p.add_argument("--dataset", required=True, choices=data.CLASSES)
    p.add_argument("--network", default="resnet18", choices=NETWORKS)
    p.add_argument("--width", type=float, default=1.0, help="multiplies every number of channels")
    p.add_argument("--epochs", type=int, default=24)
    p.add_argument("--schedule", default="onecycle", choices=("onecycle", "cosine"))
    p.add_argument("--peak-lr", type=float, default=0.1)
    p.add_argument("--weight-decay", type=float, default=5e-4)
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--precision", choices=("float32", "bfloat16"), help="of products (default: bfloat16 on a GPU)")
    p.add_argument("--rows", action="store_true", help="float32 on a CPU too: small maps as rows (needs a fast BLAS)")
    p.add_argument("--zero-init", action="store_true", help="start every residual branch at zero (the last BN's scale)")
    p.add_argument("--branches", action="store_true", help="BranchyNet: two branches, trained jointly")
    p.add_argument("--no-graph", action="store_true", help="start a GPU's kernels one by one, without a CUDA graph")
    p.add_argument("--threads", type=int, help="CPU threads (default: one a core)")
    p.add_argument("--data", help="mirror folder (default: $OFFRAMP_DATA)")
    p.add_argument("--out", required=True, type=Path, help="folder for checkpoint.pt")
    p.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    p.add_argument("--test-every", type=int, default=1, help="epochs between two looks at the test images")
    p.add_argument("--minutes", type=float, help="stop, also within an epoch, once this much time has passed")
    return p.parse_args()


def best_precision(device):
    """bfloat16 on a GPU that multiplies in it (NVIDIA's do since Ampere), float32 elsewhere."""
    return "bfloat16" if device == "cuda" and torch.cuda.get_device_capability() >= (8, 0) else "float32"


def main():
    a = arguments()
    smallmaps.keep_memory()
    # OpenMP alone may settle for one, whatever the machine has.
    torch.set_num_threads(a.threads or len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cudnn.benchmark = True
    settings = dict(
        dataset=a.dataset, network=a.network, width=a.width, epochs=a.epochs, schedule=a.schedule, peakLr=a.peak_lr,
        weightDecay=a.weight_decay, batch=a.batch, seed=a.seed, augmentation=augmentation_of(a.dataset),
        precision=a.precision or best_precision(device), rows=a.rows, zeroInit=a.zero_init, branches=a.branches,
    )
    checkpoint = a.out / "checkpoint.pt"
    try:
        run = Run(settings, data.load(a.dataset, a.data), device, None if a.no_graph else recorder(device))
        if a.resume and checkpoint.is_file():
            run.restore(checkpoint)
        elif checkpoint.is_file():
            raise data.DataError(f"{checkpoint} is there already: add --resume, or choose another --out.")
    except data.DataError as error:
        sys.exit(str(error))
    a.out.mkdir(parents=True, exist_ok=True)
    end = time.time() + 60 * a.minutes if a.minutes else float("inf")
    while run.epoch < a.epochs and time.time() < end:
        look = (run.epoch + 1) % a.test_every == 0 or run.epoch + 1 == a.epochs
        over = run.run_epoch(lambda: time.time() > end, look)
        run.save(checkpoint)
        if over:
            h = run.history[-1]
            branches = "".join(f"  {share:.4f}" for share in h.get("branchAccuracies", []))
            shares = f"train {h['trainAccuracy']:.4f}" + (f"  test {h['testAccuracy']:.4f}" if look else "")
            shares += f"  branches{branches}" if branches else ""
            print(f"epoch {h['epoch']}/{a.epochs}  loss {h['loss']:.4f}  {shares}  {h['seconds']:.0f} s", flush=True)
    if run.epoch < a.epochs:
        where = f"after {run.epoch} epochs and {run.within['step']} steps of the next"
        print(f"Stopped {where}: the same command with --resume goes on.")


if __name__ == "__main__":
    main()
