"""python -m offramp show|check|record: see --help of each."""
from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, List, Optional

from .errors import TraceError, nearest
from .opening import open_trace
from .recording import Recording
from .trace import Trace


def main(arguments: Optional[List[str]] = None) -> int:
    """Exit status: 0 when all went well, 1 when something was wrong, in a sentence on stderr."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except TraceError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
    except ImportError as error:
        print(error, file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m offramp", description="Traces of early exits: record, check, show.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    show = commands.add_parser(
        "show", help="open traces in the page", description="Serves the page to this machine alone, with traces open."
    )
    kinds = "NAME.trace.json (its .bin beside it), a .zip of both, or an .npz that says all"
    show.add_argument("files", nargs="*", metavar="FILE", help=kinds)
    show.add_argument("--port", type=int, default=0, help="default: any that is free")
    show.add_argument("--no-browser", action="store_true", help="only say where the page is")
    show.set_defaults(run=run_show)

    check = commands.add_parser(
        "check", help="say what is wrong with traces", description="Reads traces and says each fault in a sentence."
    )
    check.add_argument("files", nargs="+", metavar="FILE", help=kinds)
    check.set_defaults(run=run_check)

    record = commands.add_parser(
        "record",
        help="record a PyTorch model",
        description="Records E2CM's exits of a model, or with --outputs the exits that it has. MODULE is imported from the "
        "folder where you are; FUNCTION is called without arguments.",
    )
    place = dict(required=True, metavar="MODULE:FUNCTION")
    record.add_argument("--model", **place, help="gives the model: a torch.nn.Module, its weights loaded")
    record.add_argument("--data", **place, help="gives (train, test): loaders of (inputs, labels)")
    blocks = 'module names with commas between, or "auto", the network\'s blocks (default)'
    record.add_argument("--exits", default="auto", help=blocks)
    record.add_argument("--outputs", action="store_true", help="the model returns logits of several exits; record those")
    record.add_argument("--costs", help="FLOPs up to each exit with commas between, where they cannot be counted")
    record.add_argument("--dataset", default="my data")
    record.add_argument("--network", help="default: the model's class")
    record.add_argument("--classes", help="class names with commas between (default: 0,1,…)")
    record.add_argument("--device", help="cpu, cuda, … (default: where the model is)")
    record.add_argument("--confidence", choices=["float32", "uint16"], default="float32", help="uint16 halves the files")
    record.add_argument("--out", required=True, metavar="DIR", help="folder for the traces")
    record.set_defaults(run=run_record)
    return top


def run_show(asked: argparse.Namespace) -> int:
    from .show import show

    show(*asked.files, port=asked.port, browser=not asked.no_browser, wait=True)
    return 0


def run_check(asked: argparse.Namespace) -> int:
    wrong = 0
    for file in asked.files:
        try:
            opened = open_trace(file)
        except TraceError as error:
            wrong += 1
            for fault in error.faults:
                print(fault)
            continue
        for trace in opened.traces if isinstance(opened, Recording) else [opened]:
            print(f"{file}: {described(trace)}")
            for remark in trace.remarks():
                print(f"  {remark}")
    return 1 if wrong else 0


def described(trace: Trace) -> str:
    own = 100 * trace.accuracy()[-1]
    return (
        f"{trace.count:,} {trace.split} images of {trace.dataset} × {len(trace.exits)} exits of {trace.network}, "
        f"{trace.method}, {len(trace.classes)} classes; the last exit is right for {own:.2f} %."
    )


def run_record(asked: argparse.Namespace) -> int:
    sys.path.insert(0, str(Path.cwd()))
    model, loaders = called("--model", asked.model), called("--data", asked.data)
    if not isinstance(loaders, (tuple, list)) or len(loaders) != 2:
        raise TraceError(f"{asked.data} (--data) gave a {type(loaders).__name__}; expected (train, test).")
    if asked.device:
        model = model.to(asked.device)
    shared = dict(
        train=loaders[0], test=loaders[1], dataset=asked.dataset, network=asked.network,
        classes=split(asked.classes), costs=numbers(asked.costs),
    )  # fmt: skip
    from . import record, record_logits

    if asked.outputs:
        recording = record_logits(model, **shared)
    else:
        recording = record(model, exits="auto" if asked.exits == "auto" else split(asked.exits) or [], **shared)
    for trace, path in zip(recording.traces, recording.save(asked.out, asked.confidence)):
        print(f"{path}: {described(trace)}")
        for exit, accuracy in zip(trace.exits, trace.accuracy()):
            share = 100 * exit.flops / trace.network_flops
            print(f"  {exit.name:<16} {100 * accuracy:6.2f} %  at {share:5.1f} % of the FLOPs")
    return 0


def called(option: str, place: str) -> Any:
    """What the function at MODULE:FUNCTION gives."""
    module, _, name = place.partition(":")
    if not module or not name:
        raise TraceError(f"{option} is {place}; expected MODULE:FUNCTION, such as mine:model.")
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise
        raise TraceError(f"{option}: there is no module {module} in {Path.cwd()} or installed.") from None
    function: Optional[Callable[[], Any]] = getattr(found, name, None)
    if not callable(function):
        functions = [known for known, value in vars(found).items() if callable(value) and not known.startswith("_")]
        raise TraceError(f"{option}: {module} has no function {name}; it has {nearest(name, functions)}.")
    return function()


def split(text: Optional[str]) -> Optional[List[str]]:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def numbers(text: Optional[str]) -> Optional[List[float]]:
    try:
        return None if text is None else [float(part) for part in text.split(",")]
    except ValueError:
        raise TraceError(f"--costs is {text}; expected numbers with commas between.") from None


if __name__ == "__main__":
    sys.exit(main())
