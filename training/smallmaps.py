"""A ResNet's forward pass as matrix products: the function of resnet.py's, with the same parameters, for CPUs.

Fed 32x32 images the maps are 8x8, 4x4, 2x2 and 1x1, on which convolutions are slow, most of all the gradient of their
weights. Here maps are rows [N, pixels, channels], a 1x1 convolution is a matrix product over the pixels, and a 3x3
convolution on a 2x2 or 1x1 map is one over all of the map, with the taps alone that do not fall on padding; on larger
maps it stays what it is.
"""
import ctypes

import torch
from torch.nn.functional import conv2d, linear

from branchy import BranchyResNet

KEEP = {-1: 2**31 - 1, -2: 2**28, -4: 0}  # glibc's M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX (malloc.h)


def keep_memory():
    """Have glibc keep what is freed, where it is the C library: fresh pages every step cost more than their use."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        for option, value in KEEP.items():
            mallopt(option, value)


def taps(side, stride):
    """A padded 3x3 convolution on a map of 1x1 or 2x2: (output pixel, input pixel, row and column of the tap) each."""
    after = -(-side // stride)
    for out in range(after**2):
        for into in range(side**2):
            row = into // side - stride * (out // after) + 1
            column = into % side - stride * (out % after) + 1
            if 0 <= row < 3 and 0 <= column < 3:
                yield out, into, row, column


class Matrix(torch.autograd.Function):
    """The matrix [Cout * pixels out, Cin * pixels in], pixels first, of a 3x3 convolution's weights on a small map.

    With weights channels last it and its gradient are copies of runs of Cin numbers.
    """

    @staticmethod
    def forward(ctx, weight, side, stride, dtype):
        """weight [Cout, Cin, 3, 3] to [Cout * ceil(side / stride)², Cin * side²] of `dtype`."""
        ctx.where, ctx.like = list(taps(side, stride)), weight
        (cout, cin), after = weight.shape[:2], -(-side // stride)
        matrix = torch.zeros if len(ctx.where) < (side * after) ** 2 else torch.empty
        matrix = matrix((after**2, cout, side**2, cin), dtype=dtype)
        for out, into, row, column in ctx.where:
            matrix[out, :, into].copy_(weight[:, :, row, column])
        return matrix.view(after**2 * cout, side**2 * cin)

    @staticmethod
    def backward(ctx, gradient):
        weight = ctx.like
        cout, cin = weight.shape[:2]
        gradient = gradient.view(-1, cout, gradient.shape[1] // cin, cin)
        total, seen = torch.zeros_like(weight), set()
        for out, into, row, column in ctx.where:
            tap, part = total[:, :, row, column], gradient[out, :, into]
            tap.add_(part) if (row, column) in seen else tap.copy_(part)
            seen.add((row, column))
        return total, None, None, None


def images_of(x, side):
    """Rows [N, side², C] as maps [N, C, side, side], channels last in memory; no copy."""
    return x.view(len(x), side, side, -1).permute(0, 3, 1, 2)


def rows_of(x):
    """Maps [N, C, side, side], channels last in memory, as rows [N, side², C]; no copy."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)


def convolve(conv, x, side):
    """A convolution without bias, 1x1 or 3x3, of rows [N, side², Cin]; rows out and the side of their map."""
    weight, stride, n = conv.weight, conv.stride[0], len(x)
    after = -(-side // stride)
    if conv.kernel_size == (1, 1):
        if stride > 1:
            x = x.view(n, side, side, -1)[:, ::stride, ::stride].flatten(1, 2)
        return linear(x, weight.flatten(1)), after
    if side > 2:
        return rows_of(conv2d(images_of(x, side), weight, None, stride, 1)), after
    return linear(x.flatten(1), Matrix.apply(weight, side, stride, x.dtype)).view(n, after**2, -1), after


def columns(x):
    """[N, pixels, C] as [1, C, N * pixels, 1], channels last in memory: the shape in which BN runs fastest."""
    return x.reshape(1, -1, 1, x.shape[2]).permute(0, 3, 1, 2)


def normalise(bn, x, shortcut=None, relu=True):
    """BN of rows [N, pixels, C], plus a shortcut if there is one, then ReLU; both in place, their inputs are not kept."""
    y = bn(columns(x))
    if shortcut is not None:
        y = y.add_(columns(shortcut))
    return (y.relu_() if relu else y).permute(0, 2, 3, 1).reshape(x.shape)


def residual(block, x, side):
    """A block of resnet.py on rows [N, side², Cin]; rows out and the side of their map."""
    shortcut = x
    if block.downsample is not None:
        shortcut, _ = convolve(block.downsample.conv, x, side)
        shortcut = normalise(block.downsample.bn, shortcut, relu=False)
    for i in range(1, block.depth + 1):
        x, side = convolve(getattr(block, f"conv{i}"), x, side)
        x = normalise(getattr(block, f"bn{i}"), x, shortcut if i == block.depth else None)
    return x, side


def forward(model, x):
    """What model(x) gives: normalised images [N, C, 32, 32] to logits [N, K], three times with branches."""
    x = model.bn1(model.conv1(x)).relu_()
    branches = [model.branch1(x)] if isinstance(model, BranchyResNet) else []
    x = model.pool(x)
    x, side = rows_of(x), x.shape[2]
    for name, block in model.blocks():
        x, side = residual(block, x, side)
        if branches and name == model.second:
            branches.append(model.branch2.fc(residual(model.branch2.block, x, side)[0].flatten(1)))
    logits = model.fc(x.mean(1))
    return (*branches, logits) if branches else logits
