"""The dense networks of deep embedded clustering (Xie, Girshick, Farhadi 2016, section 3): encoders and their mirrors.

Images are float32 [N, 784]: raw pixels 0...255 times 0.02, so that a pixel's square is about one on average.
"""
import math

import torch
from torch import nn

SIZES = (784, 500, 500, 2000, 10)  # DEC-large: inputs, three hidden layers, embedding
PIXEL = 0.02


def dense(inputs, outputs, generator=None):
    """A linear layer, its weights uniform with variance 1 / (3 inputs), that is within 1 / sqrt(inputs), and biases 0."""
    layer, bound = nn.Linear(inputs, outputs), 1 / math.sqrt(inputs)
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        layer.bias.zero_()
    return layer


class Dense(nn.Module):
    """Dense layers one after another, ReLU after all but the last; [N, sizes[0]] to [N, sizes[-1]]."""

    def __init__(self, sizes, generator=None):
        super().__init__()
        self.layers = nn.ModuleList(dense(a, b, generator) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


class Autoencoder(nn.Module):
    """An encoder of these sizes with its mirror; both ends linear."""

    def __init__(self, sizes, generator=None):
        super().__init__()
        self.encoder = Dense(sizes, generator)
        self.decoder = Dense(sizes[::-1], generator)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def reconstruction_loss(autoencoder, x):
    """Mean over images and inputs of the squared difference."""
    return nn.functional.mse_loss(autoencoder(x), x)
