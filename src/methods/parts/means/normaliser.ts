/** The mean distance of the training images to every class mean (eq. 4). */
import { normalise } from './decide.ts';

/** m_j^k [M, K] as the mean of the distances that have come so far. */
export class Normaliser {
  private readonly sums: Float64Array;
  private images = 0;

  constructor(private readonly width: number) {
    this.sums = new Float64Array(width);
  }

  /** @param distances float32 [count, M, K]. */
  add(distances: Float32Array, count: number): void {
    const { sums, width } = this;
    for (let i = 0, at = 0; i < count; i++)
      for (let c = 0; c < width; c++) sums[c]! += distances[at++]!;
    this.images += count;
  }

  mean(): Float64Array {
    return this.sums.map((sum) => sum / Math.max(1, this.images));
  }
}

/** Of the first `images` images. @param distances float32 [.., M, K], M·K = `width`. */
export function meanDistances(
  distances: Float32Array,
  images: number,
  width: number,
): Float64Array {
  const normaliser = new Normaliser(width);
  normaliser.add(distances, images);
  return normaliser.mean();
}

/** Distances of one image [M, K] and the same over their means; Infinity where there is no mean, or none plays a part. */
export function scaledBy(
  { counts, normaliser }: { readonly counts: Uint32Array; readonly normaliser: Float64Array },
  distances: Float32Array,
  exits: number,
): { distance: Float32Array; normalised: Float32Array } {
  const k = counts.length;
  const isOut = (at: number) => counts[at % k] === 0 || at >= exits * k;
  const distance = distances.map((d, at) => (isOut(at) ? Infinity : d));
  const normalised = distance.map((d, at) =>
    d === Infinity ? Infinity : normalise(d, normaliser[at]!),
  );
  return { distance, normalised };
}
