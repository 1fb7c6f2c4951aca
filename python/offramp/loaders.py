"""Batches of images and labels, from whatever loader a person has; what does not fit is said in a sentence."""
from __future__ import annotations

import sys
import time
import warnings
from typing import Any, Callable, Iterator, Optional, Tuple

import numpy as np

from .errors import TraceError, TraceWarning

#: Makes (inputs, labels) of what a loader yields.
Unpack = Callable[[Any], Tuple[Any, Any]]


class Loader:
    """A loader that can be walked several times, each batch as (inputs, labels int64 [B])."""

    def __init__(self, name: str, source: Any, unpack: Optional[Unpack] = None) -> None:
        self.name, self.source, self.unpack = name, source, unpack
        if not hasattr(source, "__iter__"):
            raise TraceError(
                f"{name} is a {type(source).__name__}; expected a loader: something to iterate that gives (inputs, "
                "labels)."
            )
        if hasattr(source, "__next__"):
            raise TraceError(
                f"{name} is an iterator, which is empty after one pass: hand in what makes it (a DataLoader, a list of batches)."
            )
        if "Random" in type(getattr(source, "sampler", None)).__name__:
            warnings.warn(
                f"The {name} loader shuffles: image i of the trace will be another one in every recording. Use shuffle=False.",
                TraceWarning, stacklevel=4,
            )  # fmt: skip

    def total(self) -> Optional[int]:
        """Images of one pass, where the loader says so."""
        try:
            return len(self.source.dataset)
        except (AttributeError, TypeError):
            return None

    def __iter__(self) -> Iterator[Tuple[Any, np.ndarray]]:
        empty = True
        for b, batch in enumerate(self.source):
            empty = False
            yield self.pair(batch, b)
        if empty:
            raise TraceError(f"The {self.name} loader gave no images.")

    def pair(self, batch: Any, b: int) -> Tuple[Any, np.ndarray]:
        where = f"Batch {b} of the {self.name} loader"
        if self.unpack is not None:
            try:
                batch = self.unpack(batch)
            except Exception as error:
                raise TraceError(
                    f"{where}: the unpack function failed on a {type(batch).__name__} ({type(error).__name__}: "
                    f"{error})."
                ) from error
        elif isinstance(batch, dict):
            keys = ", ".join(map(str, list(batch)[:6]))
            raise TraceError(
                f"{where} is a dict ({keys}); expected (inputs, labels). Say how to take it apart, for example "
                'unpack=lambda batch: (batch["image"], batch["label"]).'
            )
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            what = f"{len(batch)} things" if isinstance(batch, (tuple, list)) else f"a {type(batch).__name__}"
            raise TraceError(f"{where} is {what}; expected (inputs, labels). Say how to take it apart with unpack=.")
        inputs, labels = batch
        return inputs, self.labels(labels, images_in(inputs), where)

    def labels(self, labels: Any, images: Optional[int], where: str) -> np.ndarray:
        values = to_numpy(labels)
        if values.ndim != 1:
            shape = " × ".join(map(str, values.shape)) or "a single number"
            raise TraceError(f"{where} has labels of the shape {shape}; expected one class index an image, [B].")
        if values.dtype.kind not in "iu":
            raise TraceError(
                f"{where} has labels of {values.dtype}; expected whole numbers, the index of a class each."
            )
        if len(values) == 0:
            raise TraceError(f"{where} has no images.")
        if images is not None and images != len(values):
            raise TraceError(f"{where} has {images} images but {len(values)} labels.")
        return values.astype(np.int64)


def images_in(inputs: Any) -> Optional[int]:
    """B of a tensor, of the first of a tuple or of a dict; None where it cannot be told."""
    if isinstance(inputs, dict):
        inputs = next(iter(inputs.values()), None)
    elif isinstance(inputs, (tuple, list)):
        inputs = inputs[0] if inputs else None
    shape = getattr(inputs, "shape", None)
    return int(shape[0]) if shape is not None and len(shape) > 0 else None


def to_numpy(values: Any) -> np.ndarray:
    """A NumPy array of a torch tensor, a JAX or TensorFlow array, or a list."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        if values.is_floating_point() and values.element_size() < 4:  # NumPy knows no bfloat16
            values = values.float()
    return np.asarray(values)


class Progress:
    """A line on stderr that says what is done, how far it is and how fast."""

    def __init__(self, show: Optional[bool]) -> None:
        self.shown = sys.stderr.isatty() if show is None else show
        self.what, self.total, self.done, self.started, self.last = "", None, 0, 0.0, 0.0

    def begin(self, what: str, total: Optional[int]) -> None:
        self.what, self.total, self.done = what, total, 0
        self.started = self.last = time.monotonic()

    def add(self, images: int) -> None:
        self.done += images
        now = time.monotonic()
        if self.shown and now - self.last > 0.2:
            self.last = now
            self.write("\r", now)

    def end(self) -> None:
        if self.shown:
            self.write("\r", time.monotonic())
            sys.stderr.write("\n")

    def write(self, start: str, now: float) -> None:
        rate = self.done / max(now - self.started, 1e-9)
        of = f" of {self.total:,}" if self.total else ""
        left = f", {(self.total - self.done) / rate:.0f} s left" if self.total and self.done < self.total else ""
        sys.stderr.write(f"{start}{self.what}: {self.done:,}{of} images, {rate:.0f}/s{left}    ")
        sys.stderr.flush()
