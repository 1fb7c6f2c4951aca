/** Images as small packed-pixel squares, scaled once each when they are first seen. */
import { imageBytes, type ImageShape, type Split } from '../../core/dataset.ts';

/** Pixels 0xAABBGGRR of one image scaled to side × side. */
export type ThumbOf = (image: number) => Uint32Array;

/** Thumbnails of a split at a size in device pixels; memory grows with what has been looked at. */
export function thumbnails(split: Split, shape: ImageShape, side: number): ThumbOf {
  const sizes = made.get(split) ?? new Map<number, ThumbOf>();
  made.set(split, sizes);
  const known = sizes.get(side);
  if (known) return known;
  const cache: (Uint32Array | undefined)[] = [];
  const thumbOf: ThumbOf = (image) =>
    (cache[image] ??= scaled(split.images, image * imageBytes(shape), shape, side));
  sizes.set(side, thumbOf);
  return thumbOf;
}

/** Thumbnails live as long as their images: a trace that grows while it is computed does not scale them again. */
const made = new WeakMap<Split, Map<number, ThumbOf>>();

/** Which source pixels a target pixel covers along one side, and how much of each. */
interface Cover {
  readonly from: number;
  readonly weights: readonly number[];
}

/** By target pixel; the same for all images of a size, so the last one is kept. */
function coversOf(size: number, side: number): readonly Cover[] {
  if (last.size === size && last.side === side) return last.covers;
  const covers = Array.from({ length: side }, (_, at) => {
    const [begin, end] = [(at * size) / side, ((at + 1) * size) / side];
    const from = Math.floor(begin);
    const length = Math.ceil(end) - from;
    const weights = Array.from(
      { length },
      (_, n) => Math.min(end, from + n + 1) - Math.max(begin, from + n),
    );
    return { from, weights };
  });
  last = { size, side, covers };
  return covers;
}

let last: { size: number; side: number; covers: readonly Cover[] } = {
  size: 0,
  side: 0,
  covers: [],
};

/**
 * Area average: every target pixel is the mean of the source pixels that it covers, weighted by how much of each.
 * @param images uint8 NHWC; the image starts at `offset`.
 */
export function scaled(
  images: Uint8Array,
  offset: number,
  [height, width, channels]: ImageShape,
  side: number,
): Uint32Array {
  const result = new Uint32Array(side * side);
  const down = coversOf(height, side);
  const across = width === height ? down : coversOf(width, side);
  const area = (height / side) * (width / side);
  const isGrey = channels !== 3;
  for (let y = 0; y < side; y++) {
    const { from: top, weights: tall } = down[y]!;
    for (let x = 0; x < side; x++) {
      const { from: left, weights: wide } = across[x]!;
      let [r, g, b] = [0, 0, 0];
      for (let sy = 0; sy < tall.length; sy++) {
        const row = offset + ((top + sy) * width + left) * channels;
        for (let sx = 0; sx < wide.length; sx++) {
          const weight = tall[sy]! * wide[sx]!;
          const at = row + sx * channels;
          r += weight * images[at]!;
          if (isGrey) continue;
          g += weight * images[at + 1]!;
          b += weight * images[at + 2]!;
        }
      }
      const red = Math.round(r / area);
      const green = isGrey ? red : Math.round(g / area);
      const blue = isGrey ? red : Math.round(b / area);
      result[y * side + x] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
  }
  return result;
}
