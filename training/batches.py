"""Images on their way into a network: zero padding, augmentation, normalisation, all on whole batches."""
import numpy as np
import torch

from resnet import SIZE

# random crops out of an image padded by `crop` zero pixels a side; horizontal flips
AUGMENTATION = {
    "cifar-10": dict(crop=4, flip=True), "cifar-100": dict(crop=4, flip=True), "fashion-mnist": dict(crop=2, flip=True)
}
SHIFT_ONLY = dict(crop=2, flip=False)


def augmentation_of(dataset):
    return AUGMENTATION.get(dataset, SHIFT_ONLY)


def statistics(images):
    """Mean and standard deviation per channel of uint8 [N, H, W, C] before padding, for pixels in 0...1."""
    counts = np.stack([np.bincount(images[..., c].ravel(), minlength=256) for c in range(images.shape[-1])])
    share, level = counts / counts.sum(1, keepdims=True), np.arange(256) / 255
    mean = share @ level
    std = np.sqrt(share @ level**2 - mean**2)
    return [round(float(v), 6) for v in mean], [round(float(v), 6) for v in std]


def tensor_of(images):
    """uint8 [N, H, W, C], H = W <= 32, to uint8 [N, C, 32, 32], padded with zeros on all sides."""
    side = images.shape[1]
    pad = (SIZE - side) // 2
    if images.shape[2] != side or side + 2 * pad != SIZE:
        raise ValueError(f"Images of {images.shape[1]}x{images.shape[2]} pixels cannot be centred in {SIZE}x{SIZE}.")
    x = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2)
    return torch.nn.functional.pad(x, (pad,) * 4).contiguous()


def normalise(x, mean, std):
    """uint8 [N, C, 32, 32] to float32 (pixel / 255 - mean) / std, channels last."""
    scale = 1 / (255 * torch.tensor(std, dtype=torch.float64))
    shift = torch.tensor(mean, dtype=torch.float64) / torch.tensor(std, dtype=torch.float64)
    scale, shift = (t.float().to(x.device).view(1, -1, 1, 1) for t in (scale, shift))
    return (x.float() * scale - shift).contiguous(memory_format=torch.channels_last)


def augment(x, generator, crop, flip):
    """A random crop and, if asked, a random flip of each image of uint8 [N, C, 32, 32]."""
    n, c = x.shape[:2]
    x = torch.nn.functional.pad(x, (crop,) * 4)
    at = torch.randint(0, 2 * crop + 1, (2, n, 1), generator=generator)
    span = torch.arange(SIZE)
    rows, cols = at[0] + span, at[1] + span
    if flip:
        mirrored = torch.rand((n, 1), generator=generator) < 0.5
        cols = torch.where(mirrored, at[1] + (SIZE - 1 - span), cols)
    image, channel = torch.arange(n)[:, None, None, None], torch.arange(c)[None, :, None, None]
    index = (image, channel, rows[:, None, :, None], cols[:, None, None, :])
    return x[tuple(i.to(x.device) for i in index)]
