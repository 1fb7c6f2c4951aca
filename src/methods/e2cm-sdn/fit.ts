/** Trains internal classifiers that also see how far an image is from each class mean. */
import { mixSeeds } from '../../core/random.ts';
import type { Split } from '../../core/dataset.ts';
import { denseFlops, distanceFlops } from '../../core/flops.ts';
import { sizeOf } from '../../core/shape.ts';
import type { RunContext } from '../contract/run.ts';
import { MeansBuilder } from '../parts/means/sums.ts';
import { trainClassifiers, type Feed, type Trainees } from '../parts/linear/fit.ts';
import { toHalf } from '../parts/linear/half.ts';
import { initialWeights } from '../parts/linear/learner.ts';
import {
  featureBytes,
  inputsOf,
  LINEAR_DEFAULTS,
  rowLength,
  type LinearShape,
  type LinearWeights,
} from '../parts/linear/settings.ts';
import type { Phases } from '../run/phases.ts';
import { encodeSites, shapeOf, type Site } from '../parts/classifiers/sites.ts';
import { own } from './own.ts';
import { scaledDistance, type E2cmSdnFitted } from './decide.ts';
import type { E2cmSdnOptions } from './options.ts';

/** Images whose distances are fed in one message. */
const FED_AT_ONCE = 4096;
/** Largest number that a feature can be. */
const LARGEST = 131_008;

/** SDN's features of a site, then the K scaled distances. */
export function pairShape(site: Site, classes: number): LinearShape {
  const shape = shapeOf(site, classes);
  return { ...shape, plain: shape.plain + classes };
}

export function pairBytes(sites: readonly Site[], classes: number): number {
  // The raw distances are kept as float32 until their means are known.
  const distances = 4 * (sites.length + 1) * classes;
  return sites.reduce((sum, site) => sum + featureBytes(pairShape(site, classes), 1), distances);
}

/** FLOPs of a site: K distances to its class means, and the linear layer. */
export function pairFlops(site: Site, classes: number): number {
  return (
    distanceFlops(classes, sizeOf(site.map)) +
    denseFlops(inputsOf(pairShape(site, classes)), classes)
  );
}

/** Parameters that every kernel of this method takes. */
export const siteParameters = (sites: readonly Site[], last: number) => ({
  sites: encodeSites(sites),
  last: Uint32Array.of(last),
});

export interface PairLesson {
  readonly sites: readonly Site[];
  readonly last: number;
  readonly classes: number;
  readonly train: Split;
  readonly options: E2cmSdnOptions;
  readonly phases: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTraining'>;
}

export type Means = Pick<E2cmSdnFitted, 'means' | 'counts'>;

/** E2CM's first pass, at the sites. */
export async function fitSiteMeans(lesson: PairLesson): Promise<Means> {
  const { sites, last, classes, train, phases, context } = lesson;
  const builder = new MeansBuilder(classes, [...sites.map(({ map }) => sizeOf(map)), classes]);
  phases.start();
  await context.runner.run({
    kernel: own.kernel('sums'),
    classes,
    parameters: siteParameters(sites, last),
    split: train,
    onFlush: (arrays) => builder.add(arrays),
    onProgress: (done) => phases.report(done),
    ...(context.signal && { signal: context.signal }),
  });
  phases.end();
  return { means: await builder.means(), counts: builder.counts };
}

/**
 * The pass that makes features and distances, and the training on both.
 * @param onCutShort as for `trainClassifiers`, with the normaliser.
 */
export async function fitPairs(
  lesson: PairLesson,
  means: Means,
  onCutShort: (trainees: Trainees, normaliser: Float64Array) => void,
): Promise<{ classifiers: LinearWeights[]; normaliser: Float64Array }> {
  const { sites, last, classes, train, options, phases, context } = lesson;
  const width = (sites.length + 1) * classes;
  const distances = new Float32Array(train.count * width);
  let normaliser = new Float64Array(width);
  const apprentices = sites.map((site, s) => {
    const shape = pairShape(site, classes);
    const seed = mixSeeds(options.seed, s);
    return {
      name: site.name,
      settings: { ...LINEAR_DEFAULTS, ...shape, images: train.count, epochs: options.epochs, seed },
      start: initialWeights(shape, seed),
    };
  });
  const feedDistances = (feed: Feed) => {
    normaliser = meanOf(distances, width);
    for (let from = 0; from < train.count; from += FED_AT_ONCE) {
      const count = Math.min(FED_AT_ONCE, train.count - from);
      const labels = train.labels.subarray(from, from + count);
      sites.forEach((site, s) => {
        const near = new Float32Array(count * classes);
        for (let i = 0; i < count; i++)
          for (let c = 0; c < classes; c++) {
            const at = s * classes + c;
            const distance = distances[(from + i) * width + at]!;
            near[i * classes + c] = Math.min(
              LARGEST,
              scaledDistance(distance, normaliser[at]!, means.counts[c]!),
            );
          }
        const rows = new Uint16Array(near.length);
        toHalf(near, rows);
        feed(s, from, rowLength(shapeOf(site, classes)), rows, labels);
      });
    }
  };
  const classifiers = await trainClassifiers(
    {
      learner: own.learner('linear'),
      apprentices,
      split: train,
      pass: {
        kernel: own.kernel('features'),
        classes,
        parameters: { ...siteParameters(sites, last), ...means },
      },
      phases,
      context,
      onBatch: (from, count, arrays, feed) => {
        distances.set(arrays.distances, from * width);
        const labels = train.labels.subarray(from, from + count);
        sites.forEach((_, s) => feed(s, from, 0, arrays[`rows${s}`]!, labels));
      },
      afterPass: feedDistances,
    },
    (trainees) => onCutShort(trainees, normaliser),
  );
  return { classifiers, normaliser };
}

/** m (E2CM, eq. 4): the mean over all images. */
function meanOf(distances: Float32Array, width: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(width);
  for (let at = 0; at < distances.length; at++) mean[at % width]! += distances[at]!;
  return mean.map((sum) => (sum * width) / distances.length);
}
