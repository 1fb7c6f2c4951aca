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
  const sums = [0, 0, 0];
  for (let y = 0; y < side; y++) {
    const top = (y * height) / side;
    const bottom = ((y + 1) * height) / side;
    for (let x = 0; x < side; x++) {
      const left = (x * width) / side;
      const right = ((x + 1) * width) / side;
      sums.fill(0);
      let area = 0;
      for (let sy = Math.floor(top); sy < bottom; sy++) {
        const tall = Math.min(bottom, sy + 1) - Math.max(top, sy);
        for (let sx = Math.floor(left); sx < right; sx++) {
          const weight = tall * (Math.min(right, sx + 1) - Math.max(left, sx));
          const at = offset + (sy * width + sx) * channels;
          area += weight;
          for (let c = 0; c < 3; c++) sums[c]! += weight * images[at + (channels === 3 ? c : 0)]!;
        }
      }
      const [r, g, b] = sums.map((sum) => Math.round(sum / area)) as [number, number, number];
      result[y * side + x] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
  }
  return result;
}
