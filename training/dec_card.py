"""The card of a network with DEC's three exits; see card.py."""
from card import DATASETS
from dec_run import CLUSTERS, EXITS
from procedure import MOMENTUM, RESTARTS


def steps_of(history):
    """Of refinement."""
    return sum(record.get("steps", 0) for record in history)


def commands(identity, s, kernels):
    """The command line that trains and exports this network, from the repository's root."""
    folder = f"training/checkpoints/{identity}"
    train = (
        f"python3 training/dec.py --data $OFFRAMP_DATA --dataset {s['dataset']} --seed {s['seed']} --epochs {s['epochs']}"
        f" --head-epochs {s['headEpochs']} --batch {s['batch']} --rate {s['rate']:g} --warm-up {s['warmUp']}"
        f" --refine-rate {s['refineRate']:g} --refine-batch {s['refineBatch']} --interval {s['interval']}"
        f" --tolerance {s['tolerance']:g} --steps {s['steps']} --out {folder}"
    )
    export = f"python3 training/dec_export.py --data $OFFRAMP_DATA --checkpoint {folder} --id {identity}"
    return f"{train} && {export} --kernels {kernels}"


def card_of(identity, state, layers, kernels, accuracy, scores, weight_bytes):
    """The card as a dict; layers: the torch layers by name; accuracy: {before, after} of DEC-large on test images under
    the one map of clusters to classes; scores: of every exit on all images."""
    s, finished = state["settings"], state["finished"]
    large = [layer for name, layer in layers.items() if name.startswith("dense")]
    affine = " with one scale a tensor" if kernels == "uint8" else ""
    return dict(
        id=identity,
        title=f"DEC 500-500-2000-10 · {DATASETS[s['dataset']]}, seed {s['seed']}",
        architecture=(
            "Deep embedded clustering (Xie et al. 2016): dense 784-500-500-2000-10, ReLU on hidden layers, linear"
            " embedding; exits of 10 linear units on the first (small) and second (middle) hidden layer, these frozen"
        ),
        network="dec-500-500-2000-10",
        plain="dec-500-500-2000-10",
        dataset=s["dataset"],
        classes=list(state["classes"]),
        # The product feeds (pixel / 255 - mean) / std: the pixel times 0.02.
        input=dict(size=28, channels=1, mean=[0], std=[1 / 5.1]),
        parameters=sum(p.numel() for layer in large for p in layer.parameters()),
        multiplyAccumulates=sum(layer.weight.numel() for layer in large),
        epochs=s["epochs"],
        plannedEpochs=s["epochs"],
        optimizer=(
            f"reconstruction: Adam {s['rate']:g} after {s['warmUp']} steps of warm-up, falling along a cosine,"
            f" batch {s['batch']}, mean squared error; refinement: SGD {s['refineRate']:g},"
            f" momentum {MOMENTUM:g}, batch {s['refineBatch']}, KL(P || Q)"
        ),
        schedule=(
            f"{s['epochs']} epochs of reconstruction end to end, k-means with {RESTARTS} restarts, refinement"
            f" until fewer than {s['tolerance']:.1%} of the labels change or for {s['steps']} steps; the exits'"
            f" embeddings likewise, after {s['headEpochs']} epochs of reconstructing the frozen features linearly"
        ),
        batchSize=s["batch"],
        seed=s["seed"],
        augmentation="none",
        trainImages=state["images"],
        testImages=state["testImages"],
        testAccuracy=accuracy,
        clustering=dict(
            clusters=CLUSTERS,
            centres=[[float(f"{v:.9g}") for v in finished[name]["centres"].detach().flatten().tolist()] for name in EXITS],
            refineSteps=[steps_of(finished[name]["history"]) for name in EXITS],
            interval=s["interval"],
            tolerance=s["tolerance"],
            scores=dict(images=state["images"], **scores),
        ),
        weightsBytes=weight_bytes,
        quantisation=f"dense kernels {kernels}{affine}; biases float32",
        framework=f"PyTorch {state['torch']}",
        command=commands(identity, s, kernels),
    )
