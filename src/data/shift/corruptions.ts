/**
 * Corrupted images, to see what early exits do when images are no longer like those that thresholds were chosen on. The
 * definitions and their five severities are those of CIFAR-10-C (Hendrycks and Dietterich 2019, "Benchmarking neural
 * network robustness to common corruptions and perturbations", and its published code), but for `blocks`, which are the
 * squares of Cutout (DeVries and Taylor 2017). All work on bytes, pixel values in 0…1 being bytes / 255, and round to the
 * nearest byte.
 */
import { mixSeeds, randomFrom, type Random } from '../../core/random.ts';
import type { ImageShape } from '../../core/dataset.ts';

/** One image at a time: [height, width, channels], values in 0…1, changed in place. */
type Corrupt = (pixels: Float32Array, shape: ImageShape, severity: number, random: Random) => void;

const STRENGTHS = {
  noise: [0.04, 0.06, 0.08, 0.09, 0.1],
  blur: [0.4, 0.6, 0.7, 0.8, 1],
  contrast: [0.75, 0.5, 0.4, 0.3, 0.15],
  brightness: [0.05, 0.1, 0.15, 0.2, 0.3],
  pixelation: [0.95, 0.9, 0.85, 0.75, 0.65],
  blocks: [0.125, 0.25, 0.375, 0.5, 0.625],
} as const;

export type Corruption = keyof typeof STRENGTHS;
export const corruptions = Object.keys(STRENGTHS) as readonly Corruption[];
export const SEVERITIES = [1, 2, 3, 4, 5] as const;

/** How strong a corruption is at a severity of 1 to 5. */
export const strengthOf = (corruption: Corruption, severity: number): number =>
  STRENGTHS[corruption][severity - 1]!;

/** Normal numbers of mean 0 and deviation 1, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const CORRUPT: Readonly<Record<Corruption, Corrupt>> = {
  /** Gaussian noise of a deviation. */
  noise(pixels, _, deviation, random) {
    for (let at = 0; at < pixels.length; at++) pixels[at]! += deviation * normal(random);
  },
  /** Gaussian blur of a deviation in pixels, edges repeated; kernel cut at four deviations. */
  blur(pixels, shape, deviation) {
    const radius = Math.floor(4 * deviation + 0.5);
    const weights = Array.from({ length: 2 * radius + 1 }, (_, n) =>
      Math.exp(-((n - radius) ** 2) / (2 * deviation ** 2)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const kernel = weights.map((weight) => weight / total);
    alongAxis(pixels, shape, kernel, 0);
    alongAxis(pixels, shape, kernel, 1);
  },
  /** Every channel pulled to its mean. */
  contrast(pixels, [height, width, channels], strength) {
    const each = height * width;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let at = c; at < pixels.length; at += channels) sum += pixels[at]!;
      const mean = sum / each;
      for (let at = c; at < pixels.length; at += channels)
        pixels[at] = (pixels[at]! - mean) * strength + mean;
    }
  },
  /** Raises the value of HSV, its greatest channel, hue and saturation kept; of grey pixels the grey. */
  brightness(pixels, [, , channels], amount) {
    for (let at = 0; at < pixels.length; at += channels) {
      let value = 0;
      for (let c = 0; c < channels; c++) value = Math.max(value, pixels[at + c]!);
      const raised = Math.min(1, value + amount);
      for (let c = 0; c < channels; c++)
        pixels[at + c] = value > 0 ? (pixels[at + c]! * raised) / value : raised;
    }
  },
  /** Shrunk to a share of its side by averages of areas, and brought back by repeating pixels. */
  pixelation(pixels, [height, width, channels], share) {
    const [rows, columns] = [Math.floor(height * share), Math.floor(width * share)];
    const small = new Float32Array(rows * columns * channels);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        for (let c = 0; c < channels; c++)
          small[(y * columns + x) * channels + c] = meanOfArea(
            pixels,
            [height, width, channels],
            [(y * height) / rows, ((y + 1) * height) / rows],
            [(x * width) / columns, ((x + 1) * width) / columns],
            c,
          );
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        // The area in which the middle of the pixel lies.
        const [row, column] = [((y + 0.5) * rows) / height, ((x + 0.5) * columns) / width];
        const from = Math.floor(row) * columns + Math.floor(column);
        for (let c = 0; c < channels; c++)
          pixels[(y * width + x) * channels + c] = small[from * channels + c]!;
      }
  },
  /** One grey square of a share of the side, its middle anywhere: what lies outside is cut. */
  blocks(pixels, [height, width, channels], share, random) {
    const side = Math.round(share * Math.min(height, width));
    const top = Math.floor(random() * height) - (side >> 1);
    const left = Math.floor(random() * width) - (side >> 1);
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++)
        pixels.fill(0.5, (y * width + x) * channels, (y * width + x + 1) * channels);
  },
};

/** Convolves rows (axis 0: down) or columns (1: across) with a kernel of odd length, edges repeated. */
function alongAxis(
  pixels: Float32Array,
  [height, width, channels]: ImageShape,
  kernel: readonly number[],
  axis: 0 | 1,
): void {
  const before = pixels.slice();
  const radius = kernel.length >> 1;
  const last = (axis === 0 ? height : width) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [n, weight] of kernel.entries()) {
          const at = Math.min(last, Math.max(0, (axis === 0 ? y : x) + n - radius));
          const from = axis === 0 ? at * width + x : y * width + at;
          sum += weight * before[from * channels + c]!;
        }
        pixels[(y * width + x) * channels + c] = sum;
      }
}

/** The mean of one channel over rows [from, to) and columns [from, to), edges counted by their part. */
function meanOfArea(
  pixels: Float32Array,
  [height, width, channels]: ImageShape,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  c: number,
): number {
  let sum = 0;
  let area = 0;
  for (let y = Math.floor(top); y < Math.min(height, Math.ceil(bottom)); y++)
    for (let x = Math.floor(left); x < Math.min(width, Math.ceil(right)); x++) {
      const part =
        (Math.min(y + 1, bottom) - Math.max(y, top)) * (Math.min(x + 1, right) - Math.max(x, left));
      sum += part * pixels[(y * width + x) * channels + c]!;
      area += part;
    }
  return sum / area;
}

/**
 * Images corrupted, each from a stream of its own, so that one alone comes out as among others.
 * @param images [count, height, width, channels], bytes; they stay as they are.
 * @param severity 1 to 5.
 * @param seed of what is random.
 */
export function corrupted(
  images: Uint8Array,
  shape: ImageShape,
  { corruption, severity, seed }: Shift,
): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const out = new Uint8Array(images.length);
  const pixels = new Float32Array(size);
  const strength = strengthOf(corruption, severity);
  for (let i = 0; i * size < images.length; i++) {
    for (let at = 0; at < size; at++) pixels[at] = images[i * size + at]! / 255;
    const random = randomFrom(mixSeeds(seed, corruptions.indexOf(corruption), severity, i));
    CORRUPT[corruption](pixels, shape, strength, random);
    for (let at = 0; at < size; at++)
      out[i * size + at] = Math.round(255 * Math.min(1, Math.max(0, pixels[at]!)));
  }
  return out;
}

/** What is done to images. */
export interface Shift {
  readonly corruption: Corruption;
  /** 1 to 5. */
  readonly severity: number;
  readonly seed: number;
}
