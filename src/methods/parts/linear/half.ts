/**
 * Features are kept as 16-bit floats: half the memory, 11 significant bits. Like IEEE binary16, but the largest exponent
 * holds numbers too (up to 131,008), and what is smaller than 2⁻¹⁴ is kept as 0: both make reading them back one shift,
 * one mask and one product.
 */

const LARGEST = 131_008;
const SMALLEST = 2 ** -14;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Rounds to nearest, ties to even, into `out` from `at` on.
 * @returns false when some value is not a number or beyond ±131,008; `out` is then not to be used.
 */
export function toHalf(values: Float32Array, out: Uint16Array, at = 0): boolean {
  const raw = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let fits = true;
  for (let i = 0; i < raw.length; i++) {
    const u = raw[i]!;
    const magnitude = u & 0x7fffffff;
    // 2⁻¹⁴ is 0x38800000, 131,008 is 0x47ffe000; NaN and Infinity have larger bits than any number.
    if (magnitude < 0x38800000) out[at + i] = 0;
    else {
      if (magnitude > 0x47ffe000) fits = false;
      out[at + i] =
        ((u >>> 16) & 0x8000) |
        (((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13) & 0x7fff);
    }
  }
  return fits;
}

/** The number that 16 bits stand for. */
export function fromHalf(half: number): number {
  bits[0] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
  return float[0]! * 2 ** 112;
}

/** What happens to a number on its way through `toHalf` and back; NaN where it does not fit. */
export function roundToHalf(value: number): number {
  if (!(Math.abs(value) <= LARGEST)) return NaN;
  if (Math.abs(value) < SMALLEST) return 0;
  const half = new Uint16Array(1);
  toHalf(Float32Array.of(value), half);
  return fromHalf(half[0]!);
}
