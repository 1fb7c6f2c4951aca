/** The arithmetic in TypeScript, for where there is no WebAssembly SIMD; see `arithmetic.ts`. */
import { BETA1, BETA2, EPSILON, type Arithmetic, type Block } from './arithmetic.ts';
import { fromHalf } from './half.ts';

/** @throws RangeError when there is not so much memory. */
export function plainArithmetic(bytes: number): Arithmetic {
  const memory = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
  const float = new Float32Array(memory);
  const half = new Uint16Array(memory);

  const each = (
    groups: number,
    { x, xStride, z, zStride, count }: Block,
    table: number,
    stride: number,
    visit: (x: number, z: number, table: number) => void,
  ) => {
    for (let r = 0; r < 4; r++)
      for (let d = 0; d < count; d++)
        for (let k = 0; k < 4 * groups; k++)
          visit((x + r * xStride) / 4 + d, (z + r * zStride) / 4 + k, (table + d * stride) / 4 + k);
  };

  return {
    memory,
    expand: (from, to, count) => {
      for (let i = 0; i < count; i++) float[to / 4 + i] = fromHalf(half[from / 2 + i]!);
    },
    mix: (max, avg, mixed, difference, count, alpha) => {
      for (let i = 0; i < count; i++) {
        const average = fromHalf(half[avg / 2 + i]!);
        const apart = Math.fround(fromHalf(half[max / 2 + i]!) - average);
        float[difference / 4 + i] = apart;
        float[mixed / 4 + i] = average + Math.fround(alpha) * apart;
      }
    },
    forward: (groups, block, w, wStride) => {
      for (let r = 0; r < 4; r++)
        float.fill(
          0,
          (block.z + r * block.zStride) / 4,
          (block.z + r * block.zStride) / 4 + 4 * groups,
        );
      each(groups, block, w, wStride, (xi, zi, wi) => (float[zi]! += float[xi]! * float[wi]!));
    },
    backward: (groups, block, g, gStride) =>
      each(groups, block, g, gStride, (xi, zi, gi) => (float[gi]! += float[xi]! * float[zi]!)),
    adam: ({ w, m, v, g }, count, rate, scale) => {
      for (let i = 0; i < count; i++) {
        const gradient = float[g / 4 + i]!;
        const first = (float[m / 4 + i] = BETA1 * float[m / 4 + i]! + (1 - BETA1) * gradient);
        const second = (float[v / 4 + i] =
          BETA2 * float[v / 4 + i]! + (1 - BETA2) * gradient * gradient);
        float[w / 4 + i]! -= (rate * first) / (Math.sqrt(second) * scale + EPSILON);
        float[g / 4 + i] = 0;
      }
    },
  };
}
