"""E2CM's class means, normalisers and decisions, in NumPy (METHODS: E2CM §3.1, Algorithm 1, eqs. 4–7).

A source walks a split batch by batch and shows each exit's output as it comes; nothing of the size of the features is
kept. PyTorch's arrays are summed where they are (taps.py); everything else is plain NumPy.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Protocol, Sequence, Tuple, Union

import numpy as np

from .errors import TraceError
from .loaders import Progress, to_numpy
from .scores import decide_distances, decide_logits

#: Distances of the training images that are kept between the normalisers and the trace; beyond, one more pass is made.
MOST_DISTANCES = 2**29

Visit = Callable[[int, Any, np.ndarray], None]


class Source(Protocol):
    """Something that walks a split."""

    def walk(self, split: str, visit: Visit) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
        """Calls visit(j, outputs [B, D_j], labels [B]) for every exit but the last, and yields (labels, logits [B, K])."""
        ...

    def total(self, split: str) -> Optional[int]:
        """Images of the split, where it is known."""
        ...


@dataclass(frozen=True)
class ClassMeans:
    """What E2CM learns from the training images: everything that is needed to leave early.

    M − 1 exits have means; the last one is the network itself.
    """

    #: Names of those exits.
    names: Tuple[str, ...]
    #: c_j^k of each exit, float32 [K, D_j] (float64 where the network is); 0 for a class without images.
    means: Tuple[Any, ...] = field(repr=False)
    #: m_j^k, mean distance of all training images, float64 [M − 1, K] (eq. 4).
    normaliser: np.ndarray = field(repr=False)
    #: Training images of each class [K].
    counts: np.ndarray = field(repr=False)
    #: Where the outputs are tapped (`offramp.Tap`); empty where arrays were handed in.
    taps: Tuple[Any, ...] = ()

    def distances(self, j: int, outputs: Any) -> np.ndarray:
        """d_j^k(i) = ‖x_j(i) − c_j^k‖₂ of outputs [B, …] at exit j, float64 [B, K]."""
        return distances(flat(to_numpy(outputs)), to_numpy(self.means[j]))

    def decide(self, j: int, outputs: Any) -> Tuple[np.ndarray, np.ndarray]:
        """(label int64 [B], confidence float32 [B]) of outputs [B, …] at exit j: softmax of −d/m, eqs. 5 and 7."""
        return decide_distances(self.distances(j, outputs), self.normaliser[j], self.counts)

    def save(self, path: Union[str, Path]) -> None:
        """Writes an .npz; functions of taps (`pick`) cannot be written and must be given again."""
        arrays = {f"means_{j}": to_numpy(mean) for j, mean in enumerate(self.means)}
        taps = np.array([[tap.module, "input" if tap.input else "output", "pick" if tap.pick else ""] for tap in self.taps])
        np.savez(path, names=np.array(self.names), normaliser=self.normaliser, counts=self.counts, taps=taps, **arrays)

    @staticmethod
    def load(path: Union[str, Path], taps: Sequence[Any] = ()) -> "ClassMeans":
        """Reads what `save` wrote. `taps`: needed where an exit was tapped through a function."""
        try:
            with np.load(path, allow_pickle=False) as file:
                names = tuple(str(name) for name in file["names"])
                means = tuple(file[f"means_{j}"] for j in range(len(names)))
                normaliser, counts, rows = file["normaliser"], file["counts"], file["taps"]
        except FileNotFoundError:
            raise TraceError(f"There is no {path}.") from None
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise TraceError(f"{path} holds no class means ({error}).") from None
        if len(taps) == 0 and len(rows):
            from .taps import Tap

            if any(row[2] for row in rows):
                raise TraceError(
                    f"{path}: some exits were tapped through a function, which no file keeps: hand in taps=."
                )
            taps = [Tap(str(module), name, side == "input") for name, (module, side, _) in zip(names, rows)]
        return ClassMeans(names, means, normaliser, counts, tuple(taps))


def flat(outputs: np.ndarray) -> np.ndarray:
    """[B, …] to [B, D]."""
    return outputs.reshape(len(outputs), -1)


def distances(outputs: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Euclidean distances of outputs [B, D] to means [K, D], float64 [B, K], by subtraction: no cancellation near a mean."""
    means = means.astype(np.float64)
    return np.stack([np.sqrt(((x - means) ** 2).sum(axis=1)) for x in outputs.astype(np.float64)])


class Sums:
    """Class means of NumPy arrays while they are summed, in float64."""

    def __init__(self, classes: int, exits: int) -> None:
        self.classes = classes
        self.sums: List[Any] = [None] * exits
        self.counts = np.zeros(classes, np.int64)

    def add(self, j: int, outputs: Any, labels: np.ndarray) -> None:
        x = flat(to_numpy(outputs)).astype(np.float64)
        if self.sums[j] is None:
            self.sums[j] = np.zeros((self.classes, x.shape[1]))
        for k in np.unique(labels):
            self.sums[j][k] += x[labels == k].sum(axis=0)

    def finish(self) -> Tuple[Any, ...]:
        """c_j^k [K, D_j], exit after exit; the sums are given up."""
        per = np.maximum(self.counts, 1)[:, None]
        means = tuple((sums / per).astype(np.float32) for sums in self.sums)
        self.sums = []
        return means

    def distances(self, outputs: Any, means: Any) -> np.ndarray:
        return distances(flat(to_numpy(outputs)), means)


@dataclass(frozen=True)
class Decided:
    """Labels and confidences of a split: label [N], prediction and confidence [M, N]."""

    label: np.ndarray
    prediction: np.ndarray
    confidence: np.ndarray
    #: As `Trace.scores`, where they were asked for.
    scores: Optional[np.ndarray] = None


def learn(
    source: Source, names: Sequence[str], classes: int, sums: Sums, progress: Progress, taps: Sequence[Any] = ()
) -> Tuple[ClassMeans, Decided]:
    """Class means in one pass over the training images, normalisers and their trace in the next.

    Raises TraceError when the passes differ. What the images' distances take is bounded: where they do not fit, the
    trace is made in a pass of its own.
    """
    progress.begin("1/3 class means", source.total("train"))
    for labels, _ in source.walk("train", sums.add):
        sums.counts += np.bincount(labels, minlength=classes)
        progress.add(len(labels))
    progress.end()
    n, exits = int(sums.counts.sum()), len(names)
    counts, means = sums.counts, sums.finish()
    keeps = 4 * n * exits * classes <= MOST_DISTANCES
    kept: List[List[np.ndarray]] = [[] for _ in range(exits)]
    total = np.zeros((exits, classes))

    def measure(j: int, outputs: Any, labels: np.ndarray) -> None:
        d = sums.distances(outputs, means[j])
        total[j] += d.sum(axis=0, dtype=np.float64)
        if keeps:
            kept[j].append(d.astype(np.float32))

    label, own = [], []
    progress.begin("2/3 distances" if keeps else "2/3 normalisers (one more pass: distances do not fit)", n)
    for labels, logits in source.walk("train", measure):
        label.append(labels)
        own.append(decide_logits(logits))
        progress.add(len(labels))
    progress.end()
    again = sum(map(len, label))
    if again != n:
        raise TraceError(
            f"The train loader gave {n} images in its first pass and {again} in its second; they must be the same "
            "ones."
        )
    learnt = ClassMeans(tuple(names), means, total / n, counts, tuple(taps))
    if not keeps:
        return learnt, trace(source, "train", learnt, sums, progress)
    decided = [decide_distances(np.concatenate(d), learnt.normaliser[j], counts) for j, d in enumerate(kept)]
    decided.append((np.concatenate([o[0] for o in own]), np.concatenate([o[1] for o in own])))
    return learnt, Decided(np.concatenate(label), np.stack([d[0] for d in decided]), np.stack([d[1] for d in decided]))


def trace(source: Source, split: str, learnt: ClassMeans, sums: Sums, progress: Progress) -> Decided:
    """One pass: what every exit says of every image of a split."""
    exits = len(learnt.names)
    found: List[List[Tuple[np.ndarray, np.ndarray]]] = [[] for _ in range(exits + 1)]

    def visit(j: int, outputs: Any, labels: np.ndarray) -> None:
        d = sums.distances(outputs, learnt.means[j])
        found[j].append(decide_distances(d, learnt.normaliser[j], learnt.counts))

    label = []
    progress.begin(f"3/3 {split} images", source.total(split))
    for labels, logits in source.walk(split, visit):
        label.append(labels)
        found[exits].append(decide_logits(logits))
        progress.add(len(labels))
    progress.end()
    prediction, confidence = (np.stack([np.concatenate([part[side] for part in exit]) for exit in found]) for side in (0, 1))
    return Decided(np.concatenate(label), prediction, confidence)
