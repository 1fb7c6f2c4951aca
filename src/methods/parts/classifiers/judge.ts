/** Internal classifiers exit by exit. */
import * as tf from '@tensorflow/tfjs-core';
import type { Judge, JudgeContext, Verdicts } from '../../contract/judge.ts';
import type { Decisions } from '../../run/stream.ts';
import { roomFor } from '../verdicts.ts';
import { decideSdn, type LastLabel } from './decide.ts';
import { classifierLayers, pooledMaps, type EncodedSites, type MapsOf } from './kernels.ts';
import type { Classifiers } from './save.ts';

/** Logits of one exit after the other. */
export interface ExitLogits {
  /** Exits before the network's own. */
  readonly count: number;
  /** @returns [B, K]: of the classifier at an exit, or the network's own. */
  at(exit: number, x: tf.Tensor2D): Promise<Float32Array>;
  dispose(): void;
}

export function exitLogits(
  mapsOf: MapsOf,
  { classes }: Pick<JudgeContext, 'classes'>,
  parameters: EncodedSites & Classifiers,
): ExitLogits {
  const layers = classifierLayers(mapsOf, classes, parameters);
  const count = layers.sites.length;
  return {
    count,
    async at(exit, x) {
      if (exit === count) return x.data<'float32'>();
      const logits = tf.tidy(() => layers.logits(exit, x));
      const values = await logits.data<'float32'>();
      logits.dispose();
      return values;
    },
    dispose: () => layers.dispose(),
  };
}

/** What is needed of what SDN learnt. */
export interface SdnJudged {
  readonly classifiers: EncodedSites & Classifiers;
  readonly options: LastLabel;
}

export function sdnJudge(context: JudgeContext, { classifiers, options }: SdnJudged): Judge {
  const logits = exitLogits(pooledMaps, context, classifiers);
  return {
    remembers: options.unconfident === 'most-confident',
    async at(exit, x, earlier) {
      const out = roomFor(x.shape[0]);
      decideLogits(await logits.at(exit, x), context.classes, out);
      if (exit === logits.count && options.unconfident === 'most-confident')
        takeSurest(earlier, out);
      return out;
    },
    dispose: () => logits.dispose(),
  };
}

/** Max softmax of logits [B, K]. */
export function decideLogits(logits: Float32Array, classes: number, out: Decisions): void {
  const options = { unconfident: 'network' } as const;
  decideSdn(
    { exits: { length: 1 }, classes: { length: classes }, options },
    logits,
    0,
    out.stride,
    out,
  );
}

/** Whoever nobody lets go has the label of the surest of all exits, the first of them where several are. */
function takeSurest(earlier: readonly Verdicts[], out: Decisions): void {
  for (let i = 0; i < out.stride; i++) {
    const all = [...earlier, out];
    const surest = all.reduce((best, of) => (of.confidence[i]! > best.confidence[i]! ? of : best));
    out.prediction[i] = surest.prediction[i]!;
    out.confidence[i] = surest.confidence[i]!;
  }
}
