/** Whether each method makes as many passes over the training images as it says. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Pool } from '../engine/client/pool.ts';
import { filesOf, localPort, randomDataset } from '../engine/test-port.ts';
import { convModel, testCard } from '../engine/test-network.ts';
import { networkFromFiles } from '../network/files.ts';
import type { Method } from './contract/method.ts';
import type { MethodReport } from './contract/run.ts';
import type { Runner } from './contract/runner.ts';
import { METHODS } from './registry.ts';

const SIZE = 16;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 300, 40);

let pool: Pool;
let runner: Runner;
let passes = 0;

beforeAll(async () => {
  await tf.setBackend('wasm');
  const model = convModel(
    SIZE,
    [
      ['a', 4, 1],
      ['b', 6, 2],
    ],
    K,
  );
  const files = await networkFromFiles(await filesOf(model, testCard(SIZE, dataset.classes)));
  pool = await Pool.start({
    backend: 'wasm',
    workers: 1,
    spawn: () => localPort(),
    onStatus: () => undefined,
  });
  const inner = pool.runner(await pool.load(files), files, dataset.shape);
  runner = {
    ...inner,
    run: (pass) => {
      if (pass.split === dataset.train) passes++;
      return inner.run(pass);
    },
  };
});
afterAll(() => pool.dispose());

/** Where the trace of the training images is of no use to a fit; the others' last pass is part of theirs. */
const traced = { e2cm: 0, sdn: 1, 'e2cm-sdn': 1, bwds: 0 } as const;

it.each(Object.entries(traced))('%s passes as often as it says', async (id, apart) => {
  const { defaults, cost, load } = METHODS[id as keyof typeof traced];
  const method: Method<object, unknown, MethodReport> = await load();
  passes = 0;
  const options = { ...defaults, ...(cost.epoch.length > 0 && { epochs: 1 }) };
  const { report } = await method.run(dataset, options, { runner, commit: 'test' });
  expect(passes - apart).toBe(cost.passes.length);
  // What a race counts as time of fitting leaves out the phases of traces by their names.
  const left = report.phases.filter(({ phase }) => phase === 'training images');
  expect(left).toHaveLength(apart);
});
