"""Deep embedded clustering with three exits (Xie et al. 2016) on all images of a dataset; stop and resume at any portion.

    python3 training/dec.py --dataset mnist --seed 1 --out training/checkpoints/dec-mnist-seed1
"""
import argparse
import sys
import time
from pathlib import Path

import torch

import data
from dec_run import DecRun
from procedure import ClusteringError

DENSE = ("mnist", "fashion-mnist", "kmnist", "strokes")  # 28x28 grey


def arguments():
    p = argparse.ArgumentParser(description="Cluster a dataset by DEC-large, DEC-middle and DEC-small.")
    p.add_argument("--dataset", required=True, choices=DENSE)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--epochs", type=int, default=4, help="of the autoencoder, end to end, by Adam")
    p.add_argument("--head-epochs", type=int, default=2, help="of DEC-small's and DEC-middle's embedding")
    p.add_argument("--batch", type=int, default=64, help="images a step of the autoencoder")
    p.add_argument("--rate", type=float, default=1e-3, help="Adam's, at most; falls along a cosine")
    p.add_argument("--warm-up", type=int, default=300, help="steps over which that rate rises at first")
    p.add_argument("--refine-rate", type=float, default=0.01, help="of the refinement's SGD with momentum 0.9")
    p.add_argument("--refine-batch", type=int, default=256, help="images a step of the refinement")
    p.add_argument("--interval", type=int, default=140, help="steps of refinement from one target to the next")
    p.add_argument("--tolerance", type=float, default=0.001, help="refinement ends when fewer labels change")
    p.add_argument("--steps", type=int, default=2100, help="of refinement, at most; an exit each")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--data", help="mirror folder (default: $OFFRAMP_DATA)")
    p.add_argument("--out", required=True, type=Path, help="folder for checkpoint.pt")
    p.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    p.add_argument("--minutes", type=float, help="stop after a portion once this much time has passed")
    return p.parse_args()


def settings_of(a):
    return dict(
        dataset=a.dataset, seed=a.seed, epochs=a.epochs, headEpochs=a.head_epochs, batch=a.batch, rate=a.rate,
        warmUp=a.warm_up, refineRate=a.refine_rate, refineBatch=a.refine_batch, interval=a.interval,
        tolerance=a.tolerance, steps=a.steps,
    )


def line_of(name, record, seconds):
    """One portion as a line for a person."""
    parts = [f"DEC-{name}", record["part"], str(record["number"])]
    for key in ("loss", "divergence", "changed", "accuracy", "nmi", "ari"):
        if key in record:
            parts.append(f"{key} {record[key]:.4f}")
    return "  ".join([*parts, f"{seconds:.0f} s"])


def main():
    a = arguments()
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    checkpoint = a.out / "checkpoint.pt"
    try:
        run = DecRun(settings_of(a), data.load(a.dataset, a.data))
        if a.resume and checkpoint.is_file():
            run.restore(checkpoint)
        elif checkpoint.is_file():
            raise data.DataError(f"{checkpoint} is there already: add --resume, or choose another --out.")
        a.out.mkdir(parents=True, exist_ok=True)
        end = time.time() + 60 * a.minutes if a.minutes else float("inf")
        while not run.over and time.time() < end:
            started = time.time()
            name, record = run.advance()
            run.save(checkpoint)
            print(line_of(name, record, time.time() - started), flush=True)
    except (data.DataError, ClusteringError) as error:
        sys.exit(str(error))
    if not run.over:
        print("Stopped: the same command with --resume goes on.")


if __name__ == "__main__":
    main()
