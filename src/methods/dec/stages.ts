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
import { through } from '../contract/kernel.ts';
import type { Lesson, RemoteLearner, Trained } from '../contract/learner.ts';
import type { RunContext } from '../contract/run.ts';
import type { ClusteringScores, ClusteringView } from '../contract/clustering.ts';
import { lengthOf, partsOf } from '../parts/dense/layout.ts';
import type { Outputs } from '../parts/outputs.ts';
import type { Phases } from '../run/phases.ts';
import { own } from './own.ts';
import type { Autoencoder, AutoencoderStart, AutoencoderState } from './autoencoder.ts';
import type { Centres, FoundCentres } from './centres.ts';
import {
  copyOf,
  ENCODERS,
  type DecCheckpoint,
  type Encoder,
  type StageName,
  type StageResults,
} from './checkpoint.ts';
import {
  PRETRAINING_RATE,
  REFINEMENT_MOMENTUM,
  REFINEMENT_RATE,
  RESTARTS,
  TOLERANCE,
  type DecOptions,
} from './options.ts';
import type { RefinementStart } from './refinement.ts';
import { scoresOf } from './score.ts';
import type { RowSettings } from './settings.ts';
import { walk, type RowLearner } from './walk.ts';

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
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onClustering' | 'onCheckpoint'>;
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
    private readonly onStop: (current: DecCheckpoint['current']) => void,
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

  pretrain(
    encoder: Encoder,
    source: Source,
    state: AutoencoderState | null,
  ): Promise<StageResults['pretraining']> {
    const { options } = this.plan;
    const sizes = [...source.sizes, ...[...source.sizes].reverse().slice(1)];
    const start: AutoencoderStart = state
      ? copyOf(state)
      : { weights: this.freshWeights(sizes, encoder) };
    return this.walk(encoder, 'pretraining', source, {
      learner: own.learner('autoencoder'),
      settings: {
        ...this.rows('pretraining', source),
        epochs: options.epochs,
        rate: PRETRAINING_RATE,
      },
      parameters: { ...start, sizes: Uint32Array.from(sizes) },
      steps: Math.ceil(this.plan.split.count / options.batch) * options.epochs,
      onView: async (learner) => {
        const isLarge = encoder === 'large';
        const { embedding, reconstruction } = await learner.look({
          rows: this.sample.slice(),
          ...(isLarge && { strip: this.strip.slice() }),
        });
        return {
          sample: this.sampleOf(embedding!, null),
          strip: reconstruction ? { images: this.strip, reconstruction } : null,
        };
      },
      onEnd: async (learner) => {
        const { weights } = await learner.state();
        return { weights, embedding: await this.embedAll(learner) };
      },
      onStop: (now) => this.onStop({ [`${encoder} pretraining`]: now }),
    });
  }

  findCentres(encoder: Encoder, embedding: Float32Array): Promise<StageResults['centres']> {
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
      learner: own.learner('centres'),
      settings: {
        rows: split.count,
        seed: options.seed,
        dimensions: DEC_EMBEDDING,
        clusters,
        restarts: RESTARTS,
      },
      parameters: {},
      steps: RESTARTS,
      isPlain: true,
      onView: async (learner) => {
        const { labels } = await found(learner);
        return {
          scores: this.score(labels),
          sample: this.sampleOf(embeddingOf(this.sample), labels),
        };
      },
      onEnd: found,
      // It begins anew: a handful of restarts is soon done again.
      onStop: () => this.onStop({}),
      imagesOf: ({ steps }) => steps * split.count,
    });
  }

  refine(
    encoder: Encoder,
    source: Source,
    start: RefinementStart,
  ): Promise<StageResults['refinement']> {
    const { options, clusters } = this.plan;
    const { interval, refineSteps } = options;
    return this.walk(encoder, 'refinement', source, {
      learner: own.learner('refinement'),
      settings: {
        ...this.rows('refinement', source),
        ...{ clusters, interval, steps: refineSteps, tolerance: TOLERANCE },
        ...{ rate: REFINEMENT_RATE, momentum: REFINEMENT_MOMENTUM },
      },
      parameters: { ...copyOf(start), sizes: Uint32Array.from(source.sizes) },
      steps: refineSteps,
      onView: async (learner, { steps }) => {
        const { labels, changed, embedding } = await learner.look({ rows: this.sample.slice() });
        return {
          changed: steps > interval ? changed[0]! : null,
          scores: this.score(labels),
          sample: this.sampleOf(embedding!, labels),
        };
      },
      onEnd: async (learner) => {
        const { weights, centres, labels, steps } = await learner.state();
        return { weights, centres, labels, steps };
      },
      onStop: (now) => this.onStop({ [`${encoder} refinement`]: now }),
    });
  }

  /** What the stages share: rows, seeds, progress, views, and what is kept when they are stopped. */
  private walk<Of extends RowLearner, Result>(
    encoder: Encoder,
    stage: StageName,
    source: Source,
    of: Pick<Lesson<Of>, 'learner' | 'settings' | 'parameters'> & {
      readonly steps: number;
      /** Whether the learner computes without tensors. */
      readonly isPlain?: boolean;
      readonly imagesOf?: (trained: Trained) => number;
      readonly onView: (
        learner: RemoteLearner<Of>,
        trained: Trained,
      ) => Promise<Partial<ClusteringView>>;
      readonly onStop: (state: Of['state']) => void;
      readonly onEnd: (learner: RemoteLearner<Of>) => Promise<Result>;
    },
  ): Promise<Result> {
    const { phases, context } = this.plan;
    const inputs = source.sizes[0]!;
    const exit = `DEC-${encoder}`;
    phases.start();
    const { learner, settings, parameters, onStop } = of;
    return walk<Of, Result>({
      ...{ runner: context.runner, signal: context.signal, rows: source.rows, inputs },
      what: `the ${stage} of ${exit}`,
      lesson: { learner, settings, parameters, onDevice: !of.isPlain },
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
      onStop,
      onEnd: async (learner) => {
        const result = await of.onEnd(learner);
        phases.end();
        return result;
      },
    });
  }

  /** What a learner is told of its rows. */
  private rows(stage: StageName, { sizes, scale }: Source): RowSettings {
    const { split, options } = this.plan;
    const batch = stage === 'refinement' ? options.refineBatch : options.batch;
    return { rows: split.count, inputs: sizes[0]!, batch, scale, seed: options.seed };
  }

  /** What the frozen first layers of DEC-large make of all images: float32 [N, units of layer `depth`]. */
  async features(large: readonly DenseWeights[], depth: number): Promise<Float32Array> {
    const { split, shape, facts, phases, context } = this.plan;
    const units = DEC_HIDDEN[depth - 1]!;
    const blank = (l: number) => freshDense(DEC_HIDDEN[l]!, DEC_EMBEDDING, 0, 0);
    const weights = { large, middle: blank(1), small: blank(0) };
    const runner = await context.runner.withNetwork(decNetwork(shape, weights, facts));
    const all = new Float32Array(split.count * units);
    const onBatch = (from: number, _: number, arrays: Outputs) =>
      all.set(arrays[`output${depth - 1}`]!, from * units);
    const pass = {
      ...through(own.kernel('layers'), { exits: Uint32Array.of(depth - 1) }),
      onBatch,
    };
    await phases.pass({ ...pass, classes: this.plan.clusters, split }, { ...context, runner });
    return all;
  }

  private async embedAll(learner: RemoteLearner<Autoencoder>): Promise<Float32Array> {
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

/** The centres once there are any: always, after a step. */
async function found(learner: RemoteLearner<Centres>): Promise<FoundCentres> {
  const state = await learner.state();
  if ('centres' in state) return state;
  throw new Error('k-means was asked for centres before it had made a step.');
}
