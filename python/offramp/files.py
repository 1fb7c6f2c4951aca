"""Traces on disk: NAME.trace.json beside NAME.trace.bin, or both in one .zip (docs/trace-format.md).

What is read is not trusted: every field is checked before it is used, and every fault is said in a sentence.
"""
from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from .errors import TraceError, show
from .fields import Reader, items, number, record, shown, text, whole
from .trace import Exit, Provenance, Trace, is_number

FORMAT = "offramp-trace/1"
#: The same, and there may be scores, or a second judge.
SCORED_FORMAT = "offramp-trace/2"
DTYPES = {"uint8": np.dtype("u1"), "uint16": np.dtype("<u2"), "float16": np.dtype("<f2"), "float32": np.dtype("<f4")}
LEVELS = 65_535
#: Far above any real trace and far below what would exhaust a machine by a forged header.
MOST_CELLS = 10**9
MOST_BYTES = 6 * MOST_CELLS


# ——— writing ———


def encode(trace: Trace, confidence: str = "float32") -> Tuple[Dict[str, Any], bytes]:
    """The header and the bytes of a trace; confidences first, so that every array is aligned.

    `confidence`: "float32" keeps them, "uint16" halves them at 65,536 levels an exit (order kept but for ties).
    Raises TraceError when uint16 is asked for and a confidence is infinite.
    """
    entry, first = encode_confidence(trace.confidence, confidence)
    narrow = trace.label.dtype.name
    prediction, label = (array.astype(DTYPES[narrow]).tobytes() for array in (trace.prediction, trace.label))
    second = trace.second_prediction is not None
    other, sure = encode_confidence(trace.second_confidence, confidence) if second else ({}, b"")
    guess = trace.second_prediction.astype(DTYPES[narrow]).tobytes() if second else b""
    begin = len(first) + len(sure)
    after = begin + len(prediction)
    scores = b"" if trace.scores is None else trace.scores.astype(DTYPES["float16"]).tobytes()
    provenance = trace.provenance
    header: Dict[str, Any] = {
        "format": SCORED_FORMAT if second or trace.scores is not None else FORMAT,
        "dataset": trace.dataset, "network": trace.network, "method": trace.method, "split": trace.split,
        "classes": list(trace.classes),
        "count": trace.count, "total": trace.total,
        "exits": [exit_json(exit) for exit in trace.exits],
        "networkFlops": plain(trace.network_flops),
        "provenance": {
            "commit": provenance.commit, "backend": provenance.backend,
            **({} if provenance.day is None else {"day": provenance.day}), "seed": provenance.seed,
            "trainImages": provenance.train_images, "options": provenance.options,
        },
        "budget": None if trace.budget is None else {"epochs": plain(trace.budget)},
        "arrays": {
            "confidence": entry,
            "prediction": {"dtype": narrow, "offset": begin, "length": trace.prediction.size},
            "label": {"dtype": narrow, "offset": after, "length": trace.label.size},
        },
    }  # fmt: skip
    after += len(label)
    if second:
        header["arrays"]["secondConfidence"] = {**other, "offset": len(first)}
        header["arrays"]["secondPrediction"] = {"dtype": narrow, "offset": after, "length": trace.prediction.size}
        after += len(guess)
    if trace.scores is not None:
        header["arrays"]["scores"] = {"dtype": "float16", "offset": after, "length": trace.scores.size}
    return header, b"".join((first, sure, prediction, label, guess, scores))


def exit_json(exit: Exit) -> Dict[str, Any]:
    size = {} if exit.size is None else {"size": int(exit.size)}
    return {"name": exit.name, "stage": int(exit.stage), "flops": plain(exit.flops), **size}


def plain(number: float) -> Union[int, float]:
    """An int where it is one, so that files hold 4729344 and not 4729344.0."""
    return int(number) if float(number).is_integer() else float(number)


def encode_confidence(confidence: np.ndarray, dtype: str) -> Tuple[Dict[str, Any], bytes]:
    entry: Dict[str, Any] = {"dtype": dtype, "offset": 0, "length": confidence.size}
    if dtype == "float32":
        return entry, confidence.astype("<f4").tobytes()
    if dtype != "uint16":
        raise TraceError(f'confidences can be written as "float32" or "uint16", not {show(dtype)}.')
    values = confidence.astype(np.float64)
    if not np.isfinite(values).all():
        j = int((~np.isfinite(values)).any(axis=1).argmax())
        raise TraceError(
            f"A confidence at exit {j} is infinite; uint16 needs finite ones. Write this trace as float32."
        )
    least = values.min(axis=1)
    step = (values.max(axis=1) - least) / LEVELS
    level = np.floor((values - least[:, None]) / np.where(step == 0, 1, step)[:, None] + 0.5)
    scale = {"minimum": least.tolist(), "step": step.tolist()}
    return {**entry, **scale}, np.minimum(level, LEVELS).astype("<u2").tobytes()


def save(trace: Trace, path: Union[str, Path], confidence: str = "float32") -> Path:
    """Writes a trace and returns the path that `load` takes.

    `path`: NAME, NAME.trace.json, NAME.zip, or a folder (an existing one, or text that ends in "/"), where the name is
    made of dataset, network, method and split. Files appear whole or not at all.
    """
    text, path = str(path), Path(path)
    if text.endswith(("/", os.sep)) or path.is_dir():
        path = path / name_of(trace)
    header, raw = encode(trace, confidence)
    # allow_nan=False: NaN in a header is no JSON, and other programs would refuse the file.
    head = (json.dumps(header, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".zip":
        name, packed = stem_of(path), io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.trace.json", head)
            archive.writestr(f"{name}.trace.bin", raw)
        put(path, packed.getvalue())
        return path
    base = path.with_name(stem_of(path))
    put(Path(f"{base}.trace.bin"), raw)
    put(Path(f"{base}.trace.json"), head)
    return Path(f"{base}.trace.json")


def name_of(trace: Trace) -> str:
    """DATASET-NETWORK-METHOD-SPLIT, letters that a file's name may not hold left out."""
    parts = [trace.dataset, trace.network, trace.method]
    if trace.budget is not None:
        parts.append(f"{plain(trace.budget)}ep")
    text = "-".join([part for part in parts if part] + [trace.split])
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in text).lstrip(".")


def stem_of(path: Path) -> str:
    """NAME of NAME, NAME.trace, NAME.trace.json, NAME.trace.bin and NAME.zip."""
    name = path.name
    for ending in (".json", ".bin", ".zip"):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name[: -len(".trace")] if name.endswith(".trace") else name


def put(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    os.replace(partial, path)


# ——— reading ———


def load(path: Union[str, Path], *, scores: bool = False) -> Trace:
    """Reads NAME.trace.json with the .bin beside it (any of NAME, NAME.trace.json, NAME.trace.bin), or a .zip of both.

    `scores`: whether they are read too, where the file has them (offramp-trace/2).
    Raises TraceError that names the file, with a sentence for each field that is wrong.
    """
    path = Path(path)
    try:
        head, raw = read_zip(path) if path.suffix.lower() == ".zip" else read_pair(path)
        return decode(parse(head), raw, scores)
    except TraceError as error:
        raise TraceError([f"{path}: {fault}" for fault in error.faults]) from None


def read_pair(path: Path) -> Tuple[bytes, bytes]:
    base = path.with_name(stem_of(path))
    found = []
    for ending in ("json", "bin"):
        file = Path(f"{base}.trace.{ending}")
        if not file.is_file() and path.suffix == f".{ending}" and path.is_file():
            file = path
        try:
            found.append(file.read_bytes())
        except FileNotFoundError:
            raise TraceError(
                f"There is no {file.name} in {file.parent}; a trace is NAME.trace.json and NAME.trace.bin."
            ) from None
        except OSError as error:
            raise TraceError(f"{file.name} cannot be read: {error.strerror}.") from None
    return found[0], found[1]


def read_zip(path: Path) -> Tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = []
            for ending in (".trace.json", ".trace.bin"):
                inside = [info for info in archive.infolist() if info.filename.endswith(ending)]
                if len(inside) != 1:
                    raise TraceError(f"The zip holds {len(inside)} files named …{ending}; expected one.")
                if inside[0].file_size > MOST_BYTES:
                    raise TraceError(f"{inside[0].filename} claims {inside[0].file_size:,} bytes; that is too large.")
                found.append(archive.read(inside[0]))
            return found[0], found[1]
    except FileNotFoundError:
        raise TraceError(f"There is no {path.name} in {path.parent}.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error) as error:
        raise TraceError(f"It is not a zip, or a damaged one ({error}).") from None


def parse(head: bytes) -> Any:
    try:
        return json.loads(head.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise TraceError(f"The header is not JSON ({error}).") from None


def decode(header: Any, raw: bytes, with_scores: bool = False) -> Trace:
    """A trace from the parsed content of NAME.trace.json and the bytes of NAME.trace.bin."""
    header = record(header, "the trace header")
    if header.get("format") not in (FORMAT, SCORED_FORMAT):
        raise TraceError(f'The trace has the format {shown(header, "format")}; expected "{FORMAT}" or "{SCORED_FORMAT}".')
    r = Reader()
    count, exits = r.get(whole, header, "count"), r.get(read_exits, header)
    total = r.get(whole, header, "total") if "total" in header else count
    names = {name: r.get(text, header, name) for name in ("dataset", "network", "method")}
    split = r.get(read_split, header)
    classes = r.get(read_classes, header)
    network_flops = r.get(number, header, "networkFlops")
    provenance = r.get(read_provenance, header.get("provenance"))
    budget = r.get(read_budget, header.get("budget"))
    arrays = r.get(record, header.get("arrays"), "arrays")
    if count is not None and total is not None and total < count:
        r.faults.append(f"total is {total}, less than count ({count}).")
    if None in (count, exits, arrays):
        r.check()
    m = len(exits)
    if count * m > MOST_CELLS:
        raise TraceError(f"The trace claims {count} images and {count * m} decisions; that is too large.")
    label = r.get(read_array, arrays, "label", ("uint8", "uint16"), count, raw)
    prediction = r.get(read_array, arrays, "prediction", ("uint8", "uint16"), count * m, raw)
    confidence = r.get(read_confidence, arrays, count, m, raw)
    scores = r.get(read_scores, header, arrays, count * m, classes, raw) if with_scores else None
    second = r.get(read_second, header, arrays, count, m, raw)
    r.check()
    return Trace(
        **names, split=split, classes=tuple(classes), exits=tuple(exits), network_flops=network_flops,
        label=label, prediction=prediction.reshape(m, count), confidence=confidence,
        provenance=provenance, budget=budget, total=total, **(second or {}),
        scores=None if scores is None else scores.reshape(m, count, len(classes)),
    )  # fmt: skip


def read_split(header: Dict[str, Any]) -> str:
    if header.get("split") not in ("train", "holdout", "test"):
        raise TraceError(f'split is {shown(header, "split")}; expected "train", "holdout" or "test".')
    return header["split"]


def read_exits(header: Dict[str, Any]) -> List[Exit]:
    r, found = Reader(), []
    for j, entry in enumerate(items(header, "exits")):
        where = f"exits[{j}]"
        exit = r.get(record, entry, where)
        if exit is None:
            continue
        stage = r.get(whole, exit, "stage", where) if "stage" in exit else j
        size = r.get(whole, exit, "size", where) if "size" in exit else None
        found.append(Exit(r.get(text, exit, "name", where), r.get(number, exit, "flops", where), stage, size))
    r.check()
    return found


def read_classes(header: Dict[str, Any]) -> List[str]:
    names = items(header, "classes")
    wrong = [f"classes[{k}] is {show(name)}; expected text." for k, name in enumerate(names) if not isinstance(name, str)]
    if wrong:
        raise TraceError(wrong)
    return names


def read_provenance(value: Any) -> Provenance:
    entry, r = record(value, "provenance"), Reader()
    options = r.get(record, entry.get("options") or {}, "provenance.options") or {}
    for name, option in options.items():
        if not isinstance(option, (str, bool)) and not is_number(option):
            r.faults.append(f"provenance.options.{name} is {show(option)}; expected text, number or yes/no.")
    seed = r.get(number, entry, "seed", "provenance") if entry.get("seed") is not None else None
    commit, backend = (r.get(text, entry, name, "provenance") for name in ("commit", "backend"))
    images = r.get(whole, entry, "trainImages", "provenance")
    day = r.get(text, entry, "day", "provenance") if entry.get("day") is not None else None
    r.check()
    return Provenance(commit, backend, seed, images, options, day)


def read_budget(value: Any) -> Any:
    return None if value is None else number(record(value, "budget"), "epochs", "budget")


def read_scores(header: Dict[str, Any], arrays: Dict[str, Any], cells: int, classes: Any, raw: bytes) -> Optional[np.ndarray]:
    if "scores" not in arrays or classes is None:
        return None
    if header["format"] == FORMAT:
        raise TraceError(f'There is arrays.scores, which belongs to "{SCORED_FORMAT}", but the trace has the format "{FORMAT}".')
    if cells * len(classes) > MOST_CELLS:
        raise TraceError(f"The trace claims {cells * len(classes)} scores; at most {MOST_CELLS} can be read.")
    return read_array(arrays, "scores", ("float16",), cells * len(classes), raw, "exits × images × classes")


def read_second(header: Dict[str, Any], arrays: Dict[str, Any], count: int, exits: int, raw: bytes) -> Dict[str, np.ndarray]:
    """What a second judge says; {} where there is one judge."""
    if "secondConfidence" not in arrays:
        return {}
    if header["format"] == FORMAT:
        raise TraceError(
            f'There is arrays.secondConfidence, which belongs to "{SCORED_FORMAT}", but the trace has the format "{FORMAT}".'
        )
    guess = read_array(arrays, "secondPrediction", ("uint8", "uint16"), count * exits, raw)
    sure = read_confidence(arrays, count, exits, raw, "secondConfidence")
    return {"second_prediction": guess.reshape(exits, count), "second_confidence": sure}


def read_array(
    arrays: Dict[str, Any], name: str, allowed: Tuple[str, ...], length: int, raw: bytes, axes: str = "images × exits"
) -> np.ndarray:
    where = f"arrays.{name}"
    entry = record(arrays.get(name), where)
    dtype = entry.get("dtype")
    if dtype not in allowed:
        raise TraceError(f"{where}.dtype is {shown(entry, 'dtype')}; expected {' or '.join(allowed)}.")
    offset, stated = whole(entry, "offset", where), whole(entry, "length", where)
    if stated != length:
        raise TraceError(f"{where}.length is {stated}; expected {length} ({axes}).")
    end = offset + length * DTYPES[dtype].itemsize
    if end > len(raw):
        raise TraceError(
            f"The array {name} ends at byte {end}, but the trace file has only {len(raw)}. "
            "It is truncated or belongs to another trace."
        )
    return np.frombuffer(raw, DTYPES[dtype], length, offset) if length else np.empty(0, DTYPES[dtype])


def read_confidence(
    arrays: Dict[str, Any], count: int, exits: int, raw: bytes, array: str = "confidence"
) -> np.ndarray:
    """float32 [M, N]; uint16 is decoded by the scale of each exit."""
    values = read_array(arrays, array, ("float32", "uint16"), count * exits, raw).reshape(exits, count)
    if values.dtype.kind == "f":
        return values
    scale = {}
    for name in ("minimum", "step"):
        where = f"arrays.{array}.{name}"
        numbers = items(arrays[array], name, f"arrays.{array}")
        if len(numbers) != exits:
            raise TraceError(f"{where} has {len(numbers)} entries; expected {exits}.")
        for j, value in enumerate(numbers):
            if not is_number(value):
                raise TraceError(f"{where}[{j}] is {show(value)}; expected a finite number.")
            if name == "step" and value < 0:
                raise TraceError(f"{where}[{j}] is {value}; expected 0 or more.")
        scale[name] = np.array(numbers, np.float64)[:, None]
    return (scale["minimum"] + values * scale["step"]).astype(np.float32)
