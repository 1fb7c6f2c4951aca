import { describe, expect, it } from 'vitest';
import { byGroup, hardestFirst, inGroups, likenessOrder } from './class-order.ts';
import { permuted } from './confusion.ts';

/** Of classes 0…5, those of equal parity are taken for each other: the nearer the oftener. */
function byParity(): Uint32Array {
  const counts = new Uint32Array(36);
  for (let a = 0; a < 6; a++)
    for (let b = 0; b < 6; b++)
      counts[a * 6 + b] = a === b ? 60 + a : (a + b) % 2 === 0 ? 12 / Math.abs(a - b) : 0;
  return counts;
}

describe('orders of classes', () => {
  it('have those side by side that are taken for each other', () => {
    const order = likenessOrder(byParity(), 6);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const parities = order.map((c) => c % 2);
    expect(new Set(parities.slice(0, 3)).size).toBe(1);
    expect(order.slice(0, 3).map((c) => c >> 1)).toSatisfy(
      (ranks: number[]) => ranks.join() === '0,1,2' || ranks.join() === '2,1,0',
    );
    expect(likenessOrder(new Uint32Array(0), 0)).toEqual([]);
  });

  it('have the hardest first, and those without images last', () => {
    const counts = Uint32Array.from([5, 5, 0, 1, 9, 0, 0, 0, 0]);
    expect(hardestFirst(counts, 3)).toEqual([0, 1, 2]);
    expect(hardestFirst(Uint32Array.from([9, 1, 5, 5]), 2)).toEqual([1, 0]);
  });

  it('move rows and columns alike, and add them up by group', () => {
    const counts = Uint32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...permuted(counts, 3, [2, 0, 1])]).toEqual([9, 7, 8, 3, 1, 2, 6, 4, 5]);
    const groups = [
      { name: 'ends', classes: [0, 2] },
      { name: 'middle', classes: [1] },
    ];
    expect([...byGroup(counts, 3, groups)]).toEqual([1 + 3 + 7 + 9, 2 + 8, 4 + 6, 5]);
  });

  it('are cut into groups that are named by their ends', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(inGroups([4, 3, 2, 1, 0], 2, names)).toEqual([
      { name: 'e … d', classes: [4, 3] },
      { name: 'c … c', classes: [2] },
      { name: 'b … a', classes: [1, 0] },
    ]);
  });
});
