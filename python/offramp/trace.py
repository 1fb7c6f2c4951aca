"""The trace: what every exit says of every image, how sure it is, and what it costs to get there.

Everything seen or searched afterwards is a function of a trace and thresholds; no network is run again.
"""
from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from .errors import TraceError, show
from .policy import rule_of

SPLITS = ("train", "holdout", "test")
MOST_CLASSES = 65_536
MOST_EXITS = 200

Option = Union[str, int, float, bool]


@dataclass(frozen=True)
class Exit:
    """A place where an image may leave."""

    name: str
    #: Cumulative cost of an image that leaves here, the method's own at every visited exit included. FLOPs (one
    #: multiply-accumulate is two), or what `Trace.unit` says.
    flops: float
    #: Index of the stage after which the exit sits.
    stage: int
    #: D_j, numbers in the output tapped here; None where nothing is tapped.
    size: Optional[int] = None


@dataclass(frozen=True)
class Provenance:
    """How the numbers came to be: enough to say so next to them."""

    commit: str = "offramp (Python)"
    backend: str = "NumPy"
    seed: Optional[float] = None
    #: Training images that made the class means, or trained the classifiers.
    train_images: int = 0
    options: Dict[str, Option] = field(default_factory=dict)
    #: Day of the recording as yyyy-mm-dd; None where it was not written down.
    day: Optional[str] = None


@dataclass(frozen=True)
class Trace:
    """N images at M exits. Checked when it is made: raises TraceError with a sentence for each fault."""

    dataset: str
    network: str
    method: str
    #: "train", "test", or "holdout": training images that made no class mean.
    split: str
    #: Class names [K].
    classes: Tuple[str, ...]
    exits: Tuple[Exit, ...]
    #: Cost of one image through the plain network, no exits: the denominator of relative cost.
    network_flops: float
    #: True class of image i, uint8 or uint16 [N].
    label: np.ndarray = field(repr=False)
    #: prediction[j, i] is the label that exit j gives image i, uint8 or uint16 [M, N].
    prediction: np.ndarray = field(repr=False)
    #: confidence[j, i] in the method's own unit, float32 [M, N].
    confidence: np.ndarray = field(repr=False)
    provenance: Provenance = Provenance()
    #: Epochs of training that the method took; None where nothing was trained.
    budget: Optional[float] = None
    #: Images that were to be traced; more than `count` where a run was stopped.
    total: Optional[int] = None
    #: Of a method with two judges, what the one beside the first says: as `prediction` and `confidence`. Kept and written;
    #: `replay` asks the first alone.
    second_prediction: Optional[np.ndarray] = field(default=None, repr=False)
    second_confidence: Optional[np.ndarray] = field(default=None, repr=False)
    #: Log-probabilities of the classes up to a constant a row, float16 [M, N, K]; None unless they were asked for.
    scores: Optional[np.ndarray] = field(default=None, repr=False)

    def __post_init__(self) -> None:
        faults = faults_of(self)
        if faults:
            raise TraceError(faults)
        narrow = class_dtype(len(self.classes))
        set_ = object.__setattr__
        set_(self, "label", np.ascontiguousarray(self.label, narrow))
        set_(self, "prediction", np.ascontiguousarray(self.prediction, narrow))
        set_(self, "confidence", np.ascontiguousarray(self.confidence, np.float32))
        if self.second_prediction is not None:
            set_(self, "second_prediction", np.ascontiguousarray(self.second_prediction, narrow))
            set_(self, "second_confidence", np.ascontiguousarray(self.second_confidence, np.float32))
        if self.scores is not None:
            set_(self, "scores", np.ascontiguousarray(self.scores, np.float16))
        if self.total is None:
            set_(self, "total", self.count)

    @property
    def count(self) -> int:
        """N, the images of this trace."""
        return int(np.shape(self.label)[0])

    @property
    def rule(self) -> str:
        """How confidences are held against thresholds: "above", "at-least" or "below"."""
        return rule_of(self.method, self.provenance.options)

    @property
    def unit(self) -> str:
        """What the costs are: "FLOPs" unless another program said otherwise."""
        return str(self.provenance.options.get("cost", "FLOPs"))

    @property
    def flops(self) -> np.ndarray:
        """Cumulative cost of leaving at each exit, float64 [M]."""
        return np.array([exit.flops for exit in self.exits], np.float64)

    def accuracy(self) -> np.ndarray:
        """Share of the images that each exit would label right, were all to leave there, float64 [M]."""
        return (self.prediction == self.label).mean(axis=1)

    def remarks(self) -> List[str]:
        """What a reader should know though nothing is wrong, a sentence each."""
        found = []
        for j, (before, exit) in enumerate(zip(self.exits, self.exits[1:]), 1):
            if exit.flops <= before.flops:
                than = "as much as" if exit.flops == before.flops else "less than"
                found.append(
                    f"Exit {j} ({exit.name}) costs {than} the exit before it ({before.name}): nothing is saved by "
                    "leaving at the earlier one."
                )
        if len(self.classes) > 256:
            found.append(f"The trace has {len(self.classes)} classes, so labels are uint16.")
        missing = len(self.classes) - len(np.unique(self.label))
        if missing:
            found.append(f"{missing} of the {len(self.classes)} classes have no image in this trace.")
        return found

    def save(self, path: Union[str, Path], confidence: str = "float32") -> Path:
        """Writes NAME.trace.json and NAME.trace.bin, or both in NAME.zip; see `offramp.files.save`."""
        from .files import save

        return save(self, path, confidence)

    def first(self, count: int) -> "Trace":
        """The first `count` images of the trace."""
        n = min(count, self.count)
        cut = dict(label=self.label[:n], prediction=self.prediction[:, :n], confidence=self.confidence[:, :n])
        if self.second_prediction is not None:
            cut["second_prediction"] = self.second_prediction[:, :n]
            cut["second_confidence"] = self.second_confidence[:, :n]
        if self.scores is not None:
            cut["scores"] = self.scores[:, :n]
        return replace(self, **cut, total=n)


def class_dtype(classes: int) -> type:
    """uint8 for up to 256 classes, uint16 beyond."""
    return np.uint8 if classes <= 256 else np.uint16


def faults_of(trace: Trace) -> List[str]:
    """Every invariant that is broken, a sentence each; the page holds the same ones (src/core/trace.ts)."""
    faults: List[str] = []
    m, k = len(trace.exits), len(trace.classes)
    if trace.split not in SPLITS:
        faults.append(f'split is {show(trace.split)}; expected "train", "holdout" or "test".')
    for name in ("dataset", "network", "method"):
        if not isinstance(getattr(trace, name), str):
            faults.append(f"{name} is {show(getattr(trace, name))}; expected text.")
    if not 1 <= m <= MOST_EXITS:
        faults.append(f"The trace has {m} exits; expected 1 to {MOST_EXITS}.")
    if not 2 <= k <= MOST_CLASSES:
        faults.append(f"The trace has {k} classes; expected 2 to {MOST_CLASSES:,}.")
    for i, name in enumerate(trace.classes):
        if not isinstance(name, str):
            faults.append(f"classes[{i}] is {show(name)}; expected text.")
    faults += cost_faults(trace)
    arrays = [("label", trace.label, 1), ("prediction", trace.prediction, 2), ("confidence", trace.confidence, 2)]
    if (trace.second_prediction is None) != (trace.second_confidence is None):
        faults.append("A second judge has a label and a confidence for every image; one of the two is missing.")
    elif trace.second_prediction is not None:
        arrays.append(("second_prediction", trace.second_prediction, 2))
        arrays.append(("second_confidence", trace.second_confidence, 2))
    odd = [
        f"{name} has {np.ndim(values)} dimensions; expected {'[images]' if n == 1 else '[exits, images]'}."
        for name, values, n in arrays
        if np.ndim(values) != n
    ]
    if odd:
        return faults + odd
    n = trace.count
    for name, values, _ in arrays[1:]:
        if np.shape(values) != (m, n):
            shape = " × ".join(map(str, np.shape(values)))
            odd.append(f"{name} has {shape} entries; expected {m} × {n} (exits × images).")
    if odd:
        return faults + odd
    if n == 0:
        return faults + ["The trace has no images; it needs at least one."]
    if trace.total is not None and trace.total < n:
        faults.append(f"total is {trace.total}, less than count ({n}).")
    faults += class_faults("label", trace.label, k) + class_faults("prediction", trace.prediction, k, trace)
    return faults + nan_faults(trace) + score_faults(trace)


def cost_faults(trace: Trace) -> List[str]:
    faults = []
    if not (is_number(trace.network_flops) and trace.network_flops > 0):
        faults.append(f"networkFlops is {show(trace.network_flops)}; expected a positive number.")
    for j, exit in enumerate(trace.exits):
        if not (is_number(exit.flops) and exit.flops > 0):
            faults.append(f"Exit {j} ({exit.name}) costs {show(exit.flops)}; expected a positive number.")
    return faults


def class_faults(name: str, values: np.ndarray, classes: int, trace: Optional[Trace] = None) -> List[str]:
    """One sentence about the first class index that is none of 0 … classes − 1."""
    values = np.asarray(values)
    if values.dtype.kind not in "iu":
        return [f"{name} is of {values.dtype}; expected whole numbers, the index of a class each."]
    wrong = (values < 0) | (values >= classes)
    if not wrong.any():
        return []
    at = np.unravel_index(int(wrong.argmax()), wrong.shape)
    what = f"Image {at[-1]} has {name} {values[at]}"
    if trace is not None:
        what = f"Image {at[-1]} is predicted as class {values[at]} at exit {trace.exits[at[0]].name}"
    return [f"{what}, but there are only the classes 0 to {classes - 1}."]


def nan_faults(trace: Trace) -> List[str]:
    values = np.asarray(trace.confidence)
    if values.dtype.kind not in "fiu":
        return [f"confidence is of {values.dtype}; expected numbers."]
    for j, row in enumerate(values):  # exit by exit: no mask as large as the array
        nan = np.isnan(row)
        if nan.any():
            return [
                f"The confidence of image {int(nan.argmax())} at exit {trace.exits[j].name} is not a number (NaN). "
                "A network with broken weights or an overflow gives that; the trace cannot be used."
            ]
    return []


def score_faults(trace: Trace) -> List[str]:
    """One sentence about the first score that is unusable, or that contradicts a prediction."""
    if trace.scores is None:
        return []
    scores, wanted = np.asarray(trace.scores), (len(trace.exits), trace.count, len(trace.classes))
    if scores.shape != wanted or scores.dtype.kind != "f":
        shape = " × ".join(map(str, scores.shape))
        return [f"scores is {shape} of {scores.dtype}; expected {' × '.join(map(str, wanted))} (exits × images × classes) of float16."]
    for exit, prediction, rows in zip(trace.exits, np.asarray(trace.prediction), scores):
        wrong = ~np.isfinite(rows)
        if wrong.any():
            i, c = np.unravel_index(int(wrong.argmax()), wrong.shape)
            return [f"The score of image {i} at exit {exit.name} for class {c} is {rows[i, c]}; expected a finite number."]
        held = rows[np.arange(len(rows)), prediction.astype(np.intp).clip(0, wanted[2] - 1)]
        less = rows.max(axis=1) > held
        if less.any():
            i = int(less.argmax())
            return [
                f"Image {i} at exit {exit.name} is predicted as class {prediction[i]}, but class {rows[i].argmax()} has a greater "
                "score: the scores are of another trace, or their classes in another order."
            ]
    return []


def is_number(value: Any) -> bool:
    """A finite number that is no bool."""
    kinds = (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)
