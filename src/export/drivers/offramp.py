"""A network whose images leave at the first exit that is sure enough: `pip install numpy onnxruntime`.

`python offramp.py` checks it. In a program: `exit, label, confidence = Staged().decide(image)`, with an image as uint8
[height, width, channels]; `Whole()` does the same with the one model that decides inside.
"""
import base64, json, pathlib, sys
import numpy as np
import onnxruntime

HERE = pathlib.Path(__file__).parent
RULES = {"above": np.greater, "at-least": np.greater_equal, "below": np.less}


def read(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def session(name):
    return onnxruntime.InferenceSession(str(HERE / name), providers=["CPUExecutionProvider"])


class Whole:
    def __init__(self):
        self.model = session("model.onnx")

    def decide(self, image):
        exit, label, confidence = self.model.run(["exit", "label", "confidence"], {"image": image[None]})
        return int(exit[0]), int(label[0]), float(confidence[0])


class Staged:
    def __init__(self):
        self.policy = read("thresholds.json")
        self.stages = [
            (index, exit["judges"], session(exit["file"]))
            for index, exit in enumerate(self.policy["exits"])
            if exit["file"]  # an exit that is closed has none
        ]

    def decide(self, image):
        x, surest = image[None], None
        holds, joins = RULES[self.policy["rule"]], any if self.policy["agree"] == "or" else all
        for index, judges, model in self.stages:
            names = [output.name for output in model.get_outputs()]
            said = dict(zip(names, model.run(names, {model.get_inputs()[0].name: x})))
            label, confidences = int(said["label"][0]), said["confidence"][0]
            if surest is None or confidences[0] > surest[1]:
                surest = label, float(confidences[0])
            limits = [np.float32(of[label if len(of) > 1 else 0]) for of in judges]
            if "output" in said and not joins(holds(c, t) for c, t in zip(confidences, limits)):
                x = said["output"]
            elif "output" not in said and self.policy["surest"]:
                return index, *surest
            else:
                return index, label, float(confidences[0])


def check():
    """Decides the images of check.json with both; says how many come out as they did where they were traced."""
    cases, fails = read("check.json"), 0
    for name, model in ("model.onnx", Whole()), ("staged/", Staged()):
        agree = off = 0
        for number, case in enumerate(cases["images"]):
            pixels = np.frombuffer(base64.b64decode(case["pixels"]), np.uint8).reshape(cases["shape"])
            exit, label, confidence = model.decide(pixels)
            same = exit == case["exit"] and label == case["label"]
            agree += same
            off = max(off, abs(confidence - case["confidence"]) if same else 0)
            if not same:
                fails += number not in cases["near"]
                print(f"  image {number} left at {exit} as {label}; expected {case['exit']} as {case['label']}"
                      + (" (within 1e-6 of a threshold)" if number in cases["near"] else ""))
        print(f"{name}: {agree} of {len(cases['images'])} agree, confidences to {off:.1e}")
    return fails


if __name__ == "__main__":
    sys.exit(1 if check() else 0)
