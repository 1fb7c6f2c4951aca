"""Labelled images read from a mirror folder: idx files and CIFAR's binary version.

A mirror holds one folder a dataset, with the files named as they are published,
gzipped or not. Whatever is wrong with a file is said in one sentence (DataError).
"""
import gzip
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FINE_THINGS = tuple(
    (
        "apple,aquarium fish,baby,bear,beaver,bed,bee,beetle,bicycle,bottle,"
        "bowl,boy,bridge,bus,butterfly,camel,can,castle,caterpillar,cattle,"
        "chair,chimpanzee,clock,cloud,cockroach,couch,crab,crocodile,cup,dinosaur,"
        "dolphin,elephant,flatfish,forest,fox,girl,hamster,house,kangaroo,keyboard,"
        "lamp,lawn mower,leopard,lion,lizard,lobster,man,maple tree,motorcycle,mountain,"
        "mouse,mushroom,oak tree,orange,orchid,otter,palm tree,pear,pickup truck,pine tree,"
        "plain,plate,poppy,porcupine,possum,rabbit,raccoon,ray,road,rocket,"
        "rose,sea,seal,shark,shrew,skunk,skyscraper,snail,snake,spider,"
        "squirrel,streetcar,sunflower,sweet pepper,table,tank,telephone,television,tiger,tractor,"
        "train,trout,tulip,turtle,wardrobe,whale,willow tree,wolf,woman,worm"
    ).split(",")
)
CLASSES = {
    "mnist": DIGITS, "strokes": DIGITS, "fashion-mnist": CLOTHES, "kmnist": KANA,
    "cifar-10": THINGS, "cifar-100": FINE_THINGS,
}  # fmt: skip


class DataError(Exception):
    """A dataset file is missing or not what it should be; the message is for a person."""


@dataclass
class Split:
    """images: uint8 [N, H, W, C]; labels: int64 [N]."""

    images: np.ndarray
    labels: np.ndarray


@dataclass
class Dataset:
    id: str
    classes: tuple
    train: Split
    test: Split


def read_bytes(path):
    """The file's bytes; `path` or `path`.gz, whichever is there."""
    path = Path(path)
    found = next((p for p in (path, path.with_name(path.name + ".gz")) if p.is_file()), None)
    if found is None:
        raise DataError(f"There is no {path.name} or {path.name}.gz in {path.parent}.")
    raw = found.read_bytes()
    if raw[:2] != b"\x1f\x8b":
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, OSError, gzip.zlib.error) as error:
        raise DataError(f"{found} is a damaged or truncated gzip file ({error}).") from error


def read_idx(path):
    """An idx file of unsigned bytes: uint8 array of the shape that its header states."""
    raw = read_bytes(path)
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or raw[3] == 0:
        start = raw[:4].hex() or "nothing"
        raise DataError(f"{path} is not an idx file of unsigned bytes: it begins with {start}.")
    start = 4 + 4 * raw[3]
    if len(raw) < start:
        raise DataError(f"{path} is truncated: it ends inside its header.")
    shape = struct.unpack(f">{raw[3]}I", raw[4:start])
    expected = int(np.prod(shape, dtype=np.int64))
    if len(raw) - start != expected:
        raise DataError(f"{path} should hold {expected} bytes after its header but holds {len(raw) - start}.")
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def idx_split(folder, name, classes):
    """One split of an idx dataset, e.g. name 'train' or 't10k'; 28x28 grey becomes [N, 28, 28, 1]."""
    whole = list(folder.glob(f"{name}-images-idx3-ubyte*"))
    some = sorted(folder.glob(f"{name}-images-first*-idx3-ubyte*"))
    middle = ""
    if some and not whole:  # a mirror with only the first n images says so in the file's name
        middle = "-" + some[0].name[len(name) + len("-images-") :].split("-")[0]
    images = read_idx(folder / f"{name}-images{middle}-idx3-ubyte")
    labels = read_idx(folder / f"{name}-labels{middle}-idx1-ubyte")
    if images.ndim != 3 or labels.ndim != 1:
        found = f"images have {images.ndim} dimensions and labels {labels.ndim}"
        raise DataError(f"{folder}: {name} {found}, not 3 and 1.")
    return checked(Split(images[..., None], labels.astype(np.int64)), f"{folder} {name}", classes)


def cifar_split(folder, names, classes, label_bytes=1):
    """CIFAR records: label bytes, then 3072 pixel bytes, plane by plane; gives [N, 32, 32, 3].

    CIFAR-10 has one label byte, CIFAR-100 two (coarse, fine), of which the last is the label.
    """
    size, records = label_bytes + 3072, []
    for name in names:
        raw = read_bytes(folder / name)
        if len(raw) == 0 or len(raw) % size:
            found = f"{len(raw)} bytes are not a whole number of {size}-byte records"
            raise DataError(f"{folder / name} is empty or truncated: {found}.")
        records.append(np.frombuffer(raw, np.uint8).reshape(-1, size))
    records = np.concatenate(records)
    images = np.ascontiguousarray(records[:, label_bytes:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    return checked(Split(images, records[:, label_bytes - 1].astype(np.int64)), f"{folder} {names[0]}", classes)


def checked(split, what, classes):
    """The split itself, once images and labels are known to belong together."""
    if len(split.images) != len(split.labels):
        raise DataError(f"{what}: {len(split.images)} images but {len(split.labels)} labels.")
    if len(split.images) == 0:
        raise DataError(f"{what} holds no images.")
    if split.labels.max() >= len(classes):
        raise DataError(f"{what}: label {split.labels.max()} found, but there are only {len(classes)} classes.")
    return split


def load(dataset, mirror=None):
    """The dataset with this id from a mirror folder (default: $OFFRAMP_DATA)."""
    mirror = mirror or os.environ.get("OFFRAMP_DATA")
    if not mirror:
        raise DataError("Say where the datasets are: --data DIR, or set OFFRAMP_DATA.")
    if dataset not in CLASSES:
        raise DataError(f"There is no dataset {dataset}; known are {', '.join(CLASSES)}.")
    folder, classes = Path(mirror) / dataset, CLASSES[dataset]
    if not folder.is_dir():
        raise DataError(f"There is no folder {dataset} in {mirror}.")
    if dataset == "cifar-10":
        train = cifar_split(folder, [f"data_batch_{i}.bin" for i in range(1, 6)], classes)
        return Dataset(dataset, classes, train, cifar_split(folder, ["test_batch.bin"], classes))
    if dataset == "cifar-100":
        train, test = (cifar_split(folder, [f"{name}.bin"], classes, label_bytes=2) for name in ("train", "test"))
        return Dataset(dataset, classes, train, test)
    return Dataset(dataset, classes, idx_split(folder, "train", classes), idx_split(folder, "t10k", classes))
