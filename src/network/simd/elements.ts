/** Routines on blocks of eight images ([pixel][channel][8]) besides convolution: pools, sums, and the way in and out. */
import type { Activation } from '../folded.ts';
import * as a from './assembler.ts';
import type { Routine } from './assembler.ts';
import { activate } from './finish.ts';

/**
 * For `blocks` and `pixels`: the largest number, or the sum times `share`, at the places that `table` lists; a pixel's
 * entry is how many (at least one) and where in the input block, in bytes. `vectors` are two a channel.
 */
export function pool(kind: 'maxPool' | 'mean'): Routine {
  return a.routine(
    kind,
    ['x', 'y', 'table', 'pixels', 'blocks', 'xBlock', 'vectors', 'share'],
    {
      ...({
        b: 'i32',
        p: 'i32',
        v: 'i32',
        n: 'i32',
        entry: 'i32',
        count: 'i32',
        t: 'i32',
        at: 'i32',
      } as const),
      ...({ best: 'v128' } as const),
    },
    (at) => {
      const here = a.load(a.plus(a.get(at.at), a.loadInt(a.get(at.t))));
      const combine = kind === 'maxPool' ? a.most : a.add;
      const start = kind === 'maxPool' ? -Infinity : 0;
      const best = a.get(at.best);
      const vector = a.join(
        a.set(at.best, a.constant(start)),
        a.set(at.t, a.plus(a.get(at.entry), a.int(4))),
        a.set(at.n, a.get(at.count)),
        a.repeat(at.n, a.join(a.set(at.best, combine(best, here)), a.advance(at.t, a.int(4)))),
        a.store(a.get(at.y), kind === 'maxPool' ? best : a.mul(best, a.loadSplat(a.get(at.share)))),
        a.advance(at.y, a.int(16)),
        a.advance(at.at, a.int(16)),
      );
      const pixel = a.join(
        a.set(at.count, a.loadInt(a.get(at.entry))),
        a.set(at.at, a.get(at.x)),
        a.set(at.v, a.get(at.vectors)),
        a.repeat(at.v, vector),
        a.set(at.entry, a.get(at.t)),
      );
      return a.join(
        a.set(at.b, a.get(at.blocks)),
        a.repeat(
          at.b,
          a.join(
            a.set(at.p, a.get(at.pixels)),
            a.set(at.entry, a.get(at.table)),
            a.repeat(at.p, pixel),
            a.advance(at.x, a.get(at.xBlock)),
          ),
        ),
      );
    },
  );
}

/** y = activation(a + b), or of a alone, over `vectors`. */
export function combine(kind: 'add' | 'activate', activation: Activation): Routine {
  return a.routine(`${kind}${activation}`, ['a', 'b', 'y', 'vectors'], {}, (at) => {
    const first = a.load(a.get(at.a));
    const value = kind === 'add' ? a.add(first, a.load(a.get(at.b))) : first;
    const body = a.join(
      a.store(a.get(at.y), activate(activation, value)),
      ...[at.a, at.b, at.y].map((address) => a.advance(address, a.int(16))),
    );
    return a.repeat(at.vectors, body);
  });
}

const IMAGES = ['i0', 'i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7'] as const;
const ROWS = { r0: 'v128', r1: 'v128', r2: 'v128', r3: 'v128' } as const;
const TURNED = { t0: 'v128', t1: 'v128', t2: 'v128', t3: 'v128' } as const;

/** Four rows of four numbers as four columns. */
function turn(rows: readonly number[], turned: readonly number[]): a.Code[] {
  const [r0, r1, r2, r3] = rows.map((row) => a.get(row)) as [a.Code, a.Code, a.Code, a.Code];
  const [t0, t1, t2, t3] = turned.map((row) => a.get(row)) as [a.Code, a.Code, a.Code, a.Code];
  const halves = [
    a.pick(r0, r1, [0, 4, 1, 5]),
    a.pick(r0, r1, [2, 6, 3, 7]),
    a.pick(r2, r3, [0, 4, 1, 5]),
    a.pick(r2, r3, [2, 6, 3, 7]),
  ];
  const columns = [
    a.pick(t0, t2, [0, 1, 4, 5]),
    a.pick(t0, t2, [2, 3, 6, 7]),
    a.pick(t1, t3, [0, 1, 4, 5]),
    a.pick(t1, t3, [2, 3, 6, 7]),
  ];
  return [a.join(...halves.map((half, i) => a.set(turned[i]!, half))), ...columns];
}

/** Eight images, each a row of 4·`count` numbers, become [number][8]; `outOf` takes them apart again. */
export function interleave(direction: 'into' | 'outOf'): Routine {
  return a.routine(
    `${direction}Block`,
    [...IMAGES, 'block', 'count'],
    { ...ROWS, ...TURNED },
    (at) => {
      const rows = [at.r0, at.r1, at.r2, at.r3];
      const turned = [at.t0, at.t1, at.t2, at.t3];
      const halves = [0, 1].map((half) => {
        const images = IMAGES.slice(4 * half, 4 * half + 4).map((image) => at[image]);
        const place = (i: number) => 32 * i + 16 * half;
        const block = a.get(at.block);
        const [first, ...columns] = turn(rows, turned);
        const fetch = rows.map((row, i) =>
          a.set(row, direction === 'into' ? a.load(a.get(images[i]!)) : a.load(block, place(i))),
        );
        const put = columns.map((column, i) =>
          direction === 'into'
            ? a.store(block, column, place(i))
            : a.store(a.get(images[i]!), column),
        );
        return a.join(...fetch, first!, ...put);
      });
      const body = a.join(
        ...halves,
        ...IMAGES.map((image) => a.advance(at[image], a.int(16))),
        a.advance(at.block, a.int(128)),
      );
      return a.repeat(at.count, body);
    },
  );
}
