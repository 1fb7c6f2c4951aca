"""record: E2CM on any PyTorch model, by forward hooks on named modules (METHODS §1 and §2)."""
from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from torch import nn

from .cost import Counter, distance_flops
from .errors import TraceError
from .loaders import Loader, Progress, Unpack, to_numpy
from .means import Visit, learn, trace
from .recording import Head, Recording, class_names, given_costs
from .taps import Place, Tap, Tapped, TorchSums, device_of, is_same, logits_of, tapped_tensor, taps_of
from .trace import Exit

Pick = Callable[[Any], torch.Tensor]


def record(
    model: nn.Module,
    *,
    exits: Union[str, Sequence[Place]] = "auto",
    train: Any,
    test: Any,
    out: Optional[Union[str, Path]] = None,
    dataset: str = "my data",
    network: Optional[str] = None,
    classes: Optional[Sequence[str]] = None,
    costs: Optional[Sequence[float]] = None,
    logits: Optional[Pick] = None,
    unpack: Optional[Unpack] = None,
    seed: Optional[float] = None,
    memory: float = 8e9,
    progress: Optional[bool] = None,
) -> Recording:
    """Records E2CM's early exits of a trained classifier: two passes over `train`, one over `test`.

    exits     names of modules ("layer1.0"), `Tap`s, (name, function) pairs, or "auto": the network's blocks. In the
              order in which they run; the network's own output is the last exit and is not named
    train, test  loaders: anything that can be iterated more than once and gives (inputs, labels [B]). Training images
              un-augmented and in a fixed order
    out       folder for NAME.trace.json and NAME.trace.bin of both splits
    dataset, network, classes   names; the model's class and "0", "1", … unless said
    costs     FLOPs of the plain network up to every exit [M], where they cannot be counted; the last one is the whole
              network's. Class-mean distances, K(3D − 1) at each visited exit, are added
    logits    takes the logits [B, K] from what the model returns, where that is no tensor
    unpack    takes (inputs, labels) from what a loader gives, where that is not such a pair
    memory    most bytes that the class means may take: 8·K·ΣD_j
    progress  whether to write a line to stderr; by default where that is a terminal

    The model is put into inference mode and back, stays on its device, and no gradient is kept. Raises TraceError, a
    sentence for what does not fit.
    """
    if not isinstance(model, nn.Module):
        raise TraceError(
            f"model is a {type(model).__name__}; expected a torch.nn.Module. Arrays go to offramp.from_arrays."
        )
    loaders = {"train": Loader("train", train, unpack), "test": Loader("test", test, unpack)}
    taps = taps_of(model, exits)
    walker = Walker(model, taps, loaders, logits)
    first = walker.probe(loaders["train"], drop=exits == "auto")
    taps = walker.taps
    k = first.classes
    names = class_names(classes, k)
    needed = 8 * k * sum(first.sizes)
    if needed > memory:
        largest = max(zip(first.sizes, taps), key=lambda pair: pair[0])
        raise TraceError(
            f"The class means of {len(taps)} exits take {needed / 1e9:.1f} GB, more than the {memory / 1e9:.1f} GB allowed "
            f"(memory=). The largest is {largest[1].exit} with {largest[0]:,} numbers an image: leave exits out, or pool "
            "them with a function."
        )
    if costs is None and first.unknown:
        raise TraceError(
            f"The network uses operators whose products cannot be counted: {', '.join(sorted(first.unknown))}. "
            "Hand in the network's FLOPs up to every exit and at its end: costs=[…]."
        )
    if costs is not None:
        *first.plain, first.network = given_costs(costs, len(taps) + 1)
    total = first.costs(k)
    places = tuple(Exit(tap.exit, flops, j, size) for j, (tap, flops, size) in enumerate(zip(taps, total, first.sizes)))
    line = Progress(progress)
    sums = TorchSums(k, len(taps))
    with torch.no_grad():
        learnt, decided = learn(walker, [tap.exit for tap in taps], k, sums, line, taps)
        tested = trace(walker, "test", learnt, sums, line)
    head = Head(
        dataset, network or type(model).__name__, "e2cm", names,
        (*places, Exit("classifier", total[-1], len(taps), k)),
        first.network,
        backend_of(device_of(model)), int(learnt.counts.sum()), seed,
        {"label": "normalised", "lastExit": "network", "recorder": "offramp (Python)"},
    )  # fmt: skip
    recording = Recording(head.trace("train", decided), head.trace("test", tested), learnt)
    if out is not None:
        recording.save(out)
    return recording


def backend_of(device: Optional[torch.device]) -> str:
    """ "PyTorch 1.13.0 · cpu", or the name of the GPU."""
    name = device.type if device is not None else "cpu"
    if name == "cuda":
        name = torch.cuda.get_device_name(device)
    elif name == "cpu":
        name = f"CPU {platform.machine()}"
    return f"PyTorch {torch.__version__} · {name}"


@dataclass
class Probed:
    """What one batch told of the network."""

    classes: int
    sizes: List[int]
    #: FLOPs of one image up to each tap, the products of earlier taps included.
    plain: List[float]
    #: FLOPs of one image through the whole network.
    network: float
    unknown: List[str]

    def costs(self, classes: int) -> List[float]:
        """Cumulative FLOPs of every exit, class-mean distances at each visited one included."""
        found, distances = [], 0
        for flops, size in zip(self.plain, self.sizes):
            distances += distance_flops(classes, size)
            found.append(flops + distances)
        return [*found, self.network + distances]


class Walker:
    """Walks a split through the network and shows the taps' outputs as they come."""

    def __init__(self, model: nn.Module, taps: List[Tap], loaders: dict, logits: Optional[Pick]) -> None:
        self.model, self.taps, self.loaders, self.logits = model, taps, loaders, logits
        self.device = device_of(model)
        self.sizes: List[int] = []
        self.classes = 0

    def total(self, split: str) -> Optional[int]:
        return self.loaders[split].total()

    def probe(self, loader: Loader, drop: bool) -> Probed:
        """One batch under the counter. `drop`: taps that cannot be exits are left out instead of refused."""
        inputs, labels = next(iter(loader))
        images = len(labels)
        if drop:
            self.taps = self.usable(inputs, images)
        seen: List[Tuple[int, torch.Tensor, Any]] = []
        counter = Counter()

        def visit(j: int, raw: Any) -> None:
            # What is needed is asked before anything is picked: pooling of ours is no work of the network.
            x = tapped_tensor(self.taps[j], raw, images)
            seen.append((j, x, counter.needed_by(raw)))

        with torch.no_grad(), Tapped(self.model, self.taps, visit) as tapped:
            with counter:
                result = tapped.run(inputs, self.device)
            logits = logits_of(result, self.logits, images)
        missed = sorted(set(range(len(self.taps))) - {j for j, _, _ in seen})
        if missed:
            tap = self.taps[missed[0]]
            raise TraceError(
                f"The module {tap.module} (exit {tap.exit}) does not run when the network does, so it cannot be an "
                "exit."
            )
        for j, x, _ in seen:
            if is_same(x, logits):
                raise TraceError(
                    f"Exit {self.taps[j].exit} is the network's own output. The network is the last exit anyway: leave it out."
                )
        self.taps = [self.taps[j] for j, _, _ in seen]  # in the order in which they run
        self.sizes = [int(x.shape[1]) for _, x, _ in seen]
        self.classes = int(logits.shape[1])
        needed: frozenset = frozenset()
        plain = []
        for _, _, own in seen:
            needed = needed | own
            plain.append(flops_of(counter.macs(needed), images))
        return Probed(self.classes, self.sizes, plain, flops_of(counter.macs(), images), sorted(counter.unknown))

    def usable(self, inputs: Any, images: int) -> List[Tap]:
        """The automatic taps that run once, give a tensor [B, …] and are not the network's output."""
        good, calls = {}, {}

        def visit(j: int, raw: Any) -> None:
            calls[j] = calls.get(j, 0) + 1
            try:
                good[j] = tapped_tensor(self.taps[j], raw, images)
            except TraceError as error:
                good[j] = error

        with torch.no_grad():
            tapped = Tapped(self.model, self.taps, visit)
            with tapped:
                tapped.seen = visit  # type: ignore[method-assign]  # several calls are an answer here, not a fault
                logits = logits_of(tapped.run(inputs, self.device), self.logits, images)
        kept = [
            tap
            for j, tap in enumerate(self.taps)
            if calls.get(j) == 1 and isinstance(good[j], torch.Tensor) and not is_same(good[j], logits)
        ]
        if not kept:
            why = next((str(value) for value in good.values() if isinstance(value, TraceError)), "none of them runs once")
            raise TraceError(f'exits="auto" finds {len(self.taps)} blocks, but none can be an exit: {why}')
        return kept

    def walk(self, split: str, visit: Visit) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
        labels: np.ndarray = np.empty(0, np.int64)

        def on_tap(j: int, raw: Any) -> None:
            x = tapped_tensor(self.taps[j], raw, len(labels))
            if x.shape[1] != self.sizes[j]:
                raise TraceError(
                    f"Exit {self.taps[j].exit} gives {x.shape[1]:,} numbers an image, where it gave {self.sizes[j]:,} before: "
                    "class means need one size. Pool it with a function, or give images of one size."
                )
            visit(j, x, labels)

        seen = 0
        with Tapped(self.model, self.taps, on_tap) as tapped:
            for inputs, labels in self.loaders[split]:
                self.check_labels(labels, split, seen)
                result = tapped.run(inputs, self.device)
                missing = [tap.exit for tap, calls in zip(self.taps, tapped.calls) if calls == 0]
                if missing:
                    raise TraceError(
                        f"Exit {missing[0]} did not run for the images from {seen} on ({split}); an exit must run for "
                        "every image."
                    )
                logits = to_numpy(logits_of(result, self.logits, len(labels)))
                wrong = ~np.isfinite(logits).all(axis=1)
                if wrong.any():
                    raise TraceError(
                        f"The network gives {split} image {seen + int(wrong.argmax())} a logit that is no finite number (NaN or "
                        "infinite). Broken weights or an overflow do that."
                    )
                seen += len(labels)
                yield labels, logits

    def check_labels(self, labels: np.ndarray, split: str, seen: int) -> None:
        wrong = (labels < 0) | (labels >= self.classes)
        if wrong.any():
            i = int(wrong.argmax())
            raise TraceError(
                f"{split.capitalize()} image {seen + i} has label {labels[i]}, but the network tells the classes 0 to "
                f"{self.classes - 1} apart."
            )


def flops_of(macs: int, images: int) -> float:
    """FLOPs of one image; a whole number where every image costs the same."""
    return 2 * macs // images if 2 * macs % images == 0 else 2 * macs / images
