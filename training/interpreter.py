"""Runs a layers model from its files alone, layer by layer, without the classes that trained it.

Export uses it to prove that what was written computes what was trained. Tensors are NHWC as in the file
and 'same' pads as TensorFlow does, so a wrong padding, layout or weight name shows as wrong logits.
"""
import torch
import torch.nn.functional as F


def same(x, kernel, stride):
    """TensorFlow's 'same': the greater half of the zero padding goes to the bottom and right of NHWC `x`."""
    pads = []
    for side, k, s in zip(x.shape[1:3], kernel, stride):
        total = max((-(-side // s) - 1) * s + k - side, 0)
        pads = [total // 2, total - total // 2] + pads  # F.pad wants the last dimension first
    return F.pad(x, [0, 0] + pads)


def conv2d(x, c, w):
    if c["padding"] == "same":
        x = same(x, c["kernel_size"], c["strides"])
    y = F.conv2d(x.permute(0, 3, 1, 2), w["kernel"].permute(3, 2, 0, 1), w.get("bias"), c["strides"])
    return y.permute(0, 2, 3, 1)


def max_pool(x, c, w):
    assert c["padding"] == "valid"
    return F.max_pool2d(x.permute(0, 3, 1, 2), c["pool_size"], c["strides"]).permute(0, 2, 3, 1)


def batch_norm(x, c, w):
    return (x - w["moving_mean"]) / torch.sqrt(w["moving_variance"] + c["epsilon"]) * w["gamma"] + w["beta"]


def zero_pad(x, c, w):
    (top, bottom), (left, right) = c["padding"]
    return F.pad(x, (0, 0, left, right, top, bottom))


def dense(x, c, w):
    return ACTIVATIONS[c["activation"]](x @ w["kernel"] + w["bias"])


ACTIVATIONS = {"relu": torch.relu, "linear": lambda x: x}
LAYERS = {
    "Conv2D": conv2d,
    "MaxPooling2D": max_pool,
    "BatchNormalization": batch_norm,
    "ZeroPadding2D": zero_pad,
    "Activation": lambda x, c, w: ACTIVATIONS[c["activation"]](x),
    "GlobalAveragePooling2D": lambda x, c, w: x.mean((1, 2)),
    "Flatten": lambda x, c, w: x.flatten(1),
    "Dense": dense,
}


def run(layers, outputs, weights, x):
    """Normalised NHWC images to a list of the outputs; layers, outputs and weights as tfjs.read gives them."""
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    feeds = [[node[0] for node in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else [] for layer in layers]
    last = {name: i for i, names in enumerate(feeds) for name in names}  # the layer that is the last to need it
    values = {}
    with torch.no_grad():
        for i, layer in enumerate(layers):
            name, kind = layer["name"], layer["class_name"]
            inputs = [values[source] for source in feeds[i]]
            own = {key[len(name) + 1 :]: value for key, value in tensors.items() if key.startswith(f"{name}/")}
            if kind == "InputLayer":
                values[name] = x
            elif kind == "Add":
                values[name] = inputs[0] + inputs[1]
            else:
                values[name] = LAYERS[kind](inputs[0], layer["config"], own)
            for source in {source for source in feeds[i] if last[source] == i and source not in outputs}:
                del values[source]
    return [values[name] for name in outputs]
