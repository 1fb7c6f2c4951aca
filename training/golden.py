"""Images that a formula makes, so that any program can repeat a network's logits and no picture is stored.

Bytes come in NHWC order (image, row, column, channel) from one 32-bit linear congruential generator
that starts at `seed` and makes one step a byte, for all images together:

    state = (1664525 * state + 1013904223) mod 2^32;  r = state >>> 24

In images 0, 2, 4, ... the byte is r. In images 1, 3, 5, ... it is floor((7 * left + r) / 8), where
`left` is the finished byte one column to the left (same image, row and channel); in column 0 it is r.
The bytes are raw pixels 0...255 of images that already have the network's size: nothing is padded.
"""
import numpy as np

SEED, COUNT = 20220501, 16


def images(seed, count, size, channels):
    """uint8 [count, size, size, channels]."""
    out = np.zeros((count, size, size, channels), np.uint8)
    state = seed % 2**32
    for i in range(count):
        for row in range(size):
            for column in range(size):
                for c in range(channels):
                    state = (1664525 * state + 1013904223) % 2**32
                    byte = state >> 24
                    if i % 2 and column:
                        byte = (7 * int(out[i, row, column - 1, c]) + byte) // 8
                    out[i, row, column, c] = byte
    return out
