"""Traces: made of arrays, checked, replayed."""
import json
import math
import tempfile
import unittest
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

import offramp
from offramp import files

from .fixtures import ROOT, Sentences, small_trace


def softmax(row):
    terms = [math.exp(v - max(row)) for v in row]
    return [t / sum(terms) for t in terms]


class FromArrays(Sentences):
    def setUp(self):
        rng = np.random.default_rng(3)
        self.logits = rng.normal(0, 2, (3, 40, 4)).astype(np.float32)
        self.labels = rng.integers(0, 4, 40)
        self.asked = dict(labels=self.labels, flops=[1, 2, 3])

    def test_logits_give_argmax_and_max_softmax(self):
        trace = offramp.from_arrays(logits=self.logits, **self.asked)
        for j in range(3):
            for i in range(40):
                p = softmax([float(v) for v in self.logits[j, i]])
                self.assertEqual(trace.prediction[j, i], p.index(max(p)))
                self.assertAlmostEqual(float(trace.confidence[j, i]), max(p), 6)
        self.assertEqual((trace.rule, trace.unit, trace.network_flops), ("at-least", "FLOPs", 3))
        self.assertEqual(trace.prediction.dtype, np.uint8)

    def test_is_named_without_its_numbers(self):
        said = repr(offramp.from_arrays(logits=self.logits, **self.asked))
        self.assertTrue(said.startswith("Trace(dataset="))
        self.assertNotIn("array(", said)

    def test_probabilities_and_lists_of_exits_give_the_same(self):
        probs = np.exp(self.logits) / np.exp(self.logits).sum(2, keepdims=True)
        ours, other = (offramp.from_arrays(**{k: v}, **self.asked) for k, v in (("logits", list(self.logits)), ("probs", probs)))
        np.testing.assert_array_equal(ours.prediction, other.prediction)
        np.testing.assert_allclose(ours.confidence, other.confidence, rtol=1e-6)

    def test_scores_stay_where_they_are_asked_for_and_come_back_from_a_file(self):
        trace = offramp.from_arrays(logits=self.logits, scores=True, **self.asked)
        self.assertIsNone(offramp.from_arrays(logits=self.logits, **self.asked).scores)
        less = self.logits - self.logits.max(2, keepdims=True)
        np.testing.assert_array_equal(trace.scores, less.astype(np.float16))
        probs = np.exp(self.logits) / np.exp(self.logits).sum(2, keepdims=True)
        np.testing.assert_allclose(offramp.from_arrays(probs=probs, scores=True, **self.asked).scores, less, atol=0.01)
        with tempfile.TemporaryDirectory() as folder:
            path = trace.save(f"{folder}/t")
            header = json.loads(path.read_text())
            self.assertEqual(header["format"], "offramp-trace/2")
            self.assertEqual(offramp.load(path).scores, None)
            back = offramp.open(path, scores=True)
            np.testing.assert_array_equal(back.scores, trace.scores)
            again = back.save(f"{folder}/u")
            self.assertEqual(again.with_suffix(".bin").read_bytes(), path.with_suffix(".bin").read_bytes())
            self.assertEqual(offramp.load(offramp.load(path).save(f"{folder}/v")).scores, None)
            self.assertIn('"offramp-trace/1"', Path(f"{folder}/v.trace.json").read_text())
        self.assertEqual(trace.first(7).scores.shape, (3, 7, 4))

    def test_scores_that_do_not_fit_are_refused(self):
        trace = offramp.from_arrays(logits=self.logits, scores=True, **self.asked)
        nan = trace.scores.copy()
        nan[1, 2, 3] = np.nan
        self.refuses("score of image 2 at exit exit 2 for class 3 is nan; expected a finite", replace, trace, scores=nan)
        self.refuses("predicted as class . but class . has a greater score|, but class", replace, trace, scores=-trace.scores)
        self.refuses(r"scores is 3 × 40 × 2 of float16; expected 3 × 40 × 4", replace, trace, scores=trace.scores[:, :, :2])
        guess = dict(prediction=trace.prediction, confidence=trace.confidence, rule="above")
        self.refuses("no scores that could be kept", offramp.from_arrays, **guess, scores=True, **self.asked)
        header, raw = files.encode(trace)
        for change, sentence in (
            (dict(length=7), r"scores.length is 7; expected 480 \(exits × images × classes\)"),
            (dict(dtype="float32"), "scores.dtype is 'float32'|scores.dtype is \"float32\"; expected float16"),
            (dict(offset=10**9), "scores ends at byte 1000000960"),
        ):
            forged = {**header, "arrays": {**header["arrays"], "scores": {**header["arrays"]["scores"], **change}}}
            self.refuses(sentence, files.decode, forged, raw, True)
        self.refuses("belongs to \"offramp-trace/2\"", files.decode, {**header, "format": "offramp-trace/1"}, raw, True)

    def test_a_second_judge_is_kept_and_the_first_is_asked(self):
        one = offramp.from_arrays(logits=self.logits, **self.asked)
        other = (one.prediction + (np.arange(40) % 3 == 0)) % 4
        two = replace(one, second_prediction=other, second_confidence=one.confidence / 2)
        for kind in ("float32", "uint16"):
            header, raw = files.encode(two, kind)
            self.assertEqual(header["format"], "offramp-trace/2")
            back = files.decode(json.loads(json.dumps(header)), raw)
            np.testing.assert_array_equal(back.second_prediction, other)
            np.testing.assert_allclose(back.second_confidence, one.confidence / 2, atol=1e-4)
        self.refuses("secondConfidence, which belongs to", files.decode, {**header, "format": "offramp-trace/1"}, raw)
        self.refuses("one of the two is missing", replace, two, second_confidence=None)
        self.assertEqual(two.first(7).second_prediction.shape, (3, 7))
        np.testing.assert_array_equal(offramp.replay(two, 0.5).exit_of, offramp.replay(one, 0.5).exit_of)
        same = replace(two, provenance=replace(two.provenance, options={**two.provenance.options, "agreement": "and-label"}))
        stays = offramp.replay(same, 0.01).exit_of[::3]
        np.testing.assert_array_equal(stays, np.full(len(stays), 2))

    def test_costs_in_seconds_say_so(self):
        trace = offramp.from_arrays(logits=self.logits, labels=self.labels, seconds=[0.1, 0.25, 0.5])
        self.assertEqual((trace.unit, trace.network_flops), ("seconds", 0.5))
        relative = offramp.from_arrays(logits=self.logits, labels=self.labels, relative=[0.2, 0.5, 1.1])
        self.assertEqual(relative.network_flops, 1)
        self.assertAlmostEqual(offramp.replay(relative, np.inf).cost, 1.1)

    def test_more_than_256_classes_are_kept_in_two_bytes(self):
        logits = np.zeros((2, 3, 1000))
        logits[0, :, 999], logits[1, :, 300] = 1, 1
        trace = offramp.from_arrays(logits=logits, labels=[999, 300, 5], flops=[1, 2])
        self.assertEqual(trace.prediction.dtype, np.uint16)
        self.assertEqual(trace.prediction.tolist(), [[999] * 3, [300] * 3])
        self.assertIn("1000 classes", " ".join(trace.remarks()))

    def test_a_dearer_exit_before_a_cheaper_one_is_allowed_and_said(self):
        trace = offramp.from_arrays(logits=self.logits, labels=self.labels, flops=[2, 2, 1])
        self.assertRegex(trace.remarks()[0], "as much as the exit before it")
        self.assertRegex(trace.remarks()[1], "less than the exit before it")

    def test_refuses_what_does_not_fit(self):
        make, logits, labels = offramp.from_arrays, self.logits, self.labels
        nan = logits.copy()
        nan[1, 7, 2] = np.nan
        for pattern, changes in {
            "exactly one of logits, probs, prediction; all of them are missing": dict(),
            "there are logits and probs": dict(logits=logits, probs=logits),
            "exactly one of flops, seconds, relative; all of them": dict(logits=logits, flops=None),
            r"logits\[1, 7, 2\] is nan: exit 1 gives image 7": dict(logits=nan),
            "39 images .* but there are 40 labels": dict(logits=logits[:, :39]),
            "looks like images × exits × classes": dict(logits=logits.swapaxes(0, 1)),
            "shape 40 × 4; expected 3 dimensions": dict(logits=logits[0]),
            "no images|shape 3 × 0 × 4": dict(logits=logits[:, :0], labels=labels[:0]),
            "flops has 2 entries; expected 3": dict(logits=logits, flops=[1, 2]),
            "costs 0.0; expected a positive": dict(logits=logits, flops=[0, 1, 2]),
            "costs NaN|costs nan": dict(logits=logits, flops=[1, np.nan, 2]),
            "Image 0 has label 9, but there are only the classes 0 to 3": dict(logits=logits, labels=[9] * 40),
            "Image 3 has label -1": dict(logits=logits, labels=[0, 1, 2, -1] + [0] * 36),
            "labels is of float64; expected whole numbers": dict(logits=logits, labels=labels + 0.5),
            "labels has the shape 40 × 1": dict(logits=logits, labels=labels[:, None]),
            "labels is of <U3": dict(logits=logits, labels=["cat"] * 40),
            "3 class names, but logits has 4": dict(logits=logits, classes=["a", "b", "c"]),
            "1 exit names for 3 exits": dict(logits=logits, exits=["a"]),
            "they sum to": dict(probs=np.abs(logits)),
            "no confidence": dict(prediction=logits.argmax(2)),
            "Say how the confidence is held": dict(prediction=logits.argmax(2), confidence=logits.max(2)),
            "confidence has 3 × 39 entries; expected 3 × 40": dict(prediction=logits.argmax(2), confidence=logits.max(2)[:, :39], rule="above"),
            "no rule 'over'": dict(logits=logits, rule="over"),
            'The rule of sdn is "at-least"': dict(logits=logits, method="sdn", rule="below"),
            "split is \"dev\"": dict(logits=logits, split="dev"),
            "logits is no array of numbers": dict(logits=[[[1, 2], [1]], [[3]]]),
            "a confidence; hand in one of them": dict(logits=logits, confidence=logits.max(2)),
            "not a number \\(NaN\\)": dict(prediction=logits.argmax(2), confidence=np.full((3, 40), np.nan), rule="above"),
        }.items():
            with self.subTest(pattern), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.refuses(pattern, make, **{**self.asked, **changes})


class Replay(Sentences):
    def test_equals_a_loop_over_images_under_every_rule(self):
        for rule in ("above", "at-least", "below"):
            trace = small_trace(rule=rule)
            thresholds = [0.62, 0.7, float(trace.confidence[2, 5])]
            outcome = offramp.replay(trace, thresholds)
            cost = right = 0
            for i in range(trace.count):
                j = 0
                while j < 3:
                    c, t = float(trace.confidence[j, i]), thresholds[j]
                    if c > t if rule == "above" else c >= t if rule == "at-least" else c < t:
                        break
                    j += 1
                self.assertEqual(outcome.exit_of[i], j)
                cost += trace.exits[j].flops
                right += trace.prediction[j, i] == trace.label[i]
            self.assertEqual(outcome.accuracy, right / trace.count)
            self.assertEqual(outcome.mean_flops, cost / trace.count)
            self.assertEqual(outcome.leaving.sum(), trace.count)

    def test_compares_float32_confidences_with_the_threshold_as_it_is(self):
        # 0.1 as float32 is greater than 0.1: above a threshold of 0.1 it leaves, though float32 would call them equal.
        trace = small_trace(count=1, exits=2, labels=[0], prediction=[[0], [0]], confidence=np.array([[0.1], [1]], np.float32))
        self.assertGreater(float(np.float32(0.1)), 0.1)
        self.assertEqual(offramp.replay(trace, [0.1]).exit_of[0], 0)
        self.assertEqual(offramp.replay(trace, [0.1], "below").exit_of[0], 1)

    def test_infinite_thresholds_open_and_close_exits(self):
        trace = small_trace()
        self.assertEqual(offramp.replay(trace, np.inf).leaving.tolist(), [0, 0, 0, 200])
        self.assertEqual(offramp.replay(trace, [np.inf, -np.inf, 0]).leaving.tolist(), [0, 200, 0, 0])

    def test_refuses_thresholds_that_do_not_fit(self):
        trace = small_trace()
        self.refuses("4 thresholds; a trace with 4 exits needs 3", offramp.replay, trace, [0.1] * 4)
        self.refuses("Threshold 1 is not a number", offramp.replay, trace, [0.1, np.nan, 0.1])
        self.refuses("not numbers", offramp.replay, trace, ["a", "b", "c"])
        self.refuses("no rule", offramp.replay, trace, 0.5, "over")


class Frontier(Sentences):
    def test_is_a_rising_hull_of_points_that_replay_gives(self):
        trace = small_trace(count=800)
        points = offramp.frontier(trace)
        self.assertGreater(len(points), 3)
        for p in points:
            outcome = offramp.replay(trace, p.thresholds)
            self.assertEqual((outcome.cost, outcome.accuracy), (p.cost, p.accuracy))
        self.assertEqual([p.cost for p in points], sorted(p.cost for p in points))
        slopes = [(b.accuracy - a.accuracy) / (b.cost - a.cost) for a, b in zip(points, points[1:])]
        self.assertEqual(slopes, sorted(slopes, reverse=True))
        self.assertTrue(all(slope > 0 for slope in slopes))

    def test_no_single_threshold_can_be_moved_for_the_better(self):
        from offramp.frontier import ascend

        trace, price = small_trace(count=60, exits=3), 0.5
        found = ascend(trace, price, np.array([np.inf, np.inf]), 1.0, rounds=50)

        def worth(t):
            outcome = offramp.replay(trace, t)
            return outcome.accuracy - price * outcome.cost

        best = worth(found)
        for j in range(2):
            for t in [-np.inf, np.inf, *(trace.confidence[j] + 1e-4), *(trace.confidence[j] - 1e-4)]:
                moved = found.copy()
                moved[j] = t
                self.assertLessEqual(worth(moved), best + 1e-12)

    def test_is_the_same_under_every_rule_that_means_the_same(self):
        above = small_trace(count=400)
        below = small_trace(count=400, rule="below", confidence=-above.confidence)
        least = small_trace(count=400, rule="at-least", confidence=above.confidence)
        found = [[(p.cost, p.accuracy) for p in offramp.frontier(trace)] for trace in (above, below, least)]
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_thresholds_are_found_on_one_trace_and_drawn_on_the_other(self):
        tune, draw = small_trace(seed=1), small_trace(seed=2)
        found, drawn = offramp.frontier(tune), offramp.frontier(tune, draw)
        self.assertEqual([p.thresholds for p in found], [p.thresholds for p in drawn])
        self.assertEqual(drawn[1].accuracy, offramp.replay(draw, found[1].thresholds).accuracy)
        self.refuses("cannot be drawn", offramp.frontier, tune, small_trace(exits=3))

    def test_of_a_recorded_run_reaches_what_the_page_search_reaches(self):
        runs = ROOT / "public/runs"
        index = json.loads((runs / "index.json").read_text())
        run = next(run for run in index["runs"] if run["id"] == "cifar-10-resnet18-cifar10-e2cm")
        train, test = (offramp.load(runs / f"{run[split]['file']}.json") for split in ("train", "test"))
        np.testing.assert_allclose(test.accuracy(), run["test"]["accuracy"], rtol=0, atol=1e-12)
        points = offramp.frontier(train, test, steps=12)
        at = np.interp(0.5, [p.cost for p in points], [p.accuracy for p in points])
        self.assertGreater(at, 0.81)  # the page's frontier search has 0.827 there, one share for all exits 0.75


class Files(Sentences):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def same(self, a, b):
        self.assertEqual(replace(a, label=a.label).exits, b.exits)
        for name in ("dataset", "network", "method", "split", "classes", "network_flops", "provenance", "budget", "total"):
            self.assertEqual(getattr(a, name), getattr(b, name), name)
        for name in ("label", "prediction", "confidence"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))

    def test_come_back_bit_for_bit_under_every_name(self):
        trace = small_trace(dataset="a/b", classes=[f"é {k}" for k in range(5)], epochs=3)
        for path in ("plain", "named.trace.json", "packed.zip"):
            written = trace.save(self.folder / path)
            self.same(trace, offramp.load(written))
        self.assertEqual(trace.save(self.folder).name, "a-b-my-network-confidence-3ep-test.trace.json")
        self.same(trace, offramp.load(self.folder / "plain.trace.bin"))
        self.same(trace, offramp.load(self.folder / "plain"))
        self.assertEqual([file.name for file in self.folder.glob("*.partial")], [])

    def test_every_recorded_run_of_the_repository_is_written_as_it_was(self):
        headers = sorted((ROOT / "public/runs").glob("*.trace.json"))
        self.assertGreater(len(headers), 10)
        for path in headers:
            header, raw = files.encode(offramp.load(path), "uint16")
            self.assertEqual(header, json.loads(path.read_text()), path.name)
            self.assertEqual(raw, path.with_suffix(".bin").read_bytes(), path.name)

    def test_uint16_confidences_keep_their_order(self):
        trace = small_trace()
        back = offramp.load(trace.save(self.folder / "short", confidence="uint16"))
        for before, after in zip(trace.confidence, back.confidence):
            np.testing.assert_allclose(before, after, atol=1e-5)
            order = np.argsort(before, kind="stable")
            self.assertTrue((np.diff(after[order]) >= 0).all())
        infinite = replace(trace, confidence=np.full_like(trace.confidence, np.inf))
        self.refuses("exit 0 is infinite", infinite.save, self.folder / "no", "uint16")
        self.refuses('"float32" or "uint16"', trace.save, self.folder / "no", "float64")

    def broken(self, change, raw=lambda data: data):
        """Messages of a file whose header was changed."""
        header, data = files.encode(small_trace())
        header = json.loads(json.dumps(header))
        change(header)
        (self.folder / "x.trace.json").write_text(json.dumps(header))
        (self.folder / "x.trace.bin").write_bytes(raw(data))
        with self.assertRaises(offramp.TraceError) as caught:
            offramp.load(self.folder / "x.trace.json")
        for fault in caught.exception.faults:
            self.assertIn("x.trace.json: ", fault)
        return str(caught.exception)

    def test_says_each_fault_of_a_header(self):
        def set_(*path, to):
            def change(header):
                for step in path[:-1]:
                    header = header[step]
                if to is None:
                    del header[path[-1]]
                else:
                    header[path[-1]] = to

            return change

        for expected, change in [
            ('format "offramp-trace/9"', set_("format", to="offramp-trace/9")),
            ("the format missing", set_("format", to=None)),
            ('count is "many"', set_("count", to="many")),
            ("count is -1", set_("count", to=-1)),
            ("count is 1.5", set_("count", to=1.5)),
            ("total is 3, less than count (200)", set_("total", to=3)),
            ('split is "dev"', set_("split", to="dev")),
            ("exits is missing", set_("exits", to=None)),
            ("exits[1] is 7", set_("exits", 1, to=7)),
            ("exits[1].name is 5", set_("exits", 1, "name", to=5)),
            ('exits[2].flops is "1"', set_("exits", 2, "flops", to="1")),
            ("exits[2].stage is -1", set_("exits", 2, "stage", to=-1)),
            ("costs -4; expected a positive", set_("exits", 2, "flops", to=-4)),
            ("classes[1] is 1", set_("classes", 1, to=1)),
            ("1 classes; expected 2", set_("classes", to=["a"])),
            ("networkFlops is missing", set_("networkFlops", to=None)),
            ("networkFlops is 0", set_("networkFlops", to=0)),
            ("arrays is []", set_("arrays", to=[])),
            ("arrays.label is missing", set_("arrays", "label", to=None)),
            ("arrays.label.dtype is \"int8\"", set_("arrays", "label", "dtype", to="int8")),
            ("arrays.prediction.length is 7; expected 800", set_("arrays", "prediction", "length", to=7)),
            ("arrays.label.offset is -4", set_("arrays", "label", "offset", to=-4)),
            ("ends at byte", set_("arrays", "label", "offset", to=10**9)),
            ("arrays.confidence.minimum is missing", set_("arrays", "confidence", "dtype", to="uint16")),
            ("provenance.commit is missing", set_("provenance", "commit", to=None)),
            ("provenance.trainImages is missing", set_("provenance", "trainImages", to=None)),
            ("provenance.options.rule is []", set_("provenance", "options", "rule", to=[])),
            ('budget.epochs is "six"', set_("budget", to={"epochs": "six"})),
            ("that is too large", set_("count", to=10**12)),
            ("dataset is 3", set_("dataset", to=3)),
        ]:
            with self.subTest(expected):
                self.assertIn(expected, self.broken(change))

    def test_says_several_faults_at_once(self):
        def change(header):
            header["network"], header["networkFlops"] = None, "much"
            header["exits"][0]["name"], header["exits"][3]["flops"] = 1, None

        self.assertEqual(len(self.broken(change).splitlines()), 4)

    def test_says_what_is_wrong_with_the_bytes(self):
        self.assertIn("truncated", self.broken(lambda header: None, lambda data: data[:-1]))
        self.assertIn("truncated", self.broken(lambda header: None, lambda data: b""))
        self.assertIn("has label 255", self.broken(lambda header: None, lambda data: data[:-1] + b"\xff"))
        self.assertIn("(NaN)", self.broken(lambda header: None, lambda data: b"\0\0\xc0\x7f" + data[4:]))

    def test_says_what_is_no_trace_at_all(self):
        self.refuses("There is no a.trace.json", offramp.load, self.folder / "a")
        (self.folder / "b.trace.json").write_text("{")
        (self.folder / "b.trace.bin").write_bytes(b"")
        self.refuses("not JSON", offramp.load, self.folder / "b.trace.json")
        (self.folder / "b.trace.json").write_bytes(b"\xff\xfe")
        self.refuses("not JSON", offramp.load, self.folder / "b.trace.json")
        (self.folder / "b.trace.json").write_text("[" * 100_000)
        self.refuses("not JSON", offramp.load, self.folder / "b.trace.json")
        (self.folder / "c.zip").write_bytes(b"PK nonsense")
        self.refuses("not a zip", offramp.load, self.folder / "c.zip")
        with zipfile.ZipFile(self.folder / "d.zip", "w") as archive:
            archive.writestr("readme.txt", "hello")
        self.refuses("0 files named ….trace.json", offramp.load, self.folder / "d.zip")
        self.refuses("no e.zip", offramp.load, self.folder / "e.zip")


if __name__ == "__main__":
    unittest.main()
