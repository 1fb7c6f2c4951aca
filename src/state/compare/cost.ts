/** What fitting a method costs, from what its trace says of its exits. */
import type { Exit } from '../../core/trace.ts';

export interface TrainingCost {
  /** FLOPs of all forward passes over the training images. */
  readonly forward: number;
  /** FLOPs of all gradients; 0 for a method that has none. */
  readonly backward: number;
}

interface Fitted {
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
}

/**
 * FLOPs of fitting on a frozen network. Class means take two forward passes over the images: one for the means (eq. 3)
 * and one for the normalisers, the mean distances to them (eq. 4), with those distances. Classifiers take one pass for
 * their features, which are kept, then in each epoch their own forward pass and about twice that for gradients of
 * weights and inputs; what they cost is what the last exit costs beyond the plain network.
 * @param epochs null for a method that trains nothing.
 */
export function trainingCost(
  { exits, networkFlops }: Fitted,
  images: number,
  epochs: number | null,
): TrainingCost {
  const own = Math.max(0, exits.at(-1)!.flops - networkFlops);
  if (epochs === null) return { forward: images * (2 * networkFlops + own), backward: 0 };
  return { forward: images * (networkFlops + epochs * own), backward: images * epochs * 2 * own };
}
