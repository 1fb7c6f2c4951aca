"""One training step: loss, gradients, the optimizer.

A deep network on small images is thousands of GPU kernels of a few microseconds a step; started one by one they
leave the GPU waiting. There the kernels of the first full batches' loss and gradients are recorded as a CUDA graph,
which then starts all of them at once. No step waits for the GPU: losses and hits stay on it as tensors.
"""
import sys
from functools import partial

import torch
from torch.nn.functional import cross_entropy

import smallmaps
from branchy import WEIGHTS

WARM_UP = 3  # full batches before the recording, in which cuDNN chooses its algorithms


def cuda_graph(function, stream):
    """Record the kernels that `function` starts on `stream`, without running them; the result runs them all."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        function()
    return graph.replay


def recorder(device):
    """What records a step on this device; None where every step is run as it is."""
    return cuda_graph if torch.device(device).type == "cuda" else None


def outputs_of(out):
    """The exits' logits, the network's own last: those of a network with branches, or the only ones."""
    return out if isinstance(out, tuple) else (out,)


def loss_of(outputs, labels):
    """Cross-entropy of the network's own logits, or the weighted sum of all exits' (BranchyNet)."""
    weights = WEIGHTS if len(outputs) > 1 else (1.0,)
    return sum(w * cross_entropy(logits.float(), labels) for w, logits in zip(weights, outputs))


class Step:
    """`batch` is the size of a full batch; `record` as from `recorder`; `half` multiplies in bfloat16.

    On a CPU small maps become rows (smallmaps.py) in bfloat16, and in float32 where `rows` asks for it.
    """

    def __init__(self, model, optimizer, batch, half=False, record=None, rows=False):
        self.model, self.optimizer, self.batch, self.half, self.record = model, optimizer, batch, half, record
        self.kind = next(model.parameters()).device.type
        self.forward = partial(smallmaps.forward, model) if (half or rows) and self.kind == "cpu" else model
        self.seen, self.replay, self.keeps = 0, None, record is not None
        self.stream = torch.cuda.Stream() if self.kind == "cuda" else None
        if self.keeps:  # a recording writes to fixed addresses, so the gradients stay the same tensors
            for p in model.parameters():
                p.grad = torch.zeros_like(p)

    def __call__(self, x, y):
        """One step on normalised images and labels; the mean loss and how many were right, as tensors."""
        if len(x) == self.batch and self.record:
            self.seen += 1
            if self.seen > WARM_UP and not self.replay:
                self.try_to_record(x, y)
        if len(x) == self.batch and self.replay:
            self.x.copy_(x)
            self.y.copy_(y)
            self.replay()
            loss, right = self.out
        else:
            loss, right = self.aside(x, y)
        self.optimizer.step()
        return loss, right

    def gradients(self, x, y):
        with torch.autocast(self.kind, torch.bfloat16, enabled=self.half, cache_enabled=not self.keeps):
            outputs = outputs_of(self.forward(x))
        loss = loss_of(outputs, y)
        self.optimizer.zero_grad(set_to_none=not self.keeps)
        loss.backward()
        return loss.detach(), (outputs[-1].detach().argmax(1) == y).sum()

    def aside(self, x, y):
        """gradients(x, y); on a GPU on the recording's own stream, as recording asks of what went before it."""
        if self.stream is None:
            return self.gradients(x, y)
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            out = self.gradients(x, y)
        torch.cuda.current_stream().wait_stream(self.stream)
        return out

    def try_to_record(self, x, y):
        """Set `replay`, or say why it cannot be and go on without."""
        self.x, self.y = x.clone(), y.clone()

        def function():
            self.out = self.gradients(self.x, self.y)

        try:
            self.replay = self.record(function, self.stream)
        except RuntimeError as error:
            self.record = None
            why = (str(error).splitlines() or ["no reason given"])[0]
            print(f"No CUDA graph could be recorded ({why}): training goes on without, slower.", file=sys.stderr)
