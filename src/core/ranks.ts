/** Confidences as ranks among some images: what lets one number stand for the thresholds of two judges. */

/** Share of the sorted confidences that are at most this one, 0…1. */
export function rankOf(sorted: Float32Array, confidence: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= confidence) low = middle + 1;
    else high = middle;
  }
  return sorted.length === 0 ? 0 : low / sorted.length;
}

/**
 * The confidence from which on a rank reaches a quantile: rankOf(c) ≥ q iff c ≥ this. −Infinity where everybody does,
 * Infinity where nobody does.
 */
export function confidenceAt(sorted: Float32Array, quantile: number): number {
  if (quantile <= 0) return -Infinity;
  // Scores are kept as float32, so a threshold taken from them may lie a rounding above or below k / n.
  const index = Math.ceil(Math.fround(quantile) * sorted.length - 0.01) - 1;
  return index < sorted.length ? sorted[Math.max(0, index)]! : Infinity;
}
