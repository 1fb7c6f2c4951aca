/**
 * The one routine in which nearly all time is spent. Eight images lie side by side: a block is [pixel][channel][8], so
 * that a vector holds one number of four images, whatever the shape of a layer, and a weight meets eight images at once.
 * Four output channels of eight images, 32 sums, stay in registers while the channels that they see go by: with two
 * loads of images and four of weights that is as much as sixteen registers hold.
 */
import * as a from './assembler.ts';
import type { Routine } from './assembler.ts';
import { finished, finishName, type Finish } from './finish.ts';

const CHANNELS = [0, 1, 2, 3] as const;
const HALVES = [0, 1] as const;

/**
 * For `groups` of four output channels, `blocks` of eight images and `pixels`: sums over the runs that `table` lists.
 * A pixel's entry is the number of runs (at least one) and for each: its place in the input block and in the group's
 * weights, both in bytes, and how many channels it goes through. Weights are [group][channel of a tap][4].
 */
export function convolve(finish: Finish): Routine {
  const sums = CHANNELS.flatMap((q) => HALVES.map((half) => `sum${q}${half}` as const));
  return a.routine(
    `convolve${finishName(finish)}`,
    // prettier-ignore
    ['x', 'y', 'residual', 'weights', 'bias', 'table', 'pixels', 'blocks', 'groups', 'xBlock', 'yBlock', 'yPixel', 'group'],
    {
      ...({ g: 'i32', b: 'i32', p: 'i32', runs: 'i32', k: 'i32', t: 'i32' } as const),
      ...({ xb: 'i32', yb: 'i32', rb: 'i32', yp: 'i32', rp: 'i32', xp: 'i32', wp: 'i32' } as const),
      ...({ x0: 'v128', x1: 'v128', weight: 'v128' } as const),
      ...(Object.fromEntries(sums.map((sum) => [sum, 'v128'])) as Record<
        (typeof sums)[number],
        'v128'
      >),
    },
    (at) => {
      const xs = [at.x0, at.x1];
      const step = a.join(
        ...HALVES.map((half) => a.set(xs[half]!, a.load(a.get(at.xp), 16 * half))),
        ...CHANNELS.flatMap((q) => [
          a.set(at.weight, a.loadSplat(a.get(at.wp), 4 * q)),
          ...HALVES.map((half) => {
            const sum = at[`sum${q}${half}`];
            return a.set(sum, a.add(a.get(sum), a.mul(a.get(at.weight), a.get(xs[half]!))));
          }),
        ]),
        a.advance(at.xp, a.int(32)),
        a.advance(at.wp, a.int(16)),
      );
      const run = a.join(
        a.set(at.xp, a.plus(a.get(at.xb), a.loadInt(a.get(at.t)))),
        a.set(at.wp, a.plus(a.get(at.weights), a.loadInt(a.get(at.t), 4))),
        a.set(at.k, a.loadInt(a.get(at.t), 8)),
        a.repeat(at.k, step),
        a.advance(at.t, a.int(12)),
      );
      const pixel = a.join(
        ...CHANNELS.flatMap((q) =>
          HALVES.map((half) => a.set(at[`sum${q}${half}`], a.loadSplat(a.get(at.bias), 4 * q))),
        ),
        a.set(at.runs, a.loadInt(a.get(at.t))),
        a.advance(at.t, a.int(4)),
        a.repeat(at.runs, run),
        ...CHANNELS.flatMap((q) =>
          HALVES.map((half) => {
            const place = 32 * q + 16 * half;
            const sum = a.get(at[`sum${q}${half}`]);
            return a.store(a.get(at.yp), finished(finish, sum, a.load(a.get(at.rp), place)), place);
          }),
        ),
        a.advance(at.yp, a.get(at.yPixel)),
        a.advance(at.rp, a.get(at.yPixel)),
      );
      const block = a.join(
        a.set(at.t, a.get(at.table)),
        a.set(at.yp, a.get(at.yb)),
        a.set(at.rp, a.get(at.rb)),
        a.set(at.p, a.get(at.pixels)),
        a.repeat(at.p, pixel),
        a.advance(at.xb, a.get(at.xBlock)),
        a.advance(at.yb, a.get(at.yBlock)),
        a.advance(at.rb, a.get(at.yBlock)),
      );
      const group = a.join(
        a.set(at.xb, a.get(at.x)),
        a.set(at.yb, a.get(at.y)),
        a.set(at.rb, a.get(at.residual)),
        a.set(at.b, a.get(at.blocks)),
        a.repeat(at.b, block),
        a.advance(at.bias, a.int(16)),
        a.advance(at.weights, a.get(at.group)),
        a.advance(at.y, a.int(128)),
        a.advance(at.residual, a.int(128)),
      );
      return a.join(a.set(at.g, a.get(at.groups)), a.repeat(at.g, group));
    },
  );
}
