"""from_features: E2CM of outputs that another framework computes (JAX, Keras), in NumPy alone."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np

from .errors import TraceError
from .loaders import Progress, to_numpy
from .means import Sums, Visit, flat, learn, trace
from .recording import Head, Recording, class_names, given_costs
from .trace import Exit

#: (outputs at every exit but the last [B, …], logits [B, K], labels [B])
Batch = Tuple[Sequence[Any], Any, Any]


def from_features(
    *,
    train: Any,
    test: Any,
    costs: Sequence[float],
    exits: Optional[Sequence[str]] = None,
    out: Optional[Union[str, Path]] = None,
    dataset: str = "my data",
    network: str = "my network",
    classes: Optional[Sequence[str]] = None,
    seed: Optional[float] = None,
    progress: Optional[bool] = None,
) -> Recording:
    """Records E2CM from a network's outputs, batch by batch; nothing of their size is kept.

    train, test  can be iterated more than once and give (outputs, logits [B, K], labels [B]); outputs is a list with
              what each exit but the last gives, [B, …], anything that NumPy can read
    costs     FLOPs of the plain network up to each exit [M], the whole network's last; class-mean distances,
              K(3D − 1) at each visited exit, are added
    exits     names of the exits but the last

    Others are those of `offramp.record`. Raises TraceError.
    """
    source = Batches({"train": train, "test": test})
    sizes, k = source.probe()
    names = list(map(str, exits)) if exits is not None else [f"exit {j}" for j in range(1, len(sizes) + 1)]
    if len(names) != len(sizes):
        raise TraceError(
            f"There are {len(names)} exit names for {len(sizes)} outputs; the last exit, the network, is not named."
        )
    plain = given_costs(costs, len(sizes) + 1)
    distances = np.append(np.cumsum([k * (3 * size - 1) for size in sizes]), 0)
    distances[-1] = distances[-2] if len(sizes) else 0
    places = [Exit(name, plain[j] + float(distances[j]), j, sizes[j]) for j, name in enumerate(names)]
    places.append(Exit("classifier", plain[-1] + float(distances[-1]), len(sizes), k))
    sums, line = Sums(k, len(sizes)), Progress(progress)
    learnt, decided = learn(source, names, k, sums, line)
    tested = trace(source, "test", learnt, sums, line)
    head = Head(
        dataset, network, "e2cm", class_names(classes, k), tuple(places), plain[-1], "NumPy", int(learnt.counts.sum()), seed,
        {"label": "normalised", "lastExit": "network", "recorder": "offramp (Python)"},
    )  # fmt: skip
    recording = Recording(head.trace("train", decided), head.trace("test", tested), learnt)
    if out is not None:
        recording.save(out)
    return recording


class Batches:
    """Walks batches of arrays, each checked."""

    def __init__(self, splits: dict) -> None:
        self.splits = splits
        self.sizes: List[int] = []
        self.classes = 0
        for name, batches in splits.items():
            if hasattr(batches, "__next__") or not hasattr(batches, "__iter__"):
                raise TraceError(
                    f"{name} can be iterated only once; hand in a list of batches, or an object that begins anew."
                )

    def total(self, split: str) -> Optional[int]:
        return None

    def probe(self) -> Tuple[List[int], int]:
        for batch in self.splits["train"]:
            outputs, logits, _ = self.checked(batch, "train", 0)
            self.sizes, self.classes = [x.shape[1] for x in outputs], logits.shape[1]
            return self.sizes, self.classes
        raise TraceError("train has no batches.")

    def walk(self, split: str, visit: Visit) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
        seen = 0
        for b, batch in enumerate(self.splits[split]):
            outputs, logits, labels = self.checked(batch, split, b)
            for j, x in enumerate(outputs):
                visit(j, x, labels)
            seen += len(labels)
            yield labels, logits
        if seen == 0:
            raise TraceError(f"{split} has no images.")

    def checked(self, batch: Any, split: str, b: int) -> Tuple[List[np.ndarray], np.ndarray, np.ndarray]:
        where = f"Batch {b} of {split}"
        if not isinstance(batch, (tuple, list)) or len(batch) != 3 or not isinstance(batch[0], (tuple, list)):
            raise TraceError(f"{where} is not (list of outputs, logits, labels).")
        outputs, logits, labels = [to_numpy(x) for x in batch[0]], to_numpy(batch[1]), to_numpy(batch[2])
        if labels.ndim != 1 or labels.dtype.kind not in "iu" or len(labels) == 0:
            raise TraceError(f"{where} has no labels [B]: one whole number an image.")
        if logits.ndim != 2 or logits.shape[1] < 2 or any(len(x) != len(labels) or x.ndim < 2 for x in (*outputs, logits)):
            raise TraceError(
                f"{where} has {len(labels)} labels; expected as many rows of logits [B, K] and of every output [B, …]."
            )
        outputs = [flat(x) for x in outputs]
        for values, what in [(logits, "logits"), *((x, f"output {j}") for j, x in enumerate(outputs))]:
            if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
                raise TraceError(f"{where}: {what} holds something that is no finite number.")
        if self.classes and ([x.shape[1] for x in outputs] != self.sizes or logits.shape[1] != self.classes):
            raise TraceError(
                f"{where} has other sizes than the first batch: expected outputs of {self.sizes} numbers, "
                f"{self.classes} logits."
            )
        if (labels < 0).any() or (labels >= logits.shape[1]).any():
            raise TraceError(f"{where} has a label that is none of the classes 0 to {logits.shape[1] - 1}.")
        return outputs, logits, labels.astype(np.int64)
