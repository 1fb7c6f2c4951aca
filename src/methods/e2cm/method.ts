/**
 * E2CM (§3.1, Algorithm 1): an image leaves where its normalised distance to one class mean stands out.
 * Three passes: class means over the training images; distances over the training images, which give the
 * normaliser and the training trace; distances over the test images (and over held-out ones, where some are).
 */
import { firstImages, sliceImages, type Dataset, type Split } from '../../core/dataset.ts';
import { classMeanBytes, distanceFlops } from '../../core/flops.ts';
import type { Exit, TraceHead, TraceSplit } from '../../core/trace.ts';
import type { Method, MethodRun, NetworkSummary, RunContext } from '../contract.ts';
import { Phases } from '../phases.ts';
import type { E2cmFitted } from './decide.ts';
import { explainE2cm } from './explain.ts';
import { MeansBuilder } from './means.ts';
import { E2CM_DEFAULTS, type E2cmOptions } from './options.ts';
import type { E2cmReport } from './report.ts';
import type { E2cmRun } from './run.ts';
import { traceSplit, traceTrain } from './tracing.ts';

type E2cm = Method<E2cmOptions, E2cmFitted, E2cmReport>;

/**
 * @param keptBytes training distances above this many bytes are not kept; the training images then go through
 * the network once more.
 */
export const e2cmKeeping = (keptBytes: number): E2cm => ({
  id: 'e2cm',
  name: 'E2CM',
  defaults: E2CM_DEFAULTS,

  async run(dataset, options, context): Promise<MethodRun<E2cmFitted, E2cmReport>> {
    const started = performance.now();
    const { runner, signal } = context;
    const { train, holdout } = trainingImages(dataset, options);
    checkFit(dataset, options, runner.network);
    const dimensions = exitDimensions(runner.network);
    const exits = e2cmExits(runner.network, dataset.classes.length, options);
    const isKept = 4 * train.count * exits.length * dataset.classes.length <= keptBytes;
    const phases = new Phases(
      [
        { phase: 'class means', images: train.count },
        ...(isKept
          ? [{ phase: 'distances', images: train.count }]
          : [
              { phase: 'normalisers (one more pass: distances do not fit)', images: train.count },
              { phase: 'distances', images: train.count },
            ]),
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ],
      context.onProgress,
    );
    const { classes } = dataset;
    const head = traceHead(dataset, options, exits, train.count, context);
    const run: E2cmRun = { context, options, classes, dimensions, exits, phases, head };
    const { means, counts } = await fitMeans(run, train);
    signal?.throwIfAborted();
    const { fitted, trace, disagreement } = await traceTrain(run, train, means, counts, isKept);
    const held = holdout && (await traceSplit(run, fitted, holdout, 'holdout'));
    const test = await traceSplit(run, fitted, dataset.test, 'test');
    const bytesOf = (of: readonly number[]) => classMeanBytes(classes.length, of, 4);
    return {
      fitted,
      train: trace,
      test: test.trace,
      holdout: held && held.trace,
      report: {
        classMeanBytes: bytesOf(dimensions),
        classMeanBytesPerExit: dimensions.map((d) => bytesOf([d])),
        imagesPerClass: [...counts],
        labelDisagreement: { train: disagreement, test: test.disagreement },
        phases: phases.times,
        seconds: (performance.now() - started) / 1000,
        warnings: warningsOf(classes, counts),
      },
    };
  },

  explainer: ({ means, counts }) => ({ kernel: 'e2cm/distances', parameters: { means, counts } }),
  explain: explainE2cm,
});

export const e2cm: E2cm = e2cmKeeping(512 * 2 ** 20);

async function fitMeans({ context, classes, dimensions, phases }: E2cmRun, train: Split) {
  const builder = new MeansBuilder(classes.length, dimensions);
  phases.start();
  await context.runner.run({
    kernel: 'e2cm/sums',
    classes: classes.length,
    parameters: {},
    split: train,
    onFlush: (arrays) => builder.add(arrays),
    onProgress: (done) => phases.report(done),
    ...(context.signal && { signal: context.signal }),
  });
  phases.end();
  return { means: await builder.means(), counts: builder.counts };
}

/** D_j of every exit. */
function exitDimensions({ stages, exits }: NetworkSummary): number[] {
  return exits.map((stage) => stages[stage]!.shape.reduce((product, size) => product * size, 1));
}

/**
 * Exits with the cost of an image that leaves there: all stages up to it, and the distances at every exit that
 * it visited (§4). The last exit costs no distances when its label is the network's own.
 */
export function e2cmExits(
  network: NetworkSummary,
  classes: number,
  { lastExit }: Pick<E2cmOptions, 'lastExit'>,
): Exit[] {
  const dimensions = exitDimensions(network);
  let flops = 0;
  let next = 0;
  return network.exits.map((stage, j) => {
    for (; next <= stage; next++) flops += network.stages[next]!.flops;
    const isFree = j === network.exits.length - 1 && lastExit === 'network';
    if (!isFree) flops += distanceFlops(classes, dimensions[j]!);
    return { name: network.stages[stage]!.name, stage, flops, size: dimensions[j]! };
  });
}

function traceHead(
  { id, classes, seed }: Dataset,
  options: E2cmOptions,
  exits: readonly Exit[],
  trainImages: number,
  { runner, commit }: RunContext<E2cmFitted>,
): (split: TraceSplit) => TraceHead {
  return (split) => ({
    dataset: id,
    network: runner.network.id,
    method: 'e2cm',
    split,
    classes,
    total: 0,
    exits,
    networkFlops: runner.network.flops,
    provenance: {
      commit,
      backend: runner.backend,
      seed: seed ?? null,
      trainImages,
      options: { ...options },
    },
  });
}

/** The images that make the means, and those that are kept back. */
function trainingImages(
  { train, shape, title }: Dataset,
  { trainImages, holdout }: E2cmOptions,
): { train: Split; holdout: Split | null } {
  if (!Number.isInteger(trainImages) || trainImages < 0)
    throw new Error(
      `The number of training images must be a whole number, 0 for all; ${trainImages} came.`,
    );
  if (!(holdout >= 0 && holdout <= 0.5))
    throw new Error(`The held-out share must be between 0 and 0.5; ${holdout} came.`);
  if (train.count === 0)
    throw new Error(`${title} has no training images; E2CM needs them for its class means.`);
  const used = trainImages === 0 ? train : firstImages(train, shape, trainImages);
  const kept = used.count - Math.round(holdout * used.count);
  if (kept === used.count) return { train: used, holdout: null };
  return {
    train: sliceImages(used, shape, 0, kept),
    holdout: sliceImages(used, shape, kept, used.count),
  };
}

function checkFit({ classes }: Dataset, { lastExit }: E2cmOptions, network: NetworkSummary): void {
  if (classes.length > 256)
    throw new Error(`The dataset has ${classes.length} classes; at most 256 are supported.`);
  if (lastExit === 'network' && classes.length !== network.classes.length)
    throw new Error(
      `The network ${network.id} knows ${network.classes.length} classes, the dataset has ${classes.length}. ` +
        'Take the nearest class mean at the last exit, or a network for this dataset.',
    );
}

function warningsOf(classes: readonly string[], counts: Uint32Array): string[] {
  const missing = classes.filter((_, k) => counts[k] === 0);
  if (missing.length === 0) return [];
  return [
    `No training image of ${missing.length === 1 ? 'class' : 'classes'} ${missing.join(', ')} was used: ` +
      'without a class mean, no exit before the last predicts it.',
  ];
}
