"""How a confidence is held against its threshold, the same three rules as in the page (src/core/policy.ts)."""
from __future__ import annotations

from typing import Sequence, Union

import numpy as np

from .errors import TraceError, nearest

#: `above`: leave iff confidence > T (E2CM, eq. 6). `at-least`: leave iff confidence >= T (Shallow-Deep Networks).
#: `below`: leave iff confidence < T (BranchyNet's entropy, in nats).
RULES = ("above", "at-least", "below")

#: Methods of the page and their rules.
METHOD_RULES = {
    "e2cm": "above", "dec": "above", "sdn": "at-least", "bwds": "at-least", "e2cm-sdn": "at-least",
    "branchynet": "below", "e2cm-branchynet": "at-least",
}  # fmt: skip

Thresholds = Union[float, Sequence[float], np.ndarray]


def check_rule(rule: object) -> str:
    """The rule itself. Raises TraceError when there is no such rule."""
    if isinstance(rule, str) and rule in RULES:
        return rule
    raise TraceError(f"There is no rule {rule!r}; there are {', '.join(RULES)}.")


def rule_of(method: str, options: object = None) -> str:
    """The rule of a trace: that of its method, or for another program's what its options state under "rule"."""
    stated = options.get("rule") if isinstance(options, dict) else None
    if method in METHOD_RULES:
        return METHOD_RULES[method]
    if stated is None:
        raise TraceError(
            f'The trace is of the method "{method}", whose rule is not known: say rule="above", "at-least" or "below". '
            f"Methods whose rule is known: {nearest(method, METHOD_RULES, 7)}."
        )
    return check_rule(stated)


def leaves(rule: str, confidence: np.ndarray, threshold: float) -> np.ndarray:
    """Who leaves: bool, of the shape of `confidence`. Compared in float64, whatever the confidences are kept in."""
    # A float32 array would otherwise round the threshold to float32 first, and ties would fall the other way.
    values = np.asarray(confidence, np.float64)
    if rule == "above":
        return values > threshold
    return values >= threshold if rule == "at-least" else values < threshold


def check_thresholds(thresholds: Thresholds, exits: int) -> np.ndarray:
    """T_j of every exit but the last, float64 [M - 1]; one number stands for all. Infinite ones open or close an exit."""
    try:
        values = np.asarray(thresholds, np.float64)
    except (TypeError, ValueError):
        raise TraceError("The thresholds are not numbers; expected one number, or one for every exit but the last.")
    if values.ndim == 0:
        values = np.full(exits - 1, float(values))
    if values.shape != (exits - 1,):
        shape = "×".join(map(str, values.shape))
        raise TraceError(
            f"There are {shape} thresholds; a trace with {exits} exits needs {exits - 1}, or one number for all."
        )
    if np.isnan(values).any():
        raise TraceError(f"Threshold {int(np.isnan(values).argmax())} is not a number (NaN).")
    return values
