/** What a policy does to each class, in numbers with exact intervals: apart, as only a table that is opened needs it. */
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
