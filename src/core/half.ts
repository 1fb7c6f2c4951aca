/** IEEE 754 binary16, as scores are kept: 11 significant bits, up to ±65,504. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The greatest finite one. */
export const GREATEST_HALF = 65_504;

/** Its 16 bits, rounded to the nearest, ties to even; what is too large becomes infinite. */
export function toHalf(value: number): number {
  float[0] = value;
  const raw = bits[0]!;
  const sign = (raw >>> 16) & 0x8000;
  const magnitude = raw & 0x7fffffff;
  // Of the float32 numbers, 65,520 is 0x477ff000, infinity 0x7f800000, 2⁻¹⁴ 0x38800000.
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Adding 2⁵² leaves no room for digits after the point.
  if (magnitude < 0x38800000) return sign | (Math.abs(float[0]) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

let table: Float32Array | null = null;

/** The numbers that all 65,536 of them stand for, by their bits. */
export function halves(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => fromHalf(half));
  return table;
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
