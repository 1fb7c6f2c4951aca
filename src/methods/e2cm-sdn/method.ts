/**
 * E2CM+SDN (E2CM §3.2): internal classifiers that also see the distances to the class means of their exit, and leave by
 * agreement of both. Passes over the training images: class means; features and distances, on which the classifiers are
 * trained; the trace. Other splits take one pass each.
 */
import { readOptions } from '../../core/options/schema.ts';
import { sizeOf } from '../../core/shape.ts';
import { methodOf } from '../run/method.ts';
import { TRAINING_EFFORT } from '../parts/linear/fit.ts';
import { explainPair } from '../parts/agreement/explain.ts';
import { pairDecider } from '../parts/agreement/decider.ts';
import type { PairArrays } from '../parts/agreement/pair.ts';
import { pairArrays, readPair } from '../parts/agreement/save.ts';
import { classifierLine } from '../parts/classifiers/decide.ts';
import { exitsAt } from '../parts/classifiers/sites.ts';
import {
  checkSameClasses,
  prepare,
  reportOf,
  type Prepared,
} from '../parts/classifiers/prepare.ts';
import type { SdnReport } from '../parts/classifiers/report.ts';
import { readSites, siteArrays } from '../parts/classifiers/save.ts';
import { checkAgreement } from '../parts/options/agreement.ts';
import { decidePair, judgePair, throughPair, type E2cmSdnFitted } from './decide.ts';
import { fit, pairBytes, pairFlops, pairShape } from './fit.ts';
import { e2cmSdnWritten } from './written.ts';
import { E2CM_SDN_OPTIONS, type E2cmSdnOptions } from './options.ts';

export interface E2cmSdnReport extends SdnReport {
  /** Bytes of the class means at the sites as float32. */
  readonly siteMeanBytes: number;
}

const NAME = 'E2CM+SDN';

export const e2cmSdn = methodOf<E2cmSdnOptions, E2cmSdnFitted, Prepared, E2cmSdnReport, PairArrays>(
  {
    id: 'e2cm-sdn',
    options: (saved) => readOptions(E2CM_SDN_OPTIONS, saved),
    check(dataset, options, network) {
      checkAgreement(options);
      checkSameClasses(dataset, network, NAME);
    },
    prepare: (dataset, options, { network }) =>
      prepare(dataset, options, network, NAME, (sites) => pairBytes(sites, dataset.classes.length)),
    phases: ({ train: { count: images } }, { epochs }) => [
      { phase: 'class means', images },
      { phase: 'features and distances', images },
      { phase: 'training', images: images * epochs, effort: TRAINING_EFFORT },
    ],
    fit,
    through: throughPair,
    decider: (fitted) => pairDecider(decidePair, fitted),
    judge: judgePair,
    report({ fitted, prepared }, times) {
      const { means, classes } = fitted;
      const siteMeanBytes = means.byteLength - 4 * classes.length ** 2;
      return { ...reportOf(prepared, fitted), siteMeanBytes, ...times };
    },
    written: e2cmSdnWritten,
    explain: (fitted, arrays) =>
      explainPair(fitted, arrays, decidePair, 'classifier', (logits) => [classifierLine(logits)]),
    save(fitted) {
      return { arrays: { ...siteArrays(fitted), ...pairArrays(fitted) } };
    },
    load({ learnt, arrays, network }) {
      const k = learnt.classes.length;
      const trained = readSites(arrays, network, NAME, (site) => pairShape(site, k));
      const sizes = [...trained.sites.map(({ map }) => sizeOf(map)), k];
      return {
        ...learnt,
        ...trained,
        ...readPair(arrays, k, sizes),
        last: network.exits.length - 1,
        exits: exitsAt(network, trained.sites, (site) => pairFlops(site, k)),
      };
    },
  },
);
