/**
 * BWDS (Bolukbasi, Wang, Dekel, Saligrama 2017): a classifier and a decision function at every exit of a frozen network.
 * Passes over the training images: features, on which the classifiers are trained; the classifiers' outputs, on which
 * the decision functions are, for every trade-off λ. A trace's confidence is the λ up to which an image is let go, so a
 * policy with the same threshold at all exits is what BWDS does at that λ.
 */
import { readOptions } from '../../core/options/schema.ts';
import { through } from '../contract/kernel.ts';
import { methodOf } from '../run/method.ts';
import { savedArray } from '../run/saved.ts';
import { bytesPerImage, classifierPhases, fitAtSites } from '../parts/classifiers/fit.ts';
import type { SiteLogits } from '../parts/classifiers/kernels.ts';
import {
  checkSameClasses,
  prepare,
  reportOf,
  type Prepared,
} from '../parts/classifiers/prepare.ts';
import type { SdnReport } from '../parts/classifiers/report.ts';
import { encodeClassifiers, readSites, siteArrays } from '../parts/classifiers/save.ts';
import type { Site } from '../parts/classifiers/sites.ts';
import { bwdsExits, bwdsShape, decideBwds, explainBwds, type BwdsFitted } from './decide.ts';
import { bwdsWritten } from './written.ts';
import { learningDecider } from './learning.ts';
import { featureCount } from './decisions.ts';
import { BEFORE, BWDS_OPTIONS, tradeOffsOf, type BwdsOptions } from './options.ts';
import { own } from './own.ts';

export interface BwdsReport extends SdnReport {
  /** The λ for which decision functions were trained, rising. */
  readonly tradeOffs: readonly number[];
  /** Share of the training images at each exit whose decisions are not monotone in λ; their number of λ counts. */
  readonly notMonotone: readonly number[];
}

const NAME = 'BWDS';
/** Training all decision functions on an image, against a pass of it through the network: a first guess. */
const DECISION_EFFORT = 0.05;

/** Bytes of one image: features of the classifiers, then what decisions are trained on and the logits. */
function bytesOf(sites: readonly Site[], classes: number, options: BwdsOptions): number {
  const features = bytesPerImage(sites, (site) => bwdsShape(site, classes, options));
  const outputs = sites.length * (4 * featureCount(classes) + 1) + 4 * (sites.length + 1) * classes;
  return Math.max(features, outputs);
}

export const bwds = methodOf<BwdsOptions, BwdsFitted, Prepared, BwdsReport, SiteLogits>({
  id: 'bwds',
  options: (saved) => readOptions(BWDS_OPTIONS, { ...BEFORE, ...saved }),
  check: (dataset, _, network) => checkSameClasses(dataset, network, NAME),
  prepare: (dataset, options, { network }) =>
    prepare(dataset, options, network, NAME, (sites) =>
      bytesOf(sites, dataset.classes.length, options),
    ),
  phases: classifierPhases,
  fit(fitting) {
    const { options, context, dataset } = fitting;
    const k = dataset.classes.length;
    const lesson = {
      ...{ kernel: own.kernel(`${options.pooling}Features`), learner: own.learner('linear') },
      shape: (site: Site) => bwdsShape(site, k, options),
    };
    return fitAtSites(fitting, lesson, (trained) => {
      const exits = bwdsExits(context.runner.network, trained.sites, k, options);
      return { ...trained, exits, decisions: null };
    });
  },
  through: ({ sites, classifiers, options: { pooling } }) =>
    through(own.kernel(`${pooling}Outputs`), encodeClassifiers({ sites, classifiers })),
  decider: (fitted) => ({
    decide: ({ logits }, from, count, out) => decideBwds(fitted, logits, from, count, out),
  }),
  judge: ({ sites, classifiers, decisions, options: { pooling, tradeOffs } }) =>
    own.judge({
      classifiers: encodeClassifiers({ sites, classifiers }),
      decisions,
      options: { pooling, tradeOffs },
    }),
  tracing: (images) => [
    { phase: 'outputs of the classifiers', images },
    { phase: 'decision functions', images, effort: DECISION_EFFORT },
  ],
  learning: { isDone: ({ decisions }) => decisions !== null, decider: learningDecider },
  report: ({ fitted, prepared, counted }, times) => ({
    ...reportOf(prepared, fitted),
    tradeOffs: tradeOffsOf(fitted.options),
    notMonotone: counted.train,
    ...times,
  }),
  written: bwdsWritten,
  explain: explainBwds,
  save: (fitted) => ({
    arrays: { ...siteArrays(fitted), ...(fitted.decisions && { decisions: fitted.decisions }) },
  }),
  load({ learnt, arrays, network }) {
    const { options } = learnt;
    const k = learnt.classes.length;
    const trained = readSites(arrays, network, NAME, (site) => bwdsShape(site, k, options));
    const { sites } = trained;
    const numbers = options.tradeOffs * sites.length * (featureCount(k) + 1);
    const decisions = arrays.decisions && savedArray(arrays, 'decisions', Float64Array, numbers);
    return {
      ...learnt,
      ...trained,
      exits: bwdsExits(network, sites, k, options),
      decisions: decisions ?? null,
    };
  },
});
