/** Branches exit by exit. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Judge, JudgeContext } from '../../contract/judge.ts';
import type { Decisions } from '../../run/stream.ts';
import { roomFor } from '../verdicts.ts';
import { decideBranchy } from './decide.ts';

/** What is needed of what BranchyNet learnt: how many branches its network has. */
export interface BranchyJudged {
  readonly branches: number;
}

/** Logits [B, K] of a branch, or the network's own. */
export async function logitsAt(
  exit: number,
  x: Tensor2D,
  { branch }: JudgeContext,
  { branches }: BranchyJudged,
): Promise<Float32Array> {
  if (exit === branches) return x.data<'float32'>();
  const logits = branch(exit, x);
  const values = await logits.data<'float32'>();
  logits.dispose();
  return values;
}

/** Entropies of the softmax of logits [B, K]. */
export const decideEntropies = (logits: Float32Array, classes: number, out: Decisions): void =>
  decideBranchy({ exits: { length: 1 }, classes: { length: classes } }, logits, 0, out.stride, out);

export const branchyJudge = (context: JudgeContext, learnt: BranchyJudged): Judge => ({
  async at(exit, x) {
    const out = roomFor(x.shape[0]);
    decideEntropies(await logitsAt(exit, x, context, learnt), context.classes, out);
    return out;
  },
  dispose: () => undefined,
});
