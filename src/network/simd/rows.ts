/** Routines on rows as tensors have them: a row added to a sum, and distances between rows. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as a from './assembler.ts';
import type { Code, Routine } from './assembler.ts';
import type { Heap } from './heap.ts';

/** sum += x, over `vectors`. */
export const addRow: Routine = a.routine('addRow', ['x', 'sum', 'vectors'], {}, (at) =>
  a.repeat(
    at.vectors,
    a.join(
      a.store(a.get(at.sum), a.add(a.load(a.get(at.sum)), a.load(a.get(at.x)))),
      a.advance(at.x, a.int(16)),
      a.advance(at.sum, a.int(16)),
    ),
  ),
);

const OTHERS = ['c0', 'c1', 'c2', 'c3'] as const;
const SUMS = ['s00', 's01', 's02', 's03', 's10', 's11', 's12', 's13'] as const;

/**
 * For `pairs` of rows x and one to four rows c: adds ‖x − c‖² to what is at y, where the four of one x are side by side and those of the next x are `yRow` bytes on. Every difference is taken and squared.
 */
export function squaredDistances(classes: number): Routine {
  const others = OTHERS.slice(0, classes);
  return a.routine(
    `squaredDistances${classes}`,
    ['x', 'c', 'y', 'pairs', 'xRow', 'cRow', 'yRow', 'vectors'],
    {
      ...({ n: 'i32', x0: 'i32', x1: 'i32', c0: 'i32', c1: 'i32', c2: 'i32', c3: 'i32' } as const),
      ...({ vx0: 'v128', vx1: 'v128', vc: 'v128', gap: 'v128' } as const),
      ...(Object.fromEntries(SUMS.map((sum) => [sum, 'v128'])) as Record<
        (typeof SUMS)[number],
        'v128'
      >),
    },
    (at) => {
      const sums = (row: number) => SUMS.slice(4 * row, 4 * row + 4).map((sum) => at[sum]);
      const step = a.join(
        a.set(at.vx0, a.load(a.get(at.x0))),
        a.set(at.vx1, a.load(a.get(at.x1))),
        ...others.flatMap((other, k) => [
          a.set(at.vc, a.load(a.get(at[other]))),
          ...[at.vx0, at.vx1].flatMap((x, row) => {
            const sum = sums(row)[k]!;
            return [
              a.set(at.gap, a.sub(a.get(x), a.get(at.vc))),
              a.set(sum, a.add(a.get(sum), a.mul(a.get(at.gap), a.get(at.gap)))),
            ];
          }),
        ]),
        ...(['x0', 'x1', ...others] as const).map((row) => a.advance(at[row], a.int(16))),
      );
      const pair = a.join(
        a.set(at.x0, a.get(at.x)),
        a.set(at.x1, a.plus(a.get(at.x), a.get(at.xRow))),
        ...others.map((other, k) =>
          a.set(
            at[other],
            k === 0 ? a.get(at.c) : a.plus(a.get(at[OTHERS[k - 1]!]), a.get(at.cRow)),
          ),
        ),
        a.set(at.n, a.get(at.vectors)),
        ...SUMS.map((sum) => a.set(at[sum], a.constant(0))),
        a.repeat(at.n, step),
        ...[0, 1].flatMap((row) => [
          a.store(a.get(at.y), a.add(a.load(a.get(at.y)), acrossOf(sums(row)))),
          a.advance(at.y, a.get(at.yRow)),
        ]),
        ...[0, 1].map(() => a.advance(at.x, a.get(at.xRow))),
      );
      return a.repeat(at.pairs, pair);
    },
  );
}

/** The four sums of four vectors' numbers, as one vector. */
function acrossOf(vectors: readonly number[]): Code {
  const [p, q, r, s] = vectors.map((vector) => a.get(vector)) as [Code, Code, Code, Code];
  const pairs = (one: Code, other: Code): Code =>
    a.add(a.pick(one, other, [0, 1, 4, 5]), a.pick(one, other, [2, 3, 6, 7]));
  const [pq, rs] = [pairs(p, q), pairs(r, s)];
  return a.add(a.pick(pq, rs, [0, 2, 4, 6]), a.pick(pq, rs, [1, 3, 5, 7]));
}

/** Adds row i of x [B, D] to row labels[i] of the sums [K, D] at an address. */
export function addRowsTo(heap: Heap, x: Tensor2D, labels: Uint8Array, sums: number): void {
  const width = x.shape[1];
  const from = heap.addressOf(x);
  const vectors = width >> 2;
  labels.forEach((label, i) => {
    const row = from + 4 * i * width;
    const sum = sums + 4 * label * width;
    if (vectors > 0) heap.call('addRow', row, sum, vectors);
    if (width % 4 === 0) return;
    const [rest, to] = [row, sum].map((address) => heap.floats(address, width));
    for (let d = 4 * vectors; d < width; d++) to![d]! += rest![d]!;
  });
}

/** Vectors of a row that are taken at a time: those of four rows c stay in the first cache while all x go by. */
const PART = 512;

/**
 * ‖x − c‖² for x [B, D] and rows c [K, D] at an address.
 * @returns [B, K], each row filled up to a multiple of four.
 */
export function squaredDistancesTo(
  heap: Heap,
  x: Tensor2D,
  rows: number,
  classes: number,
): Float32Array {
  const [size, width] = x.shape;
  const count = 4 * Math.ceil(classes / 4);
  const from = heap.addressOf(x);
  const bytes = 4 * width;
  const vectors = width >> 2;
  const y = heap.reserve(4 * (size + 1) * count);
  try {
    heap.floats(y, (size + 1) * count).fill(0);
    const pairs = size >> 1;
    for (let part = 0; part < vectors; part += PART)
      for (let k = 0; k < classes; k += 4) {
        const name = `squaredDistances${Math.min(4, classes - k)}`;
        const [xs, cs, ys] = [from + 16 * part, rows + k * bytes + 16 * part, y + 4 * k];
        const some = Math.min(PART, vectors - part);
        if (pairs > 0) heap.call(name, xs, cs, ys, pairs, bytes, bytes, 4 * count, some);
        if (size === 2 * pairs) continue;
        // The last one is its own partner; that one's sums go to the row after the last.
        const last = [xs + (size - 1) * bytes, cs, ys + 4 * (size - 1) * count] as const;
        heap.call(name, ...last, 1, 0, bytes, 4 * count, some);
      }
    const squares = heap.floats(y, size * count).slice();
    for (let d = 4 * vectors; d < width; d++)
      for (let i = 0; i < size; i++)
        for (let k = 0; k < classes; k++) {
          const [value] = heap.floats(from + i * bytes + 4 * d, 1);
          const [other] = heap.floats(rows + k * bytes + 4 * d, 1);
          squares[i * count + k]! += (value! - other!) ** 2;
        }
    return squares;
  } finally {
    heap.release(y);
  }
}
