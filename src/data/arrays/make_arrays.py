"""Files of arrays as NumPy, PyTorch and Python's pickle write them, for the tests beside this; their numbers go to stdout."""
import json, pickle, sys
from collections import OrderedDict
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
rng = np.random.default_rng(3)
expected = {}


def keep(name, array):
    expected[name] = {"shape": list(array.shape), "values": [float(v) for v in np.asarray(array, np.float64).ravel()]}


values = rng.integers(0, 100, (2, 3, 4))
types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]
for order in "<>":
    for fortran in (False, True):
        for kind in types:
            array = (values if kind != "?" else values % 2).astype(kind if kind == "?" else order + kind)
            if kind[0] in "fi":
                array = array - array.dtype.type(30)
            array = np.asfortranarray(array) if fortran else array
            name = f"{'little' if order == '<' else 'big'}-{kind.replace('?', 'bool')}-{'f' if fortran else 'c'}.npy"
            np.save(folder / name, array)
            keep(name, array)
np.savez(folder / "plain.npz", logits=values.astype("f4"), names=np.array(["hare", "Igel é", ""]), one=np.float64(2.5))
np.savez_compressed(folder / "packed.npz", logits=values.astype("f4"), none=np.zeros((0, 3)))
np.save(folder / "objects.npy", np.array([values[0], {"a": 1}, None], dtype=object), allow_pickle=True)
keep("values", values)
for protocol in range(6):
    what = {"logits": values.astype(">f4"), "view": np.asfortranarray(values).astype("i2"), "list": [1, 2.5, True, None, "x", 2**40, -3], "scalar": np.float32(1.5)}
    (folder / f"plain{protocol}.pkl").write_bytes(pickle.dumps(what, protocol))
try:
    import torch
except ImportError:
    torch = None
if torch is not None:
    tensor = torch.tensor(values)
    for layout, zipped in (("zip", True), ("stream", False)):
        held = OrderedDict()
        for dtype in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"):
            held[dtype] = tensor.to(getattr(torch, dtype))
            keep(f"torch-{dtype}", held[dtype].double().numpy())
        held["view"] = held["float32"].transpose(0, 2)[1:, ::2]
        keep("torch-view", held["view"].numpy())
        held["none"], held["one"] = held["float32"][:0], held["float32"][0, 0, 1]
        keep("torch-one", held["one"].numpy())
        torch.save(held, folder / f"{layout}.pth", _use_new_zipfile_serialization=zipped)
        torch.save(torch.nn.Linear(3, 2).state_dict(), folder / f"{layout}-state.pth", _use_new_zipfile_serialization=zipped)
    (folder / "tensors.pkl").write_bytes(pickle.dumps([tensor.float(), tensor.float()[0]]))
print(json.dumps({"expected": expected, "torch": torch is not None}))
