"""A run of deep embedded clustering with three exits: DEC-large, then DEC-small and DEC-middle on its frozen layers."""
import os
from pathlib import Path

import numpy as np
import torch

from autoencoder import PIXEL, SIZES
from clustering import accuracy, adjusted_rand, mutual_information
from data import DataError
from procedure import Procedure, in_parts

FORMAT = "offramp-dec-checkpoint/1"
CLUSTERS = 10
# In the order of training: DEC-large's hidden layers that an exit copies and keeps as they are (None: is DEC-large).
FROZEN = dict(large=None, small=1, middle=2)
EXITS = ("small", "middle", "large")  # in the order of depth


def pixels_of(dataset):
    """All images, train then test, as float32 [N, H * W * C] in NHWC order (raw pixels times 0.02), and labels [N]."""
    images = np.concatenate([dataset.train.images, dataset.test.images])
    x = torch.from_numpy(images.reshape(len(images), -1)).float().mul_(PIXEL)
    return x, np.concatenate([dataset.train.labels, dataset.test.labels])


def scores(clusters, labels):
    """How clusters [N] agree with labels [N]."""
    return dict(
        accuracy=accuracy(clusters, labels), nmi=mutual_information(clusters, labels), ari=adjusted_rand(clusters, labels)
    )


class DecRun:
    """The three procedures one after another; labels are used for the log alone."""

    def __init__(self, settings, dataset):
        self.settings, self.classes = settings, list(dataset.classes)
        self.generator = torch.Generator().manual_seed(settings["seed"])
        self.x, self.labels = pixels_of(dataset)
        self.test_count = len(dataset.test.labels)
        self.finished = {}  # exit to what is left of its procedure
        self._begin("large")

    @property
    def over(self):
        return self.current is None

    def _begin(self, name):
        self.current = None if name is None else Procedure(*self._plan(name), self.settings, self.generator)

    def _plan(self, name):
        """Name, sizes, inputs, clusters and epochs of an exit's procedure."""
        hidden = FROZEN[name]
        if hidden is None:
            return name, (self.x.shape[1], *SIZES[1:]), self.x, CLUSTERS, self.settings["epochs"]
        x, layers = self.x, self.finished["large"]["autoencoder"]
        for i in range(hidden):
            weight, bias = (layers[f"encoder.layers.{i}.{part}"] for part in ("weight", "bias"))
            x = in_parts(lambda rows: torch.relu(torch.nn.functional.linear(rows, weight, bias)), x)
        return name, (x.shape[1], SIZES[-1]), x, CLUSTERS, self.settings["headEpochs"]

    def advance(self):
        """A portion more; returns the exit's name and a record of it, with scores once there are clusters."""
        procedure = self.current
        record = procedure.advance()
        if procedure.clusters is not None:
            record.update(scores(procedure.clusters.numpy(), self.labels))
        if procedure.part == "done":
            state = procedure.state()
            self.finished[procedure.name] = {key: state[key] for key in ("autoencoder", "centres", "history")}
            self._begin(next((name for name in FROZEN if name not in self.finished), None))
        return procedure.name, record

    def save(self, path):
        """Write a checkpoint beside `path`, then move it there, so that a half-written one is never seen."""
        state = dict(
            format=FORMAT, settings=self.settings, classes=self.classes, images=len(self.x), testImages=self.test_count,
            finished=self.finished, torch=str(torch.__version__).split("a")[0], generator=self.generator.get_state(),
            current=None if self.over else dict(name=self.current.name, state=self.current.state()),
        )
        partial = Path(f"{path}.partial")
        torch.save(state, partial)
        os.replace(partial, path)

    def restore(self, path):
        """Go on where a checkpoint of the same settings stopped."""
        state = torch.load(path, map_location="cpu")
        if state.get("format") != FORMAT:
            raise DataError(f"{path} is not a checkpoint of this program.")
        different = [k for k in self.settings if state["settings"].get(k) != self.settings[k]]
        if different:
            which = ", ".join(different)
            raise DataError(f"{path} was made with other settings ({which}): use those, or another --out.")
        self.finished, current = state["finished"], state["current"]
        self._begin(current and current["name"])
        if current:
            self.current.restore(current["state"])
        self.generator.set_state(state["generator"])
