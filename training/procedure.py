"""DEC's procedure for one autoencoder: learn to reconstruct, k-means on the embedding, refine encoder and centres.

A procedure goes on by one portion at a time (an epoch of reconstruction, k-means, or an interval of refinement) and its
state can be saved, and taken up again, between any two.
"""
import math

import torch

from autoencoder import Autoencoder, reconstruction_loss
from clustering import divergence, kmeans, soft_assignment, target

PARTS = ("pretrain", "cluster", "refine", "done")
RESTARTS = 20  # of k-means
MOMENTUM = 0.9  # of the refinement's SGD


class ClusteringError(Exception):
    """A training came to nothing; the message is for a person."""


def in_parts(f, x, size=2000):
    """f of x [N, D], some rows at a time, without gradients."""
    with torch.no_grad():
        return torch.cat([f(part) for part in x.split(size)])


class Procedure:
    """What becomes of one autoencoder, from fresh weights to refined clusters.

    sizes: the encoder's, inputs to embedding; x: float32 [N, sizes[0]], all that it learns from; settings: see dec.py;
    generator: the source of all that is random.
    """

    def __init__(self, name, sizes, x, clusters, epochs, settings, generator):
        self.name, self.x, self.settings, self.generator = name, x, settings, generator
        self.count, self.epochs = clusters, epochs
        self.autoencoder = Autoencoder(sizes, generator)
        self.encoder = self.autoencoder.encoder
        self.part, self.done, self.history = PARTS[0], 0, []
        self.centres = self.clusters = None
        self.order, self.at = torch.arange(len(x)), len(x)  # of refinement: a permutation and how much of it is used
        self.optimizer = self._adam()

    def advance(self):
        """One portion; returns a record of it (also kept in `history`)."""
        part, self.done = self.part, self.done + 1
        record = dict(part=part, number=self.done, **getattr(self, f"_{part}")())
        bad = [name for name, value in record.items() if isinstance(value, float) and not math.isfinite(value)]
        if bad:
            raise ClusteringError(f"DEC-{self.name}: {bad[0]} is {record[bad[0]]} in part {part}; try a smaller rate.")
        self.history.append(record)
        return record

    def embedding(self):
        """float32 [N, D] of all images."""
        return in_parts(self.encoder, self.x)

    @property
    def steps(self):
        """Of refinement, so far."""
        return sum(record.get("steps", 0) for record in self.history)

    def _turn(self, part):
        self.part, self.done = part, 0

    def _adam(self):
        return torch.optim.Adam(self.autoencoder.parameters(), lr=self.settings["rate"])

    def _sgd(self):
        parameters = [*self.encoder.parameters(), self.centres]
        return torch.optim.SGD(parameters, lr=self.settings["refineRate"], momentum=MOMENTUM)

    def _pretrain(self):
        """An epoch: every image once, in a new order, the smaller last batch too.

        The rate rises over the first steps, without which many units never come on again, and falls along a cosine.
        """
        batches = torch.randperm(len(self.x), generator=self.generator).split(self.settings["batch"])
        steps, total = self.epochs * len(batches), 0.0
        for i, index in enumerate(batches):
            step = (self.done - 1) * len(batches) + i
            factor = min(1, (step + 1) / (self.settings["warmUp"] + 1)) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group in self.optimizer.param_groups:
                group["lr"] = self.settings["rate"] * factor
            loss = reconstruction_loss(self.autoencoder, self.x[index])
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(index)
        if self.done >= self.epochs:
            self._turn("cluster")
        return dict(loss=total / len(self.x))

    def _cluster(self):
        centres, self.clusters = kmeans(self.embedding(), self.count, RESTARTS, self.generator)
        self.centres = torch.nn.Parameter(centres)
        self.optimizer = self._sgd()
        self._turn("refine")
        return {}

    def _refine(self):
        """Refresh the target; unless few enough labels have changed since the last time, an interval of steps more."""
        s = self.settings
        q = soft_assignment(self.embedding(), self.centres.detach())
        p, clusters = target(q), q.argmax(1)
        changed = (clusters != self.clusters).double().mean().item()
        self.clusters = clusters
        record = dict(divergence=divergence(p, q).item(), changed=changed, steps=0)
        # k-means and q agree on every label, so that the first time says nothing of what refinement changes.
        if (self.done > 1 and changed < s["tolerance"]) or self.steps >= s["steps"]:
            self._turn("done")
            return record
        for _ in range(s["interval"]):
            if self.at >= len(self.x):
                self.order, self.at = torch.randperm(len(self.x), generator=self.generator), 0
            index = self.order[self.at : self.at + s["refineBatch"]]
            self.at += len(index)
            loss = divergence(p[index], soft_assignment(self.encoder(self.x[index]), self.centres))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
        return dict(record, steps=s["interval"])

    def state(self):
        return dict(
            part=self.part, done=self.done, history=self.history, autoencoder=self.autoencoder.state_dict(),
            centres=self.centres, clusters=self.clusters, order=self.order, at=self.at,
            optimizer=self.optimizer.state_dict(),
        )

    def restore(self, state):
        self.autoencoder.load_state_dict(state["autoencoder"])
        for name in ("part", "done", "history", "centres", "clusters", "order", "at"):
            setattr(self, name, state[name])
        self.optimizer = self._adam() if self.centres is None else self._sgd()
        self.optimizer.load_state_dict(state["optimizer"])
