/** What is committed in public/runs is what the code of today would record. */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintsOf } from '../src/core/fingerprint.ts';
import { parseRunIndex, type RunIndex } from '../src/core/run-index.ts';
import { accuracyAt, type Trace } from '../src/core/trace.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import { readTrace } from './files.ts';
import { readNetwork } from './inputs.ts';
import { readRuns } from './run-index.ts';
import { spawnThread } from './spawn.ts';
import { readFingerprints } from './write.ts';

const RUNS = fileURLToPath(new URL('../public/runs', import.meta.url));
const STROKES = 'strokes-resnet18-w16-strokes-e2cm';
/** Test images that are traced anew. */
const SLICE = 300;

let index: RunIndex;
beforeAll(async () => {
  index = parseRunIndex(JSON.parse(await readFile(join(RUNS, 'index.json'), 'utf8')));
});

describe('the recorded runs', () => {
  it('are all listed, decode, and have the accuracies of the index', async () => {
    expect(index.runs.length).toBeGreaterThan(0);
    for (const run of index.runs)
      for (const split of ['train', 'test'] as const) {
        const { file, count, accuracy } = run[split];
        if (file === null) throw new Error(`${run.id} is in index.json without its traces`);
        const { trace } = readTrace(join(RUNS, file));
        expect(trace.count, file).toBe(count);
        expect(trace.split).toBe(split);
        expect(
          trace.exits.map((_, j) => accuracyAt(trace, j)),
          file,
        ).toEqual(accuracy);
        expect(trace.provenance.commit, `${file} was recorded from a commit`).toMatch(
          /^[0-9a-f]{12}$/,
        );
        // A clustering is filed under its encoder, whatever that was trained on; its weights have a card of their own.
        const { weights } = run.provenance.options;
        const network = run.method === 'dec' ? `${weights}` : run.network;
        expect(existsSync(join(RUNS, '../networks', network, 'card.json')), network).toBe(true);
      }
    // Under each rule two judges are listed on the same traces.
    const listed = new Set(index.runs.flatMap(({ train, test }) => [train.file, test.file]));
    const traces = (await readdir(RUNS)).filter((name) => name.endsWith('.trace.json'));
    expect(traces.map((name) => name.replace(/\.json$/, '')).sort()).toEqual([...listed].sort());
  });

  it('stand once each, in the index or with their curves alone', async () => {
    const curves = parseRunIndex(JSON.parse(await readFile(join(RUNS, 'curves.json'), 'utf8')));
    const ids = [...index.runs, ...curves.runs].map(({ id }) => id);
    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
  });

  it('say which images they are of', async () => {
    expect(Object.keys(index.images).sort()).toEqual(
      [...new Set(index.runs.map((run) => run.dataset))].sort(),
    );
    for (const files of Object.values(index.images))
      for (const { file, count } of [files.train, files.test])
        expect((await stat(join(RUNS, file))).size, file).toBe(4 * count);
    const named = [
      ...Object.values(index.images).flatMap(({ train, test }) => [train.file, test.file]),
      ...index.runs.flatMap(({ train, test }) => [train.images, test.images]),
    ].filter((file) => file !== undefined);
    const there = (await readdir(RUNS)).filter((name) => name.endsWith('.images.bin'));
    expect(there.sort()).toEqual([...new Set(named)].sort());
    const drawn = generateStrokes({ seed: 1, train: 50, test: 50 });
    for (const split of ['train', 'test'] as const) {
      const prints = await readFingerprints(RUNS, 'strokes', split);
      expect(prints!.subarray(0, 50)).toEqual(fingerprintsOf(drawn[split], drawn.shape));
    }
  });

  it('reach at each budget what the searches find today', () => {
    const run = index.runs.find(({ id }) => id === STROKES)!;
    expect(readRuns(RUNS, STROKES)).toEqual([run]);
  });

  it('come out again when a part of one is computed anew', async () => {
    const recorded = readTrace(join(RUNS, `${STROKES}-test.trace`)).trace;
    const { trainImages, seed } = recorded.provenance;
    const drawn = generateStrokes({ seed: seed!, train: trainImages, test: SLICE });
    const engine = await createEngine({ backend: 'wasm', workers: 2, spawn: spawnThread });
    try {
      await engine.loadNetwork({ files: await readNetwork(recorded.network) });
      const { test, train } = await engine.run('e2cm', drawn);
      expectSame(test, recorded, stepsOf(await header(`${STROKES}-test.trace`)));
      const trainHere = readTrace(join(RUNS, `${STROKES}-train.trace`)).trace;
      expectSame(train, trainHere, stepsOf(await header(`${STROKES}-train.trace`)));
    } finally {
      engine.dispose();
    }
  });
});

async function header(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(RUNS, `${file}.json`), 'utf8'));
}

/** Step of each exit's confidences in the file; 0 where they are float32. */
function stepsOf(json: unknown): readonly number[] {
  const { arrays, exits } = json as {
    arrays: { confidence: { step?: number[] } };
    exits: unknown[];
  };
  return arrays.confidence.step ?? exits.map(() => 0);
}

/** The first images of a recorded trace as they come out now: labels alike but for ties, confidences but for rounding. */
function expectSame(now: Trace, recorded: Trace, steps: readonly number[]): void {
  expect(now.exits).toEqual(recorded.exits);
  expect(now.networkFlops).toBe(recorded.networkFlops);
  expect(now.provenance.options).toEqual(recorded.provenance.options);
  expect(now.label).toEqual(recorded.label.subarray(0, now.count));
  let differing = 0;
  for (const [j, { name }] of now.exits.entries()) {
    let off = 0;
    for (let i = 0; i < now.count; i++) {
      const [a, b] = [j * now.count + i, j * recorded.count + i];
      off = Math.max(off, Math.abs(now.confidence[a]! - recorded.confidence[b]!));
      if (now.prediction[a] !== recorded.prediction[b]) differing++;
    }
    expect(off, `confidences at ${name}`).toBeLessThanOrEqual(steps[j]! + 1e-5);
  }
  // Two classes at the same distance but for rounding: a handful of decisions in ten thousand.
  expect(differing / now.prediction.length).toBeLessThan(5e-4);
}
