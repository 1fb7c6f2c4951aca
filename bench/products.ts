/**
 * When a convolution on a small map pays as one matrix product: milliseconds a batch of both, in turn, on wasm with
 * tfjs's operations. `npm run bench:products [-- --batch 64 --rounds 15]`
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import type { Op } from '../src/network/tensor-ops.ts';
import { tensorOp } from '../src/network/tensor-ops.ts';
import { foldedOf, randomNumbers, windowOf } from '../src/network/testing.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '15' },
  },
});
const BATCH = Number(values.batch);

/** Map, channels in and out, kernel, stride: the convolutions of ResNets on 32×32 pixels. */
const SHAPES = [
  [1, 512, 512, 3, 1],
  [2, 256, 256, 3, 1],
  [2, 256, 512, 3, 2],
  [4, 128, 128, 3, 1],
  [4, 128, 256, 3, 2],
  [1, 512, 2048, 1, 1],
] as const;

await tf.setBackend('wasm');
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;

async function clock({ run }: Op, x: tf.Tensor): Promise<number> {
  const start = performance.now();
  const y = tf.tidy(() => run([x]));
  await y.data();
  y.dispose();
  return performance.now() - start;
}

for (const [map, channels, filters, size, stride] of SHAPES) {
  const folded = foldedOf(
    {
      kind: 'convolution',
      map: [map, map],
      channels,
      window: windowOf(size, stride, size >> 1),
      filters,
      activation: 'relu',
      hasBias: true,
    },
    1,
  );
  const x = tf.tensor4d(randomNumbers(BATCH * map * map * channels, 2), [
    BATCH,
    map,
    map,
    channels,
  ]);
  const both = [0, Infinity].map((gathered) => tensorOp(folded, { gathered }));
  const times = both.map(() => [] as number[]);
  for (let round = 0; round <= Number(values.rounds); round++)
    for (const [way, op] of both.entries()) {
      const time = await clock(op, x);
      if (round > 0) times[way]!.push(time);
    }
  const [convolution, matrix] = times.map(median) as [number, number];
  tf.dispose([x, ...both.flatMap((op) => op.owned)]);
  console.log(
    `${size}×${size} stride ${stride}, ${channels} → ${filters} on ${map}×${map}: ` +
      `convolution ${convolution.toFixed(1)} ms, product ${matrix.toFixed(1)} ms, ${(convolution / matrix).toFixed(2)} ×`,
  );
}
