import { describe, expect, it } from 'vitest';
import type { RecordedRun, RunIndex } from '../../core/run-index.ts';
import { prefersRecorded, recordedRun } from './runs.ts';
import { defaultSettings, type Settings } from '../settings.ts';

const run: RecordedRun = {
  id: 'cifar-10-resnet18-cifar10-e2cm',
  dataset: 'cifar-10',
  network: 'resnet18-cifar10',
  method: 'e2cm',
  budget: null,
  classes: ['cat', 'dog'],
  exits: [{ name: 'conv1', stage: 0, flops: 1 }],
  networkFlops: 1,
  provenance: {
    commit: 'abc',
    backend: 'CPU · wasm ×2',
    seed: null,
    trainImages: 50_000,
    options: { label: 'normalised', lastExit: 'network', holdout: 0 },
  },
  train: { file: 'a', count: 10_000, accuracy: [0.5] },
  test: { file: 'b', count: 10_000, accuracy: [0.5] },
  results: { paper: [], frontier: [] },
  curves: { paper: [], frontier: [] },
};
const index: RunIndex = { format: 'offramp-runs/1', searchSeed: 1, runs: [run], images: {} };
const find = (change: Partial<Settings>, runs = index): RecordedRun | null =>
  recordedRun(runs, { ...defaultSettings, ...change }, 'resnet18-cifar10');

describe('a recorded run', () => {
  it('stands for the settings that it was made with, and for no others', () => {
    expect(find({})).toBe(run);
    expect(find({ trainImages: 50_000, testImages: 10_000 })).toBe(run);
    for (const change of [
      { dataset: 'mnist' },
      { trainImages: 10_000 },
      { testImages: 500 },
      { label: 'raw' },
      { lastExit: 'nearest-mean' },
      { holdout: 0.2 },
    ] as const)
      expect(find(change)).toBeNull();
  });

  it('has a seed where its images have one; a seed of searches does not matter', () => {
    expect(find({ seed: 5 })).toBe(run);
    const drawn = { ...run, provenance: { ...run.provenance, seed: 1 } };
    const seeded = { ...index, runs: [drawn] };
    expect(find({ seed: 1 }, seeded)).toBe(drawn);
    expect(find({ seed: 5 }, seeded)).toBeNull();
  });

  it('is preferred where images would have to be fetched, unless a person wants otherwise', () => {
    expect(prefersRecorded(defaultSettings)).toBe(true);
    expect(prefersRecorded({ ...defaultSettings, source: 'live' })).toBe(false);
    expect(prefersRecorded({ ...defaultSettings, dataset: 'strokes' })).toBe(false);
    expect(prefersRecorded({ ...defaultSettings, dataset: 'strokes', source: 'recorded' })).toBe(
      true,
    );
  });
});
