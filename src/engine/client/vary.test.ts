/** One fit, several decisions: what `vary` changes, what it leaves, what it refuses. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageAt } from '../../core/dataset.ts';
import { decided } from '../../core/pairing.ts';
import { convModel, testCard } from '../test-network.ts';
import { filesOf, localPort, randomDataset } from '../test-port.ts';
import { createEngine, type Engine } from './engine.ts';

const SIZE = 8;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 200, 60);
const layers = [['a', 4, 1] as const, ['b', 6, 2] as const];
const options = { epochs: 2, agreement: 'and-confidence' } as const;

let files: Map<string, Uint8Array>;
let engine: Engine;

async function start(): Promise<Engine> {
  const made = await createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 1 });
  await made.loadNetwork({ files });
  return made;
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  files = await filesOf(convModel(SIZE, layers, K), testCard(SIZE, dataset.classes));
  engine = await start();
});
afterAll(() => engine.dispose());

describe('the learning at hand', () => {
  it('decides as if it had been fitted under the other option', async () => {
    const { test: before } = await engine.run('e2cm-sdn', dataset, options);
    engine.vary({ agreement: 'or' });
    const varied = await engine.trace(dataset, 'test');
    expect(varied.provenance.options).toMatchObject({ ...options, agreement: 'or' });
    // What both judges say is of the fit alone.
    expect(varied.confidence).toEqual(before.confidence);
    expect(varied.second).toEqual(before.second);
    const image = imageAt(dataset.test, dataset.shape, 4);
    const story = await engine.explain(image);
    story.confidence.forEach((confidence, j) =>
      expect(confidence).toBeCloseTo(varied.confidence[j * varied.count + 4]!, 5),
    );
    expect(story.second!.confidence[0]).toBeCloseTo(varied.second!.confidence[4]!, 5);

    engine.vary({ agreement: 'and-label' });
    const labels = decided(await engine.trace(dataset, 'test'));
    (await engine.explain(image)).confidence.forEach((confidence, j) =>
      expect(confidence).toBeCloseTo(labels.confidence[j * labels.count + 4]!, 5),
    );
    engine.vary({ agreement: 'and-confidence' });
    expect((await engine.trace(dataset, 'test')).provenance.options).toMatchObject(options);
  });

  it.each([
    [{ epochs: 3 }, /E2CM\+SDN cannot change "epochs" after it was fitted; fit it again\./],
    [{ unheard: 1 }, /E2CM\+SDN cannot change "unheard"/],
    [{ agreement: 'never' }, /options\.agreement is "never"; expected/],
    [{ agreement: 'or', seed: 9 }, /cannot change "seed"/],
  ])('stays as it is when asked for %j', async (asked, sentence) => {
    if (engine.fitted !== 'e2cm-sdn') await engine.run('e2cm-sdn', dataset, options);
    const before = await engine.trace(dataset, 'test');
    expect(() => engine.vary(asked)).toThrow(sentence);
    const after = await engine.trace(dataset, 'test');
    expect(after.provenance.options).toEqual(before.provenance.options);
    expect(after.confidence).toEqual(before.confidence);
  });

  it('has to be there, and of a method that has variants', async () => {
    const fresh = await start();
    expect(() => fresh.vary({ agreement: 'or' })).toThrow(/Nothing has been learnt yet/);
    await fresh.run('e2cm', dataset);
    expect(() => fresh.vary({ label: 'raw' })).toThrow(/E2CM cannot change "label"/);
    fresh.dispose();
  });
});
