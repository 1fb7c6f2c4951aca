"""A training run: a network, its optimizer, the images, and everything that a checkpoint keeps."""
import math
import os
import time
from pathlib import Path

import torch

import branchy
import resnet
from batches import augment, epoch_of, normalise, statistics, tensor_of
from data import DataError
from step import Step, outputs_of

FORMAT = "offramp-checkpoint/1"
# What checkpoints mean that were written without these settings.
SETTINGS = dict(precision="float32", rows=False, zeroInit=False, branches=False)

BEGINNING = dict(step=0, loss=0.0, right=0, seconds=0.0)  # of an epoch: steps done, sums over their images


def complete(settings):
    return {**SETTINGS, **settings}


def rate(schedule, peak, step, steps):
    """Learning rate of one step out of `steps`; onecycle rises for the first quarter, both end near zero."""
    at = step / steps
    if schedule == "onecycle":
        if at < 0.25:
            return peak * (0.04 + 0.96 * at / 0.25)
        at = (at - 0.25) / 0.75
    return peak * 0.5 * (1 + math.cos(math.pi * at))


def build(settings, channels, classes):
    """The network that settings ask for, with branches or without."""
    make = branchy.build if complete(settings)["branches"] else resnet.build
    return make(settings["network"], channels, classes, settings["width"])


def accuracies(model, images, labels, mean, std, batch=500):
    """Share of uint8 images [N, C, 32, 32] whose greatest logit is their label, of every exit, in inference mode."""
    model.eval()
    right = 0
    with torch.no_grad():
        for i in range(0, len(images), batch):
            outputs = outputs_of(model(normalise(images[i : i + batch], mean, std)))
            hits = [(logits.argmax(1) == labels[i : i + batch]).sum() for logits in outputs]
            right = right + torch.stack(hits)  # a tensor: no waiting for a GPU
    return [count / len(images) for count in right.tolist()]


class Run:
    """A network in training; what `settings` holds is listed in train.py, `record` as in step.py."""

    def __init__(self, settings, dataset, device="cpu", record=None):
        self.settings, self.device = complete(settings), device
        torch.manual_seed(settings["seed"])
        self.generator = torch.Generator().manual_seed(settings["seed"])
        self.mean, self.std = statistics(dataset.train.images)
        self.classes = list(dataset.classes)
        self.x, self.y = self.tensors(dataset.train)
        self.test_x, self.test_y = self.tensors(dataset.test)
        model = build(settings, self.x.shape[1], len(self.classes))
        if self.settings["zeroInit"]:
            model.zero_residuals()
        self.model = model.to(device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=settings["peakLr"], momentum=0.9, nesterov=True,
            weight_decay=settings["weightDecay"], foreach=self.foreach(),
        )
        half = self.settings["precision"] == "bfloat16"
        self.step = Step(self.model, self.optimizer, settings["batch"], half, record, self.settings["rows"])
        self.epoch, self.history, self.within = 0, [], dict(BEGINNING)

    def foreach(self):
        """The optimizer's option: all weights in a few kernels on a GPU, one by one elsewhere."""
        return self.device == "cuda" or None

    def tensors(self, split):
        """Images uint8 [N, C, 32, 32] and labels int64 [N] on the run's device."""
        return tensor_of(split.images).to(self.device), torch.from_numpy(split.labels).to(self.device)

    def run_epoch(self, stop=lambda: False, test=True):
        """Go on with the epoch under way: one pass over the training images in a new order; True once it is over.

        A smaller last batch is used like the others. `stop` is asked after every step: where it says yes the epoch is
        left there, to be gone on with. Until an epoch is over the generator stays where the epoch began. `test` asks for
        the accuracies on the test images at its end, which of a deep network can take as long as the epoch.
        """
        started, s, at = time.time(), self.settings, self.within
        begin = self.generator.get_state()
        batches = epoch_of(len(self.x), s["batch"], self.generator, device=self.device, **s["augmentation"])
        loss_sum = torch.tensor(at["loss"], dtype=torch.float64, device=self.device)
        right = torch.tensor(at["right"], device=self.device)
        stopped = False
        self.model.train()
        while at["step"] < len(batches) and not stopped:
            index, corner, mirrored = batches[at["step"]]
            done = self.epoch * len(batches) + at["step"]
            for group in self.optimizer.param_groups:
                group["lr"] = rate(s["schedule"], s["peakLr"], done, s["epochs"] * len(batches))
            x = augment(self.x[index], corner, mirrored, s["augmentation"]["crop"])
            loss, hits = self.step(normalise(x, self.mean, self.std), self.y[index])
            loss_sum, right = loss_sum + loss.double() * len(index), right + hits
            at["step"] += 1
            stopped = stop()
        at["loss"], at["right"] = loss_sum.item(), right.item()
        if stopped:
            self.generator.set_state(begin)
            at["seconds"] += time.time() - started
            return False
        tested = accuracies(self.model, self.test_x, self.test_y, self.mean, self.std) if test else []
        self.epoch, n, seconds = self.epoch + 1, len(self.x), at["seconds"] + time.time() - started
        shares = dict(trainAccuracy=at["right"] / n)
        if tested:
            *branches, shares["testAccuracy"] = tested
            if branches:
                shares["branchAccuracies"] = branches
        self.history.append(dict(epoch=self.epoch, loss=at["loss"] / n, **shares, seconds=seconds))
        self.within = dict(BEGINNING)
        return True

    def save(self, path):
        """Write a checkpoint beside `path`, then move it there, so that a half-written one is never seen."""
        state = dict(
            format=FORMAT, settings=self.settings, mean=self.mean, std=self.std, classes=self.classes,
            trainImages=len(self.x), testImages=len(self.test_x), channels=self.x.shape[1],
            model=self.model.state_dict(), optimizer=self.optimizer.state_dict(),
            epoch=self.epoch, history=self.history, within=self.within, torch=str(torch.__version__),
            generator=self.generator.get_state(), rng=torch.get_rng_state(),
        )
        partial = Path(f"{path}.partial")
        torch.save(state, partial)
        os.replace(partial, path)

    def restore(self, path):
        """Go on where a checkpoint of the same settings stopped."""
        state = torch.load(path, map_location="cpu")
        if state.get("format") != FORMAT:
            raise DataError(f"{path} is not a checkpoint of this program.")
        settings = complete(state["settings"])
        different = [k for k in self.settings if settings.get(k) != self.settings[k]]
        if different:
            which = ", ".join(different)
            raise DataError(f"{path} was made with other settings ({which}): use those, or another --out.")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        for group in self.optimizer.param_groups:
            group["foreach"] = self.foreach()
        self.epoch, self.history = state["epoch"], state["history"]
        self.within = state.get("within", dict(BEGINNING))
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["rng"])
