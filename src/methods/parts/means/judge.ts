/** E2CM exit by exit: the same distances and the same decision as in a trace, of one exit at a time. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Judge, JudgeContext } from '../../contract/judge.ts';
import { roomFor } from '../verdicts.ts';
import type { Decisions } from '../../run/stream.ts';
import { decide, decideByNetwork, type E2cmFitted, type MeansRule } from './decide.ts';
import { distancesKernel } from './kernels.ts';

/** What is needed of what E2CM learnt. */
export type MeansJudged = Pick<E2cmFitted, 'means' | 'counts' | 'normaliser'> & {
  /** D_j of the exits that have class means. */
  readonly dimensions: readonly number[];
  readonly options: MeansRule;
};

/** Distances to the class means of one exit after the other. */
export interface ExitDistances {
  /** @returns [B, K]. */
  at(exit: number, x: Tensor2D): Promise<Float32Array>;
  dispose(): void;
}

/** @param of means [K·D_0 | K·D_1 | …] of exits with `dimensions`. */
export function exitDistances(
  { classes }: Pick<JudgeContext, 'classes'>,
  { means, counts, dimensions }: Pick<MeansJudged, 'means' | 'counts' | 'dimensions'>,
): ExitDistances {
  let from = 0;
  const kernels = dimensions.map((dimension) => {
    const block = means.subarray(from, (from += classes * dimension));
    const exit = { classes, dimensions: [dimension] };
    return distancesKernel(exit, { means: block, counts }, false);
  });
  return {
    async at(exit, x) {
      const arrays = await kernels[exit]!.batch([x], new Uint8Array(x.shape[0]));
      return arrays!.distances;
    },
    dispose: () => kernels.forEach((kernel) => kernel.dispose()),
  };
}

/** Decides images by their distances [B, K] at one exit. */
export function decideAt(
  exit: number,
  distances: Float32Array,
  { counts, normaliser, options }: Pick<MeansJudged, 'counts' | 'normaliser' | 'options'>,
  out: Decisions,
): void {
  const k = counts.length;
  const one = {
    counts,
    normaliser: normaliser.subarray(exit * k, (exit + 1) * k),
    options: { ...options, lastExit: 'nearest-mean' },
  } as const;
  decide(distances, 0, 0, distances.length / k, one, out);
}

export function meansJudge(context: JudgeContext, learnt: MeansJudged): Judge {
  const { dimensions, options } = learnt;
  const distances = exitDistances(context, learnt);
  const last = dimensions.length - 1;
  return {
    async at(exit, x) {
      const out = roomFor(x.shape[0]);
      if (exit === last && options.lastExit === 'network')
        decideByNetwork(await x.data<'float32'>(), 0, out.stride, 1, out);
      else decideAt(exit, await distances.at(exit, x), learnt, out);
      return out;
    },
    dispose: () => distances.dispose(),
  };
}
