/** What kernels of class means take and give. */

/** Class sums (Algorithm 1, line 1). */
export type Sums = {
  /** [K·D_0 | K·D_1 | …], exit after exit, each [K, D_j]. */
  readonly sums: Float32Array;
  /** Images of each class [K]. */
  readonly counts: Uint32Array;
};

export type ClassMeans = {
  /** Laid out as the sums. */
  readonly means: Float32Array;
  /** [K]; 0 for a class without a mean. */
  readonly counts: Uint32Array;
};

export type Distances = {
  /** Raw, Euclidean [B, M, K]. */
  readonly distances: Float32Array;
  /** Of the network [B, D_last]. */
  readonly logits: Float32Array;
};
