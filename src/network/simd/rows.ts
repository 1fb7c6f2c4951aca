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

const ROWS = ['x0', 'x1'] as const;
const OTHERS = ['c0', 'c1', 'c2', 'c3'] as const;
const SUMS = ['s00', 's01', 's02', 's03', 's10', 's11', 's12', 's13'] as const;
const VECTORS = { vx0: 'v128', vx1: 'v128', vc: 'v128', gap: 'v128' } as const;

/** ‖x − c‖² of two rows x and four rows c, side by side at `y0` and `y1`: every difference is taken, squared and added. */
export const squaredDistances: Routine = a.routine(
  'squaredDistances',
  [...ROWS, ...OTHERS, 'y0', 'y1', 'vectors'],
  {
    ...VECTORS,
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
      ...OTHERS.flatMap((other, k) => [
        a.set(at.vc, a.load(a.get(at[other]))),
        ...[at.vx0, at.vx1].flatMap((x, row) => {
          const sum = sums(row)[k]!;
          return [
            a.set(at.gap, a.sub(a.get(x), a.get(at.vc))),
            a.set(sum, a.add(a.get(sum), a.mul(a.get(at.gap), a.get(at.gap)))),
          ];
        }),
      ]),
      ...[...ROWS, ...OTHERS].map((row) => a.advance(at[row], a.int(16))),
    );
    return a.join(
      a.repeat(at.vectors, step),
      a.store(a.get(at.y0), acrossOf(sums(0))),
      a.store(a.get(at.y1), acrossOf(sums(1))),
    );
  },
);

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

/**
 * ‖x − c‖² for x [B, D] and rows c [K, D] at an address, K a multiple of four.
 * @returns [B, K].
 */
export function squaredDistancesTo(
  heap: Heap,
  x: Tensor2D,
  rows: number,
  count: number,
): Float32Array {
  const [size, width] = x.shape;
  const from = heap.addressOf(x);
  const bytes = 4 * width;
  const vectors = width >> 2;
  const y = heap.reserve(4 * size * count);
  try {
    if (vectors === 0) heap.floats(y, size * count).fill(0);
    else
      for (let k = 0; k < count; k += 4) {
        const four = [0, 1, 2, 3].map((i) => rows + (k + i) * bytes);
        for (let i = 0; i < size; i += 2) {
          const pair = [i, Math.min(i + 1, size - 1)];
          const xs = pair.map((row) => from + row * bytes);
          const ys = pair.map((row) => y + 4 * (row * count + k));
          heap.call('squaredDistances', ...xs, ...four, ...ys, vectors);
        }
      }
    const squares = heap.floats(y, size * count).slice();
    for (let d = 4 * vectors; d < width; d++)
      for (let i = 0; i < size; i++)
        for (let k = 0; k < count; k++) {
          const [value] = heap.floats(from + i * bytes + 4 * d, 1);
          const [other] = heap.floats(rows + k * bytes + 4 * d, 1);
          squares[i * count + k]! += (value! - other!) ** 2;
        }
    return squares;
  } finally {
    heap.release(y);
  }
}
