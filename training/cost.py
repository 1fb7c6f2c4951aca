"""What a network costs: its parameters, and its multiply-accumulates for one image."""
import torch
from torch import nn

from resnet import SIZE


def parameters(model):
    """Trained numbers: kernels, biases, BN scales and shifts; not BN's running statistics."""
    return sum(p.numel() for p in model.parameters())


def multiply_accumulates(model, channels):
    """Of one 32x32 image; convolutions and dense layers only."""
    total = 0

    def count(module, _, output):
        nonlocal total
        total += module.weight.numel() * (output.shape[2] * output.shape[3] if output.ndim == 4 else 1)

    hooks = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    device = next(model.parameters()).device
    with torch.no_grad():
        model.eval()(torch.zeros(1, channels, SIZE, SIZE, device=device))
    for hook in hooks:
        hook.remove()
    return total
