import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random.ts';
import { assign } from './assignment.ts';

/** Least cost by trying every assignment of all rows, or of all columns where those are fewer. */
function leastByTrying(cost: number[], rows: number, columns: number): number {
  if (rows > columns) {
    const turned = Array.from(
      { length: cost.length },
      (_, i) => cost[(i % rows) * columns + Math.floor(i / rows)]!,
    );
    return leastByTrying(turned, columns, rows);
  }
  const from = (row: number, taken: number): number => {
    if (row === rows) return 0;
    let least = Infinity;
    for (let column = 0; column < columns; column++)
      if (!(taken & (1 << column)))
        least = Math.min(
          least,
          cost[row * columns + column]! + from(row + 1, taken | (1 << column)),
        );
    return least;
  };
  return from(0, 0);
}

function costOf(columnOf: Int32Array, cost: number[], columns: number): number {
  return columnOf.reduce((sum, c, row) => (c < 0 ? sum : sum + cost[row * columns + c]!), 0);
}

describe('assignment', () => {
  it('gives up the cheapest cell where that makes the whole cheaper', () => {
    // Greedy takes the 1 and pays 1 + 10; the best is 2 + 2.
    expect([...assign([1, 2, 2, 10], 2, 2)]).toEqual([1, 0]);
  });

  it('costs as little as the best of all assignments, square or not', () => {
    const random = randomFrom(7);
    for (const [rows, columns] of [
      [1, 1],
      [4, 4],
      [6, 6],
      [3, 6],
      [6, 3],
      [1, 5],
      [5, 1],
    ] as const)
      for (let trial = 0; trial < 30; trial++) {
        // Few distinct values, so that ties are common; negative ones too.
        const cost = Array.from({ length: rows * columns }, () => Math.floor(random() * 9) - 4);
        const columnOf = assign(cost, rows, columns);
        const used = [...columnOf].filter((c) => c >= 0);
        expect(used.length).toBe(Math.min(rows, columns));
        expect(new Set(used).size).toBe(used.length);
        expect(costOf(columnOf, cost, columns)).toBe(leastByTrying(cost, rows, columns));
      }
  });

  it('leaves the dearest rows without a column when rows outnumber columns', () => {
    expect([...assign([5, 1, 3], 3, 1)]).toEqual([-1, 0, -1]);
    expect([...assign([], 3, 0)]).toEqual([-1, -1, -1]);
    expect([...assign([], 0, 0)]).toEqual([]);
  });

  it('names the cost that is not finite, and a length that does not fit', () => {
    expect(() => assign([0, 1, NaN, 3], 2, 2)).toThrow('The cost of row 1 at column 0 is NaN');
    expect(() => assign([0, -Infinity], 1, 2)).toThrow('row 0 at column 1');
    expect(() => assign([0, 1, 2], 2, 2)).toThrow('has 3 numbers');
  });
});
