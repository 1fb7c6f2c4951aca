"""from_arrays: a trace of whatever made the numbers — JAX, Keras, a cluster's files — in NumPy alone."""
from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np

from .errors import TraceError
from .policy import METHOD_RULES, check_rule
from .scores import check_scores, decide_logits, keep_scores
from .trace import Exit, Option, Provenance, Trace, is_number

#: Costs that are not FLOPs are kept as they are, and `provenance.options.cost` says what they are.
UNITS = {"flops": "FLOPs", "seconds": "seconds", "relative": "relative"}


def from_arrays(
    *,
    labels: Any,
    logits: Any = None,
    probs: Any = None,
    prediction: Any = None,
    confidence: Any = None,
    flops: Optional[Sequence[float]] = None,
    seconds: Optional[Sequence[float]] = None,
    relative: Optional[Sequence[float]] = None,
    network_cost: Optional[float] = None,
    split: str = "test",
    dataset: str = "my data",
    network: str = "my network",
    method: Optional[str] = None,
    rule: Optional[str] = None,
    classes: Optional[Sequence[str]] = None,
    exits: Optional[Sequence[str]] = None,
    train_images: int = 0,
    seed: Optional[float] = None,
    epochs: Optional[float] = None,
    options: Optional[Dict[str, Option]] = None,
    scores: bool = False,
) -> Trace:
    """A trace of arrays: NumPy's, or anything that NumPy can read (torch, JAX, TensorFlow, lists).

    labels            [N], whole numbers 0 … K − 1
    logits or probs   [M, N, K]: label = argmax, confidence = max softmax (probs: their maximum)
    prediction and confidence [M, N], instead of scores: any labels, any sureness; say `rule` then
    flops, seconds or relative [M]: cumulative cost of leaving at each exit; exactly one of the three
    network_cost      cost of the plain network in the same unit; that of the last exit unless said
    rule              "above", "at-least" (the default of scores) or "below"
    classes, exits    names; "0" …, "exit 1" … unless said
    epochs            of training that the exits took
    scores            whether the logits or probs stay beside the trace as float16, for other confidences in the page

    Raises TraceError with a sentence for what is missing or does not fit.
    """
    unit, costs = one_of(flops=flops, seconds=seconds, relative=relative)
    kind, given = one_of(logits=logits, probs=probs, prediction=prediction)
    kept = None
    truth = whole_numbers("labels", labels, 1)
    if kind == "prediction":
        if confidence is None:
            raise TraceError("There is a prediction but no confidence: hand in confidence [exits, images] too.")
        if rule is None and method not in METHOD_RULES:
            raise TraceError(
                'Say how the confidence is held against thresholds: rule="above" or "at-least" where surer is greater, '
                '"below" where it is less, as with an entropy.'
            )
        if scores:
            raise TraceError("There is a prediction, but no scores that could be kept: hand in logits or probs, or leave scores out.")
        guess, sure = whole_numbers("prediction", given, 2), numbers("confidence", confidence, 2)
        k = len(classes) if classes is not None else 1 + max(int(truth.max(initial=1)), int(guess.max(initial=1)))
    else:
        if confidence is not None:
            raise TraceError(
                f"There are {kind} and a confidence; hand in one of them, the confidence follows from the {kind}."
            )
        rows = numbers(kind, given, 3)
        guess, sure, k = from_scores(kind, rows, len(truth))
        if scores:
            kept = np.stack([keep_scores(kind, exit) for exit in rows])
    names = tuple(classes) if classes is not None else tuple(map(str, range(k)))
    if kind != "prediction" and len(names) != k:
        raise TraceError(f"There are {len(names)} class names, but {kind} has {k} classes.")
    cost = numbers(unit, costs, 1)
    m = len(guess)
    if len(cost) != m:
        raise TraceError(f"{unit} has {len(cost)} entries; expected {m}, the cumulative cost of leaving at each exit.")
    exit_names = list(exits) if exits is not None else [f"exit {j}" for j in range(1, m + 1)]
    if len(exit_names) != m:
        raise TraceError(f"There are {len(exit_names)} exit names for {m} exits.")
    method = method or ("max-softmax" if kind != "prediction" else "confidence")
    stated: Dict[str, Option] = dict(options or {})
    if method not in METHOD_RULES:
        stated["rule"] = check_rule(rule or "at-least")
    elif rule not in (None, METHOD_RULES[method]):
        raise TraceError(f'The rule of {method} is "{METHOD_RULES[method]}", not "{rule}"; name your method otherwise.')
    if unit != "flops":
        stated["cost"] = UNITS[unit]
    if network_cost is not None and not is_number(network_cost):
        raise TraceError(f"network_cost is {network_cost!r}; expected a number.")
    whole_network = network_cost if network_cost is not None else (1.0 if unit == "relative" else float(cost[-1]))
    return Trace(
        dataset, network, method, split, names,
        tuple(Exit(str(name), float(c), j) for j, (name, c) in enumerate(zip(exit_names, cost))),
        float(whole_network), truth, guess, sure,
        Provenance(backend="arrays", seed=seed, train_images=train_images, options=stated), epochs, scores=kept,
    )  # fmt: skip


def from_scores(kind: str, scores: np.ndarray, images: int) -> Tuple[np.ndarray, np.ndarray, int]:
    """(prediction [M, N], confidence float32 [M, N], K) of logits or probabilities [M, N, K]."""
    m, n, k = scores.shape
    if m == 0 or n == 0 or k < 2:
        raise TraceError(
            f"{kind} has the shape {m} × {n} × {k}; expected exits × images × classes, two classes or more."
        )
    if n != images:
        hint = f" It looks like images × exits × classes: hand in {kind}.swapaxes(0, 1)." if m == images else ""
        raise TraceError(f"{kind} has {n} images (its second dimension), but there are {images} labels.{hint}")
    check_scores(kind, scores)
    if kind == "logits":
        pairs = [decide_logits(exit) for exit in scores]
        return np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs]), k
    check_probabilities(scores)
    guess = scores.argmax(axis=2)
    return guess, np.take_along_axis(scores, guess[..., None], 2)[..., 0].astype(np.float32), k


def check_probabilities(probs: np.ndarray) -> None:
    for j, exit in enumerate(probs):
        sums = exit.sum(axis=1, dtype=np.float64)
        wrong = (exit.min(axis=1) < 0) | (np.abs(sums - 1) > 0.01)
        if wrong.any():
            i = int(wrong.argmax())
            raise TraceError(
                f"probs of image {i} at exit {j} are no probabilities: they sum to {sums[i]:.4g} and the least is "
                f"{exit[i].min():.4g}. Hand logits in as logits=."
            )


def one_of(**given: Any) -> Tuple[str, Any]:
    """The one argument that was given."""
    there = [(name, value) for name, value in given.items() if value is not None]
    if len(there) != 1:
        what = "all of them are missing" if not there else f"there are {' and '.join(name for name, _ in there)}"
        raise TraceError(f"Hand in exactly one of {', '.join(given)}; {what}.")
    return there[0]


def array(name: str, value: Any, dimensions: int) -> np.ndarray:
    shapes = {1: "a list", 2: "[exits, images]", 3: "[exits, images, classes]"}
    try:
        if hasattr(value, "detach"):  # a torch tensor, perhaps on a GPU, perhaps in bfloat16
            value = value.detach().cpu()
            value = (value.float() if value.is_floating_point() else value).numpy()
        elif isinstance(value, (list, tuple)):  # of arrays, one an exit
            value = np.stack([array(name, v, dimensions - 1) for v in value]) if dimensions > 1 and value else np.asarray(value)
        found = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        if isinstance(error, TraceError):
            raise
        raise TraceError(f"{name} is no array of numbers {shapes[dimensions]}: {str(error).splitlines()[0]}.") from None
    if found.ndim != dimensions:
        shape = " × ".join(map(str, found.shape)) or "a single number"
        raise TraceError(f"{name} has the shape {shape}; expected {dimensions} dimensions, {shapes[dimensions]}.")
    return found


def numbers(name: str, value: Any, dimensions: int) -> np.ndarray:
    found = array(name, value, dimensions)
    if found.dtype.kind not in "fiu":
        raise TraceError(f"{name} is of {found.dtype}; expected numbers.")
    return found


def whole_numbers(name: str, value: Any, dimensions: int) -> np.ndarray:
    """Class indices; whole floats, as other programs keep them, are taken too."""
    found = array(name, value, dimensions)
    if found.dtype.kind == "f" and np.isfinite(found).all() and (found == np.rint(found)).all():
        found = found.astype(np.int64)
    if found.dtype.kind not in "iu":
        raise TraceError(f"{name} is of {found.dtype}; expected whole numbers, the index of a class each.")
    return found
