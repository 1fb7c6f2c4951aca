"""Computes again, from recorded traces and policies, what `npm run bench:rules -- --json FILE` printed: in NumPy, sharing no code.

    python3 training/rules.py FILE

Every policy of every curve is replayed image by image on the test trace, of two judges under each rule by which they go
together, and costs, accuracies, the values at budgets, the oracle and the label-stable rule must agree to 1e-9 (values at
budgets: to the six digits that are printed).
"""
import json
import sys
from pathlib import Path

import numpy as np


def read_trace(stem):
    """Labels [N], relative costs [M], number of classes, and of each judge predictions [M, N] and confidences [M, N] as float32."""
    header = json.loads(Path(f"{stem}.json").read_text())
    raw = Path(f"{stem}.bin").read_bytes()
    shape = (len(header["exits"]), header["count"])
    arrays = {}
    for name, place in header["arrays"].items():
        dtype = {"uint8": "u1", "uint16": "<u2", "float32": "<f4"}[place["dtype"]]
        arrays[name] = np.frombuffer(raw, dtype, place["length"], place["offset"])

    def judge(prediction, confidence):
        values = arrays[confidence].reshape(shape)
        scale = header["arrays"][confidence]
        if "step" in scale:
            low, step = (np.array(scale[key], dtype=np.float64)[:, None] for key in ("minimum", "step"))
            values = (low + values * step).astype(np.float32)
        return arrays[prediction].reshape(shape), values

    cost = np.array([exit["flops"] for exit in header["exits"]], dtype=np.float64) / header["networkFlops"]
    judges = [judge("prediction", "confidence")]
    if "secondPrediction" in arrays:
        judges.append(judge("secondPrediction", "secondConfidence"))
    return arrays["label"], cost, len(header["classes"]), judges


def leaving(trace, rule, pairing, thresholds):
    """Whether each image would leave at each exit but the last [M - 1, N]."""
    _, _, classes, judges = trace
    prediction, confidence = judges[0]
    exits = len(prediction) - 1

    def met(at, needed):
        at = at.astype(np.float64)
        return {"above": at > needed, "at-least": at >= needed, "below": at < needed}[rule]

    leaves = np.zeros((exits, prediction.shape[1]), bool)
    for i in range(exits):
        if len(judges) == 1:
            by_class = len(thresholds) == exits * classes
            leaves[i] = met(confidence[i], thresholds[i * classes + prediction[i].astype(int)] if by_class else thresholds[i])
            continue
        same = prediction[i] == judges[1][0][i]
        if pairing == "and-label":
            leaves[i] = met(np.where(same, confidence[i], 0), thresholds[i])
            continue
        own, other = thresholds[2 * i], thresholds[2 * i + 1]
        if pairing == "by-label":
            leaves[i] = met(confidence[i], np.where(same, other, own))
        else:
            both = met(confidence[i], own), met(judges[1][1][i], other)
            leaves[i] = both[0] | both[1] if pairing == "or" else both[0] & both[1]
    return leaves


def replay(trace, rule, pairing, thresholds):
    """Mean relative cost and accuracy of a policy."""
    label, cost, _, judges = trace
    prediction = judges[0][0]
    exits, count = prediction.shape
    thresholds = np.array([float(t.replace("Infinity", "inf")) if isinstance(t, str) else t for t in thresholds])
    leaves = leaving(trace, rule, pairing, thresholds)
    exit_of = np.where(leaves.any(axis=0), leaves.argmax(axis=0), exits - 1)
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


def main(file):
    worst = 0.0
    for run in json.loads(Path(file).read_text()):
        trace = read_trace(Path(run["folder"], f"{run['name']}-test.trace"))
        label, cost, _, judges = trace
        prediction = judges[0][0]
        right = prediction == label
        first = np.where(right.any(axis=0), right.argmax(axis=0), len(right) - 1)
        differs = prediction != prediction[-1]
        stable = np.array([rows.nonzero()[0].max() + 1 if rows.any() else 0 for rows in differs.T])
        for name, exit_of in (("first", first), ("stable", stable)):
            ours = cost[exit_of].mean(), right[exit_of, np.arange(len(label))].mean()
            worst = max(worst, abs(ours[0] - run[name]["cost"]), abs(ours[1] - run[name]["accuracy"]))
        for way in run["policies"]:
            points = []
            for policy in way["curve"]:
                ours = replay(trace, run["rule"], way["pairing"], policy["thresholds"])
                worst = max(worst, abs(ours[0] - policy["cost"]), abs(ours[1] - policy["accuracy"]))
                points.append(ours)
            for budget, theirs in zip(run["budgets"], way["atBudgets"]):
                ours = at_budget(points, budget)
                if (ours is None) != (theirs is None) or (ours is not None and abs(ours - theirs) > 5.1e-7):
                    sys.exit(f"{run['name']}, {way['search']} {way['pairing']}, {budget}: {ours} here, {theirs} there.")
        print(f"{run['name']}: the same")
    if worst > 1e-9:
        sys.exit(f"Policies differ by up to {worst}.")
    print(f"All policies agree to {worst:.1e}.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
