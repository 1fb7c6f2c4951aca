/** Numbers of an item exit by exit, however its axes lie. */
import type { ScoreRows } from '../../core/scores.ts';
import type { NumberArray } from '../arrays/array.ts';
import type { Axes } from './draft.ts';
import type { Held } from './inventory.ts';

const read = new WeakMap<object, NumberArray>();

/** An array's numbers, read once while they are needed. */
export function valuesOf(held: Held, n = 0): NumberArray {
  const array = held.arrays[n]!;
  const known = read.get(array) ?? array.values();
  read.set(array, known);
  return known;
}

/** Scores [images, classes] at exit j of an item of three axes. */
export function rowsOf(held: Held, axes: Axes, j: number): ScoreRows {
  const [first, second, classes] = held.shape as [number, number, number];
  if (held.arrays.length > 1 || held.shape.length > held.arrays[0]!.shape.length) {
    // A list: its first axis is the list.
    if (axes === 'exits first') return { values: valuesOf(held, j), first: 0, step: classes };
    return { values: flat(held), first: j * classes, step: second * classes };
  }
  return axes === 'exits first'
    ? { values: valuesOf(held), first: j * second * classes, step: classes }
    : { values: valuesOf(held), first: j * classes, step: first > 0 ? second * classes : 0 };
}

/** Numbers [exits, images] of an item of two axes: that of exit j and image i. */
export function cellOf(held: Held, axes: Axes): (j: number, i: number) => number {
  const values = flat(held);
  const second = held.shape[1]!;
  return axes === 'exits first'
    ? (j, i) => values[j * second + i]!
    : (j, i) => values[i * second + j]!;
}

const flattened = new WeakMap<Held, NumberArray>();

function flat(held: Held): NumberArray {
  if (held.arrays.length === 1) return valuesOf(held);
  const known = flattened.get(held);
  if (known) return known;
  const parts = held.arrays.map((_, n) => valuesOf(held, n));
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  flattened.set(held, all);
  return all;
}
