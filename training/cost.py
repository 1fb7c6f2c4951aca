"""What a network costs: its parameters, and its multiply-accumulates for one image."""
import torch
from torch import nn

from resnet import SIZE


def parameters(model):
    """Trained numbers: kernels, biases, BN scales and shifts; not BN's running statistics."""
    return sum(p.numel() for p in model.parameters())


def by_module(model, channels, shapes=None):
    """Multiply-accumulates of every convolution and dense layer by its name, for one 32x32 image.

    `shapes`, a dict, is filled with the shapes of their outputs.
    """
    found, hooks = {}, []

    def watch(name):
        def count(module, _, output):
            found[name] = module.weight.numel() * (output.shape[2] * output.shape[3] if output.ndim == 4 else 1)
            if shapes is not None:
                shapes[name] = tuple(output.shape)

        return count

    for name, m in model.named_modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            hooks.append(m.register_forward_hook(watch(name)))
    device = next(model.parameters()).device
    with torch.no_grad():
        model.eval()(torch.zeros(1, channels, SIZE, SIZE, device=device))
    for hook in hooks:
        hook.remove()
    return found


def multiply_accumulates(model, channels):
    """Of one 32x32 image; convolutions and dense layers only."""
    return sum(by_module(model, channels).values())
