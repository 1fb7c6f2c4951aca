"""Fast tests of deep embedded clustering that need no dataset: python3 training/test_dec.py"""
import itertools
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import data
import dec_export
import golden
import golden_dec
import interpreter
import tfjs
from autoencoder import Autoencoder
from clustering import (
    accuracy, adjusted_rand, assignment, contingency, divergence, kmeans, lloyd, mutual_information, plus_plus,
    soft_assignment, target,
)  # fmt: skip
from dec_run import DecRun, pixels_of
from procedure import ClusteringError, Procedure
from proof import ExportError
from test_training import Folder

SETTINGS = dict(
    dataset="mnist", seed=1, epochs=2, headEpochs=1, batch=16, rate=1e-3, warmUp=5, refineRate=0.01, refineBatch=16,
    interval=3, tolerance=0.0, steps=6,
)


class Agreement(unittest.TestCase):
    """Of clusters with labels."""

    def test_assignment_is_the_best_of_all(self):
        numbers = np.random.default_rng(1)
        for size in (1, 2, 3, 5, 6) * 10:
            gain = numbers.integers(-4, 9, (size, size))
            best = max(sum(gain[i, j] for i, j in enumerate(order)) for order in itertools.permutations(range(size)))
            found = assignment(gain)
            self.assertEqual(sorted(found), list(range(size)))
            self.assertEqual(gain[np.arange(size), found].sum(), best)

    def test_by_hand(self):
        # Clusters {a, b}, {c, d, e, f}; labels {a, b, c}, {d, e, f}: 5 of 6 agree; of 15 pairs 1 + 6 are together in the
        # one, 3 + 3 in the other, 1 + 3 in both, and 7 * 6 / 15 = 2.8 would be by chance.
        clusters, labels = np.array([0, 0, 1, 1, 1, 1]), np.array([1, 1, 1, 0, 0, 0])
        np.testing.assert_array_equal(contingency(clusters, labels, 2), [[0, 2], [3, 1]])
        self.assertAlmostEqual(accuracy(clusters, labels), 5 / 6)
        self.assertAlmostEqual(adjusted_rand(clusters, labels), (4 - 2.8) / (6.5 - 2.8))
        ours, theirs = -np.log([1 / 3, 2 / 3]) @ [1 / 3, 2 / 3], np.log(2)
        both = -np.log([1 / 3, 1 / 2, 1 / 6]) @ [1 / 3, 1 / 2, 1 / 6]
        self.assertAlmostEqual(mutual_information(clusters, labels), (ours + theirs - both) / ((ours + theirs) / 2))

    def test_names_do_not_matter_and_one_group_is_no_error(self):
        clusters, zeros = np.array([2, 2, 0, 1]), np.zeros(4, int)
        for measure in (accuracy, mutual_information, adjusted_rand):
            self.assertAlmostEqual(measure(clusters, np.array([0, 0, 1, 2])), 1)
            self.assertAlmostEqual(measure(zeros, zeros), 1)
        self.assertAlmostEqual(mutual_information(zeros, clusters), 0)
        self.assertAlmostEqual(adjusted_rand(zeros, clusters), 0)


class Clusters(unittest.TestCase):
    def test_kmeans_finds_groups_apart(self):
        generator = torch.Generator().manual_seed(1)
        middles = 10 * torch.eye(4)
        labels = torch.arange(400) % 4
        points = middles[labels] + torch.randn(400, 4, generator=generator)
        centres, clusters = kmeans(points, 4, 5, generator)
        self.assertEqual(accuracy(clusters.numpy(), labels.numpy()), 1)
        for k in range(4):
            np.testing.assert_allclose(centres[k], points[clusters == k].mean(0), atol=1e-5)

    def test_kmeans_where_there_is_little(self):
        generator = torch.Generator().manual_seed(1)
        with self.assertRaisesRegex(ValueError, "2 points cannot make 3 clusters"):
            kmeans(torch.zeros(2, 2), 3, 1, generator)
        centres, clusters = kmeans(torch.ones(5, 2), 3, 2, generator)
        self.assertTrue(torch.equal(centres, torch.ones(3, 2)))
        self.assertEqual(len(clusters), 5)

    def test_an_empty_cluster_takes_the_farthest_point(self):
        points = torch.tensor([[0.0], [1.0], [10.0], [11.0], [30.0]])
        centres, clusters, _ = lloyd(points, torch.tensor([[0.5], [12.0], [99.0]]))
        self.assertEqual(sorted(centres[:, 0].tolist()), [0.5, 10.5, 30])
        self.assertEqual(clusters.unique().numel(), 3)

    def test_first_centres_are_points_apart(self):
        points = torch.tensor([[0.0]] * 50 + [[1.0]] + [[2.0]])
        chosen = plus_plus(points, 3, torch.Generator().manual_seed(3))
        self.assertEqual(sorted(chosen[:, 0].tolist()), [0, 1, 2])

    def test_assignment_target_and_gradient_as_in_float64(self):
        generator = torch.Generator().manual_seed(1)
        z = torch.randn(60, 3, generator=generator, requires_grad=True)
        m = torch.randn(4, 3, generator=generator, requires_grad=True)
        q = soft_assignment(z, m)
        p = target(q).detach()
        divergence(p, q).backward()
        z64, m64 = z.detach().double().numpy(), m.detach().double().numpy()
        apart = z64[:, None] - m64[None]
        t = 1 / (1 + (apart**2).sum(2))
        q64 = t / t.sum(1, keepdims=True)
        w = q64**2 / q64.sum(0)
        p64 = w / w.sum(1, keepdims=True)
        np.testing.assert_allclose(q.detach(), q64, rtol=1e-5)
        np.testing.assert_allclose(p, p64, rtol=1e-5)
        # Equations 4 and 5 of Xie et al. 2016 for alpha 1: 2 sum_j t_ij (p_ij - q_ij) (z_i - m_j), here over N.
        pull = 2 * (t * (p64 - q64))[..., None] * apart / 60
        np.testing.assert_allclose(z.grad, pull.sum(1), atol=1e-7)
        np.testing.assert_allclose(m.grad, -pull.sum(0), atol=1e-7)


class Golden(unittest.TestCase):
    def test_file_is_what_the_program_writes(self):
        kept = json.loads((Path(__file__).parent / "golden_dec.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            golden_dec.main(f"{folder}/golden.json")
            made = json.loads(Path(f"{folder}/golden.json").read_text())
        self.assertEqual(list(kept), list(made))
        for section in ("autoencoder", "refinement", "head"):
            np.testing.assert_allclose(kept[section]["losses"], made[section]["losses"], rtol=1e-5)
            for name, values in kept[section]["end"].items():
                np.testing.assert_allclose(values, made[section]["end"][name], atol=1e-5)
        self.assertEqual(kept["scores"], made["scores"])


class Runs(Folder):
    def finish(self, run, cut=None, again=None):
        """Advance to the end; after `cut` portions through a checkpoint into the run `again`."""
        for portion in itertools.count(1):
            run.advance()
            if portion == cut:
                run.save(self.folder / "checkpoint.pt")
                run = again
                run.restore(self.folder / "checkpoint.pt")
            if run.over:
                return run

    def test_pixels_are_scaled_and_in_order(self):
        dataset = self.mirror()
        x, labels = pixels_of(dataset)
        self.assertEqual((x.shape, len(labels)), ((80, 784), 80))
        np.testing.assert_allclose(x[40], dataset.test.images[0].reshape(-1) / 50, rtol=1e-6)

    def test_layers_start_within_their_bound(self):
        model = Autoencoder((784, 500, 10), torch.Generator().manual_seed(1))
        for layer in (*model.encoder.layers, *model.decoder.layers):
            bound = layer.in_features**-0.5
            self.assertLessEqual(layer.weight.abs().max().item(), bound)
            self.assertAlmostEqual(layer.weight.std().item(), bound / 3**0.5, delta=0.1 * bound)
            self.assertEqual(layer.bias.abs().max().item(), 0)

    def test_resumed_is_the_same(self):
        dataset = self.mirror()
        whole = self.finish(DecRun(SETTINGS, dataset))
        portions = sum(len(exit["history"]) for exit in whole.finished.values())
        for cut in range(1, portions):
            pieces = self.finish(DecRun(SETTINGS, dataset), cut, DecRun(SETTINGS, dataset))
            for name, exit in whole.finished.items():
                self.assertEqual(pieces.finished[name]["history"], exit["history"])
                self.assertTrue(torch.equal(pieces.finished[name]["centres"], exit["centres"]))
                for key, values in exit["autoencoder"].items():
                    self.assertTrue(torch.equal(pieces.finished[name]["autoencoder"][key], values))

    def test_other_settings_are_refused(self):
        dataset, file = self.mirror(), self.folder / "checkpoint.pt"
        DecRun(SETTINGS, dataset).save(file)
        with self.assertRaisesRegex(data.DataError, r"other settings \(batch\)"):
            DecRun(dict(SETTINGS, batch=8), dataset).restore(file)

    def test_refinement_ends_when_nothing_changes_or_steps_are_used_up(self):
        points = torch.randn(64, 4, generator=torch.Generator().manual_seed(1))

        def refined(**changes):
            settings = dict(SETTINGS, **changes)
            one = Procedure("x", (4, 2), points, 3, 1, settings, torch.Generator().manual_seed(1))
            while one.part != "done":
                one.advance()
            return one

        self.assertEqual(refined().steps, 6)
        self.assertEqual(refined(tolerance=1.1).steps, 3)  # the first time says nothing

    def test_what_is_no_number_is_refused(self):
        one = Procedure("small", (4, 2), torch.full((8, 4), 1e30), 2, 1, SETTINGS, torch.Generator().manual_seed(1))
        with self.assertRaisesRegex(ClusteringError, "DEC-small: loss is inf in part pretrain"):
            one.advance()

    def test_export(self):
        dataset, file = self.mirror(), self.folder / "checkpoint.pt"
        run = DecRun(SETTINGS, dataset)
        run.advance()
        run.save(file)
        with self.assertRaisesRegex(ExportError, "unfinished run"):
            dec_export.export(file, "tiny", "float16", self.folder, self.folder)
        run = self.finish(run)
        run.save(file)
        card = dec_export.export(file, "tiny", "float16", self.folder, self.folder)
        out = self.folder / "tiny"
        self.assertEqual(json.loads((out / "card.json").read_text()), card)
        self.assertEqual((card["parameters"], card["multiplyAccumulates"]), (1665010, 1662000))
        self.assertEqual(card["trainImages"], 80)
        config, outputs, weights = tfjs.read(out)
        self.assertEqual(outputs, ["small", "middle", "dense4"])
        gold = json.loads((out / "golden.json").read_text())
        pictures = torch.from_numpy(golden.images(gold["seed"], gold["count"], *gold["shape"][1:])).float()
        (mean,), (std,) = card["input"]["mean"], card["input"]["std"]
        found = interpreter.run(config, outputs, weights, (pictures / 255 - mean) / std)
        for ours, theirs in zip(found, (*gold["branches"], gold["logits"])):
            np.testing.assert_allclose(ours, theirs, atol=1e-4)
        # By the card and the files alone, DEC-middle's clusters are those of its last refresh, rounding apart.
        x, labels = pixels_of(dataset)
        clustering = card["clustering"]
        centres = torch.tensor(clustering["centres"][1]).view(clustering["clusters"], -1)
        z = interpreter.run(config, outputs, weights, x.view(-1, 28, 28, 1))[1]
        clusters = ((z[:, None] - centres) ** 2).sum(2).argmin(1).numpy()
        self.assertAlmostEqual(accuracy(clusters, labels), clustering["scores"]["middle"]["accuracy"])
        self.assertEqual(clustering["refineSteps"], [6, 6, 6])

    def test_one_map_for_all_exits(self):
        # DEC-large's clusters are the classes; DEC-small has them under other names and takes one 1 for a 0.
        labels = np.array([0, 0, 0, 1, 1, 2])
        large, small = labels, np.array([5, 5, 5, 7, 5, 3])
        measured, tests = dec_export.measure([small, large, large], labels, 2)
        self.assertEqual((measured["large"]["aligned"], tests), (1, 1))
        self.assertAlmostEqual(measured["small"]["aligned"], 5 / 6)


if __name__ == "__main__":
    unittest.main()
