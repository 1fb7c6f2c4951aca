/** Images in rows, as tensors have them, and in blocks of eight side by side. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Heap } from './heap.ts';
import { blockBytes, LANES, type Storage } from './storage.ts';

const lanes = Array.from({ length: LANES }, (_, i) => i);

/**
 * @param x [.., pixels, channels]. What follows the last image in its block are copies of it.
 * @param rowOf the row of x that is image i, 0 ≤ i < count; the i-th where it is not given.
 */
export function toBlocks(
  heap: Heap,
  x: number,
  y: number,
  storage: Storage,
  count: number,
  rowOf: (image: number) => number = (image) => image,
): void {
  const length = storage.pixels * storage.channels;
  const isDense = storage.channels === storage.stored;
  const inFours = isDense ? length >> 2 : 0;
  for (let first = 0; first < count; first += LANES) {
    const images = lanes.map((lane) => x + 4 * length * rowOf(Math.min(first + lane, count - 1)));
    const block = y + (first / LANES) * blockBytes(storage);
    if (inFours > 0) heap.call('intoBlock', ...images, block, inFours);
    if (4 * inFours === length) continue;
    const to = heap.floats(block, blockBytes(storage) / 4);
    images.forEach((image, lane) => {
      const from = heap.floats(image, length);
      for (let i = 4 * inFours; i < length; i++) to[placeOf(i, storage) + lane] = from[i]!;
    });
  }
}

/** @returns [count, pixels · channels]. */
export function fromBlocks(heap: Heap, x: number, storage: Storage, count: number): tf.Tensor2D {
  const length = storage.pixels * storage.channels;
  const isDense = storage.channels === storage.stored || storage.pixels === 1;
  const inFours = isDense ? length >> 2 : 0;
  const tensor = heap.tensor([count, length]);
  const y = heap.addressOf(tensor);
  // Where the last block is not full, what stands in its place goes to nobody.
  const nobody = count % LANES === 0 ? 0 : heap.reserve(4 * length);
  for (let first = 0; first < count; first += LANES) {
    const images = lanes.map((lane) =>
      first + lane < count ? y + 4 * length * (first + lane) : nobody,
    );
    const block = x + (first / LANES) * blockBytes(storage);
    if (inFours > 0) heap.call('outOfBlock', ...images, block, inFours);
    if (4 * inFours === length) continue;
    const from = heap.floats(block, blockBytes(storage) / 4);
    images.forEach((image, lane) => {
      const to = heap.floats(image, length);
      for (let i = 4 * inFours; i < length; i++) to[i] = from[placeOf(i, storage) + lane]!;
    });
  }
  if (nobody) heap.release(nobody);
  return tensor;
}

/** Where number i of the first image of a block is, in numbers. */
function placeOf(i: number, { channels, stored }: Storage): number {
  return LANES * (Math.floor(i / channels) * stored + (i % channels));
}
