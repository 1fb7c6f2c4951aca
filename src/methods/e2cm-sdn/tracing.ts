/** Traces images with classifiers and class means. */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { RunContext } from '../contract/run.ts';
import { traceHead } from '../run/images.ts';
import { inputsOf } from '../parts/linear/settings.ts';
import type { Phases } from '../run/phases.ts';
import { shapeOf } from '../parts/classifiers/sites.ts';
import { traceThrough } from '../run/stream.ts';
import { pairOf, scorePair } from '../parts/agreement/pair.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { own } from './own.ts';
import { decidePair, type E2cmSdnFitted } from './decide.ts';
import { siteParameters } from './fit.ts';
import { sortedBySite } from '../parts/agreement/ranks.ts';

/** The kernel that gives logits and distances; a classifier's weights in two parts, for features and for distances. */
export function pairExplainer(fitted: E2cmSdnFitted) {
  const { sites, last, classes, classifiers, means, counts, normaliser } = fitted;
  const near: Record<`near${number}`, Float32Array> = {};
  const ofFeatures = classifiers.map(({ weights, ...rest }, s) => {
    const split = inputsOf(shapeOf(sites[s]!, classes.length)) * classes.length;
    near[`near${s}`] = weights.slice(split);
    return { ...rest, weights: weights.slice(0, split) };
  });
  const atSites = { ...siteParameters(sites, last), ...arraysOf(ofFeatures), ...near };
  return { kernel: own.kernel('outputs'), parameters: { ...atSites, means, counts, normaliser } };
}

export interface PairTracing {
  readonly fitted: E2cmSdnFitted;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly name: TraceSplit;
  readonly phases: Phases;
  readonly context: RunContext<E2cmSdnFitted>;
}

const headOf = ({ fitted, dataset, name, context }: PairTracing) => {
  const { exits, trainImages, options } = fitted;
  const parts = { method: 'e2cm-sdn', exits, trainImages, options: { ...options } };
  return traceHead(dataset, name, parts, context);
};

/** Traces images whose ranks are known. */
export function tracePairs(tracing: PairTracing): Promise<Trace> {
  const { fitted, split, phases, context } = tracing;
  const pair = pairOf(fitted.exits.length, split.count);
  return traceThrough({
    context,
    phases,
    split,
    head: headOf(tracing),
    pass: { ...pairExplainer(fitted), classes: fitted.classes.length },
    decide: (arrays, from, count, out) => {
      decidePair(fitted, arrays, from, count, pair);
      scorePair(fitted, pair, from, from + count, out);
    },
  });
}

/**
 * Traces the training images and finds the ranks. While the pass runs, scores are ranks among the images so far, found
 * anew when those have doubled; at the end all are ranked among all.
 */
export async function traceAndRank(
  tracing: PairTracing,
): Promise<{ trace: Trace; fitted: E2cmSdnFitted }> {
  const { split, phases, context } = tracing;
  let { fitted } = tracing;
  const sites = fitted.sites.length;
  const pair = pairOf(fitted.exits.length, split.count);
  let [ranked, scored] = [0, 0];
  const trace = await traceThrough({
    context,
    phases,
    split,
    head: headOf(tracing),
    pass: { ...pairExplainer(fitted), classes: fitted.classes.length },
    decide: (arrays, from, count) => decidePair(fitted, arrays, from, count, pair),
    settle: (ready, out, isComplete) => {
      if (isComplete || ready >= 2 * ranked) {
        const ranks = {
          classifier: sortedBySite(pair.classifier, sites, ready),
          means: sortedBySite(pair.means, sites, ready),
        };
        fitted = { ...fitted, ranks };
        [ranked, scored] = [ready, 0];
      }
      scorePair(fitted, pair, scored, ready, out);
      scored = ready;
    },
  });
  return { trace, fitted };
}
