import { describe, expect, it } from 'vitest';
import { readCosts } from '../../core/costs-text.ts';
import type { Driven } from '../../engine/client/types.ts';
import { inWords, measuredOf } from './measure.ts';

const exits = [
  { name: 'a', stage: 0, flops: 1 },
  { name: 'b', stage: 2, flops: 2 },
  { name: 'end', stage: 3, flops: 3 },
];

const driven = (inStages: number[], inExits: number[], milliseconds: number[]): Driven => ({
  exitOf: new Uint8Array(2),
  prediction: new Uint8Array(0),
  confidence: new Float32Array(0),
  ran: new Uint32Array(4),
  inStages: Float64Array.from(inStages),
  inExits: Float64Array.from(inExits),
  milliseconds: Float64Array.from(milliseconds),
});

describe('costs that are measured', () => {
  const past = [2, 1, 3].map((n) => driven([4 * n, 2 * n, 2 * n, 8 * n], [2 * n, 2 * n, 0], [0]));
  const plain = [driven([], [], [14, 18]), driven([], [], [16]), driven([], [], [20])];
  const measured = measuredOf({ past, plain }, exits, 2);

  it('are all stages and exits up to where an image leaves, an image each, the median of the rounds', () => {
    expect(measured.exits.map(({ median }) => median)).toEqual([6, 12, 20]);
    expect(measured.network.median).toBe(8);
  });

  it('go into the form as lines that it reads, with how they were measured', () => {
    const { unit, source, numbers } = inWords(measured, exits, {
      backend: 'CPU · wasm',
      images: 2,
    });
    expect(readCosts(numbers, exits)).toEqual({ exits: [6, 12, 20], network: 8 });
    expect(unit).toBe('ms');
    expect(source).toMatch(
      /^measured here: CPU · wasm, one worker, 2 images at a time, median of 9 rounds, middle half within ±\d+ %$/,
    );
  });
});
