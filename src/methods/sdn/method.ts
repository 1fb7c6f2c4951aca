/**
 * Shallow-Deep Networks (Kaya, Hong, Dumitraş 2019): an image leaves at the first internal classifier that is sure
 * enough. One pass over the training images makes the features on which the classifiers are trained; one more pass over
 * every split traces it.
 */
import { readOptions } from '../../core/options/schema.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { through } from '../contract/kernel.ts';
import { methodOf } from '../run/method.ts';
import {
  decideSdn,
  explainSdn,
  type AtSites,
  type SdnFitted,
} from '../parts/classifiers/decide.ts';
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
import { exitsAt, linearFlops, shapeOf, type Site } from '../parts/classifiers/sites.ts';
import { sdnWritten } from './written.ts';
import { SDN_OPTIONS, type SdnOptions } from './options.ts';
import { own } from './own.ts';

const NAME = 'SDN';

const exitsOf = (network: NetworkSummary, { sites }: AtSites, classes: number) =>
  exitsAt(network, sites, (site) => linearFlops(site, classes));

export const sdn = methodOf<SdnOptions, SdnFitted, Prepared, SdnReport, SiteLogits>({
  id: 'sdn',
  options: (saved) => readOptions(SDN_OPTIONS, saved),
  check: (dataset, _, network) => checkSameClasses(dataset, network, NAME),
  prepare: (dataset, options, { network }) => {
    const shape = (site: Site) => shapeOf(site, dataset.classes.length);
    return prepare(dataset, options, network, NAME, (sites) => bytesPerImage(sites, shape));
  },
  phases: classifierPhases,
  fit(fitting) {
    const k = fitting.dataset.classes.length;
    const { network } = fitting.context.runner;
    const lesson = {
      ...{ kernel: own.kernel('features'), learner: own.learner('linear') },
      shape: (site: Site) => shapeOf(site, k),
    };
    return fitAtSites(fitting, lesson, (trained) => ({
      ...trained,
      exits: exitsOf(network, trained, k),
    }));
  },
  through: ({ sites, classifiers }) =>
    through(own.kernel('outputs'), encodeClassifiers({ sites, classifiers })),
  decider: (fitted) => ({
    decide: ({ logits }, from, count, out) => decideSdn(fitted, logits, from, count, out),
  }),
  judge: ({ sites, classifiers, options: { unconfident } }) =>
    own.judge({
      classifiers: encodeClassifiers({ sites, classifiers }),
      options: { unconfident },
    }),
  report: ({ fitted, prepared }, times) => ({ ...reportOf(prepared, fitted), ...times }),
  written: sdnWritten,
  explain: explainSdn,
  save: (fitted) => ({ arrays: siteArrays(fitted) }),
  load({ learnt, arrays, network }) {
    const k = learnt.classes.length;
    const trained = readSites(arrays, network, NAME, (site) => shapeOf(site, k));
    return { ...learnt, ...trained, exits: exitsOf(network, trained, k) };
  },
});
