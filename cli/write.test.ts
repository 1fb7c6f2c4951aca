import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomTrace } from '../src/core/fixture.ts';
import { fingerprintsOf } from '../src/core/fingerprint.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import {
  checkedFingerprints,
  readFingerprints,
  runId,
  writeFingerprints,
  writeTrace,
} from './write.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'offramp-write-'));
});
afterAll(() => rm(out, { recursive: true }));

it('names a run by what tells it from its neighbours', () => {
  const trace = { ...randomTrace(3, 2), dataset: 'mnist', network: 'tiny', method: 'sdn' };
  const seeded = { ...trace, provenance: { ...trace.provenance, options: { seed: 2 } } };
  expect(runId(trace, null)).toBe('mnist-tiny-sdn');
  expect(runId(trace, { epochs: 6 })).toBe('mnist-tiny-sdn-6ep');
  expect(runId(seeded, { epochs: 6 })).toBe('mnist-tiny-sdn-6ep-seed2');
});

it('keeps the fingerprints of the longest run of a dataset, and refuses other images', async () => {
  const short = generateStrokes({ seed: 1, train: 5, test: 3 });
  const long = generateStrokes({ seed: 1, train: 9, test: 3 });
  const other = generateStrokes({ seed: 2, train: 5, test: 3 });
  const keep = async (dataset: typeof short, count: number) => {
    const prints = await checkedFingerprints(dataset, 'train', out);
    await writeFingerprints(prints, count, 'strokes', 'train', out);
    return readFingerprints(out, 'strokes', 'train');
  };
  const all = fingerprintsOf(long.train, long.shape);
  expect(await keep(short, 4)).toEqual(all.subarray(0, 4));
  expect(await keep(long, 9)).toEqual(all);
  expect(await keep(short, 5)).toEqual(all);
  await expect(keep(other, 5)).rejects.toThrow(/train images of strokes are not those of the runs/);
  await writeFile(join(out, 'strokes-test.images.bin'), 'five!');
  await expect(checkedFingerprints(short, 'test', out)).rejects.toThrow(
    /5 bytes; expected four an/,
  );
});

it('takes with an earlier trace the fingerprints that only that one had', async () => {
  const folder = await mkdtemp(join(out, 'earlier-'));
  const trace = { ...randomTrace(3, 2), split: 'train' as const };
  const name = `${runId(trace, null)}-train`;
  await writeFile(join(folder, `${name}.images.bin`), 'of others');
  await writeTrace(trace, folder, 'float32');
  expect((await readdir(folder)).sort()).toEqual([`${name}.trace.bin`, `${name}.trace.json`]);
});
