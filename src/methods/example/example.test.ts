/** The example of docs/add-a-method.md: it runs, and the document shows its very files. */
import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageAt } from '../../core/dataset.ts';
import { checkTrace } from '../../core/trace.ts';
import { createEngine, type Engine } from '../../engine/client/engine.ts';
import { convModel, testCard } from '../../engine/test-network.ts';
import { filesOf, localPort, randomDataset } from '../../engine/test-port.ts';
import { networkFromFiles } from '../../network/files.ts';
import { loadNetwork } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import { METHODS } from '../registry.ts';
import { example } from './about.ts';

const here = new URL('.', import.meta.url);
const document = readFileSync(new URL('../../../docs/add-a-method.md', here), 'utf8');

describe('docs/add-a-method.md', () => {
  /** Blocks of code by the file that the line before them names. */
  const blocks = [...document.matchAll(/^`([\w./-]+)`[^\n]*\n\n```ts\n(.*?)^```$/gms)].map(
    ([, file, code]) => [file!, code!] as const,
  );

  it.each(blocks)('shows %s as it is', (file, code) => {
    expect(code).toBe(readFileSync(new URL(file, here), 'utf8'));
  });

  it('shows every file of the example, and has no other code', () => {
    const files = readdirSync(here).filter((name) => !name.endsWith('.test.ts'));
    expect(blocks.map(([file]) => file).sort()).toEqual(files.sort());
    expect(document.match(/^```ts$/gm)).toHaveLength(blocks.length);
  });

  it('is of a method that nobody is offered', () => {
    expect(Object.keys(METHODS)).not.toContain(example.id);
  });
});

describe('the example', () => {
  const SIZE = 12;
  const K = 3;
  const dataset = randomDataset(4, [SIZE, SIZE, 1], K, 70, 30);
  const layers = [['a', 4, 1] as const, ['b', 6, 2] as const];
  let files: Map<string, Uint8Array>;
  let engine: Engine<{ example: typeof example }>;

  beforeAll(async () => {
    await tf.setBackend('wasm');
    const model = convModel(SIZE, layers, K);
    files = await filesOf(model, testCard(SIZE, dataset.classes));
    engine = await createEngine(
      { backend: 'wasm', workers: 2, spawn: () => localPort() },
      { example },
    );
    await engine.loadNetwork({ files });
  });
  afterAll(() => engine.dispose());

  /** What comes out at every exit, image by image. */
  async function outputsOf({ images, count }: typeof dataset.train): Promise<number[][][]> {
    const network = await loadNetwork(await networkFromFiles(files));
    const pixels = preprocess(images, count, dataset.shape, network.card.input);
    const x = tf.tensor4d(pixels, [count, SIZE, SIZE, 1]);
    const outputs = network.forward(x);
    const rows = outputs.map((output) => output.arraySync());
    tf.dispose([x, ...outputs]);
    network.dispose();
    return Array.from({ length: count }, (_, i) => rows.map((of) => of[i]!));
  }

  it('labels by the smallest angle to a class mean, and is as sure as that is ahead of the second', async () => {
    const { train, test, report } = await engine.run('example', dataset);
    checkTrace(train);
    checkTrace(test);
    expect(report.warnings).toEqual([]);
    const learnt = await outputsOf(dataset.train);
    const length = (a: number[]) => Math.hypot(...a);
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, d) => sum + x * b[d]!, 0);
    const mean = (j: number, c: number) => {
      const of = learnt.filter((_, i) => dataset.train.labels[i] === c).map((exits) => exits[j]!);
      return of[0]!.map((_, d) => of.reduce((sum, x) => sum + x[d]!, 0) / of.length);
    };
    const means = test.exits.map((_, j) => dataset.classes.map((_, c) => mean(j, c)));
    (await outputsOf(dataset.test)).forEach((exits, i) =>
      exits.forEach((x, j) => {
        const cosines = means[j]!.map((c) => dot(x, c) / (length(x) * length(c)));
        const [first, second] = [...cosines].sort((a, b) => b - a);
        const at = j * test.count + i;
        expect(test.confidence[at]).toBeCloseTo(first! - second!, 4);
        if (first! - second! > 1e-4) expect(test.prediction[at]).toBe(cosines.indexOf(first!));
      }),
    );
  });

  it('explains an image, traces again and is the same after it was saved and loaded', async () => {
    const { test } = await engine.run('example', dataset);
    const pixels = imageAt(dataset.test, dataset.shape, 5);
    const story = await engine.explain(pixels);
    story.lines.forEach((steps, j) => {
      expect(steps.at(-1)!.value).toBeCloseTo(test.confidence[j * test.count + 5]!, 5);
      expect(story.prediction[j]).toBe(test.prediction[j * test.count + 5]);
    });
    await engine.restore('example', engine.save(), dataset);
    expect(engine.fitted).toBe('example');
    const again = await engine.trace(dataset, 'test');
    expect(again.prediction).toEqual(test.prediction);
    expect(again.confidence).toEqual(test.confidence);
    expect((await engine.explain(pixels)).confidence).toEqual(story.confidence);
  });

  it('leaves no tensors behind', async () => {
    await engine.run('example', dataset);
    const before = await engine.tensorCounts();
    await engine.run('example', dataset);
    expect(await engine.tensorCounts()).toEqual(before);
  });
});
