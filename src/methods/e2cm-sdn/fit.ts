/** Trains internal classifiers that also see how far an image is from each class mean. */
import { mixSeeds } from '../../core/random.ts';
import { denseFlops, distanceFlops } from '../../core/flops.ts';
import { sizeOf } from '../../core/shape.ts';
import { through } from '../contract/kernel.ts';
import type { ClassMeans } from '../parts/means/arrays.ts';
import { fitMeans } from '../parts/means/fit.ts';
import { meanDistances } from '../parts/means/normaliser.ts';
import type { AtSites } from '../parts/classifiers/decide.ts';
import { bytesPerImage } from '../parts/classifiers/fit.ts';
import { usable, type Prepared } from '../parts/classifiers/prepare.ts';
import type { Fitting } from '../run/method.ts';
import { trainClassifiers, type Feed, type Trainees } from '../parts/linear/fit.ts';
import { toHalf } from '../parts/linear/half.ts';
import { initialWeights } from '../parts/linear/learner.ts';
import {
  inputsOf,
  LINEAR_DEFAULTS,
  rowLength,
  type LinearShape,
  type LinearWeights,
} from '../parts/linear/settings.ts';
import { exitsAt, shapeOf, type Site } from '../parts/classifiers/sites.ts';
import { own } from './own.ts';
import { siteParameters, type E2cmSdnFitted } from './decide.ts';
import { scaledDistance } from './scaled.ts';
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
  return distances + bytesPerImage(sites, (site) => pairShape(site, classes));
}

/** FLOPs of a site: K distances to its class means, and the linear layer. */
export function pairFlops(site: Site, classes: number): number {
  return (
    distanceFlops(classes, sizeOf(site.map)) +
    denseFlops(inputsOf(pairShape(site, classes)), classes)
  );
}

type PairFitting = Fitting<E2cmSdnOptions, E2cmSdnFitted, Prepared>;

/** Class means, classifiers on features and distances; the ranks come with the trace. */
export async function fit(fitting: PairFitting): Promise<E2cmSdnFitted> {
  const { dataset, options, prepared, context } = fitting;
  const { network } = context.runner;
  const { sites, train } = prepared;
  const { classes } = dataset;
  const k = classes.length;
  const last = network.exits.length - 1;
  const sums = through(own.kernel('sums'), siteParameters(sites, last));
  const sizes = [...sites.map(({ map }) => sizeOf(map)), k];
  const means = await fitMeans(sums, k, sizes, train, fitting);
  const fittedOf = (trained: AtSites, normaliser: Float64Array): E2cmSdnFitted => ({
    ...{ classes, last, options, ranks: null, trainImages: train.count },
    ...trained,
    ...atUsable(means, normaliser, sites, trained.sites, k),
    exits: exitsAt(network, trained.sites, (site) => pairFlops(site, k)),
  });
  const { classifiers, normaliser } = await fitPairs(fitting, last, means, (trainees, so) => {
    const trained = usable(sites, trainees);
    if (trained.sites.length > 0) context.onFitted?.(fittedOf(trained, so));
  });
  const epochs = sites.map(() => options.epochs);
  const fitted = fittedOf({ sites, classifiers, epochs }, normaliser);
  context.onFitted?.(fitted);
  return fitted;
}

/**
 * The pass that makes features and distances, and the training on both.
 * @param onCutShort as for `trainClassifiers`, with the normaliser.
 */
async function fitPairs(
  { dataset, options, prepared, phases, context }: PairFitting,
  last: number,
  means: ClassMeans,
  onCutShort: (trainees: Trainees, normaliser: Float64Array) => void,
): Promise<{ classifiers: LinearWeights[]; normaliser: Float64Array }> {
  const { sites, train, histories } = prepared;
  const classes = dataset.classes.length;
  const width = (sites.length + 1) * classes;
  const distances = new Float32Array(train.count * width);
  let normaliser: Float64Array = new Float64Array(width);
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
    normaliser = meanDistances(distances, train.count, width);
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
        ...through(own.kernel('features'), { ...siteParameters(sites, last), ...means }),
        classes,
      },
      phases,
      context: histories.listening(context),
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

/** Means and normalisers of the sites that can be used, and of the network's output. */
function atUsable(
  { means, counts }: ClassMeans,
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
