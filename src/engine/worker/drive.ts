/** Inference that stops: a batch goes stage by stage, and whoever an exit lets go is dropped from it. */
import type * as tf from '@tensorflow/tfjs-core';
import { isLet, saidAt } from '../../core/leaving.ts';
import { pairedBy } from '../../core/pairing.ts';
import {
  cellOf,
  closedThreshold,
  thresholdsOf,
  type ExitsAndClasses,
  type Policy,
} from '../../core/policy.ts';
import type { Judge, Judging, Verdicts } from '../../methods/contract/judge.ts';
import { decideByNetwork } from '../../methods/parts/means/decide.ts';
import { roomFor } from '../../methods/parts/verdicts.ts';
import type { Network } from '../../network/network.ts';
import type { Driven } from '../driven.ts';

/** A judge that is open in this worker. */
export interface OpenJudge extends Pick<Judging, 'exits' | 'pairing'> {
  readonly judge: Judge;
  /** Number of classes of the dataset. */
  readonly classes: number;
}

/** The network alone: one exit, its end. */
export const plainJudge = ({ stages }: Network): OpenJudge => ({
  classes: 0,
  exits: [{ name: stages.at(-1)!.name, stage: stages.length - 1, flops: 0 }],
  judge: {
    async at(_, x) {
      const out = roomFor(x.shape[0]);
      decideByNetwork(await x.data<'float32'>(), 0, out.stride, 1, out);
      return out;
    },
    dispose: () => undefined,
  },
});

/**
 * Sends images through the network as far as a policy needs.
 * @param input float32 [B, size, size, channels], preprocessed.
 * @param policy null where there is one exit.
 * @param repeats how often, for the times; what is said of the images is of the last time.
 * @throws Error with a sentence when the policy is not for these exits.
 */
export async function drive(
  network: Network,
  input: tf.Tensor,
  through: OpenJudge,
  policy: Policy | null,
  repeats: number,
): Promise<Driven> {
  checkPolicy(through, policy);
  const count = input.shape[0]!;
  const [stages, exits] = [network.stages.length, through.exits.length];
  const driven: Driven = {
    exitOf: new Uint8Array(count),
    prediction: new Uint8Array(exits * count),
    confidence: new Float32Array(exits * count).fill(NaN),
    ...(through.pairing && {
      second: {
        prediction: new Uint8Array(exits * count),
        confidence: new Float32Array(exits * count).fill(NaN),
      },
    }),
    ran: new Uint32Array(stages),
    milliseconds: new Float64Array(repeats),
    inStages: new Float64Array(stages),
    inExits: new Float64Array(exits),
  };
  for (let turn = 0; turn < repeats; turn++) {
    const started = performance.now();
    await once(network, input, through, policy, driven);
    driven.milliseconds[turn] = performance.now() - started;
  }
  for (const sums of [driven.inStages, driven.inExits])
    for (let at = 0; at < sums.length; at++) sums[at]! /= repeats;
  return driven;
}

/** What the length of a policy's thresholds is held against. */
const shapeOf = ({ exits, classes, pairing }: OpenJudge): ExitsAndClasses => ({
  exits,
  classes: { length: classes },
  ...pairedBy(pairing),
});

function checkPolicy(through: OpenJudge, policy: Policy | null): void {
  const those = policy?.thresholds ?? [];
  const { exits, classes } = through;
  if (cellOf(those, shapeOf(through)) === null)
    throw new Error(
      `The policy has ${those.length} thresholds; inference past ${exits.length} exits needs ${exits.length - 1}, ` +
        `or ${(exits.length - 1) * classes} for ${classes} classes` +
        `${through.pairing ? `, or ${2 * (exits.length - 1)} for two judges` : ''}.`,
    );
}

async function once(
  network: Network,
  input: tf.Tensor,
  through: OpenJudge,
  policy: Policy | null,
  { exitOf, prediction, confidence, second, ran, inStages, inExits }: Driven,
): Promise<void> {
  const count = input.shape[0]!;
  const { judge, exits } = through;
  const of = shapeOf(through);
  const last = exits.length - 1;
  ran.fill(0);
  /** Images that are still driving, by their position in the batch, and what the exits before said of them. */
  let driving = Array.from({ length: count }, (_, i) => i);
  let earlier: Verdicts[] = [];
  const underway = network.start(input);
  try {
    for (let stage = 0, exit = 0; driving.length > 0 && exit <= last; stage++) {
      let clock = performance.now();
      const lap = () => {
        const before = clock;
        clock = performance.now();
        return clock - before;
      };
      ran[stage] = driving.length;
      underway.next();
      if (exits[exit]!.stage !== stage) {
        inStages[stage]! += lap();
        continue;
      }
      if (exit < last && !judge.remembers && isClosed(policy!, of, exit)) {
        inStages[stage]! += lap();
        exit++;
        continue;
      }
      const rows = underway.rows();
      inStages[stage]! += lap();
      try {
        const said = await judge.at(exit, rows, earlier);
        const staying: number[] = [];
        for (const [at, i] of driving.entries()) {
          const words = saidAt(said, at);
          const cell = exit * count + i;
          prediction[cell] = words.label;
          confidence[cell] = words.confidence;
          if (words.second && second) {
            second.prediction[cell] = words.second.label;
            second.confidence[cell] = words.second.confidence;
          }
          const isLeaving = exit === last || isLet(policy!, of, exit, words);
          if (isLeaving) exitOf[i] = exit;
          else staying.push(at);
        }
        earlier = [...earlier, said];
        if (staying.length > 0 && staying.length < driving.length) {
          underway.keep(rows, staying);
          driving = staying.map((at) => driving[at]!);
          earlier = earlier.map((verdicts) => someOf(verdicts, staying));
        } else if (staying.length === 0) {
          driving = [];
        }
      } finally {
        rows.dispose();
      }
      inExits[exit]! += lap();
      exit++;
    }
  } finally {
    underway.dispose();
  }
}

/** Whether an exit lets nobody go, whatever it might say: then it is not asked. */
function isClosed(policy: Policy, of: ExitsAndClasses, exit: number): boolean {
  const closed = closedThreshold(policy.rule);
  return thresholdsOf(policy, of, exit).every((threshold) => threshold === closed);
}

const someOf = (
  { prediction, confidence, second }: Verdicts,
  which: readonly number[],
): Verdicts => ({
  prediction: Uint8Array.from(which, (at) => prediction[at]!),
  confidence: Float32Array.from(which, (at) => confidence[at]!),
  ...(second && { second: someOf(second, which) }),
});
