/** Memory with the best arithmetic that there is for it. */
import type { Arithmetic } from './arithmetic.ts';
import { plainArithmetic } from './plain.ts';
import { simdArithmetic } from './simd.ts';

/** Most bytes that WebAssembly can address. */
const MOST_BYTES = 2 ** 32 - 65536;

/**
 * @param bytes of memory, all zero at first.
 * @throws RangeError when there is not so much memory.
 */
export function arithmeticOn(bytes: number, prefer: 'simd' | 'plain' = 'simd'): Arithmetic {
  if (bytes > MOST_BYTES) throw new RangeError('More than 4 GiB are asked for.');
  return (prefer === 'simd' ? simdArithmetic(bytes) : null) ?? plainArithmetic(bytes);
}
