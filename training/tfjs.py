"""A tfjs layers model on disk: model.json and its weight shards, written and read back."""
import json
from pathlib import Path

import numpy as np

from quantise import dequantise, quantise

SHARD_BYTES = 4 * 1024 * 1024


def write(folder, name, graph, kind):
    """Write `graph` (see topology) into `folder`; kernels as `kind`, all other weights float32.

    Returns how many bytes the weights take.
    """
    manifest, chunks = [], []
    for weight, values in graph.weights.items():
        stored, quantization = quantise(values, kind if weight.endswith("/kernel") else "float32")
        entry = dict(name=weight, shape=list(values.shape), dtype="float32")
        manifest.append(entry if quantization is None else dict(entry, quantization=quantization))
        chunks.append(stored.astype(stored.dtype.newbyteorder("<")).tobytes())
    data = b"".join(chunks)
    shards = [data[i : i + SHARD_BYTES] for i in range(0, len(data), SHARD_BYTES)]
    paths = [f"group1-shard{i}of{len(shards)}.bin" for i in range(1, len(shards) + 1)]
    for path, shard in zip(paths, shards):
        (folder / path).write_bytes(shard)
    first, outputs = graph.layers[0]["name"], [[output, 0, 0] for output in graph.outputs]
    config = dict(name=name, layers=graph.layers, input_layers=[[first, 0, 0]], output_layers=outputs)
    model = dict(
        format="layers-model", generatedBy="offramp training/export.py", convertedBy=None,
        modelTopology=dict(
            keras_version="2.11.0", backend="tensorflow", model_config=dict(class_name="Functional", config=config)
        ),
        weightsManifest=[dict(paths=paths, weights=manifest)],
    )
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")) + "\n")
    return len(data)


def read(folder):
    """(layers, outputs, weights): the config's layers in order, the names of those that are the model's outputs, and
    float32 arrays by name, as tfjs would dequantise them."""
    folder = Path(folder)
    model = json.loads((folder / "model.json").read_text())
    weights = {}
    for group in model["weightsManifest"]:
        data, at = b"".join((folder / p).read_bytes() for p in group["paths"]), 0
        for entry in group["weights"]:
            quantization = entry.get("quantization")
            dtype = np.dtype((quantization or entry)["dtype"]).newbyteorder("<")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            stored = np.frombuffer(data, dtype, count, at).reshape(entry["shape"])
            weights[entry["name"]] = dequantise(stored, quantization)
            at += stored.nbytes
        if at != len(data):
            raise ValueError(f"{folder}: the shards hold {len(data)} bytes, the manifest accounts for {at}.")
    config = model["modelTopology"]["model_config"]["config"]
    return config["layers"], [name for name, _, _ in config["output_layers"]], weights
