/** The recorder as a person calls it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintsOf } from '../src/core/fingerprint.ts';
import { pairings } from '../src/core/pairing.ts';
import { parseRunIndex } from '../src/core/run-index.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { readTrace } from './files.ts';
import { makeIndex } from './run-index.ts';
import { readFingerprints } from './write.ts';

const ID = 'strokes-resnet18-w16-strokes-e2cm';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'offramp-record-'));
});
afterAll(() => rm(out, { recursive: true }));

/** Runs `npm run record -- …` with text that splits at spaces. */
function record(options: string) {
  const script = new URL('./record.ts', import.meta.url).pathname;
  const args = ['--import', 'tsx', script, ...options.split(' ')];
  return promisify(execFile)('node', args);
}

const readIndex = async () =>
  parseRunIndex(JSON.parse(await readFile(join(out, 'index.json'), 'utf8')));

describe('npm run record', () => {
  it('writes both traces of a run, which decode and say how they came to be', async () => {
    await record(
      `--dataset strokes --network resnet18-w16-strokes --train 200 --test 60 --test-images 50 --trace-train 80 ` +
        `--workers 2 --out ${out}`,
    );
    for (const [split, count] of [
      ['train', 80],
      ['test', 50],
    ] as const) {
      const { trace } = readTrace(join(out, `${ID}-${split}.trace`));
      expect([trace.count, trace.total]).toEqual([count, count]);
      expect(trace.exits).toHaveLength(10);
      expect(trace.exits.map(({ size }) => size)).toEqual([
        4096, 1024, 1024, 512, 512, 256, 256, 128, 128, 10,
      ]);
      expect(trace.provenance.backend).toBe('CPU · wasm ×2');
      expect(trace.provenance.day).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(trace.provenance.seed).toBe(1);
      expect(trace.provenance.trainImages).toBe(200);
    }
  });

  it('keeps fingerprints of the traced images, and an index of what the folder holds', async () => {
    const { train, test, shape } = generateStrokes({ seed: 1, train: 80, test: 50 });
    expect(await readFingerprints(out, 'strokes', 'train')).toEqual(fingerprintsOf(train, shape));
    expect(await readFingerprints(out, 'strokes', 'test')).toEqual(fingerprintsOf(test, shape));
    const index = await readIndex();
    expect(index.runs).toHaveLength(1);
    expect(index.runs[0]).toMatchObject({
      id: ID,
      train: { file: `${ID}-train.trace`, count: 80 },
      test: { file: `${ID}-test.trace`, count: 50 },
    });
    expect(index.images.strokes).toEqual({
      train: { file: 'strokes-train.images.bin', count: 80 },
      test: { file: 'strokes-test.images.bin', count: 50 },
    });
  });

  it('lists again what is there when asked for the index alone', async () => {
    const before = await readFile(join(out, 'index.json'), 'utf8');
    await writeFile(join(out, 'index.json'), 'gone');
    const { stdout } = await record(`--index ${out}`);
    expect(stdout).toMatch(/index.json: 1 runs/);
    expect(await readFile(join(out, 'index.json'), 'utf8')).toBe(before);
  });

  it('keeps what two judges say once, and lists every rule of agreement on it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'offramp-judges-'));
    await record(
      `--dataset strokes --network resnet18-w16-strokes --train 200 --test 60 --workers 1 --method e2cm-sdn --budget 1 --agreement and-label,or --out ${folder}`,
    );
    const { runs } = parseRunIndex(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
    expect(runs.map(({ id }) => id)).toEqual(
      pairings.map((rule) => `strokes-resnet18-w16-strokes-e2cm-sdn-${rule}-1ep-seed1`),
    );
    expect(new Set(runs.map(({ test }) => test.file)).size).toBe(1);
    const { trace } = readTrace(join(folder, runs[0]!.test.file!));
    expect(trace.second!.confidence).toHaveLength(60 * trace.exits.length);
    await rm(folder, { recursive: true });
  }, 120_000);

  it('leaves a run with one split out of the index, and says so', async () => {
    const trace = await readFile(join(out, `${ID}-test.trace.json`));
    const lone = join(out, 'lone-test.trace.json');
    await writeFile(lone, trace);
    const { index, notes } = await makeIndex(out);
    expect(index).toEqual(await readIndex());
    expect(notes).toEqual(['lone is not in the index: it has no train trace.']);
    await rm(lone);
  });

  it('refuses other images in the same folder before it computes anything', async () => {
    await expect(
      record(
        `--dataset strokes --strokes-seed 2 --network resnet18-w16-strokes --train 90 --test 60 --out ${out}`,
      ),
    ).rejects.toThrow(
      /The train images of strokes are not those of the runs in .*: image 0 is ano/,
    );
  });

  it.each([
    ['--dataset strokes --network nowhere', /There is no network "nowhere"/],
    ['--dataset shapes --network x', /There is no dataset "shapes"/],
    ['--dataset strokes --network x --workers two', /--workers must be a whole number/],
    ['--dataset strokes --network x --split all', /--split must be one of/],
    ['--dataset strokes --network x --confidence float16', /--confidence must be one of/],
    ['--dataset strokes', /Name at least --dataset, --network and --out/],
  ])('refuses %j in a sentence', async (options, sentence) => {
    await expect(record(`${options} --train 5 --test 5 --out ${out}`)).rejects.toThrow(sentence);
  });
});
