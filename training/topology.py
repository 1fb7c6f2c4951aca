"""A network as a tfjs layers model: Keras-2 layers with NHWC tensors, and their weights by name.

Padding is explicit (ZeroPadding2D, then 'valid') wherever a stride is 2, because TensorFlow's 'same'
pads such a layer on one side only; with stride 1 'same' is symmetric and used as it is.
Zeros before the max-pool do no harm: it follows a ReLU.
"""
import torch

from branchy import BranchyResNet
from resnet import SIZE


class Graph:
    """Layers in order, each an entry of a Keras-2 config; weights: name to float32 array; outputs: names of layers."""

    def __init__(self):
        self.layers, self.weights, self.outputs = [], {}, []

    def add(self, kind, name, *inputs, **config):
        """One more layer; returns its name, which is also that of its output."""
        nodes = [[[i, 0, 0, {}] for i in inputs]] if inputs else []
        config = dict(name=name, trainable=True, dtype="float32", **config)
        self.layers.append(dict(class_name=kind, name=name, config=config, inbound_nodes=nodes))
        return name

    def weight(self, name, tensor):
        self.weights[name] = tensor.detach().cpu().float().clone(memory_format=torch.contiguous_format).numpy()

    def pad(self, name, x, by):
        return self.add("ZeroPadding2D", name, x, padding=[[by, by], [by, by]], data_format="channels_last")

    def conv(self, name, x, m):
        """A torch convolution; kernel HWIO."""
        padding = "same" if m.stride == (1, 1) and m.padding[0] else "valid"
        if m.padding[0] and padding == "valid":
            x = self.pad(f"{name}.pad", x, m.padding[0])
        self.weight(f"{name}/kernel", m.weight.permute(2, 3, 1, 0))
        if m.bias is not None:
            self.weight(f"{name}/bias", m.bias)
        return self.add(
            "Conv2D", name, x, filters=m.out_channels, kernel_size=list(m.kernel_size), strides=list(m.stride),
            padding=padding, data_format="channels_last", dilation_rate=[1, 1], activation="linear",
            use_bias=m.bias is not None,
        )

    def norm(self, name, x, m):
        """A torch BatchNorm2d, not folded."""
        parts = dict(gamma=m.weight, beta=m.bias, moving_mean=m.running_mean, moving_variance=m.running_var)
        for part, tensor in parts.items():
            self.weight(f"{name}/{part}", tensor)
        config = dict(axis=3, momentum=1 - m.momentum, epsilon=m.eps, center=True, scale=True)
        return self.add("BatchNormalization", name, x, **config)

    def relu(self, name, x):
        return self.add("Activation", name, x, activation="relu")

    def max_pool(self, name, x):
        """3x3, stride 2."""
        x = self.pad(f"{name}.pad", x, 1)
        sizes = dict(pool_size=[3, 3], strides=[2, 2], padding="valid")
        return self.add("MaxPooling2D", name, x, **sizes, data_format="channels_last")

    def dense(self, name, x, m):
        """A torch linear layer; becomes an output of the model."""
        self.weight(f"{name}/kernel", m.weight.t())
        self.weight(f"{name}/bias", m.bias)
        self.outputs.append(name)
        return self.add("Dense", name, x, units=m.out_features, activation="linear", use_bias=True)

    def flat(self, name, x):
        return self.add("Flatten", name, x, data_format="channels_last")

    def block(self, name, x, m):
        """A residual block; all its layers are called `name`.something and the last is `name`.relu."""
        y = x
        for i in range(1, m.depth + 1):
            y = self.conv(f"{name}.conv{i}", y, getattr(m, f"conv{i}"))
            y = self.norm(f"{name}.bn{i}", y, getattr(m, f"bn{i}"))
            if i < m.depth:
                y = self.relu(f"{name}.relu{i}", y)
        if m.downsample is not None:
            x = self.conv(f"{name}.downsample.conv", x, m.downsample.conv)
            x = self.norm(f"{name}.downsample.bn", x, m.downsample.bn)
        return self.relu(f"{name}.relu", self.add("Add", f"{name}.add", y, x))


def graph_of(model):
    """The whole ResNet, from `input` [batch, 32, 32, C] (normalised pixels) to `fc` [batch, K] (logits).

    With branches (see branchy) the outputs are `branch1.fc`, `branch2.fc` and `fc`.
    """
    branchy = isinstance(model, BranchyResNet)
    g = Graph()
    x = g.add("InputLayer", "input", batch_input_shape=[None, SIZE, SIZE, model.conv1.in_channels], sparse=False)
    x = g.relu("relu1", g.norm("bn1", g.conv("conv1", x, model.conv1), model.bn1))
    if branchy:
        conv_branch(g, x, model.branch1)
    x = g.max_pool("pool", x)
    for name, block in model.blocks():
        x = g.block(name, x, block)
        if branchy and name == model.second:
            y = g.block("branch2.block", x, model.branch2.block)
            g.dense("branch2.fc", g.flat("branch2.flatten", y), model.branch2.fc)
    x = g.add("GlobalAveragePooling2D", "avgpool", x, data_format="channels_last")
    g.dense("fc", x, model.fc)
    return g


def conv_branch(g, x, m):
    """Branch 1 on `x`: max-pool, three convolutions, a linear layer."""
    x = g.max_pool("branch1.pool", x)
    for i in range(1, 4):
        x = g.conv(f"branch1.conv{i}", x, getattr(m, f"conv{i}"))
        x = g.relu(f"branch1.relu{i}", x)
    g.dense("branch1.fc", g.flat("branch1.flatten", x), m.fc)
