/** What fitting a method costs, from what its trace says of its exits. */
import type { Exit, Provenance } from '../../core/trace.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';

export interface TrainingCost {
  /** FLOPs of all forward passes over the training images. */
  readonly forward: number;
  /** FLOPs of all gradients; 0 for a method that has none. */
  readonly backward: number;
}

/** Images that were trained on: of a jointly trained network its own, which may be more than made the class means. */
export function trainedOn({ trainImages, options }: Provenance): number {
  return typeof options.trainedOn === 'number' ? options.trainedOn : trainImages;
}

interface Fitted {
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
}

/**
 * FLOPs of fitting. A pass over the training images costs the network; each after the first also what stands on it,
 * distances or classifiers, which is what the last exit costs beyond the plain network: class means take one pass for
 * the means (eq. 3) and one for the mean distances to them (eq. 4). Classifiers on kept features pay for themselves
 * alone in each epoch: forward, and about twice that for gradients of weights and inputs. A network that is trained
 * jointly with its branches pays for all of it in every epoch, gradients of the whole included.
 *
 * Training of the frozen network itself counts for none of the others: it was there before. BWDS' decision functions,
 * which see a dozen numbers an image, are left out.
 * @param epochs null for a method that trains nothing.
 */
export function trainingCost(
  id: MethodId,
  { exits, networkFlops }: Fitted,
  images: number,
  epochs: number | null,
): TrainingCost {
  const { passes, trainsNetwork } = METHODS[id];
  const own = Math.max(0, exits.at(-1)!.flops - networkFlops);
  const still = passes * networkFlops + Math.max(0, passes - 1) * own;
  const epoch = trainsNetwork ? networkFlops + own : own;
  const trained = (epochs ?? 0) * epoch;
  return { forward: images * (still + trained), backward: images * 2 * trained };
}
