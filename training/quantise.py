"""Weights as the few bytes that a tfjs model stores: uint8 (affine, one scale a tensor), float16 or float32."""
import numpy as np


def quantise(values, kind):
    """float32 array to (stored array, quantization field of the manifest or None); kind: uint8, float16, float32.

    uint8: value = q * scale + min, over a range that holds zero, which stays exactly zero.
    """
    values = np.ascontiguousarray(values, np.float32)
    if kind == "float32":
        return values, None
    if kind == "float16":
        return values.astype(np.float16), dict(dtype="float16", original_dtype="float32")
    if kind != "uint8":
        raise ValueError(f"There is no quantisation {kind}.")
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    scale = (high - low) / 255 or 1.0
    zero = round(-low / scale)
    q = np.clip(np.rint(values.astype(np.float64) / scale) + zero, 0, 255).astype(np.uint8)
    return q, dict(dtype="uint8", scale=scale, min=-zero * scale, original_dtype="float32")


def dequantise(stored, quantization):
    """What tfjs makes of it: q * scale + min in float64, rounded to float32."""
    if quantization and quantization["dtype"] == "uint8":
        return (stored.astype(np.float64) * quantization["scale"] + quantization["min"]).astype(np.float32)
    return stored.astype(np.float32)
