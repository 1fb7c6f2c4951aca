"""What of onnxruntime the driver `offramp.py` needs, in NumPy alone: for the tests, where onnxruntime cannot be had.

Reads a model of opset 13 and computes its nodes one after the other, each as the ONNX operators' specification says. Of an
`If` only the branch that is taken is computed. An operator or an attribute that it does not know is an error that names it.
"""
import struct
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

TYPES = {1: "<f4", 2: "u1", 3: "i1", 6: "<i4", 7: "<i8", 9: "?", 11: "<f8"}


# --- Protocol Buffers, as far as a model has them -----------------------------------------------------------------------


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Number and content of every field of a message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 5):
            value, at = data[at : at + (8 if kind == 1 else 4)], at + (8 if kind == 1 else 4)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            raise ValueError(f"A field of wire type {kind}; a model has 0, 1, 2 and 5.")
        yield key >> 3, value


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def integers(value):
    if isinstance(value, int):
        return [signed(value)]
    found, at = [], 0
    while at < len(value):
        one, at = varint(value, at)
        found.append(signed(one))
    return found


def text(value):
    return bytes(value).decode()


def tensor(data):
    shape, kind, raw, numbers, name = [], 1, None, [], ""
    for number, value in fields(data):
        if number == 1:
            shape += integers(value)
        elif number == 2:
            kind = value
        elif number == 4:
            numbers += struct.unpack(f"<{len(value) // 4}f", value)
        elif number in (5, 7):
            numbers += integers(value)
        elif number == 8:
            name = text(value)
        elif number == 9:
            raw = value
    array = np.frombuffer(raw, TYPES[kind]) if raw is not None else np.array(numbers, TYPES[kind])
    return name, array.reshape(shape)


def attribute(data):
    name, value = "", None
    for number, content in fields(data):
        if number == 1:
            name = text(content)
        elif number == 2:
            value = struct.unpack("<f", content)[0]
        elif number == 3:
            value = signed(content)
        elif number == 4:
            value = text(content)
        elif number == 5:
            value = tensor(content)[1]
        elif number == 6:
            value = Graph(content)
        elif number == 7:
            value = (value or []) + list(struct.unpack(f"<{len(content) // 4}f", content))
        elif number == 8:
            value = (value or []) + integers(content)
    return name, value


class Node:
    def __init__(self, data):
        self.inputs, self.outputs, self.kind, self.given = [], [], "", {}
        for number, value in fields(data):
            if number == 1:
                self.inputs.append(text(value))
            elif number == 2:
                self.outputs.append(text(value))
            elif number == 4:
                self.kind = text(value)
            elif number == 5:
                name, content = attribute(value)
                self.given[name] = content


class Named:
    def __init__(self, data):
        self.name = next(text(value) for number, value in fields(data) if number == 1)


class Graph:
    def __init__(self, data):
        self.nodes, self.weights, self.inputs, self.outputs = [], {}, [], []
        for number, value in fields(data):
            if number == 1:
                self.nodes.append(Node(value))
            elif number == 5:
                name, array = tensor(value)
                self.weights[name] = array
            elif number == 11:
                self.inputs.append(Named(value))
            elif number == 12:
                self.outputs.append(Named(value))

    def run(self, outer):
        """What the graph gives, in its order; `outer` are the tensors that its nodes may name, besides its own."""
        known = {**outer, **self.weights}
        for node in self.nodes:
            if node.kind == "If":
                branch = "then_branch" if known[node.inputs[0]].item() else "else_branch"
                results = node.given[branch].run(known)
            else:
                if node.kind not in OPERATORS:
                    raise NotImplementedError(f"The reference does not know the operator {node.kind}.")
                given = [known[name] if name else None for name in node.inputs]
                results = OPERATORS[node.kind](*given, **node.given)
                results = results if isinstance(results, tuple) else (results,)
            known.update(zip(node.outputs, results))
        return tuple(known[output.name] for output in self.outputs)


# --- Operators ---------------------------------------------------------------------------------------------------------


def axes_of(axes):
    return None if axes is None else tuple(int(axis) for axis in np.ravel(axes))


def padded(x, pads, value):
    half = len(pads) // 2
    around = [(0, 0)] * (x.ndim - half) + [(pads[k], pads[k + half]) for k in range(half)]
    return np.pad(x, around, constant_values=value)


def windows(x, shape, strides, pads, value):
    """[N, C, rows, columns, *shape]."""
    view = sliding_window_view(padded(x, pads, value), shape, axis=(2, 3))
    return view[:, :, :: strides[0], :: strides[1]]


def conv(x, w, bias=None, kernel_shape=None, strides=(1, 1), pads=(0, 0, 0, 0), group=1, dilations=(1, 1)):
    if tuple(dilations) != (1, 1):
        raise NotImplementedError("The reference knows no dilated convolution.")
    view = windows(x, w.shape[2:], strides, pads, 0)
    each = w.shape[1]
    parts = [
        np.einsum("nchwij,ocij->nohw", view[:, g * each : (g + 1) * each], part, optimize=True)
        for g, part in enumerate(np.split(w, group))
    ]
    y = np.concatenate(parts, axis=1)
    return y if bias is None else y + bias[:, None, None]


def max_pool(x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0)):
    return windows(x, kernel_shape, strides, pads, -np.inf).max((-2, -1))


def average_pool(x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), count_include_pad=0):
    total = windows(x, kernel_shape, strides, pads, 0).sum((-2, -1))
    ones = np.ones_like(x) if not count_include_pad else None
    counted = np.prod(kernel_shape) if ones is None else windows(ones, kernel_shape, strides, pads, 0).sum((-2, -1))
    return (total / counted).astype(x.dtype)


def gemm(a, b, c=None, alpha=1.0, beta=1.0, transA=0, transB=0):
    y = np.float32(alpha) * ((a.T if transA else a) @ (b.T if transB else b))
    return y if c is None else y + np.float32(beta) * c


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def log_softmax(x, axis=-1):
    y = x - x.max(axis, keepdims=True)
    return y - np.log(np.exp(y).sum(axis, keepdims=True))


def flatten(x, axis=1):
    return x.reshape(int(np.prod(x.shape[:axis])), -1)


def reshape(x, shape, allowzero=0):
    return x.reshape([x.shape[k] if n == 0 and not allowzero else int(n) for k, n in enumerate(shape)])


def pad(x, pads, value=None, mode="constant"):
    if mode != "constant":
        raise NotImplementedError(f"The reference knows no padding of mode {mode}.")
    half = len(pads) // 2
    around = [(int(pads[k]), int(pads[k + half])) for k in range(half)]
    return np.pad(x, around, constant_values=0 if value is None else value.item())


def slice_(x, starts, ends, axes=None, steps=None):
    cut = [slice(None)] * x.ndim
    axes = range(len(starts)) if axes is None else axes
    for k, axis in enumerate(axes):
        step = 1 if steps is None else int(steps[k])
        cut[int(axis)] = slice(int(starts[k]), int(ends[k]), step)
    return x[tuple(cut)]


def arg(best):
    def chosen(x, axis=0, keepdims=1, select_last_index=0):
        at = best(x, axis=axis)
        return np.expand_dims(at, axis) if keepdims else at

    return chosen


def top_k(x, k, axis=-1, largest=1, sorted=1):
    order = np.argsort(-x if largest else x, axis=axis, kind="stable")
    indices = np.take(order, range(int(k.item())), axis=axis)
    return np.take_along_axis(x, indices, axis), indices


def reduced(how):
    def result(x, axes_input=None, axes=None, keepdims=1):
        return how(x, axis=axes_of(axes_input if axes_input is not None else axes), keepdims=bool(keepdims))

    return result


def clip(x, low=None, high=None):
    return np.clip(x, -np.inf if low is None else low, np.inf if high is None else high).astype(x.dtype)


def unsqueeze(x, axes):
    return np.expand_dims(x, axes_of(axes))


def squeeze(x, axes=None):
    return np.squeeze(x, axes_of(axes))


def over(how):
    """Of any number of tensors."""

    def result(first, *others):
        for other in others:
            first = how(first, other)
        return first

    return result


def unary(how):
    return lambda x: how(x).astype(x.dtype)


OPERATORS = {
    "Add": np.add,
    "And": np.logical_and,
    "ArgMax": arg(np.argmax),
    "ArgMin": arg(np.argmin),
    "AveragePool": average_pool,
    "Cast": lambda x, to: x.astype(TYPES[to]),
    "Clip": clip,
    "Concat": lambda *parts, axis: np.concatenate(parts, axis),
    "Constant": lambda value: value,
    "Conv": conv,
    "Div": np.divide,
    "Equal": np.equal,
    "Exp": unary(np.exp),
    "Expand": lambda x, shape: x * np.ones([int(n) for n in shape], x.dtype),
    "Flatten": flatten,
    "Gather": lambda x, at, axis=0: np.take(x, at, axis),
    "GatherElements": lambda x, at, axis=0: np.take_along_axis(x, at, axis),
    "Gemm": gemm,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdims=True, dtype=x.dtype),
    "GlobalMaxPool": lambda x: x.max((2, 3), keepdims=True),
    "Greater": np.greater,
    "GreaterOrEqual": np.greater_equal,
    "Identity": lambda x: x,
    "Less": np.less,
    "LessOrEqual": np.less_equal,
    "Log": unary(np.log),
    "LogSoftmax": log_softmax,
    "MatMul": np.matmul,
    "Max": over(np.maximum),
    "MaxPool": max_pool,
    "Min": over(np.minimum),
    "Mul": np.multiply,
    "Neg": np.negative,
    "Not": np.logical_not,
    "Or": np.logical_or,
    "Pad": pad,
    "Pow": lambda x, to: np.power(x, to).astype(x.dtype),
    "Reciprocal": unary(np.reciprocal),
    "ReduceL2": reduced(lambda x, axis, keepdims: np.sqrt(np.square(x).sum(axis, keepdims=keepdims))),
    "ReduceMax": reduced(np.max),
    "ReduceMean": reduced(np.mean),
    "ReduceMin": reduced(np.min),
    "ReduceSum": reduced(np.sum),
    "ReduceSumSquare": reduced(lambda x, axis, keepdims: np.sum(x * x, axis=axis, keepdims=keepdims)),
    "Relu": lambda x: np.maximum(x, 0),
    "Reshape": reshape,
    "Shape": lambda x: np.array(x.shape, np.int64),
    "Sigmoid": unary(lambda x: 1 / (1 + np.exp(-x))),
    "Slice": slice_,
    "Softmax": softmax,
    "Sqrt": unary(np.sqrt),
    "Squeeze": squeeze,
    "Sub": np.subtract,
    "Tanh": unary(np.tanh),
    "TopK": top_k,
    "Transpose": lambda x, perm=None: np.transpose(x, perm),
    "Unsqueeze": unsqueeze,
    "Where": np.where,
}


# --- What the driver asks for ------------------------------------------------------------------------------------------


class InferenceSession:
    def __init__(self, path, providers=None):
        with open(path, "rb") as file:
            model = memoryview(file.read())
        self.graph = next(Graph(value) for number, value in fields(model) if number == 7)

    def get_inputs(self):
        return [one for one in self.graph.inputs if one.name not in self.graph.weights]

    def get_outputs(self):
        return self.graph.outputs

    def run(self, names, feed):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            results = dict(zip((one.name for one in self.graph.outputs), self.graph.run(feed)))
        return [results[name] for name in names]
