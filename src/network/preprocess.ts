/** Pixels as a file gives them → what a network is fed. */
import type { ImageShape } from '../core/dataset.ts';
import type { NetworkCard } from './card.ts';

/**
 * Why images of this shape cannot be fed to a network, as a sentence; null when they can.
 */
export function shapeProblem(
  shape: ImageShape,
  { size, channels }: NetworkCard['input'],
): string | null {
  const [height, width, depth] = shape;
  if (depth !== channels)
    return `The images have ${depth} channel${depth === 1 ? '' : 's'}; this network takes ${channels}.`;
  if (height > size || width > size)
    return `The images have ${height}×${width} pixels; this network takes at most ${size}×${size}.`;
  return null;
}

/**
 * Pads uint8 images with black around them to the network's size (the odd pixel right and below), scales to
 * 0…1 and normalises per channel.
 * @param images NHWC, `count` of them.
 * @returns float32 [count, size, size, channels]
 */
export function preprocess(
  images: Uint8Array,
  count: number,
  shape: ImageShape,
  input: NetworkCard['input'],
): Float32Array {
  const { size, channels } = input;
  const [height, width] = shape;
  const tables = input.mean.map((mean, c) =>
    Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - mean) / input.std[c]!),
  );
  const out = new Float32Array(count * size * size * channels);
  if (height < size || width < size) fillBlack(out, tables);
  const top = (size - height) >> 1;
  const left = (size - width) >> 1;
  let from = 0;
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < height; y++) {
      let to = ((i * size + top + y) * size + left) * channels;
      if (channels === 1) {
        const table = tables[0]!;
        for (let x = 0; x < width; x++) out[to++] = table[images[from++]!]!;
      } else {
        for (let x = 0; x < width; x++)
          for (let c = 0; c < channels; c++) out[to++] = tables[c]![images[from++]!]!;
      }
    }
  }
  return out;
}

function fillBlack(out: Float32Array, tables: readonly Float32Array[]): void {
  const channels = tables.length;
  if (channels === 1) {
    out.fill(tables[0]![0]!);
    return;
  }
  for (let at = 0; at < out.length; at += channels)
    for (let c = 0; c < channels; c++) out[at + c] = tables[c]![0]!;
}
