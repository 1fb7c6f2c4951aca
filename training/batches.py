"""Images on their way into a network: zero padding, augmentation, normalisation, all on whole batches."""
from functools import lru_cache

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


@lru_cache(maxsize=None)
def constants(mean, std, device):
    """Scale and shift of `normalise` on the device, where they stay: a copy a batch would make the GPU wait."""
    scale = 1 / (255 * torch.tensor(std, dtype=torch.float64))
    shift = torch.tensor(mean, dtype=torch.float64) / torch.tensor(std, dtype=torch.float64)
    return tuple(t.float().to(device).view(1, -1, 1, 1) for t in (scale, shift))


def normalise(x, mean, std):
    """uint8 [N, C, 32, 32] to float32 (pixel / 255 - mean) / std, channels last."""
    scale, shift = constants(tuple(mean), tuple(std), x.device)
    return (x.float() * scale - shift).contiguous(memory_format=torch.channels_last)


def epoch_of(n, batch, generator, crop, flip, device="cpu"):
    """The batches of one pass over n images, all chances drawn beforehand and brought to the device at once.

    A batch is (index [m], corner [2, m, 1], mirrored [m, 1]): which images, where to crop, which to flip.
    """
    order = torch.randperm(n, generator=generator)
    corners, mirrored = [], []
    for part in order.split(batch):
        corners.append(torch.randint(0, 2 * crop + 1, (2, len(part), 1), generator=generator))
        draws = torch.rand((len(part), 1), generator=generator) if flip else torch.ones((len(part), 1))
        mirrored.append(draws < 0.5)
    order, corners, mirrored = (t.to(device) for t in (order, torch.cat(corners, 1), torch.cat(mirrored)))
    return list(zip(order.split(batch), corners.split(batch, 1), mirrored.split(batch)))


def augment(x, corner, mirrored, crop):
    """Each image of uint8 [N, C, 32, 32], padded by `crop`, cropped at its corner and flipped where `mirrored`."""
    n, c = x.shape[:2]
    x = torch.nn.functional.pad(x, (crop,) * 4)
    span, image, channel = (torch.arange(k, device=x.device) for k in (SIZE, n, c))
    rows, cols = corner[0] + span, corner[1] + torch.where(mirrored, SIZE - 1 - span, span)
    return x[image[:, None, None, None], channel[:, None, None], rows[:, None, :, None], cols[:, None, None, :]]
