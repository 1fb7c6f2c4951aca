/** What fitting a method costs, from what its trace says of its exits. */
import type { Exit, Provenance } from '../../core/trace.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';

export interface TrainingCost {
  /** FLOPs of all forward passes over the training images. */
  readonly forward: number;
  /** FLOPs of all gradients; 0 for a method that has none. */
  readonly backward: number;
}

/** What a method trains. */
export function trainsWhat(id: MethodId): Trains {
  const { trainsFor, trainsNetwork } = METHODS[id];
  if (trainsFor === null) return 'nothing';
  return trainsNetwork ? 'network' : 'classifiers';
}

/** Images that were trained on: of a jointly trained network its own, which may be more than made the class means. */
export function trainedOn({ trainImages, options }: Provenance): number {
  return typeof options.trainedOn === 'number' ? options.trainedOn : trainImages;
}

/** What is trained: nothing, classifiers on a frozen network, or a network jointly with its branches. */
export type Trains = 'nothing' | 'classifiers' | 'network';

interface Fitted {
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
}

/**
 * FLOPs of fitting on a frozen network. Class means take two forward passes over the images: one for the means (eq. 3)
 * and one for the normalisers, the mean distances to them (eq. 4), with those distances. Classifiers take one pass for
 * their features, which are kept, then in each epoch their own forward pass and about twice that for gradients of
 * weights and inputs; what they cost is what the last exit costs beyond the plain network.
 * A network that is trained jointly with its branches pays for all of that in every epoch, gradients of the whole
 * included. Training of the frozen network itself counts for none of the others: it was there before.
 * @param epochs null for a method that trains nothing.
 */
export function trainingCost(
  { exits, networkFlops }: Fitted,
  images: number,
  epochs: number | null,
  trains: Trains = epochs === null ? 'nothing' : 'classifiers',
): TrainingCost {
  const own = Math.max(0, exits.at(-1)!.flops - networkFlops);
  if (trains === 'network' && epochs !== null) {
    const forward = images * epochs * (networkFlops + own);
    return { forward, backward: 2 * forward };
  }
  if (epochs === null) return { forward: images * (2 * networkFlops + own), backward: 0 };
  return { forward: images * (networkFlops + epochs * own), backward: images * epochs * 2 * own };
}
