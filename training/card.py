"""A network's card: what it is, what it expects, how good it is, and the commands that made it."""
import torch

import cost
from branchy import WEIGHTS
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
    branches = ", with two branches" if settings["branches"] else ""
    return f"{name} as in torchvision: 7x7 stride-2 stem, 3x3 stride-2 max-pool{width}{branches}; BN not folded"


def branches_of(model, channels, before, after):
    """What hangs where on a network with branches, how wide, at what cost, and how good it is."""
    macs, first = cost.by_module(model, channels), model.branch1
    widths = ", ".join(f"{m.kernel_size[0]}x{m.kernel_size[0]} to {m.out_channels}" for m in (first.conv1, first.conv2, first.conv3))
    block = model.branch2.block
    what = (
        ("branch1", "conv1", f"3x3 stride-2 max-pool; convolutions {widths}, ReLU after each; linear"),
        ("branch2", model.second, f"a residual block of stride 2, {block.conv1.out_channels} channels; linear"),
    )
    return [
        dict(
            name=name, after=place, layers=layers, lossWeight=round(weight, 6),
            multiplyAccumulates=sum(count for module, count in macs.items() if module.startswith(f"{name}.")),
            testAccuracy=dict(before=before[i], after=after[i]),
        )
        for i, ((name, place, layers), weight) in enumerate(zip(what, WEIGHTS))
    ]


def augmentation(settings):
    a = settings["augmentation"]
    crop = f"random 32x32 crop after {a['crop']} pixels of zero padding on every side"
    return crop + (", random horizontal flip" if a["flip"] else "")


def optimizer(settings):
    precision = "" if settings["precision"] == "float32" else f"; products in {settings['precision']}"
    start = "; every residual branch started at zero" if settings["zeroInit"] else ""
    return f"SGD, Nesterov momentum 0.9, weight decay {settings['weightDecay']:g} on all parameters{precision}{start}"


def commands(identity, state, kernels, elsewhere=False, plain=None):
    """The command line that trains and exports this network (and first draws strokes), from the repository's root."""
    s, folder = complete(state["settings"]), f"training/checkpoints/{identity}"
    precision = "" if s["precision"] == "float32" else f" --precision {s['precision']}"
    precision += " --rows" if s["rows"] else ""
    start = (" --zero-init" if s["zeroInit"] else "") + (" --branches" if s["branches"] else "")
    train = (
        f"python3 training/train.py --data $OFFRAMP_DATA --dataset {s['dataset']} --network {s['network']}"
        f" --width {s['width']:g} --epochs {s['epochs']} --schedule {s['schedule']} --peak-lr {s['peakLr']:g}"
        f" --weight-decay {s['weightDecay']:g} --batch {s['batch']} --seed {s['seed']}{precision}{start}"
        f" --out {folder}"
    )
    export = f"python3 training/export.py --data $OFFRAMP_DATA --checkpoint {folder} --id {identity}"
    out = (" --weights-out training/weights" if elsewhere else "") + (f" --plain {plain}" if plain else "")
    draw = "npm run strokes -- --out $OFFRAMP_DATA/strokes && " if s["dataset"] == "strokes" else ""
    return f"{draw}{train} && {export} --kernels {kernels}{out}"


def card_of(identity, state, model, kernels, accuracy, weight_bytes, elsewhere=False, plain=None):
    """The card as a dict; state: a checkpoint, accuracy: {before, after} as shares of all test images, of every exit.

    elsewhere: the weights stay out of the repository.
    """
    s, epochs = complete(state["settings"]), state["epoch"]
    unfinished = "" if epochs == s["epochs"] else f" (unfinished: {epochs} of {s['epochs']} epochs)"
    narrow = "" if s["width"] == 1 else f" (stem {model.conv1.out_channels})"
    affine = " with one scale a tensor" if kernels == "uint8" else ""
    branchy, macs = s["branches"], cost.by_module(model, state["channels"])
    joint = f" with branches, {epochs} epoch{'' if epochs == 1 else 's'}" if branchy else ""
    before, after = accuracy["before"], accuracy["after"]
    return dict(
        id=identity,
        title=f"{TITLES[s['network']]}{narrow}{joint} · {DATASETS[s['dataset']]}{unfinished}",
        architecture=architecture(s),
        network=s["network"],
        **(dict(plain=plain) if plain else {}),
        width=s["width"],
        dataset=s["dataset"],
        classes=list(state["classes"]),
        input=dict(
            size=32, channels=state["channels"], mean=state["mean"], std=state["std"],
            pad=(32 - SIDE.get(s["dataset"], 28)) // 2,
        ),
        parameters=cost.parameters(model),
        multiplyAccumulates=sum(count for name, count in macs.items() if not name.startswith("branch")),
        epochs=epochs,
        plannedEpochs=s["epochs"],
        optimizer=optimizer(s),
        schedule=f"{s['schedule']}, peak learning rate {s['peakLr']:g}, over {s['epochs']} epoch{'' if s['epochs'] == 1 else 's'}",
        batchSize=s["batch"],
        seed=s["seed"],
        augmentation=augmentation(s),
        trainImages=state["trainImages"],
        testImages=state["testImages"],
        testAccuracy=dict(before=before[-1], after=after[-1]),
        **(dict(branches=branches_of(model, state["channels"], before, after)) if branchy else {}),
        weightsBytes=weight_bytes,
        quantisation=f"convolution and dense kernels {kernels}{affine}; biases and BN float32",
        framework=f"PyTorch {state.get('torch', torch.__version__)}",
        command=commands(identity, state, kernels, elsewhere, plain),
    )
