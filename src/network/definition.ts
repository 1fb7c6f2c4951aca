/** Convolutions by their definition, in double precision: what is faster is checked against it. */
import { product } from './cost.ts';
import type { Folded, Work } from './folded.ts';

type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

/**
 * @param x [count, height, width, channels].
 * @returns [count, height, width, channels] of the output.
 */
export function convolved(
  { inputShapes, shape, work }: Folded & { work: Convolution },
  x: Float32Array,
): Float64Array {
  const { kernel, kernelShape, bias, kind, activation, window } = work;
  const filters = kernelShape[3]!;
  const [height, width, channels] = inputShapes[0] as readonly [number, number, number];
  const [outHeight, outWidth, out] = shape as readonly [number, number, number];
  const count = x.length / (height * width * channels);
  const y = new Float64Array(count * product(shape));
  let at = 0;
  for (let i = 0; i < count; i++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let o = 0; o < out; o++, at++) {
          let sum = bias ? bias[o]! : 0;
          for (let ky = 0; ky < window.size[0]; ky++)
            for (let kx = 0; kx < window.size[1]; kx++) {
              const row = oy * window.strides[0] - window.before[0] + ky * window.dilations[0];
              const column = ox * window.strides[1] - window.before[1] + kx * window.dilations[1];
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              const pixel = ((i * height + row) * width + column) * channels;
              const tap = (ky * window.size[1] + kx) * channels;
              if (kind === 'depthwise') {
                const c = Math.floor(o / filters);
                sum += x[pixel + c]! * kernel[(tap + c) * filters + (o % filters)]!;
              } else
                for (let c = 0; c < channels; c++)
                  sum += x[pixel + c]! * kernel[(tap + c) * out + o]!;
            }
          y[at] = activation === 'linear' ? sum : Math.max(0, sum);
          if (activation === 'relu6') y[at] = Math.min(6, y[at]!);
        }
  return y;
}

/** Largest difference, as a share of the largest number expected. */
export function worstShare(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    worst = Math.max(worst, Math.abs(got[i]! - expected[i]!));
  }
  return got.length === expected.length ? worst / scale : Infinity;
}
