"""Write a finished run of DEC as a tfjs layers model with its card, and prove that it is right.

    python3 training/dec_export.py --checkpoint training/checkpoints/dec-mnist-seed1 --id dec-mnist-seed1

The files are read back and run by an independent interpreter; only when its embeddings equal the trained encoders' do they
replace what was there. All scores in the card are of what the files compute.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

import data
import golden
import interpreter
import tfjs
from autoencoder import PIXEL, SIZES, Autoencoder
from clustering import assignment, contingency, soft_assignment
from dec_card import card_of
from dec_run import CLUSTERS, EXITS, FORMAT, FROZEN, pixels_of, scores
from export import NETWORKS, digits, replacing, write_card
from proof import LARGEST_DROP, TOLERANCE, ExportError
from topology import Graph

SIDE = 28


def layers_of(finished):
    """Name in the files to torch linear layer: dense1 ... dense4, small, middle."""
    found = {}
    for name, hidden in FROZEN.items():
        model = Autoencoder(SIZES if hidden is None else (SIZES[hidden], SIZES[-1]))
        model.load_state_dict(finished[name]["autoencoder"])
        layers = model.encoder.layers
        found.update({name: layers[0]} if hidden else {f"dense{i + 1}": layer for i, layer in enumerate(layers)})
    return found


def graph_of(layers):
    """From `input` [batch, 28, 28, 1] (raw pixels times 0.02) to embeddings [batch, 10]: `small`, `middle`, `dense4`."""
    g = Graph()
    x = g.add("InputLayer", "input", batch_input_shape=[None, SIDE, SIDE, 1], sparse=False)
    x = g.flat("flatten", x)

    def dense(name, source, activation):
        g.weight(f"{name}/kernel", layers[name].weight.t())
        g.weight(f"{name}/bias", layers[name].bias)
        units = layers[name].out_features
        return g.add("Dense", name, source, units=units, activation=activation, use_bias=True)

    heads = {hidden: name for name, hidden in FROZEN.items() if hidden}
    for i in range(1, len(SIZES)):
        x = dense(f"dense{i}", x, "relu" if i < len(SIZES) - 1 else "linear")
        if i in heads:
            dense(heads[i], x, "linear")
    g.outputs = [*(heads[hidden] for hidden in sorted(heads)), x]
    return g


def embeddings(layers, x):
    """What the torch layers make of x [N, 784]: float32 [N, 10] of every exit, in the order of EXITS."""
    with torch.no_grad():
        first = torch.relu(layers["dense1"](x))
        second = torch.relu(layers["dense2"](first))
        third = torch.relu(layers["dense3"](second))
        return layers["small"](first), layers["middle"](second), layers["dense4"](third)


def in_parts(f, x, size=2000):
    """Every output of f, over all rows of x."""
    return [torch.cat(parts) for parts in zip(*(f(part) for part in x.split(size)))]


def put_back(layers, weights):
    """Replace the torch layers' weights by those of the files, which may be one step of their storage away, no more."""
    for name, values in weights.items():
        layer, part = name.split("/")
        values = torch.from_numpy(values.T.copy() if part == "kernel" else values)
        target = getattr(layers[layer], dict(kernel="weight", bias="bias")[part]).data
        step = (target.max().clamp(min=0) - target.min().clamp(max=0)).item() / 254 if part == "kernel" else 0
        if not (values - target).abs().max().item() <= step:
            raise ExportError(f"{name} in the files is not the network's.")
        target.copy_(values)


def clusters_of(outputs, centres):
    """int64 [N] an exit: the cluster of greatest q."""
    return [soft_assignment(z, m).argmax(1).numpy() for z, m in zip(outputs, centres)]


def measure(clusters, labels, tests):
    """Scores of every exit, `aligned` included (the accuracy under the map below), and DEC-large's share of the last
    `tests` images: all under one map of clusters to classes, found from DEC-large's clusters of all images; the other
    exits' clusters take the names of those of DEC-large that they share most images with, one to one."""
    large = clusters[-1]
    classes = assignment(contingency(large, labels, CLUSTERS))
    out = {}
    for name, own in zip(EXITS, clusters):
        named = classes[assignment(contingency(own, large, CLUSTERS))[own]]
        out[name] = {**scores(own, labels), "aligned": float((named == labels).mean())}
    return out, float((classes[large] == labels)[-tests:].mean())


def export(checkpoint, identity, kernels, mirror, target):
    """Fill target/identity from a checkpoint file; returns the card."""
    state = torch.load(checkpoint, map_location="cpu")
    if state.get("format") != FORMAT:
        raise ExportError(f"{checkpoint} is not a checkpoint of dec.py.")
    if state["current"]:
        raise ExportError(f"{checkpoint} is of an unfinished run: go on with --resume until it is over.")
    x, labels = pixels_of(data.load(state["settings"]["dataset"], mirror))
    layers = layers_of(state["finished"])
    centres = [state["finished"][name]["centres"].detach() for name in EXITS]
    tests = state["testImages"]
    _, before = measure(clusters_of(in_parts(lambda rows: embeddings(layers, rows), x), centres), labels, tests)
    with replacing(target / identity) as folder:
        size = tfjs.write(folder, identity, graph_of(layers), kernels)
        config, outputs, weights = tfjs.read(folder)

        def from_files(rows):
            return interpreter.run(config, outputs, weights, rows.view(-1, SIDE, SIDE, 1))

        put_back(layers, weights)
        pictures = golden.images(golden.SEED, golden.COUNT, SIDE, 1)
        generated = torch.from_numpy(pictures.reshape(len(pictures), -1)).float() * PIXEL
        for what, rows in (("golden", generated), ("test", x[-500:])):
            ours, theirs = from_files(rows), embeddings(layers, rows)
            apart = max(((a - b).abs().max() / b.abs().max()).item() for a, b in zip(ours, theirs))
            if not apart <= TOLERANCE:
                raise ExportError(f"The files' embeddings of {what} images are {apart:.2g} (relative) from the network's.")
        measured, after = measure(clusters_of(in_parts(from_files, x), centres), labels, tests)
        if before - after > LARGEST_DROP:
            cost = f"test accuracy {before:.4f} before, {after:.4f} after"
            raise ExportError(f"Quantisation costs too much: {cost}. Keep more with --kernels float16.")
        card = card_of(identity, state, layers, kernels, dict(before=before, after=after), measured, size)
        write_card(folder, card)
        *branches, own = (digits(z) for z in from_files(generated))
        gold = dict(
            seed=golden.SEED, count=golden.COUNT, shape=[SIDE, SIDE, 1], classes=state["classes"], logits=own,
            branches=branches,
        )
        (folder / "golden.json").write_text(json.dumps(gold) + "\n")
    return card


def main():
    p = argparse.ArgumentParser(description="Export a run of DEC as a tfjs layers model.")
    p.add_argument("--checkpoint", required=True, type=Path, help="folder that dec.py wrote, or its checkpoint.pt")
    p.add_argument("--id", required=True, help="the network's name: a folder below --target")
    p.add_argument("--kernels", default="uint8", choices=("uint8", "float16", "float32"))
    p.add_argument("--data", help="mirror folder (default: $OFFRAMP_DATA)")
    p.add_argument("--target", type=Path, default=NETWORKS, help="default: public/networks")
    a = p.parse_args()
    torch.set_num_threads(1)
    file = a.checkpoint / "checkpoint.pt" if a.checkpoint.is_dir() else a.checkpoint
    try:
        card = export(file, a.id, a.kernels, a.data, a.target)
    except (data.DataError, ExportError) as error:
        sys.exit(str(error))
    for name, values in card["clustering"]["scores"].items():
        if name in EXITS:
            print(f"{a.id} DEC-{name}: " + ", ".join(f"{key} {value:.4f}" for key, value in values.items()))


if __name__ == "__main__":
    main()
