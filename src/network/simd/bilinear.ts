/**
 * Convolutions with fewer multiplications than taps: a tile of the input and the kernel are each transformed by
 * additions, multiplied number by number, and the products are added up to a tile of the output (Toom, Cook, Winograd;
 * Lavin & Gray 2016, "Fast algorithms for convolutional neural networks"). In two dimensions rows and columns alike.
 */

type Matrix = readonly (readonly number[])[];

export interface Algorithm {
  readonly name: string;
  /** Outputs of a tile, a side. */
  readonly outputs: number;
  /** Rows and columns of the input that a tile begins before its output. */
  readonly before: number;
  /** [products][inputs of a tile]. */
  readonly input: Matrix;
  /** [products][3 taps]. */
  readonly kernel: Matrix;
  /** [outputs][products]. */
  readonly output: Matrix;
}

/** A map of 2×2 with nothing around it: 9 products where 16 taps count. y₀ = k₁x₀ + k₂x₁, y₁ = k₀x₀ + k₁x₁. */
const PAIR: Algorithm = {
  name: 'Pair',
  outputs: 2,
  before: 0,
  input: [
    [1, 1],
    [0, 1],
    [1, 0],
  ],
  kernel: [
    [0, 1, 0],
    [0, -1, 1],
    [1, -1, 0],
  ],
  output: [
    [1, 1, 0],
    [1, 0, 1],
  ],
};

/** F(2×2, 3×3): 16 products where 36 taps count. Its factors are 1 and ½, so that next to nothing is lost to rounding. */
const TWO: Algorithm = {
  name: 'Two',
  outputs: 2,
  before: 1,
  input: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  kernel: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
};

/**
 * F(4×4, 3×3): 36 products where 144 taps count, by polynomials at 0, ±a, ±b and ∞. At ±1 and ±2, as Lavin & Gray have
 * it, rounding costs ten times what it costs plain sums; at ±5/8 and ±5/4, which float32 holds exactly, four times.
 */
function fourAt(a: number, b: number): Algorithm {
  const [aa, bb] = [a * a, b * b];
  const row = (p: number, others: number) => [0, -p * others, -others, p, 1, 0];
  const taps = (p: number, norm: number) => [1 / norm, p / norm, (p * p) / norm];
  const powers = [0, 1, 2, 3].map((k) => [k === 0 ? 1 : 0, a ** k, (-a) ** k, b ** k, (-b) ** k]);
  return {
    name: 'Four',
    outputs: 4,
    before: 1,
    input: [
      [aa * bb, 0, -(aa + bb), 0, 1, 0],
      row(a, bb),
      row(-a, bb),
      row(b, aa),
      row(-b, aa),
      [0, aa * bb, 0, -(aa + bb), 0, 1],
    ],
    kernel: [
      [1 / (aa * bb), 0, 0],
      taps(a, 2 * aa * (aa - bb)),
      taps(-a, 2 * aa * (aa - bb)),
      taps(b, 2 * bb * (bb - aa)),
      taps(-b, 2 * bb * (bb - aa)),
      [0, 0, 1],
    ],
    output: powers.map((powersOfK, k) => [...powersOfK, k === 3 ? 1 : 0]),
  };
}

const FOUR = fourAt(5 / 8, 5 / 4);

export const ALGORITHMS = [PAIR, TWO, FOUR] as const;

/** The algorithm for a 3×3 convolution that keeps its map; null where plain sums are as good. */
export function algorithmFor(height: number, width: number): Algorithm | null {
  if (height === 2 && width === 2) return PAIR;
  if (height % 4 === 0 && width % 4 === 0) return FOUR;
  if (height % 2 === 0 && width % 2 === 0) return TWO;
  return null;
}

/** G·g·Gᵀ for every pair of channels: [product, product][in][out] from [3][3][in][out], in double precision. */
export function transformKernel(
  { kernel: rows }: Algorithm,
  kernel: Float32Array,
  pairs: number,
): Float64Array {
  const side = rows.length;
  const out = new Float64Array(side * side * pairs);
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++)
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 3; x++) {
          const factor = rows[i]![y]! * rows[j]![x]!;
          if (factor === 0) continue;
          const to = (i * side + j) * pairs;
          const from = (y * 3 + x) * pairs;
          for (let c = 0; c < pairs; c++) out[to + c] = out[to + c]! + factor * kernel[from + c]!;
        }
  return out;
}
