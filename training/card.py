"""A network's card: what it is, what it expects, how good it is, and the commands that made it."""
import torch

import cost
from resnet import TITLES
from run import complete

DATASETS = {
    "mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "kmnist": "KMNIST", "strokes": "Strokes",
    "cifar-10": "CIFAR-10", "cifar-100": "CIFAR-100",
}  # fmt: skip
SIDE = {"cifar-10": 32, "cifar-100": 32}  # of the dataset's own images in pixels; 28 elsewhere


def architecture(settings):
    """In one sentence, with the choices that papers differ in."""
    width = "" if settings["width"] == 1 else f", all channel counts times {settings['width']:g}"
    name = TITLES[settings["network"]]
    return f"{name} as in torchvision: 7x7 stride-2 stem, 3x3 stride-2 max-pool{width}; BN not folded"


def augmentation(settings):
    a = settings["augmentation"]
    crop = f"random 32x32 crop after {a['crop']} pixels of zero padding on every side"
    return crop + (", random horizontal flip" if a["flip"] else "")


def optimizer(settings):
    precision = "" if settings["precision"] == "float32" else f"; products in {settings['precision']}"
    start = "; every residual branch started at zero" if settings["zeroInit"] else ""
    return f"SGD, Nesterov momentum 0.9, weight decay {settings['weightDecay']:g} on all parameters{precision}{start}"


def commands(identity, state, kernels, elsewhere=False):
    """The command line that trains and exports this network (and first draws strokes), from the repository's root."""
    s, folder = complete(state["settings"]), f"training/checkpoints/{identity}"
    precision = "" if s["precision"] == "float32" else f" --precision {s['precision']}"
    start = " --zero-init" if s["zeroInit"] else ""
    train = (
        f"python3 training/train.py --data $OFFRAMP_DATA --dataset {s['dataset']} --network {s['network']}"
        f" --width {s['width']:g} --epochs {s['epochs']} --schedule {s['schedule']} --peak-lr {s['peakLr']:g}"
        f" --weight-decay {s['weightDecay']:g} --batch {s['batch']} --seed {s['seed']}{precision}{start}"
        f" --out {folder}"
    )
    export = f"python3 training/export.py --data $OFFRAMP_DATA --checkpoint {folder} --id {identity}"
    out = " --weights-out training/weights" if elsewhere else ""
    draw = "npm run strokes -- --out $OFFRAMP_DATA/strokes && " if s["dataset"] == "strokes" else ""
    return f"{draw}{train} && {export} --kernels {kernels}{out}"


def card_of(identity, state, model, kernels, accuracy, weight_bytes, elsewhere=False):
    """The card as a dict; state: a checkpoint, accuracy: {before, after} as shares of all test images.

    elsewhere: the weights stay out of the repository.
    """
    s, epochs = complete(state["settings"]), state["epoch"]
    unfinished = "" if epochs == s["epochs"] else f" (unfinished: {epochs} of {s['epochs']} epochs)"
    narrow = "" if s["width"] == 1 else f" (stem {model.conv1.out_channels})"
    affine = " with one scale a tensor" if kernels == "uint8" else ""
    return dict(
        id=identity,
        title=f"{TITLES[s['network']]}{narrow} · {DATASETS[s['dataset']]}{unfinished}",
        architecture=architecture(s),
        network=s["network"],
        width=s["width"],
        dataset=s["dataset"],
        classes=list(state["classes"]),
        input=dict(
            size=32, channels=state["channels"], mean=state["mean"], std=state["std"],
            pad=(32 - SIDE.get(s["dataset"], 28)) // 2,
        ),
        parameters=cost.parameters(model),
        multiplyAccumulates=cost.multiply_accumulates(model, state["channels"]),
        epochs=epochs,
        plannedEpochs=s["epochs"],
        optimizer=optimizer(s),
        schedule=f"{s['schedule']}, peak learning rate {s['peakLr']:g}, over {s['epochs']} epochs",
        batchSize=s["batch"],
        seed=s["seed"],
        augmentation=augmentation(s),
        trainImages=state["trainImages"],
        testImages=state["testImages"],
        testAccuracy=accuracy,
        weightsBytes=weight_bytes,
        quantisation=f"convolution and dense kernels {kernels}{affine}; biases and BN float32",
        framework=f"PyTorch {state.get('torch', torch.__version__)}",
        command=commands(identity, state, kernels, elsewhere),
    )
