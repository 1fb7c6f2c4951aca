/**
 * Convolutions as matrix products. On a map smaller than the kernel most taps of a padded convolution meet the padding:
 * of a 3×3 kernel on a 1×1 map one tap of nine counts, on 2×2 sixteen of thirty-six. The taps that count are gathered
 * into one matrix at load. What a stage is said to cost stays the network's own (see cost.ts), whatever runs.
 */
import { product } from './cost.ts';
import type { Folded, Pair, Work } from './folded.ts';

type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

export interface ProductRule {
  /** A map's pixels over the kernel's, up to which the taps are gathered; 0 for never. */
  readonly gathered: number;
}

/**
 * By backend as tfjs names it; others have none. `npm run bench:products` measures it on wasm (docs/results.md). For
 * WebGPU it is the same until it is measured on a GPU.
 */
const RULES: Readonly<Record<string, ProductRule>> = {
  wasm: { gathered: 1 },
  webgpu: { gathered: 1 },
};

export const productRule = (backend: string): ProductRule => RULES[backend] ?? { gathered: 0 };

/** More numbers than this are not gathered into one matrix: 64 MiB. */
const LARGEST = 2 ** 24;

/** Whether a convolution is computed as a product. */
export function isProduct(
  { shape, inputShapes }: Folded,
  work: Convolution,
  { gathered }: ProductRule,
): boolean {
  if (work.kind !== 'convolution') return false;
  const [height, width, channels] = inputShapes[0] as readonly [number, number, number];
  const pixels = height * width;
  const numbers = pixels * channels * product(shape);
  return pixels <= gathered * product(work.window.size) && numbers <= LARGEST;
}

export interface Product {
  /** [in, out]. */
  readonly kernel: Float32Array;
  readonly shape: readonly [number, number];
  readonly bias: Float32Array | undefined;
}

/** The matrix that takes an image's whole map to its whole output. */
export function productOf({ shape, inputShapes }: Folded, work: Convolution): Product {
  const { kernel, bias, window } = work;
  const [outHeight, outWidth, out] = shape as readonly [number, number, number];
  const [height, width, channels] = inputShapes[0] as readonly [number, number, number];
  const pixels = outHeight * outWidth;
  const columns = pixels * out;
  const matrix = new Float32Array(height * width * channels * columns);
  for (const { from, to, tap } of tapsOf(window, [height, width], [outHeight, outWidth]))
    for (let c = 0; c < channels; c++) {
      const row = kernel.subarray((tap * channels + c) * out, (tap * channels + c + 1) * out);
      matrix.set(row, (from * channels + c) * columns + to * out);
    }
  const offset = bias && new Float32Array(columns);
  if (offset) for (let pixel = 0; pixel < pixels; pixel++) offset.set(bias, pixel * out);
  return {
    kernel: matrix,
    shape: [height * width * channels, columns],
    bias: offset,
  };
}

/** Pixel `from` of the input meets tap `tap` of the kernel at pixel `to` of the output. */
export interface Tap {
  readonly from: number;
  readonly to: number;
  readonly tap: number;
}

/** The taps that meet no padding, by output pixel and then by tap. */
export function* tapsOf(
  { size, strides, dilations, before }: Convolution['window'],
  [height, width]: Pair,
  [outHeight, outWidth]: Pair,
): Generator<Tap> {
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++)
      for (let ky = 0; ky < size[0]; ky++)
        for (let kx = 0; kx < size[1]; kx++) {
          const row = y * strides[0] - before[0] + ky * dilations[0];
          const column = x * strides[1] - before[1] + kx * dilations[1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          yield { from: row * width + column, to: y * outWidth + x, tap: ky * size[1] + kx };
        }
}
