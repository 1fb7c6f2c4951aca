/**
 * Deep embedded clustering with early exits (E2CM §3.3, §4.3; Xie et al. 2016): three encoders that share layers are trained
 * without classes, and an image leaves at the first whose embedding is close enough to a cluster centre.
 */
import { unlabelled } from '../../core/clustering/unlabelled.ts';
import { distanceFlops } from '../../core/flops.ts';
import { firstImages, type Dataset, type Split } from '../../core/dataset.ts';
import {
  NOT_STATED,
  type Exit,
  type Trace,
  type TraceHead,
  type TraceSplit,
} from '../../core/trace.ts';
import { DEC_EMBEDDING, DEC_EXITS } from '../../network/dec.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { BranchLogits } from '../parts/branches/kernels.ts';
import { branchExits } from '../parts/branches/plan.ts';
import type { Method } from '../contract/method.ts';
import type { MethodReport, MethodRun, RunContext } from '../contract/run.ts';
import type { Runner } from '../contract/runner.ts';
import type { ClusteringScores } from '../contract/clustering.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { traceHead } from '../run/images.ts';
import { Phases } from '../run/phases.ts';
import { traceThrough } from '../run/stream.ts';
import { own } from './own.ts';
import type { DecCheckpoint, Encoder } from './checkpoint.ts';
import { decideDec, explainDec, type DecFitted } from './decide.ts';
import { embedAll } from './embed.ts';
import { judge, type Judged } from './judge.ts';
import { checkDecOptions, type DecOptions } from './options.ts';
import { trainingPhases } from './phases.ts';
import { loadDec, saveDec } from './save.ts';
import { DecTraining, type DecTrained } from './train.ts';
import { warningsOf } from './warnings.ts';

const METHOD = 'dec';

const explainer = () => ({ kernel: own.kernel('embeddings'), parameters: {} });

export interface DecReport extends MethodReport {
  /** Of every exit, over all images that were clustered; null where no classes are known. */
  readonly scores: readonly ClusteringScores[] | null;
  /** Images in each cluster at each exit, by place. */
  readonly sizes: readonly Uint32Array[];
  /** Steps of each encoder's refinement; null where the network came trained. */
  readonly steps: Readonly<Record<Encoder, number>> | null;
}

export const dec: Method<DecOptions, DecFitted, DecReport, BranchLogits> = {
  async run(dataset, options, context): Promise<MethodRun<DecFitted, DecReport>> {
    const started = performance.now();
    const { network } = context.runner;
    const images = pooled(dataset, options);
    const clusters = network.clustering?.clusters ?? (options.clusters || dataset.classes.length);
    checkDecOptions({ ...options, clusters }, images.all.count, dataset.classes.length);
    checkNetwork(network);
    const key = keyOf(dataset, { ...options, clusters }, images.all.count);
    const before = checkpointFor(key, context.checkpoint);
    const toTrain = network.clustering
      ? []
      : trainingPhases(images.all.count, options, before?.done ?? {});
    const embedding = { phase: 'embedding of all images', images: images.all.count };
    const phases = new Phases([...toTrain, embedding], context.onProgress);
    const labelled = options.labelled && dataset.labelled !== false;
    const truth = labelled ? { labels: images.all.labels, classes: dataset.classes } : null;

    let trained: DecTrained | null = null;
    if (!network.clustering) {
      const { id, classes, shape } = dataset;
      const training = new DecTraining(
        {
          ...{ split: images.all, shape, clusters, options, phases, context },
          truth: truth && { labels: truth.labels, classes: classes.length },
          facts: {
            ...{ dataset: id, classes, seed: options.seed, epochs: options.epochs },
            trainImages: images.all.count,
          },
        },
        key,
        before,
      );
      trained = await training.run().catch((error: unknown) => {
        context.onCheckpoint?.(training.checkpoint());
        throw error;
      });
    }
    const runner = await onTrained(trained?.files ?? null, context.runner);
    const centres = (trained?.files.card ?? network).clustering!.centres.map((own) =>
      Float32Array.from(own),
    );
    const dimensions = runner.network.embedding!;
    const embedded = await embedAll(runner, images.all, clusters, phases, context.signal);
    const judged = judge({ of: embedded, dimensions }, centres, truth);
    const fitted: DecFitted = {
      classes: judged.names,
      exits: decExits(runner.network, clusters),
      network: trained?.files ?? null,
      ...{ present: judged.present, dimensions, centres: judged.centres },
      ...{ normaliser: judged.normaliser, images: images.all.count },
      ...{ trainImages: images.train.count, labelled, options: { ...options, clusters } },
    };
    context.onFitted?.(fitted);
    const trace = (split: Split, name: TraceSplit, from: number): Trace => {
      const made = traceOf(fitted, headOf(fitted, dataset, name, runner, context, judged), split, {
        of: embedded,
        from,
      });
      context.onTrace?.(made);
      return made;
    };
    const train = trace(images.train, 'train', 0);
    const test = trace(dataset.test, 'test', images.train.count);
    return {
      ...{ fitted, train, test, holdout: null },
      report: {
        ...{ phases: phases.times, seconds: (performance.now() - started) / 1000 },
        warnings: warningsOf(judged, trained, dataset.classes.length, truth !== null),
        ...{ scores: judged.scores, sizes: judged.sizes },
        steps: trained && {
          large: trained.encoders.large.steps,
          middle: trained.encoders.middle.steps,
          small: trained.encoders.small.steps,
        },
      },
    };
  },

  async trace(fitted, dataset, split, context) {
    if (split === 'holdout')
      throw new Error('DEC keeps no images back: it clusters all of them without their classes.');
    const images =
      split === 'test'
        ? dataset.test
        : firstImages(dataset.train, dataset.shape, fitted.trainImages);
    const phases = new Phases(
      [{ phase: `${split} images`, images: images.count }],
      context.onProgress,
    );
    const runner = await onTrained(fitted.network, context.runner);
    const trace = await traceThrough({
      context: { ...context, runner },
      phases,
      head: headOf(fitted, dataset, split, runner, context, null),
      split: images,
      pass: { ...explainer(), classes: fitted.classes.length },
      decider: {
        decide: ({ logits }, from, count, out) => decideDec(fitted, logits, from, count, out),
      },
    });
    return fitted.labelled ? trace : unlabelled(trace);
  },

  network: ({ network }) => network,
  save: saveDec,
  load: loadDec,
  explainer,
  explain: explainDec,
};

/** All images that are clustered: training images, then test images, as Xie et al. cluster all 70,000 of MNIST. */
function pooled(
  { train, test, shape }: Dataset,
  { trainImages }: DecOptions,
): { readonly train: Split; readonly all: Split } {
  const used = trainImages === 0 ? train : firstImages(train, shape, trainImages);
  const images = new Uint8Array(used.images.length + test.images.length);
  images.set(used.images);
  images.set(test.images, used.images.length);
  const labels = new Uint8Array(used.count + test.count);
  labels.set(used.labels.subarray(0, used.count));
  labels.set(test.labels.subarray(0, test.count), used.count);
  return { train: used, all: { images, labels, count: used.count + test.count } };
}

function checkNetwork({ id, embedding, branches }: NetworkSummary): void {
  if (embedding !== DEC_EMBEDDING || branches.length !== DEC_EXITS.length - 1)
    throw new Error(
      `DEC trains an encoder with three embeddings of ${DEC_EMBEDDING} numbers; ${id} is none. Choose DEC's own network.`,
    );
}

/** What a training must share with one that goes on from it. */
function keyOf(dataset: Dataset, options: DecOptions, images: number): string {
  const { id, seed, shape } = dataset;
  // Nothing learns from classes, so that a training goes on whether they may be looked at or not.
  const learnt = { ...options, labelled: true };
  return JSON.stringify([id, seed ?? null, shape, images, learnt]);
}

function checkpointFor(key: string, given: unknown): DecCheckpoint | null {
  const checkpoint = (given ?? null) as DecCheckpoint | null;
  return checkpoint?.key === key ? checkpoint : null;
}

function onTrained(files: NetworkFiles | null, runner: Runner): Promise<Runner> {
  return files ? runner.withNetwork(files) : Promise.resolve(runner);
}

/** Exits at the three embeddings; layers, embeddings and distances to the centres are paid at every exit that is visited. */
function decExits(network: NetworkSummary, clusters: number): Exit[] {
  const distances = distanceFlops(clusters, network.embedding!);
  const exits = branchExits(network, ({ flops }) => flops + distances);
  return exits.map((exit, j) => ({
    ...exit,
    name: DEC_EXITS[j]!,
    flops: exit.flops + (j === exits.length - 1 ? distances : 0),
    size: network.embedding!,
  }));
}

function headOf(
  fitted: DecFitted,
  dataset: Pick<Dataset, 'id' | 'seed'>,
  split: TraceSplit,
  runner: Runner,
  context: RunContext<never>,
  judged: Judged | null,
): TraceHead {
  const { options, images, trainImages, exits, classes, labelled, network } = fitted;
  const { epochs, seed, trainedOn, plain, id } = runner.network;
  const large = judged?.scores?.at(-1);
  const head = traceHead(
    { ...dataset, classes } as Dataset,
    split,
    {
      ...{ method: METHOD, exits, trainImages },
      options: {
        ...options,
        ...(network ? {} : { epochs: epochs ?? NOT_STATED, seed: seed ?? NOT_STATED }),
        ...{ labelled, clustered: images },
        weights: network ? 'trained here' : id,
        ...(!network && trainedOn > 0 && { trainedOn }),
        ...(large && { accuracyOfAll: large.accuracy, nmiOfAll: large.nmi, ariOfAll: large.ari }),
      },
    },
    { ...context, runner },
  );
  const provenance = { ...head.provenance, meaning: 'clusters' as const };
  return { ...head, network: plain ?? id, provenance };
}

function traceOf(
  fitted: DecFitted,
  head: TraceHead,
  split: Split,
  { of, from }: { readonly of: readonly Float32Array[]; readonly from: number },
): Trace {
  const { count } = split;
  const { dimensions } = fitted;
  const m = of.length;
  const embeddings = new Float32Array(count * m * dimensions);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < m; j++) {
      const at = (from + i) * dimensions;
      embeddings.set(of[j]!.subarray(at, at + dimensions), (i * m + j) * dimensions);
    }
  const prediction = new Uint8Array(m * count);
  const confidence = new Float32Array(m * count);
  decideDec(fitted, embeddings, 0, count, { prediction, confidence, stride: count });
  const label = split.labels.subarray(0, count);
  const trace = { ...head, total: count, count, label, prediction, confidence };
  return fitted.labelled ? trace : unlabelled(trace);
}
