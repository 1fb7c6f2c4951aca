"""The proof that a model's files compute what was trained; without it nothing is exported."""
import torch

import golden
import interpreter
import tfjs
from batches import normalise, tensor_of
from step import outputs_of

LARGEST_DROP = 0.003  # of test accuracy through quantisation
TOLERANCE = 1e-4  # between logits, of the greatest one
PARTS = dict(
    kernel="weight", bias="bias", gamma="weight", beta="bias", moving_mean="running_mean", moving_variance="running_var"
)


class ExportError(Exception):
    """What was written is not what was trained."""


def logits_of(run, x, state, batch=500):
    """run(normalised NCHW) on uint8 [N, C, 32, 32], in batches: float32 [exits, N, K], the network's own last."""
    with torch.no_grad():
        parts = (normalise(part, state["mean"], state["std"]) for part in x.split(batch))
        return torch.cat([torch.stack(tuple(run(part))) for part in parts], 1)


def put_back(model, weights):
    """Replace the torch model's weights by those of a file, which may be one step of uint8 away and no more."""
    for name, values in weights.items():
        layer, part = name.split("/")
        module, values = model.get_submodule(layer), torch.from_numpy(values)
        if part == "kernel":
            values = values.permute(3, 2, 0, 1) if values.ndim == 4 else values.t()
        target = getattr(module, PARTS[part]).data
        step = (target.max().clamp(min=0) - target.min().clamp(max=0)).item() / 254 if part == "kernel" else 0
        if not (values - target).abs().max().item() <= step:
            raise ExportError(f"{name} in the files is not the network's.")
        target.copy_(values)


def check(folder, model, state, test):
    """Accuracies {before, after} on `test`, every exit's (the network's own last), and golden logits [exits, N, K],
    or an ExportError; `model` ends up dequantised."""
    x, labels = tensor_of(test.images), torch.from_numpy(test.labels)

    def share(logits):
        return [count / len(labels) for count in (logits.argmax(2) == labels).sum(1).tolist()]

    def from_files(images):
        return interpreter.run(layers, outputs, weights, images.permute(0, 2, 3, 1))

    model.eval()
    before = share(logits_of(lambda images: outputs_of(model(images)), x, state))
    layers, outputs, weights = tfjs.read(folder)
    pictures = golden.images(golden.SEED, golden.COUNT, 32, state["channels"])
    put_back(model, weights)
    for what, images in (("golden", tensor_of(pictures)), ("test", x[:500])):
        ours = logits_of(from_files, images, state)
        theirs = logits_of(lambda images: outputs_of(model(images)), images, state)
        apart = (ours - theirs).abs().max().item() / theirs.abs().max().item()
        if not apart <= TOLERANCE:
            raise ExportError(f"The files' logits on {what} images are {apart:.2g} (relative) from the network's.")
        if what == "golden":
            logits = ours
    after = share(logits_of(from_files, x, state))
    if before[-1] - after[-1] > LARGEST_DROP:
        cost = f"test accuracy {before[-1]:.4f} before, {after[-1]:.4f} after"
        raise ExportError(f"Quantisation costs too much: {cost}. Keep more with --kernels float16.")
    return dict(before=before, after=after), logits
