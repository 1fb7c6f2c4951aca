"""record, record_logits, from_features and Exits on small networks of PyTorch, held against plain loops."""
import math
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np

import offramp

from .fixtures import Sentences, needs_torch, torch

if torch is not None:
    from torch import nn

    from offramp.cost import Counter
    from offramp.taps import blocks_of

    from .fixtures import ResNet, Transformer, TwoOutputs, loader, seeded

K = 5


def e2cm_by_loops(outputs, labels, test_outputs):
    """Algorithm 1 in Python's own numbers: (label, confidence) of each test image at one exit; outputs are lists."""
    means = []
    for k in range(K):
        members = [x for x, y in zip(outputs, labels) if y == k]
        means.append([sum(column) / len(members) for column in zip(*members)])

    def distance(x, c):
        return math.sqrt(sum((a - b) ** 2 for a, b in zip(x, c)))

    normaliser = [sum(distance(x, c) for x in outputs) / len(outputs) for c in means]
    decided = []
    for x in test_outputs:
        terms = [math.exp(-distance(x, c) / m) for c, m in zip(means, normaliser)]
        best = max(terms)
        decided.append((terms.index(best), best / sum(terms)))
    return decided


def outputs_by_hand(model, batches):
    """What the ResNet's exits give, computed without hooks: [relu, layer1.0, …, layer2.1, logits] of every image."""
    found = []
    with torch.no_grad():
        for x, _ in batches:
            x = torch.relu(model.bn1(model.conv1(x)))
            exits = [x]
            x = model.maxpool(x)
            for block in [*model.layer1, *model.layer2]:
                x = block(x)
                exits.append(x)
            exits.append(model.fc(x.mean((2, 3))))
            found += zip(*(values.flatten(1).double().tolist() for values in exits))
    return found


@needs_torch
class Record(Sentences):
    def test_equals_algorithm_1_by_plain_loops(self):
        model, train, test = seeded(ResNet), loader(40), loader(24, seed=2)
        exits = ["relu", "layer1.0", "layer1.1", "layer2.0", "layer2.1"]
        exits[0] = offramp.Tap("maxpool", "conv1", input=True)
        recording = offramp.record(model, exits=exits, train=train, test=test)
        outputs, test_outputs = outputs_by_hand(model, train), outputs_by_hand(model, test)
        labels = [int(y) for _, ys in train for y in ys]
        self.assertEqual([e.name for e in recording.test.exits], ["conv1", *exits[1:], "classifier"])
        for trace, images in ((recording.test, test_outputs), (recording.train, outputs)):
            for j in range(5):
                expected = e2cm_by_loops([o[j] for o in outputs], labels, [o[j] for o in images])
                self.assertEqual(trace.prediction[j].tolist(), [label for label, _ in expected])
                np.testing.assert_allclose(trace.confidence[j], [c for _, c in expected], rtol=1e-5)
            for i, image in enumerate(images):  # the network's own argmax last
                terms = [math.exp(v - max(image[5])) for v in image[5]]
                self.assertEqual(trace.prediction[5, i], image[5].index(max(image[5])))
                self.assertAlmostEqual(float(trace.confidence[5, i]), max(terms) / sum(terms), 5)
        self.assertEqual(recording.train.label.tolist(), labels)
        self.assertEqual(recording.train.provenance.train_images, 40)

    def test_numpy_alone_records_the_same_from_arrays(self):
        model, train, test = seeded(ResNet), loader(40), loader(24, seed=2)
        exits = ["layer1.0", "layer1.1", "layer2.0", "layer2.1"]
        ours = offramp.record(model, exits=exits, train=train, test=test)

        def arrays(batches):
            found = []
            for x, y in batches:
                rows = outputs_by_hand(model, [(x, y)])
                columns = [np.array(column) for column in zip(*rows)]
                found.append((columns[1:5], columns[5], y.numpy()))
            return found

        network = [flops - sum(K * (3 * e.size - 1) for e in ours.test.exits[: min(j + 1, 4)]) for j, flops in enumerate(ours.test.flops)]
        other = offramp.from_features(train=arrays(train), test=arrays(test), costs=network, exits=exits)
        for a, b in zip(ours.traces, other.traces):
            np.testing.assert_array_equal(a.prediction, b.prediction)
            np.testing.assert_allclose(a.confidence, b.confidence, rtol=1e-5)
            np.testing.assert_array_equal(a.flops, b.flops)

    def test_counts_the_cost_of_every_exit(self):
        trace = offramp.record(seeded(ResNet), exits=["layer1.0", "layer2.0"], train=loader(20), test=loader(8)).test
        stem = 3 * 4 * 49 * 16 * 16
        layer1 = 2 * 4 * 4 * 9 * 64  # one block on maps of 8 × 8
        layer2 = 4 * 8 * 9 * 16 + 8 * 8 * 9 * 16 + 4 * 8 * 16  # its shortcut too
        d = [K * (3 * 256 - 1), K * (3 * 128 - 1)]
        whole = stem + 2 * layer1 + layer2 + 2 * 8 * 8 * 9 * 16 + 8 * K
        self.assertEqual([e.size for e in trace.exits], [256, 128, K])
        self.assertEqual(trace.flops.tolist(), [2 * (stem + layer1) + d[0], 2 * (stem + 2 * layer1 + layer2) + sum(d), 2 * whole + sum(d)])
        self.assertEqual(trace.network_flops, 2 * whole)

    def test_a_transformer_and_its_blocks(self):
        model, train, test = seeded(Transformer), loader(40, shape=(6, 12)), loader(20, shape=(6, 12), seed=2)
        trace = offramp.record(model, train=train, test=test).test
        layer = 2 * 6 * (4 * 12 * 12 + 2 * 6 * 12 + 2 * 12 * 20)
        d = K * (3 * 72 - 1)
        self.assertEqual([e.name for e in trace.exits], ["encoder.layers.0", "encoder.layers.1", "encoder.layers.2", "classifier"])
        self.assertEqual(trace.flops.tolist(), [(layer + d) * n for n in (1, 2, 3)] + [3 * (layer + d) + 2 * 12 * K])
        first = offramp.record(model, exits=[("encoder.layers.0", lambda y: y[:, 0])], train=train, test=test).test
        self.assertEqual(first.exits[0].size, 12)

    def test_exits_come_in_the_order_in_which_they_run(self):
        trace = offramp.record(seeded(ResNet), exits=["layer2.1", "layer1.0"], train=loader(20), test=loader(8)).test
        self.assertEqual([e.name for e in trace.exits], ["layer1.0", "layer2.1", "classifier"])

    def test_leaves_the_model_as_it_was(self):
        model = seeded(ResNet)
        model.train()
        model.bn1.eval()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        offramp.record(model, train=loader(20), test=loader(8))
        self.assertTrue(model.training and model.layer1[0].bn1.training)
        self.assertFalse(model.bn1.training)
        self.assertFalse(any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()))
        for name, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, before[name]), name)
        with self.assertRaises(offramp.TraceError):
            offramp.record(model, train=loader(20), test=[(torch.full((2, 3, 32, 32), torch.nan), torch.tensor([0, 1]))])
        self.assertTrue(model.layer1[0].bn1.training)
        self.assertFalse(any(m._forward_hooks for m in model.modules()))

    def test_a_class_without_images_is_never_predicted(self):
        train = [(x, torch.where(y == 3, torch.zeros_like(y), y)) for x, y in loader(40)]
        trace = offramp.record(seeded(ResNet), train=train, test=loader(30)).test
        self.assertNotIn(3, trace.prediction[:-1])
        self.assertTrue(np.isfinite(trace.confidence).all())

    def test_one_more_pass_gives_the_same_where_distances_do_not_fit(self):
        from offramp import means

        asked = dict(train=loader(40), test=loader(8))
        kept = offramp.record(seeded(ResNet), **asked)
        self.addCleanup(setattr, means, "MOST_DISTANCES", means.MOST_DISTANCES)
        means.MOST_DISTANCES = 100
        passed = offramp.record(seeded(ResNet), **asked)
        np.testing.assert_array_equal(kept.train.prediction, passed.train.prediction)
        np.testing.assert_array_equal(kept.train.confidence, passed.train.confidence)

    def test_writes_both_splits_into_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            recording = offramp.record(seeded(ResNet), train=loader(20), test=loader(8), out=f"{folder}/new", dataset="noise", network="tiny")
            names = sorted(path.name for path in Path(folder, "new").iterdir())
            self.assertEqual(names, [f"noise-tiny-e2cm-{split}.trace.{end}" for split in ("test", "train") for end in ("bin", "json")])
            back = offramp.load(f"{folder}/new/{names[1]}")
            np.testing.assert_array_equal(back.confidence, recording.test.confidence)

    def test_takes_dicts_with_a_word_about_them(self):
        dicts = [{"image": x, "label": y} for x, y in loader(20)]
        asked = dict(train=dicts, test=dicts, exits=["layer1.0"])
        self.refuses(r"Batch 0 of the train loader is a dict \(image, label\)", offramp.record, seeded(ResNet), **asked)
        trace = offramp.record(seeded(ResNet), unpack=lambda b: ({"x": b["image"]}, b["label"]), **asked).test
        self.assertEqual(trace.count, 20)

    def test_warns_of_a_loader_that_shuffles(self):
        data = torch.utils.data.TensorDataset(torch.randn(20, 3, 32, 32), torch.randint(0, K, (20,)))
        shuffled = torch.utils.data.DataLoader(data, 8, shuffle=True)
        ordered = torch.utils.data.DataLoader(data, 8)
        with self.assertWarnsRegex(offramp.TraceWarning, "train loader shuffles"):
            offramp.record(seeded(ResNet), train=shuffled, test=ordered)
        with warnings.catch_warnings():
            warnings.simplefilter("error", offramp.TraceWarning)
            offramp.record(seeded(ResNet), train=ordered, test=ordered)

    def test_refuses_what_cannot_be_an_exit(self):
        class Odd(nn.Module):
            def __init__(self):
                super().__init__()
                self.tuples, self.twice, self.whole, self.never = Pair(), nn.Linear(6, 6), Whole(), nn.Linear(6, 6)
                self.second, self.fc = Second(), nn.Linear(6, K)

            def forward(self, x):
                self.whole(x)
                self.second(x)
                return self.fc(self.twice(self.twice(self.tuples(x)[0])))

        class Pair(nn.Module):
            def forward(self, x):
                return x + 1, x

        class Whole(nn.Module):
            def forward(self, x):
                return x.argmax(1, keepdim=True)

        class Second(nn.Module):
            def forward(self, x):
                return x.reshape(-1, 2, 3).transpose(0, 1)

        model, batches = seeded(Odd), loader(20, shape=(6,))
        asked = dict(train=batches, test=batches)
        for pattern, exits in {
            "gives a tuple, not a tensor. Say which part": ["tuples"],
            "runs more than once": ["twice"],
            "gives int64; class means need floating-point": ["whole"],
            "does not run when the network does": ["never"],
            "Images come second there": ["second"],
            "is the network's own output": ["fc"],
            'no module "twise"; the nearest are twice': ["twise"],
            "exits is empty": [],
            'exits is "twice"; expected "auto" or a list': "twice",
            'The exit "tuples" is named twice': ["tuples", "tuples"],
            "3 is no exit": [3],
            r"its pick function failed on what tuples gives \(IndexError": [("tuples", lambda out: out[5])],
        }.items():
            with self.subTest(pattern):
                self.refuses(pattern, offramp.record, model, exits=exits, **asked)
        self.assertEqual(offramp.record(model, exits=[("tuples", lambda out: out[0])], **asked).test.exits[0].size, 6)

    def test_refuses_images_and_labels_that_do_not_fit(self):
        model, good = seeded(ResNet), loader(20)
        x, y = good[0]
        for pattern, changes in {
            "train loader gave no images": dict(train=[]),
            "test loader gave no images": dict(test=[]),
            "train is an iterator, which is empty after one pass": dict(train=iter(good)),
            "train is a int; expected a loader": dict(train=5),
            "is a Tensor; expected \\(inputs, labels\\)": dict(train=[x]),
            "is 3 things": dict(train=[(x, y, y)]),
            "16 images but 15 labels": dict(train=[(x, y[:15])]),
            "labels of the shape 16 × 5": dict(train=[(x, torch.eye(5)[y])]),
            "labels of float32": dict(train=[(x, y.float())]),
            "Train image 0 has label 7, but the network tells the classes 0 to 4": dict(train=[(x, y * 0 + 7)]),
            "Test image 20 has label -1": dict(test=[*good, (x, y * 0 - 1)]),
            "test image 2 a logit that is no finite number": dict(test=[(torch.cat([x[:2], x[2:] * torch.nan]), y)]),
            "3 class names, but the network tells 5": dict(classes=["a", "b", "c"]),
            "4096 numbers an image|gives .* numbers an image, where it gave": dict(test=[(torch.randn(16, 3, 64, 64), y)]),
            "more than the 0.0 GB allowed": dict(memory=1000),
            "costs must be 5 finite numbers": dict(costs=[1, 2]),
            r"The model fails on inputs of float64 16 × 3 × 32 × 32 \(RuntimeError": dict(train=[(x.double(), y)]),
            r"The model fails on inputs of float32 16 × 4 × 32 × 32 \(RuntimeError": dict(train=[(x[:, [0, 1, 2, 0]], y)]),
            "the unpack function failed on a tuple \\(KeyError": dict(unpack=lambda batch: {}["image"]),
        }.items():
            with self.subTest(pattern):
                self.refuses(pattern, offramp.record, model, **{"train": good, "test": good, **changes})
        self.refuses("model is a function; expected", offramp.record, lambda x: x, train=good, test=good)

    def test_refuses_passes_that_differ(self):
        class Shrinking:
            passes = 0

            def __iter__(self):
                self.passes += 1
                return iter(loader(32)[: 2 if self.passes < 3 else 1])

        self.refuses("32 images in its first pass and 16 in its second", offramp.record, seeded(ResNet), train=Shrinking(), test=loader(8))

    def test_refuses_products_that_cannot_be_counted_unless_costs_are_given(self):
        class Spectral(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.fc = nn.Sequential(nn.Linear(6, 6)), nn.Linear(6, K)

            def forward(self, x):
                return self.fc(torch.fft.fft(self.first(x)).real)

        batches = loader(20, shape=(6,))
        asked = dict(exits=["first"], train=batches, test=batches)
        self.refuses("cannot be counted: aten::_?fft", offramp.record, seeded(Spectral), **asked)
        trace = offramp.record(seeded(Spectral), costs=[72, 200], **asked).test
        distances = K * (3 * 6 - 1)
        self.assertEqual((trace.flops.tolist(), trace.network_flops), ([72 + distances, 200 + distances], 200))

    def test_a_network_in_half_precision(self):
        model = nn.Sequential(nn.Sequential(nn.Linear(6, 12), nn.ReLU()), nn.Sequential(nn.Linear(12, 12), nn.ReLU()), nn.Linear(12, K))
        train = loader(60, shape=(6,))
        halves = [(x.bfloat16(), y) for x, y in train]
        exits = ["0", "1"]
        half = offramp.record(model.bfloat16(), exits=exits, train=halves, test=halves).test
        whole = offramp.record(model.float(), exits=exits, train=[(x.float(), y) for x, y in halves], test=train).train
        self.assertGreater((half.prediction == whole.prediction).mean(), 0.9)
        np.testing.assert_allclose(half.confidence, whole.confidence, rtol=0.03)

    def test_models_whose_logits_are_inside_something(self):
        class Wrapped(ResNet):
            def forward(self, x):
                return {"loss": None, "logits": super().forward(x)}

        class Tuples(ResNet):
            def forward(self, x):
                return super().forward(x), 1

        batches = loader(20)
        plain = offramp.record(seeded(ResNet), train=batches, test=batches).test
        wrapped = offramp.record(seeded(Wrapped), train=batches, test=batches).test
        np.testing.assert_array_equal(plain.confidence, wrapped.confidence)
        self.refuses("gives a tuple, not a tensor of logits", offramp.record, seeded(Tuples), train=batches, test=batches)
        picked = offramp.record(seeded(Tuples), logits=lambda out: out[0], train=batches, test=batches).test
        np.testing.assert_array_equal(plain.confidence, picked.confidence)


@needs_torch
class Auto(Sentences):
    def test_finds_blocks_by_structure(self):
        self.assertEqual(blocks_of(ResNet()), ["layer1.0", "layer1.1", "layer2.0", "layer2.1"])

        class Norm(nn.Sequential):
            pass

        features = nn.Sequential(Norm(nn.Conv2d(3, 4, 3), nn.ReLU()), nn.Dropout(), Norm(nn.Conv2d(4, 4, 3)))
        net = nn.Sequential()
        net.add_module("features", features)
        net.add_module("classifier", nn.Sequential(nn.Dropout(), nn.Linear(4, 2)))
        self.assertEqual(blocks_of(net), ["features.0", "features.2"])

        class Named(nn.Module):
            def __init__(self):
                super().__init__()
                self.stem, self.body, self.fc = nn.Conv2d(3, 4, 3), Norm(nn.ReLU()), nn.Linear(4, 2)

        self.assertEqual(blocks_of(Named()), ["body"])

    def test_says_when_it_finds_none_and_what_there_is(self):
        self.refuses("finds no blocks in this model. .* it has 0, 1", blocks_of, nn.Sequential(nn.Linear(2, 2), nn.ReLU()))

    def test_leaves_out_blocks_that_cannot_be_exits(self):
        class Extra(ResNet):
            def __init__(self):
                super().__init__()
                self.unused = nn.ModuleList([ResNet()])
                self.fc = nn.Sequential(nn.Sequential(nn.Linear(8, 5)))

        trace = offramp.record(seeded(Extra), train=loader(20), test=loader(8)).test
        self.assertEqual(len(trace.exits), 5)


@needs_torch
class Cost(unittest.TestCase):
    def count(self, module, *inputs):
        with torch.no_grad(), Counter() as counter:
            module(*inputs)
        self.assertEqual(counter.unknown, set())
        return counter.macs()

    def test_convolutions(self):
        x = torch.randn(2, 4, 8, 8)
        self.assertEqual(self.count(nn.Conv2d(4, 6, 3), x), 2 * 4 * 6 * 9 * 36)
        self.assertEqual(self.count(nn.Conv2d(4, 8, 3, groups=4, padding=1), x), 2 * 8 * 9 * 64)
        self.assertEqual(self.count(nn.Conv2d(4, 6, (1, 3), 2, groups=2), x), 2 * 6 * 2 * 3 * 4 * 3)
        self.assertEqual(self.count(nn.ConvTranspose2d(4, 6, 3, 2), x), 2 * 4 * 64 * 6 * 9)
        self.assertEqual(self.count(nn.Conv1d(8, 6, 3), x[:, :, 0].transpose(1, 2)), 2 * 8 * 6 * 3 * 2)

    def test_products_of_matrices_with_modules_and_without(self):
        x = torch.randn(2, 5, 4)
        self.assertEqual(self.count(nn.Linear(4, 3), x), 2 * 5 * 4 * 3)
        self.assertEqual(self.count(lambda a: a @ a.transpose(1, 2), x), 2 * 5 * 5 * 4)
        self.assertEqual(self.count(lambda a: torch.einsum("bij,bkj->bik", a, a), x), 2 * 5 * 5 * 4)
        self.assertEqual(self.count(lambda a: a[0] @ a[0, 0], x), 5 * 4)
        self.assertEqual(self.count(nn.Bilinear(4, 4, 3), x[0], x[0]), 5 * 4 * 4 * 3)

    def test_attention_on_its_fast_path_and_its_slow_one(self):
        x, y = torch.randn(3, 5, 12), torch.randn(3, 7, 12)
        attention = nn.MultiheadAttention(12, 3, batch_first=True)
        layer = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True)
        own = 3 * (4 * 5 * 144 + 2 * 25 * 12)
        for training in (False, True):
            attention.train(training)
            layer.train(training)
            self.assertEqual(self.count(attention, x, x, x), own)
            self.assertEqual(self.count(attention, x, y, y), 3 * (2 * 5 * 144 + 2 * 7 * 144 + 2 * 35 * 12))
            self.assertEqual(self.count(layer, x), own + 3 * 5 * 2 * 12 * 20)

    def test_what_is_no_product_costs_nothing(self):
        x = torch.randn(2, 4, 8, 8)
        self.assertEqual(self.count(nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Softmax(1)), x), 0)


@needs_torch
class RecordLogits(Sentences):
    def test_a_model_with_two_outputs(self):
        model, test = seeded(TwoOutputs), loader(30, shape=(3, 8, 8))
        recording = offramp.record_logits(model, test=test, classes=list("abcde"))
        self.assertIsNone(recording.train)
        trace = recording.test
        first, branch, second, fc = 3 * 4 * 9 * 64, 4 * K, 4 * 6 * 9 * 64, 6 * K
        self.assertEqual(trace.flops.tolist(), [2 * (first + branch), 2 * (first + branch + second + fc)], "needed, not run before")
        self.assertEqual((trace.rule, trace.method, trace.network), ("at-least", "max-softmax", "TwoOutputs"))
        at = 0
        with torch.no_grad():
            for x, y in test:
                for j, logits in enumerate(model(x)):
                    for i, row in enumerate(logits.double().tolist()):
                        terms = [math.exp(v) for v in row]
                        self.assertEqual(trace.prediction[j, at + i], row.index(max(row)))
                        self.assertAlmostEqual(float(trace.confidence[j, at + i]), max(terms) / sum(terms), 6)
                at += len(y)

    def test_dicts_functions_and_costs(self):
        test = loader(20, shape=(3, 8, 8))
        named = offramp.record_logits(seeded(TwoOutputs, keys=("early", "late")), test=test, train=test)
        self.assertEqual([e.name for e in named.test.exits], ["early", "late"])
        model = seeded(TwoOutputs)

        def function(x):
            with torch.no_grad():
                return [logits.numpy() for logits in model(x)]

        plain = offramp.record_logits(function, test=test, costs=[1, 2], exits=["a", "b"]).test
        np.testing.assert_array_equal(plain.prediction, named.test.prediction)
        self.assertIsNone(plain.scores)
        logits = np.concatenate([np.stack(function(x)) for x, _ in test], axis=1)
        for kept in (function, model):
            scores = offramp.record_logits(kept, test=test, costs=[1, 2], scores=True).test.scores
            np.testing.assert_allclose(scores, logits - logits.max(2, keepdims=True), atol=2e-3)
        self.assertEqual((plain.network, plain.flops.tolist()), ("function", [1, 2]))
        self.refuses("costs of a plain function cannot be counted", offramp.record_logits, function, test=test)
        self.refuses("There are no images", offramp.record_logits, function)
        self.refuses("model is a list", offramp.record_logits, [1], test=test)
        self.refuses("3 exit names, but the model has 2", offramp.record_logits, model, test=test, exits=["a", "b", "c"])
        self.refuses("label 9, but the network", offramp.record_logits, model, test=[(test[0][0], test[0][1] * 0 + 9)])
        self.refuses("Output late|Output exit 1 gives test image 0", offramp.record_logits, model, test=[(test[0][0] * torch.nan, test[0][1])])

    def test_refuses_outputs_that_are_no_logits(self):
        test = loader(20, shape=(3, 8, 8))
        model = seeded(TwoOutputs)
        for pattern, outputs in {
            "gives a Tensor; expected a tuple": lambda out: out[0],
            "gives no outputs": lambda out: [],
            "Output exit 2 is 16; expected|Output exit 2 is 16 for": lambda out: [out[0], out[1][:, 0]],
            "Output exit 2 has 3 classes and the first 5": lambda out: [out[0], out[1][:, :3]],
            "Output exit 1 is of int64": lambda out: [out[0].long(), out[1].long()],
        }.items():
            with self.subTest(pattern):
                self.refuses(pattern, offramp.record_logits, model, test=test, outputs=outputs)


@needs_torch
class ExitsEarly(Sentences):
    def setUp(self):
        self.model, self.test = seeded(ResNet), loader(60, seed=2)
        self.recording = offramp.record(self.model, train=loader(60), test=self.test)
        self.thresholds = np.quantile(self.recording.test.confidence[:-1], 0.6, axis=1)
        # Between two confidences: a batch of another size may round differently.
        for j, row in enumerate(np.sort(self.recording.test.confidence[:-1], axis=1)):
            at = np.searchsorted(row, self.thresholds[j])
            self.thresholds[j] = (float(row[at - 1]) + float(row[at])) / 2

    def test_leaves_where_replay_says_and_says_how_many(self):
        outcome = offramp.replay(self.recording.test, self.thresholds)
        self.assertGreater((outcome.leaving > 0).sum(), 3)
        for compact in (True, False):
            early = offramp.Exits(self.model, self.recording.means, self.thresholds, compact=compact)
            found = [early(x) for x, _ in self.test]
            self.assertEqual(torch.cat([f.exit for f in found]).tolist(), outcome.exit_of.tolist())
            expected = self.recording.test.prediction[outcome.exit_of, np.arange(60)]
            self.assertEqual(torch.cat([f.label for f in found]).tolist(), expected.tolist())
            self.assertEqual(early.leaving.tolist(), outcome.leaving.tolist())
            early.reset()
            self.assertEqual(early.leaving.sum(), 0)

    def test_really_runs_the_rest_on_fewer_images_and_not_at_all_once_all_have_left(self):
        rows = []
        handles = [block.register_forward_hook(lambda m, i, o: rows.append(len(i[0]))) for block in (*self.model.layer1, *self.model.layer2)]
        early = offramp.Exits(self.model, self.recording.means, self.thresholds)
        early(self.test[0][0])  # held against a full pass
        rows.clear()
        left = early(self.test[1][0])
        staying = [16 - int((left.exit < j).sum()) for j in range(4)]
        self.assertEqual(rows, [n for n in staying if n > 0])
        self.assertLess(rows[-1], 16)
        rows.clear()
        everyone = offramp.Exits(self.model, self.recording.means, [np.inf, 0, np.inf, np.inf], compact=False)
        self.assertEqual(everyone(self.test[1][0]).exit.tolist(), [1] * 16)
        self.assertEqual(rows, [16, 16])
        for handle in handles:
            handle.remove()

    def test_a_transformer_stops_early_too(self):
        model, test = seeded(Transformer), loader(40, shape=(6, 12), seed=2)
        recording = offramp.record(model, train=loader(40, shape=(6, 12)), test=test)
        thresholds = np.median(recording.test.confidence[:-1], axis=1) + 1e-5
        early = offramp.Exits(model, recording.means, thresholds)
        exits = torch.cat([early(x).exit for x, _ in test])
        self.assertEqual(exits.tolist(), offramp.replay(recording.test, thresholds).exit_of.tolist())

    def test_says_when_images_cannot_be_taken_out(self):
        class Skips(ResNet):
            def forward(self, x):
                stem = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
                y = self.layer1(stem) + stem  # around the exits of layer1
                return self.fc(self.layer2(y).mean((2, 3)))

        model = seeded(Skips)
        recording = offramp.record(model, train=loader(60), test=self.test)
        thresholds = np.median(recording.test.confidence[:-1], axis=1) + 1e-5
        early = offramp.Exits(model, recording.means, thresholds)
        self.refuses("cannot be taken out of the batch .* compact=False", early, self.test[0][0])
        whole = offramp.Exits(model, recording.means, thresholds, compact=False)
        exits = torch.cat([whole(x).exit for x, _ in self.test])
        self.assertEqual(exits.tolist(), offramp.replay(recording.test, thresholds).exit_of.tolist())

    def test_means_come_back_from_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            self.recording.means.save(f"{folder}/means.npz")
            means = offramp.ClassMeans.load(f"{folder}/means.npz")
            early = offramp.Exits(self.model, means, self.thresholds)
            outcome = offramp.replay(self.recording.test, self.thresholds)
            self.assertEqual(torch.cat([early(x).exit for x, _ in self.test]).tolist(), outcome.exit_of.tolist())
            picked = offramp.record(self.model, exits=[("layer1.0", lambda y: y.mean((2, 3)))], train=self.test, test=self.test)
            picked.means.save(f"{folder}/picked.npz")
            self.refuses("tapped through a function", offramp.ClassMeans.load, f"{folder}/picked.npz")
            self.refuses("There is no", offramp.ClassMeans.load, f"{folder}/nothing.npz")
            Path(folder, "broken.npz").write_bytes(b"no zip")
            self.refuses("holds no class means", offramp.ClassMeans.load, f"{folder}/broken.npz")

    def test_refuses_what_does_not_fit(self):
        means = self.recording.means
        self.refuses("2 thresholds; a trace with 5 exits needs 4", offramp.Exits, self.model, means, [0.1, 0.2])
        self.refuses("means is no ClassMeans", offramp.Exits, self.model, None, 0.1)
        self.refuses("class means of 4 exits, but 1 places", offramp.Exits, self.model, means, 0.1, exits=["layer1.0"])
        self.refuses("The batch has no images", offramp.Exits(self.model, means, 0.1), torch.empty(0, 3, 32, 32))
        self.refuses("numbers an image; its class means have", offramp.Exits(self.model, means, 0.1), torch.randn(4, 3, 64, 64))


class WithoutTorch(unittest.TestCase):
    def test_the_package_needs_numpy_alone(self):
        code = (
            "import sys; sys.modules['torch'] = None\n"
            "import offramp\n"
            "trace = offramp.from_arrays(logits=[[[0, 1.0]], [[2.0, 0]]], labels=[1], flops=[1, 2])\n"
            "assert offramp.replay(trace, 0.5).accuracy == 1\n"
            "offramp.record_logits(lambda x: [x, x], test=[(__import__('numpy').eye(2), [0, 1])], costs=[1, 2])\n"
            "try: offramp.record\n"
            "except ImportError as error: print(error)\n"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(offramp.__file__).parents[1])
        self.assertEqual(run.stderr, "")
        self.assertIn("offramp.record needs PyTorch", run.stdout)


if __name__ == "__main__":
    unittest.main()
