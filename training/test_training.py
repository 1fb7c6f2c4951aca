"""Fast tests that need no dataset: python3 training/test_training.py"""
import gzip
import json
import re
import shutil
import struct
import tempfile
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import numpy as np
import torch

import branchy
import card
import cost
import data
import export
import golden
import residuals
import resnet
import smallmaps
import tfjs
from batches import augment, augmentation_of, epoch_of, normalise, tensor_of
from proof import ExportError, check
from quantise import dequantise, quantise
from resnet import build
from run import Run, rate
from step import WARM_UP, Step, loss_of, outputs_of, recorder
from train import best_precision

SETTINGS = dict(
    dataset="mnist", network="resnet18", width=1 / 16, epochs=3, schedule="onecycle", peakLr=0.05,
    weightDecay=5e-4, batch=16, seed=1, augmentation=augmentation_of("mnist"),
)


def setUpModule():
    # PyTorch 1.13's oneDNN writes past its memory where a CPU has AVX2 alone and a layer has four channels.
    torch.backends.mkldnn.set_flags(False)


def idx(array):
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def noise(*shape, seed=0, top=256):
    return np.random.default_rng(seed).integers(0, top, shape, np.uint8)


class Folder(unittest.TestCase):
    """A test with an empty folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def mirror(self, count=40):
        """A tiny 'mnist' of random images."""
        (self.folder / "mnist").mkdir()
        for name, seed in (("train", 1), ("t10k", 2)):
            pixels, labels = idx(noise(count, 28, 28, seed=seed)), idx(noise(count, seed=seed, top=10))
            (self.folder / "mnist" / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(pixels))
            (self.folder / "mnist" / f"{name}-labels-idx1-ubyte").write_bytes(labels)
        return data.load("mnist", self.folder)


class Files(Folder):
    def refuses(self, name, raw, words):
        (self.folder / name).write_bytes(raw)
        with self.assertRaisesRegex(data.DataError, words):
            data.read_idx(self.folder / name)

    def test_idx_plain_and_gzipped(self):
        loaded = self.mirror()
        np.testing.assert_array_equal(loaded.train.images[..., 0], noise(40, 28, 28, seed=1))
        np.testing.assert_array_equal(loaded.test.labels, noise(40, seed=2, top=10))

    def test_idx_that_is_wrong(self):
        good = idx(noise(3, 28, 28))
        self.refuses("a", good[:-1], "should hold 2352 bytes after its header but holds 2351")
        self.refuses("b", good[:9], "ends inside its header")
        self.refuses("c", b"\x89PNG", "is not an idx file")
        self.refuses("d", b"", "is not an idx file")
        self.refuses("e.gz", gzip.compress(good)[:-20], "damaged or truncated gzip")
        with self.assertRaisesRegex(data.DataError, "There is no f or f.gz"):
            data.read_idx(self.folder / "f")

    def test_labels_that_do_not_fit(self):
        split = data.Split(noise(3, 28, 28, 1), np.array([0, 1]))
        with self.assertRaisesRegex(data.DataError, "3 images but 2 labels"):
            data.checked(split, "x", data.DIGITS)
        split = data.Split(noise(2, 28, 28, 1), np.array([0, 10]))
        with self.assertRaisesRegex(data.DataError, "label 10 found"):
            data.checked(split, "x", data.DIGITS)

    def test_first_images_only(self):
        for name, what in (("images-first5-idx3", noise(5, 28, 28)), ("labels-first5-idx1", noise(5, top=10))):
            (self.folder / f"train-{name}-ubyte").write_bytes(idx(what))
        (self.folder / "train-labels-idx1-ubyte").write_bytes(idx(noise(9, top=10)))
        self.assertEqual(len(data.idx_split(self.folder, "train", data.KANA).images), 5)

    def test_cifar(self):
        pixels = noise(2, 3, 32, 32)
        raw = b"".join(bytes([label]) + image.tobytes() for label, image in zip((7, 2), pixels))
        (self.folder / "a.bin").write_bytes(raw)
        split = data.cifar_split(self.folder, ["a.bin", "a.bin"], data.THINGS)
        self.assertEqual(split.labels.tolist(), [7, 2, 7, 2])
        np.testing.assert_array_equal(split.images[3, :, :, 1], pixels[1, 1])
        (self.folder / "a.bin").write_bytes(raw[:-1])
        with self.assertRaisesRegex(data.DataError, "truncated: 6145 bytes"):
            data.cifar_split(self.folder, ["a.bin"], data.THINGS)

    def test_cifar_100(self):
        pixels, folder = noise(3, 3, 32, 32), self.folder / "cifar-100"
        folder.mkdir()
        raw = b"".join(bytes([4, fine]) + image.tobytes() for fine, image in zip((99, 0, 57), pixels))
        (folder / "train.bin").write_bytes(raw)
        (folder / "test.bin.gz").write_bytes(gzip.compress(raw[:3074]))
        loaded = data.load("cifar-100", self.folder)
        self.assertEqual((loaded.train.labels.tolist(), loaded.test.labels.tolist()), ([99, 0, 57], [99]))
        self.assertEqual(loaded.classes[57], "pear")
        np.testing.assert_array_equal(loaded.train.images[2, :, :, 1], pixels[2, 1])
        (folder / "test.bin.gz").write_bytes(gzip.compress(raw[:3073]))
        with self.assertRaisesRegex(data.DataError, "not a whole number of 3074-byte records"):
            data.load("cifar-100", self.folder)
        (folder / "test.bin.gz").write_bytes(gzip.compress(b"\0\x64" + raw[2:3074]))
        with self.assertRaisesRegex(data.DataError, "label 100 found"):
            data.load("cifar-100", self.folder)

    def test_cifar_100_classes_as_on_the_page(self):
        source = (Path(__file__).parent.parent / "src/data/cifar100-classes.ts").read_text()
        table = source[source.index("cifar100Classes") : source.index("cifar100Superclasses")]
        names = "".join(re.findall(r"'(\w[^']*)'", table)).split(",")
        self.assertEqual((len(set(data.FINE_THINGS)), list(data.FINE_THINGS)), (100, names))


class Batches(unittest.TestCase):
    def test_padding_is_black_before_normalisation(self):
        x = tensor_of(np.full((1, 28, 28, 1), 255, np.uint8))
        self.assertEqual((x[0, 0, 1, 1].item(), x[0, 0, 2, 2].item(), tuple(x.shape)), (0, 255, (1, 1, 32, 32)))
        self.assertAlmostEqual(normalise(x, [0.25], [0.5])[0, 0, 0, 0].item(), -0.5)

    def test_augmented_images_are_crops(self):
        x = torch.from_numpy(noise(1, 3, 32, 32)).expand(50, -1, -1, -1)
        padded = torch.nn.functional.pad(x[0], (2,) * 4)
        crops = {padded[:, r : r + 32, c : c + 32].numpy().tobytes() for r in range(5) for c in range(5)}
        mirrored = {padded[:, r : r + 32, c : c + 32].flip(2).numpy().tobytes() for r in range(5) for c in range(5)}
        ((_, corner, flips),) = epoch_of(50, 50, torch.Generator().manual_seed(1), 2, True)
        made = {image.numpy().tobytes() for image in augment(x, corner, flips, 2)}
        self.assertTrue(made <= crops | mirrored and made & crops and made & mirrored)


class Networks(unittest.TestCase):
    def test_multiply_accumulates(self):
        for name, expected in (("resnet18", 37016576), ("resnet152", 234950656), ("wideresnet101-2", 464326656)):
            self.assertEqual(cost.multiply_accumulates(build(name, 3, 10), 3), expected)


class Residuals(unittest.TestCase):
    def test_blocks_that_begin_at_zero_change_nothing(self):
        torch.manual_seed(1)
        x = torch.randn(4, 3, 32, 32)
        model = build("resnet18", 3, 10, 1 / 4)
        self.assertEqual([name for name, _, _ in residuals.changes(model, x)], [name for name, _ in model.blocks()])
        self.assertTrue(all(ratio > 0.1 and turn > 0.001 for _, ratio, turn in residuals.changes(model, x)))
        model.zero_residuals()
        for _, ratio, turn in residuals.changes(model, x):
            self.assertEqual(ratio, 0)
            self.assertLess(turn, 1e-6)


class SmallMaps(unittest.TestCase):
    def compare(self, model):
        """Losses and gradients of the plain forward pass and of small maps as matrix products, in float64."""
        model = model.double().to(memory_format=torch.channels_last).train()
        x, y = torch.randn(12, 3, 32, 32, dtype=torch.float64), torch.randint(0, 10, (12,))
        losses, gradients, statistics = [], [], []
        for forward in (model, lambda x: smallmaps.forward(model, x)):
            for m in model.modules():
                if isinstance(m, torch.nn.BatchNorm2d):
                    m.reset_running_stats()
            outputs = outputs_of(forward(x))
            loss = sum(i * torch.nn.functional.cross_entropy(logits, y) for i, logits in enumerate(outputs, 1))
            losses.append(loss.item())
            gradients.append(torch.autograd.grad(loss, list(model.parameters())))
            statistics.append([b.clone().double() for b in model.buffers()])
        self.assertLess(abs(losses[0] - losses[1]), 1e-13 * losses[0])
        for plain, small in zip(gradients[0] + tuple(statistics[0]), gradients[1] + tuple(statistics[1])):
            self.assertGreater(plain.abs().max(), 0)
            self.assertLess((plain - small).abs().max(), 1e-7 * plain.abs().max())

    def test_same_function_and_gradients(self):
        for name in resnet.NETWORKS:
            for make in (resnet.build, branchy.build):
                with self.subTest(name, branches=make is branchy.build):
                    torch.manual_seed(1)
                    self.compare(make(name, 3, 10, 1 / 16))

    def test_taps_that_fall_on_the_map(self):
        self.assertEqual(list(smallmaps.taps(1, 1)), [(0, 0, 1, 1)])
        self.assertEqual(list(smallmaps.taps(2, 2)), [(0, 0, 1, 1), (0, 1, 1, 2), (0, 2, 2, 1), (0, 3, 2, 2)])
        self.assertEqual(len(list(smallmaps.taps(2, 1))), 16)

    def test_taken_on_a_cpu_in_bfloat16_or_where_asked_for(self):
        model = build("resnet18", 1, 10, 1 / 16)
        self.assertIs(Step(model, None, 4).forward, model)
        self.assertIs(Step(model, None, 4, half=True).forward.func, smallmaps.forward)
        self.assertIs(Step(model, None, 4, rows=True).forward.func, smallmaps.forward)


class Quantisation(unittest.TestCase):
    def test_round_trip(self):
        values = np.random.default_rng(0).normal(0.1, 1, (3, 3, 8, 8)).astype(np.float32)
        values.flat[0] = 0
        stored, quantization = quantise(values, "uint8")
        back = dequantise(stored, quantization)
        self.assertEqual((stored.dtype, back.flat[0]), (np.uint8, 0))
        self.assertLessEqual(np.abs(back - values).max(), quantization["scale"])
        self.assertLessEqual(np.median(np.abs(back - values)), quantization["scale"] / 2)
        self.assertLess(np.abs(dequantise(*quantise(values, "float16")) - values).max(), 2e-3)
        np.testing.assert_array_equal(dequantise(*quantise(values, "float32")), values)
        np.testing.assert_array_equal(dequantise(*quantise(values * 0, "uint8")), values * 0)


class Golden(unittest.TestCase):
    def test_formula(self):
        made = golden.images(1, 2, 3, 1)
        state, r = 1, []
        for _ in range(18):
            state = (1664525 * state + 1013904223) & 0xFFFFFFFF
            r.append(state >> 24)
        self.assertEqual(made[0].ravel().tolist(), r[:9])
        second = (7 * r[12] + r[13]) // 8
        self.assertEqual(made[1, 1, :, 0].tolist(), [r[12], second, (7 * second + r[14]) // 8])


class Training(Folder):
    def test_rates(self):
        rates = [rate("onecycle", 1.0, i, 100) for i in range(100)]
        self.assertEqual((max(rates), rates[25]), (1.0, 1.0))
        self.assertLess(rates[99], 0.001)
        self.assertEqual(rate("cosine", 1.0, 0, 100), 1.0)

    def test_resumed_equals_uninterrupted(self):
        dataset = self.mirror()  # of 40 images: 3 steps an epoch
        whole, parts = Run(SETTINGS, dataset), Run(SETTINGS, dataset)
        for _ in range(3):
            whole.run_epoch()
        overs, left = [], iter([False, True, True, True, False, False, False, True])  # after which steps to stop
        while parts.epoch < 3:
            overs.append(parts.run_epoch(lambda: next(left, False)))
            parts.save(self.folder / "checkpoint.pt")
            parts = Run(SETTINGS, dataset)
            parts.restore(self.folder / "checkpoint.pt")
        self.assertEqual(overs, [False, False, True, False, True, False, True])
        self.same(whole, parts)
        other = Run(dict(SETTINGS, seed=2), dataset)
        with self.assertRaisesRegex(data.DataError, "other settings .seed."):
            other.restore(self.folder / "checkpoint.pt")

    def test_epochs_without_a_look_at_the_test_images(self):
        dataset = self.mirror()
        looks, blind = Run(SETTINGS, dataset), Run(SETTINGS, dataset)
        looks.run_epoch()
        blind.run_epoch(test=False)
        self.assertEqual([set(looks.history[0]) - set(run.history[0]) for run in (looks, blind)], [set(), {"testAccuracy"}])
        looks.run_epoch()
        blind.run_epoch()
        self.assertEqual(looks.history[1]["testAccuracy"], blind.history[1]["testAccuracy"])

    def same(self, one, other):
        for key in ("loss", "trainAccuracy", "testAccuracy"):
            self.assertEqual([h[key] for h in one.history], [h[key] for h in other.history])
        for key, value in one.model.state_dict().items():
            self.assertTrue(torch.equal(value, other.model.state_dict()[key]), key)

    def test_checkpoints_of_older_programs(self):
        dataset, file = self.mirror(), self.folder / "checkpoint.pt"
        old, new = Run(SETTINGS, dataset), Run(SETTINGS, dataset)
        old.run_epoch()
        old.save(file)
        state = torch.load(file)
        del state["within"], state["settings"]["precision"], state["settings"]["zeroInit"], state["settings"]["rows"]
        torch.save(state, file)
        new.restore(file)
        old.run_epoch()
        new.run_epoch()
        self.same(old, new)
        self.assertNotRegex(card.commands("x", state, "uint8"), "precision|rows|zero-init")
        with self.assertRaisesRegex(data.DataError, "other settings .precision, zeroInit."):
            Run(dict(SETTINGS, precision="bfloat16", zeroInit=True), dataset).restore(file)

    def test_precision_and_zeroed_branches(self):
        run = Run(dict(SETTINGS, precision="bfloat16", rows=True, zeroInit=True), self.mirror())
        self.assertEqual(run.model.layer4[1].bn2.weight.abs().max().item(), 0)
        self.assertGreater(run.model.layer4[1].bn1.weight.min().item(), 0)
        run.run_epoch()
        self.assertGreater(run.model.layer4[1].bn2.weight.abs().max().item(), 0)
        self.assertEqual({p.dtype for p in run.model.parameters()}, {torch.float32})
        self.assertIn("--precision bfloat16 --rows --zero-init", card.commands("x", dict(settings=run.settings), "uint8"))
        said = "on all parameters; products in bfloat16; every residual branch started at zero"
        self.assertIn(said, card.optimizer(run.settings))

    def test_recorded_steps_are_the_same(self):
        dataset, replays = self.mirror(100), []

        def record(function, stream):
            return lambda: replays.append(function())

        plain, recorded = Run(SETTINGS, dataset), Run(SETTINGS, dataset, record=record)
        for _ in range(2):
            plain.run_epoch()
            recorded.run_epoch()
        self.same(plain, recorded)
        self.assertEqual(len(replays), 2 * 6 - WARM_UP)  # the seventh batch of an epoch is smaller

    def test_goes_on_where_nothing_can_be_recorded(self):
        def record(function, stream):
            raise RuntimeError("CUDA error: operation not permitted\nand more")

        dataset, said = self.mirror(100), StringIO()
        plain, refused = Run(SETTINGS, dataset), Run(SETTINGS, dataset, record=record)
        plain.run_epoch()
        with redirect_stderr(said):
            refused.run_epoch()
        self.same(plain, refused)
        self.assertEqual(said.getvalue().count("No CUDA graph could be recorded (CUDA error: operation not perm"), 1)

    def test_only_a_gpu_is_recorded(self):
        self.assertIsNone(recorder("cpu"))
        self.assertIsNotNone(recorder("cuda"))
        self.assertEqual(best_precision("cpu"), "float32")


class Branches(unittest.TestCase):
    def test_second_branch_sits_past_a_third(self):
        model = branchy.build("resnet18", 3, 10)
        macs = cost.by_module(model, 3)
        plain = sum(count for name, count in macs.items() if not name.startswith("branch"))
        self.assertEqual(plain, cost.multiply_accumulates(build("resnet18", 3, 10), 3))
        before = sum(c for n, c in macs.items() if n == "conv1" or n.startswith("layer1."))
        at = before + sum(c for n, c in macs.items() if n.startswith("layer2.0."))
        self.assertEqual(model.second, "layer2.0")
        self.assertTrue(before < plain / 3 <= at)

    def test_loss_is_the_weighted_sum_of_all_exits(self):
        torch.manual_seed(1)
        outputs, labels = tuple(torch.randn(4, 3) for _ in range(3)), torch.tensor([0, 2, 1, 1])
        each = [torch.nn.functional.cross_entropy(logits, labels) for logits in outputs]
        expected = each[0] / 6 + each[1] / 4 + each[2]
        self.assertTrue(torch.allclose(loss_of(outputs, labels), expected))
        self.assertTrue(torch.allclose(loss_of(outputs[2:], labels), each[2]))


class Export(Folder):
    def test_files_compute_what_was_trained(self):
        run = Run(SETTINGS, self.mirror())
        run.run_epoch()
        run.save(self.folder / "checkpoint.pt")
        card = export.export(self.folder / "checkpoint.pt", "tiny", "float32", self.folder, self.folder)
        out = self.folder / "tiny"
        self.assertEqual(json.loads((out / "card.json").read_text()), card)
        self.assertEqual(card["testAccuracy"]["before"], card["testAccuracy"]["after"])
        self.assertEqual(card["weightsBytes"], (out / "group1-shard1of1.bin").stat().st_size)
        self.assertIn("unfinished: 1 of 3 epochs", card["title"])
        gold = json.loads((out / "golden.json").read_text())
        x = tensor_of(golden.images(gold["seed"], gold["count"], 32, 1))
        with torch.no_grad():
            logits = run.model.eval()(normalise(x, run.mean, run.std))
        np.testing.assert_allclose(logits.numpy(), gold["logits"], atol=1e-4)

    def test_weights_elsewhere(self):
        run, file = Run(SETTINGS, self.mirror()), self.folder / "checkpoint.pt"
        target, out = self.folder / "networks", self.folder / "weights"
        run.run_epoch(lambda: True)
        run.save(file)
        with self.assertRaisesRegex(ExportError, "middle of an epoch"):
            export.export(file, "tiny", "float16", self.folder, target, out)
        run.run_epoch()
        run.save(file)
        with self.assertRaisesRegex(ExportError, "the same folder"):
            export.export(file, "tiny", "float16", self.folder, target, target)
        export.export(file, "tiny", "float16", self.folder, target)  # whose files the card then replaces
        card = export.export(file, "tiny", "float16", self.folder, target, out)
        self.assertEqual([f.name for f in (target / "tiny").iterdir()], ["card.json"])
        self.assertEqual(json.loads((target / "tiny/card.json").read_text()), card)
        self.assertEqual(card["weights"], "elsewhere")
        self.assertIn("--kernels float16 --weights-out training/weights", card["command"])
        names = sorted(f.name for f in (out / "tiny").iterdir())
        self.assertEqual(names, ["card.json", "golden.json", "group1-shard1of1.bin", "model.json"])
        self.assertEqual(card["weightsBytes"], (out / "tiny" / names[2]).stat().st_size)
        self.assertNotIn("weights", json.loads((out / "tiny/card.json").read_text()))

    def test_bottlenecks_and_a_hundred_classes(self):
        folder = self.folder / "cifar-100"
        folder.mkdir()
        for name, seed in (("train", 1), ("test", 2)):
            records = np.concatenate([noise(40, 2, seed=seed, top=100), noise(40, 3072, seed=seed)], 1)
            (folder / f"{name}.bin").write_bytes(records.tobytes())
        for network, title in (("resnet152", "ResNet-152"), ("wideresnet101-2", "WideResNet-101-2")):
            settings = dict(SETTINGS, dataset="cifar-100", network=network, augmentation=augmentation_of("cifar-100"))
            run = Run(settings, data.load("cifar-100", self.folder))
            run.save(self.folder / "checkpoint.pt")
            card = export.export(self.folder / "checkpoint.pt", network, "float16", self.folder, self.folder)
            self.assertEqual(card["title"], f"{title} (stem 4) · CIFAR-100 (unfinished: 0 of 3 epochs)")
            self.assertEqual((len(card["classes"]), card["input"]["pad"]), (100, 0))

    def test_branches_go_with_their_network(self):
        dataset = self.mirror()
        run = Run(dict(SETTINGS, branches=True), dataset)
        run.run_epoch()
        self.assertEqual(len(run.history[0]["branchAccuracies"]), 2)
        run.epoch = SETTINGS["epochs"]
        file = self.folder / "checkpoint.pt"
        run.save(file)
        with self.assertRaisesRegex(ExportError, "--plain ID"):
            export.export(file, "tiny-branchy", "float16", self.folder, self.folder)
        card = export.export(file, "tiny-branchy", "float16", self.folder, self.folder, plain="tiny")
        self.assertEqual((card["plain"], [b["after"] for b in card["branches"]]), ("tiny", ["conv1", "layer1.0"]))
        golden = json.loads((self.folder / "tiny-branchy/golden.json").read_text())
        self.assertEqual([len(golden["branches"]), len(golden["branches"][0])], [2, len(golden["logits"])])
        _, outputs, _ = tfjs.read(self.folder / "tiny-branchy")
        self.assertEqual(outputs, ["branch1.fc", "branch2.fc", "fc"])

    def test_damaged_files_are_refused(self):
        dataset = self.mirror()
        run = Run(SETTINGS, dataset)
        state = dict(mean=run.mean, std=run.std, channels=1)
        graph = export.graph_of(run.model)
        strided = next(layer for layer in graph.layers if layer["name"] == "layer2.0.conv1.pad")
        strided["config"]["padding"] = [[0, 2], [0, 2]]  # as if the padding were on one side only
        tfjs.write(self.folder, "tiny", graph, "uint8")
        with self.assertRaisesRegex(ExportError, "logits on golden images"):
            check(self.folder, run.model, state, dataset.test)
        graph = export.graph_of(run.model)
        graph.weights["fc/kernel"] = graph.weights["fc/kernel"][::-1]
        tfjs.write(self.folder, "tiny", graph, "uint8")
        with self.assertRaisesRegex(ExportError, "fc/kernel in the files"):
            check(self.folder, run.model, state, dataset.test)


if __name__ == "__main__":
    unittest.main()
