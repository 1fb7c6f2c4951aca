/** Folded convolutions on tensors, as convolutions and as products, beside their definition. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolved, worstShare } from './definition.ts';
import { isProduct, type ProductRule } from './products.ts';
import { tensorOp } from './tensor-ops.ts';
import { foldedOf, manyCases, outputMap, randomNumbers, windowOf } from './testing.ts';
import type { Case } from './testing.ts';

const ALWAYS: ProductRule = { gathered: Infinity };
const NEVER: ProductRule = { gathered: 0 };

beforeAll(async () => {
  await tf.setBackend('wasm');
});

async function worst(of: Case, rule: ProductRule, seed: number): Promise<number> {
  const folded = foldedOf(of, seed);
  const x = randomNumbers(3 * of.map[0] * of.map[1] * of.channels, seed + 2);
  const { run, owned } = tensorOp(folded, rule);
  const input = tf.tensor4d(x, [3, ...of.map, of.channels]);
  const y = tf.tidy(() => run([input]));
  expect(y.shape).toEqual([3, ...folded.shape]);
  const got = (await y.data()) as Float32Array;
  tf.dispose([input, y, ...owned]);
  return worstShare(got, convolved(folded, x));
}

describe.each([
  ['as a product', ALWAYS],
  ['as a convolution', NEVER],
])('a convolution %s', (_, rule) => {
  it('is what its definition says, for every kernel, stride, padding, dilation and map', async () => {
    for (const [turn, of] of manyCases('convolution').entries())
      expect(await worst(of, rule, turn), JSON.stringify(of)).toBeLessThan(1e-6);
  });
});

it('computes depthwise convolutions and pads unevenly', async () => {
  const uneven = { ...windowOf(3, 2, 0), after: [1, 1] as const };
  const of: Case = {
    kind: 'convolution',
    map: [4, 4],
    channels: 3,
    window: uneven,
    filters: 4,
    activation: 'linear',
    hasBias: true,
  };
  expect(await worst(of, ALWAYS, 1)).toBeLessThan(1e-6);
  expect(await worst(of, NEVER, 1)).toBeLessThan(1e-6);
  for (const [turn, of] of manyCases('depthwise').entries())
    expect(await worst(of, ALWAYS, turn), JSON.stringify(of)).toBeLessThan(1e-6);
});

describe('the rule', () => {
  /** A square kernel padded to keep the map; no numbers. */
  const at = (map: [number, number], size: number, stride: number, channels = 8) => {
    const window = windowOf(size, stride, size >> 1);
    const work = {
      kind: 'convolution' as const,
      window,
      kernel: new Float32Array(0),
      kernelShape: [size, size, channels, channels],
      bias: undefined,
      activation: 'relu' as const,
    };
    const shape = [...outputMap({ map, window }), channels];
    const folded = { inputs: [0], output: 1, inputShapes: [[...map, channels]], shape, work };
    return isProduct(folded, work, { gathered: 1 });
  };

  it('takes maps that are no larger than the kernel', () => {
    expect(at([1, 1], 3, 1)).toBe(true);
    expect(at([2, 2], 3, 2)).toBe(true);
    expect(at([4, 4], 3, 1)).toBe(false);
    expect(at([4, 4], 5, 1)).toBe(true);
    expect(at([2, 4], 3, 1)).toBe(true);
    expect(at([2, 5], 3, 1)).toBe(false);
  });

  it('leaves a matrix that would be too large', () => {
    expect(at([2, 2], 3, 1, 1024)).toBe(true);
    expect(at([2, 2], 3, 1, 1025)).toBe(false);
  });
});
