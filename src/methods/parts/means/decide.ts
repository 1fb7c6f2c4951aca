/** From distances to labels and confidences (eqs. 4–7): plain arithmetic, no tensors. */
import type { Learnt } from '../../run/method.ts';
import type { Decisions } from '../../run/stream.ts';
import { argmax } from '../logits.ts';
import type { ImageOptions } from '../options/images.ts';

/** Where the paper and the released code differ: whose label an exit has, and who labels at the last one. */
export interface MeansRule {
  readonly label: 'normalised' | 'raw';
  readonly lastExit: 'network' | 'nearest-mean';
}

/** As the paper has it. */
export const PAPER_RULE: MeansRule = { label: 'normalised', lastExit: 'network' };

/** What E2CM learnt from the training split. */
export interface E2cmFitted extends Learnt<ImageOptions & MeansRule> {
  /** Numbers in the output at each exit, D_j. */
  readonly dimensions: readonly number[];
  /** Class means float32 [K·D_0 | K·D_1 | …], exit after exit, each [K, D_j]; 0 for a class without images. */
  readonly means: Float32Array;
  /** Training images of each class [K]. */
  readonly counts: Uint32Array;
  /** m_j^k [M, K], eq. 4. */
  readonly normaliser: Float64Array;
}

/** d̂ = d / m; where every training image lies on the mean (m = 0), 0 on it and Infinity off it. */
export function normalise(distance: number, mean: number): number {
  if (mean > 0) return distance / mean;
  return distance === 0 ? 0 : Infinity;
}

/** @throws Error with a sentence where no class has a mean. */
function checkMeans(counts: Uint32Array): void {
  if (counts.every((count) => count === 0))
    throw new Error(
      'No class has a mean yet, so no image is near to one: the run ended before its first training image. Run it again.',
    );
}

/**
 * Decides images [from, to) from their raw distances, at every exit but a last one that the network decides.
 * @param distances float32 image-major [.., M, K]; image `from` begins at `offset`.
 * @param differing counts per exit how often argmin d is not argmax softmax(−d/m); added to, if given.
 * @throws Error with a sentence where no class has a mean.
 */
export function decide(
  distances: Float32Array,
  offset: number,
  from: number,
  to: number,
  {
    counts,
    normaliser,
    options,
  }: Pick<E2cmFitted, 'counts' | 'normaliser'> & { readonly options: MeansRule },
  out: Decisions,
  differing?: Float64Array,
): void {
  checkMeans(counts);
  const k = counts.length;
  const m = normaliser.length / k;
  const written = options.lastExit === 'network' ? m - 1 : m;
  const raw = options.label === 'raw';
  const scaled = new Float64Array(k);
  let at = offset;
  for (let i = from; i < to; i++) {
    for (let j = 0; j < m; j++, at += k) {
      let nearest = -1;
      let nearestRaw = -1;
      for (let c = 0; c < k; c++) {
        if (counts[c] === 0) continue;
        scaled[c] = normalise(distances[at + c]!, normaliser[j * k + c]!);
        if (nearest < 0 || scaled[c]! < scaled[nearest]!) nearest = c;
        if (nearestRaw < 0 || distances[at + c]! < distances[at + nearestRaw]!) nearestRaw = c;
      }
      // Softmax of −d̂, shifted by its largest term: that term becomes 1, so the maximum is 1 / Σ.
      const least = scaled[nearest]!;
      let sum = 0;
      for (let c = 0; c < k; c++) {
        if (counts[c] === 0) continue;
        sum += scaled[c] === least ? 1 : Math.exp(least - scaled[c]!);
      }
      if (differing && nearest !== nearestRaw) differing[j]!++;
      if (j >= written) continue;
      out.prediction[j * out.stride + i] = raw ? nearestRaw : nearest;
      out.confidence[j * out.stride + i] = 1 / sum;
    }
  }
}

/** The network's own label and its softmax for images [from, to), written at the last exit. */
export function decideByNetwork(
  logits: Float32Array,
  from: number,
  to: number,
  exits: number,
  out: Decisions,
): void {
  const k = logits.length / (to - from);
  const start = (exits - 1) * out.stride;
  for (let i = from; i < to; i++) {
    const at = (i - from) * k;
    const best = argmax(logits, at, k);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += Math.exp(logits[at + c]! - logits[at + best]!);
    out.prediction[start + i] = best;
    out.confidence[start + i] = 1 / sum;
  }
}
