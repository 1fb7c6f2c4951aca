/** The stages of one encoder's training, each a learner that is led through its steps, and what frozen layers hand on. */
import type { ImageShape, Split } from '../../core/dataset.ts';
import {
  decNetwork,
  DEC_EMBEDDING,
  DEC_HIDDEN,
  freshDense,
  type DecFacts,
  type DenseWeights,
} from '../../network/dec.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { RemoteLearner, Trained } from '../contract/learner.ts';
import type { RunContext } from '../contract/run.ts';
import type { ClusteringScores, ClusteringView } from '../contract/clustering.ts';
import { lengthOf, partsOf } from '../parts/dense/layout.ts';
import type { Phases } from '../run/phases.ts';
import { ENCODERS, type DecCheckpoint, type Encoder, type StageName } from './checkpoint.ts';
import {
  PRETRAINING_RATE,
  REFINEMENT_MOMENTUM,
  REFINEMENT_RATE,
  RESTARTS,
  TOLERANCE,
  type DecOptions,
} from './options.ts';
import { scoresOf } from './score.ts';
import { walk } from './walk.ts';

/** Images in a live scatter, and in a live strip of reconstructions. */
const SAMPLE = 300;
const STRIP = 10;
/** Rows that are embedded in one answer. */
const CHUNK = 2048;

export interface DecPlan {
  /** All images that are clustered. */
  readonly split: Split;
  readonly shape: ImageShape;
  readonly clusters: number;
  /** True classes, where they may be looked at. */
  readonly truth: { readonly labels: Uint8Array; readonly classes: number } | null;
  readonly options: DecOptions;
  readonly facts: DecFacts;
  readonly phases: Phases;
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onClustering'>;
}

/** The rows that an encoder learns from, and its layers. */
export interface Source {
  readonly rows: Uint8Array | Float32Array;
  readonly sizes: readonly number[];
  readonly scale: number;
}

export class Stages {
  private readonly sample: Uint32Array;
  private readonly strip: Uint32Array;

  /** @param onStop given what a stage that is stopped can go on from. */
  constructor(
    private readonly plan: DecPlan,
    private readonly onStop: (current: NonNullable<DecCheckpoint['current']>) => void,
  ) {
    const { count } = plan.split;
    // Spread over all images: the first ones are training images, the last ones test images.
    const spread = (n: number) =>
      Uint32Array.from({ length: Math.min(n, count) }, (_, i, of = Math.min(n, count)) =>
        Math.floor((i * count) / of),
      );
    this.sample = spread(SAMPLE);
    this.strip = spread(STRIP);
  }

  pretrain(encoder: Encoder, source: Source, state: Arrays | null): Promise<Arrays> {
    const { options } = this.plan;
    const sizes = [...source.sizes, ...[...source.sizes].reverse().slice(1)];
    const start = state ?? { weights: this.freshWeights(sizes, encoder) };
    return this.walk(encoder, 'pretraining', source, {
      learner: 'dec/autoencoder',
      settings: { epochs: options.epochs, rate: PRETRAINING_RATE },
      parameters: { ...start, sizes: Uint32Array.from(sizes) },
      steps: Math.ceil(this.plan.split.count / options.batch) * options.epochs,
      onView: async (learner) => {
        const isLarge = encoder === 'large';
        const { embedding, reconstruction } = await learner.look({
          rows: this.sample.slice(),
          ...(isLarge && { strip: this.strip.slice() }),
        });
        return {
          sample: this.sampleOf(embedding as Float32Array, null),
          strip: reconstruction
            ? { images: this.strip, reconstruction: reconstruction as Float32Array }
            : null,
        };
      },
      onEnd: async (learner) => {
        const { weights } = await learner.state();
        return { weights: weights!, embedding: await this.embedAll(learner) };
      },
    });
  }

  findCentres(encoder: Encoder, embedding: Float32Array): Promise<Arrays> {
    const { clusters, options, split } = this.plan;
    const embeddingOf = (images: Uint32Array) => {
      const out = new Float32Array(images.length * DEC_EMBEDDING);
      images.forEach((image, i) => {
        const from = image * DEC_EMBEDDING;
        out.set(embedding.subarray(from, from + DEC_EMBEDDING), i * DEC_EMBEDDING);
      });
      return out;
    };
    const source: Source = { rows: embedding, sizes: [DEC_EMBEDDING], scale: 0 };
    return this.walk(encoder, 'centres', source, {
      learner: 'dec/centres',
      settings: { dimensions: DEC_EMBEDDING, clusters, restarts: RESTARTS },
      parameters: {},
      steps: RESTARTS,
      isPlain: true,
      onView: async (learner) => {
        const labels = (await learner.state()).labels as Uint8Array;
        return {
          scores: this.score(labels),
          sample: this.sampleOf(embeddingOf(this.sample), labels),
        };
      },
      onEnd: (learner) => learner.state(),
      imagesOf: ({ steps }) => steps * split.count,
      seed: options.seed,
    });
  }

  refine(encoder: Encoder, source: Source, start: Arrays): Promise<Arrays> {
    const { options, clusters } = this.plan;
    const { interval, refineSteps } = options;
    return this.walk(encoder, 'refinement', source, {
      learner: 'dec/refinement',
      settings: {
        ...{ clusters, interval, steps: refineSteps, tolerance: TOLERANCE },
        ...{ rate: REFINEMENT_RATE, momentum: REFINEMENT_MOMENTUM },
      },
      parameters: { ...start, sizes: Uint32Array.from(source.sizes) },
      steps: refineSteps,
      onView: async (learner, { steps }) => {
        const { labels, changed, embedding } = await learner.look({ rows: this.sample.slice() });
        return {
          changed: steps > interval ? changed![0]! : null,
          scores: this.score(labels as Uint8Array),
          sample: this.sampleOf(embedding as Float32Array, labels as Uint8Array),
        };
      },
      onEnd: async (learner) => {
        const { weights, centres, labels, steps } = await learner.state();
        return { weights: weights!, centres: centres!, labels: labels!, steps: steps! };
      },
    });
  }

  /** What the stages share: rows, seeds, progress, views, and what is kept when they are stopped. */
  private walk(
    encoder: Encoder,
    stage: StageName,
    source: Source,
    of: {
      readonly learner: string;
      readonly settings: Readonly<Record<string, number>>;
      readonly parameters: Arrays;
      readonly steps: number;
      /** Whether the learner computes without tensors. */
      readonly isPlain?: boolean;
      readonly seed?: number;
      readonly imagesOf?: (trained: Trained) => number;
      readonly onView: (
        learner: RemoteLearner,
        trained: Trained,
      ) => Promise<Partial<ClusteringView>>;
      readonly onEnd: (learner: RemoteLearner) => Promise<Arrays>;
    },
  ): Promise<Arrays> {
    const { split, options, phases, context } = this.plan;
    const inputs = source.sizes[0]!;
    const exit = `DEC-${encoder}`;
    phases.start();
    const { seed } = options;
    const batch = stage === 'refinement' ? options.refineBatch : options.batch;
    return walk({
      ...{ runner: context.runner, signal: context.signal, rows: source.rows, inputs },
      what: `the ${stage} of ${exit}`,
      lesson: {
        learner: of.learner,
        settings: {
          ...{ rows: split.count, inputs, batch, scale: source.scale },
          seed: of.seed ?? seed,
          ...of.settings,
        },
        parameters: of.parameters,
        onDevice: !of.isPlain,
      },
      onSteps: (trained, images) => phases.report(of.imagesOf?.(trained) ?? images),
      onView: async (learner, trained, loss) => {
        if (!context.onClustering) return;
        const view = await of.onView(learner, trained);
        context.onClustering({
          ...{ exit, stage, step: trained.steps, steps: of.steps, loss },
          ...{ changed: null, scores: null, sample: null, strip: null },
          ...view,
        });
      },
      onStop: (state) => this.onStop({ stage: `${encoder} ${stage}`, state }),
      onEnd: async (learner) => {
        const result = await of.onEnd(learner);
        phases.end();
        return result;
      },
    });
  }

  /** What the frozen first layers of DEC-large make of all images: float32 [N, units of layer `depth`]. */
  async features(large: readonly DenseWeights[], depth: number): Promise<Float32Array> {
    const { split, shape, facts, phases, context } = this.plan;
    const units = DEC_HIDDEN[depth - 1]!;
    const blank = (l: number) => freshDense(DEC_HIDDEN[l]!, DEC_EMBEDDING, 0, 0);
    const weights = { large, middle: blank(1), small: blank(0) };
    const runner = await context.runner.withNetwork(decNetwork(shape, weights, facts));
    const all = new Float32Array(split.count * units);
    phases.start();
    await runner.run({
      kernel: 'outputs',
      classes: this.plan.clusters,
      parameters: { exits: Uint32Array.of(depth - 1) },
      split,
      onBatch: (from, _, arrays) => all.set(arrays[`output${depth - 1}`]!, from * units),
      onProgress: (done) => phases.report(done),
      ...(context.signal && { signal: context.signal }),
    });
    phases.end();
    return all;
  }

  private async embedAll(learner: RemoteLearner): Promise<Float32Array> {
    const { count } = this.plan.split;
    const all = new Float32Array(count * DEC_EMBEDDING);
    for (let from = 0; from < count; from += CHUNK) {
      const rows = Uint32Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
      const { embedding } = await learner.look({ rows });
      all.set(embedding!, from * DEC_EMBEDDING);
    }
    return all;
  }

  private sampleOf(embedding: Float32Array, labels: Uint8Array | null): ClusteringView['sample'] {
    const clusters = labels && Uint8Array.from(this.sample, (image) => labels[image]!);
    return { images: this.sample, embedding, dimensions: DEC_EMBEDDING, clusters };
  }

  private score(labels: Uint8Array): ClusteringScores | null {
    const { truth, clusters } = this.plan;
    return truth && scoresOf(labels, clusters, truth.labels, truth.classes);
  }

  private freshWeights(sizes: readonly number[], encoder: Encoder): Float32Array {
    const all = new Float32Array(lengthOf(sizes));
    const stream = 100 * ENCODERS.indexOf(encoder);
    partsOf(sizes).forEach(({ shape, from }, p) => {
      if (shape.length === 2)
        all.set(freshDense(shape[0], shape[1], this.plan.options.seed, stream + p).kernel, from);
    });
    return all;
  }
}
