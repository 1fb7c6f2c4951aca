"""A training run: a network, its optimizer, the images, and everything that a checkpoint keeps."""
import math
import os
import time
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

from batches import augment, normalise, statistics, tensor_of
from data import DataError
from resnet import build

FORMAT = "offramp-checkpoint/1"


def rate(schedule, peak, step, steps):
    """Learning rate of one step out of `steps`; onecycle rises for the first quarter, both end near zero."""
    at = step / steps
    if schedule == "onecycle":
        if at < 0.25:
            return peak * (0.04 + 0.96 * at / 0.25)
        at = (at - 0.25) / 0.75
    return peak * 0.5 * (1 + math.cos(math.pi * at))


def accuracy(model, images, labels, mean, std, batch=500):
    """Share of uint8 images [N, C, 32, 32] whose greatest logit is their label, in inference mode."""
    model.eval()
    right = 0
    with torch.no_grad():
        for i in range(0, len(images), batch):
            logits = model(normalise(images[i : i + batch], mean, std))
            right += (logits.argmax(1) == labels[i : i + batch]).sum().item()
    return right / len(images)


class Run:
    """settings: dataset, network, width, epochs, schedule, peakLr, weightDecay, batch, seed, augmentation; precision, zeroInit."""

    def __init__(self, settings, dataset, device="cpu"):
        self.settings, self.device = settings, device
        torch.manual_seed(settings["seed"])
        self.generator = torch.Generator().manual_seed(settings["seed"])
        self.mean, self.std = statistics(dataset.train.images)
        self.classes = list(dataset.classes)
        self.x, self.y = self.tensors(dataset.train)
        self.test_x, self.test_y = self.tensors(dataset.test)
        model = build(settings["network"], self.x.shape[1], len(self.classes), settings["width"])
        if settings.get("zeroInit"):
            model.zero_residuals()
        self.model = model.to(device, memory_format=torch.channels_last)
        decay = settings["weightDecay"]
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=settings["peakLr"], momentum=0.9, nesterov=True, weight_decay=decay
        )
        self.half = settings.get("precision") == "bfloat16"
        self.epoch, self.history = 0, []

    def tensors(self, split):
        """Images uint8 [N, C, 32, 32] and labels int64 [N] on the run's device."""
        return tensor_of(split.images).to(self.device), torch.from_numpy(split.labels).to(self.device)

    def run_epoch(self):
        """One pass over the training images in a new order; a smaller last batch is used like the others."""
        started, s = time.time(), self.settings
        order = torch.randperm(len(self.x), generator=self.generator).to(self.device)
        batches = order.split(s["batch"])
        loss_sum, right = 0.0, 0
        self.model.train()
        for i, index in enumerate(batches):
            lr = rate(s["schedule"], s["peakLr"], self.epoch * len(batches) + i, s["epochs"] * len(batches))
            for group in self.optimizer.param_groups:
                group["lr"] = lr
            x = augment(self.x[index], self.generator, **s["augmentation"])
            loss, hits = self.step(normalise(x, self.mean, self.std), self.y[index])
            loss_sum, right = loss_sum + loss * len(index), right + hits
        self.epoch += 1
        test = accuracy(self.model, self.test_x, self.test_y, self.mean, self.std)
        n, seconds = len(self.x), time.time() - started
        shares = dict(trainAccuracy=right / n, testAccuracy=test)
        self.history.append(dict(epoch=self.epoch, loss=loss_sum / n, **shares, seconds=seconds))

    def step(self, x, y):
        """One step of the optimizer on normalised images and labels; the mean loss and how many were right."""
        with torch.autocast(self.device, torch.bfloat16, enabled=self.half):
            logits = self.model(x)
        loss = cross_entropy(logits.float(), y)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (logits.argmax(1) == y).sum().item()

    def save(self, path):
        """Write a checkpoint beside `path`, then move it there, so that a half-written one is never seen."""
        state = dict(
            format=FORMAT, settings=self.settings, mean=self.mean, std=self.std, classes=self.classes,
            trainImages=len(self.x), testImages=len(self.test_x), channels=self.x.shape[1],
            model=self.model.state_dict(), optimizer=self.optimizer.state_dict(),
            epoch=self.epoch, history=self.history, torch=str(torch.__version__),
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
        different = [k for k in self.settings if state["settings"].get(k) != self.settings[k]]
        if different:
            which = ", ".join(different)
            raise DataError(f"{path} was made with other settings ({which}): use those, or another --out.")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.history = state["epoch"], state["history"]
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["rng"])
