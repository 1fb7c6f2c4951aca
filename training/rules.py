"""Computes again, from recorded traces and policies, what `npm run bench:rules -- --json FILE` printed: in NumPy, sharing no code.

    python3 training/rules.py FILE [RUNS]

Every policy of both curves is replayed image by image on the test trace, and costs, accuracies, the values at budgets, the
oracle and the label-stable rule must agree to 1e-9 (values at budgets: to the six digits that are printed).
"""
import json
import sys
from pathlib import Path

import numpy as np

RUNS = Path(__file__).resolve().parent.parent / "public" / "runs"


def read_trace(stem):
    """Labels [N], predictions [M, N], confidences [M, N] as float32, relative costs [M], number of classes."""
    header = json.loads(Path(f"{stem}.json").read_text())
    raw = Path(f"{stem}.bin").read_bytes()
    shape = (len(header["exits"]), header["count"])
    arrays = {}
    for name, place in header["arrays"].items():
        dtype = {"uint8": "u1", "uint16": "<u2", "float32": "<f4"}[place["dtype"]]
        arrays[name] = np.frombuffer(raw, dtype, place["length"], place["offset"])
    confidence = arrays["confidence"].reshape(shape)
    if "step" in header["arrays"]["confidence"]:
        scale = header["arrays"]["confidence"]
        low, step = (np.array(scale[key], dtype=np.float64)[:, None] for key in ("minimum", "step"))
        confidence = (low + confidence * step).astype(np.float32)
    cost = np.array([exit["flops"] for exit in header["exits"]], dtype=np.float64) / header["networkFlops"]
    return arrays["label"], arrays["prediction"].reshape(shape), confidence, cost, len(header["classes"])


def replay(trace, rule, thresholds):
    """Mean relative cost and accuracy of a policy."""
    label, prediction, confidence, cost, classes = trace
    exits, count = prediction.shape
    thresholds = np.array([float(t.replace("Infinity", "inf")) if isinstance(t, str) else t for t in thresholds])
    by_class = len(thresholds) == (exits - 1) * classes
    exit_of = np.full(count, exits - 1)
    for i in range(exits - 2, -1, -1):
        needed = thresholds[i * classes + prediction[i].astype(int)] if by_class else thresholds[i]
        at = confidence[i].astype(np.float64)
        leaves = {"above": at > needed, "at-least": at >= needed, "below": at < needed}[rule]
        exit_of[leaves] = i
    right = prediction[exit_of, np.arange(count)] == label
    return cost[exit_of].mean(), right.mean()


def at_budget(points, budget):
    """Accuracy at exactly a cost, by time sharing between neighbours."""
    points = sorted(points)
    if not points or points[0][0] > budget:
        return None
    before = points[0]
    for point in points:
        if point[0] > budget:
            return before[1] + (budget - before[0]) / (point[0] - before[0]) * (point[1] - before[1])
        before = point
    return before[1]


def main(file, runs):
    worst = 0.0
    for run in json.loads(Path(file).read_text()):
        trace = read_trace(runs / f"{run['name']}-test.trace")
        label, prediction, _, cost, _ = trace
        right = prediction == label
        first = np.where(right.any(axis=0), right.argmax(axis=0), len(right) - 1)
        differs = prediction != prediction[-1]
        stable = np.array([rows.nonzero()[0].max() + 1 if rows.any() else 0 for rows in differs.T])
        for name, exit_of in (("first", first), ("stable", stable)):
            ours = cost[exit_of].mean(), right[exit_of, np.arange(len(label))].mean()
            worst = max(worst, abs(ours[0] - run[name]["cost"]), abs(ours[1] - run[name]["accuracy"]))
        for kind in ("frontier", "byClass"):
            points = []
            for policy in run[kind]["curve"]:
                ours = replay(trace, run["rule"], policy["thresholds"])
                worst = max(worst, abs(ours[0] - policy["cost"]), abs(ours[1] - policy["accuracy"]))
                points.append(ours)
            for budget, theirs in zip(run["budgets"], run[kind]["atBudgets"]):
                ours = at_budget(points, budget)
                if (ours is None) != (theirs is None) or (ours is not None and abs(ours - theirs) > 5.1e-7):
                    sys.exit(f"{run['name']}, {kind}, {budget}: {ours} here, {theirs} there.")
        print(f"{run['name']}: the same")
    if worst > 1e-9:
        sys.exit(f"Policies differ by up to {worst}.")
    print(f"All policies agree to {worst:.1e}.")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else RUNS)
