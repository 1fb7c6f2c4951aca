"""One network's logits as people keep them, for the test beside this: .npz, .pth in both layouts, CSV as pandas writes it.

What NumPy makes of them by itself goes to stdout: accuracy of every exit, and accuracy and cost under one threshold.
"""
import json, sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
rng = np.random.default_rng(11)
M, N, K = 4, 500, 6
labels = rng.integers(0, K, N)
logits = rng.normal(0, 1, (M, N, K)).astype("f4")
for j in range(M):
    logits[j, np.arange(N), labels] += np.float32(0.5 + 0.8 * j)
flops = np.array([1.0, 2.5, 4.0, 7.0])

wide = logits.astype("f8")
probs = np.exp(wide - wide.max(2, keepdims=True))
probs /= probs.sum(2, keepdims=True)
prediction = wide.argmax(2)
confidence = probs.max(2).astype("f4")


def curve(held):
    points = []
    for T in (0.3, 0.5, 0.7, 0.9):
        left = held >= np.float32(T)
        left[-1] = True
        exit = left.argmax(0)
        right = prediction[exit, np.arange(N)] == labels
        points.append({"T": float(np.float32(T)), "right": int(right.sum()), "cost": float(flops[exit].mean())})
    return points


np.savez(folder / "scores.npz", logits=logits, labels=labels, flops=flops)
np.savez_compressed(folder / "half.npz", probs=probs.astype("f8"), targets=labels.astype("u1"), flops=flops)
head = ["", "label", *(f"{what}_{j}" for j in range(M) for what in ("prediction", "confidence"))]
with (folder / "frame.csv").open("w") as file:
    file.write(",".join(head) + "\n")
    for i in range(N):
        cells = [i, labels[i], *(v for j in range(M) for v in (prediction[j, i], repr(float(confidence[j, i]))))]
        file.write(",".join(map(str, cells)) + "\n")
try:
    import torch
except ImportError:
    torch = None
if torch is not None:
    for layout, zipped in (("zip", True), ("stream", False)):
        kept = (torch.tensor(logits), torch.tensor(labels), torch.tensor(logits), torch.tensor(labels))
        torch.save(kept, folder / f"{layout}.pth", _use_new_zipfile_serialization=zipped)
        exits = [torch.tensor(exit) for exit in logits]
        torch.save({"logits": exits, "labels": torch.tensor(labels)}, folder / f"{layout}-list.pth", _use_new_zipfile_serialization=zipped)
accuracy = [int((exit == labels).sum()) for exit in prediction]
print(json.dumps({"right": accuracy, "curve": curve(confidence), "torch": torch is not None, "images": N}))
