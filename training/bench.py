"""Time a training step through small maps as matrix products (smallmaps.py) against the plain forward pass.

    python3 training/bench.py --network resnet152 --batch 256

Both are one network's, in the given precision, on made-up images; their steps alternate, so that other work on the machine
slows both alike, and medians are compared: of the wall clock, and of CPU time, which such work disturbs less.
"""
import argparse
import os
import statistics
import time

import torch

import smallmaps
from resnet import NETWORKS, build
from step import Step


def main():
    p = argparse.ArgumentParser(description="Time training steps, small maps as matrix products against plain.")
    p.add_argument("--network", default="resnet152", choices=NETWORKS)
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--steps", type=int, default=8, help="timed steps of each, after one that is not")
    p.add_argument("--precision", default="bfloat16", choices=("bfloat16", "float32"))
    p.add_argument("--threads", type=int, help="CPU threads (default: one a core)")
    a = p.parse_args()
    smallmaps.keep_memory()
    torch.set_num_threads(a.threads or len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    model = build(a.network, 3, 10).train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    half = a.precision == "bfloat16"
    fast = Step(model, optimizer, a.batch, half, rows=True)
    plain = Step(model, optimizer, a.batch, half)
    plain.forward = model
    x = torch.randn(a.batch, 3, 32, 32).to(memory_format=torch.channels_last)
    y = torch.randint(0, 10, (a.batch,))
    clocks = dict(wall=time.perf_counter, cpu=time.process_time)
    seconds = {(clock, name): [] for clock in clocks for name in ("plain", "fast")}
    for i in range(a.steps + 1):
        for name, step in (("plain", plain), ("fast", fast)):
            started = {clock: now() for clock, now in clocks.items()}
            step(x, y)
            if i:
                for clock, now in clocks.items():
                    seconds[clock, name].append(now() - started[clock])
    for clock in clocks:
        plain_s, fast_s = (seconds[clock, name] for name in ("plain", "fast"))
        old, new = statistics.median(plain_s), statistics.median(fast_s)
        spread = f"{min(plain_s):.2f} to {max(plain_s):.2f} and {min(fast_s):.2f} to {max(fast_s):.2f}"
        print(f"{clock}: {old:.2f} s a step plain, {new:.2f} s fast ({spread}): {old / new:.2f} times as fast")
    print(f"{a.network}, {a.precision}, batch {a.batch}, {torch.get_num_threads()} threads")


if __name__ == "__main__":
    main()
