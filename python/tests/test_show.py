"""The page as the package serves it, the commands, and the wheel."""
import contextlib
import http.client
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import offramp
from offramp.__main__ import main

from .fixtures import ROOT, Sentences, needs_torch, small_trace

# "offramp.show" is the function; its module is found among those loaded.
SHOW = sys.modules["offramp.show"]


def made_up_dist(folder):
    """What vite build leaves, in small."""
    for name, text in {
        "index.html": "<!doctype html><title>Offramp</title>", "assets/main.js": "1", "assets/main.js.map": "{}",
        "assets/a.wasm": "x", "runs/index.json": "{}", "networks/a/model.json": "{}",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


class Folder(Sentences):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_main(self, *arguments):
        """(exit status, stdout, stderr) of python -m offramp …"""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([str(argument) for argument in arguments])
        return status, out.getvalue(), err.getvalue()


class Show(Folder):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, SHOW, "PAGE", SHOW.PAGE)
        SHOW.PAGE = made_up_dist(self.folder / "page")
        (self.folder / "secret.txt").write_text("secret")

    def shown(self, *traces):
        shown = offramp.show(*traces, browser=False, wait=False)
        self.addCleanup(shown.close)
        return shown

    def get(self, shown, path, host=None, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", shown._server.server_address[1], timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, response.getheader("Content-Type"), response.read()

    def test_opens_traces_by_the_address_of_the_page(self):
        trace = small_trace(dataset="noise")
        path = trace.save(self.folder / "kept")
        shown = self.shown(trace, path)
        self.assertRegex(shown.url, r"^http://127\.0\.0\.1:\d+/\?trace=\./traces/noise-my-network-confidence-test\.trace\.json&trace=.*-test-2\.trace\.json$")
        query = shown.url.split("?trace=")[1].split("&")[0]
        with urllib.request.urlopen(shown.url.split("?")[0] + query[2:], timeout=10) as answer:
            header = json.loads(answer.read())
        _, kind, raw = self.get(shown, "/" + query[2:].replace(".json", ".bin"))
        back = offramp.files.decode(header, raw)
        np.testing.assert_array_equal(back.confidence, trace.confidence)
        self.assertEqual(kind, "application/octet-stream")

    def test_serves_the_page_with_the_types_that_a_browser_wants(self):
        shown = self.shown()
        self.assertEqual(self.get(shown, "/")[:2], (200, "text/html; charset=utf-8"))
        self.assertEqual(self.get(shown, "/assets/main.js"), (200, "text/javascript", b"1"))
        self.assertEqual(self.get(shown, "/assets/a.wasm")[1], "application/wasm")
        self.assertEqual(self.get(shown, "/", method="HEAD")[::2], (200, b""))

    def test_serves_nothing_outside_the_page_and_nobody_else(self):
        shown = self.shown()
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "//etc/passwd", "/nothing.js", "/assets", "/%00"):
            self.assertEqual(self.get(shown, path)[0], 404, path)
        self.assertEqual(self.get(shown, "/", host="evil.example:80")[0], 403)
        self.assertEqual(self.get(shown, "/", method="POST")[0], 501)
        self.assertEqual(shown._server.server_address[0], "127.0.0.1")

    def test_is_an_iframe_in_a_notebook_and_ends_when_it_is_closed(self):
        shown = offramp.show(browser=False, wait=False, height=500)
        self.assertRegex(shown._repr_html_(), f'<iframe src="{shown.url}" .*height: 500px')
        shown.close()
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(shown.url, timeout=2)

    def test_refuses_what_it_cannot_show(self):
        self.refuses("A int cannot be shown", offramp.show, 3, browser=False, wait=False)
        self.refuses("There is no x.trace.json", offramp.show, self.folder / "x", browser=False, wait=False)
        shown = self.shown()
        self.refuses("Port .* cannot be used", offramp.show, port=shown._server.server_address[1], browser=False, wait=False)
        SHOW.PAGE = self.folder / "none"
        self.refuses("has no page inside", offramp.show, browser=False, wait=False)


class Commands(Folder):
    def test_check_says_what_a_trace_is_and_each_fault_of_another(self):
        good = small_trace(dataset="noise").save(self.folder / "good")
        status, out, _ = self.run_main("check", good)
        self.assertEqual(status, 0)
        self.assertRegex(out, "200 test images of noise × 4 exits of my network, confidence, 5 classes; the last exit is right for")
        header = json.loads(good.read_text())
        header["networkFlops"], header["exits"][0]["name"] = -1, 7
        good.write_text(json.dumps(header))
        status, out, _ = self.run_main("check", good, self.folder / "none")
        self.assertEqual(status, 1)
        self.assertEqual(len(out.splitlines()), 2, out)
        self.assertIn("exits[0].name is 7", out)

    @needs_torch
    def test_record_takes_functions_of_a_module(self):
        (self.folder / "mine.py").write_text(
            "from tests.fixtures import ResNet, TwoOutputs, loader, seeded\n"
            "def model(): return seeded(ResNet)\n"
            "def two(): return seeded(TwoOutputs)\n"
            "def data(): return loader(20), loader(10, seed=2)\n"
        )
        python = ROOT / "python"

        def run(*arguments):
            command = [sys.executable, "-m", "offramp", "record", "--data", "mine:data", "--out", "out", *arguments]
            environment = {"PYTHONPATH": str(python), "PATH": ""}
            return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

        done = run("--model", "mine:model", "--exits", "layer1.0, layer2.1", "--dataset", "noise", "--confidence", "uint16")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"layer2.1 +\d+\.\d\d %  at +\d+\.\d % of the FLOPs")
        self.assertEqual(offramp.load(self.folder / "out/noise-ResNet-e2cm-test.trace.json").count, 10)
        done = run("--model", "mine:two", "--outputs")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(offramp.load(self.folder / "out/my-data-TwoOutputs-max-softmax-train.trace.json").exits), 2)
        for model, message in (("mine:modle", "mine has no function modle; it has model"), ("mime:model", "there is no module mime"), ("mine", "expected MODULE:FUNCTION")):
            done = run("--model", model)
            self.assertEqual(done.returncode, 1)
            self.assertIn(message, done.stderr)
            self.assertNotIn("Traceback", done.stderr)


class Wheel(Folder):
    def test_is_built_with_the_page_inside_and_works_where_it_is_installed(self):
        missing = [name for name in ("pip", "setuptools", "wheel", "ensurepip") if find_spec(name) is None]
        if missing:
            needed = "apt-get install python3-pip python3-venv python3-setuptools python3-wheel"
            self.skipTest(f"{' and '.join(missing)} not installed: {needed}")
        copy = self.folder / "python"
        ignored = shutil.ignore_patterns("page", "build", "*.egg-info", "__pycache__")
        shutil.copytree(ROOT / "python", copy, ignore=ignored)
        built = ROOT / "dist"
        dist = built if (built / "index.html").is_file() else made_up_dist(self.folder / "dist")
        self.call(sys.executable, copy / "build_page.py", dist)
        offline = ["--no-index", "--no-deps", "--disable-pip-version-check"]
        self.call(sys.executable, "-m", "pip", "wheel", "--no-build-isolation", *offline, "-w", self.folder, copy)
        (file,) = self.folder.glob("offramp-*.whl")
        names = zipfile.ZipFile(file).namelist()
        self.assertIn("offramp/page/index.html", names)
        self.assertIn("offramp/py.typed", names)
        self.assertFalse([n for n in names if "/page/runs/" in n or "/page/networks/" in n or n.endswith(".map") or "tests" in n])
        self.assertTrue([n for n in names if n.endswith(".js")])
        self.assertLess(file.stat().st_size, 2_500_000)

        place = self.folder / "venv"
        venv.create(place, system_site_packages=True, with_pip=True)
        python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        self.call(python, "-m", "pip", "install", *offline, file)
        trace = small_trace().save(self.folder / "good")
        self.assertIn("200 test images", self.call(python, "-m", "offramp", "check", trace))
        code = "import offramp; s = offramp.show(browser=False, wait=False); print(offramp.__file__, s._repr_html_()); s.close()"
        said = self.call(python, "-c", code)
        self.assertIn(str(place), said)
        self.assertIn("<iframe", said)

    def call(self, *command):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout


if __name__ == "__main__":
    unittest.main()
