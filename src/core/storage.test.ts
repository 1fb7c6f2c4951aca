import { describe, expect, it } from 'vitest';
import { distanceFlops } from './flops.ts';
import { overheadOf, storageOf } from './storage.ts';
import type { Exit } from './trace.ts';

/** Exits of the given sizes, all stages of equal cost, distances to K means at every exit but the last. */
function exitsOf(sizes: readonly number[], stage: number, classes: number): Exit[] {
  let flops = 0;
  return sizes.map((size, j) => {
    flops += stage + (j === sizes.length - 1 ? 0 : distanceFlops(classes, size));
    return { name: `exit${j}`, stage: j, flops, size };
  });
}

const repeat = (times: number, size: number): number[] => new Array<number>(times).fill(size);
/** Outputs at 32 × 32 input: stem 16 × 16, then 8, 4, 2 and 1 pixels a side. */
const RESNET_152 = [
  64 * 256,
  ...repeat(3, 256 * 64),
  ...repeat(8, 512 * 16),
  ...repeat(36, 1024 * 4),
  ...repeat(3, 2048),
];
const RESNET_18 = [16384, 4096, 4096, 2048, 2048, 1024, 1024, 512, 512, 10];
const MEBIBYTE = 2 ** 20;

describe('storage of class means', () => {
  it("gives the paper's MB an exit for CIFAR, as float64 in units of 2^20 bytes", () => {
    const mean = (sizes: readonly number[], k: number) =>
      storageOf(exitsOf([...sizes], 1e9, k), k)!.mean.float64 / MEBIBYTE;
    expect(mean(RESNET_18, 10)).toBeCloseTo(0.242, 3);
    expect(mean([...RESNET_152, 10], 10)).toBeCloseTo(0.4177, 4);
    expect(mean([...RESNET_152, 100], 100)).toBeCloseTo(4.17, 1);
  });

  it('counts four or eight bytes a number at every exit', () => {
    const storage = storageOf(exitsOf([6, 2], 100, 3), 3)!;
    expect(storage.perExit).toEqual([
      { float32: 72, float64: 144 },
      { float32: 24, float64: 48 },
    ]);
    expect(storage.total).toEqual({ float32: 96, float64: 192 });
    expect(storage.mean).toEqual({ float32: 48, float64: 96 });
  });

  it('says nothing where an exit does not tell its size', () => {
    const [first, last] = exitsOf([6, 2], 100, 3);
    const unknown = { name: last!.name, stage: last!.stage, flops: last!.flops };
    expect(storageOf([first!, unknown], 3)).toBeNull();
    expect(overheadOf({ exits: [first!, unknown], networkFlops: 200 }, 3)).toBeNull();
    expect(storageOf([], 3)).toBeNull();
  });
});

describe('cost of distances', () => {
  const exits = exitsOf([6, 4, 2], 100, 3);

  it('is held against the layers since the exit before, and against the whole network', () => {
    const overhead = overheadOf({ exits, networkFlops: 300 }, 3)!;
    expect(overhead.perExit).toEqual([
      { stage: 100, distance: 51, share: 0.51 },
      { stage: 100, distance: 33, share: 0.33 },
      { stage: 100, distance: 0, share: 0 },
    ]);
    expect(overhead.largest).toBe(0);
    expect(overhead.total).toBe(84 / 300);
  });

  it('counts the last exit where its label is the nearest class mean', () => {
    const all = exits.with(2, { ...exits[2]!, flops: exits[2]!.flops + 15 });
    const overhead = overheadOf({ exits: all, networkFlops: 300 }, 3)!;
    expect(overhead.perExit[2]).toEqual({ stage: 100, distance: 15, share: 0.15 });
    expect(overhead.total).toBe(99 / 300);
  });

  it('is not guessed from the costs of another method', () => {
    const other = exits.with(2, { ...exits[2]!, flops: exits[2]!.flops + 7 });
    expect(overheadOf({ exits: other, networkFlops: 300 }, 3)).toBeNull();
    expect(overheadOf({ exits, networkFlops: 300 }, 12)).toBeNull();
  });
});
