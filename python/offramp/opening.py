"""open: a trace of what researchers keep — .pth, .npz, .npy, CSV — and of our own files. Nothing is guessed: what a file
does not say is asked for in a sentence."""
from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Dict, List, Tuple, Union

import numpy as np

from .arrays import from_arrays
from .errors import TraceError
from .files import load
from .recording import Recording
from .trace import Trace
from .unpickle import MOST_BYTES, read_tensors

#: Names under which files keep things; the first is ours.
NAMES = {
    "logits": ("logits",), "probs": ("probs", "probabilities", "softmax"),
    "prediction": ("prediction", "predictions", "preds", "pred"), "confidence": ("confidence", "confidences", "conf"),
    "labels": ("labels", "label", "targets", "target", "y"), "flops": ("flops",), "seconds": ("seconds",),
    "relative": ("relative",), "classes": ("classes", "class_names"), "exits": ("exits", "exit_names"),
}  # fmt: skip
COSTS = ("flops", "seconds", "relative")


def open_trace(path: Union[str, Path], **given: Any) -> Union[Trace, Recording]:
    """Opens a file as a trace.

    NAME.trace.json, .zip  a trace; nothing but `scores` may be given
    .npz           arrays named as in `from_arrays` (logits, probs, prediction, confidence, labels, flops, …)
    .npy           scores [M, N, K]
    .pth, .pt      a tensor or a list of M tensors [N, K]; a dict named as an .npz; or MSDNet's tuple (scores, labels) of
                   a validation split and of the test split, which gives a `Recording` whose `train` is the held-out one
    .csv, .tsv     a row an image: `label`, and `prediction_NAME` and `confidence_NAME` of every exit

    Everything that `from_arrays` takes may be given and goes before what the file says; labels and costs may be paths
    of files of the same kinds (flops="flops.pth"). Scores in a file without a name are probabilities where all of them
    are, else logits. No pickle of a file is ever executed. Raises TraceError.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind in (".json", ".bin", ".zip") or (not kind and not path.is_file()):
        scores = given.pop("scores", False)
        if given:
            raise TraceError(f"{path} says itself what it is; {', '.join(given)} cannot be given.")
        return load(path, scores=scores)
    for name in ("labels", *COSTS):
        if isinstance(given.get(name), (str, Path)):
            given[name] = column(given[name], name)
    given.setdefault("dataset", path.stem)
    try:
        found = content(path)
        if isinstance(found, tuple) and len(found) == 4:
            return both_splits(found, given)
        return one_split(named(found), given)
    except TraceError as error:
        raise TraceError([fault if str(path) in fault else f"{path}: {fault}" for fault in error.faults]) from None


def content(path: Path) -> Any:
    """What a file holds: arrays by name, or what stood there."""
    kind = path.suffix.lower()
    if kind in (".pth", ".pt"):
        return read_tensors(path)
    if kind in (".npz", ".npy"):
        return read_numpy(path)
    if kind in (".csv", ".tsv", ".txt"):
        return read_table(path)
    raise TraceError(
        f"A file named {path.name} is not known; expected .npz, .npy, .pth, .pt, .csv, .tsv, .trace.json or .zip."
    )


def read_numpy(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            if zipfile.is_zipfile(file):
                claimed = sum(info.file_size for info in zipfile.ZipFile(file).infolist())
                if claimed > MOST_BYTES:
                    raise TraceError(f"Its arrays take {claimed:,} bytes; at most {MOST_BYTES:,} are read.")
            file.seek(0)
            # Object arrays are pickles, which are programs.
            found = np.load(file, allow_pickle=False)
            return {name: found[name] for name in found.files} if hasattr(found, "files") else found
    except FileNotFoundError:
        raise TraceError(f"There is no {path}.") from None
    except TraceError:
        raise
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, MemoryError, NotImplementedError, zlib.error) as error:
        raise TraceError(
            "It is no file of NumPy's arrays, or a damaged one "
            f"({str(error).splitlines()[0] if str(error) else 'empty'})."
        ) from None


def read_table(path: Path) -> Dict[str, Any]:
    """Columns of a CSV by exit; the delimiter is the one that its first line holds most of."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TraceError(f"There is no {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TraceError(f"It is no text in UTF-8 ({error}).") from None
    head, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise TraceError(f"It is no table ({error}).") from None
    if len(rows) < 2:
        raise TraceError("The table has no images: expected a line of names, then a row an image.")
    names = [name.strip() for name in rows[0]]
    short = next((n for n, row in enumerate(rows[1:], 2) if len(row) != len(names)), None)
    if short is not None:
        raise TraceError(
            f"Row {short} has {len(rows[short - 1])} cells, where the first line names {len(names)} columns."
        )
    columns: Dict[str, Dict[str, np.ndarray]] = {"prediction": {}, "confidence": {}}
    labels = None
    for n, name in enumerate(names):
        match = re.fullmatch(r"(predictions?|preds?|confidences?|conf)[ _.\-]*(.+)", name, re.IGNORECASE)
        if match:
            what = "prediction" if match[1].lower().startswith("pred") else "confidence"
            columns[what][match[2]] = numeric([row[n] for row in rows[1:]], name)
        elif name.lower() in NAMES["labels"]:
            labels = numeric([row[n] for row in rows[1:]], name)
    exits = list(columns["prediction"])
    if not exits or set(exits) != set(columns["confidence"]):
        raise TraceError(
            f"The columns are {', '.join(names[:8])}; expected label, and prediction_NAME and confidence_NAME of every exit."
        )
    found: Dict[str, Any] = {what: np.stack([columns[what][exit] for exit in exits]) for what in columns}
    found["exits"] = exits
    if labels is not None:
        found["labels"] = labels
    return found


def numeric(cells: List[str], name: str) -> np.ndarray:
    values = []
    for n, cell in enumerate(cells, 2):
        try:
            values.append(float(cell))
        except ValueError:
            raise TraceError(f"Row {n} of the column {name} is {cell!r}; expected a number.") from None
    return np.array(values)


def named(found: Any) -> Dict[str, Any]:
    """Arrays by our names. What has no name is scores."""
    if not isinstance(found, dict):
        return {"scores": found}
    known: Dict[str, Any] = {}
    for name, alike in NAMES.items():
        there = [key for key in found if str(key).lower() in alike]
        if len(there) > 1:
            raise TraceError(f"It has {' and '.join(map(str, there))}, which mean the same: keep one of them.")
        if there:
            known[name] = found[there[0]]
    if not known.keys() & {"logits", "probs", "prediction"}:
        raise TraceError(
            f"It holds {', '.join(map(str, list(found)[:8])) or 'nothing'}; expected logits, probs, or prediction and "
            "confidence."
        )
    for name in ("classes", "exits"):
        if name in known:
            known[name] = [str(part) for part in known[name]]
    return known


def one_split(arrays: Dict[str, Any], given: Dict[str, Any]) -> Trace:
    if "scores" in arrays:
        arrays = {scores_name(arrays["scores"]): arrays["scores"]}
    if any(name in given for name in COSTS):
        arrays = {name: value for name, value in arrays.items() if name not in COSTS}
    asked = {**arrays, **given}
    if asked.get("labels") is None:
        raise TraceError("It has no labels: hand them in, labels=[…] or labels=\"FILE\".")
    if not any(asked.get(name) is not None for name in COSTS):
        raise TraceError(
            'It does not say what exits cost: hand in flops=[…] (or seconds=, relative=), or flops="FILE".'
        )
    return from_arrays(**asked)


def both_splits(found: Tuple[Any, ...], given: Dict[str, Any]) -> Recording:
    """(scores, labels) of a validation split, which made no classifier, and of the test split."""
    if "labels" in given or "split" in given:
        raise TraceError("It holds the labels of two splits; labels and split cannot be given.")
    held, test = (
        one_split({"scores": scores}, {**given, "labels": labels, "split": split})
        for scores, labels, split in ((*found[:2], "holdout"), (*found[2:], "test"))
    )
    return Recording(held, test)


def scores_name(scores: Any) -> str:
    """ "probs" where all numbers are probabilities of classes, else "logits"."""
    try:
        values = np.asarray(scores)
    except ValueError:
        return "logits"  # refused there, with its shape
    if values.ndim != 3 or values.dtype.kind != "f" or values.size == 0:
        return "logits"
    sums = values.sum(axis=2, dtype=np.float64)
    return "probs" if values.min() >= 0 and np.abs(sums - 1).max() < 0.01 else "logits"


def column(path: Union[str, Path], name: str) -> Any:
    """One list of numbers from a file: costs, or labels."""
    path = Path(path)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        try:
            cells = re.split(r"[\s,;]+", path.read_text(encoding="utf-8-sig").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise TraceError(f"{path} cannot be read ({error}).") from None
        if cells and not re.match(r"[-+.\d]", cells[0]):
            cells = cells[1:]  # the name of the column
        return numeric(cells, f"{name} in {path.name}")
    found = content(path)
    if isinstance(found, dict):
        there = [key for key in found if str(key).lower() in NAMES[name]]
        if len(there) != 1:
            raise TraceError(f"{path} holds {', '.join(map(str, found))}; expected {name}.")
        return found[there[0]]
    return found
