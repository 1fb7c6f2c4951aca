"""From the scores of exits to labels and confidences, in NumPy: what a trace keeps of each image."""
from __future__ import annotations

from typing import Tuple

import numpy as np

from .errors import TraceError

#: Images that are computed at once: float64 copies stay small however long the trace.
CHUNK = 16_384


def decide_logits(logits: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Logits [N, K] to (argmax [N], max softmax float32 [N]); of equal logits the first class wins."""
    best, confidence = [], []
    for i in range(0, len(logits), CHUNK):
        part = np.asarray(logits[i : i + CHUNK], np.float64)
        top = part.argmax(axis=1)
        greatest = part[np.arange(len(part)), top][:, None]
        with np.errstate(invalid="ignore"):  # inf − inf; such rows are refused by the caller
            confidence.append(1 / np.exp(part - greatest).sum(axis=1))
        best.append(top)
    return np.concatenate(best), np.concatenate(confidence).astype(np.float32)


def decide_distances(distances: np.ndarray, normaliser: np.ndarray, counts: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """E2CM's decision at one exit (eqs. 4–7): distances d [N, K], m [K], training images of each class [K].

    Returns (argmax_k, max_k) of softmax(−d / m), labels int64 [N] and confidences float32 [N]. A class without
    training images is never predicted. Where m is 0 every training image lies on the mean: d̂ is 0 on it, ∞ off it.
    """
    d = np.asarray(distances, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(normaliser > 0, d / normaliser, np.where(d == 0, 0.0, np.inf))
    scaled[:, counts == 0] = np.inf
    label = scaled.argmin(axis=1)
    least = scaled[np.arange(len(d)), label][:, None]
    terms = np.where(scaled == least, 1.0, np.exp(-np.maximum(scaled - np.where(np.isinf(least), 0, least), 0)))
    terms[:, counts == 0] = 0
    return label, (1 / terms.sum(axis=1)).astype(np.float32)


def check_scores(name: str, scores: np.ndarray) -> None:
    """Raises TraceError when scores [M, N, K] are no finite numbers, with the first place that is wrong."""
    if scores.dtype.kind not in "fiu":
        raise TraceError(f"{name} is of {scores.dtype}; expected numbers.")
    for j, exit in enumerate(scores):
        wrong = ~np.isfinite(exit)
        if wrong.any():
            i, k = np.unravel_index(int(wrong.argmax()), wrong.shape)
            raise TraceError(
                f"{name}[{j}, {i}, {k}] is {exit[i, k]}: exit {j} gives image {i} no finite score of class {k}."
            )


#: The greatest finite float16.
GREATEST_HALF = 65_504.0


def keep_scores(kind: str, scores: np.ndarray) -> np.ndarray:
    """What stays of scores [N, K] beside a trace, float16: logits less the greatest of their row, where 16 bits are finest
    and a softmax does not mind; of probabilities (`kind` "probs") their logarithms. What is less than a float16 can be
    stands as the least of them."""
    kept = np.empty(scores.shape, np.float16)
    for i in range(0, len(scores), CHUNK):
        part = np.asarray(scores[i : i + CHUNK], np.float64)
        greatest = part.max(axis=1, keepdims=True)
        with np.errstate(divide="ignore"):
            less = np.log(part / greatest) if kind == "probs" else part - greatest
        # By way of float32, as the page does it.
        kept[i : i + CHUNK] = np.maximum(less, -GREATEST_HALF).astype(np.float32)
    return kept
