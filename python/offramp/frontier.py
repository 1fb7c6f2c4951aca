"""What thresholds can reach: accuracy against cost, found on one trace and drawn on another."""
from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from .errors import TraceError
from .replay import replay
from .trace import Trace


@dataclass(frozen=True)
class Point:
    """One vector of thresholds and what it gives."""

    #: Mean cost of an image relative to the plain network.
    cost: float
    accuracy: float
    #: T_j of every exit but the last.
    thresholds: Tuple[float, ...]


def frontier(tune: Trace, draw: Optional[Trace] = None, steps: int = 24) -> List[Point]:
    """Points of an accuracy–cost curve in order of rising cost.

    For `steps` prices of computation the thresholds that maximise accuracy − price · cost on `tune` are found by
    coordinate ascent, exact in each exit; the upper hull of what they reach there is kept, and the same thresholds —
    never chosen again — are replayed on `draw` where it is given (E2CM §4.1 draws its curves so).
    """
    if draw is not None and (draw.prediction.shape[0], draw.rule) != (tune.prediction.shape[0], tune.rule):
        raise TraceError(
            f"Thresholds found on a trace with {tune.prediction.shape[0]} exits ({tune.rule}) cannot be drawn on one "
            f"with {draw.prediction.shape[0]} exits ({draw.rule})."
        )
    sign = -1.0 if tune.rule == "below" else 1.0
    start = np.full(tune.prediction.shape[0] - 1, sign * np.inf)
    vectors = {tuple(start), tuple(-start)}
    current = start
    for price in np.geomspace(0.005, 20, steps):
        current = ascend(tune, price, current, sign)
        vectors.add(tuple(current))
    points = [point(tune, vector) for vector in vectors]
    kept = upper_hull(points)
    return kept if draw is None else [point(draw, p.thresholds) for p in kept]


def point(trace: Trace, thresholds: Tuple[float, ...]) -> Point:
    outcome = replay(trace, thresholds)
    return Point(outcome.cost, outcome.accuracy, tuple(float(t) for t in thresholds))


def upper_hull(points: List[Point]) -> List[Point]:
    """The upper convex hull, accuracy strictly rising; what lies between two of its points is time sharing."""
    hull: List[Point] = []
    for p in sorted(points, key=lambda p: (p.cost, -p.accuracy)):
        if hull and p.accuracy <= hull[-1].accuracy:
            continue
        while len(hull) >= 2 and turn(hull[-2], hull[-1], p) >= 0:
            hull.pop()
        hull.append(p)
    return hull


def turn(a: Point, b: Point, c: Point) -> float:
    """Positive when b lies below the line from a to c."""
    return (b.cost - a.cost) * (c.accuracy - a.accuracy) - (b.accuracy - a.accuracy) * (c.cost - a.cost)


def ascend(trace: Trace, price: float, start: np.ndarray, sign: float, rounds: int = 8) -> np.ndarray:
    """Thresholds at which no single one can be moved for the better (or after `rounds` rounds)."""
    m, n = trace.prediction.shape
    gain = (trace.prediction == trace.label) - price * (trace.flops / trace.network_flops)[:, None]
    values = sign * trace.confidence.astype(np.float64)
    limits = sign * start
    strict = trace.rule != "at-least"
    open_ = np.vstack([v > t if strict else v >= t for v, t in zip(values, limits)] + [np.ones(n, bool)])
    for _ in range(rounds):
        moved = False
        for j in range(m - 1):
            here = np.flatnonzero(~open_[:j].any(axis=0))
            later = j + 1 + open_[j + 1 :, here].argmax(axis=0)
            limit = best_cut(values[j, here], gain[j, here] - gain[later, here])
            if limit != limits[j]:
                limits[j], moved = limit, True
                open_[j] = values[j] > limit if strict else values[j] >= limit
        if not moved:
            break
    return sign * limits


def best_cut(confidence: np.ndarray, advantage: np.ndarray) -> float:
    """The threshold above which the summed advantage of leaving is greatest; between two confidences, never on one."""
    if len(confidence) == 0:
        return np.inf
    order = np.argsort(-confidence, kind="stable")
    sorted_, total = confidence[order], np.cumsum(advantage[order])
    ends = np.append(sorted_[:-1] != sorted_[1:], True)  # images that are equally sure leave together
    total = np.where(ends, total, -np.inf)
    best = int(total.argmax())
    if total[best] <= 0:
        return np.inf
    return -np.inf if best == len(order) - 1 else float((sorted_[best] + sorted_[best + 1]) / 2)
