"""Outputs of named modules, tapped by forward hooks, one exit each."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from torch import nn

from .cost import storage_of
from .errors import TraceError, nearest
from .means import Sums


@dataclass(frozen=True)
class Tap:
    """Where an exit takes its numbers.

    module  name in model.named_modules(): "layer1.0"
    name    of the exit; the module's unless given
    input   tap what goes into the module instead of what comes out (a ReLU that is a function has no module)
    pick    makes a tensor [B, …] of what the module gives: lambda out: out[0], or lambda y: y[:, 0] for a first token
    """

    module: str
    name: Optional[str] = None
    input: bool = False
    pick: Optional[Callable[[Any], torch.Tensor]] = None

    @property
    def exit(self) -> str:
        return self.name or self.module


Place = Union[str, Tap, Tuple[str, Callable[[Any], torch.Tensor]]]


def taps_of(model: nn.Module, places: Union[str, Sequence[Place]]) -> List[Tap]:
    """Taps of what a person named: module names, Taps, (module name, pick), or "auto" for `blocks_of`."""
    if places == "auto":
        return [Tap(name) for name in blocks_of(model)]
    if isinstance(places, str):
        raise TraceError(f'exits is "{places}"; expected "auto" or a list of module names: ["{places}"].')
    taps = []
    for place in places:
        tap = Tap(place) if isinstance(place, str) else place
        if isinstance(place, tuple) and len(place) == 2 and isinstance(place[0], str) and callable(place[1]):
            tap = Tap(place[0], pick=place[1])
        if not isinstance(tap, Tap):
            raise TraceError(f"{place!r} is no exit; expected a module's name, (name, function), or offramp.Tap.")
        taps.append(tap)
    if not taps:
        raise TraceError('exits is empty: name modules, ["layer1.0", …], or say "auto".')
    modules = {name: module for name, module in model.named_modules() if name}
    for tap in taps:
        if tap.module not in modules:
            raise TraceError(f'The model has no module "{tap.module}"; the nearest are {nearest(tap.module, modules)}.')
    names = [tap.exit for tap in taps]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TraceError(f'The exit "{twice}" is named twice.')
    return taps


def blocks_of(model: nn.Module) -> List[str]:
    """Names of a network's blocks, found by its structure, in the order of definition.

    A block is a module with parts of its own that is a direct child of a plain nn.Sequential or nn.ModuleList: the
    residual blocks of layer1 … layer4, a transformer's layers, MobileNet's features. Nothing inside a block is looked
    at. Where there are no such lists, the model's own children that have parts are the blocks.
    """
    found: List[str] = []

    def look(module: nn.Module, prefix: str) -> None:
        for name, child in module.named_children():
            path = f"{prefix}{name}"
            composite = next(child.children(), None) is not None
            if composite and is_list(module) and not is_list(child):
                found.append(path)
            elif composite:
                look(child, f"{path}.")

    look(model, "")
    if not found:
        found = [name for name, child in model.named_children() if next(child.children(), None) is not None]
    if not found:
        names = [name for name, _ in model.named_modules() if name]
        raise TraceError(
            'exits="auto" finds no blocks in this model. Name modules yourself; it has ' f"{nearest('', names, 12)}."
        )
    return found


def is_list(module: nn.Module) -> bool:
    """Plain containers only: a subclass of nn.Sequential is a block with a name of its own."""
    return type(module) in (nn.Sequential, nn.ModuleList)


class Tapped:
    """Hooks on a model while it is entered; the model is in inference mode then, and as it was afterwards.

    `visit(j, raw)` is called when exit j's module has run (or is about to, for inputs) with what it gave; what it
    returns replaces that, unless it is None.
    """

    def __init__(self, model: nn.Module, taps: Sequence[Tap], visit: Callable[[int, Any], Any]) -> None:
        self.model, self.taps, self.visit = model, taps, visit
        self.handles: List[Any] = []
        self.calls = [0] * len(taps)

    def __enter__(self) -> "Tapped":
        self.training = [module for module in self.model.modules() if module.training]
        self.model.eval()
        modules = dict(self.model.named_modules())
        for j, tap in enumerate(self.taps):
            module = modules[tap.module]
            if tap.input:
                self.handles.append(module.register_forward_pre_hook(self.before(j)))
            else:
                self.handles.append(module.register_forward_hook(self.after(j)))
        return self

    def __exit__(self, *_: Any) -> None:
        for handle in self.handles:
            handle.remove()
        for module in self.training:
            module.training = True

    def before(self, j: int) -> Callable[..., Any]:
        def hook(module: nn.Module, inputs: Tuple[Any, ...]) -> Any:
            if not inputs:
                raise TraceError(
                    f"Exit {self.taps[j].exit}: {self.taps[j].module} takes no input by position; tap another module."
                )
            replaced = self.seen(j, inputs[0])
            return None if replaced is None else (replaced, *inputs[1:])

        return hook

    def after(self, j: int) -> Callable[..., Any]:
        return lambda module, inputs, output: self.seen(j, output)

    def seen(self, j: int, raw: Any) -> Any:
        self.calls[j] += 1
        if self.calls[j] > 1:
            tap = self.taps[j]
            raise TraceError(
                f"The module {tap.module} runs more than once in one pass of the network, so exit {tap.exit} is at more "
                "than one place. Tap a module that runs once."
            )
        return self.visit(j, raw)

    def run(self, inputs: Any, device: Optional[torch.device]) -> Any:
        """One pass of a batch; inputs in a dict go in by name, in a tuple one by one."""
        self.calls = [0] * len(self.taps)
        inputs = moved(inputs, device)
        try:
            if isinstance(inputs, dict):
                return self.model(**inputs)
            return self.model(*inputs) if isinstance(inputs, (tuple, list)) else self.model(inputs)
        except TraceError:
            raise
        except (RuntimeError, TypeError, ValueError, IndexError, KeyError, AttributeError, NotImplementedError) as error:
            first = (str(error).splitlines() or [""])[0].rstrip(".")
            raise TraceError(
                f"The model fails on inputs of {described(inputs)} ({type(error).__name__}: {first})."
            ) from error


def moved(inputs: Any, device: Optional[torch.device]) -> Any:
    if isinstance(inputs, torch.Tensor):
        return inputs.to(device, non_blocking=True) if device is not None else inputs
    if isinstance(inputs, np.ndarray):
        return moved(torch.from_numpy(inputs), device)
    if isinstance(inputs, dict):
        return {name: moved(part, device) for name, part in inputs.items()}
    if isinstance(inputs, (tuple, list)):
        return type(inputs)(moved(part, device) for part in inputs) if type(inputs) in (tuple, list) else inputs
    return inputs


def described(inputs: Any) -> str:
    """float32 16 × 3 × 32 × 32, of a tensor; of more of them each."""
    if isinstance(inputs, torch.Tensor):
        return f"{str(inputs.dtype).replace('torch.', '')} {' × '.join(map(str, inputs.shape))}"
    if isinstance(inputs, dict):
        return ", ".join(f"{name}: {described(part)}" for name, part in inputs.items())
    if isinstance(inputs, (tuple, list)):
        return ", ".join(described(part) for part in inputs)
    return f"a {type(inputs).__name__}"


def device_of(model: nn.Module) -> Optional[torch.device]:
    """Where the model's first parameter or buffer is; None for a model without any."""
    for tensors in (model.parameters(), model.buffers()):
        first = next(iter(tensors), None)
        if first is not None:
            return first.device
    return None


def tapped_tensor(tap: Tap, raw: Any, images: int) -> torch.Tensor:
    """The exit's numbers, flattened to [B, D]. Raises TraceError with a sentence for what is no such tensor."""
    name = tap.exit
    if tap.pick is not None:
        try:
            raw = tap.pick(raw)
        except Exception as error:
            raise TraceError(
                f"Exit {name}: its pick function failed on what {tap.module} gives ({type(error).__name__}: {error})."
            ) from error
    if not isinstance(raw, torch.Tensor):
        hint = ""
        if isinstance(raw, (tuple, list, dict)):
            part = "out[0]" if not isinstance(raw, dict) else f"out[{next(iter(raw), '…')!r}]"
            hint = f' Say which part is meant: ("{tap.module}", lambda out: {part}).'
        raise TraceError(f"Exit {name}: the module gives a {type(raw).__name__}, not a tensor.{hint}")
    if raw.is_nested:
        raise TraceError(
            f"Exit {name}: the module gives a nested tensor; build nn.TransformerEncoder with "
            "enable_nested_tensor=False."
        )
    if not raw.is_floating_point():
        raise TraceError(
            f"Exit {name}: the module gives {str(raw.dtype).replace('torch.', '')}; class means need floating-point "
            "numbers."
        )
    shape = " × ".join(map(str, raw.shape))
    if raw.ndim < 2 or raw.shape[0] != images:
        hint = ""
        if raw.ndim > 2 and raw.shape[1] == images:
            hint = f' Images come second there: tap it as ("{tap.module}", lambda y: y.transpose(0, 1)).'
        raise TraceError(
            f"Exit {name}: the module gives {shape} numbers for {images} images; expected images first, [B, …].{hint}"
        )
    return raw.detach().reshape(images, -1)


class TorchSums(Sums):
    """Class means of tensors, summed on the device where they are: float64, or float32 means where it knows none."""

    def add(self, j: int, outputs: torch.Tensor, labels: np.ndarray) -> None:
        wide = torch.float32 if outputs.device.type == "mps" else torch.float64
        if self.sums[j] is None:
            zeros = torch.zeros(self.classes, outputs.shape[1], dtype=wide, device=outputs.device)
            self.sums[j] = Summed(zeros, outputs.dtype)
        self.sums[j].add(outputs, torch.from_numpy(labels).to(outputs.device))

    def finish(self) -> Tuple[Any, ...]:
        means = []
        for j in range(len(self.sums)):
            means.append(self.sums[j].mean(self.counts))
            self.sums[j] = None  # one exit at a time: never all sums and all means at once
        return tuple(means)

    def distances(self, outputs: torch.Tensor, means: torch.Tensor) -> np.ndarray:
        return tensor_distances(outputs, means)


class Summed:
    """The sums of one exit [K, D]."""

    def __init__(self, sums: torch.Tensor, dtype: torch.dtype) -> None:
        self.sums, self.dtype = sums, torch.float64 if dtype == torch.float64 else torch.float32

    def add(self, outputs: torch.Tensor, labels: torch.Tensor) -> None:
        self.sums.index_add_(0, labels, outputs.to(self.sums.dtype))

    def mean(self, counts: np.ndarray) -> torch.Tensor:
        per = torch.from_numpy(np.maximum(counts, 1)).to(self.sums.device, self.sums.dtype)
        return self.sums.div_(per[:, None]).to(self.dtype)


def tensor_distances(outputs: torch.Tensor, means: torch.Tensor) -> np.ndarray:
    """Euclidean distances of outputs [B, D] to means [K, D], by subtraction, as NumPy [B, K]."""
    x = outputs.to(means.dtype)
    if means.device != x.device:
        means = means.to(x.device)
    # Not by x² − 2xc + c²: near a mean that loses the digits that tell images apart.
    return torch.cdist(x[None], means[None], compute_mode="donot_use_mm_for_euclid_dist")[0].cpu().numpy()


def logits_of(out: Any, pick: Optional[Callable[[Any], torch.Tensor]], images: int) -> torch.Tensor:
    """The network's own logits [B, K] in what it returns: a tensor, or an object or dict that has logits."""
    if pick is not None:
        out = pick(out)
    elif not isinstance(out, torch.Tensor):
        out = out.get("logits", out) if isinstance(out, dict) else getattr(out, "logits", out)
    if not isinstance(out, torch.Tensor):
        raise TraceError(
            f"The model gives a {type(out).__name__}, not a tensor of logits. Say which part is meant: logits=lambda out: out[0]; "
            "a model with exits of its own is recorded by offramp.record_logits."
        )
    shape = " × ".join(map(str, out.shape))
    if out.ndim != 2 or out.shape[0] != images or out.shape[1] < 2:
        raise TraceError(
            f"The model gives {shape} numbers for {images} images; expected logits, images × classes, two classes or "
            "more."
        )
    if not out.is_floating_point():
        raise TraceError(f"The model gives {str(out.dtype).replace('torch.', '')}; expected logits in floating point.")
    return out


def is_same(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether two tensors are the same numbers in the same place."""
    return storage_of(a) == storage_of(b) and a.numel() == b.numel()
