/** The recorder as a person calls it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeTrace } from '../src/core/trace-file.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'offramp-record-'));
});
afterAll(() => rm(out, { recursive: true }));

function record(...options: string[]) {
  const script = new URL('./record.ts', import.meta.url).pathname;
  return promisify(execFile)('node', ['--import', 'tsx', script, '--out', out, ...options]);
}

describe('npm run record', () => {
  it('writes both traces of a run, which decode and say how they came to be', async () => {
    const strokes = ['--dataset', 'strokes', '--network', 'resnet18-w16-strokes'];
    await record(
      ...strokes,
      '--train',
      '200',
      '--test',
      '60',
      '--test-images',
      '50',
      '--workers',
      '2',
    );
    for (const [split, count] of [
      ['train', 200],
      ['test', 50],
    ] as const) {
      const name = join(out, `strokes-resnet18-w16-strokes-e2cm-${split}.trace`);
      const { trace } = decodeTrace(
        JSON.parse(await readFile(`${name}.json`, 'utf8')),
        await readFile(`${name}.bin`),
      );
      expect(trace.count).toBe(count);
      expect(trace.exits).toHaveLength(10);
      expect(trace.provenance.backend).toBe('CPU · wasm ×2');
      expect(trace.provenance.seed).toBe(1);
      expect(trace.provenance.trainImages).toBe(200);
    }
  });

  it.each([
    [['--dataset', 'strokes', '--network', 'nowhere'], /There is no network "nowhere"/],
    [['--dataset', 'shapes', '--network', 'x'], /There is no dataset "shapes"/],
    [
      ['--dataset', 'strokes', '--network', 'x', '--workers', 'two'],
      /--workers must be a whole number/,
    ],
    [['--dataset', 'strokes', '--network', 'x', '--split', 'all'], /--split must be one of/],
  ])('refuses %j in a sentence', async (options, sentence) => {
    await expect(record(...options, '--train', '5', '--test', '5')).rejects.toThrow(sentence);
  });
});
