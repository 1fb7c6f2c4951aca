/**
 * E2CM (§3.1, Algorithm 1): an image leaves where its normalised distance to one class mean stands out.
 * Three passes: class means over the training images; distances over the training images, which give the
 * normaliser and the training trace; distances over the test images (and over held-out ones, where some are).
 */
import { sizeOf } from '../../core/shape.ts';
import type { Dataset } from '../../core/dataset.ts';
import { classMeanBytes, distanceFlops } from '../../core/flops.ts';
import { readOptions } from '../../core/options/schema.ts';
import type { Exit } from '../../core/trace.ts';
import { through } from '../contract/kernel.ts';
import type { Method } from '../contract/method.ts';
import type { NetworkSummary } from '../../network/network.ts';
import {
  checkClasses,
  missingClasses,
  trainingImages,
  type TrainingImages,
} from '../run/images.ts';
import { methodOf } from '../run/method.ts';
import { savedArray } from '../run/saved.ts';
import type { Decisions } from '../run/stream.ts';
import type { Distances } from '../parts/means/arrays.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import { explainMeans } from '../parts/means/explain.ts';
import { fitMeans } from '../parts/means/fit.ts';
import { softmax } from '../parts/softmax.ts';
import { e2cmWritten } from './written.ts';
import { E2CM_OPTIONS, type E2cmOptions } from './options.ts';
import { own } from './own.ts';
import { deciderOf, fitNormaliser, learningDecider } from './decider.ts';
import type { E2cmReport } from './report.ts';

interface Prepared extends TrainingImages {
  /** Whether the distances of all training images fit in memory. */
  readonly isKept: boolean;
}

type E2cm = Method<E2cmOptions, E2cmFitted, E2cmReport, Distances>;

/**
 * @param keptBytes training distances above this many bytes are not kept; the training images then go through
 * the network once more.
 */
export const e2cmKeeping = (keptBytes: number): E2cm =>
  methodOf<E2cmOptions, E2cmFitted, Prepared, E2cmReport, Distances>({
    id: 'e2cm',
    options: (saved) => readOptions(E2CM_OPTIONS, saved),
    check: checkFit,
    prepare(dataset, options, { network }) {
      const images = trainingImages(dataset, options, 'E2CM needs them for its class means');
      const width = network.exits.length * dataset.classes.length;
      return { ...images, isKept: 4 * images.train.count * width <= keptBytes };
    },
    phases: ({ train: { count: images }, isKept }) => [
      { phase: 'class means', images },
      ...(isKept ? [] : [{ phase: 'normalisers (one more pass: distances do not fit)', images }]),
    ],
    async fit({ dataset, options, prepared: { train, isKept }, phases, context }) {
      const { classes } = dataset;
      const exits = e2cmExits(context.runner.network, classes.length, options);
      const dimensions = exits.map(({ size }) => size!);
      const on = { phases, context };
      const sums = through(own.kernel('sums'), {});
      const means = await fitMeans(sums, classes.length, dimensions, train, on);
      context.signal?.throwIfAborted();
      const learnt = { classes, exits, dimensions, ...means, trainImages: train.count, options };
      if (isKept) return { ...learnt, normaliser: new Float64Array(0) };
      const normaliser = await fitNormaliser(throughMeans(means), learnt, train, on);
      const fitted = { ...learnt, normaliser };
      context.onFitted?.(fitted);
      return fitted;
    },
    through: throughMeans,
    tracing: (images) => [{ phase: 'distances', images }],
    decider: deciderOf,
    judge: ({ means, counts, normaliser, dimensions, options: { label, lastExit } }) =>
      own.judge({ means, counts, normaliser, dimensions, options: { label, lastExit } }),
    learning: { isDone: ({ normaliser }) => normaliser.length > 0, decider: learningDecider },
    report({ fitted, counted }, times) {
      const { classes, dimensions, counts } = fitted;
      const bytesOf = (of: readonly number[]) => classMeanBytes(classes.length, of, 4);
      return {
        classMeanBytes: bytesOf(dimensions),
        classMeanBytesPerExit: dimensions.map((d) => bytesOf([d])),
        imagesPerClass: [...counts],
        labelDisagreement: counted,
        ...times,
        warnings: warningsOf(fitted),
      };
    },
    written: e2cmWritten,
    explain(fitted, arrays) {
      const { logits, distances } = arrays;
      const decide = (out: Decisions) => deciderOf(fitted).decide(arrays, 0, 1, out);
      return explainMeans(fitted, distances, decide, { logits, softmax: softmax(logits) });
    },
    save: ({ means, counts, normaliser }) => ({ arrays: { means, counts, normaliser } }),
    load({ learnt, arrays, network }) {
      const k = learnt.classes.length;
      const exits = e2cmExits(network, k, learnt.options);
      const dimensions = exits.map(({ size }) => size!);
      const numbers = k * dimensions.reduce((sum, d) => sum + d, 0);
      const counts = savedArray(arrays, 'counts', Uint32Array, k);
      return {
        ...learnt,
        trainImages: counts.reduce((sum, count) => sum + count, 0),
        exits,
        dimensions,
        means: savedArray(arrays, 'means', Float32Array, numbers),
        counts,
        normaliser: savedArray(arrays, 'normaliser', Float64Array, k * exits.length),
      };
    },
  });

export const e2cm: E2cm = e2cmKeeping(512 * 2 ** 20);

function throughMeans({ means, counts }: Pick<E2cmFitted, 'means' | 'counts'>) {
  return through(own.kernel('distances'), { means, counts });
}

/**
 * Exits with the cost of an image that leaves there: all stages up to it, and the distances at every exit that
 * it visited (§4). The last exit costs no distances when its label is the network's own.
 */
function e2cmExits(
  network: NetworkSummary,
  classes: number,
  { lastExit }: Pick<E2cmOptions, 'lastExit'>,
): Exit[] {
  let flops = 0;
  let next = 0;
  return network.exits.map((stage, j) => {
    const { name, shape } = network.stages[stage]!;
    const size = sizeOf(shape);
    for (; next <= stage; next++) flops += network.stages[next]!.flops;
    const isFree = j === network.exits.length - 1 && lastExit === 'network';
    if (!isFree) flops += distanceFlops(classes, size);
    return { name, stage, flops, size };
  });
}

function checkFit(dataset: Dataset, { lastExit }: E2cmOptions, network: NetworkSummary): void {
  checkClasses(dataset);
  const { classes } = dataset;
  if (lastExit === 'network' && classes.length !== network.classes.length)
    throw new Error(
      `The network ${network.id} knows ${network.classes.length} classes, the dataset has ${classes.length}. ` +
        'Take the nearest class mean at the last exit, or a network for this dataset.',
    );
}

function warningsOf({ classes, exits, counts, normaliser }: E2cmFitted): string[] {
  const warnings: string[] = [];
  const missing = missingClasses(classes, counts);
  if (missing)
    warnings.push(
      `No training image of ${missing} was used: without a class mean, no exit before the last predicts it.`,
    );
  const k = classes.length;
  const flat = exits.filter((_, j) =>
    classes.some((_, c) => counts[c]! > 0 && normaliser[j * k + c] === 0),
  );
  if (flat.length > 0)
    warnings.push(
      `At ${flat.map(({ name }) => name).join(', ')} all training images lie on a class mean, so there is nothing to divide ` +
        'distances by: an image is at that mean or infinitely far from it. Take more training images.',
    );
  return warnings;
}
