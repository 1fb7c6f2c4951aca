"""Networks of PyTorch with exits of their own: run in inference mode, their costs counted."""
from __future__ import annotations

from typing import Any, List, Tuple

import torch
from torch import nn

from .cost import Counter
from .errors import TraceError
from .loaders import Loader, Progress
from .means import Decided
from .outputs import Runner, Taker
from .recorder import backend_of, flops_of
from .taps import Tapped, device_of


class TorchRunner(Runner):
    """`counts`: whether costs are counted; where that is not possible it is an error, with the operators' names."""

    def __init__(self, model: nn.Module, counts: bool) -> None:
        super().__init__(model)
        self.device = device_of(model)
        self.backend = backend_of(self.device)
        self.counts = counts
        self.tapped = Tapped(model, [], lambda j, raw: None)

    def run(self, inputs: Any) -> Any:
        return self.tapped.run(inputs, self.device)

    def probe(self, loader: Loader, taker: Taker) -> Tuple[List[str], int, List[float]]:
        """One batch under the counter: the cost of an exit is all that the outputs up to it depend on."""
        inputs, labels = next(iter(loader))
        counter = Counter()
        with torch.no_grad(), self.tapped:
            with counter:
                returned = self.run(inputs)
            names, logits = taker.take(returned, len(labels))
        if self.counts and counter.unknown:
            raise TraceError(
                f"The network uses operators whose products cannot be counted: {', '.join(sorted(counter.unknown))}. "
                "Hand in the cumulative FLOPs of every exit: costs=[…]."
            )
        needed: frozenset = frozenset()
        costs = []
        for values in logits:
            needed = needed | counter.needed_by(values)
            costs.append(flops_of(counter.macs(needed), len(labels)))
        return names, int(logits[0].shape[1]), costs

    def decide(self, loader: Loader, taker: Taker, line: Progress, scores: bool) -> Decided:
        with torch.no_grad(), self.tapped:
            return super().decide(loader, taker, line, scores)
