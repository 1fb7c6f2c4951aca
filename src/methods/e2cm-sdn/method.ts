/**
 * E2CM+SDN (E2CM §3.2): internal classifiers that also see the distances to the class means of their exit, and leave by
 * agreement of both. Passes over the training images: class means; features and distances, on which the classifiers are
 * trained; the trace, which ranks both confidences. Other splits take one pass each.
 */
import { sizeOf } from '../../core/shape.ts';
import type { Split } from '../../core/dataset.ts';
import type { TraceSplit } from '../../core/trace.ts';
import type { Method } from '../contract/method.ts';
import type { MethodRun } from '../contract/run.ts';
import { splitToTrace } from '../run/images.ts';
import { TRAINING_EFFORT, type Trainees } from '../parts/linear/fit.ts';
import { Phases } from '../run/phases.ts';
import { exitsAt } from '../parts/classifiers/sites.ts';
import { checkSameClasses, prepare, reportOf, usable } from '../parts/classifiers/prepare.ts';
import { Histories, type SdnReport } from '../parts/classifiers/report.ts';
import type { PairArrays } from '../parts/agreement/pair.ts';
import type { E2cmSdnFitted } from './decide.ts';
import { explainPair } from './explain.ts';
import { fitPairs, fitSiteMeans, pairBytes, pairFlops, type Means } from './fit.ts';
import { AGREEMENTS } from '../parts/options/agreement.ts';
import type { E2cmSdnOptions } from './options.ts';
import { confidenceAt } from '../parts/agreement/ranks.ts';
import { loadPair, savePair } from './save.ts';
import { pairExplainer, traceAndRank, tracePairs } from './tracing.ts';

export interface E2cmSdnReport extends SdnReport {
  /** Bytes of the class means at the sites as float32. */
  readonly siteMeanBytes: number;
}

const NAME = 'E2CM+SDN';
const CLASSIFIER = 'max softmax of the internal classifier';
const MEANS = 'max softmax of the normalised distances';

export const e2cmSdn: Method<E2cmSdnOptions, E2cmSdnFitted, E2cmSdnReport, PairArrays> = {
  async run(dataset, options, context): Promise<MethodRun<E2cmSdnFitted, E2cmSdnReport>> {
    const started = performance.now();
    const { network } = context.runner;
    const { classes } = dataset;
    const k = classes.length;
    if (!AGREEMENTS.includes(options.agreement))
      throw new Error(
        `The rule of agreement must be one of ${AGREEMENTS.join(', ')}; ${options.agreement} came.`,
      );
    const prepared = prepare(dataset, options, network, NAME, (of) => pairBytes(of, k));
    const { sites, train, holdout } = prepared;
    const phases = new Phases(
      [
        { phase: 'class means', images: train.count },
        { phase: 'features and distances', images: train.count },
        { phase: 'training', images: train.count * options.epochs, effort: TRAINING_EFFORT },
        { phase: 'ranks', images: train.count },
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const last = network.exits.length - 1;
    const histories = new Histories();
    const lesson = {
      ...{ sites, last, classes: k, train, options, phases },
      context: histories.listening(context),
    };
    const fittedOf = (
      trainees: Trainees,
      means: Means,
      normaliser: Float64Array,
    ): E2cmSdnFitted => {
      const trained = usable(sites, trainees);
      const exits = exitsAt(network, trained.sites, (site) => pairFlops(site, k));
      const atSites = atUsable(means, normaliser, sites, trained.sites, k);
      const trainImages = train.count;
      return { classes, ...trained, last, exits, ...atSites, ranks: null, trainImages, options };
    };
    const means = await fitSiteMeans(lesson);
    const learnt = await fitPairs(lesson, means, (trainees, normaliser) => {
      const fitted = fittedOf(trainees, means, normaliser);
      if (fitted.sites.length > 0) context.onFitted?.(fitted);
    });
    const { epochs } = options;
    const trainees = learnt.classifiers.map((weights) => ({ weights, epochs }));
    const unranked = fittedOf(trainees, means, learnt.normaliser);
    context.onFitted?.(unranked);
    const tracing = { dataset, phases, context };
    const { trace, fitted } = await traceAndRank({
      ...tracing,
      fitted: unranked,
      split: train,
      name: 'train',
    });
    context.onFitted?.(fitted);
    const other = (split: Split, name: TraceSplit) =>
      tracePairs({ ...tracing, fitted, split, name });
    const held = holdout && (await other(holdout, 'holdout'));
    const test = await other(dataset.test, 'test');
    return {
      fitted,
      train: trace,
      test,
      holdout: held,
      report: {
        ...reportOf(prepared, fitted.classifiers, histories, classes),
        siteMeanBytes: fitted.means.byteLength - 4 * k * k,
        phases: phases.times,
        seconds: (performance.now() - started) / 1000,
      },
    };
  },

  async trace(fitted, dataset, split, context) {
    checkSameClasses(dataset, context.runner.network, NAME);
    const images = splitToTrace(dataset, split, fitted.options, fitted.trainImages);
    const train = splitToTrace(dataset, 'train', fitted.options, fitted.trainImages);
    // A run that was cut short has no ranks yet.
    const isRanked = fitted.ranks !== null || fitted.options.agreement === 'and-label';
    const phases = new Phases(
      [
        ...(isRanked ? [] : [{ phase: 'ranks', images: train.count }]),
        ...(isRanked || split !== 'train'
          ? [{ phase: `${split} images`, images: images.count }]
          : []),
      ],
      context.onProgress,
    );
    const tracing = { dataset, phases, context };
    if (isRanked) return tracePairs({ ...tracing, fitted, split: images, name: split });
    const ranked = await traceAndRank({ ...tracing, fitted, split: train, name: 'train' });
    context.onFitted?.(ranked.fitted);
    if (split === 'train') return ranked.trace;
    return tracePairs({ ...tracing, fitted: ranked.fitted, split: images, name: split });
  },

  /** The two thresholds that one threshold of this method stands for at an exit. */
  parts({ ranks, options }, exit, threshold) {
    if (options.agreement === 'and-label')
      return [{ judge: 'classifier', unit: CLASSIFIER, rule: 'at-least', threshold }];
    if (!ranks || exit >= ranks.means.length) return [];
    return [
      {
        judge: 'classifier',
        unit: CLASSIFIER,
        rule: 'at-least',
        threshold: confidenceAt(ranks.classifier[exit]!, threshold),
      },
      {
        judge: 'means',
        unit: MEANS,
        rule: 'at-least',
        threshold: confidenceAt(ranks.means[exit]!, threshold),
      },
    ];
  },

  save: savePair,
  load: loadPair,
  explainer: pairExplainer,
  explain: explainPair,
};

/** Means and normalisers of the sites that can be used, and of the network's output. */
function atUsable(
  { means, counts }: Means,
  normaliser: Float64Array,
  all: readonly { map: readonly number[]; stage: number }[],
  kept: readonly { stage: number }[],
  classes: number,
) {
  if (kept.length === all.length) return { means, counts, normaliser };
  const stages = new Set(kept.map(({ stage }) => stage));
  const blocks: Float32Array[] = [];
  const rows: number[] = [];
  let at = 0;
  all.forEach(({ map, stage }, s) => {
    const size = classes * sizeOf(map);
    if (stages.has(stage)) {
      blocks.push(means.subarray(at, at + size));
      rows.push(...normaliser.subarray(s * classes, (s + 1) * classes));
    }
    at += size;
  });
  blocks.push(means.subarray(at));
  rows.push(...normaliser.subarray(all.length * classes));
  const joined = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let end = 0;
  for (const block of blocks) {
    joined.set(block, end);
    end += block.length;
  }
  return { means: joined, counts, normaliser: Float64Array.from(rows) };
}
