/**
 * Judges run in a compute worker, where a batch stops for some of its images: they see what comes out of one stage, and
 * say what the method makes of it at the exit there. What they say is what a trace has of the same images.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Pairing } from '../../core/pairing.ts';
import type { Exit } from '../../core/trace.ts';

/** What an exit says of some images: entry i is of the i-th. */
export interface Verdicts {
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  /** Of two judges, what the one beside the first says. */
  readonly second?: Verdicts;
}

/** Says at every exit what the method says there. */
export interface Judge {
  /**
   * @param exit of the method, counted from 0.
   * @param x [B, D] output of the stage at whose end the exit sits; logits at the network's own.
   * @param earlier what the exits before said of the same images, in their order.
   */
  at(exit: number, x: Tensor2D, earlier: readonly Verdicts[]): Verdicts | Promise<Verdicts>;
  /** Whether it needs what every exit before has said, also of those at which nobody may leave. */
  readonly remembers?: boolean;
  dispose(): void;
}

export interface JudgeContext {
  /** Number of classes of the dataset. */
  readonly classes: number;
  /** Logits [B, K] of one of the network's branches, from the output on which it hangs; the caller disposes. */
  readonly branch: (branch: number, x: Tensor2D) => Tensor2D;
}

/** A method's judge. Written as a method, so that judges of any parameters fit into one type. */
export interface JudgeMaker<Parameters = unknown> {
  open(context: JudgeContext, parameters: Parameters): Judge;
}

/** `judge` of a method's `judge.ts`; its type is that of whoever asks for it, too. */
export const defineJudge = <Parameters>(
  open: (context: JudgeContext, parameters: Parameters) => Judge,
): JudgeMaker<Parameters> => ({ open });

/** A judge as it is asked for: whose it is, and what was learnt that it needs. Plain data, copied into the worker. */
export interface Judging {
  /** The method in whose folder it is. */
  readonly method: string;
  readonly parameters: unknown;
  /** Of the method; each says at the end of which stage it sits. */
  readonly exits: readonly Exit[];
  /** How two judges go together; missing where there is one. */
  readonly pairing?: Pairing;
}
