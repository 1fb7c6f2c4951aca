/** What fitting a method costs, from what its trace says of its exits. */
import { costUnit } from '../../core/costs.ts';
import { distanceFlops } from '../../core/flops.ts';
import type { Trace } from '../../core/trace.ts';
import type { ExitWork, FitCost } from '../../methods/contract/about.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';

export interface TrainingCost {
  /** FLOPs of all forward passes over the training images. */
  readonly forward: number;
  /** FLOPs of all gradients; 0 for a method that has none. */
  readonly backward: number;
}

/**
 * FLOPs of fitting. A pass over the training images costs the network and what is computed at the exits meanwhile:
 * class means take one pass for the means (eq. 2) and one, with distances, for the mean distances to them (eq. 4).
 * Classifiers on kept features pay for themselves alone in each epoch: forward, and about twice that for gradients of
 * weights and inputs. A network that is trained jointly with its branches pays for all of it in every epoch, gradients
 * of the whole included.
 *
 * Training of the frozen network itself counts for none of the others: it was there before. BWDS' decision functions,
 * which see a dozen numbers an image, are left out.
 * @param epochs null for a method that trains nothing.
 */
export function trainingCost(
  id: MethodId,
  trace: Pick<Trace, 'exits' | 'networkFlops' | 'classes' | 'provenance'>,
  epochs: number | null,
): TrainingCost {
  const { passes, epoch: trained }: FitCost = METHODS[id].cost;
  const { networkFlops, provenance } = trace;
  const { trainImages, options } = provenance;
  // A network that came trained may have seen more images than made the class means.
  const trainedOn = typeof options.trainedOn === 'number' ? options.trainedOn : trainImages;
  const own = workAtExits(id, trace);
  const passed = passes.reduce(
    (sum, works) => works.reduce((all, work) => all + own[work], sum + networkFlops),
    0,
  );
  const whole = { ...own, network: networkFlops };
  const epoch = trained.reduce((sum, work) => sum + whole[work], 0);
  const training = trainedOn * (epochs ?? 0) * epoch;
  return { forward: trainImages * passed + training, backward: 2 * training };
}

/**
 * FLOPs of an image beside the network's, were it to visit every exit. Distances are counted from the sizes of the
 * outputs; where a trace does not say those, all counts as classifiers.
 */
function workAtExits(
  id: MethodId,
  { exits, networkFlops, classes }: Pick<Trace, 'exits' | 'networkFlops' | 'classes'>,
): Readonly<Record<ExitWork, number>> {
  const works: readonly ExitWork[] = METHODS[id].cost.exits;
  const own = Math.max(0, exits.at(-1)!.flops - networkFlops);
  if (!works.includes('classifiers')) return { distances: own, classifiers: 0 };
  if (!works.includes('distances')) return { distances: 0, classifiers: own };
  // Methods with both ask them at every exit but the network's end.
  const distances = exits
    .slice(0, -1)
    .reduce((sum, { size }) => sum + (size ? distanceFlops(classes.length, size) : 0), 0);
  return { distances, classifiers: Math.max(0, own - distances) };
}

/** What are FLOPs but for a factor, or may be: a file that says no more than how costs relate does not say of what. */
const NEARLY_FLOPS: ReadonlySet<string> = new Set(['MACs', 'relative']);

/**
 * What stands beside the name of a trace whose costs are not stated in FLOPs; nothing where they are.
 * @throws Error with a sentence where they have no place on an axis of FLOPs.
 */
export function besideFlops(trace: Pick<Trace, 'network' | 'dataset' | 'provenance'>): string {
  const unit = costUnit(trace);
  if (unit === 'FLOPs') return '';
  if (!NEARLY_FLOPS.has(unit))
    throw new Error(
      `The trace of ${trace.network} on ${trace.dataset} counts in ${unit}, and Compare in FLOPs. ` +
        'Open it with its FLOPs to draw it there; Explore draws it as it is.',
    );
  return unit === 'relative' ? ' (relative costs)' : ` (costs in ${unit})`;
}
