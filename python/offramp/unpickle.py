"""Tensors in .pth and .pt files, without PyTorch and without trust: nothing that a file names is ever executed.

A pickle is a program. The one here may build lists, dicts, numbers and text, and call the few functions below that
stand in for PyTorch's own of the same name; any other name ends the reading. Written from the file itself: the zip of
PyTorch 1.6 and later, and the stream of pickles of the versions before.
"""
from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple, Union

import numpy as np

from .errors import TraceError

#: Bytes of one number, and the type in NumPy; bfloat16 is the upper half of a float32.
STORAGES: Dict[str, str] = {
    "FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "BFloat16Storage": "bfloat16",
    "LongStorage": "<i8", "IntStorage": "<i4", "ShortStorage": "<i2", "CharStorage": "<i1", "ByteStorage": "<u1",
    "BoolStorage": "?",
}  # fmt: skip
MAGIC = 0x1950A86A20F9469CFC6C
MOST_BYTES = 2 * 10**9
#: Values that are walked through after reading: lists that hold each other again and again grow without end.
MOST_VALUES = 5_000_000


@dataclass(frozen=True)
class StorageType:
    dtype: str


@dataclass(frozen=True)
class Storage:
    """Numbers that lie in the file under `key`."""

    dtype: str
    key: str
    count: int


@dataclass(frozen=True)
class Tensor:
    """A view of a storage, in numbers, not bytes."""

    storage: Any
    offset: Any
    shape: Any
    stride: Any


def rebuild_tensor(storage: Any, offset: Any, shape: Any, stride: Any, *_: Any) -> Tensor:
    return Tensor(storage, offset, shape, stride)


def rebuild_parameter(data: Any, *_: Any) -> Any:
    return data


def size(values: Any = ()) -> Tuple[Any, ...]:
    return tuple(values)


ALLOWED: Dict[Tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor"): rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
    ("torch", "Size"): size,
    **{("torch", name): StorageType(dtype) for name, dtype in STORAGES.items()},
}


#: Opcodes that make objects of classes, reach into a registry, or take memory before there are bytes for it.
REFUSED = (
    pickle.INST, pickle.OBJ, pickle.NEWOBJ, pickle.NEWOBJ_EX, pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.PERSID,
    pickle.BYTEARRAY8, pickle.NEXT_BUFFER, pickle.READONLY_BUFFER,
)  # fmt: skip


class Restricted(pickle._Unpickler):  # type: ignore[name-defined, misc]
    """An unpickler that knows the names above and no others.

    Python's own one in Python, not the one in C: there a forged index of a few bytes takes gigabytes.
    """

    dispatch = {op: do for op, do in pickle._Unpickler.dispatch.items() if bytes([op]) not in REFUSED}  # type: ignore[attr-defined]

    def load_build(self) -> None:
        """Attributes of a state dict are left out; those of anything else would change what is shared here."""
        self.stack.pop()
        if not isinstance(self.stack[-1], OrderedDict):
            raise TraceError("The file sets attributes of something that is no dict.")

    dispatch[pickle.BUILD[0]] = load_build

    def find_class(self, module: str, name: str) -> Any:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise TraceError(
                f"The file asks for {module}.{name}; only tensors, lists, dicts, numbers and text are read, and nothing is "
                "executed. Save the tensors alone: torch.save([t.cpu() for t in tensors], path)."
            ) from None

    def persistent_load(self, pid: Any) -> Storage:
        if not (isinstance(pid, tuple) and len(pid) >= 5 and pid[0] == "storage" and isinstance(pid[1], StorageType)):
            raise TraceError("The file refers to something that is no storage of numbers.")
        if len(pid) > 5 and pid[5] is not None:
            raise TraceError(
                "The file holds views of storages of very old versions; save it again with PyTorch 1.6 or later."
            )
        _, kind, key, _, count = pid[:5]
        if not isinstance(key, str) or not isinstance(count, int) or count < 0:
            raise TraceError("The file refers to a storage without a name or a size.")
        return Storage(kind.dtype, key, count)


def read_tensors(path: Union[str, Path]) -> Any:
    """What a .pth or .pt file holds, tensors as NumPy arrays. Raises TraceError; nothing of the file is executed."""
    path = Path(path)
    try:
        size_ = path.stat().st_size
        if size_ > MOST_BYTES:
            raise TraceError(
                f"{path} has {size_:,} bytes; at most {MOST_BYTES:,} are read. Save what is needed, or use .npy."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise TraceError(f"There is no {path}.") from None
    except OSError as error:
        raise TraceError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return from_zip(data) if data[:4] == b"PK\x03\x04" else from_stream(data)
    except TraceError as error:
        raise TraceError([f"{path}: {fault}" for fault in error.faults]) from None
    except Exception as error:  # whatever a broken pickle makes Python's reader raise
        raise TraceError(f"{path} is no file of PyTorch, or a damaged one ({type(error).__name__}).") from None


def from_zip(data: bytes) -> Any:
    """NAME/data.pkl and NAME/data/KEY, stored as they are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {info.filename: info for info in archive.infolist()}
        heads = [name for name in entries if name.endswith("/data.pkl") or name == "data.pkl"]
        if len(heads) != 1:
            raise TraceError("The zip holds no data.pkl, as PyTorch's files do.")
        prefix = heads[0][: -len("data.pkl")]
        if any(info.compress_type != zipfile.ZIP_STORED for info in entries.values()):
            raise TraceError("The zip is compressed; PyTorch's files are not.")
        if f"{prefix}byteorder" in entries and archive.read(f"{prefix}byteorder") != b"little":
            raise TraceError("The numbers are big-endian; only little-endian files are read.")
        head = Restricted(io.BytesIO(archive.read(heads[0]))).load()

        def read(storage: Storage) -> bytes:
            name = f"{prefix}data/{storage.key}"
            if name not in entries:
                raise TraceError(f"The file has no numbers of the storage {storage.key}.")
            return archive.read(name)

        return resolved(head, read)


def from_stream(data: bytes) -> Any:
    """A magic number, a version, what the machine was, the object, the keys, and the storages one after the other."""
    stream = io.BytesIO(data)
    if load(stream) != MAGIC:
        raise TraceError("It does not begin as a file of PyTorch.")
    if load(stream) != 1001:
        raise TraceError("It is of a version that is not known.")
    machine = load(stream)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise TraceError("The numbers are big-endian; only little-endian files are read.")
    head, keys = load(stream), load(stream)
    widths = {storage.key: width_of(storage.dtype) for storage in storages_in(head)}
    found: Dict[str, bytes] = {}
    for key in keys if isinstance(keys, list) else []:
        if not isinstance(key, str) or key not in widths:
            raise TraceError("The file holds numbers that nothing refers to.")
        (count,) = struct.unpack("<q", stream.read(8))
        if count < 0 or count * widths[key] > len(data):
            raise TraceError(f"The storage {key} claims {count} numbers; the file is shorter.")
        found[key] = stream.read(count * widths[key])
    return resolved(head, lambda storage: found.get(storage.key, b""))


def load(stream: io.BytesIO) -> Any:
    return Restricted(stream).load()


def width_of(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize


def storages_in(value: Any) -> List[Storage]:
    found: List[Storage] = []
    walk(value, lambda tensor: found.append(tensor.storage) if isinstance(tensor.storage, Storage) else None)
    return found


def resolved(value: Any, read: Callable[[Storage], bytes]) -> Any:
    """The value with an array for every tensor."""
    kept: Dict[str, bytes] = {}
    copied = 0

    def array(tensor: Tensor) -> np.ndarray:
        nonlocal copied
        storage = tensor.storage
        if not isinstance(storage, Storage):
            raise TraceError("A tensor has no storage.")
        if storage.key not in kept:
            kept[storage.key] = read(storage)
        found = view(tensor, storage.dtype, kept[storage.key])
        copied += found.nbytes
        if copied > 2 * MOST_BYTES:
            raise TraceError(f"The tensors take more than {2 * MOST_BYTES:,} bytes; that is too large.")
        return found

    return walk(value, array)


def view(tensor: Tensor, dtype: str, raw: bytes) -> np.ndarray:
    """The numbers of a tensor, copied; every one of them must lie in its storage."""
    shape, stride = tensor.shape, tensor.stride
    if not (isinstance(shape, tuple) and isinstance(stride, tuple) and len(shape) == len(stride)):
        raise TraceError("A tensor has a shape or stride that is none.")
    if any(type(n) is not int or n < 0 for n in (tensor.offset, *shape, *stride)):
        raise TraceError("A tensor has a shape or stride that is none.")
    width = width_of(dtype)
    have = len(raw) // width
    count = 1
    for n in shape:
        count *= n
    reach = tensor.offset + sum((n - 1) * s for n, s in zip(shape, stride)) + 1 if count else 0
    if reach > have:
        raise TraceError(
            f"A tensor of the shape {' × '.join(map(str, shape)) or '()'} reaches beyond its {have} numbers: the file "
            "is truncated."
        )
    if count > max(have, 1):
        raise TraceError("A tensor claims more numbers than its storage has.")
    if count == 0:
        return np.empty(shape, np.float32)
    stored = np.frombuffer(raw, "<u2" if dtype == "bfloat16" else dtype, have)
    strides = tuple(s * width for s in stride)
    values = np.lib.stride_tricks.as_strided(stored[tensor.offset :], shape, strides, writeable=False).copy()
    if dtype != "bfloat16":
        return values
    return np.asarray(np.left_shift(values.astype("<u4"), np.uint32(16)).view("<f4"))


def walk(value: Any, tensor: Callable[[Tensor], Any]) -> Any:
    """A copy of lists, tuples and dicts with `tensor(t)` in place of every tensor."""
    left = MOST_VALUES

    def copy(part: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > 50:
            raise TraceError("The file holds lists in lists without end.")
        if isinstance(part, Tensor):
            return tensor(part)
        if isinstance(part, dict):
            return {key: copy(entry, depth + 1) for key, entry in part.items()}
        if isinstance(part, (list, tuple)):
            return type(part)(copy(entry, depth + 1) for entry in part) if type(part) in (list, tuple) else None
        if part is None or isinstance(part, (bool, int, float, str)):
            return part
        raise TraceError(
            f"The file holds a {type(part).__name__}; only tensors, lists, dicts, numbers and text are read."
        )

    return copy(value, 0)
