/** Class sums and distances, by routines of our own and by tensors, beside plain loops in double precision. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkedHeap } from '../../../network/simd/check.ts';
import { randomNumbers } from '../../../network/testing.ts';
import type { KernelContext } from '../../contract/kernel.ts';
import { productDistancesKernel, productSumsKernel } from './kernels.ts';
import { rowDistancesKernel, rowSumsKernel } from './rows.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const heap = () => checkedHeap(tf.backend()).heap!;

const contextOf = (classes: number, dimensions: readonly number[]): KernelContext => ({
  classes,
  dimensions,
  branches: () => [],
});

const ways = [
  ['routines', (c: KernelContext) => rowSumsKernel(heap(), c)],
  ['tensors', productSumsKernel],
] as const;

describe.each(ways)('class sums by %s', (_, make) => {
  it('add every image to its class over batches of any size, and begin anew after a flush', async () => {
    for (const [classes, dimensions] of [
      [1, [3]],
      [3, [8, 5]],
      [10, [130, 4, 10]],
    ] as const) {
      const kernel = make(contextOf(classes, dimensions));
      const width = dimensions.reduce((sum, d) => sum + d, 0);
      for (const round of [1, 2]) {
        const expected = new Float64Array(classes * width);
        for (const size of [1, 7, 16]) {
          const labels = Uint8Array.from({ length: size }, (_, i) => (i * round) % classes);
          let at = 0;
          const outputs = dimensions.map((d, j) => {
            const x = randomNumbers(size * d, 10 * round + j + size);
            for (let i = 0; i < size; i++)
              for (let n = 0; n < d; n++) expected[at + labels[i]! * d + n]! += x[i * d + n]!;
            at += classes * d;
            return tf.tensor2d(x, [size, d]);
          });
          await kernel.batch(outputs, labels);
          tf.dispose(outputs);
        }
        const { sums, counts } = (await kernel.flush())!;
        (sums as Float32Array).forEach((sum, i) => expect(sum).toBeCloseTo(expected[i]!, 4));
        expect((counts as Uint32Array).reduce((sum, n) => sum + n)).toBe(24);
      }
      expect(await kernel.flush()).toBeNull();
      kernel.dispose();
    }
  });
});

const distanceWays = [
  ['routines', (c: KernelContext, means: Float32Array) => rowDistancesKernel(heap(), c, { means })],
  [
    'tensors',
    (c: KernelContext, means: Float32Array) =>
      productDistancesKernel(c, { means, counts: new Uint32Array(c.classes).fill(1) }),
  ],
] as const;

describe.each(distanceWays)('distances by %s', (_, make) => {
  it('hold to 1e-4, also where an image is all but at a mean', async () => {
    for (const [classes, dimensions, size] of [
      [1, [3], 1],
      [3, [5, 8], 5],
      [10, [4096, 130, 10], 7],
    ] as const) {
      const width = dimensions.reduce((sum, d) => sum + d, 0);
      const means = randomNumbers(classes * width, 3).map((n) => 5 + n);
      const kernel = make(contextOf(classes, dimensions), means);
      let at = 0;
      const blocks = dimensions.map((d) => means.subarray(at, (at += classes * d)));
      const rows = dimensions.map((d, j) => {
        const x = randomNumbers(size * d, 20 + j).map((n) => 5 + n);
        // The first image lies beside the first mean, the last one beside the last.
        for (let n = 0; n < d; n++) {
          x[n] = blocks[j]![n]! + 1e-3 * (n % 2 ? 1 : -1);
          x[(size - 1) * d + n] = blocks[j]![(classes - 1) * d + n]! + 1e-2;
        }
        return x;
      });
      const outputs = dimensions.map((d, j) => tf.tensor2d(rows[j]!, [size, d]));
      const { distances, logits } = (await kernel.batch(outputs, new Uint8Array(size)))!;
      tf.dispose(outputs);
      kernel.dispose();
      expect(logits).toEqual(rows.at(-1));
      for (const [j, d] of dimensions.entries())
        for (let i = 0; i < size; i++)
          for (let k = 0; k < classes; k++) {
            let square = 0;
            for (let n = 0; n < d; n++)
              square += (rows[j]![i * d + n]! - blocks[j]![k * d + n]!) ** 2;
            const got = (distances as Float32Array)[(i * dimensions.length + j) * classes + k]!;
            expect(Math.abs(got / Math.sqrt(square) - 1), `${d} numbers, image ${i}`).toBeLessThan(
              1e-4,
            );
          }
    }
  });
});
