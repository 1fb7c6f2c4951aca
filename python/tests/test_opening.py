"""Files of researchers: .pth read without trust, .npz, .npy and CSV."""
import contextlib
import io
import os
import pickle
import shutil
import struct
import tempfile
import unittest
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

import offramp
from offramp.__main__ import main
from offramp.unpickle import MAGIC, read_tensors

from .fixtures import Sentences, needs_torch, small_trace, torch

M, N, K = 3, 30, 4


class Folder(Sentences):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        rng = np.random.default_rng(5)
        self.logits = rng.normal(0, 2, (M, N, K)).astype(np.float32)
        self.labels = rng.integers(0, K, N)
        self.expected = offramp.from_arrays(logits=self.logits, labels=self.labels, flops=[1, 2, 4])

    def same(self, trace, atol=0.0):
        np.testing.assert_array_equal(trace.prediction, self.expected.prediction)
        np.testing.assert_array_equal(trace.label, self.expected.label)
        np.testing.assert_allclose(trace.confidence, self.expected.confidence, rtol=0, atol=atol)
        self.assertEqual(trace.flops.tolist(), [1, 2, 4])


@needs_torch
class Torch(Folder):
    def layouts(self, value, name="x.pth"):
        """The file as PyTorch ≥ 1.6 writes it, and as the versions before did."""
        paths = []
        for kind, zipped in (("zip", True), ("stream", False)):
            path = self.folder / kind / name
            path.parent.mkdir(exist_ok=True)
            torch.save(value, path, _use_new_zipfile_serialization=zipped)
            paths.append(path)
        return paths

    def test_msdnet_keeps_two_splits_and_their_scores(self):
        probs = torch.softmax(torch.tensor(self.logits), 2)
        labels = torch.tensor(self.labels)
        torch.save([1.0, 2.0, 4.0], self.folder / "flops.pth")
        for path in self.layouts((probs.flip(1), labels.flip(0), probs, labels), "logits_single.pth"):
            recording = offramp.open(path, flops=self.folder / "flops.pth", dataset="cifar-100", network="msdnet")
            self.same(recording.test, atol=1e-6)
            self.assertEqual((recording.train.split, recording.test.split), ("holdout", "test"))
            np.testing.assert_array_equal(recording.train.prediction, recording.test.prediction[:, ::-1])

    def test_lists_dicts_and_every_type_of_number(self):
        for path in self.layouts([torch.tensor(exit) for exit in self.logits]):
            self.same(offramp.open(path, labels=self.labels, flops=[1, 2, 4]))
        named = OrderedDict(logits=torch.tensor(self.logits), targets=torch.tensor(self.labels), flops=torch.tensor([1, 2, 4]))
        for path in self.layouts(named):
            self.same(offramp.open(path))
        for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool):
            values = (torch.arange(24).reshape(2, 3, 4) % 7).to(dtype)
            for path in self.layouts({"a": values, "view": values.transpose(0, 2)[1:, ::2], "one": values[0, 0, 1], "none": values[:0]}):
                found = read_tensors(path)
                wide = values.float() if dtype == torch.bfloat16 else values
                np.testing.assert_array_equal(found["a"], wide.numpy())
                np.testing.assert_array_equal(found["view"], wide.transpose(0, 2)[1:, ::2].numpy())
                self.assertEqual((found["one"].shape, found["none"].size), ((), 0))
        for path in self.layouts(torch.nn.Linear(3, 2).state_dict()):
            self.assertEqual({name: v.shape for name, v in read_tensors(path).items()}, {"weight": (2, 3), "bias": (2,)})

    def test_what_a_file_does_not_say_is_asked(self):
        for path in self.layouts(torch.tensor(self.logits)):
            self.refuses("It has no labels", offramp.open, path, flops=[1, 2, 4])
            self.refuses("does not say what exits cost", offramp.open, path, labels=self.labels)
            self.refuses("30 images .* but there are 29 labels", offramp.open, path, labels=self.labels[1:], flops=[1, 2, 4])
        for path in self.layouts({"epoch": 3, "state": {}}):
            self.refuses("It holds epoch, state; expected logits", offramp.open, path)

    def test_damaged_files_are_a_sentence(self):
        for path in self.layouts({"logits": torch.tensor(self.logits), "labels": torch.tensor(self.labels)}):
            whole = path.read_bytes()
            for cut in (0, 1, 10, 100, len(whole) // 2, len(whole) - 200):
                path.write_bytes(whole[:cut])
                self.refuses(r"x\.pth: |x\.pth is no file", read_tensors, path)
            rng = np.random.default_rng(1)
            for _ in range(80):  # whatever is flipped: arrays, or a sentence
                broken = bytearray(whole)
                for at in rng.integers(0, min(len(whole), 1200), 3):
                    broken[at] ^= 1 << int(rng.integers(0, 8))
                path.write_bytes(broken)
                try:
                    offramp.open(path, flops=[1, 2, 4])
                except offramp.TraceError:
                    pass


class Hostile(Folder):
    """Pickles that want something."""

    def zipped(self, program, name="x.pth", compression=zipfile.ZIP_STORED, **entries):
        with zipfile.ZipFile(self.folder / name, "w", compression) as archive:
            archive.writestr("x/data.pkl", program)
            for key, data in entries.items():
                archive.writestr(f"x/data/{key}", data)
        return self.folder / name

    def test_nothing_is_executed(self):
        marker = self.folder / "executed"

        class Evil:
            def __reduce__(self):
                return os.system, (f"touch {marker}",)

        class Builtin:
            def __reduce__(self):
                return eval, (f"open({str(marker)!r}, 'w')",)

        for protocol in range(6):
            for evil in (Evil(), Builtin(), {"logits": [Evil()]}):
                program = pickle.dumps(evil, protocol)
                for data in (lambda: self.zipped(program), lambda: self.streamed(program)):
                    self.refuses(r"asks for|no file of PyTorch", read_tensors, data())
        self.assertFalse(marker.exists())

    def streamed(self, program):
        parts = [pickle.dumps(part, 2) for part in (MAGIC, 1001, {"little_endian": True})]
        (self.folder / "y.pth").write_bytes(b"".join(parts) + program + pickle.dumps([], 2))
        return self.folder / "y.pth"

    def test_names_attributes_and_memory_are_out_of_reach(self):
        opcode = {
            "a registry": b"\x80\x02\x82\x01.",
            "a class of old": b"(ios\nsystem\n.",
            "an object": b"\x80\x02ccollections\nOrderedDict\n)\x81.",
            "attributes of a type": b"\x80\x02ctorch\nFloatStorage\n}X\x05\x00\x00\x00dtypeX\x01\x00\x00\x00Osb.",
            "gigabytes by a length": b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b".",
            "an index beyond memory": b"\x80\x02N" + b"r\xff\xff\xff\xff" + b"X\x01\x00\x00\x00a" + b"q\x00" + b"K\x01.",
            "nothing": b"",
            "an end without a value": b".",
        }
        for what, program in opcode.items():
            with self.subTest(what):
                if what == "an index beyond memory":  # read without taking it
                    self.assertEqual(read_tensors(self.zipped(program)), 1)
                else:
                    self.refuses("no file of PyTorch|sets attributes", read_tensors, self.zipped(program))
        from offramp.unpickle import ALLOWED

        self.assertEqual(ALLOWED["torch", "FloatStorage"].dtype, "<f4")

    def tensor(self, shape, stride, offset=0, count=4, key="0"):
        """A zip with one tensor that claims this of four numbers."""
        pid = pickle.dumps(None, 2)[:-1]
        ints = lambda values: b"(" + b"".join(b"J" + struct.pack("<i", v) for v in values) + b"t"  # noqa: E731
        program = (
            b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
            + b"X" + struct.pack("<I", len(key)) + key.encode() + b"X\x03\x00\x00\x00cpuJ" + struct.pack("<i", count) + b"tQ"
            + b"J" + struct.pack("<i", offset) + ints(shape) + ints(stride) + b"\x89NtR."
        )  # fmt: skip
        self.assertTrue(pid)
        return self.zipped(program, **{"0": np.arange(4, dtype="<f4").tobytes()})

    def test_tensors_stay_inside_their_numbers(self):
        np.testing.assert_array_equal(read_tensors(self.tensor((2, 2), (1, 2))), [[0, 2], [1, 3]])
        self.refuses("reaches beyond its 4 numbers", read_tensors, self.tensor((5,), (1,)))
        self.refuses("reaches beyond", read_tensors, self.tensor((2,), (1,), offset=3))
        self.refuses("reaches beyond", read_tensors, self.tensor((2,), (2**30,)))
        self.refuses("more numbers than its storage", read_tensors, self.tensor((2**30, 2**30), (0, 0)))
        self.refuses("shape or stride that is none", read_tensors, self.tensor((2,), (-1,)))
        self.refuses("shape or stride that is none", read_tensors, self.tensor((2,), (1, 1)))
        self.refuses("shape or stride that is none", read_tensors, self.tensor((2,), (1,), offset=-1))
        self.refuses("without a name or a size", read_tensors, self.tensor((1,), (1,), count=-1))
        self.refuses("no numbers of the storage ../0", read_tensors, self.tensor((1,), (1,), key="../0"))

    def test_bombs_are_refused(self):
        nested = b"\x80\x02]q\x00" + b"".join(b"]q" + bytes([n + 1]) + b"(" + b"h" + bytes([n]) + b"h" + bytes([n]) + b"e" for n in range(40))
        self.refuses("without end", read_tensors, self.zipped(nested + b"."))
        self.refuses("is compressed", read_tensors, self.zipped(b"\0" * 10**6, compression=zipfile.ZIP_DEFLATED))
        deep = b"\x80\x02" + b"]" * 200 + b"a" * 199 + b"."
        self.refuses("without end", read_tensors, self.zipped(deep))
        itself = b"\x80\x02]q\x00h\x00a."
        self.refuses("without end", read_tensors, self.zipped(itself))


class NumPy(Folder):
    def test_npz_and_npy(self):
        np.savez(self.folder / "a.npz", logits=self.logits, labels=self.labels, flops=[1, 2, 4], exits=["p", "q", "r"], classes=list("abcd"))
        trace = offramp.open(self.folder / "a.npz")
        self.same(trace)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(main(["check", str(self.folder / "a.npz")]), 0)
        self.assertIn("a.npz: 30 test images of a × 3 exits", out.getvalue())
        self.assertEqual((trace.dataset, trace.classes, trace.exits[2].name), ("a", tuple("abcd"), "r"))
        probs = np.exp(self.logits) / np.exp(self.logits).sum(2, keepdims=True)
        np.save(self.folder / "b.npy", probs)
        np.save(self.folder / "y.npy", self.labels)
        (self.folder / "seconds.csv").write_text("seconds\n1\n2\n4\n")
        trace = offramp.open(self.folder / "b.npy", labels=self.folder / "y.npy", seconds=self.folder / "seconds.csv")
        self.same(trace, atol=1e-6)
        self.assertEqual(trace.unit, "seconds")

    def test_refuses_what_it_does_not_know(self):
        np.savez(self.folder / "a.npz", scores=self.logits)
        np.savez(self.folder / "b.npz", logits=np.array([object()]))
        np.savez(self.folder / "c.npz", labels=self.labels, targets=self.labels, logits=self.logits)
        (self.folder / "d.npz").write_bytes(b"PK\x03\x04")
        np.savez_compressed(self.folder / "bomb.npz", logits=self.logits)
        bomb = bytearray((self.folder / "bomb.npz").read_bytes())
        at = bomb.rindex(b"PK\x01\x02")
        bomb[at + 24 : at + 28] = struct.pack("<I", 2**32 - 2)  # what its directory claims
        (self.folder / "bomb.npz").write_bytes(bomb)
        self.refuses("bomb.npz: Its arrays take 4,294,967,294 bytes", offramp.open, self.folder / "bomb.npz")
        (self.folder / "e.h5").write_bytes(b"")
        self.refuses("a.npz: It holds scores; expected logits", offramp.open, self.folder / "a.npz")
        self.refuses("b.npz: .*(pickle|Object)", offramp.open, self.folder / "b.npz")
        self.refuses("labels and targets, which mean the same", offramp.open, self.folder / "c.npz")
        self.refuses("d.npz: It is no file of NumPy", offramp.open, self.folder / "d.npz")
        self.refuses("e.h5 is not known", offramp.open, self.folder / "e.h5")
        self.refuses("There is no", offramp.open, self.folder / "none.npy")
        path = small_trace().save(self.folder / "t")
        self.assertEqual(offramp.open(path).count, 200)
        self.refuses("says itself what it is; labels cannot be given", offramp.open, path, labels=[1])


class Tables(Folder):
    def table(self, delimiter=",", names=("label", *(f"{what}_{e}" for e in "pqr" for what in ("prediction", "confidence")))):
        rows = [names]
        for i in range(N):
            cells = [self.labels[i]]
            for j in range(M):
                cells += [self.expected.prediction[j, i], repr(float(self.expected.confidence[j, i]))]
            rows.append(cells)
        return "\n".join(delimiter.join(map(str, row)) for row in rows) + "\n"

    def open(self, text, **given):
        (self.folder / "t.csv").write_text(text)
        return offramp.open(self.folder / "t.csv", **{"flops": [1, 2, 4], "rule": "at-least", **given})

    def test_a_row_an_image_with_any_delimiter(self):
        for delimiter in (",", ";", "\t"):
            trace = self.open(self.table(delimiter))
            self.same(trace)
            self.assertEqual([e.name for e in trace.exits], ["p", "q", "r"])
        self.same(self.open("\ufeff" + self.table(names=("Target", "pred 1", "conf 1", "pred 2", "conf 2", "pred 3", "conf 3"))))

    def test_says_the_row_and_the_column(self):
        text = self.table()
        self.refuses("Row 3 of the column label is 'cat'", self.open, "\n".join([*text.splitlines()[:2], "cat" + text.splitlines()[2][1:]]))
        self.refuses("Row 2 has 1 cells, where the first line names 7", self.open, text.splitlines()[0] + "\n1\n")
        self.refuses("no images", self.open, text.splitlines()[0])
        self.refuses("The columns are a, b; expected label", self.open, "a,b\n1,2\n")
        self.refuses("expected label, and prediction_NAME and confidence_NAME", self.open, "label,prediction_a\n1,2\n")
        self.refuses("Say how the confidence is held", self.open, text, rule=None)
        self.refuses("labels is of float64", self.open, text.replace("\n1,", "\n1.5,"))
        (self.folder / "u.csv").write_bytes(b"\xff\xfe\x00")
        self.refuses("no text in UTF-8", offramp.open, self.folder / "u.csv")


if __name__ == "__main__":
    unittest.main()
