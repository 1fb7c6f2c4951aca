/** Class means at the branches, and traces with branches and class means. */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { branchSites, filedUnder } from '../parts/branches/plan.ts';
import type { RunContext } from '../contract/run.ts';
import { MeansBuilder } from '../parts/means/sums.ts';
import { pairOf, scorePair, type PairArrays } from '../parts/agreement/pair.ts';
import { sortedBySite } from '../parts/agreement/ranks.ts';
import { traceHead } from '../run/images.ts';
import type { Phases } from '../run/phases.ts';
import { traceThrough } from '../run/stream.ts';
import { own } from './own.ts';
import { decideBranchPair, type E2cmBranchyFitted } from './decide.ts';

export interface BranchPairTracing {
  readonly fitted: E2cmBranchyFitted;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly name: TraceSplit;
  readonly phases: Phases;
  readonly context: RunContext<E2cmBranchyFitted>;
}

/** The branches' places among the network's default exits, and its own output. */
const outputsOf = (fitted: Pick<E2cmBranchyFitted, 'outputs'>) => ({
  outputs: Uint32Array.from(fitted.outputs),
});

/** E2CM's first pass, at the branches. */
export async function fitBranchMeans({
  fitted,
  split,
  phases,
  context,
}: Pick<BranchPairTracing, 'split' | 'phases' | 'context'> & {
  fitted: Pick<E2cmBranchyFitted, 'outputs' | 'classes'>;
}): Promise<Pick<E2cmBranchyFitted, 'means' | 'counts'>> {
  const { network } = context.runner;
  const sizes = [...branchSites(network).map(({ size }) => size), fitted.classes.length];
  const builder = new MeansBuilder(fitted.classes.length, sizes);
  phases.start();
  await context.runner.run({
    kernel: own.kernel('sums'),
    classes: fitted.classes.length,
    parameters: outputsOf(fitted),
    split,
    onFlush: (arrays) => builder.add(arrays),
    onProgress: (done) => phases.report(done),
    ...(context.signal && { signal: context.signal }),
  });
  phases.end();
  return { means: await builder.means(), counts: builder.counts };
}

/** The kernel that gives logits and distances. */
export const branchPairExplainer = (fitted: E2cmBranchyFitted) => ({
  kernel: own.kernel('outputs'),
  parameters: { ...outputsOf(fitted), means: fitted.means, counts: fitted.counts },
});

const headOf = ({ fitted, dataset, name, context }: BranchPairTracing) => {
  const { exits, trainImages, options } = fitted;
  const parts = { method: 'e2cm-branchynet', exits, trainImages, options: { ...options } };
  return filedUnder(traceHead(dataset, name, parts, context), context.runner.network);
};

/** Traces images with everything that was learnt. */
export function traceBranchPairs(tracing: BranchPairTracing): Promise<Trace> {
  const { fitted, split, phases, context } = tracing;
  const pair = pairOf(fitted.exits.length, split.count);
  return traceThrough({
    context,
    phases,
    split,
    head: headOf(tracing),
    pass: { ...branchPairExplainer(fitted), classes: fitted.classes.length },
    decide: (arrays, from, count, out) => {
      decideBranchPair(fitted, arrays, from, count, pair);
      scorePair(fitted, pair, from, from + count, out);
    },
  });
}

/**
 * Traces the training images and finds normaliser and ranks. While the pass runs, both are of the images so far, found
 * anew when those have doubled; at the end all images are decided by those of all.
 */
export async function traceBranchTrain(
  tracing: BranchPairTracing,
): Promise<{ trace: Trace; fitted: E2cmBranchyFitted }> {
  const { split, phases, context } = tracing;
  let { fitted } = tracing;
  const exits = fitted.exits.length;
  const width = exits * fitted.classes.length;
  const kept = {
    logits: new Float32Array(split.count * width),
    distances: new Float32Array(split.count * width),
  };
  const part = (from: number, to: number): PairArrays => ({
    logits: kept.logits.subarray(from * width, to * width),
    distances: kept.distances.subarray(from * width, to * width),
  });
  const pair = pairOf(exits, split.count);
  let [settled, decided] = [0, 0];
  const trace = await traceThrough({
    context,
    phases,
    split,
    head: headOf(tracing),
    pass: { ...branchPairExplainer(fitted), classes: fitted.classes.length },
    decide: ({ logits, distances }, from) => {
      kept.logits.set(logits, from * width);
      kept.distances.set(distances, from * width);
    },
    settle: (ready, out, isComplete) => {
      const anew = isComplete || ready >= 2 * settled;
      if (anew) {
        fitted = { ...fitted, normaliser: meanDistances(kept.distances, ready, width) };
        [settled, decided] = [ready, 0];
      }
      decideBranchPair(fitted, part(decided, ready), decided, ready - decided, pair);
      if (anew) {
        const ranks = {
          classifier: sortedBySite(pair.classifier, exits - 1, ready),
          means: sortedBySite(pair.means, exits - 1, ready),
        };
        fitted = { ...fitted, ranks };
        context.onFitted?.(fitted);
      }
      scorePair(fitted, pair, decided, ready, out);
      decided = ready;
    },
  });
  return { trace, fitted };
}

/** m (E2CM, eq. 4) over the first `images` images. */
function meanDistances(distances: Float32Array, images: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let at = 0; at < images * width; at++) mean[at % width]! += distances[at]!;
  return mean.map((sum) => sum / Math.max(1, images));
}
