"""Exits: a network that really stops early. Images that leave are taken out of the batch; the rest goes on without them."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional, Sequence

import numpy as np
import torch
from torch import nn

from .errors import TraceError
from .means import ClassMeans
from .policy import Thresholds, check_thresholds
from .scores import decide_distances, decide_logits
from .taps import Place, Tapped, device_of, logits_of, tapped_tensor, taps_of, tensor_distances


@dataclass(frozen=True)
class Left:
    """What became of a batch of B images."""

    #: Class that each image was given where it left, int64 [B].
    label: torch.Tensor
    #: Exit at which it left, int64 [B]; the last one is the network itself.
    exit: torch.Tensor
    #: How sure that exit was, float32 [B].
    confidence: torch.Tensor


class Everyone(Exception):
    """All images have left: the rest of the network is not run."""


class Exits:
    """Runs a network with class-mean exits under thresholds, and stops where the last image of a batch has left.

    model, means   the network and what `offramp.record` learnt of it (`Recording.means`)
    thresholds     T_j of every exit but the last [M − 1], or one number; an image leaves iff its confidence is greater.
                   An exit whose threshold is infinite is not looked at and costs nothing
    exits          the places, where `means` comes from a file and had functions of its own
    compact        take images that leave out of the batch, by handing a smaller tensor to what follows. It works where
                   what follows an exit takes nothing else from before it — residual networks, transformers, chains of
                   any kind; held against a full pass on the first batch. False: the batch stays whole, and only when
                   all have left is the rest skipped

    `leaving` counts the images that left at each exit since `reset`.
    """

    def __init__(
        self,
        model: nn.Module,
        means: ClassMeans,
        thresholds: Thresholds,
        *,
        exits: Optional[Sequence[Place]] = None,
        compact: bool = True,
        logits: Optional[Callable[[Any], torch.Tensor]] = None,
    ) -> None:
        if not isinstance(model, nn.Module):
            raise TraceError(f"model is a {type(model).__name__}; expected a torch.nn.Module.")
        if not isinstance(means, ClassMeans):
            raise TraceError(
                "means is no ClassMeans: hand in what offramp.record learnt, recording.means, or "
                "ClassMeans.load(file)."
            )
        self.model, self.learnt, self.compact, self.logits = model, means, compact, logits
        self.taps = taps_of(model, exits if exits is not None else means.taps)
        if len(self.taps) != len(means.names):
            raise TraceError(f"There are class means of {len(means.names)} exits, but {len(self.taps)} places.")
        self.thresholds = check_thresholds(thresholds, len(self.taps) + 1)
        self.device = device_of(model)
        self.means = [torch.as_tensor(mean).to(self.device) for mean in means.means]
        self.checked = not compact
        self.leaving = np.zeros(len(self.taps) + 1, np.int64)

    def reset(self) -> None:
        """Forgets how many images left where."""
        self.leaving[:] = 0

    def __call__(self, inputs: Any, images: Optional[int] = None) -> Left:
        """Sends a batch [B, …] through. `images`: B, where it cannot be told from the inputs' first dimension."""
        from .loaders import images_in

        b = images if images is not None else images_in(inputs)
        if not b:
            raise TraceError("The batch has no images; expected inputs [B, …].")
        drive = self.drive(inputs, b, self.compact)
        if not self.checked and (drive.exit < len(self.taps)).any():
            self.compare(drive, self.drive(inputs, b, False))
        self.leaving += np.bincount(drive.exit, minlength=len(self.leaving))
        return Left(*(torch.from_numpy(values) for values in (drive.label, drive.exit, drive.confidence)))

    def drive(self, inputs: Any, images: int, compact: bool) -> "Drive":
        drive = Drive(self, images, compact)
        try:
            with torch.no_grad(), Tapped(self.model, self.taps, drive.at_exit) as tapped:
                out = tapped.run(inputs, self.device)
                drive.at_end(logits_of(out, self.logits, drive.here()))
        except Everyone:
            pass
        except TraceError as error:  # the model's own errors come as such too
            if not drive.has_shrunk:
                raise
            raise TraceError(f"{NOT_A_CHAIN} What follows said: {str(error).splitlines()[0].rstrip('.')}.") from error
        return drive

    def compare(self, short: "Drive", whole: "Drive") -> None:
        """Both ways must agree but for rounding: convolutions of another batch size sum in another order."""
        near = np.abs(short.confidence - whole.confidence) <= 1e-3 * whole.confidence
        moved = short.exit != whole.exit  # right at a threshold rounding may decide
        if not (near | moved).all() or moved.mean() > 0.1:
            raise TraceError(
                f"{NOT_A_CHAIN} Confidences differ from those of a full pass by "
                f"{np.abs(short.confidence - whole.confidence).max():.3g}."
            )
        self.checked = True


NOT_A_CHAIN = (
    "Images that leave cannot be taken out of the batch in this network: what follows an exit uses something else from "
    "before it. Use Exits(…, compact=False), which skips the rest once all have left."
)


class Drive:
    """One batch on its way."""

    def __init__(self, exits: Exits, images: int, compact: bool) -> None:
        self.exits, self.compact, self.has_shrunk = exits, compact, False
        self.driving = np.arange(images)
        self.batch = np.arange(images)  # image behind each row of the tensors now
        self.label = np.zeros(images, np.int64)
        self.exit = np.full(images, len(exits.taps), np.int64)
        self.confidence = np.zeros(images, np.float32)

    def here(self) -> int:
        """Rows that the tensors have now."""
        return len(self.batch)

    def at_exit(self, j: int, raw: Any) -> Any:
        threshold = self.exits.thresholds[j]
        x = tapped_tensor(self.exits.taps[j], raw, self.here())
        if threshold == np.inf:
            return None
        learnt, mean = self.exits.learnt, self.exits.means[j]
        if x.shape[1] != mean.shape[1]:
            raise TraceError(
                f"Exit {learnt.names[j]} gives {x.shape[1]:,} numbers an image; its class means have "
                f"{mean.shape[1]:,}."
            )
        rows = self.rows()
        d = tensor_distances(x if len(rows) == self.here() else x[torch.from_numpy(rows).to(x.device)], mean)
        label, confidence = decide_distances(d, learnt.normaliser[j], learnt.counts)
        go = confidence.astype(np.float64) > threshold
        self.leave(j, go, label, confidence)
        if len(self.driving) == 0:
            raise Everyone
        if not self.compact or not go.any():
            return None
        keep = self.rows()
        before, self.batch = self.here(), self.driving
        self.has_shrunk = True
        return kept(raw, torch.from_numpy(keep), before)

    def rows(self) -> np.ndarray:
        """Rows of the tensors that belong to images still driving."""
        return np.searchsorted(self.batch, self.driving)

    def leave(self, j: int, go: np.ndarray, label: np.ndarray, confidence: np.ndarray) -> None:
        gone = self.driving[go]
        self.label[gone], self.exit[gone], self.confidence[gone] = label[go], j, confidence[go]
        self.driving = self.driving[~go]

    def at_end(self, logits: torch.Tensor) -> None:
        label, confidence = decide_logits(logits.detach().float().cpu().numpy()[self.rows()])
        self.leave(len(self.exits.taps), np.ones(len(self.driving), bool), label, confidence)


def kept(raw: Any, rows: torch.Tensor, images: int) -> Any:
    """What a module gave, with these rows alone; of a tuple or dict every tensor that has a row an image."""
    if isinstance(raw, torch.Tensor):
        return raw[rows.to(raw.device)] if raw.ndim > 0 and raw.shape[0] == images else raw
    if isinstance(raw, dict):
        return type(raw)({name: kept(part, rows, images) for name, part in raw.items()})
    if type(raw) in (tuple, list):
        return type(raw)(kept(part, rows, images) for part in raw)
    return raw
