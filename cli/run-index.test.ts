import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomTrace, withSecondJudge } from '../src/core/fixture.ts';
import { pairings } from '../src/core/pairing.ts';
import { parseRunIndex, writeRunIndex } from '../src/core/run-index.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import type { Trace } from '../src/core/trace.ts';
import { makeIndex } from './run-index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offramp-index-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, change: Partial<Trace>): Promise<void> {
  const { header, bytes } = encodeTrace({ ...randomTrace(40, 3), ...change });
  await writeFile(join(folder, `${name}.trace.json`), JSON.stringify(header));
  await writeFile(join(folder, `${name}.trace.bin`), bytes);
}

it('takes traces of any program and any name, and says what it leaves out and why', async () => {
  for (const split of ['train', 'test'] as const) {
    await write(`mnist.mynet.sdn.${split}`, { method: 'sdn', split });
    await write(`bert-deebert-${split}`, { method: 'deebert', split });
    await write(`broken-${split}`, { method: 'sdn', split });
  }
  await write('whole', { method: 'sdn' });
  await write('lone-test', { method: 'sdn' });
  await writeFile(join(folder, 'broken-test.trace.bin'), Buffer.alloc(9));
  const { index, notes } = await makeIndex(folder);
  expect(index.runs.map(({ id, test }) => [id, test.file])).toEqual([
    ['mnist.mynet.sdn', 'mnist.mynet.sdn.test.trace'],
  ]);
  const said = notes.join('\n');
  expect(said).toMatch(/whole\.trace\.json is not in the index: its name does not end in/);
  expect(said).toMatch(/lone is not in the index: it has no train trace\./);
  expect(said).toMatch(/broken is not in the index\. .*broken-test\.trace cannot be read/);
  expect(said).toMatch(/bert-deebert is not in the index\. .*“deebert” is not known here/);
  const told = await makeIndex(folder, { rule: 'below' });
  expect(told.index.runs.map(({ id }) => id)).toEqual(['bert-deebert', 'mnist.mynet.sdn']);
  // The index says by which rule and who said it, and another one made of the folder knows it.
  expect(told.index.runs.map(({ held }) => held)).toEqual([
    { rule: 'below', saidBy: 'index' },
    undefined,
  ]);
  await writeFile(join(folder, 'index.json'), writeRunIndex(told.index));
  const again = await makeIndex(folder);
  expect(again.index.runs).toEqual(told.index.runs);
  await write('mnist.mynet.sdn.test', { method: 'sdn', split: 'test', rule: 'above' });
  await write('mnist.mynet.sdn.train', { method: 'sdn', split: 'train', rule: 'above' });
  const [, stated] = (await makeIndex(folder)).index.runs;
  expect(stated!.held).toEqual({ rule: 'above', saidBy: 'traces' });
  expect(() =>
    parseRunIndex({ ...told.index, runs: [{ ...stated, held: { rule: 'so' } }] }),
  ).toThrow(/runs\[0\]\.held\.rule is "so"; expected above/);
});

it('lists two judges under each rule by which they go together, on the same files', async () => {
  const own = await mkdtemp(join(tmpdir(), 'offramp-pair-'));
  for (const split of ['train', 'test'] as const) {
    const both = withSecondJudge(randomTrace(60, 3, 3, 5), 6, 'and-confidence');
    const { header, bytes } = encodeTrace({ ...both, method: 'e2cm-sdn', split }, { epochs: 1 });
    await writeFile(join(own, `pair-${split}.trace.json`), JSON.stringify(header));
    await writeFile(join(own, `pair-${split}.trace.bin`), bytes);
  }
  const { index } = await makeIndex(own);
  expect(index.runs.map(({ provenance }) => provenance.options.agreement)).toEqual(pairings);
  expect(new Set(index.runs.map(({ id }) => id)).size).toBe(4);
  expect(new Set(index.runs.map(({ test }) => test.file))).toEqual(new Set(['pair-test.trace']));
  const curves = index.runs.map(({ curves }) => JSON.stringify(curves.frontier));
  expect(new Set(curves).size).toBeGreaterThan(2);
  await rm(own, { recursive: true });
});
