"""What a recording gives: the traces of both splits, and what was learnt for leaving early."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from .errors import TraceError
from .files import save
from .means import ClassMeans, Decided
from .trace import Exit, Option, Provenance, Trace


@dataclass(frozen=True)
class Recording:
    """Traces of the training and the test images; `means` where E2CM recorded them. Either may be None if not asked for."""

    train: Optional[Trace]
    test: Optional[Trace]
    means: Optional[ClassMeans] = None

    @property
    def traces(self) -> List[Trace]:
        return [trace for trace in (self.train, self.test) if trace is not None]

    def save(self, folder: Union[str, Path], confidence: str = "float32") -> List[Path]:
        """Writes DATASET-NETWORK-METHOD-train and -test into a folder, which is made where it is missing."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        return [save(trace, folder, confidence) for trace in self.traces]


@dataclass(frozen=True)
class Head:
    """What the traces of both splits have in common."""

    dataset: str
    network: str
    method: str
    classes: Tuple[str, ...]
    exits: Tuple[Exit, ...]
    network_flops: float
    backend: str
    train_images: int
    seed: Optional[float]
    options: Dict[str, Option]
    epochs: Optional[float] = None

    def trace(self, split: str, decided: Decided) -> Trace:
        provenance = Provenance(backend=self.backend, seed=self.seed, train_images=self.train_images, options=self.options)
        return Trace(
            self.dataset, self.network, self.method, split, self.classes, self.exits, self.network_flops,
            decided.label, decided.prediction, decided.confidence, provenance, self.epochs,
            scores=decided.scores,
        )  # fmt: skip


def class_names(classes: Optional[Sequence[str]], k: int) -> Tuple[str, ...]:
    """The names, or "0" … where there are none. Raises TraceError when there are not K."""
    if classes is None:
        return tuple(map(str, range(k)))
    if len(classes) != k:
        raise TraceError(f"There are {len(classes)} class names, but the network tells {k} classes apart.")
    return tuple(map(str, classes))


def given_costs(costs: Any, exits: int) -> List[float]:
    """Cumulative FLOPs of every exit, as a person stated them."""
    values = np.asarray(costs)
    if values.shape != (exits,) or values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise TraceError(
            f"costs must be {exits} finite numbers: cumulative FLOPs up to each exit, the network's own output last."
        )
    return [float(value) for value in values]
