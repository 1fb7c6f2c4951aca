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
import type { Arrays } from '../contract/arrays.ts';
import { layersOf, lengthOf } from '../parts/dense/layout.ts';
import { copyOf, ENCODERS, type DecCheckpoint, type Encoder, type StageId } from './checkpoint.ts';
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
  private readonly done: Map<StageId, Arrays>;
  private current: DecCheckpoint['current'];
  private readonly stages: Stages;

  constructor(
    private readonly plan: DecPlan,
    private readonly key: string,
    before: DecCheckpoint | null,
  ) {
    this.done = new Map(before?.done);
    this.current = before?.current ?? null;
    this.stages = new Stages(plan, (current) => (this.current = current));
  }

  checkpoint(): DecCheckpoint {
    return { key: this.key, done: new Map(this.done), current: this.current };
  }

  async run(): Promise<DecTrained> {
    const { split, shape, facts } = this.plan;
    const sizes = decSizes(imageBytes(shape));
    const encoders: Partial<Record<Encoder, TrainedEncoder>> = {};
    const weights: Partial<Record<Encoder, DenseWeights[]>> = {};
    for (const encoder of ENCODERS) {
      const isLarge = encoder === 'large';
      const depth = encoder === 'middle' ? 2 : 1;
      const isDone = this.done.has(`${encoder} refinement`);
      const source: Source = isLarge
        ? { rows: split.images, sizes, scale: PIXEL_SCALE }
        : {
            rows: isDone ? new Float32Array(0) : await this.stages.features(weights.large!, depth),
            sizes: [DEC_HIDDEN[depth - 1]!, DEC_EMBEDDING],
            scale: 0,
          };
      const refined = await this.encoder(encoder, source);
      weights[encoder] = layersOf(refined.weights as Float32Array, source.sizes);
      encoders[encoder] = {
        centres: refined.centres as Float32Array,
        labels: refined.labels as Uint8Array,
        steps: refined.steps![0]!,
        refilled: this.done.get(`${encoder} centres`)?.refilled?.[0] ?? 0,
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
  private async encoder(encoder: Encoder, source: Source): Promise<Arrays> {
    const pretrained = await this.stage(`${encoder} pretraining`, (state) =>
      this.stages.pretrain(encoder, source, state),
    );
    const first = await this.stage(`${encoder} centres`, () =>
      this.stages.findCentres(encoder, pretrained.embedding as Float32Array),
    );
    return this.stage(`${encoder} refinement`, (state) => {
      const length = lengthOf(source.sizes);
      const weights = (pretrained.weights as Float32Array).slice(0, length);
      return this.stages.refine(encoder, source, state ?? { weights, ...copyOf(first) });
    });
  }

  private async stage(
    id: StageId,
    work: (state: Arrays | null) => Promise<Arrays>,
  ): Promise<Arrays> {
    const known = this.done.get(id);
    if (known) return known;
    const { current } = this;
    const result = await work(current?.stage === id ? copyOf(current.state) : null);
    this.current = null;
    this.done.set(id, result);
    return result;
  }
}
