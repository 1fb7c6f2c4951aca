"""record_logits: networks that have exits of their own — several outputs, each with logits (METHODS §4's rule)."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from .errors import TraceError
from .loaders import Loader, Progress, Unpack, to_numpy
from .means import Decided
from .recording import Head, Recording, class_names, given_costs
from .scores import decide_logits, keep_scores
from .trace import Exit


def record_logits(
    model: Callable[..., Any],
    *,
    train: Any = None,
    test: Any = None,
    out: Optional[Union[str, Path]] = None,
    dataset: str = "my data",
    network: Optional[str] = None,
    method: str = "max-softmax",
    classes: Optional[Sequence[str]] = None,
    exits: Optional[Sequence[str]] = None,
    costs: Optional[Sequence[float]] = None,
    outputs: Optional[Callable[[Any], Any]] = None,
    unpack: Optional[Unpack] = None,
    train_images: int = 0,
    epochs: Optional[float] = None,
    seed: Optional[float] = None,
    scores: bool = False,
    progress: Optional[bool] = None,
) -> Recording:
    """Records a network that gives logits at every exit, in one pass over each loader that is given.

    An image leaves at the first exit whose max softmax is at least T (Kaya et al. 2019).

    model     torch.nn.Module, or any function (JAX's, Keras') of one batch of inputs. It returns a tuple or list of
              logits [B, K], the last one the network's own, or a dict of them
    outputs   takes those from what the model returns, where that is something else
    costs     cumulative FLOPs of every exit [M]. Counted for a torch module unless given: all multiply-accumulates
              that the outputs up to that exit depend on, two FLOPs each
    exits     names; a dict's keys, or "exit 1", … unless said
    method    a name for what was recorded; one of the page's ("sdn", …) if it is that
    scores    whether the logits stay beside the traces as float16, for other confidences in the page: 2·N·M·K bytes
    train_images, epochs   what the exits were trained on, for how long; kept beside the numbers

    Others are those of `offramp.record`. Raises TraceError, a sentence for what does not fit.
    """
    given = {name: Loader(name, source, unpack) for name, source in (("train", train), ("test", test)) if source is not None}
    if not given:
        raise TraceError("There are no images: hand in test=, or train= and test=.")
    if not callable(model):
        raise TraceError(
            f"model is a {type(model).__name__}; expected a torch.nn.Module or a function of a batch. "
            "Logits that are there already go to offramp.from_arrays."
        )
    runner = runner_of(model, costs)
    taker = Taker(outputs)
    first = next(iter(given.values()))
    names, k, counted = runner.probe(first, taker)
    taker.expect(names, k)
    if exits is not None and len(exits) != len(names):
        raise TraceError(f"There are {len(exits)} exit names, but the model has {len(names)} outputs.")
    cost = given_costs(costs, len(names)) if costs is not None else counted
    line = Progress(progress)
    places = tuple(Exit(str(name), c, j) for j, (name, c) in enumerate(zip(exits or names, cost)))
    head = Head(
        dataset, network or getattr(model, "__name__", type(model).__name__), method, class_names(classes, k), places,
        cost[-1], runner.backend, train_images, seed, {"rule": "at-least", "recorder": "offramp (Python)"}, epochs,
    )  # fmt: skip
    traces: Dict[str, Any] = {"train": None, "test": None}
    for split, loader in given.items():
        traces[split] = head.trace(split, runner.decide(loader, taker, line, scores))
    recording = Recording(traces["train"], traces["test"])
    if out is not None:
        recording.save(out)
    return recording


class Taker:
    """Takes the logits of every exit from what a model returns, and holds them against the first batch's."""

    def __init__(self, outputs: Optional[Callable[[Any], Any]]) -> None:
        self.outputs = outputs
        self.names: List[str] = []
        self.classes = 0

    def expect(self, names: List[str], classes: int) -> None:
        self.names, self.classes = names, classes

    def take(self, returned: Any, images: int) -> Tuple[List[str], List[Any]]:
        """(names, logits [B, K] of every exit), still the framework's own arrays."""
        found = self.outputs(returned) if self.outputs else returned
        if isinstance(found, dict):
            names, logits = [str(name) for name in found], list(found.values())
        elif isinstance(found, (tuple, list)):
            names, logits = [f"exit {j}" for j in range(1, len(found) + 1)], list(found)
        else:
            raise TraceError(
                f"The model gives a {type(found).__name__}; expected a tuple, list or dict of logits, one an exit. "
                "Say where they are with outputs=; a network without exits of its own is recorded by offramp.record."
            )
        if not logits:
            raise TraceError("The model gives no outputs; expected logits, one an exit.")
        if self.names and len(names) != len(self.names):
            raise TraceError(
                f"The model gives {len(names)} outputs, where it gave {len(self.names)} for the first images."
            )
        for name, values in zip(names, logits):
            shape = tuple(getattr(values, "shape", ()))
            if len(shape) != 2 or shape[0] != images or shape[1] < 2:
                said = " × ".join(map(str, shape)) or f"a {type(values).__name__}"
                raise TraceError(
                    f"Output {name} is {said} for {images} images; expected logits, images × classes, two classes or "
                    "more."
                )
            k = self.classes or int(logits[0].shape[1])
            if shape[1] != k:
                raise TraceError(
                    f"Output {name} has {shape[1]} classes and the first {k}; all exits must tell the same ones apart."
                )
        return names, logits


class Runner:
    """Runs a plain function, whose costs must be stated."""

    backend = "a function"

    def __init__(self, model: Callable[..., Any]) -> None:
        self.model = model

    def run(self, inputs: Any) -> Any:
        if isinstance(inputs, dict):
            return self.model(**inputs)
        return self.model(*inputs) if isinstance(inputs, tuple) else self.model(inputs)

    def probe(self, loader: Loader, taker: Taker) -> Tuple[List[str], int, List[float]]:
        """Names, K and the counted costs (none here), from one batch."""
        inputs, labels = next(iter(loader))
        names, logits = taker.take(self.run(inputs), len(labels))
        return names, int(logits[0].shape[1]), []

    def decide(self, loader: Loader, taker: Taker, line: Progress, scores: bool) -> Decided:
        """One pass over a split. `scores`: whether they stay."""
        label: List[np.ndarray] = []
        found: List[List[Tuple[np.ndarray, np.ndarray]]] = [[] for _ in taker.names]
        kept: List[List[np.ndarray]] = [[] for _ in taker.names]
        seen = 0
        line.begin(f"{loader.name} images", loader.total())
        for inputs, labels in loader:
            wrong = (labels < 0) | (labels >= taker.classes)
            if wrong.any():
                i = int(wrong.argmax())
                raise TraceError(
                    f"{loader.name.capitalize()} image {seen + i} has label {labels[i]}, but the network tells the classes 0 "
                    f"to {taker.classes - 1} apart."
                )
            names, logits = taker.take(self.run(inputs), len(labels))
            for part, rows, name, values in zip(found, kept, names, logits):
                checked = finite(to_numpy(values), name, loader.name, seen)
                part.append(decide_logits(checked))
                if scores:
                    rows.append(keep_scores("logits", checked))
            label.append(labels)
            seen += len(labels)
            line.add(len(labels))
        line.end()
        pairs = [tuple(np.concatenate([part[side] for part in exit]) for side in (0, 1)) for exit in found]
        return Decided(
            np.concatenate(label), np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs]),
            np.stack([np.concatenate(rows) for rows in kept]) if scores else None,
        )  # fmt: skip


def finite(values: np.ndarray, name: str, split: str, seen: int) -> np.ndarray:
    if values.dtype.kind != "f":
        raise TraceError(f"Output {name} is of {values.dtype}; expected logits in floating point.")
    wrong = ~np.isfinite(values).all(axis=1)
    if wrong.any():
        raise TraceError(
            f"Output {name} gives {split} image {seen + int(wrong.argmax())} a logit that is no finite number."
        )
    return values


def runner_of(model: Callable[..., Any], costs: Optional[Sequence[float]]) -> Runner:
    try:
        from torch import nn

        if isinstance(model, nn.Module):
            from .torch_outputs import TorchRunner

            return TorchRunner(model, costs is None)
    except ImportError:
        pass
    if costs is None:
        raise TraceError(
            "The costs of a plain function cannot be counted: hand in the cumulative FLOPs of every exit, costs=[…]."
        )
    return Runner(model)
