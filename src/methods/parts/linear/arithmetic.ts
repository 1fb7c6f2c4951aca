/**
 * The arithmetic of a linear classifier's training on one block of memory: four rows of a batch at a time, classes in
 * groups of four. In WebAssembly SIMD where there is one, else in plain TypeScript; both compute the same sums in the
 * same order but for the width of an addition.
 *
 * Addresses and strides are in bytes, counts in numbers; row lengths are multiples of four.
 */
export interface Arithmetic {
  readonly memory: ArrayBuffer;
  /** to[i] = half from[i], as a float. */
  expand(from: number, to: number, count: number): void;
  /** difference = max − avg and mixed = avg + α·difference, of halves. */
  mix(
    max: number,
    avg: number,
    mixed: number,
    difference: number,
    count: number,
    alpha: number,
  ): void;
  /** z[r, k] = Σ_d x[r, d]·w[d, k] for 4 rows and 4·`groups` classes, `groups` ≤ 3. */
  forward(groups: number, block: Block, w: number, wStride: number): void;
  /** g[d, k] += Σ_r x[r, d]·z[r, k] for 4 rows and 4·`groups` classes, `groups` ≤ 3. */
  backward(groups: number, block: Block, g: number, gStride: number): void;
  /**
   * One Adam step over `count` weights (Kingma & Ba 2015, as PyTorch orders it), which also clears the gradient:
   * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·m / (√v·scale + ε).
   */
  adam(address: AdamAddresses, count: number, rate: number, scale: number): void;
}

/** Four rows of features x and four rows of class values z. */
export interface Block {
  readonly x: number;
  readonly xStride: number;
  readonly z: number;
  readonly zStride: number;
  /** Features of a row. */
  readonly count: number;
}

export interface AdamAddresses {
  readonly w: number;
  readonly m: number;
  readonly v: number;
  readonly g: number;
}

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;
