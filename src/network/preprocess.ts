/** Pixels as a file gives them → what a network is fed. */
import type { ImageShape } from '../core/dataset.ts';
import type { NetworkCard } from './card.ts';

/**
 * Why images of this shape cannot be fed to a network, as a sentence; null when they can.
 */
export function shapeProblem(
  shape: ImageShape,
  { size, channels, fit }: NetworkCard['input'],
): string | null {
  const [height, width, depth] = shape;
  if (fit === 'resize') return null;
  if (depth !== channels)
    return `The images have ${depth} channel${depth === 1 ? '' : 's'}; this network takes ${channels}.`;
  if (height > size || width > size)
    return `The images have ${height}×${width} pixels; this network takes at most ${size}×${size}.`;
  return null;
}

/**
 * Makes uint8 images fit (see `NetworkCard.input.fit`), scales to 0…1 and normalises per channel. Padding is black, the
 * odd pixel right and below.
 * @param images NHWC, `count` of them.
 * @returns float32 [count, size, size, channels]
 */
export function preprocess(
  images: Uint8Array,
  count: number,
  shape: ImageShape,
  input: NetworkCard['input'],
): Float32Array {
  const { size, channels, fit = 'pad', order = 'rgb' } = input;
  const [height, width, depth] = shape;
  const isPlain = depth === channels && order === 'rgb';
  if (fit === 'resize' && !(isPlain && height === size && width === size))
    return resized(images, count, shape, input);
  if (!isPlain) return resized(images, count, shape, input);
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

/** Weights of red, green and blue in a pixel's grey (ITU-R BT.601). */
export const GREY = [0.299, 0.587, 0.114] as const;

/** Bilinear, pixel centres kept in place (as PyTorch without `align_corners`); with `pad` only channels are changed. */
function resized(
  images: Uint8Array,
  count: number,
  [height, width, depth]: ImageShape,
  { size, channels, mean, std, fit = 'pad', order = 'rgb' }: NetworkCard['input'],
): Float32Array {
  const out = new Float32Array(count * size * size * channels);
  const rows = placesOf(height, size, fit);
  const columns = placesOf(width, size, fit);
  const pixel = new Float64Array(depth);
  let to = 0;
  for (let i = 0; i < count; i++)
    for (const row of rows)
      for (const column of columns) {
        const at = (y: number, x: number) => ((i * height + y) * width + x) * depth;
        const isInside = row.share >= 0 && column.share >= 0;
        for (let c = 0; c < depth && isInside; c++) {
          const top = mixed(
            images[at(row.first, column.first) + c]!,
            images[at(row.first, column.last) + c]!,
            column.share,
          );
          const low = mixed(
            images[at(row.last, column.first) + c]!,
            images[at(row.last, column.last) + c]!,
            column.share,
          );
          pixel[c] = mixed(top, low, row.share);
        }
        if (!isInside) pixel.fill(0);
        for (let c = 0; c < channels; c++) {
          const colour = order === 'bgr' ? channels - 1 - c : c;
          const value =
            depth === channels
              ? pixel[colour]!
              : depth === 1
                ? pixel[0]!
                : GREY.reduce((sum, share, k) => sum + share * (pixel[k] ?? 0), 0);
          out[to++] = (value / 255 - mean[c]!) / std[c]!;
        }
      }
  return out;
}

const mixed = (a: number, b: number, share: number): number => a + (b - a) * share;

interface Place {
  readonly first: number;
  readonly last: number;
  /** Of the last one; negative outside of the image. */
  readonly share: number;
}

/** For every pixel of the result, the two of the image that it lies between. */
function placesOf(length: number, size: number, fit: 'pad' | 'resize'): Place[] {
  return Array.from({ length: size }, (_, i): Place => {
    if (fit === 'pad') {
      const at = i - ((size - length) >> 1);
      return at < 0 || at >= length
        ? { first: 0, last: 0, share: -1 }
        : { first: at, last: at, share: 0 };
    }
    const at = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / size - 0.5));
    const first = Math.floor(at);
    return { first, last: Math.min(length - 1, first + 1), share: at - first };
  });
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
