import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunIndex } from '../../core/run-index.ts';
import { ARCHITECTURES, shapesOf } from './architecture.ts';
import { overheadRows, readingOf, storageRows } from './sizes.ts';

const published = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../public/${path}`, import.meta.url), 'utf8'));
const card = (id: string) =>
  published(`networks/${id}/card.json`) as { parameters: number; multiplyAccumulates: number };

describe('shapes of a network', () => {
  it('have the parameters and multiply-accumulates that the networks’ cards state', () => {
    const ours = shapesOf(ARCHITECTURES.resnet18, 3, 10);
    const { parameters, multiplyAccumulates } = card('resnet18-cifar10');
    expect(ours.parameters).toBe(parameters);
    expect(ours.networkFlops).toBe(2 * multiplyAccumulates);
    const quarter = shapesOf({ ...ARCHITECTURES.resnet18, width: 0.25 }, 1, 10);
    expect(quarter.parameters).toBe(card('resnet18-w16-mnist').parameters);
    expect(quarter.networkFlops).toBe(2 * card('resnet18-w16-mnist').multiplyAccumulates);
  });

  it('have the paper’s numbers of exits and the published multiply-accumulates', () => {
    const exits = [
      ['resnet18', 10, 37.0],
      ['resnet152', 52, 234.95],
      ['wideresnet101', 35, 464.33],
    ] as const;
    for (const [network, count, millions] of exits) {
      const shapes = shapesOf(ARCHITECTURES[network], 3, 10);
      expect(shapes.exits).toHaveLength(count);
      expect(shapes.networkFlops / 2e6).toBeCloseTo(millions, 1);
    }
  });

  it('are those of the recorded run, exit by exit', () => {
    const run = parseRunIndex(published('runs/index.json')).runs.find(
      ({ network, method }) => network === 'resnet18-cifar10' && method === 'e2cm',
    )!;
    const { exits, networkFlops } = shapesOf(ARCHITECTURES.resnet18, 3, 10);
    expect(exits).toEqual(run.exits);
    expect(networkFlops).toBe(run.networkFlops);
  });

  it('cost what E2CM’s exits cost: relative FLOPs of ResNet-18 on CIFAR-10', () => {
    const { exits, networkFlops } = shapesOf(ARCHITECTURES.resnet18, 3, 10);
    const shares = exits.map(({ flops }) => (flops / networkFlops).toFixed(3));
    expect(shares.join(' ')).toBe('0.072 0.201 0.330 0.430 0.558 0.658 0.786 0.885 1.013 1.013');
  });
});

describe('storage beside the paper', () => {
  const rows = storageRows({ 'resnet152-cifar10': 60_000_000 });
  const row = (id: string) => rows.find((candidate) => candidate.id === id)!;

  it('gives the models’ sizes and every average per exit, in MiB of float64', () => {
    for (const id of ['model-resnet152-cifar10', 'model-wideresnet101-2-cifar10'])
      expect(row(id).reading, id).toBe('MiB, rounded');
    expect(row('per-exit-resnet18-cifar10').reading).toBe('MiB, rounded');
    expect(row('per-exit-wideresnet101-2-cifar10').reading).toBe('MiB, rounded');
    expect(row('per-exit-resnet152-cifar10').reading).toBe('MiB, cut off');
    expect(row('per-exit-resnet152-cifar100').reading).toBe('MiB, cut off');
  });

  it('says that neither total comes out', () => {
    const total = row('means-resnet152-cifar10');
    expect(total.reading).toBeNull();
    expect(total.bytes).toBe(284_682 * 10 * 8);
    expect(total.here).toBe(284_682 * 10 * 4);
    expect(row('means-wideresnet101-2-cifar10').reading).toBeNull();
    expect(row('means-wideresnet101-2-cifar10').bytes).toBe(198_666 * 10 * 8);
  });

  it('knows our own weight files where they are', () => {
    expect(row('model-resnet152-cifar10').here).toBe(60_000_000);
    expect(row('model-wideresnet101-2-cifar10').here).toBeNull();
  });

  it('reads digits as they are printed', () => {
    expect(readingOf('0.43', 0.433 * 2 ** 20)).toBe('MiB, rounded');
    expect(readingOf('0.417', 0.4177 * 2 ** 20)).toBe('MiB, cut off');
    expect(readingOf('22', 22.2e6)).toBe('MB, rounded');
    expect(readingOf('22', 30e6)).toBeNull();
  });
});

describe('overhead beside the paper', () => {
  it('is largest at the first convolution: over 9 % of it, 9 % of it with the distances', () => {
    for (const { exit, share, shareOfBoth, claimed } of overheadRows().slice(0, 2)) {
      expect(exit).toBe('conv1');
      expect(share).toBeCloseTo(491_510 / 4_816_896, 10);
      expect(shareOfBoth).toBeCloseTo(0.0926, 4);
      expect(claimed).toBe(true);
    }
  });

  it('is more with a hundred classes', () => {
    const [of10, , , of100] = overheadRows();
    expect(of100!.share).toBeCloseTo(10 * of10!.share, 6);
  });
});
