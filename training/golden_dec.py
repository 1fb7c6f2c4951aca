"""Ten steps of an autoencoder and ten of DEC's refinement, for the page's trainer to agree with.

Writes training/golden_dec.json. A tiny encoder 12-8-6-3 with its mirror 3-6-8-12 learns to reconstruct, then its
encoder and four cluster centres are refined on. All is computed in float32 and written with 9 digits. Fields:

    made, seed, sizes [12, 8, 6, 3], clusters 4, batch 16, steps 10
    x            [160, 12] row-major: the bytes that the generator makes from `seed`, image by image, times 0.02
    autoencoder
      rate       1e-3: Adam with beta1 0.9, beta2 0.999, epsilon 1e-8 beside the root of the corrected second moment
      start      name -> numbers: `dense1/kernel` [inputs, outputs] row-major, `dense1/bias`, ... `dense3/...` encoder,
                 `decoder1/...` ... `decoder3/...` decoder; ReLU on all but dense3 and decoder3
      losses     of every step, before its update: mean over the batch's images and pixels of (output - input)^2
      gradient   of the first step, named and laid out as `start`
      end        after the last step
    refinement   begins with the encoder of autoencoder.end
      rate, momentum   0.01 and 0.9: v = 0.9 v + gradient; weight = weight - 0.01 v; the same for centres
      centres    [4, 3] row-major, what it begins with
      q, p       [160, 4] row-major of the beginning: soft assignment, target; p stays for all ten steps
      losses     of every step, before its update: mean over the batch's images of sum_j p log(p / q), in nats
      gradient, end    as above, of dense1...dense3, and `centres` [4, 3]
    head         a linear autoencoder 8-3-8, as on frozen features: those after dense1 of autoencoder.end and its ReLU,
                 [160, 8]; `start`, `losses`, `gradient`, `end` with `middle/...` (8 to 3) and `decoder/...` (3 to 8),
                 both linear, trained as `autoencoder`
    scores       clusters and labels of 160 images, drawn by the generator, and what clustering.py says of them:
                 accuracy under the best one-to-one map, normalised mutual information (arithmetic mean), adjusted Rand

Step s, from 0, learns from images 16 s ... 16 s + 15, in all three trainings. The generator is

    state = (1664525 * state + 1013904223) mod 2^32;  byte = state >>> 24

from `seed` for images, seed + 1 for start weights of the autoencoder in the order above (dense1/kernel first, biases
too: (byte - 127.5) / 128 * sqrt(6 / inputs)), seed + 2 for the head's, seed + 3 for clusters (byte mod 4 each), then
labels (byte mod 4; every third takes its cluster's number instead, but draws a byte all the same).
"""
import json
import sys

import numpy as np
import torch

from autoencoder import PIXEL, Autoencoder, reconstruction_loss
from clustering import accuracy, adjusted_rand, divergence, mutual_information, soft_assignment, target

SEED, SIZES, CLUSTERS, BATCH, STEPS = 20160619, (12, 8, 6, 3), 4, 16, 10
COUNT = BATCH * STEPS


class Bytes:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return self.state >> 24


def numbers(tensor):
    return [float("%.9g" % v) for v in tensor.detach().contiguous().flatten().tolist()]


def draw(named, generator):
    """Fill linear layers from the generator: kernel [inputs, outputs] row-major, then bias."""
    with torch.no_grad():
        for layer in named.values():
            bound = (6 / layer.in_features) ** 0.5
            for part in (layer.weight.t(), layer.bias):
                values = [(generator.next() - 127.5) / 128 * bound for _ in range(part.numel())]
                part.copy_(torch.tensor(values, dtype=torch.float32).view(part.shape))


def values_of(named, get=lambda p: p):
    out = {}
    for name, layer in named.items():
        out[f"{name}/kernel"] = numbers(get(layer.weight).t())
        out[f"{name}/bias"] = numbers(get(layer.bias))
    return out


def descend(optimizer, loss_of, snapshot):
    """Ten steps; losses, and `snapshot` of the first gradients."""
    losses, first = [], None
    for s in range(STEPS):
        loss = loss_of(slice(s * BATCH, (s + 1) * BATCH))
        optimizer.zero_grad()
        loss.backward()
        first = first or snapshot(lambda p: p.grad)
        optimizer.step()
        losses.append(float("%.9g" % loss.item()))
    return dict(losses=losses, gradient=first)


def reconstruct(named, model, x, seed):
    """The golden training of one autoencoder."""
    draw(named, Bytes(seed))
    start = values_of(named)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    steps = descend(optimizer, lambda at: reconstruction_loss(model, x[at]), lambda get: values_of(named, get))
    return dict(rate=1e-3, start=start, **steps, end=values_of(named))


def refine(named, encoder, x):
    with torch.no_grad():
        z = encoder(x)
        # Off the images themselves, whose distance 0 is a corner of nothing but rounding.
        centres = torch.nn.Parameter((z[:CLUSTERS] + z[CLUSTERS : 2 * CLUSTERS]) / 2)
        q = soft_assignment(z, centres)
        p = target(q)
    begin = numbers(centres)
    optimizer = torch.optim.SGD([*encoder.parameters(), centres], lr=0.01, momentum=0.9)
    snapshot = lambda get=lambda p: p: dict(values_of(named, get), centres=numbers(get(centres)))
    steps = descend(optimizer, lambda at: divergence(p[at], soft_assignment(encoder(x[at]), centres)), snapshot)
    return dict(rate=0.01, momentum=0.9, centres=begin, q=numbers(q), p=numbers(p), **steps, end=snapshot())


def scores():
    generator = Bytes(SEED + 3)
    clusters = np.array([generator.next() % CLUSTERS for _ in range(COUNT)])
    drawn = np.array([generator.next() % CLUSTERS for _ in range(COUNT)])
    labels = np.where(np.arange(COUNT) % 3 == 0, clusters, drawn)
    values = dict(accuracy=accuracy, nmi=mutual_information, ari=adjusted_rand)
    measured = {name: float("%.9g" % f(clusters, labels)) for name, f in values.items()}
    return dict(clusters=clusters.tolist(), labels=labels.tolist(), **measured)


def main(path):
    torch.set_num_threads(1)
    generator = Bytes(SEED)
    raw = [generator.next() for _ in range(COUNT * SIZES[0])]
    x = torch.tensor(raw, dtype=torch.float32).view(COUNT, SIZES[0]) * PIXEL
    model = Autoencoder(SIZES)
    encoder = {f"dense{i + 1}": layer for i, layer in enumerate(model.encoder.layers)}
    decoder = {f"decoder{i + 1}": layer for i, layer in enumerate(model.decoder.layers)}
    golden = dict(
        made="training/golden_dec.py, PyTorch " + torch.__version__.split("a")[0].split("+")[0],
        seed=SEED, sizes=list(SIZES), clusters=CLUSTERS, batch=BATCH, steps=STEPS, x=numbers(x),
        autoencoder=reconstruct({**encoder, **decoder}, model, x, SEED + 1),
    )
    with torch.no_grad():
        features = torch.relu(model.encoder.layers[0](x))
    golden["refinement"] = refine(encoder, model.encoder, x)
    head = Autoencoder((SIZES[1], SIZES[-1]))
    named = dict(middle=head.encoder.layers[0], decoder=head.decoder.layers[0])
    golden["head"] = reconstruct(named, head, features, SEED + 2)
    golden["scores"] = scores()
    with open(path, "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "training/golden_dec.json")
