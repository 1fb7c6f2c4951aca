"""replay(trace, thresholds): who leaves where, what it costs and how often it is right (src/core/replay.ts)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from .policy import Thresholds, check_rule, check_thresholds, leaves
from .trace import Trace


@dataclass(frozen=True)
class Outcome:
    """What thresholds make of a trace of N images and M exits."""

    #: Exit at which image i leaves, uint8 [N].
    exit_of: np.ndarray
    #: Share of the images labelled right where they leave.
    accuracy: float
    #: Mean cost of an image, in the trace's unit.
    mean_flops: float
    #: Mean cost relative to the plain network.
    cost: float
    #: Images that leave at exit j, int64 [M].
    leaving: np.ndarray
    #: How many of those are labelled right, int64 [M].
    right: np.ndarray


def replay(trace: Trace, thresholds: Thresholds, rule: Optional[str] = None) -> Outcome:
    """Sends every image through thresholds: it leaves at the first exit that lets it go, else at the last.

    `thresholds`: T_j of every exit but the last [M - 1], or one number for all. `rule`: the trace's own unless given.
    Of a trace with two judges the first is asked alone, as the page does with one threshold an exit; under the rule
    `and-label` its confidence counts as 0 where the other names another class. Raises TraceError when they do not fit
    the trace.
    """
    m, n = trace.prediction.shape
    confidence = trace.confidence
    if trace.second_prediction is not None and trace.provenance.options.get("agreement") == "and-label":
        confidence = np.where(trace.prediction == trace.second_prediction, confidence, np.float32(0))
    limits = check_thresholds(thresholds, m)
    rule = trace.rule if rule is None else check_rule(rule)
    exit_of = np.full(n, m - 1, np.uint8)
    driving = np.arange(n)
    for j in range(m - 1):
        go = leaves(rule, confidence[j, driving], limits[j])
        exit_of[driving[go]] = j
        driving = driving[~go]
    hit = trace.prediction[exit_of, np.arange(n)] == trace.label
    leaving = np.bincount(exit_of, minlength=m)
    right = np.bincount(exit_of[hit], minlength=m)
    mean = float(sum(int(count) * exit.flops for count, exit in zip(leaving, trace.exits)) / n)
    return Outcome(exit_of, int(right.sum()) / n, mean, mean / trace.network_flops, leaving, right)
