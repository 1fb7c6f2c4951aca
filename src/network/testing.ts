/** For tests and benchmarks: convolutions of many shapes with random numbers. */
import { randomFrom } from '../core/random.ts';
import { product } from './cost.ts';
import type { Activation, Folded, Pair, Window, Work } from './folded.ts';

type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

export interface Case {
  readonly kind: Convolution['kind'];
  readonly map: Pair;
  readonly channels: number;
  readonly window: Window;
  /** Output channels, or the multiplier of a depthwise convolution. */
  readonly filters: number;
  readonly activation: Activation;
  readonly hasBias: boolean;
}

/** A square kernel with the same padding all around. */
export function windowOf(size: number, stride: number, padding: number, dilation = 1): Window {
  const pair = (n: number): Pair => [n, n];
  return {
    size: pair(size),
    strides: pair(stride),
    dilations: pair(dilation),
    before: pair(padding),
    after: pair(padding),
  };
}

export function outputMap({ map, window }: Pick<Case, 'map' | 'window'>): Pair {
  const of = (axis: 0 | 1): number => {
    const { size, strides, dilations, before, after } = window;
    const reach = (size[axis] - 1) * dilations[axis] + 1;
    return Math.floor((map[axis] + before[axis] + after[axis] - reach) / strides[axis]) + 1;
  };
  return [of(0), of(1)];
}

/** Numbers in −1…1. */
export function randomNumbers(count: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

export function foldedOf(of: Case, seed: number): Folded & { work: Convolution } {
  const { kind, map, channels, window, filters, activation, hasBias } = of;
  const out = kind === 'depthwise' ? channels * filters : filters;
  const kernelShape = [...window.size, channels, filters];
  const work: Convolution = {
    kind,
    window,
    kernel: randomNumbers(product(kernelShape), seed),
    kernelShape,
    bias: hasBias ? randomNumbers(out, seed + 1) : undefined,
    activation,
  };
  const shape = [...outputMap(of), out];
  return { inputs: [0], output: 1, inputShapes: [[...map, channels]], shape, work };
}

const MAPS: readonly Pair[] = [
  [1, 1],
  [2, 2],
  [4, 4],
  [2, 5],
  [7, 3],
  [8, 8],
];

/** Kernels of 1, 3, 5 and 7 on maps of many sizes, every stride, padding or dilation that leaves an output. */
export function manyCases(kind: Case['kind']): Case[] {
  const cases: Case[] = [];
  for (const map of MAPS)
    for (const size of [1, 3, 5, 7])
      for (const stride of [1, 2])
        for (const padding of new Set([0, size >> 1]))
          for (const dilation of size === 3 && stride === 1 ? [1, 2] : [1]) {
            const window = windowOf(size, stride, padding, dilation);
            if (outputMap({ map, window }).some((length) => length < 1)) continue;
            const turn = cases.length;
            cases.push({
              kind,
              map,
              channels: [3, 4, 9][turn % 3]!,
              window,
              filters: kind === 'depthwise' ? 1 + (turn % 2) : [4, 5, 10][turn % 3]!,
              activation: (['linear', 'relu', 'relu6'] as const)[turn % 3]!,
              hasBias: turn % 4 !== 0,
            });
          }
  return cases;
}
