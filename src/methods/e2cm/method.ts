/**
 * E2CM (§3.1, Algorithm 1): an image leaves where its normalised distance to one class mean stands out.
 * Three passes: class means over the training images; distances over the training images, which give the
 * normaliser and the training trace; distances over the test images (and over held-out ones, where some are).
 */
import { sizeOf } from '../../core/shape.ts';
import type { Dataset, Split } from '../../core/dataset.ts';
import { classMeanBytes, distanceFlops } from '../../core/flops.ts';
import type { Exit, TraceSplit } from '../../core/trace.ts';
import type { Method } from '../contract/method.ts';
import type { MethodRun } from '../contract/run.ts';
import type { NetworkSummary } from '../../network/network.ts';
import {
  checkClasses,
  missingClasses,
  splitToTrace,
  traceHead,
  trainingImages,
} from '../run/images.ts';
import { Phases } from '../run/phases.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import { explainE2cm } from './explain.ts';
import { MeansBuilder } from '../parts/means/sums.ts';
import type { Distances } from '../parts/means/arrays.ts';
import { own } from './own.ts';
import type { E2cmOptions } from './options.ts';
import type { E2cmReport } from './report.ts';
import type { E2cmRun } from './run.ts';
import { loadE2cm, saveE2cm } from './save.ts';
import { traceSplit, traceTrain } from './tracing.ts';

type E2cm = Method<E2cmOptions, E2cmFitted, E2cmReport, Distances>;

/**
 * @param keptBytes training distances above this many bytes are not kept; the training images then go through
 * the network once more.
 */
export const e2cmKeeping = (keptBytes: number): E2cm => ({
  async run(dataset, options, context): Promise<MethodRun<E2cmFitted, E2cmReport>> {
    const started = performance.now();
    const { runner, signal } = context;
    const { train, holdout } = trainingImages(
      dataset,
      options,
      'E2CM needs them for its class means',
    );
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
    const parts = { method: 'e2cm', exits, trainImages: train.count, options: { ...options } };
    const head = (split: TraceSplit) => traceHead(dataset, split, parts, context);
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

  async trace(fitted, dataset, split, context) {
    const { classes, dimensions, exits, options } = fitted;
    checkFit(dataset, options, context.runner.network);
    const trainImages = fitted.counts.reduce((sum, count) => sum + count, 0);
    const images = splitToTrace(dataset, split, options, trainImages);
    const phases = new Phases(
      [{ phase: `${split} images`, images: images.count }],
      context.onProgress,
    );
    const parts = { method: 'e2cm', exits, trainImages, options: { ...options } };
    const head = (of: TraceSplit) => traceHead(dataset, of, parts, context);
    const run: E2cmRun = { context, options, classes, dimensions, exits, phases, head };
    return (await traceSplit(run, fitted, images, split)).trace;
  },

  save: saveE2cm,
  load: (saved, network, classes) =>
    loadE2cm(saved, network, classes, (options) => e2cmExits(network, classes.length, options)),

  explainer: ({ means, counts }) => ({
    kernel: own.kernel('distances'),
    parameters: { means, counts },
  }),
  explain: explainE2cm,
});

export const e2cm: E2cm = e2cmKeeping(512 * 2 ** 20);

async function fitMeans({ context, classes, dimensions, phases }: E2cmRun, train: Split) {
  const builder = new MeansBuilder(classes.length, dimensions);
  phases.start();
  await context.runner.run({
    kernel: own.kernel('sums'),
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
  return exits.map((stage) => sizeOf(stages[stage]!.shape));
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

function checkFit(dataset: Dataset, { lastExit }: E2cmOptions, network: NetworkSummary): void {
  checkClasses(dataset);
  const { classes } = dataset;
  if (lastExit === 'network' && classes.length !== network.classes.length)
    throw new Error(
      `The network ${network.id} knows ${network.classes.length} classes, the dataset has ${classes.length}. ` +
        'Take the nearest class mean at the last exit, or a network for this dataset.',
    );
}

function warningsOf(classes: readonly string[], counts: Uint32Array): string[] {
  const missing = missingClasses(classes, counts);
  if (!missing) return [];
  return [
    `No training image of ${missing} was used: without a class mean, no exit before the last predicts it.`,
  ];
}
