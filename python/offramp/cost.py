"""Multiply-accumulates, counted as they are carried out.

One forward pass runs under a dispatch mode that sees every operator PyTorch calls — of modules, of functions and of
attention alike — so a product that no module owns is counted too. As in the page, batch normalisation, activations,
pooling and additions cost nothing; one multiply-accumulate is two FLOPs.
"""
from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, List, Set, Tuple

import torch
from torch.utils._python_dispatch import TorchDispatchMode

Shape = Tuple[int, ...]


def product(shape: Any) -> int:
    n = 1
    for size in shape:
        n *= int(size)
    return n


def convolution(out: Any, args: Tuple[Any, ...]) -> int:
    """x, weight [Cout, Cin/groups, …] (transposed: [Cin, Cout/groups, …]), …, transposed at 6; also depthwise."""
    x, weight, transposed = args[0], args[1], bool(args[6])
    # Each number of the output takes one product with every number of its filter; transposed, each of the input does.
    return product(x.shape if transposed else out.shape) * product(weight.shape[1:])


def whole_convolution(out: Any, args: Tuple[Any, ...]) -> int:
    """aten::conv2d and its kin, where PyTorch does not take them apart first (inference tensors): x, weight, …"""
    return product(out.shape) * product(args[1].shape[1:])


def matmul(out: Any, args: Tuple[Any, ...]) -> int:
    """aten::matmul, aten::linear: every number of the output is a sum over the last dimension of the first argument."""
    return product(out.shape) * int(args[0].shape[-1])


def matrix(a: int, b: int) -> Callable[[Any, Tuple[Any, ...]], int]:
    """A product [.., n, m] · [.., m, p] of the arguments at `a` and `b`."""
    return lambda out, args: product(args[a].shape) * (int(args[b].shape[-1]) if args[b].ndim > 1 else 1)


def attention(out: Any, args: Tuple[Any, ...]) -> int:
    """Scores q·kᵀ and their product with v: q [.., T, C], k [.., S, C], v [.., S, D]."""
    q, k, v = args[:3]
    return product(q.shape[:-1]) * int(k.shape[-2]) * (int(q.shape[-1]) + int(v.shape[-1]))


def native_attention(out: Any, args: Tuple[Any, ...]) -> int:
    """aten::_native_multi_head_attention: query [B, T, C], key and value [B, S, C], self-attention or not."""
    (b, t, c), s = args[0].shape, int(args[1].shape[1])
    return int(b) * int(c) * (2 * int(t) * int(c) + 2 * s * int(c) + 2 * int(t) * s)


def encoder_layer(out: Any, args: Tuple[Any, ...]) -> int:
    """aten::_transformer_encoder_layer_fwd: attention, then the two layers whose weights [F, C], [C, F] are there."""
    b, t, c = (int(size) for size in args[0].shape)
    first = next(w for w in args[9:] if isinstance(w, torch.Tensor) and w.ndim == 2)
    return b * t * (4 * c * c + 2 * t * c + 2 * c * int(first.shape[0]))


def trilinear(out: Any, args: Tuple[Any, ...]) -> int:
    """nn.Bilinear: x1 [.., I], weight [O, I, J], x2 [.., J]."""
    expanded = [set(dims) for dims in args[3:6]]
    sizes: Dict[int, int] = {}
    for tensor, missing in zip(args[:3], expanded):
        rest = iter(tensor.shape)
        for axis in range(tensor.ndim + len(missing)):
            if axis not in missing:
                sizes[axis] = max(sizes.get(axis, 1), int(next(rest)))
    return product(sizes.values())


COUNTED: Dict[str, Callable[[Any, Tuple[Any, ...]], int]] = {
    "aten::convolution": convolution,
    "aten::_convolution": convolution,
    "aten::conv1d": whole_convolution, "aten::conv2d": whole_convolution, "aten::conv3d": whole_convolution,
    "aten::linear": matmul, "aten::matmul": matmul,
    "aten::mm": matrix(0, 1), "aten::bmm": matrix(0, 1), "aten::mv": matrix(0, 1), "aten::dot": matrix(0, 1),
    "aten::addmm": matrix(1, 2), "aten::baddbmm": matrix(1, 2), "aten::addbmm": matrix(1, 2), "aten::addmv": matrix(1, 2),
    "aten::_addmm_activation": matrix(1, 2),
    "aten::_scaled_dot_product_attention": attention,
    "aten::_scaled_dot_product_flash_attention": attention,
    "aten::_scaled_dot_product_flash_attention_for_cpu": attention,
    "aten::_scaled_dot_product_efficient_attention": attention,
    "aten::_scaled_dot_product_cudnn_attention": attention,
    "aten::_scaled_dot_product_fused_attention_overrideable": attention,
    "aten::scaled_dot_product_attention": attention,
    "aten::_native_multi_head_attention": native_attention,
    "aten::_transformer_encoder_layer_fwd": encoder_layer,
    "aten::_trilinear": trilinear,
}  # fmt: skip

#: Operators of PyTorch that multiply and of which nothing is known here.
HEAVY = (
    "rnn", "lstm", "gru", "fft", "linalg_", "cdist", "_int_mm", "_scaled_mm", "sparse", "grid_sampler",
    "quantized", "flex_attention", "_attention_forward", "_triton", "conv_transpose", "conv_depthwise", "mkldnn_",
    "multi_head_attention", "encoder_layer", "decoder_",
)  # fmt: skip

Work = Dict[int, int]


class Counter(TorchDispatchMode):
    """Counts while it is entered. For every tensor it remembers which products went into it.

    `work` is what has been carried out: operator number → multiply-accumulates, of the whole batch. `unknown` names
    operators that multiply and cannot be counted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.work: Work = {}
        self.unknown: Set[str] = set()
        self._made_by: Dict[int, FrozenSet[int]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        before = self.needed_by(args, kwargs)
        out = func(*args, **kwargs)
        name = func._schema.name
        if name in COUNTED:
            made = out[0] if isinstance(out, (tuple, list)) else out
            macs = self.counted(name, made, args)
            if macs:
                number = len(self.work)
                self.work[number] = macs
                before = before | {number}
        elif not name.startswith(("aten::", "prim::", "prims::", "profiler::")) or any(part in name for part in HEAVY):
            self.unknown.add(name)
        for tensor in tensors_in(out):
            self._made_by[storage_of(tensor)] = before
        return out

    def counted(self, name: str, out: Any, args: Any) -> int:
        try:
            return COUNTED[name](out, args)
        except (RuntimeError, ValueError, IndexError, TypeError, AttributeError, StopIteration):
            self.unknown.add(name)  # arguments of another version, or tensors without a shape, such as nested ones
            return 0

    def needed_by(self, *values: Any) -> FrozenSet[int]:
        """Numbers of the products that went into tensors, however they are nested."""
        found: FrozenSet[int] = frozenset()
        for tensor in tensors_in(values):
            # A storage that was freed and taken again has been written again, so what is known of it is never stale.
            made = self._made_by.get(storage_of(tensor))
            if made and not made <= found:
                found = found | made
        return found

    def macs(self, numbers: Any = None) -> int:
        """Multiply-accumulates of these products, of all unless given."""
        return sum(self.work.values()) if numbers is None else sum(self.work[number] for number in numbers)


def storage_of(tensor: torch.Tensor) -> int:
    """Where a tensor's numbers lie; views of one storage have the same."""
    storage = tensor.untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.storage()
    return storage.data_ptr()


def tensors_in(value: Any) -> List[torch.Tensor]:
    """All tensors in lists, tuples, dicts and objects like HuggingFace's outputs (which are dicts)."""
    if isinstance(value, torch.Tensor):
        plain = value.layout == torch.strided and not value.is_nested and value.device.type != "meta"
        return [value] if plain else []
    if isinstance(value, dict):
        return [t for part in value.values() for t in tensors_in(part)]
    if isinstance(value, (list, tuple)):
        return [t for part in value for t in tensors_in(part)]
    return []


def distance_flops(classes: int, size: int) -> int:
    """Distances to K class means in D dimensions, K(3D − 1): D subtractions, D squares, D − 1 additions a class.

    E2CM §4: "Euclidean distance calculations are included in FLOPs". Paid at every exit that is visited.
    """
    return classes * (3 * size - 1)
