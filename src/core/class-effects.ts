/** What a policy does to each class: who pays for what all save. */
import { exactInterval } from './binomial.ts';
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

export interface ClassEffect {
  /** Index into the trace's classes. */
  readonly label: number;
  /** Images of this true class. */
  readonly images: number;
  /** Share labelled right where they leave, with its exact 95 % interval. */
  readonly accuracy: number;
  readonly interval: readonly [low: number, high: number];
  /** Share that the plain network labels right. */
  readonly plain: number;
  /** Share that is wrong where it leaves and right at the last exit, with its exact 95 % interval. */
  readonly lost: number;
  readonly lostInterval: readonly [low: number, high: number];
  /** Share that is right where it leaves and wrong at the last exit. */
  readonly won: number;
  /** Mean FLOPs an image, relative to the plain network. */
  readonly cost: number;
  /** Share that leaves at exit j. */
  readonly leaving: readonly number[];
}

/** The effects on classes that have images, what loses most first. */
export function classEffects(trace: Trace, outcome: Outcome): ClassEffect[] {
  const { classes, count, exits, label, prediction, networkFlops } = trace;
  const last = exits.length - 1;
  const all = classes.map(() => ({
    ...{ images: 0, right: 0, plain: 0, lost: 0, won: 0, flops: 0 },
    leaving: new Array<number>(exits.length).fill(0),
  }));
  for (let i = 0; i < count; i++) {
    const one = all[label[i]!]!;
    const exit = outcome.exitOf[i]!;
    const here = prediction[exit * count + i] === label[i];
    const end = prediction[last * count + i] === label[i];
    one.images++;
    one.right += here ? 1 : 0;
    one.plain += end ? 1 : 0;
    one.lost += end && !here ? 1 : 0;
    one.won += here && !end ? 1 : 0;
    one.flops += exits[exit]!.flops;
    one.leaving[exit]!++;
  }
  return all
    .flatMap(({ images, right, plain, lost, won, flops, leaving }, k) =>
      images === 0
        ? []
        : [
            {
              label: k,
              images,
              accuracy: right / images,
              interval: exactInterval(right, images),
              plain: plain / images,
              lost: lost / images,
              lostInterval: exactInterval(lost, images),
              won: won / images,
              cost: flops / images / networkFlops,
              leaving: leaving.map((n) => n / images),
            },
          ],
    )
    .sort((a, b) => a.accuracy - a.plain - (b.accuracy - b.plain));
}

/** The share of each class's images that a policy takes from its accuracy against the plain network; below 0 where it gains. */
export function classLosses(trace: Trace, outcome: Outcome): Float64Array {
  const { classes, count, exits, label, prediction } = trace;
  const balance = new Float64Array(classes.length);
  const images = new Float64Array(classes.length);
  const end = (exits.length - 1) * count;
  for (let i = 0; i < count; i++) {
    const truth = label[i]!;
    images[truth]!++;
    if (prediction[end + i] === truth) balance[truth]!++;
    if (prediction[outcome.exitOf[i]! * count + i] === truth) balance[truth]!--;
  }
  return balance.map((lost, k) => lost / Math.max(1, images[k]!));
}

/** The most that a policy takes from a class, 0 where every class gains. */
export const worstLoss = (trace: Trace, outcome: Outcome): number =>
  classLosses(trace, outcome).reduce((worst, lost) => Math.max(worst, lost), 0);
