/** Two judges of an image, exit by exit. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Judge } from '../../contract/judge.ts';
import type { Decisions } from '../../run/stream.ts';
import { PAPER_RULE } from '../means/decide.ts';
import { decideAt, type ExitDistances, type MeansJudged } from '../means/judge.ts';
import { roomFor } from '../verdicts.ts';

/** What is needed of what both have learnt. */
export interface PairJudged extends Pick<MeansJudged, 'means' | 'counts' | 'normaliser'> {
  /** D_j of the exits before the network's own. */
  readonly dimensions: readonly number[];
}

export interface PairOf {
  readonly distances: ExitDistances;
  /** What the first judge says of images at an exit, from the output there and its distances [B, K]. */
  readonly own: (
    exit: number,
    x: Tensor2D,
    distances: Float32Array | null,
    out: Decisions,
  ) => Promise<void>;
  readonly dispose: () => void;
}

export function pairJudge(
  { counts, normaliser, dimensions }: PairJudged,
  { distances, own, dispose }: PairOf,
): Judge {
  const last = dimensions.length;
  const rule = { counts, normaliser, options: PAPER_RULE };
  return {
    async at(exit, x) {
      const out = roomFor(x.shape[0]);
      const near = exit === last ? null : await distances.at(exit, x);
      await own(exit, x, near, out);
      if (!near) return out;
      const second = roomFor(out.stride);
      decideAt(exit, near, rule, second);
      return { ...out, second };
    },
    dispose() {
      distances.dispose();
      dispose();
    },
  };
}
