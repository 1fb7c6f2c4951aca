/**
 * The whole of DEC with three exits (E2CM §4.3): DEC-large is pretrained as an autoencoder, clustered and refined; its first
 * layers are frozen, and DEC-middle and DEC-small do the same with an embedding of their own on the second and the first.
 */
import { imageBytes } from '../../core/dataset.ts';
import {
  decNetwork,
  decSizes,
  DEC_EMBEDDING,
  DEC_HIDDEN,
  PIXEL_SCALE,
  type DecWeights,
  type DenseWeights,
} from '../../network/dec.ts';
import type { NetworkFiles } from '../../network/files.ts';
import { layersOf, lengthOf } from '../parts/dense/layout.ts';
import {
  copyOf,
  ENCODERS,
  type DecCheckpoint,
  type Done,
  type Encoder,
  type StageResults,
} from './checkpoint.ts';
import { Stages, type DecPlan, type Source } from './stages.ts';

/** What was learnt of one encoder. */
export interface TrainedEncoder {
  /** Centres in the embedding [K, D]. */
  readonly centres: Float32Array;
  /** Clusters of all images, by DEC's own assignment. */
  readonly labels: Uint8Array;
  /** Steps of the refinement; fewer than its most where the labels had settled. */
  readonly steps: number;
  /** How often k-means had an empty cluster to fill. */
  readonly refilled: number;
}

export interface DecTrained {
  readonly files: NetworkFiles;
  readonly encoders: Readonly<Record<Encoder, TrainedEncoder>>;
}

export class DecTraining {
  private done: Done;
  private current: DecCheckpoint['current'];
  private readonly stages: Stages;

  constructor(
    private readonly plan: DecPlan,
    private readonly key: string,
    before: DecCheckpoint | null,
  ) {
    this.done = { ...before?.done };
    this.current = before?.current ?? {};
    this.stages = new Stages(plan, (current) => (this.current = current));
  }

  checkpoint(): DecCheckpoint {
    return { key: this.key, done: this.done, current: this.current };
  }

  async run(): Promise<DecTrained> {
    const { split, shape, facts } = this.plan;
    const sizes = decSizes(imageBytes(shape));
    const encoders: Partial<Record<Encoder, TrainedEncoder>> = {};
    const weights: Partial<Record<Encoder, DenseWeights[]>> = {};
    for (const encoder of ENCODERS) {
      const isLarge = encoder === 'large';
      const depth = encoder === 'middle' ? 2 : 1;
      const isDone = this.done[`${encoder} refinement`] !== undefined;
      const source: Source = isLarge
        ? { rows: split.images, sizes, scale: PIXEL_SCALE }
        : {
            rows: isDone ? new Float32Array(0) : await this.stages.features(weights.large!, depth),
            sizes: [DEC_HIDDEN[depth - 1]!, DEC_EMBEDDING],
            scale: 0,
          };
      const refined = await this.encoder(encoder, source);
      weights[encoder] = layersOf(refined.weights, source.sizes);
      encoders[encoder] = {
        centres: refined.centres,
        labels: refined.labels,
        steps: refined.steps[0]!,
        refilled: this.done[`${encoder} centres`]?.refilled[0] ?? 0,
      };
    }
    const all = encoders as Record<Encoder, TrainedEncoder>;
    const { large, middle, small } = weights as Record<Encoder, DenseWeights[]>;
    const centres = (['small', 'middle', 'large'] as const).map((name) => [...all[name].centres]);
    const clustering = { clusters: this.plan.clusters, centres };
    const trained: DecWeights = { large, middle: middle[0]!, small: small[0]! };
    return { files: decNetwork(shape, trained, { ...facts, clustering }), encoders: all };
  }

  /** Pretraining, first centres and refinement of one encoder. */
  private async encoder(encoder: Encoder, source: Source): Promise<StageResults['refinement']> {
    const pretraining = `${encoder} pretraining` as const;
    const centres = `${encoder} centres` as const;
    const refinement = `${encoder} refinement` as const;
    const { stages, current } = this;
    const pretrained =
      this.done[pretraining] ??
      (await this.stage(
        stages.pretrain(encoder, source, current[pretraining] ?? null),
        (result) => ({
          [pretraining]: result,
        }),
      ));
    const first =
      this.done[centres] ??
      (await this.stage(stages.findCentres(encoder, pretrained.embedding), (result) => ({
        [centres]: result,
      })));
    const start = {
      ...copyOf(first),
      weights: pretrained.weights.slice(0, lengthOf(source.sizes)),
    };
    return (
      this.done[refinement] ??
      this.stage(stages.refine(encoder, source, current[refinement] ?? start), (result) => ({
        [refinement]: result,
      }))
    );
  }

  private async stage<Result>(
    work: Promise<Result>,
    done: (result: Result) => Done,
  ): Promise<Result> {
    const result = await work;
    this.current = {};
    this.done = { ...this.done, ...done(result) };
    this.plan.context.onCheckpoint?.(this.checkpoint());
    return result;
  }
}
